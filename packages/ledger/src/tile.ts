import { concat, DomainError } from '@mandate/core';
import { nodeHash, type GetNode } from './tree.js';
import { TILE_WIDTH, type Tile } from './tile-path.js';

const HASH = 32;
/** Levels of the tree in one level of tiles. */
const HEIGHT = 8;

/** The bytes of a tile, or null where there is none (yet). */
export type GetTile = (tile: Tile) => Uint8Array | null | Promise<Uint8Array | null>;

/** Big-endian uint16 length and bytes, entry after entry. Throws `format-ledger` above 65,535 bytes. */
export function formatEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(
    ...entries.flatMap((entry) => {
      if (entry.length > 0xffff) throw bad('an entry is longer than 65,535 bytes');
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** Throws `format-ledger`, also when there are not exactly `width` entries. */
export function parseEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 2 + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
    if (at + 2 > bytes.length || end > bytes.length) throw bad('an entry is cut off');
    // without this, two bytes of a file would cost a hundred of memory
    if (entries.length === width) throw bad('the bundle has more entries than its path says');
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (entries.length !== width) throw bad('the bundle has not as many entries as its path says');
  return entries;
}

/** Hashes of a tile. Throws `format-ledger` when there are not exactly `width`. */
export function parseTile(bytes: Uint8Array, width: number): Uint8Array[] {
  if (bytes.length !== width * HASH) throw bad('the tile has not as many hashes as its path says');
  return Array.from({ length: width }, (_, i) => bytes.subarray(i * HASH, (i + 1) * HASH));
}

/** The tile of hashes made from the nodes of a stored tree. */
export async function tileBytes(tile: Tile, getNode: GetNode): Promise<Uint8Array> {
  const { level, index, width } = tile;
  if (level === 'entries') throw bad('an entry bundle has no nodes');
  const first = index * TILE_WIDTH;
  const hashes: Uint8Array[] = [];
  for (let i = 0; i < width; i++) hashes.push(await getNode(level * HEIGHT, first + i));
  return concat(...hashes);
}

/**
 * Nodes of the tree of `size` entries, read from tiles alone: what anybody can do who has the files. A tile is
 * read once. Throws `format-ledger` for a missing or malformed tile; whether the hashes are the signed ones
 * only the root can tell.
 */
export function nodesFromTiles(size: number, getTile: GetTile): GetNode {
  const read = new Map<string, Promise<Uint8Array[]>>();
  const hashesOf = (level: number, index: number): Promise<Uint8Array[]> => {
    const key = `${level}/${index}`;
    let hashes = read.get(key);
    if (!hashes) read.set(key, (hashes = load(level, index)));
    return hashes;
  };
  const load = async (level: number, index: number): Promise<Uint8Array[]> => {
    const count = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, count);
    if (width < 1) throw bad('a node outside the tree');
    // a partial tile may have been given up for the full one
    const bytes =
      (await getTile({ level, index, width })) ??
      (width < TILE_WIDTH ? await getTile({ level, index, width: TILE_WIDTH }) : null);
    if (!bytes) throw bad(`tile ${level}/${index} is missing`);
    return parseTile(bytes.subarray(0, width * HASH), width);
  };
  return async (level, index) => {
    const tileLevel = Math.floor(level / HEIGHT);
    const span = 2 ** (level - tileLevel * HEIGHT);
    const first = index * span;
    const tile = await hashesOf(tileLevel, Math.floor(first / TILE_WIDTH));
    const at = first % TILE_WIDTH;
    if (at + span > tile.length) throw bad('a node outside the tree');
    let row = tile.slice(at, at + span);
    while (row.length > 1)
      row = row.flatMap((hash, i) => (i % 2 ? [] : [nodeHash(hash, row[i + 1]!)]));
    return row[0]!;
  };
}

const bad = (detail: string): DomainError => new DomainError('format-ledger', detail);
