import { decodeStream, type Decoding } from './filters.js';
import { parseIndirectAt } from './indirect.js';
import { overBudget, refuse, unsupported, type Budget } from './refusal.js';
import { Syntax } from './syntax.js';
import { asIndex, isKind, isName, latin1, type PdfDict, type PdfObject } from './values.js';

export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'packed'; readonly stream: number; readonly index: number };

/** One cross-reference table or stream with what follows it up to `%%EOF`. */
export interface XrefSection {
  readonly offset: number;
  readonly form: 'table' | 'stream';
  readonly trailer: PdfDict;
  readonly entries: ReadonlyMap<number, XrefEntry>;
  readonly previous: number | undefined;
  /** The number after this section's own `startxref`; 0 in the first part of a linearized file. */
  readonly startxref: number;
  /** Offset after `%%EOF` and the end-of-line marker that follows it, if any. */
  readonly end: number;
  /** Entries of a hybrid file's `/XRefStm` (ISO 32000-1 §7.5.8.4) that its own table does not hold. */
  readonly hidden: ReadonlyMap<number, XrefEntry>;
}

/** End-of-line bytes that may follow a tolerated `%%EOF`. */
const MAX_LINE_ENDS = 8;

/**
 * Offset named by the `startxref` that ends the file; nothing may follow but one end-of-line marker
 * (a few when `tolerant`).
 */
export function lastXrefOffset(bytes: Uint8Array, tolerant: boolean): number {
  const tail = latin1(bytes.subarray(Math.max(0, bytes.length - 64)));
  const named =
    /startxref[\t\f ]*(?:\r\n|\n|\r)[\t\f ]*(\d{1,15})\s*?(?:\r\n|\n|\r)%%EOF([\r\n]*)$/;
  const m = named.exec(tail);
  const rest = m?.[2] ?? '';
  if (tolerant ? rest.length > MAX_LINE_ENDS : !['', '\n', '\r', '\r\n'].includes(rest))
    return refuse('bytes after the last %%EOF');
  return m ? Number(m[1]) : refuse('the file does not end with startxref and %%EOF');
}

/** Reads the section at `offset` (ISO 32000-1 §7.5.4, §7.5.8). No recovery: one wrong byte is a refusal. */
export function readXrefSection(
  bytes: Uint8Array,
  offset: number,
  budget: Budget,
  decoding: Decoding,
  tolerant: boolean,
): XrefSection {
  if (offset >= bytes.length) refuse('startxref or /Prev points outside the file');
  const syntax = new Syntax(bytes, offset, budget.depth);
  // Some writers name the end of line before the section; what it is cannot be mistaken.
  if (tolerant) while (isSpace(syntax.peek()) && syntax.position < offset + 4) syntax.position++;
  const isTable = syntax.take('xref');
  const { entries, trailer } = isTable
    ? readTable(syntax, budget, tolerant)
    : readXrefStream(syntax, budget, decoding);
  refuseEncrypted(trailer);
  const isHybrid = isTable && trailer.entries.has('XRefStm');
  if (isHybrid && !tolerant) refuse('hybrid cross-reference file');
  const size = asIndex(trailer.entries.get('Size')) ?? refuse('trailer without a valid /Size');
  for (const number of entries.keys())
    if (number >= size) refuse(`cross-reference entry ${number} is not below /Size`);
  const hidden = isHybrid ? readHidden(bytes, trailer, entries, budget, decoding) : new Map();
  const startxref = readStartxref(syntax, isTable);
  for (let i = 0; tolerant && i < MAX_LINE_ENDS && /[\r\n]/.test(charAt(syntax)); i++)
    syntax.position++;
  const prev = trailer.entries.get('Prev');
  return {
    offset,
    form: isTable ? 'table' : 'stream',
    trailer,
    entries,
    previous: prev === undefined ? undefined : (asIndex(prev) ?? refuse('/Prev is no offset')),
    startxref,
    end: syntax.position,
    hidden,
  };
}

const charAt = (syntax: Syntax): string => String.fromCharCode(syntax.peek());
const isSpace = (c: number): boolean => [0x20, 0x0a, 0x0d, 0x09, 0x0c].includes(c);

/**
 * The cross-reference stream beside a hybrid file's table: what the table leaves out or calls free. The
 * table wins (§7.5.8.4), with readers that know such streams and with those that do not.
 */
function readHidden(
  bytes: Uint8Array,
  trailer: PdfDict,
  table: ReadonlyMap<number, XrefEntry>,
  budget: Budget,
  decoding: Decoding,
): Map<number, XrefEntry> {
  const at = asIndex(trailer.entries.get('XRefStm')) ?? refuse('/XRefStm is no offset');
  if (at >= bytes.length) refuse('/XRefStm points outside the file');
  const syntax = new Syntax(bytes, at, budget.depth);
  const stream = readXrefStream(syntax, budget, decoding);
  refuseEncrypted(stream.trailer);
  const hidden = new Map<number, XrefEntry>();
  for (const [number, entry] of stream.entries) {
    const listed = table.get(number);
    if (entry.kind !== 'free' && (!listed || listed.kind === 'free')) hidden.set(number, entry);
  }
  return hidden;
}

