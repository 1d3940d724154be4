import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toPem } from '@mandate/evidence';
import { readTimestampRoots } from './trust-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'mandate-trust-'));
const root = (n: number): Uint8Array => Uint8Array.of(0x30, 1, n);
beforeAll(() => {
  mkdirSync(join(folder, 'timestamp'));
  const write = (name: string, ...roots: Uint8Array[]): void =>
    writeFileSync(
      join(folder, 'timestamp', name),
      roots.map((der) => toPem('CERTIFICATE', der)).join(''),
    );
  write('root.pem', root(1), root(2));
  write('one.pem', root(3));
  write('two.pem', root(4), root(5));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('an authority has the roots named after it, and no other has them', async () => {
  const roots = await readTimestampRoots(folder, ['one', 'built-in', 'two']);
  expect(roots.get('one')).toEqual([root(3)]);
  expect(roots.get('two')).toEqual([root(4), root(5)]);
  expect(roots.get('built-in')).toEqual([root(1), root(2)]);
});

test('roots named after an authority that is not configured are common ones', async () => {
  const roots = await readTimestampRoots(folder, ['one', '../one', 'x']);
  const common = [root(1), root(2), root(4), root(5)];
  expect(roots.get('x')).toEqual(common);
  expect(roots.get('../one')).toEqual(common);
});
