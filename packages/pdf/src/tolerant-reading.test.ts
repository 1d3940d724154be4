import { expect, test } from '@jest/globals';
import { readPdf, type PdfFile } from './read-pdf.js';
import { fromLatin1, isKind, makeRef, type PdfObject } from './values.js';

const read = (text: string): PdfFile => readPdf(fromLatin1(text), { tolerant: true });
const strictly = (text: string): PdfFile => readPdf(fromLatin1(text));

const OBJECTS: Readonly<Record<number, string>> = {
  1: '<</Type /Catalog /Pages 2 0 R>>',
  2: '<</Type /Pages /Kids [] /Count 0>>',
  3: '<</Old true>>',
};

interface Options {
  /** Subtracted from offsets that are written. */
  readonly early?: number;
  readonly entryEnd?: string;
  readonly trailer?: string;
  readonly tail?: string;
}

/** One revision with a classic table over `before`. */
function revision(
  before: string,
  objects: Readonly<Record<number, string>>,
  it: Options = {},
): string {
  const { early = 0, entryEnd = ' \n', trailer = '', tail = '' } = it;
  let text = before;
  let table = before ? '' : `0 1\n0000000000 65535 f${entryEnd}`;
  const offset = (n: number): string => String(n - early).padStart(10, '0');
  if (!before) text = '%PDF-1.5\n';
  for (const [number, body] of Object.entries(objects)) {
    table += `${number} 1\n${offset(text.length)} 00000 n${entryEnd}`;
    text += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const previous = /startxref\n(\d+)\n%%EOF\s*$/.exec(before)?.[1];
  const at = text.length;
  text += `xref\n${table}trailer\n<</Size 40 /Root 1 0 R${previous ? ` /Prev ${previous}` : ''} ${trailer}>>\n`;
  return `${text}startxref\n${at - early}\n%%EOF\n${tail}`;
}

const u = (n: number, bytes: number): string =>
  Array.from({ length: bytes }, (_, i) =>
    String.fromCharCode((n >> (8 * (bytes - 1 - i))) & 255),
  ).join('');

/** An update whose table lists nothing and whose `/XRefStm` lists the objects it writes. */
function hybrid(before: string, objects: Readonly<Record<number, string>>, listed = ''): string {
  let text = before;
  const index: number[] = [];
  let rows = '';
  for (const [number, body] of Object.entries(objects)) {
    index.push(Number(number), 1);
    rows += u(1, 1) + u(text.length, 4) + u(0, 2);
    text += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const stream = text.length;
  text += `30 0 obj\n<</Type /XRef /W [1 4 2] /Size 40 /Root 1 0 R /Index [${index.join(' ')}] /Length ${rows.length}>>\nstream\n${rows}\nendstream\nendobj\n`;
  const previous = /startxref\n(\d+)\n%%EOF\s*$/.exec(before)![1];
  const at = text.length;
  text += `xref\n${listed || '0 0\n'}trailer\n<</Size 40 /Root 1 0 R /Prev ${previous} /XRefStm ${stream}>>\n`;
  return `${text}startxref\n${at}\n%%EOF\n`;
}

const has = (object: PdfObject, key: string): boolean =>
  isKind(object, 'dict') && object.entries.has(key);
const third = (file: PdfFile, at?: number): PdfObject => file.get(makeRef(3, 0), at);
const BASE = revision('', OBJECTS);

test.each<[string, string]>([
  ['offsets that name the line end before', revision('', OBJECTS, { early: 1 })],
  ['entries of 19 bytes', revision('', OBJECTS, { entryEnd: '\n' })],
  ['line ends after the end', revision('', OBJECTS, { tail: '\r\n\n' })],
  ['objects that only a hybrid file’s stream lists', hybrid(BASE, { 9: '<<>>' })],
])('tolerated, but not in our own profile: %s', (_, text) => {
  expect(has(third(read(text)), 'Old')).toBe(true);
  expect(() => strictly(text)).toThrow('format-pdf');
});

test('a null /Encrypt is none', () => {
  expect(has(third(strictly(revision('', OBJECTS, { trailer: '/Encrypt null' }))), 'Old')).toBe(
    true,
  );
  expect(() => read(revision('', OBJECTS, { trailer: '/Encrypt 3 0 R' }))).toThrow(
    'unsupported-algorithm',
  );
});

test.each<[string, string]>([
  ['more than line ends after the end', revision('', OBJECTS, { tail: '\n \n' })],
  ['too many of them', revision('', OBJECTS, { tail: '\n'.repeat(9) })],
  ['offsets further off', revision('', OBJECTS, { early: 5 })],
])('not tolerated: %s', (_, text) => {
  expect(() => third(read(text))).toThrow('format-pdf');
});

test('a hybrid update may replace what it writes itself', () => {
  const file = read(hybrid(BASE, { 3: '<</New true>>' }));
  expect(has(third(file), 'New')).toBe(true);
  expect(has(third(file, 0), 'Old')).toBe(true);
});

test('the table wins over the stream beside it', () => {
  const listed = `3 1\n${String(BASE.indexOf('3 0 obj')).padStart(10, '0')} 00000 n \n`;
  expect(() => read(hybrid(BASE, { 3: '<</New true>>' }, listed))).not.toThrow();
  expect(has(third(read(hybrid(BASE, { 3: '<</New true>>' }, listed))), 'Old')).toBe(true);
});

test('a stream copied from an earlier trailer brings nothing back', () => {
  const first = hybrid(BASE, { 3: '<</First true>>' });
  const stream = /\/XRefStm (\d+)/.exec(first)![1];
  const second = revision(first, { 3: '<</Second true>>' });
  const stale = revision(second, { 8: '<<>>' }, { trailer: `/XRefStm ${stream}` });
  expect(() => read(stale)).toThrow('two places');
  // Harmless where the table of the same section has the newer place.
  const beside = revision(first, { 3: '<</Second true>>' }, { trailer: `/XRefStm ${stream}` });
  expect(has(third(read(beside)), 'Second')).toBe(true);
});

test('an entry that points at no object is refused when asked for', () => {
  const text = BASE.replace(
    /3 1\n(\d{10})/,
    (_, at: string) => `3 1\n${String(Number(at) + 4).padStart(10, '0')}`,
  );
  const file = read(text);
  expect(() => third(file)).toThrow('not where its cross-reference entry says');
  expect(file.isBroken(file.entry(3)!.entry)).toBe(true);
  expect(() => strictly(text)).toThrow('format-pdf');
});
