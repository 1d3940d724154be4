import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError, bytesEqual, type Objects } from '@mandate/core';
import { syncFolder, writeOnce } from '../write-once.js';

/**
 * Opens the object store at a URL: `file:` + path of a folder (made when missing).
 * Throws `config-invalid` for anything else.
 */
export async function openObjects(url: string): Promise<Objects> {
  if (url.startsWith('file:')) return openFileObjects(folderOf(url));
  const scheme = /^[a-z0-9+.-]+:/i.exec(url)?.[0] ?? 'no scheme';
  throw new DomainError('config-invalid', `objects: unknown URL (${scheme})`);
}

/** `file:./data/objects`, `file:/var/…` and `file:///var/…` alike. */
export function folderOf(url: string): string {
  return url.startsWith('file://') ? fileURLToPath(url) : resolve(url.slice('file:'.length));
}

/**
 * Write-once objects in a folder; names are `/`-separated segments of `A–Z a–z 0–9 . _ -`, none
 * starting with a dot. Throws `invalid-request` for other names.
 */
async function openFileObjects(folder: string): Promise<Objects> {
  const root = resolve(folder);
  await makeFolder(root).catch((cause: unknown) => {
    throw new DomainError('config-invalid', 'objects: the folder cannot be made', { cause });
  });
  const pathOf = (name: string): string => {
    if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/.test(name))
      throw new DomainError('invalid-request', 'not an object name');
    return join(root, name);
  };
  return {
    async put(name, bytes) {
      const path = pathOf(name);
      const clash = 'object-exists';
      await guarded(clash, makeFolder(dirname(path)));
      if (await guarded(clash, writeOnce(path, bytes, 0o640))) return;
      const present = await guarded(clash, readFile(path));
      if (!bytesEqual(present, bytes))
        throw new DomainError('object-exists', 'another object has this name');
    },
    async get(name) {
      const bytes = await guarded('object-missing', readFile(pathOf(name)));
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
  };
}

/**
 * Creates missing folders one by one, so that each new name can be fsynced in its parent. The group
 * may read: processes under users of their own share the objects, which are ciphertext.
 */
async function makeFolder(path: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path, { mode: 0o750 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await syncFolder(dirname(path));
}

/** Nothing there, a folder there, or an object where a folder should be. */
const MISFITS = ['ENOENT', 'ENOTDIR', 'EISDIR'];

async function guarded<T>(
  misfit: 'object-missing' | 'object-exists',
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (MISFITS.includes((cause as NodeJS.ErrnoException).code ?? ''))
      throw new DomainError(misfit, 'the name holds no object, or clashes with one', { cause });
    throw new DomainError('objects-unavailable', 'object storage failed', { cause });
  }
}
