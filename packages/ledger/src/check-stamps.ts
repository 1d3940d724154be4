import { bytesEqual, fromUtf8, isDomainError } from '@mandate/core';
import type { LedgerProblemCode } from './check-ledger.js';
import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { verifyNote } from './note.js';
import { stampPath, type StampFile } from './stamp-path.js';

/** The bytes of one of a stamp's two files, or null where there is none (yet). */
export type GetStamp = (
  number: number,
  file: StampFile,
) => Uint8Array | null | Promise<Uint8Array | null>;

/** When an authority says it saw these bytes, and who it is; or why the token is not to be believed. */
export type StampJudgement =
  { readonly at: Date; readonly authority: string } | { readonly fault: string };

/** Holds a token against anchors; injected, because tokens are no business of ledgers. */
export type JudgeStamp = (stamped: Uint8Array, token: Uint8Array) => StampJudgement;

/** A head that existed then. */
export interface StampedHead extends Checkpoint {
  readonly number: number;
  readonly at: Date;
  /** Subject of the authority's certificate. */
  readonly authority: string;
}

/** Tokens that do not hold, under heads that do, after which nobody reads on: a daily one for 27 years. */
const MOST_WRONG = 10_000;

type Found = (code: LedgerProblemCode, at: string) => void;

/**
 * Reads the stamps from number 0 until one is missing, or is of a head beyond `head`: that one was stamped after
 * what is looked at was fetched. Each head must be signed and of this ledger, each token must hold, sizes must grow and
 * times must not run backwards. Nothing is read behind a head that is not signed or does not grow, so whoever answers
 * every number with something is not listened to for ever. Whether a head is the ledger's own, only its tree can tell.
 */
export async function readStamps(
  source: { readonly getStamp: GetStamp; readonly judge: JudgeStamp },
  head: Checkpoint,
  vkeys: readonly string[],
  found: Found,
): Promise<StampedHead[]> {
  const stamps: StampedHead[] = [];
  let [size, wrong] = [-1, 0];
  for (let number = 0; wrong < MOST_WRONG; number++) {
    const [note, token] = [
      await source.getStamp(number, 'checkpoint'),
      await source.getStamp(number, 'token'),
    ];
    // the note is written first: without its token it is on its way
    if (!token) break;
    const at = stampPath(number, 'token');
    const checkpoint = note && signedHead(note, vkeys);
    if (!note || !checkpoint || checkpoint.origin !== head.origin) {
      found('stamp-wrong', stampPath(number, 'checkpoint'));
      break;
    }
    if (checkpoint.size > head.size) break;
    if (checkpoint.size <= size) {
      found('stamp-order', at);
      break;
    }
    size = checkpoint.size;
    const judged = source.judge(note, token);
    if ('fault' in judged) {
      found('stamp-wrong', `${at}: ${judged.fault}`);
      wrong++;
      continue;
    }
    const last = stamps.at(-1);
    if (last && judged.at < last.at) found('stamp-order', at);
    stamps.push({ ...checkpoint, ...judged, number });
  }
  return stamps;
}

/** The head of a note that the ledger it names signed, and in which no known key's signature is wrong; else null. */
export function signedHead(note: Uint8Array, vkeys: readonly string[]): Checkpoint | null {
  try {
    const { text, signers, failed } = verifyNote(fromUtf8(note), vkeys);
    const checkpoint = parseCheckpoint(text);
    return signers.includes(checkpoint.origin) && failed.length === 0 ? checkpoint : null;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return null;
  }
}

/** Milliseconds by which clocks of writers, authorities and witnesses may differ, and entries wait for their place. */
export const CLOCK_DISORDER = 600_000;

/** Stamped heads held against the tree and its entries as it is recomputed, entry after entry. */
export class StampTrack {
  #next = 0;

  constructor(
    private readonly stamps: readonly StampedHead[],
    private readonly found: Found,
  ) {}

  /** The entry of that index is about to be added; `madeAt` is what it says, null where it cannot be read. */
  entry(index: number, madeAt: number | null): void {
    const [before, after] = [this.stamps[this.#next - 1], this.stamps[this.#next]];
    if (madeAt === null) return;
    // an authority saw the head with this entry before the entry says it was made
    if (after && madeAt > after.at.getTime() + CLOCK_DISORDER)
      this.found('entry-after-stamp', String(index));
    // it was not there yet when an authority saw the head before it
    if (before && madeAt < before.at.getTime() - CLOCK_DISORDER)
      this.found('entry-before-stamp', String(index));
  }

  /** The tree has that many entries now. */
  grown(size: number, root: () => Uint8Array): void {
    while (this.#next < this.stamps.length && this.stamps[this.#next]!.size <= size) {
      const stamp = this.stamps[this.#next++]!;
      if (stamp.size === size && !bytesEqual(stamp.root, root()))
        this.found('stamp-mismatch', stampPath(stamp.number, 'checkpoint'));
    }
  }
}
