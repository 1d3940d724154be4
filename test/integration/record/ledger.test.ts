import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  addSeconds,
  DomainError,
  fromUtf8,
  systemClock,
  systemRandom,
  toHex,
  utf8,
  type CheckpointWitness,
  type Objects,
} from '@mandate/core';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openObjects } from '@mandate/adapters';
import {
  integrate,
  ledgerGate,
  proveEntries,
  stampCheckpoint,
  tileObject,
  type StampDeps,
} from '@mandate/ceremony';
import {
  checkLedgerFiles,
  entryBytes,
  leafHash,
  parseCheckpoint,
  parseNote,
  parseProof,
  stampPath,
  verifyInclusion,
  verifyNote,
  vkey,
  type Tile,
  type Witnessed,
} from '@mandate/ledger';
import { loadConfig } from '@mandate/runtime';
import { checkLedger } from '../../../packages/cli/src/doctor/check-ledger.js';
import { ledgerWitness } from '../../kit/ledger-witness.js';
import { freshRecord, type FreshRecord } from './fresh-record.js';

const ORIGIN = 'ledger.test/race';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));

let record: FreshRecord;
let folder: string;
let objects: Objects;
beforeAll(async () => {
  record = await freshRecord();
  folder = await mkdtemp(join(tmpdir(), 'mandate-tiles-'));
  objects = await openObjects(`file:${folder}`);
}, 60_000);
afterAll(async () => {
  await record.stop();
  await rm(folder, { recursive: true });
});

const sequencer = (
  probe: (point: string) => void = () => undefined,
  witnesses: readonly CheckpointWitness[] = [],
  quorum = 0,
) => ({
  record: record.ledger(),
  objects,
  clock: systemClock,
  random: systemRandom,
  origin: ORIGIN,
  publicKey: spki,
  sign: async (message: Uint8Array) => new Uint8Array(sign(null, message, privateKey)),
  witnesses,
  quorum,
  onWitness: (what: { witness: string; status: number | null }) => void complaints.push(what),
  gate: gateOf('ledger'),
  probe,
});
/** As a process that starts now has it. */
const gateOf = (role: 'ca' | 'ledger', store = objects) =>
  ledgerGate({ record: role === 'ca' ? record.ca : record.ledger(), objects: store });
const BEHIND = { code: 'ledger-behind' };
const complaints: { witness: string; status: number | null }[] = [];

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

test('a round that breaks off is taken up again where it was, and released once', async () => {
  const { authorization, attempt } = await record.stored();
  await record.commit(authorization, attempt.id, '{"kind":"letter","letter":"broken"}');
  const before = await entries();
  const breakAt = (point: string) =>
    expect(
      integrate(
        sequencer((at) => {
          if (at === point) throw new Error('power cut');
        }),
      ),
    ).rejects.toThrow('power cut');
  await breakAt('ledger-saved');
  expect(await entries()).toEqual(before);
  // in the tree and published, but nobody has the letter yet
  for (const point of ['ledger-published', 'ledger-released']) {
    await breakAt(point);
    expect((await record.reload(authorization)).state).toBe('signed');
  }
  expect((await integrate(sequencer())).released).toEqual([authorization.id]);
  expect((await integrate(sequencer())).released).toEqual([]);
  expect((await entries()).length).toBe(before.length + 2);
});

