import { beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex, utf8 } from '@mandate/core';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { makeAuthority } from '../../../test/kit/authority.js';
import { buildBundle } from '../../../test/kit/build-bundle.js';
import { stampCopy, type CopyMarks } from './stamp-copy.js';

const MARKS: CopyMarks = {
  reader: '欧阳慎之',
  at: new Date('2026-11-22T16:04:59Z'),
  caseNumber: 'C-2026-000123',
  access: 'acc_019a1111-2222-7333-8444-555566667777',
  language: 'zh',
};
const folder = mkdtempSync(join(tmpdir(), 'copy-'));
const squeeze = (text: string): string => text.replace(/\s+/gu, '');
const tool = (name: string, ...args: string[]): string =>
  execFileSync(name, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
const pagesOf = (bytes: Uint8Array, name: string): string[] => {
  const file = join(folder, `${name}.pdf`);
  writeFileSync(file, bytes);
  expect(tool('qpdf', '--check', file)).toMatch(/No syntax or stream encoding errors/);
  return tool('pdftotext', '-raw', file, '-').split('\f').slice(0, -1).map(squeeze);
};

let letter: Uint8Array;
beforeAll(async () => {
  const { bundle } = await buildBundle(makeAuthority());
  letter = partOf(readBundle(bundle), PART.signedLetter);
});

test.each([
  ['zh', '查阅用副本，不是证据原件', '2026-11-2300:04UTC+8'],
  ['en', 'Copyforviewing,nottheevidence', '2026-11-2300:04UTC+8'],
] as const)(
  'every page says who, when, which case, and what it is not: %s',
  async (language, not, when) => {
    const before = sha256Hex(letter);
    const copy = await stampCopy(letter, { ...MARKS, language });
    expect(sha256Hex(letter)).toBe(before);
    const [original, stamped] = [pagesOf(letter, 'original'), pagesOf(copy, language)];
    expect(stamped.length).toBe(original.length);
    expect(original.join('')).not.toContain(not);
    for (const [i, page] of stamped.entries()) {
      for (const mark of [not, when, MARKS.reader, MARKS.caseNumber, MARKS.access])
        expect(page).toContain(mark);
      // across the page as well as along its edges
      expect(page.split(MARKS.caseNumber).length).toBeGreaterThan(4);
      expect(page).toContain(original[i]!.slice(0, 40));
    }
  },
);

test('nothing to take for the original: no signature, no attachment, none of its bytes', async () => {
  const copy = await stampCopy(letter, MARKS);
  const file = join(folder, 'bare.pdf');
  writeFileSync(file, copy);
  expect(tool('pdfdetach', '-list', file)).toMatch(/^0 embedded files/);
  const text = Buffer.from(copy).toString('latin1');
  for (const word of ['/ByteRange', '/AcroForm', '/Annots', '/EmbeddedFile', '/FT /Sig'])
    expect(text).not.toContain(word);
});

test('a name the font cannot draw stands as code points; what is no PDF is refused', async () => {
  const copy = await stampCopy(letter, { ...MARKS, reader: '王\u{1F600}' });
  expect(pagesOf(copy, 'odd')[0]).toContain('王<U+1F600>');
  await expect(stampCopy(utf8('not a PDF'), MARKS)).rejects.toMatchObject({
    code: 'invalid-request',
  });
});
