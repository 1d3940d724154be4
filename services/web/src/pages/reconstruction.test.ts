import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { canonicalBytes, kindDigestHex, sha256Hex, utf8 } from '@mandate/core';
import { PART } from '@mandate/evidence';
import { reconstructPage, type ReconstructionRefusal } from '@mandate/report';
import { verifyFile } from '@mandate/verify';
import { makeAuthority } from '../../../../test/kit/authority.js';
import {
  buildBundle,
  LATER,
  type Changes,
  type TestBundle,
} from '../../../../test/kit/build-bundle.js';
import { choiceTemplate, OPTIONAL_ITEM } from '../../../../test/kit/choice-template.js';
import { keyTerms } from '@mandate/terms';
import * as reconstruction from './reconstruction.js';
import { en } from './words/en.js';
import { reconstructionWordsOf } from './words/reconstruction-words.js';
import { zh } from './words/zh.js';

/** What the subject saw, once more: by the build that the bundle names, or not at all. */

const authority = makeAuthority();
const folder = mkdtempSync(join(tmpdir(), 'mandate-installation-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ASSETS = 'services/web/dist/assets';
const list = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, text]) => ({ path, digest: sha256Hex(utf8(text)) }));
/** An installation as the build leaves it; its module is loaded from the source under test. */
const PAGE_FILES = {
  'manifest.json': JSON.stringify({ 'pages/styles/site.css': { file: 'site-1.css' } }),
  'site-1.css': '.card { padding: 1rem }',
};
const SERVER_FILES = { 'services/web/dist/pages/reconstruction.js': 'export {}' };
const pages = { format: 'mandate-page-build/v1', files: list(PAGE_FILES) };
const page = kindDigestHex('page-build', pages);
const server = {
  ...{ format: 'mandate-server-build/v1', commit: 'c0ffee', lockfile: 'b'.repeat(64), page },
  files: list(SERVER_FILES),
};

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
function install(): void {
  for (const [path, text] of Object.entries(PAGE_FILES)) write(`${ASSETS}/${path}`, text);
  for (const [path, text] of Object.entries(SERVER_FILES)) write(path, text);
  write(`${ASSETS}/build.json`, JSON.stringify(pages));
  write('dist/server-build.json', JSON.stringify(server));
}

/** A bundle made by that build. */
const made = (changes: Changes = {}, named: object | null = {}, language: 'zh' | 'en' = 'zh') =>
  buildBundle(
    authority,
    {
      ...changes,
      presentation: (it) => ({ ...(changes.presentation?.(it) ?? it), pageBuild: page }),
      scene: (it) => ({ ...it, pageBuild: page }),
      bundleParts: (parts) => {
        if (!named) return;
        const { commit, lockfile } = server;
        const build = { commit, lockfile };
        const provenance = {
          format: 'mandate-provenance/v1',
          page: { digest: page, ...build },
          server: { digest: kindDigestHex('server-build', server), ...build },
          ...named,
        };
        parts.set(PART.provenance, canonicalBytes(provenance));
      },
    },
    language,
  );

const loaded: string[] = [];
const reconstruct = (bundle: Uint8Array) =>
  reconstructPage({
    bundle,
    verification: verifyFile(bundle, { anchors: authority.anchors, at: LATER }),
    installation: folder,
    load: async (file) => {
      loaded.push(file);
      return reconstruction;
    },
  });

async function drawn(bundle: Uint8Array): Promise<string> {
  const result = await reconstruct(bundle);
  if ('reason' in result) throw new Error(JSON.stringify(result));
  return result.html;
}

let sound: TestBundle;
beforeAll(async () => {
  sound = await made();
});

