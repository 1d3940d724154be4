import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@mandate/core';
import { folderOf } from './file-objects.js';

/** A stored object as the store lists it. */
export interface ListedObject {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** Whole objects have such names; what a crash left half-written begins with a dot. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/**
 * All objects below the given prefixes of the store at `url`, in the order of the bytes of their names, nothing of
 * them read. Throws `config-invalid` for a store that cannot be listed, `objects-unavailable`.
 */
export async function* listObjects(
  url: string,
  prefixes: readonly string[],
): AsyncIterable<ListedObject> {
  if (!url.startsWith('file:'))
    throw new DomainError('config-invalid', 'only objects in a folder can be listed');
  for (const prefix of [...prefixes].sort()) yield* below(folderOf(url), prefix);
}

async function* below(root: string, folder: string): AsyncIterable<ListedObject> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new DomainError('objects-unavailable', 'object storage failed', { cause: error });
    },
  );
  const names = entries
    .filter(({ name }) => NAME.test(name))
    // a folder's objects all have the slash after its name: `a/` comes after `a-b` and before `a0`
    .map((entry) => ({ entry, key: entry.isDirectory() ? `${entry.name}/` : entry.name }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { entry } of names) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* below(root, name);
    else yield { name, size: (await stat(join(root, name))).size };
  }
}
