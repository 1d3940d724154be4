import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { bytesOf, latin, makeLetter } from '../test/letter-fixture.js';
import { readPages } from './pages.js';
import { readPdf } from './read-pdf.js';
import { isKind, makeRef } from './values.js';

const inflate = (zlib: Uint8Array, max: number): Uint8Array =>
  new Uint8Array(inflateSync(zlib, { maxOutputLength: max }));
const refusal = (code: string) => expect.objectContaining({ code });

const CATALOG = '<< /Type /Catalog /Pages 2 0 R >>';
const PAGES = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
const PAGE = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>';

/** Objects numbered from 1, a table, a trailer; `edit` changes the finished text. */
function pdf(
  objects: string[],
  edit: (text: string) => string = (t) => t,
  trailer = '',
): Uint8Array {
  let text = '%PDF-1.7\n';
  let table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  objects.forEach((body, i) => {
    table += `${String(text.length).padStart(10, '0')} 00000 n \n`;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
  });
  const end = `${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer}>>\nstartxref\n${text.length}\n%%EOF\n`;
  return bytesOf(edit(text + end));
}
const sound = (...more: string[]): string[] => [CATALOG, PAGES, PAGE, ...more];

/** Appends a revision; `PREV` and `HERE` in the trailer stand for offsets. */
function append(base: Uint8Array, objects: Record<number, string>, trailer: string): Uint8Array {
  let text = latin(base);
  const previous = /startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]!;
  let table = 'xref\n';
  for (const [number, body] of Object.entries(objects)) {
    table += `${number} 1\n${String(text.length).padStart(10, '0')} 00000 n \n`;
    text += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const here = text.length;
  const end = trailer.replace('PREV', previous).replace('HERE', String(here));
  return bytesOf(`${text}${table}trailer\n<< ${end} >>\nstartxref\n${here}\n%%EOF\n`);
}
const objectAt = (bytes: Uint8Array, number: number): unknown =>
  readPdf(bytes, { inflate }).get(makeRef(number, 0));

test.each<[string, Uint8Array]>([
  ['empty', bytesOf('')],
  ['no header at 0', bytesOf(` ${latin(pdf(sound()))}`)],
  ['bytes behind %%EOF', bytesOf(`${latin(pdf(sound()))}x`)],
  [
    'startxref off by one',
    pdf(sound(), (t) => t.replace(/startxref\n(\d+)/, (_, n) => `startxref\n${+n + 1}`)),
  ],
  ['startxref outside', pdf(sound(), (t) => t.replace(/startxref\n\d+/, 'startxref\n99999'))],
  [
    'object offset off by one',
    pdf(sound(), (t) =>
      t
        .replace('%PDF-1.7\n', '%PDF-1.7\n\n')
        .replace(/startxref\n(\d+)/, (_, n) => `startxref\n${+n + 1}`),
    ),
  ],
  [
    'object offset of another object',
    pdf(sound(), (t) => t.replace(/(n \n)(\d{10})/, (_, a) => `${a}0000000009`)),
  ],
  ['entry of 19 bytes', pdf(sound(), (t) => t.replace('n \n', 'n\n'))],
  ['entry in no base ten', pdf(sound(), (t) => t.replace('0000000009', '000000000x'))],
  [
    'object twice in a table',
    pdf(sound(), (t) => t.replace('trailer', `1 1\n0000000009 00000 n \ntrailer`)),
  ],
  ['entry beyond /Size', pdf(sound(), (t) => t.replace('/Size 4', '/Size 3'))],
  ['no /Size', pdf(sound(), (t) => t.replace('/Size 4', ''))],
  ['no /Root', pdf(sound(), (t) => t.replace('/Root 1 0 R', ''))],
  ['/Root is a page', pdf(sound(), (t) => t.replace('/Root 1 0 R', '/Root 3 0 R'))],
  ['hybrid', pdf(sound(), undefined, '/XRefStm 9 ')],
  ['/Prev to itself', append(pdf(sound()), {}, '/Size 4 /Root 1 0 R /Prev HERE')],
  ['/Prev outside', append(pdf(sound()), {}, '/Size 4 /Root 1 0 R /Prev 99999')],
  ['/Prev is a reference', append(pdf(sound()), {}, '/Size 4 /Root 1 0 R /Prev 1 0 R')],
  ['/Prev into the middle', append(pdf(sound()), {}, '/Size 4 /Root 1 0 R /Prev 12')],
  ['duplicate key', pdf([CATALOG.replace('/Pages', '/Type /Catalog /Pages'), PAGES, PAGE])],
  [
    'duplicate key by escape',
    pdf([CATALOG.replace('/Pages', '/T#79pe /Catalog /Pages'), PAGES, PAGE]),
  ],
  ['unterminated catalogue', pdf([CATALOG.replace('>>', ''), PAGES, PAGE])],
])('refuses: %s', (_, bytes) => {
  expect(() => readPdf(bytes)).toThrow(refusal('format-pdf'));
});

