import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { anchorFiles } from '@mandate/evidence';
import { makeAuthority } from '../../kit/authority.js';
import { buildBundle } from '../../kit/build-bundle.js';
import { makeReceipt } from '../../kit/make-receipt.js';

/** The verifier as an outsider has it: one file, the published anchors, an empty folder, Node and nothing else. */
const SCRIPT = fileURLToPath(new URL('../../../scripts/build-verifier.mjs', import.meta.url));
const AT = ['--at', '2026-11-21T10:00:00Z'];
let folder: string;
let said: string;

function verify(...args: string[]) {
  const node = spawnSync(
    process.execPath,
    ['mandate-verify.mjs', ...args, '--trust', 'anchors', ...AT],
    {
      cwd: folder,
      env: {},
      encoding: 'utf8',
    },
  );
  return { code: node.status, out: node.stdout, err: node.stderr };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outsider-'));
  said = execFileSync(process.execPath, [SCRIPT, folder], { encoding: 'utf8' });
  const authority = makeAuthority();
  const made = await buildBundle(authority);
  const write = (name: string, bytes: Uint8Array | string): void => {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  };
  for (const [name, bytes] of anchorFiles(authority.anchors)) write(`anchors/${name}`, bytes);
  write('letter.pdf', made.signedLetter);
  write('evidence.asice', made.bundle);
  const tampered = made.bundle.slice();
  tampered[Math.floor(tampered.length / 2)]! ^= 1;
  write('tampered.asice', tampered);
  write('use.jws', makeReceipt(authority, made, 'redemption'));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('wrong usage and a file that is none of ours', () => {
  expect(verify().code).toBe(3);
  expect(verify('nowhere.pdf').code).toBe(3);
  expect(verify('mandate-verify.mjs').code).toBe(3);
});

test('a tampered bundle, a letter, a bundle, a receipt beside its letter', () => {
  const [tampered, letter, bundle] = ['tampered.asice', 'letter.pdf', 'evidence.asice'].map((it) =>
    verify(it),
  );
  expect([tampered!.code, tampered!.out.split(' ')[0]]).toEqual([1, 'TOTAL-FAILED']);
  expect([letter!.code, letter!.err]).toEqual([0, '']);
  expect(bundle!.code).toBe(0);
  const receipt = verify('verify', 'use.jws', '--with', 'letter.pdf', '--json');
  expect([receipt.code, JSON.parse(receipt.out).input.kind]).toEqual([0, 'receipt']);
});

test('the digest printed is the file’s', () => {
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, 'mandate-verify.mjs')))
    .digest('hex');
  expect(said).toBe(`${digest}  mandate-verify.mjs\n`);
});