const other = 'd'.repeat(64);
test.each<[string, ReconstructionRefusal, () => Promise<Uint8Array>]>([
  ['a letter alone', { reason: 'not-verified' }, async () => sound.signedLetter],
  [
    'a bundle that was changed',
    { reason: 'not-verified' },
    async () => {
      const broken = sound.bundle.slice();
      broken[broken.length - 3000]! ^= 1;
      return broken;
    },
  ],
  [
    'a bundle without builds',
    { reason: 'no-build-named' },
    async () => (await made({}, null)).bundle,
  ],
  [
    'the page was none of this server’s',
    { reason: 'no-build-named' },
    async () => (await made({}, { page: null })).bundle,
  ],
  [
    'another server build',
    {
      ...{ reason: 'other-build', wanted: other },
      found: kindDigestHex('server-build', server),
    },
    async () =>
      (await made({}, { server: { digest: other, commit: 'x', lockfile: other } })).bundle,
  ],
  [
    'a list that names another page',
    { reason: 'other-build', wanted: page, found: kindDigestHex('page-build', { files: [] }) },
    async () => {
      write(`${ASSETS}/build.json`, JSON.stringify({ files: [] }));
      return sound.bundle;
    },
  ],
  [
    'a style sheet somebody touched',
    { reason: 'changed-file', file: `${ASSETS}/site-1.css` },
    async () => {
      write(`${ASSETS}/site-1.css`, '.warning { display: none }');
      return sound.bundle;
    },
  ],
  [
    'words somebody touched',
    { reason: 'changed-file', file: 'services/web/dist/pages/reconstruction.js' },
    async () => {
      write('services/web/dist/pages/reconstruction.js', 'export { other }');
      return sound.bundle;
    },
  ],
  [
    'a file that is gone',
    { reason: 'changed-file', file: `${ASSETS}/site-1.css` },
    async () => {
      rmSync(join(folder, ASSETS, 'site-1.css'));
      return sound.bundle;
    },
  ],
  [
    'no build at all',
    { reason: 'not-installed' },
    async () => {
      rmSync(join(folder, 'dist/server-build.json'));
      return sound.bundle;
    },
  ],
])('%s: refused, and nothing of the folder is run', async (_, refusal, prepare) => {
  install();
  loaded.length = 0;
  expect(await reconstruct(await prepare())).toEqual(refusal);
  expect(loaded).toEqual([]);
});

/** Text as it is read: without tags and the style sheet, its spaces one. */
const textOf = (html: string): string =>
  html
    .replace(/<style>[^]*<\/style>/, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/&#39;/g, "'")
    .replaceAll(/\s+/g, ' ');

test('every screen, its words and the label', async () => {
  install();
  const html = await drawn(sound.bundle);
  const text = textOf(html);
  const said = reconstructionWordsOf('zh');
  const screens = html.match(/data-screen/g)!.length;
  // gate, terms, letter, clauses, code, done
  expect(screens).toBe(6);
  expect(text.split(said.label).length - 1).toBe(screens + 2);
  const { terms } = sound;
  for (const expected of [
    zh.gate.title,
    zh.terms.title,
    ...keyTerms(terms).map((it) => it.text),
    zh.letter.title,
    ...terms.clauses.map((it) => it.text),
    zh.clauses.agree,
    zh.code.warning,
    zh.code.submitText,
    '【禾穗消费金融】验证码●●●●●●,5分钟内有效',
    zh.done.title,
    '记录：可见 5 秒，打开后 30 秒勾选',
    'c0ffee',
    page,
    sha256Hex(sound.bundle),
    '普通',
    '360 × 740',
    '138****8000',
    said.notes.code,
  ])
    expect(text).toContain(expected);
  expect(html).toContain('.card { padding: 1rem }');
  // it acts on nothing and fetches nothing
  expect(html).not.toMatch(
    /<(?:script|link|img|iframe|form|input|button)|url\(|\son\w+=|javascript:/i,
  );
  expect(html).toContain(`default-src 'none'`);
  expect(loaded.at(-1)).toBe(join(folder, 'services/web/dist/pages/reconstruction.js'));
  expect(await drawn(sound.bundle)).toBe(html);
});

test('choices, large print, another language than the letter’s, and what was never recorded', async () => {
  install();
  const { bundle } = await made(
    {
      template: choiceTemplate,
      measures: ['sms-code', 'passkey'],
      presentation: (it) => ({
        ...it,
        language: 'en',
        largePrint: true,
        alternative: 'pages',
        choices: { items: [OPTIONAL_ITEM], recipients: [] },
        logo: 'a'.repeat(64),
      }),
    },
    {},
    'zh',
  );
  const html = await drawn(bundle);
  const text = textOf(html);
  const { notes } = reconstructionWordsOf('en');
  expect(html).toMatch(/^<!doctype html>\n<html lang="en" class="large-print">/);
  expect(text).toContain(en.terms.title);
  expect(text).toContain('Print large');
  expect(text).toContain(`${en.clauses.recipient('示例担保有限公司')} `);
  expect(text.match(/Recorded: chose “(?:agree|do not agree)”/g)).toEqual([
    'Recorded: chose “do not agree”',
    'Recorded: chose “agree”',
  ]);
  for (const note of [notes.logo('a'.repeat(64)), notes.passkey, notes.original])
    expect(text.replaceAll('’', "'")).toContain(note.replaceAll('’', "'"));
  expect(html).toContain(en.passkey.confirm);
});
