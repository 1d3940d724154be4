import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { concat, isDomainError, utf8, type ErrorCode } from '@mandate/core';
import { crc32, readZip, writeZip, type ZipEntry } from './index.js';

const entries: ZipEntry[] = [
  ['mimetype', utf8('application/x-test')],
  ['a/b.txt', utf8('你好')],
  ['a/c.bin', Uint8Array.from({ length: 1000 }, (_, i) => i % 251)],
  ['empty', new Uint8Array(0)],
];
const good = writeZip(entries);

const codeOf = (run: () => unknown): ErrorCode | null => {
  try {
    run();
    return null;
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
};
const patched = (at: number, ...bytes: number[]): Uint8Array => {
  const copy = good.slice();
  copy.set(bytes, at);
  return copy;
};
/** A minimal ZIP with one entry of any name, as another tool would write it. */
const named = (name: string): Uint8Array => {
  const length = utf8(name).length;
  const zip = writeZip([['x'.repeat(length), utf8('content')]]);
  const text = utf8(name);
  const second = zip.length - 22 - length;
  zip.set(text, 30);
  zip.set(text, second);
  return zip;
};

test('a written file reads back, and unzip agrees', () => {
  expect(readZip(good).map(([n, b]) => [n, [...b]])).toEqual(entries.map(([n, b]) => [n, [...b]]));
  const folder = mkdtempSync(join(tmpdir(), 'zip-'));
  writeFileSync(join(folder, 'x.zip'), good);
  const list = execFileSync('python3', ['-m', 'zipfile', '-e', 'x.zip', 'out'], { cwd: folder });
  expect(list.length).toBe(0);
  expect(readFileSync(join(folder, 'out/a/b.txt'), 'utf8')).toBe('你好');
  expect(readFileSync(join(folder, 'out/a/c.bin')).length).toBe(1000);
});

test('CRC-32 equals that of zlib', () => {
  for (const [, bytes] of entries) expect(crc32(bytes)).toBe(zlibCrc32(bytes));
});

test.each<[string, Uint8Array, ErrorCode]>([
  ['nothing', new Uint8Array(0), 'format-zip'],
  ['no ZIP', utf8('%PDF-1.7 and a good deal of other text'), 'format-zip'],
  ['only the end record', good.slice(-22), 'format-zip'],
  ['a trailing byte', concat(good, Uint8Array.of(0)), 'format-zip'],
  ['a leading byte', concat(Uint8Array.of(0), good), 'format-zip'],
  ['a cut file', good.slice(0, -1), 'format-zip'],
  ['a changed content byte (CRC)', patched(40, 0x41), 'format-zip'],
  ['a size beyond the end', patched(22, 0xff, 0xff, 0xff, 0x7f), 'format-zip'],
  ['a date', patched(12, 0x22), 'format-zip'],
  ['a data descriptor', patched(6, 8), 'format-zip'],
  ['an encrypted entry', patched(6, 1), 'unsupported-algorithm'],
  ['a compressed entry', patched(8, 8), 'unsupported-algorithm'],
  ['two directories', concat(good.slice(0, -22), good.slice(-150)), 'format-zip'],
  ['a path upwards', named('../evil'), 'format-zip'],
  ['a path upwards inside', named('a/../../evil'), 'format-zip'],
  ['an absolute path', named('/etc/evil'), 'format-zip'],
  ['a backslash', named('a\\evil'), 'format-zip'],
  ['a folder entry', named('folder/'), 'format-zip'],
  ['a drive', named('c:evil'), 'format-zip'],
  ['a non-ASCII name', named('é'), 'format-zip'],
])('%s is refused', (_, bytes, code) => {
  expect(codeOf(() => readZip(bytes))).toBe(code);
});

test('repeated names are refused, also in another case', () => {
  for (const name of ['a/b.txt', 'A/B.TXT'])
    expect(codeOf(() => writeZip([...entries, [name, utf8('second')]]))).toBe('format-zip');
});

test('every single changed bit is noticed', () => {
  for (let at = 0; at < good.length; at++)
    expect(codeOf(() => readZip(patched(at, good[at]! ^ (1 << (at % 8)))))).not.toBeNull();
});

test('budgets hold', () => {
  expect(codeOf(() => readZip(new Uint8Array(64 * 1024 * 1024 + 1)))).toBe('budget-exceeded');
  const many = Array.from({ length: 10_001 }, (_, i): ZipEntry => [`f${i}`, new Uint8Array(0)]);
  expect(codeOf(() => writeZip(many))).toBe('budget-exceeded');
});
