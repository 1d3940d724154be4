import { concat } from '@mandate/core/encoding';
import {
  appendObjects,
  newReferences,
  readAppendable,
  type WrittenObject,
} from './append-objects.js';
import { formFields } from './form-fields.js';
import { readPages } from './pages.js';
import type { PdfFile } from './read-pdf.js';
import { refuse } from './refusal.js';
import { serialize } from './serialize.js';
import { contentsHex } from './signature-update.js';
import {
  fromLatin1,
  isKind,
  isLowerHex,
  latin1,
  makeArray,
  makeDict,
  makeName,
  makeNumber,
  type PdfDict,
  type PdfRef,
  type PdfValue,
} from './values.js';

/** Partial name of a document timestamp's field; its number follows, from 1. */
export const TIMESTAMP_FIELD = 'MandateTimestamp';

/** Digits kept free for each of the three numbers in `/ByteRange` that grow with the file. */
const RANGE_WIDTH = '[0   ]'.length + 3 * 10;
const MAX_CONTENTS = 64 * 1024;
const HEAD = '<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 /ByteRange ';
const TAIL = ' >>\nendobj\n';

/**
 * One more revision that holds a document timestamp over everything before it (ETSI EN 319 142-1
 * §5.4.3), `/Contents` all zeros: a signature dictionary, a field without extent, and that field in the
 * form's `/Fields` and the first page's `/Annots`. A pure function of its arguments.
 * `contentsBytes` is the room for the token. Throws `format-pdf`.
 */
export function timestampUpdate(
  file: Uint8Array,
  options: { readonly contentsBytes: number },
): Uint8Array {
  return writeTimestamp(readAppendable(file), options.contentsBytes);
}

export function writeTimestamp(file: PdfFile, contentsBytes: number): Uint8Array {
  if (!Number.isInteger(contentsBytes) || contentsBytes < 1 || contentsBytes > MAX_CONTENTS)
    refuse('no sensible room for the token');
  const references = newReferences(file);
  const field = references.next().value;
  const signature = references.next().value;
  const names = new Set(formFields(file).map(({ name }) => name));
  let number = 1;
  while (names.has(`${TIMESTAMP_FIELD}${number}`)) number++;
  const page = readPages(file)[0] ?? refuse('the file has no pages');

  const widget = makeDict([
    ['Type', makeName('Annot')],
    ['Subtype', makeName('Widget')],
    ['FT', makeName('Sig')],
    ['T', textOf(`${TIMESTAMP_FIELD}${number}`)],
    ['Rect', makeArray([0, 0, 0, 0].map(makeNumber))],
    // print and locked, as PDF/A wants annotations to be
    ['F', makeNumber(132)],
    ['P', page.ref],
    ['V', signature],
  ]);
  const text = appendObjects(file, [
    ...withItem(file, page.ref, page.dict, 'Annots', field),
    ...withField(file, field),
    [field, serialize(widget)],
    [
      signature,
      `${HEAD}${' '.repeat(RANGE_WIDTH)} /Contents <${'0'.repeat(2 * contentsBytes)}> >>`,
    ],
  ]);
  const start = file.bytes.length;
  const rangeAt = text.lastIndexOf(HEAD) + HEAD.length;
  const gapStart = rangeAt + RANGE_WIDTH + ' /Contents '.length;
  const gapEnd = gapStart + 2 * contentsBytes + 2;
  const range = `[0 ${start + gapStart} ${start + gapEnd} ${text.length - gapEnd}]`;
  return fromLatin1(
    text.slice(0, rangeAt) + range.padEnd(RANGE_WIDTH) + text.slice(rangeAt + RANGE_WIDTH),
  );
}