export const sameEntry = (a: XrefEntry | undefined, b: XrefEntry): boolean =>
  a !== undefined && JSON.stringify(a) === JSON.stringify(b);

/** A null entry is no entry (ISO 32000-1 §7.3.7). */
function refuseEncrypted(trailer: PdfDict): void {
  if ((trailer.entries.get('Encrypt') ?? null) !== null) unsupported('the file is encrypted');
}

/** `startxref N %%EOF`; a linearized first-page stream may go without, which reads as its usual 0. */
function readStartxref(syntax: Syntax, isTable: boolean): number {
  const start = syntax.position;
  syntax.skipSpace();
  if (!isTable && !syntax.take('startxref')) {
    syntax.position = start;
    return 0;
  }
  if (isTable) syntax.expect('startxref');
  syntax.skipSpace();
  const startxref = syntax.integer();
  // Not skipSpace: that would take %%EOF for a comment.
  while (/\s/.test(String.fromCharCode(syntax.peek()))) syntax.position++;
  syntax.expect('%%EOF');
  syntax.takeEndOfLine();
  return startxref;
}

type Part = { entries: Map<number, XrefEntry>; trailer: PdfDict };

function readTable(syntax: Syntax, budget: Budget, tolerant: boolean): Part {
  const entries = new Map<number, XrefEntry>();
  for (;;) {
    syntax.skipSpace();
    if (syntax.take('trailer')) break;
    const first = syntax.integer();
    syntax.expect(' ');
    const count = syntax.integer();
    syntax.skipSpace();
    if (entries.size + count > budget.objects) overBudget('too many cross-reference entries');
    for (let i = 0; i < count; i++) {
      // §7.5.4: exactly 20 bytes, "nnnnnnnnnn ggggg n" and a two-byte end of line.
      const at = syntax.position;
      const line = String.fromCharCode(...syntax.bytes.subarray(at, at + 20));
      const exact = /^(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)$/.exec(line);
      // Entries one byte short, with the space left out.
      const m = exact ?? (tolerant ? /^(\d{10}) (\d{5}) ([nf])[\r\n](?=[\dt])/.exec(line) : null);
      if (!m) syntax.fail('malformed cross-reference entry');
      syntax.position += exact ? 20 : 19;
      addEntry(
        entries,
        first + i,
        m[3] === 'n'
          ? { kind: 'offset', offset: Number(m[1]), generation: Number(m[2]) }
          : { kind: 'free' },
      );
    }
  }
  syntax.skipSpace();
  return { entries, trailer: syntax.dict() };
}

function addEntry(entries: Map<number, XrefEntry>, number: number, entry: XrefEntry): void {
  if (entries.has(number)) refuse(`object ${number} stands twice in one cross-reference section`);
  entries.set(number, entry);
}

function readXrefStream(syntax: Syntax, budget: Budget, decoding: Decoding): Part {
  const { object, end } = parseIndirectAt(syntax.bytes, syntax.position, budget, directLength);
  syntax.position = end;
  if (!isKind(object, 'stream') || !isName(object.dict.entries.get('Type'), 'XRef'))
    refuse('startxref or /Prev points to no cross-reference section');
  const trailer = object.dict;
  const widths = indexes(trailer.entries.get('W'));
  const [typeWidth, secondWidth, thirdWidth] = widths;
  if (widths.length !== 3 || widths.some((w) => w > 8) || !secondWidth) refuse('bad /W');
  const size = asIndex(trailer.entries.get('Size')) ?? refuse('trailer without a valid /Size');
  const index = trailer.entries.has('Index') ? indexes(trailer.entries.get('Index')) : [0, size];
  if (index.length === 0 || index.length % 2 !== 0) refuse('bad /Index');
  const count = index.reduce((sum, n, i) => (i % 2 ? sum + n : sum), 0);
  if (count > budget.objects) overBudget('too many cross-reference entries');
  const data = decodeStream(object, decoding);
  const width = typeWidth! + secondWidth! + thirdWidth!;
  if (data.length !== count * width) refuse('cross-reference stream of the wrong length');

  const entries = new Map<number, XrefEntry>();
  let at = 0;
  const field = (bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i++) value = value * 256 + data[at++]!;
    return value;
  };
  for (let pair = 0; pair < index.length; pair += 2)
    for (let i = 0; i < index[pair + 1]!; i++) {
      const type = typeWidth === 0 ? 1 : field(typeWidth!);
      const second = field(secondWidth!);
      const third = field(thirdWidth!);
      if (type > 2) refuse('unknown type of cross-reference entry');
      addEntry(
        entries,
        index[pair]! + i,
        type === 0
          ? { kind: 'free' }
          : type === 1
            ? { kind: 'offset', offset: second, generation: third }
            : { kind: 'packed', stream: second, index: third },
      );
    }
  return { entries, trailer };
}

function directLength(length: PdfObject | undefined): number {
  return asIndex(length) ?? refuse('a cross-reference stream needs a direct /Length');
}

function indexes(value: PdfObject | undefined): number[] {
  if (!isKind(value, 'array')) return refuse('bad array in a cross-reference stream');
  return value.items.map(
    (item) => asIndex(item) ?? refuse('bad number in a cross-reference stream'),
  );
}
