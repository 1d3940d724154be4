import { expect, test } from '@jest/globals';
import { readPdf } from '../read-pdf.js';
import { readSignatures } from '../read-signatures.js';
import { fromLatin1 } from '../values.js';
import { changesAfter } from './changes-after.js';
import type { Change } from './change.js';

/** Objects of one revision by number; null frees one. */
type Objects = Readonly<Record<number, string | null>>;

/** Appends a revision with a classic table; keeps the bytes before as they are. */
function append(before: string, objects: Objects, root = '1 0 R', prev?: number): string {
  const at = prev ?? Number(/startxref\n(\d+)\n%%EOF\n$/.exec(before)?.[1] ?? -1);
  let text = before;
  const lines: string[] = [];
  for (const [number, body] of Object.entries(objects)) {
    lines.push(`${number} 1\n`);
    if (body === null) lines.push('0000000000 00001 f \n');
    else {
      lines.push(`${String(text.length).padStart(10, '0')} 00000 n \n`);
      text += `${number} 0 obj\n${body}\nendobj\n`;
    }
  }
  const xref = text.length;
  const previous = at < 0 ? '' : ` /Prev ${at}`;
  text += `xref\n${lines.join('')}trailer\n<</Size 60 /Root ${root}${previous}>>\n`;
  return `${text}startxref\n${xref}\n%%EOF\n`;
}

/** Fills in the `/ByteRange` of the last signature so that it covers the file as it is now. */
function close(text: string): string {
  const start = text.lastIndexOf('/Contents <') + '/Contents '.length;
  const end = text.indexOf('>', start) + 1;
  const range = [0, start, end, text.length - end].map((n) => String(n).padStart(6, '0')).join(' ');
  const at = text.lastIndexOf('[000000 000000 000000 000000]');
  return text.slice(0, at) + `[${range}]` + text.slice(at + 29);
}

const signatureDict = (extra = ''): string =>
  `<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [000000 000000 000000 000000] /Contents <3000> ${extra}>>`;
const transform = (method: string, params: string): string =>
  `/Reference [<</Type /SigRef /TransformMethod /${method} /TransformParams <</Type /TransformParams ${params}>>>>]`;
const stream = (data: string, dict = ''): string =>
  `<<${dict} /Length ${data.length}>>\nstream\n${data}\nendstream`;

const CATALOG = '<</Type /Catalog /Pages 2 0 R /AcroForm 5 0 R>>';
const PAGE =
  '<</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources <</Font <</F1 14 0 R>> /XObject <</X1 15 0 R>>>> /Annots [6 0 R 8 0 R 10 0 R 12 0 R]>>';
const FORM = '<</Fields [6 0 R 8 0 R 10 0 R] /SigFlags 3 /DR <</Font <</F1 14 0 R>>>>>>';
const WIDGET = '/Type /Annot /Subtype /Widget /P 3 0 R';
const TEXT = `${WIDGET} /FT /Tx /T (amount) /Rect [10 60 90 80]`;
const EMPTY = `${WIDGET} /FT /Sig /T (second) /Rect [10 90 90 110]`;

const base = (signature: string, other: Objects = {}): string =>
  close(
    append('%PDF-1.7\n', {
      1: CATALOG,
      2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
      3: PAGE,
      4: stream('BT /F1 12 Tf (pay 100) Tj ET'),
      5: FORM,
      6: `<<${WIDGET} /FT /Sig /T (first) /Rect [0 0 0 0] /V 7 0 R>>`,
      7: signature,
      8: `<<${TEXT} /V (100) /AP <</N 9 0 R>>>>`,
      9: stream('(100) Tj', '/Subtype /Form'),
      10: `<<${EMPTY}>>`,
      12: '<</Type /Annot /Subtype /Link /Rect [120 120 180 140]>>',
      14: '<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>',
      15: stream('0 0 10 10 re f', '/Subtype /Form'),
      ...other,
    }),
  );

/** Changes after the field named `first`. */
function changes(text: string, field = 'first'): Change[] {
  const file = readPdf(fromLatin1(text), { tolerant: true });
  return changesAfter(
    file,
    readSignatures(file).find((it) => it.field === field)!,
  );
}
const forbidden = (text: string): string[] => [
  ...new Set(
    changes(text)
      .filter(({ allowed }) => !allowed)
      .map((it) => it.class),
  ),
];
const PLAIN = base(signatureDict());
const certified = (p: number): string =>
  base(signatureDict(transform('DocMDP', `/P ${p} /V /1.2`)));