describe('the published files', () => {
  const check = async (previous?: Witnessed) => {
    const checkpoint = (await record.ledger().newestCheckpoint(0))!;
    const getTile = (tile: Tile) => objects.get(tileObject(tile)).catch(() => null);
    const checked = await checkLedgerFiles({
      ...{ checkpoint, vkeys: [vkey(ORIGIN, spki)], getTile, previous: previous ?? null },
    });
    // the entries of this suite are no real ones
    const problems = checked.problems.filter(({ code }) => code !== 'entry-unreadable');
    return { head: checked.head!, problems };
  };

  test('hold the whole ledger, and grow by what is new', async () => {
    const { head, problems } = await check();
    expect(problems).toEqual([]);
    expect(head.size).toBe((await entries()).length);
    const { authorization, attempt } = await record.stored();
    await record.commit(authorization, attempt.id, '{"kind":"letter","letter":"more"}');
    await integrate(sequencer());
    expect(await check(head)).toMatchObject({ head: { size: head.size + 2 }, problems: [] });
  });

  test('a checkpoint that is not published is told to nobody', async () => {
    const before = await record.ledger().newestCheckpoint(0);
    const { authorization, attempt } = await record.stored();
    await record.commit(authorization, attempt.id, '{"kind":"letter","letter":"unpublished"}');
    const full = { ...objects, put: () => Promise.reject(new DomainError('internal', 'full')) };
    await expect(integrate({ ...sequencer(), objects: full })).rejects.toMatchObject({
      code: 'internal',
    });
    expect(await record.ledger().newestCheckpoint(0)).toBe(before);
    expect((await record.reload(authorization)).state).toBe('signed');
    expect((await integrate(sequencer())).released).toEqual([authorization.id]);
  });

  test('a record that is behind them, or holds another history, is refused', async () => {
    const running = gateOf('ca');
    for (const role of ['ca', 'ledger'] as const) await gateOf(role).open();
    await running.open();
    const size = (await entries()).length;
    const rest = await record.owner.query(
      'SELECT * FROM ledger_checkpoints WHERE size = (SELECT max(size) FROM ledger_checkpoints)',
    );
    // an old copy of the database: its newest checkpoint is one before
    await record.owner.query('DELETE FROM ledger_checkpoints WHERE size = $1', [size]);
    for (const role of ['ca', 'ledger'] as const)
      await expect(gateOf(role).open()).rejects.toMatchObject(BEHIND);
    const { faults } = await doctor();
    expect(faults.map(({ says }) => says)).toContainEqual(expect.stringContaining('ledger-behind'));
    expect(faults.at(-1)!.remedy).toContain('never start a second history');
    // restored beneath a process that saw more: neither certificate nor round
    await expect(running.pass()).rejects.toMatchObject(BEHIND);
    await expect(integrate({ ...sequencer(), gate: running })).rejects.toMatchObject(BEHIND);
    expect((await entries()).length).toBe(size);
    const { root, note, made_at } = rest.rows[0];
    await record.owner.query('INSERT INTO ledger_checkpoints VALUES ($1, $2, $3, $4)', [
      ...[size, root, note, made_at],
    ]);
    // doctor says what to do
    expect(await doctor()).toMatchObject({ faults: [] });
    // an entry rewritten in the database, its place published long ago
    await record.owner.query('ALTER TABLE ledger_published DISABLE TRIGGER ALL');
    await record.owner.query('UPDATE ledger_published SET size = 0');
    const [first] = await entries();
    const rewrite = (entry: string) =>
      record.owner.query('UPDATE ledger_entries SET entry = $1 WHERE leaf_index = 0', [entry]);
    await record.owner.query('ALTER TABLE ledger_entries DISABLE TRIGGER ALL');
    await rewrite('{"kind":"wish"}');
    await expect(integrate(sequencer())).rejects.toMatchObject(BEHIND);
    await rewrite(first!.entry);
    await integrate(sequencer());
    await running.pass();
    expect((await check()).problems).toEqual([]);
  });
});

test('without the store that was published to nothing starts', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'mandate-empty-'));
  const broken = {
    ...objects,
    get: () => Promise.reject(new DomainError('internal', 'object storage failed')),
  };
  for (const role of ['ca', 'ledger'] as const) {
    const other = await openObjects(`file:${empty}`);
    await expect(gateOf(role, other).open()).rejects.toMatchObject(BEHIND);
    await expect(gateOf(role, broken).open()).rejects.toMatchObject({ code: 'internal' });
  }
  await rm(empty, { recursive: true });
});

