import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { bytesOf, makeLetter } from '../test/letter-fixture.js';
import { embeddedFile } from './embedded-file.js';
import { extractText } from './extract-text.js';
import { readPdf } from './read-pdf.js';

const inflate = (zlib: Uint8Array, max: number): Uint8Array =>
  new Uint8Array(inflateSync(zlib, { maxOutputLength: max }));
const refusal = (code: string) => expect.objectContaining({ code });

/** A file of these objects, numbered from 1; the first is the catalogue. */
function pdf(objects: string[]): Uint8Array {
  let text = '%PDF-1.7\n';
  let table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  objects.forEach((body, i) => {
    table += `${String(text.length).padStart(10, '0')} 00000 n \n`;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
  });
  const size = objects.length + 1;
  return bytesOf(
    `${text}${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF`,
  );
}
const stream = (data: string, dict = ''): string =>
  `<< /Length ${data.length} ${dict}>>\nstream\n${data}\nendstream`;

const CMAP = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def
1 begincodespacerange <0000> <ffff> endcodespacerange
3 beginbfchar <0001> <6388> <0002> <d842df9d> <0009> <00660069> endbfchar
2 beginbfrange <0010> <0012> <0041> <0020> <0021> [<4e00> <91d1>] endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end`;

/** One page with fonts F (Type0, the map above) and H (simple), a form X, drawn by `content`. */
function page(content: string, cmap = CMAP, form = ''): Uint8Array {
  return pdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /Font << /F 5 0 R /H 7 0 R /D 9 0 R >> /XObject << /X 8 0 R >> >> >>',
    '<< /Type /Page /Parent 2 0 R /Contents [4 0 R] >>',
    stream(content),
    '<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 6 0 R >>',
    stream(cmap),
    '<< /Type /Font /Subtype /TrueType /Encoding /WinAnsiEncoding >>',
    stream(form, '/Subtype /Form /Matrix [1 0 0 1 0 50] '),
    '<< /Type /Font /Subtype /Type1 /Encoding << /Differences [65 /B] >> >>',
  ]);
}
const textOf = (content: string, cmap?: string, form?: string): string =>
  extractText(readPdf(page(content, cmap, form)))[0]!;

test.each([
  [
    'codes by ToUnicode, ranges, arrays, surrogates, ligatures',
    'BT /F 9 Tf <000100020009001000110012002000210777> Tj ET',
    '授𠮝fiABC一金\ufffd',
  ],
  ['Windows-1252 without a map', 'BT /H 9 Tf (a\\200\\351) Tj ET', 'a€é'],
  ['renamed codes are not guessed', 'BT /D 9 Tf (AB) Tj ET', '\ufffd\ufffd'],
  [
    'a line feed per baseline',
    'BT /H 9 Tf (a) Tj 0 -12 Td (b) Tj 5 0 Td (c) Tj T* (d) Tj ET',
    'a\nbcd',
  ],
  ['TD sets the leading', 'BT /H 9 Tf 0 -12 TD (a) Tj T* (b) Tj (c) \' 1 2 (d) " ET', 'a\nb\nc\nd'],
  ['TL', "BT /H 9 Tf 14 TL (a) Tj (b) ' ET", 'a\nb'],
  ['TJ ignores its numbers', 'BT /H 9 Tf [(a) -250 (b) 30.5 (c)] TJ ET', 'abc'],
  [
    'Tm and a small rise',
    'BT /H 9 Tf 1 0 0 1 9 700 Tm (a) Tj 1 0 0 1 20 700.5 Tm (b) Tj 1 0 0 1 9 650 Tm (c) Tj ET',
    'ab\nc',
  ],
  [
    'cm moves a line, q and Q bring it back',
    'BT /H 9 Tf (a) Tj ET q 1 0 0 1 0 90 cm BT /F 9 Tf <0001> Tj ET Q BT (b) Tj ET',
    'a\n授\nb',
  ],
  ['inline images are skipped', 'BI /W 1 /H 1 ID (Tj xEI EIx \x01 EI BT /H 9 Tf (a) Tj ET', 'a'],
  ['nothing', '', ''],
])('text: %s', (_, content, expected) => {
  expect(textOf(content)).toBe(expected);
});

test('forms drawn by Do are read in place', () => {
  const content = 'BT /H 9 Tf (a) Tj ET /X Do BT (b) Tj ET';
  expect(textOf(content, CMAP, 'BT /H 9 Tf (in) Tj ET')).toBe('a\nin\nb');
});

test.each([
  ['text without a font', 'BT (a) Tj ET'],
  ['an unknown font', 'BT /Z 9 Tf (a) Tj ET'],
  ['an unknown object', '/Z Do'],
  ['Q without q', 'Q'],
  ['missing operands', 'BT /H 9 Tf 1 Td ET'],
  ['operands left over', '1 2'],
  ['an open string', 'BT /H 9 Tf (a Tj'],
  ['an image without end', 'BI ID abc'],
  ['a stray delimiter', ') Tj'],
])('refuses content: %s', (_, content) => {
  expect(() => textOf(content)).toThrow(refusal('format-pdf'));
});

test.each([
  ['a code of five bytes', '1 beginbfchar <0000000001> <0041> endbfchar'],
  ['odd text', '1 beginbfchar <0001> <41> endbfchar'],
  ['text too long', `1 beginbfchar <0001> <${'0041'.repeat(257)}> endbfchar`],
  ['a range backwards', '1 beginbfrange <0005> <0001> <0041> endbfrange'],
  ['a range too wide', '1 beginbfrange <00000000> <ffffffff> <0041> endbfrange'],
  ['an array too short', '1 beginbfrange <0001> <0003> [<0041>] endbfrange'],
])('refuses a ToUnicode map: %s', (_, cmap) => {
  expect(() => textOf('BT /F 9 Tf <0001> Tj ET', cmap)).toThrow(refusal('format-pdf'));
});

test('a form that draws itself and too many mappings run into the budget', () => {
  expect(() => textOf('/X Do', CMAP, '/X Do')).toThrow(refusal('budget-exceeded'));
  const ranges = Array.from({ length: 9 }, () => '<0000> <ffff> <0041>');
  expect(() => textOf('BT /F 9 Tf ET', `${ranges.join(' ')} endbfrange`)).toThrow(
    refusal('budget-exceeded'),
  );
});

test('a large form drawn again and again runs into the budget', () => {
  const form = `% ${'x'.repeat(2_000_000)}`;
  expect(() => textOf('/X Do '.repeat(40), CMAP, form)).toThrow(refusal('budget-exceeded'));
});

test('agrees with pdftotext on a letter', async () => {
  const letter = await makeLetter();
  expect(() => extractText(readPdf(letter))).toThrow(refusal('unsupported-algorithm'));
  const [text, ...more] = extractText(readPdf(letter), { inflate });
  expect(more).toEqual([]);
  const dir = mkdtempSync(join(tmpdir(), 'mandate-pdf-'));
  writeFileSync(join(dir, 'a.pdf'), letter);
  const oracle = execFileSync('pdftotext', ['-raw', join(dir, 'a.pdf'), '-'], { encoding: 'utf8' });
  rmSync(dir, { recursive: true });
  expect(text).toBe(oracle.replace(/\s+$/, ''));
});

/** Catalogue, empty page tree, and a file embedded as `change` has it. */
function attached(change: (objects: string[]) => void): Uint8Array {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(t.json) 3 0 R] >> >> /AF [3 0 R] >>',
    '<< /Type /Pages /Kids [] /Count 0 >>',
    '<< /Type /Filespec /F (t.json) /UF (t.json) /EF << /F 4 0 R /UF 4 0 R >> >>',
    stream('{}', '/Params << /Size 2 >> '),
    '<< /Type /Filespec /F (t.json) /EF << /F 6 0 R >> >>',
    stream('[]'),
  ];
  change(objects);
  return pdf(objects);
}
const swap = (i: number, find: string, replace: string) => (objects: string[]) => {
  if (!objects[i]!.includes(find)) throw new Error(`no ${find}`);
  objects[i] = objects[i]!.replace(find, replace);
};

test('an embedded file is found by name tree and /AF alike', async () => {
  expect(Buffer.from(embeddedFile(readPdf(attached(() => {})), 't.json')).toString()).toBe('{}');
  const kids = swap(0, '/Names [(t.json) 3 0 R]', '/Kids [<< /Names [(t.json) 3 0 R] >>]');
  expect(embeddedFile(readPdf(attached(kids)), 't.json')).toHaveLength(2);
  const letter = readPdf(await makeLetter(), { inflate });
  expect(Buffer.from(embeddedFile(letter, 'terms.json')).toString()).toBe(
    '{"format":"mandate-terms/v1"}',
  );
});

test.each<[string, (objects: string[]) => void]>([
  ['no such name', swap(0, '(t.json) 3', '(u.json) 3')],
  ['twice in the name tree', swap(0, '3 0 R]', '3 0 R (t.json) 5 0 R]')],
  ['another one in /AF', swap(0, '/AF [3 0 R]', '/AF [5 0 R]')],
  ['two in /AF', swap(0, '/AF [3 0 R]', '/AF [3 0 R 5 0 R]')],
  ['none in /AF', swap(0, '/AF [3 0 R]', '')],
  ['two names', swap(2, '/UF (t.json)', '/UF (u.json)')],
  ['two files', swap(2, '/UF 4 0 R', '/UF 6 0 R')],
  ['another size', swap(3, '/Size 2', '/Size 3')],
  ['no stream', swap(2, '/F 4 0 R /UF 4 0 R', '/F 2 0 R')],
  [
    'a looping name tree',
    (o) => {
      swap(0, '/EmbeddedFiles << /Names [(t.json) 3 0 R] >>', '/EmbeddedFiles 7 0 R')(o);
      o.push('<< /Names [(t.json) 3 0 R] /Kids [7 0 R] >>');
    },
  ],
])('an embedded file is refused: %s', (_, change) => {
  expect(() => embeddedFile(readPdf(attached(change)), 't.json')).toThrow(refusal('format-pdf'));
});