const withCatalog = (extra: string): string => CATALOG.replace('>>', ` ${extra}>>`);
const DSS: Objects = {
  1: withCatalog('/DSS 30 0 R'),
  30: '<</Type /DSS /Certs [31 0 R] /VRI <</AA <</Cert [31 0 R]>>>>>>',
  31: stream('cert'),
};
const newField = (extra: string, value = '21 0 R'): Objects => ({
  5: FORM.replace('10 0 R]', '10 0 R 20 0 R]'),
  3: PAGE.replace('12 0 R]', '12 0 R 20 0 R]'),
  20: `<<${WIDGET} /FT /Sig /T (third) /V ${value} ${extra}>>`,
});
const SECOND = '<</Type /Sig /ByteRange [0 1 2 3] /Contents <00>>>';
const TIMESTAMP =
  '<</Type /DocTimeStamp /SubFilter /ETSI.RFC3161 /ByteRange [0 1 2 3] /Contents <00>>>';

test.each<[string, Objects, number[]]>([
  ['validation data', DSS, [1, 2, 3]],
  [
    'a document timestamp in a field of no size',
    { ...newField('/Rect [0 0 0 0]'), 21: TIMESTAMP },
    [1, 2, 3],
  ],
  ['nothing but an object nobody refers to', { 40: '<</Type /Anything>>' }, [1, 2, 3]],
  ['the same object written again', { 4: stream('BT /F1 12 Tf (pay 100) Tj ET') }, [1, 2, 3]],
  [
    'developer extensions',
    { 1: withCatalog('/Extensions <</ESIC <</BaseVersion /1.7 /ExtensionLevel 5>>>>') },
    [1, 2, 3],
  ],
  [
    'plain XMP',
    {
      1: withCatalog('/Metadata 32 0 R'),
      32: stream('<x><rdf:RDF a="b"/></x>', '/Type /Metadata /Subtype /XML'),
    },
    [1, 2, 3],
  ],
  [
    'a value with its picture',
    { 8: `<<${TEXT} /V (200) /AP <</N 33 0 R>>>>`, 33: stream('(200) Tj', '/Subtype /Form') },
    [2, 3],
  ],
  ['a signature in the empty field', { 10: `<<${EMPTY} /V 21 0 R>>`, 21: SECOND }, [2, 3]],
  [
    'a signature in a new field beside everything',
    { ...newField('/Rect [10 150 60 170]'), 21: SECOND },
    [2, 3],
  ],
  [
    'a note without picture or action',
    {
      3: PAGE.replace('12 0 R]', '12 0 R 22 0 R]'),
      22: '<</Type /Annot /Subtype /Text /Rect [1 1 9 9] /Contents (so)>>',
    },
    [3],
  ],
])('allowed where DocMDP says so: %s', (_, update, levels) => {
  for (const p of [1, 2, 3]) {
    const result = changes(append(certified(p), update));
    expect(result.every(({ allowed }) => allowed)).toBe(levels.includes(p));
  }
  // Without DocMDP, filling in and signing.
  expect(changes(append(PLAIN, update)).every(({ allowed }) => allowed)).toBe(levels.includes(2));
});