test('where the store was while it runs, nothing is written: an empty folder stays one', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'mandate-empty-'));
  const { authorization, attempt } = await record.stored();
  await record.commit(authorization, attempt.id, '{"kind":"letter","letter":"not mounted"}');
  const other = await openObjects(`file:${empty}`);
  await expect(integrate({ ...sequencer(), objects: other })).rejects.toMatchObject({
    code: 'objects-unavailable',
  });
  expect(await readdir(empty)).toEqual([]);
  expect((await integrate(sequencer())).released).toEqual([authorization.id]);
  await rm(empty, { recursive: true });
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

/** What `mandate doctor` says about the ledger, but for its key, which lies in no folder here. */
async function doctor(now = systemClock.now()) {
  const findings = await checkLedger({
    config: loadConfig('command', { NODE_ENV: 'test', OBJECTS_URL: `file:${folder}` }),
    clock: { now: () => now },
    random: systemRandom,
    ownerUrl: record.url,
    workerUrl: null,
  });
  const of = (level: string) => findings.filter((finding) => finding.level === level);
  return { faults: of('fault'), warnings: of('warning') };
}

describe('stamps', () => {
  let now = new Date('2026-11-22T20:00:00Z');
  const asked: Uint8Array[] = [];
  let down = false;
  const deps = (store = objects): StampDeps => ({
    record: record.ledger(),
    objects: store,
    clock: { now: () => now },
    stampSeconds: 3600,
    tsa: {
      token: async ({ digest }) => {
        if (down) throw new DomainError('timestamp-unavailable', 'down');
        asked.push(digest);
        const genTime = now.toISOString();
        return { request: digest, token: utf8(genTime), operator: 'o', genTime };
      },
    },
  });
  const more = async (text: string) => {
    const { authorization, attempt } = await record.stored();
    await record.commit(authorization, attempt.id, `{"kind":"letter","letter":"${text}"}`);
    return (await integrate(sequencer())).size;
  };
  const file = async (number: number, what: 'checkpoint' | 'token') =>
    Buffer.from(await objects.get(`ledger/${stampPath(number, what)}`)).toString('utf8');

  test('the newest head, at once and then at a bounded rate; and at the end of each day', async () => {
    expect(await stampCheckpoint(deps())).toBe(true);
    const head = (await record.ledger().newestCheckpoint(0))!;
    expect(await file(0, 'checkpoint')).toBe(head);
    expect(await file(0, 'token')).toBe('2026-11-22T20:00:00.000Z');
    expect(toHex(asked[0]!)).toBe(createHash('sha256').update(head).digest('hex'));
    now = new Date('2026-11-22T23:30:00Z');
    expect(await stampCheckpoint(deps())).toBe(false); // the same head
    await more('stamp-1');
    expect(await stampCheckpoint(deps())).toBe(true);
    const size = await more('stamp-2');
    now = new Date('2026-11-22T23:59:00Z');
    expect(await stampCheckpoint(deps())).toBe(false); // within the hour
    now = new Date('2026-11-23T00:00:01Z');
    expect(await stampCheckpoint(deps())).toBe(true); // the day is over
    expect((await file(2, 'checkpoint')).split('\n')[1]).toBe(String(size));
  });

  test('an authority that is away holds nothing up, and is asked again', async () => {
    down = true;
    now = new Date('2026-11-23T02:00:00Z');
    const { authorization, attempt } = await record.stored();
    await record.commit(authorization, attempt.id, '{"kind":"letter","letter":"unstamped"}');
    expect((await integrate(sequencer())).released).toEqual([authorization.id]);
    await expect(stampCheckpoint(deps())).rejects.toMatchObject({ code: 'timestamp-unavailable' });
    down = false;
    expect(await stampCheckpoint(deps())).toBe(true);
  });

  test('what was stamped and not published is published by the next call, unchanged', async () => {
    await more('stamp-3');
    now = new Date('2026-11-23T04:00:00Z');
    const full = { ...objects, put: () => Promise.reject(new DomainError('internal', 'full')) };
    await expect(stampCheckpoint(deps(full))).rejects.toMatchObject({ code: 'internal' });
    await expect(file(4, 'token')).rejects.toMatchObject({ code: 'object-missing' });
    now = new Date('2026-11-23T04:01:00Z');
    expect(await stampCheckpoint(deps())).toBe(false);
    expect(await file(4, 'token')).toBe('2026-11-23T04:00:00.000Z');
  });

  test('two at once: one stamp; the record takes none out of order', async () => {
    await more('stamp-4');
    now = new Date('2026-11-23T06:00:00Z');
    const both = await Promise.all([stampCheckpoint(deps()), stampCheckpoint(deps())]);
    expect([...both].sort()).toEqual([false, true]);
    const { rows } = await record.owner.query('SELECT number, size FROM ledger_stamps ORDER BY 1');
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, i) => i));
    const store = record.ledger();
    const at = now;
    const token = utf8('x');
    // a head that waits for hours is told
    const said = async (hours: number) =>
      (await doctor(addSeconds(systemClock.now(), hours * 3600))).warnings.map(({ says }) => says);
    expect(await said(3)).not.toContainEqual(expect.stringContaining('stamped'));
    await more('stamp-5');
    expect(await said(1)).not.toContainEqual(expect.stringContaining('stamped'));
    expect(await said(3)).toContainEqual(expect.stringContaining('last stamped'));
    const { last, newest } = await store.stampStanding();
    for (const wrong of [
      { number: last!.number + 2, size: newest!.size },
      { number: last!.number + 1, size: Number(rows[0].size) },
    ])
      expect(await store.addStamp({ ...wrong, token, at })).toBe(false);
  });
});

