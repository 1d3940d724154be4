import { readPdf, readSignatures } from '@mandate/pdf';
import { joined, mutateBytes, noise } from './mutate-bytes.js';
import { mutateDer, openDer, type DerSpecimen } from './mutate-der.js';
import { pick, weighted, type Random } from './random.js';

/** A well-formed PDF with the places worth changing. Offsets are bytes; text is Latin-1. */
export interface PdfSpecimen {
  readonly bytes: Uint8Array;
  readonly text: string;
  /** Spans of syntax: everything but stream data and signature values. */
  readonly syntax: readonly Span[];
  readonly objects: readonly PdfObject[];
  /** `0000000015 00000 n` lines. */
  readonly entries: readonly Span[];
  readonly revisionEnds: readonly number[];
  readonly signatures: readonly {
    /** Between `<` and `>`. */
    readonly hex: Span;
    readonly contents: DerSpecimen;
    readonly byteRange: Span;
  }[];
  readonly size: number;
  readonly root: string;
}
interface Span {
  readonly start: number;
  readonly end: number;
}
interface PdfObject extends Span {
  readonly number: number;
  /** Without `N 0 obj` and `endobj`. */
  readonly body: string;
}

const spansOf = (text: string, pattern: RegExp): Span[] =>
  [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
    start: index,
    end: index + found.length,
  }));

export function openPdf(bytes: Uint8Array): PdfSpecimen {
  const text = Buffer.from(bytes).toString('latin1');
  const data = [
    ...spansOf(text, /(?<=stream\r?\n)[^]*?(?=\r?\nendstream)/g),
    ...spansOf(text, /(?<=\/Contents <)[0-9a-fA-F]{100,}(?=>)/g),
  ].sort((a, b) => a.start - b.start);
  const syntax: Span[] = [];
  let at = 0;
  for (const { start, end } of [...data, { start: text.length, end: text.length }]) {
    if (start > at) syntax.push({ start: at, end: start });
    at = Math.max(at, end);
  }
  const signatures = readSignatures(readPdf(bytes)).map((signature) => {
    const [, length, resume] = signature.byteRange;
    const shown = text.indexOf('/ByteRange', text.lastIndexOf(' obj', length));
    return {
      hex: { start: length + 1, end: resume - 1 },
      contents: openDer(signature.contents),
      byteRange: { start: shown, end: text.indexOf(']', shown) + 1 },
    };
  });
  const trailer = text.slice(text.lastIndexOf('trailer'));
  return {
    bytes,
    text,
    syntax,
    objects: [...text.matchAll(/(?<=\n)(\d+) 0 obj\b([^]*?)\bendobj/g)].map((found) => ({
      start: found.index,
      end: found.index + found[0].length,
      number: Number(found[1]),
      body: found[2]!,
    })),
    entries: spansOf(text, /(?<=\n)\d{10} \d{5} [nf]/g),
    revisionEnds: spansOf(text, /%%EOF\r?\n?/g).map(({ end }) => end),
    signatures,
    size: Number(/\/Size (\d+)/.exec(trailer)![1]),
    root: /\/Root (\d+) 0 R/.exec(trailer)![1]!,
  };
}

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

type Change = (pdf: PdfSpecimen, random: Random, other: PdfSpecimen) => Uint8Array;

const CHANGES: readonly (readonly [number, Change])[] = [
  [3, ({ bytes }, random) => mutateBytes(bytes, random)],
  [4, (pdf, random) => mutateBytes(pdf.bytes, random, within(random, pick(random, pdf.syntax)))],
  [3, digitsOff],
  [3, nameOff],
  [3, entryOff],
  [2, startOff],
  [3, previousOff],
  [3, rangeOff],
  [6, contentsOff],
  [3, lengthOff],
  [3, swapObjects],
  [3, doubleKey],
  [2, cutAtRevision],
  [2, trailingBytes],
  [2, repeatRevision],
  [2, otherSignature],
  [12, appendRevision],
];

/** One change of a signed PDF, now and then a second of single bytes. */
export function mutatePdf(pdf: PdfSpecimen, random: Random, other: PdfSpecimen): Uint8Array {
  const changed = weighted(random, CHANGES)(pdf, random, other);
  return random(12) === 0 && changed.length > 0 ? mutateBytes(changed, random) : changed;
}

const within = (random: Random, { start, end }: Span): number => start + random(end - start);

/** Text in place of a span, everything behind it moved when its length differs. */
const replaced = ({ bytes }: PdfSpecimen, { start, end }: Span, text: string): Uint8Array =>
  joined(bytes.subarray(0, start), latin1(text), bytes.subarray(end));

const sameWidth = (value: string, width: number): string =>
  value.length <= width ? value.padEnd(width) : value.slice(0, width);

