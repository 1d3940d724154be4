import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, fromHex, sha256Hex, toHex, utf8 } from '@mandate/core';
import type { Witnessed, WitnessStore } from '@mandate/ledger';
import { syncFolder } from '../write-once.js';

/**
 * What a witness remembers, a small file for each ledger in a folder of its own. One process at a time: a second
 * one is refused while the first lives. Throws `config-invalid` when the folder cannot be used or is in use.
 */
export async function openWitnessFolder(
  folder: string,
): Promise<WitnessStore & { close(): Promise<void> }> {
  const lock = join(folder, 'lock');
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(refuse('the folder cannot be made'));
  await takeLock(lock);
  const pathOf = (origin: string) => join(folder, `${sha256Hex(utf8(origin))}.json`);
  const latest: WitnessStore['latest'] = async (origin) => {
    const text = await readFile(pathOf(origin), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return null;
    const { size, root } = JSON.parse(text) as { size: number; root: string };
    return { size, root: fromHex(root) };
  };
  // comparing and replacing are one act: acts come one after another
  let last: Promise<unknown> = Promise.resolve();
  return {
    latest,
    advance(origin, from, to) {
      const act = last.then(async () => {
        if (((await latest(origin))?.size ?? 0) !== from) return false;
        await replace(folder, pathOf(origin), origin, to);
        return true;
      });
      last = act.catch(() => undefined);
      return act;
    },
    close: async () => {
      await last;
      await rm(lock, { force: true });
    },
  };
}

/** Durable before it returns: a forgotten head could be cosigned away. */
async function replace(folder: string, path: string, origin: string, to: Witnessed): Promise<void> {
  const next = `${path}.next`;
  const file = await open(next, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ origin, size: to.size, root: toHex(to.root) })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
  await syncFolder(folder);
}

async function takeLock(path: string): Promise<void> {
  for (let round = 0; round < 2; round++) {
    const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return null;
      throw new DomainError('config-invalid', 'the folder cannot be written', { cause: error });
    });
    if (file) {
      await file.writeFile(String(process.pid));
      await file.close();
      return;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (holder !== process.pid && !lives(holder)) await rm(path, { force: true });
  }
  throw new DomainError('config-invalid', 'another process uses this folder');
}

function lives(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const refuse = (detail: string) => (cause: unknown) => {
  throw new DomainError('config-invalid', detail, { cause });
};
