import { canonicalBytes, hmacSha256, secretsEqual, toBase64Url, utf8 } from '@mandate/core';

/** What one column may hold; numbers are integers, moments have milliseconds. */
export type MacValue = string | number | boolean | null | Date | Uint8Array | readonly string[];
export type MacRow = Readonly<Record<string, MacValue>>;

/**
 * Codes over rows of the desk that somebody's say hangs on: sessions, passkeys, roles, approvals, orders. A row that
 * role vault or the `staff` command did not write has none that holds, so neither the database's owner nor role
 * vault's own login gains anything by writing one. Columns that change later (`ended_at`, `used_at`) stay out, or the
 * code is written anew with them.
 */
export interface RowMacs {
  /** HMAC-SHA-256 over the table's name and these columns, 32 bytes: for a column `mac bytea`. */
  of(table: string, row: MacRow): Uint8Array;
  /** Whether `mac` is the code of exactly this row. */
  holds(table: string, row: MacRow, mac: Uint8Array): boolean;
}

/** `wrappingKey`: role vault's secret `wrapping`. The codes have a key of their own, drawn from it. */
export function rowMacs(wrappingKey: Uint8Array): RowMacs {
  const key = hmacSha256(wrappingKey, utf8('mandate/desk-rows/v1'));
  const of = (table: string, row: MacRow): Uint8Array =>
    hmacSha256(key, canonicalBytes({ table, row: plain(row) }));
  return { of, holds: (table, row, mac) => secretsEqual(of(table, row), mac) };
}

/** Each value says what it is: a text that looks like a moment is another value than the moment. */
const plain = (row: MacRow): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (value instanceof Date) return [name, { at: value.toISOString() }];
      if (value instanceof Uint8Array) return [name, { bytes: toBase64Url(value) }];
      return [name, Array.isArray(value) ? [...value] : value];
    }),
  );
