import { DomainError, fromUtf8, parseCanonical, type Json } from '@mandate/core';

/** Reads one JSON value or throws `format-bundle`. */
export type Reader<T> = (value: Json | undefined) => T;

const bad = (detail: string): never => {
  throw new DomainError('format-bundle', detail);
};

/** A member that may be absent. */
export interface Optional<T> extends Reader<T> {
  readonly optional: true;
}
export const optional = <T>(read: Reader<T>): Optional<T> =>
  Object.assign((value: Json | undefined) => read(value), { optional: true } as const);

/** An object with exactly these members. */
export const record =
  <T extends object>(members: {
    readonly [K in keyof T]-?: undefined extends T[K]
      ? Optional<Exclude<T[K], undefined>>
      : Reader<T[K]>;
  }): Reader<T> =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return bad('not an object');
    const source = value as Readonly<Record<string, Json>>;
    const names = Object.keys(members);
    if (Object.keys(source).some((name) => !names.includes(name))) bad('unknown member');
    const entries = names.flatMap((name) => {
      const read = members[name as keyof T] as Reader<unknown> & { optional?: true };
      if (Object.hasOwn(source, name)) return [[name, read(source[name])]];
      return read.optional ? [] : bad(`member ${name} is missing`);
    });
    return Object.fromEntries(entries) as T;
  };

export const list =
  <T>(item: Reader<T>, max: number): Reader<readonly T[]> =>
  (value) =>
    Array.isArray(value) && value.length <= max ? value.map(item) : bad('not a list');

export const text =
  (pattern = /^[^\p{Cc}]{1,500}$/u): Reader<string> =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? value : bad('malformed text');

export const oneOf =
  <T extends string>(...allowed: readonly T[]): Reader<T> =>
  (value) =>
    allowed.includes(value as T) ? (value as T) : bad('unknown word');

export const integer =
  (min: number, max: number): Reader<number> =>
  (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? value
      : bad('number out of bounds');

export const yesOrNo: Reader<boolean> = (value) =>
  typeof value === 'boolean' ? value : bad('neither true nor false');

export const nullable =
  <T>(read: Reader<T>): Reader<T | null> =>
  (value) =>
    value === null ? null : read(value);

export const digest: Reader<string> = text(/^[0-9a-f]{64}$/);

/** RFC 3339, UTC; seconds, with or without milliseconds; a moment that exists. */
export function isMoment(value: Json | undefined): value is string {
  if (typeof value !== 'string') return false;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/.test(value)) return false;
  const read = new Date(value);
  // 30 February and 24 o'clock are read as the day after
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(value.slice(0, 19));
}

export const moment: Reader<string> = (value) => (isMoment(value) ? value : bad('no such time'));

/** Any object; its content is nobody's business here but its digest is. */
export const anyObject: Reader<Readonly<Record<string, Json>>> = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : bad('not an object');

/** Canonical JSON bytes of the given shape. Throws `format-bundle`, `format-json`, `invalid-request`. */
export const readJson = <T>(bytes: Uint8Array, shape: Reader<T>): T =>
  shape(parseCanonical(fromUtf8(bytes)));
