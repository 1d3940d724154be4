import { DomainError, fromBase64, toBase64 } from '@mandate/core';
import { parseNote } from './note.js';

/** A tree head (C2SP tlog-checkpoint, no extension lines). */
export interface Checkpoint {
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** RFC 6962 root, 32 bytes. */
  readonly root: Uint8Array;
}

/** Note text of a checkpoint: origin, size, root, a line each. Throws `format-ledger`. */
export function checkpointBody({ origin, size, root }: Checkpoint): string {
  if (origin === '' || /[\s+\p{Cc}]/u.test(origin)) throw bad('origin is empty or has spaces');
  if (!Number.isSafeInteger(size) || size < 0) throw bad('size is not a natural number');
  if (root.length !== 32) throw bad('root has not 32 bytes');
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** Parses a note's text; only the exact spelling of `checkpointBody` is accepted. Throws `format-ledger`. */
export function parseCheckpoint(text: string): Checkpoint {
  const match = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text);
  if (!match) throw bad('not a checkpoint');
  let root: Uint8Array;
  try {
    root = fromBase64(match[3]!);
  } catch (cause) {
    throw new DomainError('format-ledger', 'root is not base64', { cause });
  }
  const checkpoint = { origin: match[1]!, size: Number(match[2]), root };
  if (checkpointBody(checkpoint) !== text) throw bad('not a canonical checkpoint');
  return checkpoint;
}

/** The head a signed note states, its signatures unchecked. Throws `format-ledger`. */
export const readCheckpoint = (note: string): Checkpoint => parseCheckpoint(parseNote(note).text);

const bad = (detail: string): DomainError => new DomainError('format-ledger', detail);
