import { link, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemRandom, toHex } from '@mandate/core';

/**
 * Creates a file with its whole content, durably, or leaves the one that is there: temporary file,
 * fsync, `link` (which never overwrites, unlike `rename`), fsync of the folder.
 * Resolves to false when the name was taken. A crash can leave a `.partial-…` beside it.
 */
export async function writeOnce(
  path: string,
  content: Uint8Array | string,
  mode: number,
): Promise<boolean> {
  const folder = dirname(path);
  const partial = join(folder, `.partial-${toHex(systemRandom.bytes(8))}`);
  const file = await open(partial, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
    await file.close();
    return await link(partial, path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
  } finally {
    await file.close().catch(() => {});
    await rm(partial, { force: true });
    await syncFolder(folder);
  }
}

/** Makes new names in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