test.each<[string, Objects, string[]]>([
  ['page content', { 4: stream('BT /F1 12 Tf (pay 999) Tj ET') }, ['page']],
  ['a font behind a name', { 14: '<</Type /Font /Subtype /Type1 /BaseFont /Evil>>' }, ['form']],
  ['an XObject', { 15: stream('1 1 10 10 re f', '/Subtype /Form') }, ['page']],
  ['resources', { 3: PAGE.replace('/F1 14', '/F1 15') }, ['page']],
  [
    'another page',
    { 2: '<</Type /Pages /Kids [3 0 R 23 0 R] /Count 2>>', 23: PAGE },
    ['page-tree'],
  ],
  ['a page exchanged', { 2: '<</Type /Pages /Kids [23 0 R] /Count 1>>', 23: PAGE }, ['page-tree']],
  ['a page freed', { 3: null }, ['page-tree', 'signature-field']],
  [
    'rotation above the page',
    { 2: '<</Type /Pages /Kids [3 0 R] /Count 1 /Rotate 180>>' },
    ['page-tree'],
  ],
  ['optional content', { 1: withCatalog('/OCProperties <</OCGs []>>') }, ['catalogue']],
  ['an action on opening', { 1: withCatalog('/OpenAction <</S /JavaScript>>') }, ['catalogue']],
  ['attachments', { 1: withCatalog('/Names <</EmbeddedFiles <<>>>>') }, ['catalogue']],
  ['permissions', { 1: withCatalog('/Perms <</DocMDP 7 0 R>>') }, ['catalogue']],
  ['a picture without its value', { 9: stream('(999) Tj', '/Subtype /Form') }, ['appearance']],
  [
    'a kind of field',
    { 8: `<<${TEXT.replace('/Tx', '/Ch')} /V (100) /AP <</N 9 0 R>>>>` },
    ['form-field'],
  ],
  [
    'a name of a field',
    { 8: `<<${TEXT.replace('amount', 'sum')} /V (100) /AP <</N 9 0 R>>>>` },
    ['form-field'],
  ],
  [
    'a place of a field',
    { 8: `<<${TEXT.replace('10 60', '10 10')} /V (100) /AP <</N 9 0 R>>>>` },
    ['form-field'],
  ],
  ['a field removed', { 5: FORM.replace('8 0 R ', '') }, ['form']],
  ['an annotation removed', { 3: PAGE.replace(' 12 0 R', '') }, ['annotation']],
  [
    'an annotation moved',
    { 12: '<</Type /Annot /Subtype /Link /Rect [0 0 200 200]>>' },
    ['annotation'],
  ],
  [
    'where a link leads',
    { 12: '<</Type /Annot /Subtype /Link /Rect [120 120 180 140] /A <</URI (x)>>>>' },
    ['annotation'],
  ],
  [
    'a text box over the page',
    {
      3: PAGE.replace('12 0 R]', '12 0 R 22 0 R]'),
      22: '<</Type /Annot /Subtype /FreeText /Rect [1 1 99 99]>>',
    },
    ['annotation'],
  ],
  [
    'a note with a picture',
    {
      3: PAGE.replace('12 0 R]', '12 0 R 22 0 R]'),
      22: '<</Type /Annot /Subtype /Highlight /Rect [1 1 99 99] /AP <</N 15 0 R>>>>',
    },
    ['annotation'],
  ],
  ['the signature dictionary', { 7: signatureDict('/Reason (other)') }, ['coverage']],
  [
    'another signature behind the field',
    { 6: `<<${WIDGET} /FT /Sig /T (first) /Rect [0 0 0 0] /V 24 0 R>>`, 24: signatureDict() },
    ['coverage'],
  ],
  [
    'a new text field',
    { 5: FORM.replace('10 0 R]', '10 0 R 20 0 R]'), 20: `<<${WIDGET} /FT /Tx /T (x)>>` },
    ['signature-field'],
  ],
  [
    'a new field of an old name',
    { ...newField('/Rect [0 0 0 0]'), 20: `<<${WIDGET} /FT /Sig /T (second) /Rect [0 0 0 0]>>` },
    ['signature-field', 'annotation'],
  ],
  [
    'a visible signature over an annotation',
    { ...newField('/Rect [110 110 190 190]'), 21: SECOND },
    ['annotation'],
  ],
  [
    'a signature as large as the page',
    {
      ...newField('/Rect [0 141 200 199]'),
      21: SECOND,
    },
    ['annotation'],
  ],
  [
    'one widget on the page twice',
    {
      ...newField('/Rect [10 150 60 170]'),
      3: PAGE.replace('12 0 R]', '12 0 R 20 0 R 20 0 R]'),
      21: SECOND,
    },
    ['annotation'],
  ],
  ['a font in the form', { 5: FORM.replace('/F1 14', '/F1 15') }, ['form']],
  ['cleared signature flags', { 5: FORM.replace('/SigFlags 3', '/SigFlags 0') }, ['form']],
  ['a dynamic form', { 5: FORM.replace('/SigFlags', '/XFA 15 0 R /SigFlags') }, ['form']],
  ['a store that is no store', { ...DSS, 30: '<</Certs [(no stream)]>>' }, ['validation-data']],
  [
    'page content as a certificate',
    { ...DSS, 30: '<</Certs [4 0 R]>>', 4: stream('other') },
    ['page'],
  ],
  [
    'metadata with a DTD',
    {
      1: withCatalog('/Metadata 32 0 R'),
      32: stream('<!DOCTYPE x><rdf:RDF/>', '/Type /Metadata /Subtype /XML'),
    },
    ['metadata'],
  ],
  [
    'metadata that is none',
    { 1: withCatalog('/Metadata 32 0 R'), 32: stream('hello', '/Type /Metadata /Subtype /XML') },
    ['metadata'],
  ],
])('never allowed: %s', (_, update, classes) => {
  for (const text of [PLAIN, certified(3)])
    expect(forbidden(append(text, update)).toSorted()).toEqual(classes.toSorted());
});

test('another catalogue', () => {
  expect(forbidden(append(PLAIN, { 40: CATALOG }, '40 0 R'))).toEqual(['catalogue']);
});

test('an allowed object stays guarded in its other role', () => {
  const update = {
    8: `<<${TEXT} /V (200) /AP <</N 15 0 R>>>>`,
    15: stream('(200) Tj', '/Subtype /Form'),
  };
  expect(forbidden(append(PLAIN, update))).toEqual(['page']);
});

