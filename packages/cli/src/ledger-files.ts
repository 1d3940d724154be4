import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDomainError } from '@mandate/core';
import {
  newTiles,
  parseEntryBundle,
  parseTile,
  signedHead,
  stampPath,
  tilePath,
  type Checkpoint,
  type GetStamp,
  type GetTile,
  type LedgerProblem,
  type Tile,
} from '@mandate/ledger';
import { UsageError } from './command.js';
import { gather, readLimited } from './read-limited.js';

/** A ledger's files (C2SP tlog-tiles, and stamps beside them), wherever they are. */
export interface LedgerFiles {
  readonly checkpoint: string;
  readonly getTile: GetTile;
  readonly getStamp: GetStamp;
}

/** Bytes beyond which a file is none of a ledger's: 256 entries of 65,535 bytes; a head or a token. */
const LIMITS = { tile: 256 * 65_537, note: 65_536 } as const;

/** Milliseconds one file may take over the network, its answer and all of its bytes. */
const TIMEOUT = 60_000;

/**
 * `https://…/ledger`, `http://…` or a folder with a copy. Nothing is read beyond what a ledger's file can be, nor waited
 * for longer than `timeout` milliseconds. Throws `UsageError` when there is no checkpoint; so do its functions when a
 * source does not answer in time or with too much.
 */
export async function openLedgerFiles(source: string, timeout = TIMEOUT): Promise<LedgerFiles> {
  const read = /^https?:\/\//.test(source) ? overHttp(source, timeout) : inFolder(source);
  const checkpoint = await read('checkpoint', LIMITS.note);
  if (!checkpoint) throw new UsageError(`no checkpoint at ${source}`);
  return {
    checkpoint: Buffer.from(checkpoint).toString('utf8'),
    getTile: (tile) => read(tilePath(tile), LIMITS.tile),
    getStamp: (number, file) => read(stampPath(number, file), LIMITS.note),
  };
}

type Read = (path: string, limit: number) => Promise<Uint8Array | null>;

const overHttp =
  (source: string, timeout: number): Read =>
  async (path, limit) => {
    const lost = (): never => {
      throw new UsageError(`${source} does not answer, or not in time`);
    };
    const signal = AbortSignal.timeout(timeout);
    const response = await fetch(`${source.replace(/\/$/, '')}/${path}`, { signal }).catch(lost);
    if (!response.ok) {
      // what it says besides is not waited for
      await response.body?.cancel().catch(() => undefined);
      if (response.status === 404) return null;
      throw new UsageError(`${source}: ${response.status} for ${path}`);
    }
    if (!response.body) return new Uint8Array();
    return gather(response.body, path, limit).catch((error: unknown) => {
      if (error instanceof UsageError) throw error;
      return lost();
    });
  };

const inFolder =
  (folder: string): Read =>
  async (path, limit) =>
    readLimited(join(folder, path), limit);

/** What was copied, and why not all of it. */
export interface LedgerCopy {
  /** Files. */
  readonly copied: number;
  readonly problem: LedgerProblem | null;
}

/**
 * Copies what a folder does not have yet, stamps too, the checkpoint last. Nothing is copied under a head that is not
 * signed by one of `vkeys`, no tile that has not the shape its path says, and no stamp behind one whose head is not
 * signed or does not grow: else any server could fill the disk. Throws `UsageError` for a missing or malformed tile.
 */
export async function copyLedgerFiles(
  files: LedgerFiles,
  folder: string,
  vkeys: readonly string[],
): Promise<LedgerCopy> {
  const head = signedHead(Buffer.from(files.checkpoint), vkeys);
  if (!head) return { copied: 0, problem: { code: 'checkpoint-unsigned', at: 'checkpoint' } };
  let copied = 0;
  for (const tile of newTiles(0, head.size)) {
    const path = tilePath(tile);
    if (existsSync(join(folder, path))) continue;
    const bytes = await files.getTile(tile);
    if (!bytes) throw new UsageError(`${path} is missing`);
    checkShape(tile, bytes);
    await replaceFile(join(folder, path), bytes);
    copied++;
  }
  const stamps = await copyStamps(files, folder, { head, vkeys });
  await replaceFile(join(folder, 'checkpoint'), files.checkpoint);
  return { ...stamps, copied: copied + stamps.copied };
}

function checkShape(tile: Tile, bytes: Uint8Array): void {
  try {
    (tile.level === 'entries' ? parseEntryBundle : parseTile)(bytes, tile.width);
  } catch (error) {
    if (!isDomainError(error, 'format-ledger')) throw error;
    throw new UsageError(`${tilePath(tile)} is malformed`);
  }
}

async function copyStamps(
  { getStamp }: LedgerFiles,
  folder: string,
  { head, vkeys }: { readonly head: Checkpoint; readonly vkeys: readonly string[] },
): Promise<LedgerCopy> {
  const present = inFolder(folder);
  let [copied, size] = [0, -1];
  for (let number = 0; ; number++) {
    const [notePath, path] = [stampPath(number, 'checkpoint'), stampPath(number, 'token')];
    const old = existsSync(join(folder, path));
    const note = old ? await present(notePath, LIMITS.note) : await getStamp(number, 'checkpoint');
    const token = old ? null : await getStamp(number, 'token');
    if (!old && !token) return { copied, problem: null };
    const stamped = note && signedHead(note, vkeys);
    if (!stamped || stamped.origin !== head.origin)
      return { copied, problem: { code: 'stamp-wrong', at: notePath } };
    // stamped after the head was fetched: the next copy's
    if (stamped.size > head.size) return { copied, problem: null };
    if (stamped.size <= size) return { copied, problem: { code: 'stamp-order', at: path } };
    size = stamped.size;
    if (!token) continue;
    await replaceFile(join(folder, notePath), note);
    await replaceFile(join(folder, path), token);
    copied += 2;
  }
}

/** Whole or not at all. */
export async function replaceFile(path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}
