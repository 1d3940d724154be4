import { derLength } from './der-length.js';
import { formFields, type FormField } from './form-fields.js';
import { readPdf, type PdfFile, type ReadOptions } from './read-pdf.js';
import { refuse } from './refusal.js';
import { hexToBytes } from './syntax.js';
import { layoutOfUpdate } from './update-layout.js';
import { asIndex, isKind, latin1, type PdfDict, type PdfObject, type PdfRef } from './values.js';

/** Facts about one signature as the file states them; judging is for others. */
export interface PdfSignature {
  /** Fully qualified name of its field. */
  readonly field: string;
  readonly fieldRef: PdfRef;
  /** Absent when the dictionary is written inside the field. */
  readonly ref: PdfRef | undefined;
  readonly dict: PdfDict;
  /** Revision the signature dictionary was written in; 0 is the oldest. */
  readonly revision: number;
  /** `Sig`, `DocTimeStamp`, or undefined when the file names none. */
  readonly type: string | undefined;
  readonly filter: string | undefined;
  readonly subFilter: string | undefined;
  /** `/M` as written. */
  readonly m: string | undefined;
  readonly byteRange: readonly [number, number, number, number];
  /** `/ByteRange` starts at 0, stays in the file, and leaves out exactly the `/Contents` token. */
  readonly byteRangeExact: boolean;
  /** Offset behind the last byte covered. */
  readonly coveredEnd: number;
  /** Exact, and nothing follows. */
  readonly coversWholeFile: boolean;
  /** The DER value in `/Contents` without what fills it up; the whole string if it is no DER. */
  readonly contents: Uint8Array;
  /** The whole string (the VRI key of PAdES is its SHA-1). */
  readonly paddedContents: Uint8Array;
  /** Nothing but zeros behind the DER value. */
  readonly paddingIsZeros: boolean;
  /** Length of the file's first revision: the letter as it was shown. */
  readonly letterLength: number;
}

/**
 * All signatures of signed fields, in field order. Throws `format-pdf` when a signature dictionary,
 * `/ByteRange` or `/Contents` is malformed or lies in an object stream.
 */
export function readSignatures(file: PdfFile): PdfSignature[] {
  return formFields(file)
    .filter((field) => field.type === 'Sig' && file.resolve(field.value) !== null)
    .map((field) => readSignature(file, field));
}

function readSignature(file: PdfFile, field: FormField): PdfSignature {
  const ref = isKind(field.value, 'ref') ? field.value : undefined;
  const dict = file.resolve(field.value);
  if (!isKind(dict, 'dict')) return refuse('the value of a signature field is no dictionary');
  const contents = file.resolve(dict.entries.get('Contents'));
  // Not in an object stream and not elsewhere in the file: its offsets must be comparable.
  if (
    !isKind(contents, 'string') ||
    isKind(dict.entries.get('Contents'), 'ref') ||
    contents.start < 0
  )
    return refuse('a signature without direct /Contents');
  const byteRange = readByteRange(file.resolve(dict.entries.get('ByteRange')));
  const [start, length, resume, rest] = byteRange;
  const coveredEnd = resume + rest;
  const byteRangeExact =
    start === 0 &&
    length === contents.start &&
    resume === contents.end &&
    coveredEnd <= file.bytes.length;
  const der = derLength(contents.bytes);
  const text = (key: string): string | undefined => {
    const value = file.resolve(dict.entries.get(key));
    if (isKind(value, 'name')) return value.value;
    return isKind(value, 'string') ? latin1(value.bytes) : undefined;
  };
  return {
    field: field.name,
    fieldRef: field.ref,
    ref,
    dict,
    revision: file.entry((ref ?? field.ref).number)!.revision,
    type: text('Type'),
    filter: text('Filter'),
    subFilter: text('SubFilter'),
    m: text('M'),
    byteRange,
    byteRangeExact,
    coveredEnd,
    coversWholeFile: byteRangeExact && coveredEnd === file.bytes.length,
    contents: der === undefined ? contents.bytes : contents.bytes.subarray(0, der),
    paddedContents: contents.bytes,
    paddingIsZeros: der !== undefined && contents.bytes.subarray(der).every((byte) => byte === 0),
    letterLength: letterLength(file),
  };
}

function readByteRange(value: PdfObject): [number, number, number, number] {
  const numbers = isKind(value, 'array') ? value.items.map(asIndex) : [];
  if (numbers.length !== 4 || numbers.includes(undefined)) return refuse('malformed /ByteRange');
  return numbers as [number, number, number, number];
}

/**
 * Where the first revision ends. Updates of ours begin with one line feed, so that a letter is found
 * again whether or not it ended in one.
 */
export function letterLength(file: PdfFile): number {
  const [first, second] = file.revisions;
  if (!second) return file.bytes.length;
  let start = second.xrefOffset;
  for (const entry of second.objects.values())
    if (entry.kind === 'offset') start = Math.min(start, entry.offset);
  const cut = start - 1;
  const before = latin1(file.bytes.subarray(Math.max(0, cut - 8), start));
  return /%%EOF(?:\r\n|\r|\n)?\n$/.test(before) ? cut : first!.end;
}

/** A signed letter taken apart. */
export interface SplitSigned {
  /** The letter as shown. */
  readonly letter: Uint8Array;
  /** The update that signed it, `/Contents` filled in. */
  readonly update: Uint8Array;
  readonly cms: Uint8Array;
  /** Revisions after the signature; empty right after signing. */
  readonly later: Uint8Array;
}

/**
 * Takes a file apart into letter, signature update and what came later. The update's shape is read, not
 * judged: pass it to `checkSignatureUpdate`. Throws `format-pdf`.
 */
export function splitSigned(signed: Uint8Array, options?: ReadOptions): SplitSigned {
  const file = readPdf(signed, options);
  const updated = file.revisions[1] ?? refuse('the file has no second revision');
  const cut = letterLength(file);
  const update = signed.subarray(cut, updated.end);
  const { gapStart, gapEnd } = layoutOfUpdate(cut, update);
  const bytes = hexToBytes(update.subarray(gapStart + 1, gapEnd - 1))!;
  const length = derLength(bytes) ?? refuse('/Contents holds no DER value');
  return {
    letter: signed.subarray(0, cut),
    update,
    cms: bytes.subarray(0, length),
    later: signed.subarray(updated.end),
  };
}