test.each<[string, string]>([
  ['no endobj', '<< >> x'],
  ['bad name escape', '<< /A#zz 1 >>'],
  ['bad hexadecimal', '<4x>'],
  ['open string', '(abc'],
  ['number with an exponent', '1e5'],
  ['two signs', '--5'],
  ['length too short', '<< /Length 2 >>\nstream\nabcd\nendstream'],
  ['length too long', '<< /Length 6 >>\nstream\nabcd\nendstream'],
  ['length past the end', '<< /Length 99999 >>\nstream\nabcd\nendstream'],
  ['length of its own', '<< /Length 4 0 R >>\nstream\nabcd\nendstream'],
  ['CR alone after stream', '<< /Length 4 >>\nstream\rabcd\nendstream'],
])('refuses an object: %s', (_, body) => {
  expect(() => objectAt(pdf(sound(body)), 4)).toThrow(refusal('format-pdf'));
});

test('encryption is unsupported, not misread', () => {
  const bytes = pdf(sound(), undefined, '/Encrypt 4 0 R ');
  expect(() => readPdf(bytes)).toThrow(refusal('unsupported-algorithm'));
});

test.each<[string, () => unknown]>([
  ['bytes', () => readPdf(pdf(sound()), { budget: { bytes: 100 } })],
  ['objects', () => readPdf(pdf(sound()), { budget: { objects: 3 } })],
  [
    'revisions',
    () =>
      readPdf(
        [1, 2, 3].reduce((b) => append(b, {}, '/Size 4 /Root 1 0 R /Prev PREV'), pdf(sound())),
        { budget: { revisions: 2 } },
      ),
  ],
  [
    'a count without entries',
    () => readPdf(pdf(sound(), (t) => t.replace('0 4\n', '0 999999999\n'))),
  ],
  ['nesting', () => objectAt(pdf(sound('['.repeat(100_000))), 4)],
  ['nested dictionaries', () => objectAt(pdf(sound('<</A'.repeat(1000))), 4)],
  ['a long token', () => objectAt(pdf(sound(`/${'A'.repeat(5000)}`)), 4)],
])('keeps its budget of %s', (_, act) => {
  expect(act).toThrow(refusal('budget-exceeded'));
});

test('page trees: a loop, a page twice', () => {
  const loop = pdf([CATALOG, PAGES.replace('3 0 R', '2 0 R'), PAGE]);
  const twice = pdf([CATALOG, PAGES.replace('3 0 R', '3 0 R 3 0 R'), PAGE]);
  for (const bytes of [loop, twice])
    expect(() => readPages(readPdf(bytes))).toThrow(refusal('format-pdf'));
});