test('a reference into the void finds no new field there', () => {
  const trap = base(signatureDict(), { 3: PAGE.replace('/Annots', '/AA 20 0 R /Annots') });
  const update: Objects = { ...newField('/Rect [0 0 0 0] /O <</S /JavaScript>>'), 21: TIMESTAMP };
  const page = update[3]!.replace('/Annots', '/AA 20 0 R /Annots');
  expect(forbidden(append(trap, { ...update, 3: page }))).toEqual(['page']);
});

test('records of a signature may not vanish, lists may be written anew', () => {
  const kept = append(PLAIN, DSS);
  expect(forbidden(append(kept, { 30: '<</Certs [] /VRI <</AA <</Cert []>>>>>>' }))).toEqual([]);
  expect(forbidden(append(kept, { 30: '<</Certs [31 0 R]>>' }))).toEqual(['validation-data']);
});

test('FieldMDP locks by whole names', () => {
  const fill = (name: string): Objects => ({ 8: `<<${TEXT.replace('amount', name)} /V (200)>>` });
  const locked = (params: string): string => base(signatureDict(transform('FieldMDP', params)));
  const update = fill('amount');
  expect(forbidden(append(locked('/Action /All'), update))).toContain('form-field');
  expect(forbidden(append(locked('/Action /Include /Fields [(amount)]'), update))).toContain(
    'form-field',
  );
  expect(forbidden(append(locked('/Action /Include /Fields [(am)]'), update))).toEqual([]);
  expect(forbidden(append(locked('/Action /Exclude /Fields [(amount)]'), update))).toEqual([]);
  expect(forbidden(append(locked('/Action /Exclude /Fields [(other)]'), update))).toContain(
    'form-field',
  );
});

test('FieldMDP locks signature fields too, timestamps never', () => {
  const all = base(signatureDict(transform('FieldMDP', '/Action /All')));
  const update = newField('/Rect [0 0 0 0]');
  expect(forbidden(append(all, { ...update, 21: SECOND }))).toEqual(['signature']);
  expect(forbidden(append(all, { ...update, 21: TIMESTAMP }))).toEqual([]);
});

test('changes are named: object, path, revision', () => {
  const [change] = changes(append(PLAIN, { 4: stream('other') }));
  expect(change).toEqual({
    revision: 1,
    object: '4 0',
    path: '/Root/Pages/Kids[0]/Contents',
    class: 'page',
    allowed: false,
  });
});

test('a forbidden change does not drown in allowed ones', () => {
  const info = (word: string): string =>
    `<<${Array.from({ length: 400 }, (_, i) => `/K${i} (${word})`).join(' ')}>>`;
  const first = append(PLAIN, { 41: info('a') });
  const noisy = append(first, { 41: info('b'), 4: stream('other') }).replace(
    /\/Root 1 0 R( \/Prev \d+)>>\nstartxref\n(\d+)\n%%EOF\n$/,
    '/Root 1 0 R$1 /Info 41 0 R>>\nstartxref\n$2\n%%EOF\n',
  );
  expect(changes(noisy).length).toBeGreaterThan(400);
  expect(forbidden(noisy)).toEqual(['page']);
});

test('changed and changed back is two changes', () => {
  const there = append(PLAIN, { 4: stream('other') });
  const back = append(there, { 4: stream('BT /F1 12 Tf (pay 100) Tj ET') });
  expect(changes(back).map(({ revision }) => revision)).toEqual([1, 2]);
});

test('bytes of the file that no signature ends at a revision', () => {
  const text = append(PLAIN, DSS);
  const cut = text.replace(
    /(\/ByteRange \[\d+ \d+ \d+ )(\d+)/,
    (_, head: string, n: string) => head + String(Number(n) + 40).padStart(6, '0'),
  );
  expect(forbidden(cut)).toEqual(['coverage']);
});

test('an entry that points at no object is a change of its own', () => {
  const text = append(PLAIN, { 40: '<<>>' });
  const wrong = text.replace(
    /40 1\n(\d{10})/,
    (_, at: string) => `40 1\n${String(Number(at) + 3).padStart(10, '0')}`,
  );
  expect(forbidden(wrong)).toEqual(['broken-object']);
});

test('an entry that points back into signed bytes is refused', () => {
  const text = append(PLAIN, { 4: stream('other') });
  const back = text.replace(
    /(.*)4 1\n\d{10}/s,
    (_, head: string) => `${head}4 1\n${String(PLAIN.indexOf('15 0 obj')).padStart(10, '0')}`,
  );
  expect(() => changes(back)).toThrow('outside the revision');
});
