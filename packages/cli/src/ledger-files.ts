import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  newTiles,
  readCheckpoint,
  stampPath,
  tilePath,
  type GetStamp,
  type GetTile,
} from '@mandate/ledger';
import { UsageError } from './command.js';

/** A ledger's files (C2SP tlog-tiles, and stamps beside them), wherever they are. */
export interface LedgerFiles {
  readonly checkpoint: string;
  readonly getTile: GetTile;
  readonly getStamp: GetStamp;
}

/** Anything larger is no tile: 256 entries of 65,535 bytes. */
const MAX_FILE = 256 * 65_537;

/** `https://…/ledger`, `http://…` or a folder with a copy. Throws `UsageError` when there is no checkpoint. */
export async function openLedgerFiles(source: string): Promise<LedgerFiles> {
  const read = /^https?:\/\//.test(source) ? overHttp(source) : inFolder(source);
  const checkpoint = await read('checkpoint');
  if (!checkpoint) throw new UsageError(`no checkpoint at ${source}`);
  return {
    checkpoint: Buffer.from(checkpoint).toString('utf8'),
    getTile: (tile) => read(tilePath(tile)),
    getStamp: (number, file) => read(stampPath(number, file)),
  };
}

type Read = (path: string) => Promise<Uint8Array | null>;

const overHttp =
  (source: string): Read =>
  async (path) => {
    const response = await fetch(`${source.replace(/\/$/, '')}/${path}`).catch(() => null);
    if (!response) throw new UsageError(`${source} does not answer`);
    if (response.status === 404) return null;
    if (!response.ok) throw new UsageError(`${source}: ${response.status} for ${path}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length > MAX_FILE) throw new UsageError(`${path} is too large`);
    return bytes;
  };

const inFolder =
  (folder: string): Read =>
  (path) =>
    readFile(join(folder, path)).then(
      (bytes) => new Uint8Array(bytes),
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      },
    );

/** Copies what a folder does not have yet, stamps too, the checkpoint last. Resolves to the number of files copied. */
export async function copyLedgerFiles(files: LedgerFiles, folder: string): Promise<number> {
  const { size } = readCheckpoint(files.checkpoint);
  const present = inFolder(folder);
  let copied = 0;
  for (const tile of newTiles(0, size)) {
    const path = tilePath(tile);
    if (await present(path)) continue;
    const bytes = await files.getTile(tile);
    if (!bytes) throw new UsageError(`${path} is missing`);
    await replaceFile(join(folder, path), bytes);
    copied++;
  }
  copied += await copyStamps(files, folder);
  await replaceFile(join(folder, 'checkpoint'), files.checkpoint);
  return copied;
}

async function copyStamps({ getStamp }: LedgerFiles, folder: string): Promise<number> {
  const present = inFolder(folder);
  let copied = 0;
  for (let number = 0; ; number++) {
    if (await present(stampPath(number, 'token'))) continue;
    const [note, token] = [await getStamp(number, 'checkpoint'), await getStamp(number, 'token')];
    if (!note || !token) return copied;
    await replaceFile(join(folder, stampPath(number, 'checkpoint')), note);
    await replaceFile(join(folder, stampPath(number, 'token')), token);
    copied += 2;
  }
}

/** Whole or not at all. */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}
