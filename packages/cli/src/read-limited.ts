import { open } from 'node:fs/promises';
import { UsageError } from './command.js';

/**
 * A whole file of at most `limit` bytes, never more than that in memory whatever stands there (a device has no size).
 * Resolves to null when there is none. Throws `UsageError` when it is larger.
 */
export async function readLimited(path: string, limit: number): Promise<Uint8Array | null> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!file) return null;
  return gather(file.createReadStream({ end: limit }), path, limit);
}

/** Pieces of bytes put together; what comes behind `limit` is not waited for. Throws `UsageError` when there is more. */
export async function gather(
  source: AsyncIterable<Uint8Array>,
  name: string,
  limit: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  // leaving the loop closes what is read from
  for await (const piece of source) {
    length += piece.length;
    if (length > limit) throw new UsageError(`${name} is larger than ${limit} bytes`);
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces, length));
}
