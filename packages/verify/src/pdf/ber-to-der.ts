import { concat, DomainError } from '@mandate/core';

/** What a hostile value may cost. */
const MAX_DEPTH = 40;
const MAX_VALUES = 100_000;

/**
 * The first BER value of `bytes` written anew in DER lengths (X.690 §8, §10): other people's CMS uses
 * indefinite lengths, long forms and strings in pieces. Order of sets and contents of primitives stay,
 * so what was DER comes out byte for byte. `end` is the offset behind the value. Throws `format-cms`,
 * `budget-exceeded`.
 */
export function berToDer(bytes: Uint8Array): { readonly der: Uint8Array; readonly end: number } {
  const state = { values: 0 };
  const [der, end] = convert(bytes, 0, bytes.length, 0, state);
  return { der, end };
}

const fail = (detail: string): never => {
  throw new DomainError('format-cms', detail);
};

type State = { values: number };

function convert(
  bytes: Uint8Array,
  start: number,
  limit: number,
  depth: number,
  state: State,
): [Uint8Array, number] {
  if (depth > MAX_DEPTH || ++state.values > MAX_VALUES)
    throw new DomainError('budget-exceeded', 'BER nested too deep or too long');
  if (limit - start < 2) fail('truncated');
  const tag = bytes[start]!;
  if ((tag & 0x1f) === 0x1f) fail('multi-octet tag');
  const constructed = (tag & 0x20) !== 0;
  const [length, at] = readLength(bytes, start + 1, limit);
  if (length === undefined && !constructed) fail('primitive value without a length');
  const stop = length === undefined ? limit : at + length;
  if (stop > limit) fail('truncated');
  if (!constructed) return [encode(tag, bytes.subarray(at, stop)), stop];

  const parts: Uint8Array[] = [];
  let next = at;
  for (;;) {
    if (length === undefined && bytes[next] === 0 && bytes[next + 1] === 0) {
      next += 2;
      break;
    }
    if (length !== undefined && next === stop) break;
    const [part, after] = convert(bytes, next, stop, depth + 1, state);
    parts.push(part);
    next = after;
  }
  // OCTET STRING in pieces.
  if (tag === 0x24) return [encode(0x04, ...parts.map(octets)), next];
  return [encode(tag, ...parts), next];
}

/** Length and the offset behind it; undefined for the indefinite form. */
function readLength(bytes: Uint8Array, at: number, limit: number): [number | undefined, number] {
  const first = bytes[at]!;
  if (first < 0x80) return [first, at + 1];
  const octets = first & 0x7f;
  if (octets === 0) return [undefined, at + 1];
  if (octets > 8 || at + 1 + octets > limit) fail('bad length');
  let length = 0;
  for (let i = 1; i <= octets; i++) length = length * 256 + bytes[at + i]!;
  if (length > 0xffffffff) fail('bad length');
  return [length, at + 1 + octets];
}

function octets(piece: Uint8Array): Uint8Array {
  if (piece[0] !== 0x04) return fail('string in pieces of another kind');
  const [, at] = readLength(piece, 1, piece.length);
  return piece.subarray(at);
}

function encode(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header = [tag];
  if (length < 0x80) header.push(length);
  else {
    const size: number[] = [];
    for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest & 0xff);
    header.push(0x80 | size.length, ...size);
  }
  return concat(Uint8Array.from(header), ...parts);
}