test('values are read as ISO 32000 says', () => {
  const body = '[(a\\(\\051\\\n(b)\r\n\\7) <48 656> /N#41me -.5 +7 true null % note\n 3 0 R]';
  const value = objectAt(pdf(sound(body)), 4);
  if (!isKind(value as never, 'array')) throw new Error('no array');
  const { items } = value as unknown as { items: { bytes: Uint8Array; value: unknown }[] };
  expect(latin(items[0]!.bytes)).toBe('a()(b)\n\x07');
  expect(latin(items[1]!.bytes)).toBe('He`');
  expect(items.slice(2, 5).map((item) => item.value)).toEqual(['NAme', -0.5, 7]);
  expect(items.slice(5, 7)).toEqual([true, null]);
  expect(items[7]).toEqual(makeRef(3, 0));
});

test('revisions: each answers for itself, generations and freed objects are absent', () => {
  const base = pdf(sound('(old)'));
  const grown = append(base, { 4: '(new)', 5: '(more)' }, '/Size 6 /Root 1 0 R /Prev PREV');
  const file = readPdf(grown);
  expect(file.revisions.map((r) => [r.start, r.end])).toEqual([
    [0, base.length],
    [base.length, grown.length],
  ]);
  const text = (number: number, revision: number): string | null => {
    const value = file.get(makeRef(number, 0), revision);
    return isKind(value, 'string') ? latin(value.bytes) : null;
  };
  expect([text(4, 0), text(4, 1), text(5, 0), text(5, 1)]).toEqual(['old', 'new', null, 'more']);
  expect(file.get(makeRef(4, 1))).toBeNull();
  expect(file.get(makeRef(77, 0))).toBeNull();
});

test('an entry that points into an earlier revision is refused unless it repeats it', () => {
  const base = pdf(sound('(a)', '(b)'));
  const offsets = [...latin(base).matchAll(/(\d) 0 obj/g)].map((m) =>
    String(m.index).padStart(10, '0'),
  );
  const withTable = (table: string): Uint8Array =>
    bytesOf(
      latin(append(base, {}, '/Size 6 /Root 1 0 R /Prev PREV')).replace(
        /xref\ntrailer/,
        `xref\n${table}trailer`,
      ),
    );
  expect(readPdf(withTable(`4 1\n${offsets[3]} 00000 n \n`)).revisions[1]!.objects.size).toBe(0);
  const swapped = bytesOf(
    latin(base)
      .replace('5 0 obj', '4 0 obj')
      .replace(/(\d{10}) 00000 n \n(?=trailer)/, '0000000000 00000 f \n'),
  );
  expect(() => readPdf(swapped)).not.toThrow();
  const game = latin(append(swapped, {}, '/Size 6 /Root 1 0 R /Prev PREV')).replace(
    /xref\ntrailer/,
    `xref\n4 1\n${offsets[4]} 00000 n \ntrailer`,
  );
  expect(() => readPdf(bytesOf(game))).toThrow(refusal('format-pdf'));
});

/** A file whose only section is a cross-reference stream, object 5. */
function streamed(options: {
  rows?: (rows: number[][]) => void;
  dict?: string;
  predictor?: boolean;
  data?: (d: Uint8Array) => Uint8Array;
}): Uint8Array {
  let text = '%PDF-1.7\n';
  const rows: number[][] = [[0, 0, 0, 255]];
  const put = (number: number, body: string): void => {
    rows[number] = [1, text.length >> 8, text.length & 255, 0];
    text += `${number} 0 obj\n${body}\nendobj\n`;
  };
  put(1, CATALOG);
  put(2, PAGES);
  const inner = '3 0 ';
  put(
    4,
    `<< /Type /ObjStm /N 1 /First ${inner.length} /Length ${(inner + PAGE).length} >>\nstream\n${inner}${PAGE}\nendstream`,
  );
  rows[3] = [2, 0, 4, 0];
  rows[5] = [1, text.length >> 8, text.length & 255, 0];
  options.rows?.(rows);
  let flat = rows.flat();
  if (options.predictor)
    flat = rows.flatMap((row, i) => [2, ...row.map((v, k) => (v - (rows[i - 1]?.[k] ?? 0)) & 255)]);
  let data: Uint8Array = new Uint8Array(deflateSync(Uint8Array.from(flat)));
  data = options.data?.(data) ?? data;
  const params = options.predictor ? '/DecodeParms << /Predictor 12 /Columns 4 >> ' : '';
  const here = text.length;
  const dict = options.dict ?? '/W [1 2 1] /Size 6';
  text += `5 0 obj\n<< /Type /XRef /Root 1 0 R ${dict} ${params}/Filter /FlateDecode /Length ${data.length} >>\nstream\n${latin(data)}\nendstream\nendobj\nstartxref\n${here}\n%%EOF`;
  return bytesOf(text);
}

