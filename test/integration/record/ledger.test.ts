import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock, systemRandom, toHex, utf8 } from '@mandate/core';
import { integrate } from '@mandate/ceremony';
import {
  leafHash,
  parseCheckpoint,
  parseProof,
  verifyInclusion,
  verifyNote,
  vkey,
} from '@mandate/ledger';
import { freshRecord, type FreshRecord } from './fresh-record.js';

const ORIGIN = 'ledger.test/race';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));

let record: FreshRecord;
beforeAll(async () => {
  record = await freshRecord();
}, 60_000);
afterAll(() => record.stop());

const sequencer = (probe: (point: string) => void = () => undefined) => ({
  record: record.ledger(),
  clock: systemClock,
  random: systemRandom,
  origin: ORIGIN,
  publicKey: spki,
  sign: async (message: Uint8Array) => new Uint8Array(sign(null, message, privateKey)),
  probe,
});

/** RFC 6962 §2.1 straight from its text, sharing nothing with the product. */
function treeHash(leaves: readonly string[]): Buffer {
  const hash = (...parts: Uint8Array[]): Buffer =>
    createHash('sha256').update(Buffer.concat(parts)).digest();
  if (leaves.length === 0) return hash();
  if (leaves.length === 1) return hash(Buffer.of(0), Buffer.from(leaves[0]!, 'utf8'));
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return hash(Buffer.of(1), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
}

async function entries(): Promise<{ leaf_index: number; entry: string; queue_id: number }[]> {
  return (await record.owner.query('SELECT * FROM ledger_entries ORDER BY leaf_index')).rows;
}

test('sequencers racing while entries arrive: dense, each once, right roots, every proof holds', async () => {
  const sequencers = Array.from({ length: 4 }, () => sequencer());
  const committed: string[] = [];
  const arriving = (async () => {
    for (let i = 0; i < 8; i++) {
      const { authorization, attempt } = await record.stored();
      await record.commit(
        authorization,
        attempt.id,
        `{"kind":"letter","letter":"${authorization.id}"}`,
      );
      committed.push(authorization.id);
    }
  })();
  const released: string[] = [];
  let over = false;
  const racing = sequencers.map(async (deps) => {
    while (!over) released.push(...(await integrate(deps)).released);
    released.push(...(await integrate(deps)).released);
  });
  await arriving;
  over = true;
  await Promise.all(racing);

  expect([...released].sort()).toEqual([...committed].sort());
  const tree = await entries();
  expect(tree.map((e) => Number(e.leaf_index))).toEqual(tree.map((_, i) => i));
  expect(new Set(tree.map((e) => e.queue_id)).size).toBe(tree.length);
  const queue = await record.owner.query('SELECT entry, leaf_index FROM ledger_queue');
  expect(queue.rows.length).toBe(tree.length); // an intent and a letter each
  for (const row of queue.rows) expect(tree[Number(row.leaf_index)]!.entry).toBe(row.entry);

  const leaves = tree.map((e) => e.entry);
  const checkpoints = await record.owner.query('SELECT * FROM ledger_checkpoints ORDER BY size');
  expect(Number(checkpoints.rows.at(-1).size)).toBe(leaves.length);
  for (const { size, root, note } of checkpoints.rows) {
    expect(toHex(root)).toBe(treeHash(leaves.slice(0, Number(size))).toString('hex'));
    const { text, verified } = verifiedNote(note);
    expect(verified).toBe(true);
    expect(parseCheckpoint(text)).toMatchObject({ origin: ORIGIN, size: Number(size) });
  }
  const proofs = await record.owner.query('SELECT * FROM inclusion_proofs');
  expect(proofs.rows.length).toBe(committed.length);
  for (const { authorization_id, proof } of proofs.rows) {
    const { index, hashes, checkpoint } = parseProof(proof);
    const { size, root } = parseCheckpoint(verifiedNote(checkpoint).text);
    const entry = `{"kind":"letter","letter":"${authorization_id}"}`;
    expect(leaves[index]).toBe(entry);
    expect(verifyInclusion({ leaf: leafHash(utf8(entry)), index, size, hashes, root })).toBe(true);
    const { rows } = await record.owner.query('SELECT state FROM authorizations WHERE id = $1', [
      authorization_id,
    ]);
    expect(rows[0].state).toBe('released');
  }
}, 60_000);

test('a round that breaks off leaves nothing behind and is done again whole', async () => {
  const { authorization, attempt } = await record.stored();
  await record.commit(authorization, attempt.id, '{"kind":"letter","letter":"broken"}');
  const before = await entries();
  for (const point of ['ledger-saved', 'ledger-released'])
    await expect(
      integrate(
        sequencer((at) => {
          if (at === point) throw new Error('power cut');
        }),
      ),
    ).rejects.toThrow('power cut');
  expect(await entries()).toEqual(before);
  expect((await record.reload(authorization)).state).toBe('signed');
  expect((await integrate(sequencer())).released).toEqual([authorization.id]);
  expect((await integrate(sequencer())).released).toEqual([]);
  expect((await entries()).length).toBe(before.length + 2);
});

test('more entries than one round takes are all integrated, by further rounds', async () => {
  const before = (await entries()).length;
  await record.owner.query(`INSERT INTO ledger_writers SELECT 'many', current_user`);
  await record.owner.query(
    `INSERT INTO ledger_queue (dedupe, entry) SELECT 'many:' || i, '{"kind":"many","many":' || i || '}' FROM generate_series(1, 700) i`,
  );
  const sizes = [await integrate(sequencer()), await integrate(sequencer())].map((r) => r.size);
  expect(sizes).toEqual([before + 512, before + 700]);
  const leaves = (await entries()).map((e) => e.entry);
  const { rows } = await record.owner.query(
    'SELECT root FROM ledger_checkpoints ORDER BY size DESC LIMIT 1',
  );
  expect(toHex(rows[0].root)).toBe(treeHash(leaves).toString('hex'));
  await expect(
    record.owner.query(
      `INSERT INTO ledger_queue (dedupe, entry) VALUES ('many:1', '{"kind":"many"}')`,
    ),
  ).rejects.toMatchObject({ code: '23505' });
});

const verifiedNote = (note: string) => {
  const { text, signers, failed } = verifyNote(note, [vkey(ORIGIN, spki)]);
  return { text, verified: signers.length === 1 && failed.length === 0 };
};
