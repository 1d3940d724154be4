import { bytesEqual, DomainError, isDomainError, utf8, type Objects } from '@mandate/core';
import { formatEntryBundle, TILE_WIDTH } from '@mandate/ledger';
import type { LedgerStandingReads } from '../ports.js';
import { lastTile, tileObject } from './publish-tiles.js';

export interface GateDeps {
  readonly record: LedgerStandingReads;
  readonly objects: Objects;
}

/**
 * Whether the record still holds everything that was published: asked for when a process starts, and cheaply before
 * each act that rests on it. `open` and the gate itself throw `ledger-behind`.
 */
export interface LedgerGate {
  /** Before the process takes work. Also throws what the object store throws: who cannot look does not sign. */
  open(): Promise<void>;
  /** Whether the database was set back beneath this process. */
  pass(): Promise<void>;
  /** Role ledger said that it has so many entries: from now on fewer are a record that was set back. */
  saw(size: number): void;
  /** The most entries that it was seen to have. */
  seen(): number;
}

export function ledgerGate({ record, objects }: GateDeps): LedgerGate {
  let seen = 0;
  const look = async (): Promise<number> => {
    const size = await record.signedSize();
    if (size < seen)
      throw new DomainError(
        'ledger-behind',
        `the ledger had ${seen} entries and has ${size}: an old copy of the database was restored`,
      );
    seen = size;
    return size;
  };
  return {
    open: async () => {
      await checkLastPublished(record, objects);
      await checkNothingLonger(objects, await look());
    },
    pass: async () => void (await look()),
    saw: (size) => {
      seen = Math.max(seen, size);
    },
    seen: () => seen,
  };
}

/** What was published last lies where it is looked for: an empty folder is no proof that nothing is longer. */
async function checkLastPublished(record: LedgerStandingReads, objects: Objects): Promise<void> {
  const size = await record.publishedSize();
  if (size === 0) return;
  const { first, width, name } = lastTile(size);
  const published = await found(objects.get(name));
  if (!published)
    throw new DomainError(
      'ledger-behind',
      `the ledger’s files up to ${size} are not in the object store: another store, or an emptied one`,
    );
  const held = formatEntryBundle((await record.entries(first, width)).map(utf8));
  if (!bytesEqual(published, held))
    throw new DomainError('ledger-behind', 'another history was published');
}

/** Looks for the files a longer ledger would have: some width of the same bundle, or the full one. */
async function checkNothingLonger(objects: Objects, size: number): Promise<void> {
  const index = Math.floor(size / TILE_WIDTH);
  const longer = Array.from({ length: TILE_WIDTH - (size % TILE_WIDTH) }, (_, i) =>
    tileObject({ level: 'entries', index, width: (size % TILE_WIDTH) + 1 + i }),
  );
  const files = await Promise.all(longer.map((name) => found(objects.get(name))));
  if (files.some(Boolean))
    throw new DomainError('ledger-behind', 'more entries were published than the record holds');
}

/** Null: nothing there. */
const found = (reading: Promise<Uint8Array>): Promise<Uint8Array | null> =>
  reading.catch((error: unknown) => {
    if (isDomainError(error, 'object-missing')) return null;
    throw error;
  });