test.each([true, false])('cross-reference and object streams, predictor %s', (predictor) => {
  const file = readPdf(streamed({ predictor }), { inflate });
  expect(readPages(file).map((page) => page.ref.number)).toEqual([3]);
});

test.each<[string, Parameters<typeof streamed>[0]]>([
  ['wrong offset', { rows: (r) => void (r[2]![2]! += 1) }],
  ['unknown type', { rows: (r) => void (r[2]![0] = 3) }],
  ['too few rows', { rows: (r) => void r.pop() }],
  ['bad /W', { dict: '/W [1 2] /Size 6' }],
  ['no /W', { dict: '/Size 6' }],
  ['object twice by /Index', { dict: '/W [1 2 1] /Size 6 /Index [0 5 4 1]' }],
  ['broken zlib', { data: (d) => d.slice(0, -6) }],
  ['packed object in no object stream', { rows: (r) => void (r[3]![2] = 2) }],
  ['packed object in itself', { rows: (r) => void (r[4] = [2, 0, 4, 0]) }],
  ['packed object at another index', { rows: (r) => void (r[3]![3] = 1) }],
])('refuses a cross-reference stream: %s', (_, options) => {
  expect(() => readPages(readPdf(streamed(options), { inflate }))).toThrow(refusal('format-pdf'));
});

test('compressed without an inflate function is unsupported', () => {
  expect(() => readPdf(streamed({}))).toThrow(refusal('unsupported-algorithm'));
});

test('a bomb does not get past the budget', () => {
  const bomb = deflateSync(new Uint8Array(1_000_000));
  const body = `<< /Filter /FlateDecode /Length ${bomb.length} >>\nstream\n${latin(new Uint8Array(bomb))}\nendstream`;
  const file = readPdf(pdf(sound(body)), { inflate, budget: { inflated: 10_000 } });
  const stream = file.get(makeRef(4, 0));
  if (!isKind(stream, 'stream')) throw new Error('no stream');
  expect(() => file.decode(stream)).toThrow(refusal('format-pdf'));
  const careless = readPdf(pdf(sound(body)), {
    inflate: (z) => inflate(z, 1e9),
    budget: { inflated: 10_000 },
  });
  const again = careless.get(makeRef(4, 0));
  expect(() => careless.decode(again as typeof stream)).toThrow(refusal('budget-exceeded'));
});

test('what qpdf writes: linearized, object streams', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'mandate-pdf-'));
  writeFileSync(join(dir, 'a.pdf'), await makeLetter());
  for (const flags of [
    ['--linearize', '--object-streams=disable'],
    ['--linearize', '--object-streams=generate'],
    ['--object-streams=generate'],
  ]) {
    execFileSync('qpdf', [join(dir, 'a.pdf'), ...flags, join(dir, 'b.pdf')]);
    const file = readPdf(new Uint8Array(readFileSync(join(dir, 'b.pdf'))), { inflate });
    expect(file.revisions).toHaveLength(1);
    expect(readPages(file)).toHaveLength(1);
  }
  rmSync(dir, { recursive: true });
});
