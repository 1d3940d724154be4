import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { makeAuthority } from '../kit/authority.js';
import { buildBundle } from '../kit/build-bundle.js';

/** Tools the README speaks of; where one is missing the test fails, it is never skipped. */
let folder: string;
let commands: string[];

beforeAll(async () => {
  const { bundle } = await buildBundle(makeAuthority());
  const outside = mkdtempSync(join(tmpdir(), 'readme-'));
  writeFileSync(join(outside, 'evidence.asice'), bundle);
  execFileSync('unzip', ['-q', '-d', 'evidence', 'evidence.asice'], { cwd: outside });
  folder = join(outside, 'evidence');
  for (const purpose of ['scene', 'seal', 'timestamp'])
    copyFileSync(
      join(folder, `anchors/${purpose}/root-1.pem`),
      join(folder, `${purpose.toUpperCase()}_ROOT.pem`),
    );
  const lines = readFileSync(join(folder, 'README.txt'), 'utf8').split('\n');
  commands = lines.slice(lines.findIndex((line) => line.startsWith('unzip ')) + 1).filter(Boolean);
});

const run = (command: string): { status: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, text: stdout + stderr };
};

test('every command of the README succeeds as it stands and says what it should', () => {
  const due = [
    ['pdfsig -nocert', /Signature is Valid/],
    ['(head', /^$/],
    ['pdfsig -dump', /sig0/],
    ['openssl cms', /CAdES Verification successful/],
    ['openssl ts', /Verification: OK/],
    ['openssl ocsp', /Response verify OK[\s\S]*good|good[\s\S]*Response verify OK/],
    ['openssl cms', /CAdES Verification successful/],
    ['sha256sum', /letter-signed\.pdf/],
  ] as const;
  expect(commands.length).toBe(due.length);
  for (const [i, [start, expected]] of due.entries()) {
    expect(commands[i]!.startsWith(start)).toBe(true);
    const { status, text } = run(commands[i]!);
    expect([commands[i], status]).toEqual([commands[i], 0]);
    expect(text).toMatch(expected);
  }
});

test('the same commands notice a changed letter', () => {
  const file = join(folder, 'signed-bytes');
  const bytes = readFileSync(file);
  bytes[1000]! ^= 1;
  writeFileSync(file, bytes);
  expect(run(commands[3]!).status).not.toBe(0);
});
