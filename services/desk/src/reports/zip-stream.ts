import { concat, DomainError, utf8 } from '@mandate/core';

/** A stored entry; size and CRC-32 are known before its bytes are. */
export interface StreamedEntry {
  readonly name: string;
  readonly size: number;
  readonly crc: number;
  readonly bytes: () => Promise<Uint8Array>;
  /** Of the first that is really sent it is waited for before any byte leaves: a refusal is no half file. */
  readonly ready?: () => Promise<unknown>;
}

/** What a filing may be, docs/evidence-format.md Z-1: a larger one nobody could verify. */
const MOST_BYTES = 0x7fffffff;
const MOST_ENTRIES = 20_000;
/** 1980-01-01: entries carry no dates. */
const FIXED_DATE = 0x0021;

/** Bytes of the whole file. Throws `budget-exceeded` beyond what a filing may be. */
export function zipLength(entries: readonly StreamedEntry[]): number {
  const length = entries.reduce((sum, { name, size }) => sum + 76 + 2 * name.length + size, 22);
  if (length > MOST_BYTES || entries.length > MOST_ENTRIES)
    throw new DomainError('budget-exceeded', 'too much for one file; take fewer at a time');
  return length;
}

/**
 * ZIP of stored entries, entry after entry, from a byte on: entries that lie wholly before it are not even asked for
 * their bytes, so a download goes on where it broke off. The same entries are the same bytes. Names are ASCII.
 */
export async function* zipStream(
  entries: readonly StreamedEntry[],
  from = 0,
): AsyncGenerator<Uint8Array> {
  await firstFrom(entries, from)?.ready?.();
  let at = 0;
  const rest = (bytes: Uint8Array): Uint8Array[] => {
    const skip = Math.max(0, from - at);
    at += bytes.length;
    return skip >= bytes.length ? [] : [skip > 0 ? bytes.subarray(skip) : bytes];
  };
  const directory: Uint8Array[] = [];
  for (const entry of entries) {
    const shared = sharedFields(entry);
    const name = utf8(entry.name);
    // Comment length, disk, attributes, then where the entry begins.
    const tail = fields([0, 2], [0, 2], [0, 2], [0, 4], [at, 4]);
    directory.push(concat(fields([0x02014b50, 4], [10, 2]), shared, tail, name));
    yield* rest(concat(fields([0x04034b50, 4]), shared, name));
    if (at + entry.size <= from) at += entry.size;
    else yield* rest(await entry.bytes());
  }
  const begin = at;
  const central = concat(...directory);
  yield* rest(central);
  const count = entries.length;
  yield* rest(
    fields(
      ...([
        [0x06054b50, 4],
        [0, 2],
        [0, 2],
        [count, 2],
        [count, 2],
        [central.length, 4],
        [begin, 4],
        [0, 2],
      ] as const),
    ),
  );
}

/** The first of those that have something to wait for and whose bytes are sent. */
function firstFrom(entries: readonly StreamedEntry[], from: number): StreamedEntry | undefined {
  let end = 0;
  return entries.find(({ name, size, ready }) => {
    end += 30 + name.length + size;
    return end > from && ready !== undefined;
  });
}

/** What an entry's header and its line in the directory have in common, APPNOTE 4.4.3–4.4.11. */
const sharedFields = ({ name, size, crc }: StreamedEntry): Uint8Array =>
  fields(
    ...([
      [10, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [FIXED_DATE, 2],
      [crc, 4],
      [size, 4],
      [size, 4],
      [name.length, 2],
      [0, 2],
    ] as const),
  );

/** Little-endian integers of the given widths. */
function fields(...values: readonly (readonly [value: number, width: 2 | 4])[]): Uint8Array {
  const out = new Uint8Array(values.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [value, width] of values) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return out;
}
