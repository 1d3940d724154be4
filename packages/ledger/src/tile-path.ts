import { DomainError } from '@mandate/core';

/** Hashes or entries in a full tile. */
export const TILE_WIDTH = 256;

/** Entries beyond which no head is gone along with: 2^40, and what it states is no number to loop over. */
export const MAX_LEDGER_SIZE = 2 ** 40;

/** One tile of hashes, or of entries (an entry bundle); C2SP tlog-tiles. */
export interface Tile {
  /** 0: leaf hashes; above: each hash is the root of a full tile one level below. */
  readonly level: number | 'entries';
  readonly index: number;
  /** 1…256; less than 256: partial, the right edge of a tree of some size. */
  readonly width: number;
}

/** Path below the ledger's prefix: `tile/0/x001/234` or `tile/entries/000.p/17`. Throws `format-ledger`. */
export function tilePath(tile: Tile): string {
  check(tile);
  const partial = tile.width === TILE_WIDTH ? '' : `.p/${tile.width}`;
  return `tile/${tile.level}/${indexPath(tile.index)}${partial}`;
}

/** A number in groups of three digits, all but the last behind an `x`. Throws `format-ledger`. */
export function indexPath(index: number): string {
  if (!Number.isSafeInteger(index) || index < 0 || index >= 1e15) throw bad('index out of range');
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g)!;
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** Strict: only what `tilePath` would write. Throws `format-ledger`. */
export function parseTilePath(path: string): Tile {
  const match = /^tile\/(\d{1,2}|entries)\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (!match) throw bad('not the path of a tile');
  const [, level = '', index = '', width] = match;
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(index.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  if (tilePath(tile) !== path) throw bad('not the canonical path of a tile');
  return tile;
}

const LEVELS: readonly Tile['level'][] = ['entries', 0, 1, 2, 3, 4, 5];

/**
 * Tiles a tree of `to` entries has and one of `from` entries had not, level by level; full and partial ones. One at a
 * time: who states a size may not decide about our memory. Throws `format-ledger` above `MAX_LEDGER_SIZE`.
 */
export function* newTiles(from: number, to: number, levels = LEVELS): Generator<Tile, void> {
  if (to > MAX_LEDGER_SIZE) throw bad('the ledger is too large');
  for (const level of levels) {
    const unit = TILE_WIDTH ** (level === 'entries' ? 0 : level);
    const [before, after] = [Math.floor(from / unit), Math.floor(to / unit)];
    if (after === before) continue;
    for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < after; index++)
      yield { level, index, width: Math.min(TILE_WIDTH, after - index * TILE_WIDTH) };
  }
}

function check({ level, width }: Tile): void {
  if (level !== 'entries' && !(Number.isInteger(level) && level >= 0 && level <= 63))
    throw bad('a tile’s level is 0 to 63');
  if (!Number.isInteger(width) || width < 1 || width > TILE_WIDTH)
    throw bad('a tile is 1 to 256 wide');
}

const bad = (detail: string): DomainError => new DomainError('format-ledger', detail);
