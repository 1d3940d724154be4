import { concat, utf8 } from '@mandate/core/encoding';
import { DomainError } from '@mandate/core/errors';
import { TAG } from './der-primitives.js';
import { compareBytes } from './der-reader.js';
import { writeGeneralizedTime } from './der-time.js';

/** One complete DER value. */
export type DerBytes = Uint8Array;

function encode(tag: number, ...parts: Uint8Array[]): DerBytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const header: number[] = [tag];
  if (length < 0x80) header.push(length);
  else {
    const octets: number[] = [];
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest & 0xff);
    header.push(0x80 | octets.length, ...octets);
  }
  return concat(Uint8Array.from(header), ...parts);
}

/** Content octets of an INTEGER; bytes are read as an unsigned big-endian number. */
function integerContent(value: number | bigint | Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) {
    let start = 0;
    while (start < value.length - 1 && value[start] === 0) start++;
    const magnitude = value.subarray(start);
    if (magnitude.length === 0) return Uint8Array.of(0);
    return magnitude[0]! & 0x80 ? concat(Uint8Array.of(0), magnitude) : magnitude;
  }
  let rest = BigInt(value);
  const bytes: number[] = [];
  // Two's complement, least significant octet first, until only the sign is left.
  for (;;) {
    bytes.unshift(Number(rest & 0xffn));
    rest >>= 8n;
    const negative = (bytes[0]! & 0x80) !== 0;
    if ((rest === 0n && !negative) || (rest === -1n && negative)) return Uint8Array.from(bytes);
  }
}

function oidContent(text: string): Uint8Array {
  if (!/^[0-2](?:\.(?:0|[1-9]\d*))+$/.test(text))
    throw new DomainError('format-der', 'not an object identifier');
  const [top, second, ...rest] = text.split('.').map(BigInt) as [bigint, bigint, ...bigint[]];
  if (top < 2n && second > 39n) throw new DomainError('format-der', 'not an object identifier');
  const bytes: number[] = [];
  for (const arc of [top * 40n + second, ...rest]) {
    const groups = [Number(arc & 0x7fn)];
    for (let left = arc >> 7n; left > 0n; left >>= 7n) groups.unshift(Number(left & 0x7fn) | 0x80);
    bytes.push(...groups);
  }
  return Uint8Array.from(bytes);
}

function ascii(text: string, allowed: RegExp): Uint8Array {
  if (!allowed.test(text)) throw new DomainError('format-der', 'character not allowed in string');
  return utf8(text);
}

/** Builders; every result is a complete DER value, arguments that are DER are taken as they are. */
export const der = {
  sequence: (...parts: DerBytes[]): DerBytes => encode(TAG.sequence, ...parts),
  /** SET OF: members are sorted (X.690 §11.6). */
  set: (...parts: DerBytes[]): DerBytes => encode(TAG.set, ...[...parts].sort(compareBytes)),
  integer: (value: number | bigint | Uint8Array): DerBytes =>
    encode(TAG.integer, integerContent(value)),
  enumerated: (value: number): DerBytes => encode(TAG.enumerated, integerContent(value)),
  boolean: (value: boolean): DerBytes => encode(TAG.boolean, Uint8Array.of(value ? 0xff : 0)),
  null: (): DerBytes => encode(TAG.null),
  oid: (text: string): DerBytes => encode(TAG.oid, oidContent(text)),
  octets: (bytes: Uint8Array): DerBytes => encode(TAG.octets, bytes),
  /** BIT STRING of whole octets. */
  bits: (bytes: Uint8Array): DerBytes => encode(TAG.bits, Uint8Array.of(0), bytes),
  /** Named-bit list from bit numbers; trailing zero bits are dropped (X.690 §11.2.2). */
  namedBits(numbers: readonly number[]): DerBytes {
    if (numbers.length === 0) return encode(TAG.bits, Uint8Array.of(0));
    const highest = Math.max(...numbers);
    const bytes = new Uint8Array(1 + (highest >> 3) + 1);
    bytes[0] = 7 - (highest & 7);
    for (const n of numbers) bytes[1 + (n >> 3)]! |= 0x80 >> (n & 7);
    return encode(TAG.bits, bytes);
  },
  utf8: (text: string): DerBytes => encode(TAG.utf8, utf8(text)),
  printable: (text: string): DerBytes =>
    encode(TAG.printable, ascii(text, /^[A-Za-z0-9 '()+,\-./:=?]*$/)),
  ia5: (text: string): DerBytes => encode(TAG.ia5, ascii(text, /^[\x20-\x7e]*$/)),
  /** `Time` of RFC 5280 §4.1.2.5: UTCTime for 1950–2049, GeneralizedTime otherwise; sub-seconds are cut. */
  time(at: Date): DerBytes {
    const text = writeGeneralizedTime(at, false);
    const year = at.getUTCFullYear();
    if (year < 1950 || year > 2049) return encode(TAG.generalizedTime, utf8(text));
    return encode(TAG.utcTime, utf8(text.slice(2)));
  },
  generalizedTime: (at: Date, options?: { fraction?: boolean }): DerBytes =>
    encode(TAG.generalizedTime, utf8(writeGeneralizedTime(at, options?.fraction ?? false))),
  /** `[n]` EXPLICIT, or IMPLICIT over a list of members. */
  context: (n: number, ...parts: DerBytes[]): DerBytes => encode(0xa0 | n, ...parts),
  /** `[n]` IMPLICIT: the value's own tag is replaced, its constructed bit kept. */
  implicit(n: number, value: DerBytes): DerBytes {
    const out = new Uint8Array(value);
    out[0] = 0x80 | (value[0]! & 0x20) | n;
    return out;
  },
} as const;
