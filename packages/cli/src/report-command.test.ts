import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { canonicalBytes, kindDigestHex, sha256Hex, utf8 } from '@mandate/core';
import { PART } from '@mandate/evidence';
import { makeAuthority } from '../../../test/kit/authority.js';
import { buildBundle, LATER } from '../../../test/kit/build-bundle.js';
import { runCommand } from './index.js';

/** `mandate report page`; renewing is tested through the years (test/integration/longevity). */

const authority = makeAuthority();
const folder = mkdtempSync(join(tmpdir(), 'mandate-report-'));
const path = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const NEARER = 'services/web/node_modules/@mandate';
const DRAWING = 'services/web/dist/pages/reconstruction.js';
const FILES: Readonly<Record<string, string>> = {
  [DRAWING]:
    'export const drawReconstruction = (it, { bundle }) => `${it.letterNumber} ${bundle}`;\n',
  'services/web/dist/assets/manifest.json': '{"pages/styles/site.css":{"file":"site.css"}}',
  'services/web/dist/assets/site.css': 'p {}',
};
const PAGES = { format: 'mandate-page-build/v1', files: [] };
const page = kindDigestHex('page-build', PAGES);
const lockfile = 'b'.repeat(64);
const SERVER = {
  ...{ format: 'mandate-server-build/v1', commit: 'c0ffee', lockfile, page },
  files: Object.entries(FILES).map(([name, text]) => ({
    path: name,
    digest: sha256Hex(utf8(text)),
  })),
};

function write(name: string, bytes: string | Uint8Array): void {
  mkdirSync(dirname(path(name)), { recursive: true });
  writeFileSync(path(name), bytes);
}

let digest: string;
beforeAll(async () => {
  const made = await buildBundle(authority, {
    presentation: (it) => ({ ...it, pageBuild: page }),
    scene: (it) => ({ ...it, pageBuild: page }),
    bundleParts: (parts) => {
      const build = { commit: 'c0ffee', lockfile };
      const provenance = {
        format: 'mandate-provenance/v1',
        page: { digest: page, ...build },
        server: { digest: kindDigestHex('server-build', SERVER), ...build },
      };
      parts.set(PART.provenance, canonicalBytes(provenance));
    },
  });
  write('evidence.asice', made.bundle);
  digest = sha256Hex(made.bundle);
  write('letter.pdf', made.signedLetter);
  const broken = made.bundle.slice();
  broken[broken.length - 3000]! ^= 1;
  write('broken.asice', broken);
  for (const purpose of ['scene', 'seal', 'timestamp'] as const)
    write(`trust/${purpose}/root.crt`, authority.anchors[purpose][0]!);
  write('trust/ledger/key.vkey', `${authority.anchors.ledger[0]}\n`);
});
beforeEach(() => {
  rmSync(path(`installed/${NEARER}`), { recursive: true, force: true });
  for (const [name, text] of Object.entries(FILES)) write(`installed/${name}`, text);
  write('installed/services/web/dist/assets/build.json', JSON.stringify(PAGES));
  write('installed/dist/server-build.json', JSON.stringify(SERVER));
});

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(['report', ...args, '--json'], {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    clock: { now: () => LATER },
  });
  const [told] = [...out, ...err].map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, told };
}
const drawn = (file: string, ...more: string[]) =>
  run('page', path(file), '--trust', path('trust'), '--installation', path('installed'), ...more);

test.each<[string, string[]]>([
  ['no action', []],
  ['another action', ['print', 'a', '--out', 'b']],
  ['no file', ['page', '--out', 'b']],
  ['two files', ['page', 'a', 'b', '--out', 'c']],
  ['no --out', ['page', 'a']],
  ['renewal without an authority', ['renew', 'a', '--out', 'b']],
])('%s: wrong usage', async (_, args) => {
  expect(await run(...args)).toMatchObject({ code: 3, told: { code: 'usage' } });
});

test('a letter, and a place that is taken: wrong usage; nothing is written', async () => {
  write('taken', 'mine');
  expect(await drawn('letter.pdf', '--out', path('a'))).toMatchObject({ code: 3 });
  expect(await drawn('evidence.asice', '--out', path('taken'))).toMatchObject({ code: 3 });
  expect(readFileSync(path('taken'), 'utf8')).toBe('mine');
  expect(existsSync(path('a'))).toBe(false);
});

test.each<[string, () => void, object]>([
  ['broken.asice', () => {}, { reason: 'not-verified' }],
  [
    'evidence.asice',
    () => write(`installed/${DRAWING}`, "throw new Error('run');"),
    { reason: 'changed-file', file: DRAWING },
  ],
  [
    'evidence.asice',
    () => write('installed/dist/server-build.json', JSON.stringify({ ...SERVER, commit: 'x' })),
    { reason: 'other-build', wanted: kindDigestHex('server-build', SERVER) },
  ],
  [
    'evidence.asice',
    () => write(`installed/${NEARER}/core/index.js`, ''),
    { reason: 'changed-file', file: NEARER },
  ],
])('%s: refused with the reason (%#)', async (file, change, told) => {
  change();
  const answer = await drawn(file, '--out', path('never.html'));
  expect(answer).toMatchObject({ code: 1, told: { made: false, ...told } });
  expect(existsSync(path('never.html'))).toBe(false);
});

test('drawn by the installation that the bundle names', async () => {
  const { code, told } = await drawn('evidence.asice', '--out', path('page.html'));
  expect([code, told]).toMatchObject([0, { made: true, indication: 'TOTAL-PASSED' }]);
  expect(readFileSync(path('page.html'), 'utf8')).toBe(`M20261121-7F3K9Q2M ${digest}`);
  expect(told?.['digest']).toBe(sha256Hex(readFileSync(path('page.html'))));
});
