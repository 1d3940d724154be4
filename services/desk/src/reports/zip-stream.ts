import { DomainError } from '@mandate/core';
import { zipDirectory, zipHeader, type ZipFacts } from '@mandate/evidence';

/** A stored entry; size and CRC-32 are known before its bytes are. */
export interface StreamedEntry extends ZipFacts {
  readonly bytes: () => Promise<Uint8Array>;
  /** Of the first that is really sent it is waited for before any byte leaves: a refusal is no half file. */
  readonly ready?: () => Promise<unknown>;
}

/** What a filing may be, docs/evidence-format.md Z-1: a larger one nobody could verify. */
const MOST_BYTES = 0x7fffffff;
const MOST_ENTRIES = 20_000;

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
  for (const entry of entries) {
    yield* rest(zipHeader(entry));
    if (at + entry.size <= from) at += entry.size;
    else yield* rest(await entry.bytes());
  }
  yield* rest(zipDirectory(entries));
}

/** The first of those that have something to wait for and whose bytes are sent. */
function firstFrom(entries: readonly StreamedEntry[], from: number): StreamedEntry | undefined {
  let end = 0;
  return entries.find(({ name, size, ready }) => {
    end += 30 + name.length + size;
    return end > from && ready !== undefined;
  });
}