describe('witnesses', () => {
  const [one, two] = ['one.example/w', 'two.example/w'].map((name) =>
    ledgerWitness(name, [vkey(ORIGIN, spki)]),
  ) as [ReturnType<typeof ledgerWitness>, ReturnType<typeof ledgerWitness>];
  const round = () => integrate(sequencer(undefined, [one, two], 2));
  const letter = async (text: string) => {
    const { authorization, attempt } = await record.stored();
    await record.commit(authorization, attempt.id, `{"kind":"letter","letter":"${text}"}`);
    return authorization;
  };

  test('a letter waits until enough have cosigned; its proof carries them all', async () => {
    two.away = true;
    complaints.length = 0;
    const authorization = await letter('witnessed');
    expect((await round()).released).toEqual([]);
    expect(complaints).toEqual([{ witness: 'two.example/w', status: null }]);
    expect((await record.reload(authorization)).state).toBe('signed');
    two.away = false;
    expect((await round()).released).toEqual([authorization.id]);
    const { rows } = await record.owner.query(
      'SELECT proof FROM inclusion_proofs WHERE authorization_id = $1',
      [authorization.id],
    );
    const { checkpoint, index, hashes } = parseProof(rows[0].proof);
    const verified = verifyNote(checkpoint, [vkey(ORIGIN, spki), one.vkey, two.vkey]);
    expect(verified).toMatchObject({ signers: [ORIGIN], failed: [] });
    expect(verified.cosigners.map(({ name }) => name)).toEqual(['one.example/w', 'two.example/w']);
    const { size, root } = parseCheckpoint(verified.text);
    const leaf = leafHash(utf8('{"kind":"letter","letter":"witnessed"}'));
    expect(verifyInclusion({ leaf, index, size, hashes, root })).toBe(true);
  });

  test('what the newest head misses, an older cosigned one does not: only its letters leave', async () => {
    const first = await letter('before');
    expect((await round()).released).toEqual([first.id]);
    one.away = true;
    const second = await letter('after');
    expect((await round()).released).toEqual([]);
    expect((await record.ledger().newestCheckpoint(2))!.split('\n')[1]).not.toBe(
      (await record.ledger().newestCheckpoint(0))!.split('\n')[1],
    );
    one.away = false;
    expect((await round()).released).toEqual([second.id]);
  });

  test('that a passkey was registered is proven by the oldest head that witnesses saw it in', async () => {
    const entry = fromUtf8(
      entryBytes({
        format: 'mandate-entry/v1',
        kind: 'credential',
        at: '2026-11-22T00:00:00Z',
        credential: 'ab'.repeat(32),
      }),
    );
    // Role ra writes it with the passkey itself; here the entry alone matters.
    await record.owner.query(`
      BEGIN;
      ALTER TABLE ledger_queue DISABLE TRIGGER USER;
      INSERT INTO ledger_queue (dedupe, entry) VALUES ('credential:dated', '${entry}');
      ALTER TABLE ledger_queue ENABLE TRIGGER USER;
      COMMIT`);
    one.away = true;
    await letter('with the passkey, one witness away');
    await round();
    one.away = false;
    await letter('the first that both saw');
    await round();
    const dated = parseCheckpoint(parseNote((await record.ledger().newestCheckpoint(2))!).text);
    await letter('later');
    await round();
    const { rows } = await record.owner.query(
      "SELECT leaf_index FROM ledger_queue WHERE dedupe = 'credential:dated'",
    );
    const index = Number(rows[0].leaf_index);
    const { size, proofs } = await proveEntries(
      { record: record.ledger(), quorum: 2 },
      { indexes: [index] },
    );
    const [credential] = proofs.map(({ proof }) => {
      const { checkpoint, hashes, ...rest } = parseProof(proof);
      const note = verifyNote(checkpoint, [vkey(ORIGIN, spki), one.vkey, two.vkey]);
      const head = parseCheckpoint(note.text);
      const leaf = leafHash(rest.extra!);
      expect(verifyInclusion({ leaf, hashes, index: rest.index, ...head })).toBe(true);
      return { size: head.size, cosigners: note.cosigners.length };
    });
    expect(credential).toEqual({ size: dated.size, cosigners: 2 });
    expect(dated.size).toBeLessThan(size);
  });

  test('a witness that was started anew, or knows more than we remember, is asked from its size', async () => {
    one.heads.clear();
    const authorization = await letter('anew');
    expect((await round()).released).toEqual([authorization.id]);
    await record.owner.query('DELETE FROM ledger_cosignatures');
    const another = await letter('forgotten');
    expect((await round()).released).toEqual([another.id]);
  });

  test('a witness that saw another history refuses, and is reported; nothing is released', async () => {
    const head = two.heads.get(ORIGIN)!;
    two.heads.set(ORIGIN, { ...head, root: new Uint8Array(32) });
    complaints.length = 0;
    const authorization = await letter('forked');
    expect((await round()).released).toEqual([]);
    expect(complaints).toEqual([{ witness: 'two.example/w', status: 422 }]);
    two.heads.set(ORIGIN, { size: head.size + 100_000, root: head.root });
    await round();
    expect(complaints.at(-1)).toEqual({ witness: 'two.example/w', status: 409 });
    two.heads.set(ORIGIN, head);
    expect((await round()).released).toEqual([authorization.id]);
  });

  test('an answer that is no cosignature of this head counts for nothing', async () => {
    const authorization = await letter('lied');
    const honest = two.addCheckpoint.bind(two);
    complaints.length = 0;
    for (const lie of ['', 'OK\n', '— two.example/w AAAA\n', 'cosignature of another head']) {
      two.addCheckpoint = async (body) => {
        if (lie !== 'cosignature of another head') return { status: 200, body: lie };
        const { body: line } = await one.addCheckpoint(body);
        return { status: 200, body: line };
      };
      expect((await round()).released).toEqual([]);
    }
    expect(complaints.filter(({ status }) => status === 200)).toHaveLength(4);
    two.addCheckpoint = honest;
    expect((await round()).released).toEqual([authorization.id]);
  });
});

const verifiedNote = (note: string) => {
  const { text, signers, failed } = verifyNote(note, [vkey(ORIGIN, spki)]);
  return { text, verified: signers.length === 1 && failed.length === 0 };
};
