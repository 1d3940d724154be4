import type { Readable, Writable } from 'node:stream';

/**
 * Messages between the desk and the child that draws reports: four bytes length, that much JSON with the lengths of
 * the files that follow, the files.
 */
export interface Frame<T> {
  readonly head: T;
  readonly files: readonly Uint8Array[];
}
export interface ReadFrame<T> extends Frame<T> {
  /** Bytes that came behind it already: of what nobody has asked for, where answers follow questions. */
  readonly behind: number;
}

export function writeFrame<T>(to: Writable, { head, files }: Frame<T>): void {
  const json = Buffer.from(JSON.stringify({ head, sizes: files.map(({ length }) => length) }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  to.write(Buffer.concat([length, json, ...files]));
}

/** Frames as they come. Throws on one of more than `most` bytes in all of its parts; ends with the stream. */
export async function* readFrames<T>(from: Readable, most: number): AsyncGenerator<ReadFrame<T>> {
  let held: Buffer[] = [];
  let size = 0;
  const source = from[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const take = async (count: number): Promise<Buffer | null> => {
    while (size < count) {
      const { done, value } = await source.next();
      if (done) return null;
      held.push(value);
      size += value.length;
    }
    const all = held.length === 1 ? held[0]! : Buffer.concat(held);
    held = [all.subarray(count)];
    size -= count;
    return all.subarray(0, count);
  };
  for (;;) {
    const length = await take(4);
    if (!length) return;
    const left = bounded(most, [length.readUInt32BE()]);
    const json = await take(length.readUInt32BE());
    if (!json) return;
    const { head, sizes } = JSON.parse(json.toString('utf8')) as { head: T; sizes: number[] };
    bounded(left, sizes);
    const files: Uint8Array[] = [];
    for (const count of sizes) {
      const file = await take(count);
      if (!file) return;
      // A copy: the rest of the chunk is the next frame's.
      files.push(new Uint8Array(file));
    }
    yield { head, files, behind: size };
  }
}

/** What is left of `most` bytes after parts of these sizes. */
function bounded(most: number, sizes: readonly number[]): number {
  let left = most;
  for (const size of sizes) {
    if (!Number.isSafeInteger(size) || size < 0 || size > left)
      throw new Error('a frame is too large');
    left -= size;
  }
  return left;
}
