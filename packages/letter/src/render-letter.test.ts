import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import {
  buildTerms,
  creditReportTemplate,
  letterContent,
  printedTexts,
  templateDigest,
  termsText,
  type Terms,
} from '@mandate/terms';
import { readGray } from './gray-map.fixture.js';
import { renderLetter, SIGNATURE_FIELD, TERMS_FILE } from './index.js';

const sample = (language: 'zh' | 'en', over: Partial<Terms> = {}): Terms => ({
  ...buildTerms({
    template: {
      id: 'tpl_1',
      version: 1,
      digest: templateDigest(creditReportTemplate),
      body: creditReportTemplate,
    },
    institution: {
      name: '禾穗消费金融有限公司',
      creditCode: '91440300MA5EXAMP1F',
      contact: '400-000-0000',
      complaints: '400-000-0001',
    },
    request: {
      template: 'credit-report',
      businessReference: 'LN-20261121-000123',
      language,
      subject: {
        name: '张䶮',
        idType: 'cn-resident-id',
        idNumber: '110105199003072936',
        phone: '13800001234',
      },
      end: { kind: 'date', at: '2026-12-21T15:59:59Z' },
    },
    drawn: {
      salt: new Uint8Array(32).fill(9),
      letterNumber: 'M20261121-7F3K9Q2M',
      lookupCode: 'ABCD-EFGH-JKLM-NPQR',
      verifyUrl: 'https://mandate.example/verify',
    },
    now: new Date('2026-11-21T09:30:00Z'),
  }),
  ...over,
});

const folder = mkdtempSync(join(tmpdir(), 'letter-'));
const titles = creditReportTemplate.title;
const squeeze = (text: string): string => text.replace(/\s+/gu, '');
const tool = (name: string, ...args: string[]): string =>
  execFileSync(name, args, { encoding: 'utf8', maxBuffer: 1 << 26 });

const files: Record<'zh' | 'en', string> = { zh: '', en: '' };
beforeAll(async () => {
  for (const language of ['zh', 'en'] as const) {
    files[language] = join(folder, `${language}.pdf`);
    writeFileSync(files[language], await renderLetter(sample(language), titles[language]));
  }
}, 30_000);

test('same terms, same bytes; another salt, other bytes', async () => {
  const bytes = await renderLetter(sample('zh'), titles.zh);
  expect(Buffer.from(bytes).equals(readFileSync(files.zh))).toBe(true);
  const salted = await renderLetter(sample('zh', { salt: 'A'.repeat(43) }), titles.zh);
  expect(Buffer.from(bytes).equals(salted)).toBe(false);
});

test.each(['zh', 'en'] as const)('qpdf finds nothing to complain about (%s)', (language) => {
  expect(tool('qpdf', '--check', files[language])).toMatch(/No syntax or stream encoding errors/);
});

test.each(['zh', 'en'] as const)(
  'every text of the letter stands on one page, in reading order (%s)',
  (language) => {
    const all = squeeze(tool('pdftotext', '-raw', files[language], '-'));
    const pages = tool('pdftotext', '-raw', files[language], '-').split('\f').map(squeeze);
    let from = 0;
    for (const text of printedTexts(letterContent(sample(language), titles[language]))) {
      const wanted = squeeze(text);
      expect(pages.filter((page) => page.includes(wanted))).not.toHaveLength(0);
      const at = all.indexOf(wanted, from);
      expect({ text, found: at >= 0 }).toEqual({ text, found: true });
      from = at + wanted.length;
    }
  },
);

test('characters that share a glyph stay themselves in extracted text', async () => {
  const terms = sample('zh', { businessReference: '金⾦一⼀丨⼁日⽇·㛃' });
  const path = join(folder, 'twins.pdf');
  writeFileSync(path, await renderLetter(terms, titles.zh));
  expect(tool('pdftotext', '-raw', path, '-')).toContain('金⾦一⼀丨⼁日⽇·㛃');
});