const NUMBERS = ['0', '1', '-1', '4294967296', '99999999999999999999', '1.5', '+7', '00'];

function digitsOff(pdf: PdfSpecimen, random: Random): Uint8Array {
  const span = pick(random, pdf.syntax);
  const numbers = spansOf(pdf.text.slice(span.start, span.end), /\d+/g);
  if (numbers.length === 0) return mutateBytes(pdf.bytes, random);
  const number = pick(random, numbers);
  const at = { start: span.start + number.start, end: span.start + number.end };
  const text = pdf.text.slice(at.start, at.end);
  const near = String(Math.max(0, Number(text) + pick(random, [-1, 1, 2, 10, -10])));
  const value = pick(random, [near, near, pick(random, NUMBERS), String(random(pdf.size + 3))]);
  return replaced(pdf, at, random(3) ? sameWidth(value, text.length) : value);
}

const NAMES = /\/[A-Za-z][A-Za-z0-9.]*/g;

function nameOff(pdf: PdfSpecimen, random: Random): Uint8Array {
  const span = pick(random, pdf.syntax);
  const names = spansOf(pdf.text.slice(span.start, span.end), NAMES);
  if (names.length === 0) return mutateBytes(pdf.bytes, random);
  const name = pick(random, names);
  const at = { start: span.start + name.start, end: span.start + name.end };
  const own = pdf.text.slice(at.start, at.end);
  const there = [...pdf.text.matchAll(NAMES)].map(([found]) => found);
  const fitting = there.filter((it) => it.length === own.length && it !== own);
  const escaped = `/#${own.charCodeAt(1).toString(16)}${own.slice(2)}`;
  return replaced(
    pdf,
    at,
    pick(random, [pick(random, fitting.length ? fitting : there), pick(random, there), escaped]),
  );
}

function entryOff(pdf: PdfSpecimen, random: Random): Uint8Array {
  const entry = pick(random, pdf.entries);
  const text = pdf.text.slice(entry.start, entry.end);
  const offset = (value: number): string =>
    String(Math.max(0, value)).padStart(10, '0') + text.slice(10);
  const from = pick(random, pdf.entries);
  return replaced(
    pdf,
    entry,
    pick(random, [
      offset(Number(text.slice(0, 10)) + pick(random, [-1, 1, -2, 2, 16])),
      offset(random(pdf.bytes.length)),
      offset(pick(random, pdf.objects).start),
      pdf.text.slice(from.start, from.end),
      text.slice(0, -1) + (text.endsWith('n') ? 'f' : 'n'),
      `${text.slice(0, 11)}0000${random(10)} n`,
    ]),
  );
}

function startOff(pdf: PdfSpecimen, random: Random): Uint8Array {
  const found = spansOf(pdf.text, /(?<=startxref\s+)\d+/g);
  const span = pick(random, found);
  const other = pick(random, found);
  const own = Number(pdf.text.slice(span.start, span.end));
  const value = pick(random, [own + 1, own - 1, 0, random(pdf.bytes.length), own * 10]);
  return replaced(pdf, span, random(4) ? String(value) : pdf.text.slice(other.start, other.end));
}

/** `/Prev` to itself, to a later section, around in circles, or nowhere. */
function previousOff(pdf: PdfSpecimen, random: Random): Uint8Array {
  const previous = spansOf(pdf.text, /(?<=\/Prev )\d+/g);
  const starts = [...pdf.text.matchAll(/startxref\s+(\d+)/g)].map((found) => found[1]!);
  const value = pick(random, [
    ...starts,
    '0',
    String(pdf.bytes.length + 5),
    String(random(pdf.bytes.length)),
  ]);
  if (previous.length > 0 && random(2)) return replaced(pdf, pick(random, previous), value);
  const next = pdf.bytes.length + 1;
  const trailer = `trailer\n<< /Size ${pdf.size} /Root ${pdf.root} 0 R /Prev ${pick(random, [String(next), value])} >>`;
  const text = `\nxref\n0 0\n${trailer}\nstartxref\n${next}\n%%EOF\n`;
  return joined(pdf.bytes, latin1(text));
}

function rangeOff(pdf: PdfSpecimen, random: Random): Uint8Array {
  const { byteRange } = pick(random, pdf.signatures);
  const text = pdf.text.slice(byteRange.start, byteRange.end);
  const [a, b, c, d] = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits)) as [
    number,
    number,
    number,
    number,
  ];
  const off = pick(random, [-2, -1, 1, 2, 16, 1000]);
  const ranges = pick(random, [
    [a + Math.abs(off), b, c, d],
    [a, b + off, c, d],
    [a, b, c + off, d],
    [a, b, c, d + off],
    [a, b, c + off, d - off],
    [a, b, c],
    [a, b, c, d, 0, 0],
    [a, b, c, d - Math.min(d, random(d + 1))],
    [-1, b + 1, c, d],
    [a, b, c, 2 ** 53],
    [a, 0, 0, d],
  ]);
  return replaced(pdf, byteRange, sameWidth(`/ByteRange [${ranges.join(' ')}]`, text.length));
}

