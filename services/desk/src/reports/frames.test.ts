import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { readFrames, writeFrame, type ReadFrame } from './frames.js';

const frame = (json: string, ...files: string[]): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(json));
  return Buffer.concat([length, ...[json, ...files].map((it) => Buffer.from(it))]);
};
async function read(most: number, ...chunks: Buffer[]): Promise<ReadFrame<string>[]> {
  const seen: ReadFrame<string>[] = [];
  for await (const each of readFrames<string>(Readable.from(chunks), most)) seen.push(each);
  return seen;
}

test('a frame is bounded as a whole, whatever its parts say', async () => {
  const bounded = (sizes: unknown) =>
    expect(read(60, frame(JSON.stringify({ head: '', sizes }), 'x'.repeat(90)))).rejects.toThrow(
      'too large',
    );
  await bounded([20, 20, 20]);
  await bounded([-30, 60]);
  await bounded([0.5]);
  await bounded(['1']);
  await bounded([null]);
  await expect(read(60, frame(`"${'x'.repeat(60)}"`))).rejects.toThrow('too large');
});

test('frames come whole, and what came behind one is told', async () => {
  const written: Buffer[] = [];
  const to = { write: (bytes: Buffer) => written.push(bytes) };
  for (const head of ['one', 'two'])
    writeFrame(to as never, { head, files: [Buffer.from(head), new Uint8Array()] });
  const all = Buffer.concat(written);
  const found = await read(100, all);
  expect(found.map(({ head, behind }) => [head, behind])).toEqual([
    ['one', all.length / 2],
    ['two', 0],
  ]);
  expect(found.map(({ files }) => files.map((it) => Buffer.from(it).toString()))).toEqual([
    ['one', ''],
    ['two', ''],
  ]);
  const split = [...all].map((byte) => Buffer.from([byte]));
  expect((await read(100, ...split)).map(({ behind }) => behind)).toEqual([0, 0]);
  expect(await read(100, all.subarray(0, all.length - 1))).toHaveLength(1);
});
