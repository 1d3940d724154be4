import { utf8 } from './encoding.js';
import { DomainError } from './errors.js';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [k: string]: Json };

const bad = (detail: string): never => {
  throw new DomainError('format-json', detail);
};

/**
 * Canonical JSON: RFC 8785 (JCS), stricter. Numbers are integers within ±2^53−1, strings are
 * well-formed NFC, members with value `undefined` are refused. Throws `format-json`.
 */
export function canonicalize(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) bad('number is not a safe integer');
    return String(value);
  }
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalize(item)).join(',')}]`;
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value as Record<string, unknown>);
    // RFC 8785 §3.2.3 sorts by UTF-16 code units, which is what `<` on strings compares.
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([k, v]) => `${canonicalString(k)}:${canonicalize(v)}`).join(',')}}`;
  }
  return bad(`a ${typeof value} has no canonical form`);
}

function canonicalString(text: string): string {
  if (/\p{Surrogate}/u.test(text)) bad('string has a lone surrogate');
  if (text.normalize('NFC') !== text) bad('string is not NFC');
  return JSON.stringify(text);
}

/** UTF-8 bytes of the canonical form. */
export const canonicalBytes = (value: unknown): Uint8Array => utf8(canonicalize(value));

/**
 * Parses JSON whose text must already be canonical; this is what refuses duplicate members,
 * white space and every second spelling at once. Throws `format-json`.
 */
export function parseCanonical(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new DomainError('format-json', 'not JSON', { cause });
  }
  if (canonicalize(value) !== text) bad('not in canonical form');
  return value;
}