function withField(file: PdfFile, field: PdfRef): WrittenObject[] {
  const value = file.catalog.entries.get('AcroForm');
  const form = file.dictAt(file.catalog, 'AcroForm') ?? refuse('the file has no form');
  if (isKind(value, 'ref')) return withItem(file, value, form, 'Fields', field);
  if (isKind(form.entries.get('Fields'), 'ref'))
    return withItem(file, file.catalogRef, form, 'Fields', field);
  const grown = makeDict([
    ...form.entries,
    ['Fields', grownArray(form.entries.get('Fields'), field)],
  ]);
  return [[file.catalogRef, serialize(makeDict([...file.catalog.entries, ['AcroForm', grown]]))]];
}

/** The array under `key` with one more item: its own object rewritten, or else its owner's. */
function withItem(
  file: PdfFile,
  owner: PdfRef,
  dict: PdfDict,
  key: string,
  item: PdfRef,
): WrittenObject[] {
  const value = dict.entries.get(key);
  if (isKind(value, 'ref')) {
    const array = file.resolve(value);
    return [[value, serialize(grownArray(isKind(array, 'array') ? array : null, item))]];
  }
  return [[owner, serialize(makeDict([...dict.entries, [key, grownArray(value, item)]]))]];
}

function grownArray(value: PdfValue | undefined, item: PdfRef): PdfValue {
  if (value === undefined) return makeArray([item]);
  if (!isKind(value, 'array')) return refuse('not a list of fields or annotations');
  return makeArray([...value.items, item]);
}

const textOf = (text: string): PdfValue => ({
  kind: 'string',
  bytes: fromLatin1(text),
  hex: false,
  start: -1,
  end: -1,
});

/** Offsets in the update of the `<` of `/Contents`, and behind its `>`. */
export interface TimestampGap {
  readonly gapStart: number;
  readonly gapEnd: number;
}

/**
 * Where the token stands in an update of ours, found from its end backwards; undefined when the update is
 * no document timestamp. It proves nothing about the rest.
 */
export function timestampGap(start: number, update: Uint8Array): TimestampGap | undefined {
  const end = /\nstartxref\n(\d{1,15})\n%%EOF\n$/.exec(latin1(update.subarray(-64)));
  const xref = end ? Number(end[1]) - start : -1;
  if (xref <= 0 || xref >= update.length) return undefined;
  const gapEnd = xref - TAIL.length;
  if (gapEnd < 2 || latin1(update.subarray(gapEnd - 1, xref)) !== `>${TAIL}`) return undefined;
  let gapStart = gapEnd - 2;
  while (gapStart >= 0 && isLowerHex(update[gapStart]!)) gapStart--;
  if (update[gapStart] !== 0x3c || (gapEnd - gapStart) % 2 !== 0) return undefined;
  const before = `${' '.repeat(RANGE_WIDTH)} /Contents `.length + HEAD.length;
  const head = latin1(update.subarray(Math.max(0, gapStart - before), gapStart));
  return head.startsWith(HEAD) ? { gapStart, gapEnd } : undefined;
}

/** The two byte spans a document timestamp covers: what is digested for its imprint. Throws `format-pdf`. */
export function timestampedRanges(file: Uint8Array, update: Uint8Array): [Uint8Array, Uint8Array] {
  const { gapStart, gapEnd } = gapIn(file, update);
  return [concat(file, update.subarray(0, gapStart)), update.subarray(gapEnd)];
}

/** File, update, and the token in its place. Throws `format-pdf` when the token does not fit. */
export function closeTimestamp(
  file: Uint8Array,
  update: Uint8Array,
  token: Uint8Array,
): Uint8Array {
  const { gapStart, gapEnd } = gapIn(file, update);
  const closed = concat(file, update);
  closed.set(
    fromLatin1(contentsHex(token, (gapEnd - gapStart - 2) / 2)),
    file.length + gapStart + 1,
  );
  return closed;
}

const gapIn = (file: Uint8Array, update: Uint8Array): TimestampGap =>
  timestampGap(file.length, update) ?? refuse('the update holds no document timestamp');
