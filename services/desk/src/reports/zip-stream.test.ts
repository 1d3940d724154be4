import { expect, test } from '@jest/globals';
import { concat, systemRandom } from '@mandate/core';
import { crc32, readZip, writeZip } from '@mandate/evidence';
import { zipLength, zipStream, type StreamedEntry } from './zip-stream.js';

const FILES = [
  ['index.zh.pdf', systemRandom.bytes(700)],
  ['M20261122-AAAA/report.json', systemRandom.bytes(1)],
  ['M20261122-BBBB/report.json', systemRandom.bytes(3000)],
] as const;
const asked: string[] = [];
const entries: StreamedEntry[] = FILES.map(([name, bytes]) => ({
  ...{ name, size: bytes.length, crc: crc32(bytes) },
  bytes: async () => {
    asked.push(name);
    return bytes;
  },
}));
async function collected(from?: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of zipStream(entries, from)) pieces.push(piece);
  return concat(...pieces);
}

test('the file is what the bundles’ own writer would make, of the length that was told before', async () => {
  const whole = await collected();
  expect(Buffer.from(whole).equals(writeZip(FILES))).toBe(true);
  expect(zipLength(entries)).toBe(whole.length);
  expect(readZip(whole).map(([name]) => name)).toEqual(FILES.map(([name]) => name));
});

test('from any byte on it is the rest, and what lies before is not asked for', async () => {
  const whole = await collected();
  for (const from of [1, 41, 42, 43, 742, 780, 800, 860, whole.length - 30, whole.length - 1]) {
    const rest = await collected(from);
    expect([from, Buffer.compare(rest, whole.subarray(from))]).toEqual([from, 0]);
  }
  asked.length = 0;
  await collected(whole.length - 400);
  expect(asked).toEqual(['M20261122-BBBB/report.json']);
});

test('what a verifier of filings would not take is refused before a byte is sent', () => {
  const most = 0x7fffffff - 22 - 78;
  const huge = { name: 'a', size: most + 1, crc: 0, bytes: async () => new Uint8Array() };
  const many = Array.from({ length: 20_001 }, () => ({ ...huge, size: 0 }));
  for (const refused of [[huge], [huge, { ...huge, name: 'b' }], many])
    expect(() => zipLength(refused)).toThrow(expect.objectContaining({ code: 'budget-exceeded' }));
  expect(zipLength([{ ...huge, size: most }])).toBe(0x7fffffff);
  expect(zipLength(many.slice(1))).toBe(22 + 78 * 20_000);
});
