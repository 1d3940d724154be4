import { closeSync, openSync, readSync } from 'node:fs';
import { UsageError } from './command.js';

/** Bytes beyond which a command does not read a file: filings; what else is judged or hashed whole; keys, anchors, texts, templates. */
export const FILE_LIMITS = {
  filing: 0x7fffffff,
  document: 256 * 1024 * 1024,
  small: 16 * 1024 * 1024,
} as const;

/** Bytes at most, or how many by how a file begins. */
type Limit = number | ((start: Uint8Array) => number);

const PIECE = 1024 * 1024;

/** A file named on the command line, whole. Throws `UsageError` when it cannot be read or is larger than `limit` bytes. */
export function readInput(path: string, limit: Limit = FILE_LIMITS.small): Uint8Array {
  let bytes: Uint8Array | null;
  try {
    bytes = readLimited(path, limit);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    bytes = null;
  }
  if (!bytes) throw new UsageError(`cannot read ${path}`);
  return bytes;
}

/** The same as text; what is no UTF-8 cannot be read. */
export function readTextInput(path: string): string {
  const bytes = readInput(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`cannot read ${path} as UTF-8 text`);
  }
}

/**
 * A whole file of at most `limit` bytes, hardly more than that in memory whatever stands there (a device has no size).
 * Null when there is none. Throws `UsageError` when it is larger, and what the system says of others.
 */
export function readLimited(path: string, limit: Limit): Uint8Array | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    let gathered: Gathered | undefined;
    for (;;) {
      const piece = new Uint8Array(typeof limit === 'number' ? Math.min(PIECE, limit + 1) : PIECE);
      const read = piece.subarray(0, readSync(file, piece));
      gathered ??= new Gathered(path, typeof limit === 'number' ? limit : limit(read));
      if (read.length === 0) return gathered.bytes();
      gathered.add(read);
    }
  } finally {
    closeSync(file);
  }
}

/** Pieces of bytes put together; what comes behind `limit` is not waited for. Throws `UsageError` when there is more. */
export async function gather(
  source: AsyncIterable<Uint8Array>,
  name: string,
  limit: number,
): Promise<Uint8Array> {
  const gathered = new Gathered(name, limit);
  // leaving the loop closes what is read from
  for await (const piece of source) gathered.add(piece);
  return gathered.bytes();
}

class Gathered {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(
    private readonly name: string,
    private readonly limit: number,
  ) {}

  add(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length > this.limit)
      throw new UsageError(`${this.name} is larger than ${this.limit} bytes`);
    this.#pieces.push(piece);
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }
}
