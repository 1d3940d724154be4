import { unpredict } from './predictor.js';
import { overBudget, refuse, unsupported } from './refusal.js';
import { hexDigit } from './syntax.js';
import { asIndex, isKind, type PdfDict, type PdfObject, type PdfStream } from './values.js';

/** Inflates zlib data; must throw on broken data and when the output would exceed `maxOutput` bytes. */
export type Inflate = (zlib: Uint8Array, maxOutput: number) => Uint8Array;

/** What decoding needs from outside, and what is left of the budget; shared by one file's streams. */
export interface Decoding {
  inflate: Inflate | undefined;
  inflatedLeft: number;
  resolve(value: PdfObject | undefined): PdfObject;
}

const MAX_FILTERS = 8;

/** The stream's data with all filters undone (ISO 32000-1 §7.4). Throws `format-pdf`, `budget-exceeded`, `unsupported-algorithm`. */
export function decodeStream(stream: PdfStream, decoding: Decoding): Uint8Array {
  if (stream.dict.entries.has('F')) unsupported('stream data in another file');
  const filters = listOf(decoding.resolve(stream.dict.entries.get('Filter')));
  const params = listOf(decoding.resolve(stream.dict.entries.get('DecodeParms')));
  if (filters.length > MAX_FILTERS) overBudget('too many filters on one stream');
  let data = stream.raw;
  filters.forEach((item, i) => {
    const filter = decoding.resolve(item);
    if (!isKind(filter, 'name')) refuse('filter is no name');
    const param = decoding.resolve(params[i]);
    data = applyFilter(filter.value, data, isKind(param, 'dict') ? param : undefined, decoding);
    decoding.inflatedLeft -= data.length;
    if (decoding.inflatedLeft < 0) overBudget('streams are too large when decoded');
  });
  return data;
}

const listOf = (value: PdfObject): readonly PdfObject[] =>
  value === null ? [] : isKind(value, 'array') ? value.items : [value];

function applyFilter(
  filter: string,
  data: Uint8Array,
  params: PdfDict | undefined,
  decoding: Decoding,
): Uint8Array {
  switch (filter) {
    case 'FlateDecode':
    case 'Fl':
      return unpredict(inflateStrictly(data, decoding), (name) => {
        const value = decoding.resolve(params?.entries.get(name));
        return value === null ? undefined : (asIndex(value) ?? refuse(`bad /${name}`));
      });
    case 'ASCIIHexDecode':
    case 'AHx':
      return asciiHex(data);
    case 'ASCII85Decode':
    case 'A85':
      return ascii85(data);
    default:
      return unsupported(`stream filter ${filter}`);
  }
}

function inflateStrictly(data: Uint8Array, decoding: Decoding): Uint8Array {
  if (!decoding.inflate) return unsupported('compressed stream, and no inflate was given');
  let out: Uint8Array;
  try {
    out = decoding.inflate(data, decoding.inflatedLeft);
  } catch (cause) {
    // A bomb and a broken stream look alike through the port; both are the file's fault.
    return refuse('compressed stream is broken or too large', cause);
  }
  if (out.length > decoding.inflatedLeft) overBudget('streams are too large when decoded');
  return out;
}

function asciiHex(data: Uint8Array): Uint8Array {
  const digits: number[] = [];
  for (const c of data) {
    if (c === 0x3e) break;
    if (c <= 0x20) continue;
    const digit = hexDigit(c);
    if (digit < 0) refuse('bad ASCIIHex data');
    digits.push(digit);
  }
  if (digits.length % 2) digits.push(0);
  return Uint8Array.from(
    { length: digits.length / 2 },
    (_, i) => digits[2 * i]! * 16 + digits[2 * i + 1]!,
  );
}

function ascii85(data: Uint8Array): Uint8Array {
  const out: number[] = [];
  let group: number[] = [];
  const flush = (): void => {
    if (group.length === 1) refuse('bad ASCII85 data');
    const padded = [...group, 84, 84, 84, 84].slice(0, 5);
    const value = padded.reduce((sum, digit) => sum * 85 + digit, 0);
    if (value > 0xffffffff) refuse('bad ASCII85 data');
    const bytes = [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
    out.push(...bytes.slice(0, group.length - 1));
    group = [];
  };
  for (const c of data) {
    if (c === 0x7e) break;
    if (c <= 0x20) continue;
    if (c === 0x7a && group.length === 0) out.push(0, 0, 0, 0);
    else if (c >= 0x21 && c <= 0x75) group.push(c - 0x21);
    else refuse('bad ASCII85 data');
    if (group.length === 5) flush();
  }
  if (group.length > 0) flush();
  return Uint8Array.from(out);
}