function contentsOff(pdf: PdfSpecimen, random: Random): Uint8Array {
  const { hex, contents } = pick(random, pdf.signatures);
  const width = hex.end - hex.start;
  const own = pdf.text.slice(hex.start, hex.end);
  const used = contents.bytes.length * 2;
  const write = (text: string): Uint8Array =>
    replaced(pdf, hex, text.slice(0, width).padEnd(width, '0'));
  switch (random(8)) {
    case 0: // something in the padding
      return write(
        own.slice(0, used + random(width - used)) + pick(random, ['1', '00ff', 'zz', ' ', '>']),
      );
    case 1:
      return write(own.toUpperCase());
    case 2: // white space between digits, the last ones lost
      return write(`${own.slice(0, used)} ${own.slice(used + 1)}`);
    case 3: // shorter or longer than it was
      return replaced(pdf, hex, own.slice(0, Math.max(used, width - 2 * random(40))));
    default:
      return write(Buffer.from(mutateDer(contents, random)).toString('hex'));
  }
}

function lengthOff(pdf: PdfSpecimen, random: Random): Uint8Array {
  const span = pick(random, spansOf(pdf.text, /(?<=\/Length\d? )\d+/g));
  const text = pdf.text.slice(span.start, span.end);
  const value = pick(random, [
    Number(text) + pick(random, [-1, 1, 10, -10]),
    0,
    2 ** 31,
    random(pdf.bytes.length),
  ]);
  return replaced(pdf, span, random(2) ? sameWidth(String(value), text.length) : String(value));
}

/** Two objects in each other's place, in their table or in the bytes. */
function swapObjects(pdf: PdfSpecimen, random: Random): Uint8Array {
  if (random(2)) {
    const [one, two] = [pick(random, pdf.entries), pick(random, pdf.entries)];
    const copy = pdf.bytes.slice();
    copy.set(pdf.bytes.subarray(one.start, one.end), two.start);
    copy.set(pdf.bytes.subarray(two.start, two.end), one.start);
    return copy;
  }
  const [one, two] = [pick(random, pdf.objects), pick(random, pdf.objects)].sort(
    (a, b) => a.start - b.start,
  ) as [PdfObject, PdfObject];
  if (one.end > two.start) return mutateBytes(pdf.bytes, random, one.start);
  return joined(
    pdf.bytes.subarray(0, one.start),
    pdf.bytes.subarray(two.start, two.end),
    pdf.bytes.subarray(one.end, two.start),
    pdf.bytes.subarray(one.start, one.end),
    pdf.bytes.subarray(two.end),
  );
}

function doubleKey(pdf: PdfSpecimen, random: Random): Uint8Array {
  const { start, body } = pick(random, pdf.objects);
  const open = body.indexOf('<<');
  if (open < 0) return mutateBytes(pdf.bytes, random, start);
  const keys = [...body.matchAll(NAMES)].map(([name]) => name);
  const at = start + pdf.text.slice(start).indexOf('<<') + 2;
  const value = pick(random, ['null', '0', '[]', '<<>>', '/X', `${random(pdf.size)} 0 R`]);
  return replaced(
    pdf,
    { start: at, end: at },
    ` ${pick(random, keys.length ? keys : ['/X'])} ${value}`,
  );
}

function cutAtRevision(pdf: PdfSpecimen, random: Random): Uint8Array {
  return pdf.bytes.slice(
    0,
    Math.max(1, pick(random, pdf.revisionEnds) + pick(random, [-1, 0, 0, 0, 1])),
  );
}

function trailingBytes(pdf: PdfSpecimen, random: Random): Uint8Array {
  const more = pick(random, [
    '\n',
    ' ',
    '\0',
    '%%EOF\n',
    '% comment\n',
    '\r\n\r\n',
    'startxref\n0\n%%EOF\n',
  ]);
  return joined(pdf.bytes, random(3) ? latin1(more) : noise(random, 1 + random(2000)));
}

/** A revision once more at the end: whole, or what two ends enclose. */
function repeatRevision(pdf: PdfSpecimen, random: Random): Uint8Array {
  const start = pick(random, [0, ...pdf.revisionEnds.slice(0, -1)]);
  const end = pdf.revisionEnds.find((it) => it > start)!;
  return joined(pdf.bytes, pdf.bytes.subarray(start, end));
}

