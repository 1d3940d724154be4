import { bytesEqual, concat, DomainError, fromUtf8, utf8 } from '@mandate/core';
import { crc32 } from './crc32.js';

/** Name and content, in file order. */
export type ZipEntry = readonly [name: string, bytes: Uint8Array];

/** What a header says of an entry; `size` in bytes. */
export interface ZipFacts {
  readonly name: string;
  readonly size: number;
  readonly crc: number;
}

export interface ZipLimits {
  readonly bytes: number;
  readonly entries: number;
}

/** A bundle is some hundred kilobytes; more than this is no bundle. */
const BUNDLE_LIMITS: ZipLimits = { bytes: 64 * 1024 * 1024, entries: 10_000 };

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** 1980-01-01, the earliest date ZIP can say: bundles carry no file dates. */
const FIXED_DATE = 0x0021;
const VERSION_NEEDED = 10;
const ENCRYPTED = 1;
/** Bytes of a local header before the name. */
const HEADER = 30;

/** Relative ASCII paths without empty, `.` or `..` segments: nothing that unpacks elsewhere. */
const NAME = /^(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)*$/;

/**
 * ZIP with stored (not compressed) entries in the given order, fixed dates, no extra fields and no
 * comments: the same entries always give the same bytes. Throws `format-zip` on unfit or repeated
 * names, `budget-exceeded` beyond 64 MiB or 10 000 entries.
 */
export function writeZip(entries: readonly ZipEntry[]): Uint8Array {
  checkNames(
    entries.map(([name]) => name),
    BUNDLE_LIMITS,
  );
  const facts = entries.map(factsOf);
  const length = facts.reduce((sum, { name, size }) => sum + HEADER + name.length + size, 0);
  if (length > BUNDLE_LIMITS.bytes) throw new DomainError('budget-exceeded', 'bundle is too large');
  const locals = facts.flatMap((fact, i) => [zipHeader(fact), entries[i]![1]]);
  return concat(...locals, zipDirectory(facts));
}

/**
 * Reads what `writeZip` writes and nothing else: local headers are followed from the first byte and each is compared
 * with the one due, then everything behind the last entry with the one directory due, so that a second directory,
 * gaps, comments or trailing bytes have no place to hide. Entries are views of `bytes`. Default limits: a bundle's.
 * Throws `format-zip`; `unsupported-algorithm` for encrypted or compressed entries; `budget-exceeded`.
 */
export function readZip(bytes: Uint8Array, limits: ZipLimits = BUNDLE_LIMITS): ZipEntry[] {
  if (bytes.length > limits.bytes) throw new DomainError('budget-exceeded', 'file is too large');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ZipEntry[] = [];
  const found: Uint8Array[] = [];
  let at = 0;
  while (at + HEADER <= bytes.length && view.getUint32(at, true) === LOCAL) {
    if (view.getUint16(at + 6, true) & ENCRYPTED)
      throw new DomainError('unsupported-algorithm', 'encrypted ZIP entry');
    if (view.getUint16(at + 8, true) !== 0)
      throw new DomainError('unsupported-algorithm', 'compressed ZIP entry');
    const size = view.getUint32(at + 22, true);
    const start = at + HEADER + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    if (start + size > bytes.length) throw bad('an entry reaches beyond the end');
    entries.push([nameOf(bytes.subarray(at + HEADER, start)), bytes.subarray(start, start + size)]);
    found.push(bytes.subarray(at, start));
    if (entries.length > limits.entries)
      throw new DomainError('budget-exceeded', 'too many ZIP entries');
    at = start + size;
  }
  if (entries.length === 0) throw bad('no ZIP entry at the first byte');
  checkNames(
    entries.map(([name]) => name),
    limits,
  );
  const facts = entries.map(factsOf);
  const canonical =
    facts.every((fact, i) => bytesEqual(zipHeader(fact), found[i]!)) &&
    bytesEqual(zipDirectory(facts), bytes.subarray(at));
  if (!canonical) throw bad('not in canonical form');
  return entries;
}

/** What stands before an entry's bytes. */
export const zipHeader = (facts: ZipFacts): Uint8Array =>
  concat(fields([[LOCAL, 4]]), sharedFields(facts), utf8(facts.name));

/** What stands behind the last entry: the directory and the end record. */
export function zipDirectory(entries: readonly ZipFacts[]): Uint8Array {
  let offset = 0;
  const lines = entries.map((facts) => {
    const name = utf8(facts.name);
    const mark = fields([
      [CENTRAL, 4],
      [VERSION_NEEDED, 2], // made by
    ]);
    // Comment length, disk, internal attributes, external attributes, offset of the local header.
    const tail = fields([
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [offset, 4],
    ]);
    offset += HEADER + name.length + facts.size;
    return concat(mark, sharedFields(facts), tail, name);
  });
  const directory = concat(...lines);
  const end = fields([
    [END, 4],
    [0, 2],
    [0, 2],
    [entries.length, 2],
    [entries.length, 2],
    [directory.length, 4],
    [offset, 4],
    [0, 2],
  ]);
  return concat(directory, end);
}

const factsOf = ([name, bytes]: ZipEntry): ZipFacts => ({
  ...{ name, size: bytes.length, crc: crc32(bytes) },
});

/** What an entry's local header and its line in the directory have in common; APPNOTE 4.4.3–4.4.11. */
const sharedFields = ({ name, size, crc }: ZipFacts): Uint8Array =>
  fields([
    [VERSION_NEEDED, 2],
    [0, 2], // flags
    [0, 2], // method: stored
    [0, 2], // time
    [FIXED_DATE, 2],
    [crc, 4],
    [size, 4],
    [size, 4],
    [utf8(name).length, 2],
    [0, 2], // extra field length
  ]);

function nameOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw new DomainError('format-zip', 'entry name is not UTF-8', { cause });
  }
}

function checkNames(names: readonly string[], limits: ZipLimits): void {
  if (names.length > limits.entries)
    throw new DomainError('budget-exceeded', 'too many ZIP entries');
  // Case-insensitive file systems would let one entry overwrite another.
  const seen = new Set<string>();
  for (const name of names) {
    if (name.length > 200 || !NAME.test(name)) throw bad('unfit entry name');
    if (seen.has(name.toLowerCase())) throw bad('entry name repeated');
    seen.add(name.toLowerCase());
  }
}

/** Little-endian integers of the given widths. */
function fields(values: readonly (readonly [value: number, width: 2 | 4])[]): Uint8Array {
  const out = new Uint8Array(values.reduce((n, [, width]) => n + width, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [value, width] of values) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return out;
}

const bad = (detail: string): DomainError => new DomainError('format-zip', detail);
