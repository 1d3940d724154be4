import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { makeAuthority } from '../kit/authority.js';
import { laterSetting } from './later-cases.js';

/** Tools the README speaks of; where one is missing the test fails, it is never skipped. */
let young: string;
let grown: string;
let commands: string[];

/** Unpacked as the README's first command says, with the roots beside it. */
function unpack(bundle: Uint8Array): string {
  const outside = mkdtempSync(join(tmpdir(), 'readme-'));
  writeFileSync(join(outside, 'evidence.asice'), bundle);
  execFileSync('unzip', ['-q', '-d', 'evidence', 'evidence.asice'], { cwd: outside });
  const folder = join(outside, 'evidence');
  for (const purpose of ['scene', 'seal', 'timestamp'])
    copyFileSync(
      join(folder, `anchors/${purpose}/root-1.pem`),
      join(folder, `${purpose.toUpperCase()}_ROOT.pem`),
    );
  return folder;
}

beforeAll(async () => {
  const setting = await laterSetting(makeAuthority(), makeAuthority());
  young = unpack(setting.made.bundle);
  grown = unpack(await setting.grow());
  const lines = readFileSync(join(grown, 'README.txt'), 'utf8').split('\n');
  commands = lines.slice(lines.findIndex((line) => line.startsWith('unzip ')) + 1).filter(Boolean);
});

const run = (folder: string, command: string): { status: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, text: stdout + stderr };
};
const times = (text: string, found: RegExp): number => [...text.matchAll(found)].length;

/** In the order of the README: how each begins, and what it says of a sound bundle. */
const DUE = {
  digests: ['sed -n', /README\.txt: OK/],
  seal: ['openssl cms', /CAdES Verification successful/],
  pdf: ['pdfsig -nocert', /Signature is Valid/],
  ranges: ['(head', /^$/],
  dump: ['pdfsig -dump', /sig0/],
  signature: ['openssl cms', /CAdES Verification successful/],
  token: ['openssl ts', /Verification: OK/],
  ocsp: ['openssl ocsp', /Response verify OK[\s\S]*good|good[\s\S]*Response verify OK/],
  shown: ['head -c', /^$/],
  digestsOfLetters: ['sha256sum', /letter-signed\.pdf/],
  laterSeals: ['for n', /^$|(?:CAdES Verification successful\n){2}/],
  laterDigests: ['for n', /^$|later\/002\/state\.json: OK/],
  archived: ['for f', /^$|Signature is Valid/],
  entries: ['for f', /"kind":"letter"/],
} as const;
const command = (name: keyof typeof DUE): string => commands[Object.keys(DUE).indexOf(name)]!;

test('every command succeeds as it stands and says what it should, with and without later generations', () => {
  expect(commands.length).toBe(Object.keys(DUE).length);
  for (const folder of [young, grown])
    for (const [i, [start, expected]] of Object.values(DUE).entries()) {
      expect(commands[i]!.startsWith(start)).toBe(true);
      const { status, text } = run(folder, commands[i]!);
      expect([commands[i], status]).toEqual([commands[i], 0]);
      expect(text).toMatch(expected);
      expect(text).not.toMatch(/CHANGED|FAILED|differ/);
    }
  const listed = (folder: string, name: keyof typeof DUE): string =>
    run(folder, command(name)).text;
  expect(times(listed(grown, 'digests'), /: OK/g)).toBe(times(listed(young, 'digests'), /: OK/g));
  // of each later generation: what it adds, and list and seal of the one before
  expect(times(listed(grown, 'laterDigests'), /: OK/g)).toBe(6 + 2 + 6 + 2);
  expect(times(listed(grown, 'laterSeals'), /successful/g)).toBe(2);
  expect(times(listed(grown, 'archived'), /Signature is Valid/g)).toBe(1);
  expect(times(listed(grown, 'entries'), /"kind":/g)).toBe(6);
  for (const name of ['laterSeals', 'laterDigests', 'archived'] as const)
    expect(listed(young, name)).toBe('');
});

test.each([
  ['a receipt', 'later/002/receipts.json', 'laterDigests', /receipts\.json: CHANGED/],
  ['an archived letter', 'later/001/letter-archived.pdf', 'archived', /differ/],
  ['a list of what was added', 'META-INF/ASiCManifest-001.xml', 'laterSeals', /001: FAILED/],
  ['the same, by the next', 'META-INF/ASiCManifest-001.xml', 'laterDigests', /-001\.xml: CHANGED/],
  ['a seal', 'META-INF/signature-001.p7s', 'laterDigests', /signature-001\.p7s: CHANGED/],
  ['the terms', 'authorization/terms.json', 'digests', /terms\.json: CHANGED/],
  ['the letter as shown', 'letter/letter.pdf', 'shown', /differ/],
] as const)('the same commands notice a change: %s', (_, file, name, expected) => {
  const path = join(grown, file);
  const bytes = readFileSync(path);
  const copy = Buffer.from(bytes);
  const place = Math.min(1000, copy.length >> 1);
  copy[place]! ^= 1;
  writeFileSync(path, copy);
  expect(run(grown, command(name)).text).toMatch(expected);
  writeFileSync(path, bytes);
});

test('the same commands notice a changed signature', () => {
  const file = join(young, 'signed-bytes');
  const bytes = readFileSync(file);
  bytes[1000]! ^= 1;
  writeFileSync(file, bytes);
  expect(run(young, command('signature')).status).not.toBe(0);
});
