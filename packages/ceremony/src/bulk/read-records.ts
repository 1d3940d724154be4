import { concat } from '@mandate/core';
import { BULK_LIMITS, type BulkFormat } from './bulk-ports.js';

/** One record of the file as it stands there, without its line end. */
export interface RawRecord {
  /** Null: longer than a row may be. */
  readonly bytes: Uint8Array | null;
  /** Offset of the first byte after it, line end included. */
  readonly end: number;
  /** Line it begins on, counted from 1 where `pieces` begins. */
  readonly line: number;
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/**
 * Cuts the file into records, holding one of them and one piece. Empty lines are no records. A CSV record goes on
 * over line ends inside quotes (RFC 4180 §2.6); a doubled quote opens and closes, so counting them is enough.
 * @param start offset of the first byte that `pieces` gives; a record begins there
 */
export async function* readRecords(
  pieces: AsyncIterable<Uint8Array>,
  format: BulkFormat,
  start = 0,
): AsyncGenerator<RawRecord> {
  let held: Uint8Array[] = [];
  let size = 0;
  let quoted = false;
  let offset = start;
  let line = 1;
  let begun = 1;

  const hold = (bytes: Uint8Array): void => {
    // what is too long is counted, not kept
    if (size <= BULK_LIMITS.rowBytes) held.push(bytes);
    size += bytes.length;
  };
  const take = (end: number): RawRecord | null => {
    const long = size > BULK_LIMITS.rowBytes;
    const bytes = long ? null : withoutCr(held.length === 1 ? held[0]! : concat(...held));
    const record = { bytes, end, line: begun };
    held = [];
    size = 0;
    quoted = false;
    begun = line;
    return bytes && isBlank(bytes) ? null : record;
  };

  for await (const piece of pieces) {
    let from = 0;
    for (let i = 0; i < piece.length; i++) {
      if (format === 'csv' && piece[i] === QUOTE) quoted = !quoted;
      if (piece[i] !== LF) continue;
      line += 1;
      if (quoted) continue;
      hold(piece.subarray(from, i));
      from = i + 1;
      const record = take(offset + from);
      if (record) yield record;
    }
    hold(piece.subarray(from));
    offset += piece.length;
  }
  const last = size > 0 && take(offset);
  if (last) yield last;
}

const withoutCr = (bytes: Uint8Array): Uint8Array =>
  bytes.at(-1) === CR ? bytes.subarray(0, -1) : bytes;

const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === CR);
