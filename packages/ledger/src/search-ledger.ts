import { bytesEqual, isDomainError } from '@mandate/core';
import { readStamps, type GetStamp, type JudgeStamp, type StampedHead } from './check-stamps.js';
import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { parseEntry, type LedgerEntry } from './entry.js';
import { verifyNote } from './note.js';
import { parseEntryBundle, type GetTile } from './tile.js';
import { MAX_LEDGER_SIZE, newTiles, TILE_WIDTH, tilePath } from './tile-path.js';
import { Frontier, leafHash } from './tree.js';

/** What is asked of a whole ledger. */
export interface LedgerQuestion {
  /** Of a scene certificate, as entries have it. */
  readonly serial?: string | undefined;
  /** SHA-256 of a letter as shown, hex. */
  readonly letter?: string | undefined;
  /** A size at which the root is wanted: that of a proof's head. */
  readonly size?: number | undefined;
}

export interface FoundEntry {
  readonly index: number;
  /** As it was hashed. */
  readonly bytes: Uint8Array;
  readonly entry: LedgerEntry;
}

/** What a ledger's files say, all of them read and the root recomputed. */
export interface LedgerSearch {
  readonly question: LedgerQuestion;
  /** Null: no checkpoint that could be read. */
  readonly head: Checkpoint | null;
  /** Names of the given keys that signed the head. Without the ledger's own nothing else was read. */
  readonly signers: readonly string[];
  /** Why the files do not hold what the head signs; null: they do. */
  readonly broken: string | null;
  /** Everything recorded under the serial or about the letter, in order. */
  readonly entries: readonly FoundEntry[];
  /** All ends of passkeys. */
  readonly credentialEnds: readonly { readonly credential: string; readonly at: string }[];
  /** All ends of keys, by SHA-256 of the SubjectPublicKeyInfo (hex). */
  readonly keyEnds: readonly { readonly key: string; readonly at: string }[];
  /** Of the tree of `question.size` entries; null when this ledger is shorter. */
  readonly rootAt: Uint8Array | null;
  /** Heads of this very tree whose stamps hold, oldest first; null: nobody judged them. What is wrong with others, `checkLedgerFiles` tells. */
  readonly stamps: readonly StampedHead[] | null;
}

/**
 * Reads every entry of a ledger once, hashes it, and keeps what is about the serial or the letter. Needs the entry
 * bundles alone: the root they give is the one that was signed, or the answer is worth nothing (`broken`). What no
 * given key signed is not read: its size would be anybody's word. A negative result is data.
 */
export async function searchLedger(
  ledger: {
    readonly checkpoint: string;
    readonly vkeys: readonly string[];
    readonly getTile: GetTile;
    readonly stamps?: { readonly getStamp: GetStamp; readonly judge: JudgeStamp } | undefined;
  },
  question: LedgerQuestion,
): Promise<LedgerSearch> {
  const nothing = {
    question,
    entries: [],
    credentialEnds: [],
    keyEnds: [],
    rootAt: null,
    stamps: null,
  };
  const read = readHead(ledger);
  if (!read) return { ...nothing, head: null, signers: [], broken: 'checkpoint' };
  const { head, signers } = read;
  if (!signers.includes(head.origin)) return { ...nothing, head, signers, broken: null };
  if (head.size > MAX_LEDGER_SIZE) return { ...nothing, head, signers, broken: 'checkpoint' };
  const needles = needlesOf(question);
  const entries: FoundEntry[] = [];
  const credentialEnds: { credential: string; at: string }[] = [];
  const keyEnds: { key: string; at: string }[] = [];
  const found = (index: number, bytes: Uint8Array, entry: LedgerEntry) => {
    // a copy, or each entry would keep its whole bundle
    if (isAbout(entry, question)) entries.push({ index, bytes: bytes.slice(), entry });
    if (entry.kind === 'credential-end')
      credentialEnds.push({ credential: entry.credential, at: entry.at });
    if (entry.kind === 'key-event' && entry.event === 'ended')
      keyEnds.push({ key: entry.key, at: entry.at });
  };
  let broken: string | null = null;
  const stamps = ledger.stamps
    ? await readStamps(ledger.stamps, head, ledger.vkeys, () => undefined)
    : null;
  const roots = new Map<number, Uint8Array | null>([
    ...(stamps ?? []).map(({ size }) => [size, null] as const),
    ...(question.size === undefined ? [] : [[question.size, null] as const]),
  ]);
  const frontier = new Frontier();
  for (const tile of newTiles(0, head.size, ['entries'])) {
    const leaves = bundleOf(await ledger.getTile(tile), tile.width);
    if (!leaves) return { ...nothing, head, signers, broken: tilePath(tile) };
    for (const [i, bytes] of leaves.entries()) {
      frontier.append(leafHash(bytes));
      if (roots.has(frontier.size)) roots.set(frontier.size, frontier.root());
      if (!needles.some((needle) => contains(bytes, needle))) continue;
      const index = tile.index * TILE_WIDTH + i;
      const entry = entryOf(bytes);
      if (entry) found(index, bytes, entry);
      else broken ??= `entry ${index}`;
    }
  }
  if (!bytesEqual(frontier.root(), head.root)) broken = 'root';
  const own = (stamps ?? []).filter(({ size, root }) => {
    const actual = roots.get(size);
    return actual && bytesEqual(actual, root);
  });
  return {
    question,
    head,
    signers,
    broken,
    entries,
    credentialEnds,
    keyEnds,
    rootAt: question.size === undefined ? null : (roots.get(question.size) ?? null),
    stamps: stamps && own,
  };
}

function readHead({ checkpoint, vkeys }: { checkpoint: string; vkeys: readonly string[] }) {
  try {
    const { text, signers } = verifyNote(checkpoint, vkeys);
    return { head: parseCheckpoint(text), signers };
  } catch (error) {
    if (!isDomainError(error, 'format-ledger')) throw error;
    return null;
  }
}

function bundleOf(bytes: Uint8Array | null, width: number): Uint8Array[] | null {
  try {
    return bytes && parseEntryBundle(bytes, width);
  } catch (error) {
    if (!isDomainError(error, 'format-ledger')) throw error;
    return null;
  }
}

/** Canonical JSON has one spelling, so an entry that is asked for holds exactly these bytes. */
const needlesOf = ({ serial, letter }: LedgerQuestion): readonly Buffer[] =>
  [
    '"kind":"credential-end"',
    '"event":"ended"',
    ...(serial === undefined ? [] : [`"serial":"${serial}"`]),
    ...(letter === undefined ? [] : [`"letter":"${letter}"`]),
  ].map((text) => Buffer.from(text));

const contains = (bytes: Uint8Array, needle: Buffer): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(needle);

const isAbout = (entry: LedgerEntry, { serial, letter }: LedgerQuestion): boolean =>
  ('serial' in entry && entry.serial === serial) ||
  ('letter' in entry && entry.kind !== 'renewal' && entry.letter === letter);

function entryOf(bytes: Uint8Array): LedgerEntry | null {
  try {
    return parseEntry(bytes);
  } catch (error) {
    if (!isDomainError(error, 'format-ledger')) throw error;
    return null;
  }
}
