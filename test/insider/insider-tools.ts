import { rm } from 'node:fs/promises';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openKeyFolder, openObjects } from '@mandate/adapters';
import { publishTiles } from '@mandate/ceremony';
import { canonicalize, FIRST_PREVIOUS, kindDigestHex, sha256Hex, utf8 } from '@mandate/core';
import {
  assembleNote,
  checkpointBody,
  formatProof,
  Frontier,
  inclusionProof,
  leafHash,
  noteToSign,
} from '@mandate/ledger';
import { ledgerRecord, openDatabase } from '@mandate/store';
import type { World } from './insider-house.js';

/** An event as the insider rewrites it. */
export interface Rewritten {
  type: string;
  at: string;
  data: Record<string, unknown>;
}

/** Rewrites a trail and every digest after it, and the authorization's row to match: a trail that holds again. */
export async function rewriteTrail(
  world: World,
  stream: string,
  change: (events: Rewritten[]) => Rewritten[],
): Promise<void> {
  const stored = await world.query('SELECT body FROM events WHERE stream = $1 ORDER BY version', [
    stream,
  ]);
  const changed = change(stored.map(({ body }) => JSON.parse(body)));
  await world.query('DELETE FROM events WHERE stream = $1', [stream]);
  let previous = FIRST_PREVIOUS;
  for (const [index, event] of changed.entries()) {
    const full = { ...event, version: index + 1, previous };
    const digest = kindDigestHex('event', full);
    await world.query('INSERT INTO events VALUES ($1, $2, $3, $4, $5, $6)', [
      ...[stream, index + 1, event.type, canonicalize(full), previous, digest],
    ]);
    previous = digest;
  }
  await world.query(
    'UPDATE authorizations SET head = $2, version = $3, updated_at = $4 WHERE id = $1',
    [stream, previous, changed.length, changed.at(-1)!.at],
  );
}

/** A fact, its event, receipt and place in the queue; what the tree holds of it stays. */
export async function dropFact(
  world: World,
  p: { table: string; id: string; stream: string; types: readonly string[] },
): Promise<void> {
  await rewriteTrail(world, p.stream, (events) =>
    events.filter(({ type, data }) => !(p.types.includes(type) && data['id'] === p.id)),
  );
  await world.query(`DELETE FROM ${p.table} WHERE id = $1`, [p.id]);
  await world.query('DELETE FROM receipts WHERE fact_id = $1', [p.id]);
}

/** The entries in their order. */
export const entriesOf = async (
  world: World,
): Promise<{ entry: string; dedupe: string; queue_id: number }[]> =>
  world.query(
    `SELECT e.entry, q.dedupe, e.queue_id::int FROM ledger_entries e
     LEFT JOIN ledger_queue q ON q.id = e.queue_id ORDER BY e.leaf_index`,
  );

/**
 * With the ledger's key: another history, whole and signed, in the database and in the published files; proofs and
 * trails of the letters in it as if it had always been so.
 */
export async function rewriteLedger(
  world: World,
  keep: (entry: { entry: string; dedupe: string }) => string | null,
): Promise<void> {
  const entries = (await entriesOf(world)).flatMap((one) => {
    const entry = keep(one);
    return entry === null ? [] : [{ ...one, entry }];
  });
  const tree = new Frontier();
  const nodes = new Map<string, Uint8Array>();
  for (const table of [
    'ledger_nodes',
    'ledger_entries',
    'ledger_checkpoints',
    'ledger_cosignatures',
    'ledger_stamps',
  ])
    await world.query(`DELETE FROM ${table}`);
  await world.query(`DELETE FROM ledger_queue WHERE NOT dedupe = ANY ($1)`, [
    entries.map(({ dedupe }) => dedupe),
  ]);
  for (const [index, { entry, queue_id }] of entries.entries()) {
    for (const { level, index: at, hash } of tree.append(leafHash(utf8(entry)))) {
      nodes.set(`${level}/${at}`, hash);
      await world.query('INSERT INTO ledger_nodes VALUES ($1, $2, $3)', [
        level,
        at,
        Buffer.from(hash),
      ]);
    }
    await world.query('INSERT INTO ledger_entries VALUES ($1, $2, $3)', [index, entry, queue_id]);
    await world.query('UPDATE ledger_queue SET leaf_index = $2, entry = $3 WHERE id = $1', [
      ...[queue_id, index, entry],
    ]);
  }
  const note = await signHead(world, tree);
  await world.query(
    'INSERT INTO ledger_checkpoints (size, root, note, made_at) VALUES ($1, $2, $3, now())',
    [...[tree.size, Buffer.from(tree.root()), note]],
  );
  await world.query('UPDATE ledger_head SET size = $1', [tree.size]);
  await world.query('UPDATE ledger_published SET size = 0');
  const node = async (level: number, index: number) => nodes.get(`${level}/${index}`)!;
  for (const { authorization_id: id } of await world.query(
    'SELECT authorization_id FROM inclusion_proofs',
  )) {
    const index = entries.findIndex(({ dedupe }) => dedupe === `letter:${id}`);
    if (index < 0) continue;
    const hashes = await inclusionProof(index, tree.size, node);
    const extra = utf8(entries[index]!.entry);
    const proof = formatProof({ index, hashes, checkpoint: note, extra });
    await world.query('UPDATE inclusion_proofs SET proof = $2 WHERE authorization_id = $1', [
      id,
      proof,
    ]);
    const data = { index, size: tree.size, checkpoint: sha256Hex(utf8(note)) };
    await rewriteTrail(world, id, (events) =>
      events.map((event) => (event.type === 'released' ? { ...event, data } : event)),
    );
  }
  await rm(join(world.folder, 'objects', 'ledger'), { recursive: true });
  await publish(world);
}

/** A head under the ledger's own key. */
export async function signHead(
  world: World,
  tree: { readonly size: number; root(): Uint8Array },
): Promise<string> {
  const [{ value: origin }] = await world.query(
    `SELECT value FROM settings WHERE name = 'ledger-origin'`,
  );
  const key = await openKeyFolder(join(world.folder, 'keys', 'ledger')).signingKey('ledger');
  const text = checkpointBody({ origin, size: tree.size, root: tree.root() });
  const signature = await key.sign(noteToSign(text));
  return assembleNote(text, [{ name: origin, publicKey: key.publicKey, signature }]);
}

export async function publish(world: World): Promise<void> {
  const db = openDatabase(world.databaseUrl, undefined, 1);
  try {
    await publishTiles({
      record: ledgerRecord(db),
      objects: await openObjects(`file:${join(world.folder, 'objects')}`),
    });
  } finally {
    await db.destroy();
  }
}

/** The one object of a folder, as a path. */
export async function objectIn(world: World, ...path: string[]): Promise<string> {
  const folder = join(world.folder, 'objects', ...path);
  const [name] = (await readdir(folder)).sort();
  return join(folder, name!);
}

export async function flipByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(file, bytes);
}

export async function swapFiles(one: string, other: string): Promise<void> {
  const [a, b] = [await readFile(one), await readFile(other)];
  await writeFile(one, b);
  await writeFile(other, a);
}
