import { describe, expect, test } from '@jest/globals';
import { bytesEqual, isDomainError, toHex, utf8 } from '@mandate/core';
import {
  consistencyProof,
  formatEntryBundle,
  Frontier,
  inclusionProof,
  leafHash,
  MAX_LEDGER_SIZE,
  newTiles,
  nodesFromTiles,
  parseEntryBundle,
  parseTile,
  parseTilePath,
  tileBytes,
  tilePath,
  verifyConsistency,
  verifyInclusion,
  type Tile,
  type TreeNode,
} from './index.js';

const refused = (run: () => unknown): boolean => {
  try {
    run();
    return false;
  } catch (error) {
    return isDomainError(error, 'format-ledger');
  }
};

describe('paths', () => {
  test.each([
    ['not a tile', 'checkpoint'],
    ['not at the start', '/tile/0/000'],
    ['a level too high', 'tile/64/000'],
    ['a level with a zero', 'tile/00/000'],
    ['an index with a group too much', 'tile/0/x000/001'],
    ['an index of two digits', 'tile/0/01'],
    ['a last group with an x', 'tile/0/x001'],
    ['no width', 'tile/0/000.p/'],
    ['width 0', 'tile/0/000.p/0'],
    ['a width with a zero', 'tile/0/000.p/01'],
    ['a full tile spelt as a partial one', 'tile/0/000.p/256'],
    ['another folder', 'tile/entries/../000'],
    ['more behind', 'tile/entries/000/'],
  ])('%s is refused', (_what, path) => {
    expect(refused(() => parseTilePath(path))).toBe(true);
  });

  test('the specification’s example and others, both ways', () => {
    const paths: [Tile, string][] = [
      [{ level: 0, index: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
      [{ level: 63, index: 0, width: 1 }, 'tile/63/000.p/1'],
      [{ level: 'entries', index: 999, width: 256 }, 'tile/entries/999'],
      [{ level: 'entries', index: 1000, width: 255 }, 'tile/entries/x001/000.p/255'],
    ];
    for (const [tile, path] of paths) {
      expect(tilePath(tile)).toBe(path);
      expect(parseTilePath(path)).toEqual(tile);
    }
  });

  test('a tree of 70,000 entries has the tiles the specification counts', () => {
    const tiles = [...newTiles(0, 70_000)];
    const at = (level: Tile['level']) => tiles.filter((tile) => tile.level === level);
    expect(at(0)).toHaveLength(274);
    expect(at('entries')).toHaveLength(274);
    expect(at(0).at(-1)).toEqual({ level: 0, index: 273, width: 112 });
    expect(at(1)).toEqual([
      { level: 1, index: 0, width: 256 },
      { level: 1, index: 1, width: 17 },
    ]);
    expect(at(2)).toEqual([{ level: 2, index: 0, width: 1 }]);
    expect(at(3)).toEqual([]);
    expect([...newTiles(0, 256)].map(tilePath)).toEqual([
      'tile/entries/000',
      'tile/0/000',
      'tile/1/000.p/1',
    ]);
    expect([...newTiles(256, 257)].map(tilePath)).toEqual([
      'tile/entries/001.p/1',
      'tile/0/001.p/1',
    ]);
    expect([...newTiles(300, 300)]).toEqual([]);
  });

  test('tiles of a stated size are named one at a time; beyond 2^40 entries there are none', () => {
    expect(newTiles(0, MAX_LEDGER_SIZE).next().value).toEqual({
      ...{ level: 'entries', index: 0, width: 256 },
    });
    expect(() => newTiles(0, MAX_LEDGER_SIZE + 1).next()).toThrow('format-ledger');
  });
});

describe('entry bundles', () => {
  test('a cut, a longer and a shorter bundle are refused', () => {
    const bytes = formatEntryBundle([utf8('one'), utf8(''), utf8('three')]);
    expect(parseEntryBundle(bytes, 3).map((entry) => Buffer.from(entry).toString())).toEqual([
      'one',
      '',
      'three',
    ]);
    for (let cut = 1; cut < bytes.length; cut++)
      expect(refused(() => parseEntryBundle(bytes.subarray(0, cut), 3))).toBe(true);
    expect(refused(() => parseEntryBundle(bytes, 2))).toBe(true);
    expect(refused(() => parseEntryBundle(bytes, 4))).toBe(true);
    expect(refused(() => formatEntryBundle([new Uint8Array(65_536)]))).toBe(true);
    expect(refused(() => parseTile(new Uint8Array(33), 1))).toBe(true);
  });
});

/** A ledger of `size` entries and the files somebody else would fetch of it. */
async function grown(size: number) {
  const frontier = new Frontier();
  const nodes = new Map<string, TreeNode>();
  const entries = Array.from({ length: size }, (_, i) => utf8(`entry ${i}`));
  const roots = [toHex(frontier.root())];
  for (const entry of entries) {
    for (const node of frontier.append(leafHash(entry)))
      nodes.set(`${node.level}/${node.index}`, node);
    roots.push(toHex(frontier.root()));
  }
  const node = (level: number, index: number) => nodes.get(`${level}/${index}`)!.hash;
  const files = new Map<string, Uint8Array>();
  for (const tile of newTiles(0, size)) {
    const first = tile.index * 256;
    files.set(
      tilePath(tile),
      tile.level === 'entries'
        ? formatEntryBundle(entries.slice(first, first + tile.width))
        : await tileBytes(tile, node),
    );
  }
  return { entries, node, files, root: Buffer.from(roots.at(-1)!, 'hex'), roots };
}

test('whoever has the files alone makes the same proofs', async () => {
  for (const size of [1, 2, 7, 255, 256, 257, 511, 513, 1000]) {
    const { files, root, entries, roots } = await grown(size);
    const fromTiles = nodesFromTiles(size, (tile) => files.get(tilePath(tile)) ?? null);
    for (const index of [0, Math.floor(size / 2), size - 1]) {
      const hashes = await inclusionProof(index, size, fromTiles);
      const leaf = leafHash(entries[index]!);
      expect(verifyInclusion({ index, size, leaf, hashes, root })).toBe(true);
      // another entry at this place is not included
      const other = leafHash(utf8('other'));
      expect(verifyInclusion({ index, size, leaf: other, hashes, root })).toBe(false);
    }
    for (const from of [1, Math.ceil(size / 3), size - 1].filter((n) => n > 0)) {
      const hashes = await consistencyProof(from, size, fromTiles);
      const fromRoot = Buffer.from(roots[from]!, 'hex');
      expect(verifyConsistency({ from, to: size, fromRoot, toRoot: root, hashes })).toBe(true);
    }
  }
});

test('a missing and a cut tile are named, a full one serves for a partial one', async () => {
  const { files, node } = await grown(300);
  const get = (tile: Tile) => files.get(tilePath(tile)) ?? null;
  const leaf = (size: number, with_: typeof get) => nodesFromTiles(size, with_)(0, 299);
  expect(bytesEqual(await leaf(300, get), node(0, 299))).toBe(true);
  await expect(leaf(300, () => null)).rejects.toMatchObject({ code: 'format-ledger' });
  await expect(leaf(300, (tile) => get(tile)?.subarray(1) ?? null)).rejects.toMatchObject({
    code: 'format-ledger',
  });
  await expect(leaf(299, get)).rejects.toMatchObject({ code: 'format-ledger' });
  // for the tree of 200 entries only the full tile is left
  expect(bytesEqual(await nodesFromTiles(200, get)(0, 199), node(0, 199))).toBe(true);
});
