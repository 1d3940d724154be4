/** A number with its exact text, so that rewriting an object never changes a digit. */
export interface PdfNumber {
  readonly kind: 'number';
  readonly value: number;
  readonly text: string;
}
/** `value` holds the decoded bytes as Latin-1 characters, without the slash. */
export interface PdfName {
  readonly kind: 'name';
  readonly value: string;
}
/** `start`/`end` are the offsets of the token with its delimiters in the bytes it was parsed from. */
export interface PdfString {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
  readonly hex: boolean;
  readonly start: number;
  readonly end: number;
}
export interface PdfArray {
  readonly kind: 'array';
  readonly items: readonly PdfValue[];
}
export interface PdfDict {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<string, PdfValue>;
}
export interface PdfRef {
  readonly kind: 'ref';
  readonly number: number;
  readonly generation: number;
}
/** `raw` is the stream's data as stored, before any filter. */
export interface PdfStream {
  readonly kind: 'stream';
  readonly dict: PdfDict;
  readonly raw: Uint8Array;
}

/** What can stand inside another object. */
export type PdfValue =
  null | boolean | PdfNumber | PdfName | PdfString | PdfArray | PdfDict | PdfRef;
/** What can stand as an indirect object. */
export type PdfObject = PdfValue | PdfStream;

type Kinds = {
  number: PdfNumber;
  name: PdfName;
  string: PdfString;
  array: PdfArray;
  dict: PdfDict;
  ref: PdfRef;
  stream: PdfStream;
};

/** Narrows by kind; null, booleans and undefined have none. */
export function isKind<K extends keyof Kinds>(
  value: PdfObject | undefined,
  kind: K,
): value is Kinds[K] {
  return typeof value === 'object' && value !== null && value.kind === kind;
}

export const isName = (value: PdfObject | undefined, name: string): boolean =>
  isKind(value, 'name') && value.value === name;

export const makeRef = (number: number, generation: number): PdfRef => ({
  kind: 'ref',
  number,
  generation,
});
export const makeName = (value: string): PdfName => ({ kind: 'name', value });
export const makeNumber = (value: number): PdfNumber => ({
  kind: 'number',
  value,
  text: String(value),
});
export const makeArray = (items: readonly PdfValue[]): PdfArray => ({ kind: 'array', items });
export const makeDict = (entries: Iterable<readonly [string, PdfValue]>): PdfDict => ({
  kind: 'dict',
  entries: new Map(entries),
});

/** Of `0-9a-f`, as bytes. */
export const isLowerHex = (c: number): boolean =>
  (c >= 0x30 && c <= 0x39) || (c >= 0x61 && c <= 0x66);

export const refKey = (ref: PdfRef): string => `${ref.number} ${ref.generation}`;

/** A non-negative integer that fits a file offset or a count, else undefined. */
export function asIndex(value: PdfObject | undefined): number | undefined {
  return isKind(value, 'number') && /^\+?\d{1,15}$/.test(value.text) ? value.value : undefined;
}

/** Latin-1 text of bytes; PDF syntax is bytes, this is only for comparing and matching them. */
export function latin1(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    out += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return out;
}

export function fromLatin1(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}
