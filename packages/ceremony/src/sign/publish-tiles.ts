import { DomainError, isDomainError, utf8, type Objects } from '@mandate/core';
import {
  formatEntryBundle,
  newTiles,
  readCheckpoint,
  TILE_WIDTH,
  tileBytes,
  tilePath,
  type Tile,
} from '@mandate/ledger';
import type { LedgerRecord } from '../ports.js';

export interface PublishDeps {
  readonly record: Pick<
    LedgerRecord,
    'newestCheckpoint' | 'publishedSize' | 'markPublished' | 'nodes' | 'entries'
  >;
  readonly objects: Objects;
}

/** Where a tile lies in the object store, below the prefix that is served as `/ledger`. */
export const tileObject = (tile: Tile): string => `ledger/${tilePath(tile)}`;

/**
 * Writes what the newest checkpoint adds to the ledger's files (C2SP tlog-tiles) into the write-once store, before
 * anybody hears of that checkpoint. Throws `ledger-behind` when other bytes stand there: the database holds another
 * history than was published, `objects-unavailable` when what was published last does not: files written into a folder
 * where the disk is not mounted would make it look like the store. Resolves to false when there was nothing new.
 */
export async function publishTiles({ record, objects }: PublishDeps): Promise<boolean> {
  const note = await record.newestCheckpoint('any');
  if (note === null) return false;
  const { size } = readCheckpoint(note);
  const from = await record.publishedSize();
  if (from >= size) return false;
  await checkPublished(objects, from);
  for (const tile of newTiles(from, size)) {
    const bytes = await bytesOf(record, tile);
    await objects.put(tileObject(tile), bytes).catch((cause: unknown) => {
      if (!isDomainError(cause, 'object-exists')) throw cause;
      throw new DomainError('ledger-behind', 'another history was published', { cause });
    });
  }
  await record.markPublished(size);
  return true;
}

/**
 * Before an object is said to be missing: whether this is the store of this record at all. What the ledger published
 * last must lie in it; an empty folder where a disk should be mounted does not have it. Throws `objects-unavailable`.
 */
export async function checkStore({
  record,
  objects,
}: {
  readonly record: Pick<LedgerRecord, 'publishedSize'>;
  readonly objects: Pick<Objects, 'get'>;
}): Promise<void> {
  await checkPublished(objects, await record.publishedSize());
}

/** The entries at the end of a ledger of which `size` were published: where they begin, and the file they lie in. */
export function lastTile(size: number): { first: number; width: number; name: string } {
  const index = Math.floor((size - 1) / TILE_WIDTH);
  const first = index * TILE_WIDTH;
  const width = size - first;
  return { first, width, name: tileObject({ level: 'entries', index, width }) };
}

async function checkPublished(objects: Pick<Objects, 'get'>, size: number): Promise<void> {
  if (size === 0) return;
  await objects.get(lastTile(size).name).catch((cause: unknown) => {
    if (!isDomainError(cause, 'object-missing')) throw cause;
    throw new DomainError(
      'objects-unavailable',
      'the object store does not hold what the ledger published: not mounted, or another one',
      { cause },
    );
  });
}

async function bytesOf(record: PublishDeps['record'], tile: Tile): Promise<Uint8Array> {
  const first = tile.index * TILE_WIDTH;
  if (tile.level === 'entries')
    return formatEntryBundle((await record.entries(first, tile.width)).map(utf8));
  const hashes = await record.nodes(tile.level * 8, first, tile.width);
  return tileBytes(tile, (_level, index) => hashes[index - first]!);
}
