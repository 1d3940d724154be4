import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FILE_LIMITS, readInput, readLimited, readTextInput } from './read-limited.js';
import { runCommand } from './run-command.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'mandate-files-'))));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file is read up to its limit and no further; one without a size or an end neither', () => {
  const path = join(folder, 'ten');
  writeFileSync(path, '0123456789');
  expect(Buffer.from(readInput(path, 10)).toString()).toBe('0123456789');
  expect(() => readInput(path, 9)).toThrow('larger than 9 bytes');
  expect(() => readInput('/dev/zero', 3_000_000)).toThrow('larger than 3000000 bytes');
  expect(readLimited(join(folder, 'none'), 9)).toBeNull();
  expect(() => readInput(join(folder, 'none'))).toThrow('cannot read');
  expect(() => readInput(folder)).toThrow('cannot read');
  writeFileSync(path, Uint8Array.of(0xff));
  expect(() => readTextInput(path)).toThrow('as UTF-8 text');
});

test('commands that read files: wrong usage above their limit', async () => {
  const large = join(folder, 'large');
  writeFileSync(large, '');
  truncateSync(large, FILE_LIMITS.small + 1);
  const key = join(folder, 'key.pem');
  writeFileSync(key, '');
  for (const args of [
    ['verify', key, '--trust', large],
    ['lint', large],
    ['sms-texts', large, '--institution', 'x', '--url', 'https://x.example'],
    ['ledger', 'fsck', folder, '--trust', large],
    ['institution', 'logo', 'ins_x', large],
  ]) {
    const err: string[] = [];
    const code = await runCommand(args, {
      out: () => undefined,
      err: (line) => void err.push(line),
      clock: { now: () => new Date('2026-11-22T04:00:00Z') },
    });
    expect([args[0], code, err[0]]).toEqual([
      ...[args[0], 3],
      `mandate: ${large} is larger than ${FILE_LIMITS.small} bytes`,
    ]);
  }
});
