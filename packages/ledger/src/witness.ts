import { bytesEqual, DomainError, fromBase64, isDomainError, toBase64 } from '@mandate/core';
import { parseCheckpoint, type Checkpoint } from './checkpoint.js';
import { cosignatureLine, cosignatureToSign, parseVkey, verifyNote } from './note.js';
import { EMPTY_ROOT, verifyConsistency } from './tree.js';

/** What a ledger sends a witness (C2SP tlog-witness, `add-checkpoint`). */
export interface AddCheckpoint {
  /** Size the witness cosigned last, as far as the ledger knows. */
  readonly old: number;
  /** Consistency proof from `old` to the checkpoint's size; empty when `old` is 0. */
  readonly proof: readonly Uint8Array[];
  /** The signed note. */
  readonly checkpoint: string;
}

/** More would be a tree of more than 2^63 entries. */
const MAX_PROOF = 63;

export const formatAddCheckpoint = ({ old, proof, checkpoint }: AddCheckpoint): string =>
  `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`;

/** Strict: only what `formatAddCheckpoint` would write. Throws `format-ledger`. */
export function parseAddCheckpoint(text: string): AddCheckpoint {
  const blank = text.indexOf('\n\n');
  if (blank < 0) throw bad('no empty line before the checkpoint');
  const [first = '', ...lines] = text.slice(0, blank).split('\n');
  const old = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
  if (old === undefined) throw bad('no old size');
  if (lines.length > MAX_PROOF) throw bad('the proof has too many hashes');
  const request = {
    old: Number(old),
    proof: lines.map(hashOf),
    checkpoint: text.slice(blank + 2),
  };
  if (formatAddCheckpoint(request) !== text) throw bad('not a canonical request');
  return request;
}

/** What a witness remembers of a ledger: its newest head that it cosigned. */
export type Witnessed = Pick<Checkpoint, 'size' | 'root'>;

export interface WitnessStore {
  /** Null: never cosigned for this origin. */
  latest(origin: string): Promise<Witnessed | null>;
  /**
   * Durably replaces the head of `from` entries (0: none) by `to` and says whether it did: false when the head
   * had another size by then. Comparing and replacing are one act, or a race rolls the ledger back.
   */
  advance(origin: string, from: number, to: Witnessed): Promise<boolean>;
}

export interface Witness {
  /** Schema-less URL by which its cosignatures go. */
  readonly name: string;
  /** Ed25519, SubjectPublicKeyInfo DER; used for nothing but cosignatures. */
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** Verifier keys of the ledgers it looks at. */
  readonly ledgers: readonly string[];
  readonly store: WitnessStore;
  now(): Date;
}

/** HTTP status and body as C2SP tlog-witness asks; a refusal is data. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422;
  readonly body: string;
}

/**
 * Cosigns a checkpoint that extends everything this witness saw of the ledger, and nothing else: whoever shows
 * two histories needs the witness for both, and it keeps one.
 */
export async function cosign(witness: Witness, body: string): Promise<WitnessAnswer> {
  let request: AddCheckpoint;
  let text: string;
  let head: Checkpoint;
  let signers: readonly string[];
  try {
    request = parseAddCheckpoint(body);
    ({ text, signers } = verifyNote(request.checkpoint, witness.ledgers));
    head = parseCheckpoint(text);
  } catch (error) {
    if (!isDomainError(error, 'format-ledger')) throw error;
    return { status: 400, body: `${error.message}\n` };
  }
  const known = witness.ledgers.map(parseVkey);
  if (!known.some(({ name, use }) => use === 'signature' && name === head.origin))
    return { status: 404, body: 'unknown origin\n' };
  if (!signers.includes(head.origin)) return { status: 403, body: 'not signed by its ledger\n' };
  const { old, proof } = request;
  if (old > head.size) return { status: 400, body: 'the old size is larger\n' };

  const latest = (await witness.store.latest(head.origin)) ?? { size: 0, root: EMPTY_ROOT };
  if (latest.size !== old) return conflict(latest);
  if (old === head.size && !bytesEqual(latest.root, head.root)) return conflict(latest);
  const sizes = { from: old, to: head.size };
  const roots = { fromRoot: latest.root, toRoot: head.root };
  if (!verifyConsistency({ ...sizes, ...roots, hashes: proof }))
    return { status: 422, body: 'not consistent with what was cosigned before\n' };

  const next = { size: head.size, root: head.root };
  if (!(await witness.store.advance(head.origin, old, next)))
    return conflict((await witness.store.latest(head.origin)) ?? latest);
  const at = witness.now();
  const signature = await witness.sign(cosignatureToSign(text, at));
  const { name, publicKey } = witness;
  return { status: 200, body: cosignatureLine({ name, publicKey, signature, at }) };
}

const conflict = ({ size }: Witnessed): WitnessAnswer => ({ status: 409, body: `${size}\n` });

function hashOf(line: string): Uint8Array {
  let hash: Uint8Array;
  try {
    hash = fromBase64(line);
  } catch (cause) {
    throw new DomainError('format-ledger', 'not base64', { cause });
  }
  if (hash.length !== 32) throw bad('a proof hash has 32 bytes');
  return hash;
}

const bad = (detail: string): DomainError => new DomainError('format-ledger', detail);