test('one empty signature field, the terms associated, one revision with a classic table', () => {
  expect(tool('pdfsig', files.zh)).toContain(`Signature Field Name: ${SIGNATURE_FIELD}`);
  const out = join(folder, TERMS_FILE);
  tool('pdfdetach', '-savefile', TERMS_FILE, '-o', out, files.zh);
  expect(readFileSync(out, 'utf8')).toBe(termsText(sample('zh')));
  const raw = readFileSync(files.zh, 'latin1');
  expect(raw.startsWith('%PDF-1.7\n')).toBe(true);
  expect(raw.match(/\nxref\n/g)).toHaveLength(1);
  expect(raw.match(/%%EOF/g)).toHaveLength(1);
  expect(raw).toContain('<pdfaid:part>3</pdfaid:part>');
  expect(raw).not.toMatch(/\/(?:CreationDate|ModDate) \(D:(?!20261121093000Z)/);
  const catalog = JSON.parse(tool('qpdf', '--json', '--json-key=qpdf', files.zh)).qpdf[1];
  const root = catalog[`obj:${catalog.trailer.value['/Root']}`].value;
  expect(root['/OutputIntents']).toHaveLength(1);
  expect(root['/AF']).toHaveLength(1);
  expect(catalog[`obj:${root['/AF'][0]}`].value['/AFRelationship']).toBe('/Data');
  expect(catalog.trailer.value['/ID']).toHaveLength(2);
});

test('a rare character in the name leaves its own ink on the page', () => {
  // The word's box on the page, in points from the top left.
  const boxes = tool('pdftotext', '-bbox', files.zh, '-');
  const word = /<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">张䶮</.exec(
    boxes,
  );
  const [x0, y0, x1, y1] = word!.slice(1).map(Number) as [number, number, number, number];
  tool('pdftoppm', '-r', '288', '-gray', '-f', '1', '-l', '1', files.zh, join(folder, 'page'));
  const page = readGray(readFileSync(join(folder, 'page-1.pgm')));
  const middle = (x0 + x1) / 2;
  const first = page.dark(4 * x0, 4 * y0, 4 * middle, 4 * y1);
  const rare = page.dark(4 * middle, 4 * y0, 4 * x1, 4 * y1);
  const empty = page.dark(4 * x1 + 8, 4 * y0, 4 * x1 + 8 + 2 * (x1 - x0), 4 * y1);
  expect(empty).toBe(0);
  expect(first).toBeGreaterThan(200);
  // 䶮 has more strokes than 张, an empty box far fewer.
  expect(rare).toBeGreaterThan(0.8 * first);
});

test.each([
  ['𠮷', 'U+20BB7'],
  ['🙂', 'U+1F642'],
])(
  'a name with %s, which the font lacks, is refused by its code point',
  async (character, name) => {
    const terms = sample('zh');
    const odd = { ...terms, subject: { ...terms.subject, name: `张${character}` } };
    await expect(renderLetter(odd, titles.zh)).rejects.toMatchObject({
      code: 'glyph-missing',
      detail: expect.stringContaining(name),
    });
  },
);

test.each([
  ['zh', '借款人信息核对用途说明，', 1],
  ['en', 'A long explanation of the use of data; ', 3],
] as const)(
  'the longest texts a template may have still give a sound letter (%s)',
  async (language, words, factor) => {
    const long = (length: number): string => words.repeat(200).slice(0, length * factor - 1) + 'x';
    const terms = sample(language);
    const full: Terms = {
      ...terms,
      subject: { ...terms.subject, name: 'Wolfeschlegelsteinhausen'.repeat(3).slice(0, 60) },
      businessReference: 'X'.repeat(64),
      verifyUrl: `https://mandate.example/${'v'.repeat(90)}`,
      institution: { ...terms.institution, name: '禾'.repeat(60), contact: 'c'.repeat(120) },
      items: Array.from({ length: 20 }, (_, i) => ({
        code: `item-${i}`,
        name: long(120),
        class: 'sensitive' as const,
        necessary: false,
      })),
      recipients: Array.from({ length: 5 }, () => ({
        name: long(60),
        creditCode: '91440300MA5EXAMP1F',
        purpose: long(120),
      })),
      method: long(600),
      automatedDecision: long(600),
      rights: long(800),
      electronic: long(800),
      clauses: Array.from({ length: 6 }, (_, i) => ({ id: `c-${i}`, text: long(160) })),
    };
    const path = join(folder, `long-${language}.pdf`);
    writeFileSync(path, await renderLetter(full, titles[language]));
    expect(tool('qpdf', '--check', path)).toMatch(/No syntax/);
    const pages = tool('pdftotext', '-raw', path, '-').split('\f').map(squeeze);
    for (const text of printedTexts(letterContent(full, titles[language])))
      expect({ text, found: pages.some((page) => page.includes(squeeze(text))) }).toEqual({
        text,
        found: true,
      });
  },
);
