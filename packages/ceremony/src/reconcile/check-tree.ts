import { bytesEqual, isDomainError, utf8, type Objects } from '@mandate/core';
import { readCheckpoint, formatEntryBundle, Frontier, leafHash, TILE_WIDTH } from '@mandate/ledger';
import { tileObject } from '../sign/publish-tiles.js';
import type { RecordReader } from './reconcile-ports.js';
import type { Found } from './record-problem.js';

/** Whole entry bundles of the published files are read at once, so a page is a multiple of their width. */
const PAGE = 4 * TILE_WIDTH;

/**
 * One pass over the entries: every stored node of the tree, the root of every head ever signed, and, with the object
 * store at hand, the entries that were published. Resolves to the number of entries.
 */
export async function checkTree(
  reader: RecordReader,
  objects: Objects | null,
  found: Found,
): Promise<number> {
  const tree = new Frontier();
  const { head, newest, published } = await reader.lengths();
  for (;;) {
    const first = tree.size;
    const leaves = await reader.leaves(first, PAGE);
    if (leaves.length === 0) break;
    const signed = await reader.heads(first, first + leaves.length);
    const heads = new Map(signed.map((one) => [one.size, one]));
    const nodes: { level: number; index: number; hash: Uint8Array }[] = [];
    for (const { index, entry } of leaves) {
      if (index !== tree.size) found('entry-moved', `index ${tree.size}`);
      nodes.push(...tree.append(leafHash(utf8(entry))));
      const stated = heads.get(tree.size);
      if (stated && !matches(stated, tree)) found('checkpoint-differs', tree.size);
    }
    for (const at of await reader.otherNodes(nodes)) found('node-differs', at);
    if (objects) {
      const shown = leaves.slice(0, Math.max(0, published - first)).map(({ entry }) => entry);
      await checkPublished(objects, first, shown, found);
    }
    if (leaves.length < PAGE) break;
  }
  if (head !== tree.size || newest !== tree.size) found('checkpoint-differs', newest);
  if (published > tree.size) found('published-ahead', published);
  if (objects) await checkAhead(objects, tree.size, found);
  return tree.size;
}

function matches({ root, note }: { root: Uint8Array; note: string }, tree: Frontier): boolean {
  try {
    const stated = readCheckpoint(note);
    return (
      bytesEqual(root, tree.root()) && bytesEqual(stated.root, root) && stated.size === tree.size
    );
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return false;
  }
}

/** The bundles of entries that others can fetch hold what the record holds. */
async function checkPublished(
  objects: Objects,
  first: number,
  entries: readonly string[],
  found: Found,
): Promise<void> {
  for (let at = 0; at < entries.length; at += TILE_WIDTH) {
    const part = entries.slice(at, at + TILE_WIDTH);
    const index = (first + at) / TILE_WIDTH;
    const name = tileObject({ level: 'entries', index, width: part.length });
    const bytes = await readObject(objects, name);
    if (!bytes) found('object-missing', name);
    else if (!bytesEqual(bytes, formatEntryBundle(part.map(utf8))))
      found('published-differs', name);
  }
}

/** Files only a longer ledger has: a restored copy of the database, or entries cut off. */
async function checkAhead(objects: Objects, size: number, found: Found): Promise<void> {
  const index = Math.floor(size / TILE_WIDTH);
  for (let width = (size % TILE_WIDTH) + 1; width <= TILE_WIDTH; width++) {
    const name = tileObject({ level: 'entries', index, width });
    if (!(await readObject(objects, name))) continue;
    found('published-ahead', name);
    return;
  }
}

async function readObject(objects: Objects, name: string): Promise<Uint8Array | null> {
  try {
    return await objects.get(name);
  } catch (error) {
    if (isDomainError(error, 'object-missing')) return null;
    throw error;
  }
}