/** Another letter's signature or update under this letter, or this one's under the other. */
function otherSignature(pdf: PdfSpecimen, random: Random, other: PdfSpecimen): Uint8Array {
  const [own, foreign] = [pick(random, pdf.signatures), pick(random, other.signatures)];
  const first = pdf.revisionEnds[0]!;
  if (random(2))
    return joined(pdf.bytes.subarray(0, first), other.bytes.subarray(other.revisionEnds[0]!));
  const text = other.text.slice(foreign.hex.start, foreign.hex.end);
  return replaced(
    pdf,
    own.hex,
    text.slice(0, own.hex.end - own.hex.start).padEnd(own.hex.end - own.hex.start, '0'),
  );
}

const HOSTILE_KEYS = [
  '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>',
  '/AA << /O << /S /URI /URI (http://x) >> >>',
  '/OCProperties << /OCGs [] /D << /Order [] >> >>',
  '/NeedAppearances true',
  '/Perms null',
  '/AcroForm null',
  '/DSS << >>',
  '/DSS << /Certs [] /OCSPs [] /CRLs [] >>',
  '/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 5 >> >>',
  '/Version /2.0',
  '/Annots []',
  '/Contents null',
  '/Rotate 180',
  '/MediaBox [0 0 1 1]',
  '/UserUnit 10',
  '/V null',
];

const HOSTILE_BODIES = [
  'null',
  '[]',
  '<< >>',
  '<< /Length 0 >>\nstream\n\nendstream',
  '<< /Length 44 >>\nstream\nBT /F1 24 Tf 100 700 Td (Something else) Tj ET\nendstream',
  '<< /Length 4 /Filter /FlateDecode >>\nstream\nabcd\nendstream',
  '<< /Type /Annot /Subtype /FreeText /Rect [0 0 600 800] /Contents (x) >>',
  '<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <00> >>',
  `${'['.repeat(400)}${']'.repeat(400)}`,
  `${'<</A'.repeat(200)} 1 ${'>>'.repeat(200)}`,
  '<< /Type /ObjStm /N 1 /First 4 /Length 10 >>\nstream\n1 0 (text)\nendstream',
];

/** A body an attacker would write for an object: the one it has with a change, or another. */
function bodyFor(pdf: PdfSpecimen, random: Random, object: PdfObject): string {
  const { body } = object;
  switch (random(7)) {
    case 0:
      return `\n${pick(random, HOSTILE_BODIES)}\n`;
    case 1:
      return pick(random, pdf.objects).body;
    case 2:
    case 3:
      return body.replace('<<', `<< ${pick(random, HOSTILE_KEYS)} `);
    case 4: // as it is
      return body;
    case 5: // another object where one was meant
      return body.replace(/\d+ 0 R/, `${random(pdf.size + 2)} 0 R`);
    default: {
      const keys = [...body.matchAll(/\/[A-Za-z]+/g)].map(([key]) => key);
      return keys.length > 0 ? body.replace(pick(random, keys), '/Gone') : 'null';
    }
  }
}

/** One more revision with a proper table, one in eight a little wrong, that defines objects anew. */
function appendRevision(pdf: PdfSpecimen, random: Random): Uint8Array {
  const base = random(5) === 0 ? pick(random, pdf.revisionEnds) : pdf.bytes.length;
  const before = pdf.bytes.subarray(0, base);
  let update = base > 0 && before.at(-1) !== 0x0a ? '\n' : '';
  const table = new Map<number, number>();
  for (let count = 1 + random(3); count > 0; count--) {
    const known = random(6) > 0;
    const object = pick(random, pdf.objects);
    const number = known
      ? random(3) === 0
        ? Number(pdf.root)
        : object.number
      : pdf.size + random(2);
    const own = pdf.objects.findLast((it) => it.number === number) ?? object;
    table.set(number, base + update.length);
    update += `${number} 0 obj${bodyFor(pdf, random, own)}endobj\n`;
  }
  const at = base + update.length;
  const starts = [...pdf.text.slice(0, base).matchAll(/startxref\s+(\d+)/g)].map((it) => it[1]!);
  const sections = [...table]
    .sort(([a], [b]) => a - b)
    .map(([number, offset]) => {
      const free = random(20) === 0;
      return `${number} 1\n${String(offset).padStart(10, '0')} ${free ? '00001 f' : '00000 n'} \n`;
    });
  const size = Math.max(pdf.size, ...[...table.keys()].map((number) => number + 1));
  const trailer = `<< /Size ${size} /Root ${random(20) ? pdf.root : pick(random, pdf.objects).number} 0 R /Prev ${starts.at(-1)} >>`;
  const start = random(8) ? at : at + random(3) - 1;
  update += `xref\n${sections.join('')}trailer\n${trailer}\nstartxref\n${start}\n%%EOF\n`;
  return joined(before, latin1(update));
}
