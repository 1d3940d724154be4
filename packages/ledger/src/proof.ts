import { DomainError, fromBase64, toBase64 } from '@mandate/core';

/** A self-contained inclusion proof (C2SP tlog-proof). */
export interface LedgerProof {
  /** Zero-based position of the entry. */
  readonly index: number;
  /** From the leaf's sibling to the root's child, 32 bytes each. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
  /** We carry the entry's bytes here; not authenticated by itself, only through its leaf hash. */
  readonly extra?: Uint8Array;
}

const HEADER = 'c2sp.org/tlog-proof@v1';

/** Throws `format-ledger`. */
export function formatProof({ index, hashes, checkpoint, extra }: LedgerProof): string {
  if (!Number.isSafeInteger(index) || index < 0) throw bad('index is not a natural number');
  if (hashes.some((hash) => hash.length !== 32)) throw bad('a proof hash has 32 bytes');
  const lines = [
    HEADER,
    ...(extra ? [`extra ${toBase64(extra)}`] : []),
    `index ${index}`,
    ...hashes.map(toBase64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** Strict: only what `formatProof` would write. Throws `format-ledger`. */
export function parseProof(text: string): LedgerProof {
  if (text.length > 1_000_000) throw bad('proof is too long');
  const blank = text.indexOf('\n\n');
  if (blank < 0) throw bad('proof has no checkpoint');
  const lines = text.slice(0, blank).split('\n');
  if (lines.shift() !== HEADER) throw bad('not a tlog-proof');
  const extra = lines[0]?.startsWith('extra ') ? base64(lines.shift()!.slice(6)) : undefined;
  const index = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1];
  if (index === undefined) throw bad('proof has no index');
  if (lines.length > 64) throw bad('proof has too many hashes');
  const proof: LedgerProof = {
    index: Number(index),
    hashes: lines.map(base64),
    checkpoint: text.slice(blank + 2),
    ...(extra ? { extra } : {}),
  };
  if (formatProof(proof) !== text) throw bad('not a canonical tlog-proof');
  return proof;
}

function base64(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    throw new DomainError('format-ledger', 'not base64', { cause });
  }
}

const bad = (detail: string): DomainError => new DomainError('format-ledger', detail);
