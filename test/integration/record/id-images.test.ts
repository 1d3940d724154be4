import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { redrawInChild } from '@mandate/adapters';
import { addSeconds, newId, sha256Hex, type RedrawImage, type RedrawnImage } from '@mandate/core';
import {
  destroyIdImage,
  dispute,
  exportData,
  keepIdImage,
  readIdImage,
  restrict,
  sweepErasures,
  sweepIdImages,
  withdraw,
  type AuthorizationRow,
  type KeepIdImageDeps,
} from '@mandate/ceremony';
import { idPicture } from '../../kit/id-picture.js';
import { startCeremony, SUBJECT } from './started-ceremony.js';

jest.setTimeout(120_000);

/** Pictures of identity documents in the record: how they are kept, read and destroyed, and what cannot be undone. */
let ceremony: Awaited<ReturnType<typeof startCeremony>>;
let deps: KeepIdImageDeps & { record: typeof ceremony.record };
let bytes: Buffer;
/** Drawn by the real child once; the same picture serves all others. */
let drawn: RedrawnImage;
const DAY = 86_400;
const CANARY = 'CANARY-PLACE-31.23N';

beforeAll(async () => {
  ceremony = await startCeremony();
  bytes = await idPicture(CANARY);
  const once = redrawInChild();
  const redraw: RedrawImage = async (file, mark) => (drawn ??= await once(file, mark));
  deps = {
    clock: ceremony.clock,
    random: ceremony.deps.random,
    record: ceremony.record,
    vault: ceremony.web.vault,
    redraw,
    days: { usual: 30, most: 90 },
  };
});
afterAll(() => ceremony?.stop());

const now = () => ceremony.clock.now();
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

let phones = 0;
const someone = () => ({ ...SUBJECT, phone: `136${String(++phones).padStart(8, '0')}` });
const requested = async (): Promise<AuthorizationRow> =>
  ceremony.record.authorization(await ceremony.request(someone()));
async function released(): Promise<AuthorizationRow> {
  const at = await ceremony.confirmed(someone());
  await ceremony.complete(at, await ceremony.issue(at));
  for (let i = 0; (await ceremony.state(at.id)) !== 'released' && i < 50; i++)
    await ceremony.sweep();
  return ceremony.record.authorization(at.id);
}
const keep = (authorization: AuthorizationRow, change: { days?: number; source?: string } = {}) =>
  keepIdImage(deps, {
    ...{ authorization, by: 'institution', side: 'front', bytes },
    reason: change.source ? 'source-demand' : 'in-person',
    actor: `institution:${ceremony.institution.id}`,
    ...change,
  });
const read = (authorization: { id: string }, imageId: string, actor = 'institution:i/dispute/1') =>
  readIdImage(deps, { authorizationId: authorization.id, imageId, actor });
const sweep = () =>
  sweepIdImages({
    clock: ceremony.clock,
    record: ceremony.worker,
    onProblem: (_what, error) => {
      throw error;
    },
  });
const query = async (sql: string, values: unknown[] = []): Promise<any[]> =>
  (await ceremony.owner.query(sql, values)).rows;
const rowOf = async (id: string) => (await query('SELECT * FROM id_images WHERE id = $1', [id]))[0];
const secretOf = async (id: string) =>
  (await query('SELECT wrapped FROM data_keys WHERE authorization_id = $1', [id]))[0].wrapped;
const eventsOf = async (id: string): Promise<{ type: string; body: string }[]> =>
  query('SELECT type, body FROM events WHERE stream = $1 ORDER BY version', [id]);

const entryOf = async (id: string) =>
  (await query('SELECT entry FROM ledger_queue WHERE dedupe = $1', [`shred:${id}`]))[0]?.entry;

test('refused where it may not be kept: nothing is left of it', async () => {
  const before = await query('SELECT count(*)::int AS n FROM data_keys');
  const letter = await requested();
  expect(await codeOf(keep(letter, { days: 91 }))).toBe('invalid-request');
  expect(await codeOf(keep(letter, { source: '91310000MA1FLDEM0R' }))).toBe('source-mismatch');
  const at = await ceremony.presented(someone());
  await ceremony.challenge(at.id);
  const signing = await ceremony.record.authorization(at.id);
  expect(await codeOf(keep(signing))).toBe('illegal-transition');
  expect(await query('SELECT count(*)::int AS n FROM id_images')).toEqual([{ n: 0 }]);
  // a secret made for a picture that was never committed goes after a day
  const stray = { authorizationId: letter.id, imageId: newId('idImage', deps.clock, deps.random) };
  await ceremony.web.vault.imageKey({ ...stray, actor: 'institution:i', make: true });
  const kept = (await keep(letter)).id;
  ceremony.clock.move(DAY + 1);
  await ceremony.authority.vault.sweepKeys({});
  const left = await query(
    'SELECT authorization_id AS id FROM data_keys WHERE authorization_id = ANY($1)',
    [[stray.imageId, kept]],
  );
  expect(left).toEqual([{ id: kept }]);
  // the letters' own keys alone
  const after = await query('SELECT count(*)::int AS n FROM data_keys');
  expect(after[0].n - before[0].n).toBe(3);
});

test('at most four at a time, however many are sent at once', async () => {
  const letter = await requested();
  const source = ceremony.body.sources[0]!.creditCode;
  const all = [0, 1, 2, 3, 4].map((i) => codeOf(keep(letter, i ? {} : { source })));
  expect((await Promise.all(all)).toSorted()).toEqual([
    'done',
    'done',
    'done',
    'done',
    'image-limit',
  ]);
});

test('kept as ciphertext, read for a purpose, each reading on record before', async () => {
  const letter = await released();
  const { id, keepUntil, keptAt } = await keep(letter);
  expect(Date.parse(keepUntil) - Date.parse(keptAt)).toBe(30 * DAY * 1000);
  const { jpeg } = await read(letter, id);
  expect(sha256Hex(jpeg)).toBe(sha256Hex(drawn.jpeg));
  const row = await rowOf(id);
  expect(row.box.includes(drawn.jpeg.subarray(0, 64))).toBe(false);
  // neither a picture nor the digest of one is to be found, and nothing of the file that came
  const dump = JSON.stringify([row, await eventsOf(letter.id)]);
  for (const guess of [bytes, drawn.jpeg]) expect(dump).not.toContain(sha256Hex(guess));
  expect(Buffer.from(drawn.jpeg).includes(CANARY)).toBe(false);
  const { entries } = await ceremony.web.vault.accesses({ authorizationId: letter.id });
  expect(entries.slice(-3).map(({ purpose }) => purpose)).toEqual([
    ...['keep-id-image', 'keep-id-image', 'id-image'],
  ]);
  expect(entries.at(-1)!.actor).toBe(`web/institution:i/dispute/1/${id}`);
  const copy = await exportData({ ...deps, vault: ceremony.web.vault }, letter, 'own:own_1');
  expect(copy.idImages).toMatchObject([{ id, destroyed: null }]);
  expect(copy.readable.some(({ title }) => title === '您的证件图片')).toBe(true);

  // under another authorization the key is another one, and the vault asks before it gives any
  const other = await released();
  expect(await codeOf(read(other, id))).toBe('not-found');
  const wrong = await ceremony.web.vault.imageKey({
    ...{ authorizationId: other.id, imageId: id, actor: 'institution:i' },
  });
  const right = await ceremony.web.vault.imageKey({
    ...{ authorizationId: letter.id, imageId: id, actor: 'institution:i' },
  });
  expect(Buffer.from(wrong.dataKey).equals(Buffer.from(right.dataKey))).toBe(false);
  const asWorker = ceremony.authority.vault.imageKey(
    { authorizationId: letter.id, imageId: id, actor: 'x' },
    'worker',
  );
  expect(await codeOf(asWorker)).toBe('forbidden');
});

test('destroyed once, for good and on record; nothing brings it back', async () => {
  const letter = await released();
  const { id } = await keep(letter);
  const [old] = [await rowOf(id)];
  const [oldKey] = await query('SELECT * FROM data_keys WHERE authorization_id = $1', [id]);
  const image = { id, authorizationId: letter.id, by: 'institution' } as const;
  expect(
    await codeOf(destroyIdImage(deps, { ...image, authorizationId: (await requested()).id })),
  ).toBe('not-found');
  const results = await Promise.all([1, 2, 3, 4].map(() => destroyIdImage(deps, image)));
  expect(new Set(results.map((it) => JSON.stringify(it.destroyed))).size).toBe(1);
  expect(results[0]!.destroyed).toMatchObject({ why: 'asked', by: 'institution' });
  expect(await rowOf(id)).toMatchObject({ box: null, destroyed_why: 'asked' });
  expect(await secretOf(id)).toBe(null);
  const events = await eventsOf(letter.id);
  expect(events.filter(({ type }) => type === 'id-image-destroyed')).toHaveLength(1);
  expect(JSON.parse(await entryOf(id))).toMatchObject({
    kind: 'shred',
    step: 'id-image-destroyed',
  });
  const { jws } = await ceremony.web.seal.receipt({ factId: id });
  const told = JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString('utf8'));
  expect(told.fact).toMatchObject({
    ...{ format: 'mandate-id-image-destruction/v1', id, why: 'asked', by: 'institution' },
    content: old.content,
  });
  expect(told.ledgerEntry).toBe(sha256Hex(Buffer.from(await entryOf(id))));
  expect(await codeOf(read(letter, id))).toBe('erased');

  // by statement, as the roles and as the owner of the tables
  const tries: [string, unknown[]][] = [
    ['UPDATE id_images SET box = $2 WHERE id = $1', [id, old.box]],
    [
      'UPDATE id_images SET box = $2, destroyed_at = NULL, destroyed_why = NULL, destroyed_by = NULL WHERE id = $1',
      [id, old.box],
    ],
    ['DELETE FROM id_images WHERE id = $1', [id]],
    [
      'UPDATE data_keys SET wrapped = $2, shredded_at = NULL WHERE authorization_id = $1',
      [id, oldKey.wrapped],
    ],
    ['DELETE FROM data_keys WHERE authorization_id = $1', [id]],
  ];
  for (const [sql, values] of tries)
    expect([sql, await codeOf(query(sql, values))]).toEqual([
      sql,
      expect.stringMatching(/^(MA001|23503)$/),
    ]);
  // old rows of the picture put back past every rule: its secret is elsewhere and gone
  await query('ALTER TABLE id_images DISABLE TRIGGER USER');
  await query(
    'UPDATE id_images SET box = $2, destroyed_at = NULL, destroyed_why = NULL, destroyed_by = NULL WHERE id = $1',
    [id, old.box],
  );
  expect(await codeOf(read(letter, id))).toBe('erased');
  const row = results[0]!.destroyed!;
  await query(
    'UPDATE id_images SET box = NULL, destroyed_at = $2, destroyed_why = $3, destroyed_by = $4 WHERE id = $1',
    [
      id,
      events.length
        ? JSON.parse(events.findLast(({ type }) => type === 'id-image-destroyed')!.body).at
        : row.at,
      row.why,
      row.by,
    ],
  );
  await query('ALTER TABLE id_images ENABLE TRIGGER USER');
});

test('a reading that meets the destruction gets the picture or nothing, and is on record', async () => {
  const letter = await released();
  for (let round = 0; round < 4; round++) {
    const { id } = await keep(letter);
    const image = { id, authorizationId: letter.id, by: 'subject' } as const;
    const [first, , second] = await Promise.all([
      codeOf(read(letter, id)),
      destroyIdImage(deps, image),
      codeOf(read(letter, id)),
    ]);
    for (const code of [first, second]) expect(['done', 'erased']).toContain(code);
    expect(await codeOf(read(letter, id))).toBe('erased');
    const { entries } = await ceremony.web.vault.accesses({ authorizationId: letter.id });
    const noted = entries.filter((it) => it.purpose === 'id-image' && it.actor.endsWith(id)).length;
    expect(noted).toBeGreaterThanOrEqual([first, second].filter((it) => it === 'done').length);
  }
});

test('gone when its authorization is over, not while a dispute is open, and by its deadline whatever is open', async () => {
  const [withdrawn, disputed, refused] = [await released(), await released(), await requested()];
  const images = new Map<string, string>();
  for (const it of [withdrawn, disputed, refused]) images.set(it.id, (await keep(it)).id);
  const gone = async (it: { id: string }) => (await rowOf(images.get(it.id)!)).destroyed_why;
  await sweep();
  for (const it of [withdrawn, disputed, refused]) expect(await gone(it)).toBe(null);

  const proof = { kind: 'own-code', ref: 'own_1' };
  await dispute(deps, {
    authorizationId: disputed.id,
    by: 'subject',
    reason: 'not-signed',
    proof,
  } as never);
  for (const { id } of [withdrawn, disputed])
    await withdraw(deps, { authorizationId: id, by: 'subject', proof });
  const asked = {
    id: images.get(disputed.id)!,
    authorizationId: disputed.id,
    by: 'institution',
  } as const;
  expect(await codeOf(destroyIdImage(deps, asked))).toBe('on-hold');
  await sweep();
  expect(await gone(withdrawn)).toBe('over');
  expect(await gone(disputed)).toBe(null);
  expect(await codeOf(keep(withdrawn))).toBe('withdrawn');

  // nobody signs within seven days: the request lapses
  ceremony.clock.move(8 * DAY);
  await ceremony.sweep();
  await sweep();
  expect(await gone(refused)).toBe('over');

  ceremony.clock.move(22 * DAY);
  expect(await codeOf(read(disputed, images.get(disputed.id)!))).toBe('erased');
  await sweep();
  expect(await gone(disputed)).toBe('deadline');
  expect(await sweep()).toBe(0);
});

test('with the data key goes every picture, each with its own event', async () => {
  const letter = await requested();
  const { id } = await keep(letter, { days: 90 });
  ceremony.clock.move(8 * DAY);
  await ceremony.sweep();
  expect(await ceremony.state(letter.id)).toBe('lapsed');
  const proof = { kind: 'own-code', ref: 'own_1' };
  await restrict(deps, { authorizationId: letter.id, by: 'subject', proof });
  expect(await codeOf(keep(letter))).toBe('restricted');
  expect(await codeOf(read(letter, id))).toBe('restricted');
  await sweepErasures({
    clock: ceremony.clock,
    record: ceremony.worker,
    vault: ceremony.authority.vault,
    onProblem: (_what, error) => {
      throw error;
    },
  });
  expect(await rowOf(id)).toMatchObject({
    box: null,
    destroyed_why: 'erased',
    destroyed_by: 'sweep',
  });
  expect((await eventsOf(letter.id)).slice(-2).map(({ type }) => type)).toEqual([
    ...['id-image-destroyed', 'erased'],
  ]);
  expect(await codeOf(keep(letter))).toBe('erased');
});

test('by statement: no longer than half a year, not under another reason, and no role does another’s part', async () => {
  const letter = await requested();
  const { id } = await keep(letter);
  const asRole = async (role: string, sql: string) => {
    const client = await ceremony.owner.connect();
    try {
      await client.query(`BEGIN; SET LOCAL ROLE mandate_${role}`);
      return await codeOf(client.query(sql).then(() => client.query('COMMIT')));
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  };
  const until = addSeconds(now(), 200 * DAY).toISOString();
  const set = (why: string, by: string) =>
    `UPDATE id_images SET box = NULL, destroyed_at = '${now().toISOString()}', destroyed_why = '${why}', destroyed_by = '${by}' WHERE id = '${id}'`;
  for (const [role, sql, code] of [
    ['web', `UPDATE id_images SET keep_until = '${until}' WHERE id = '${id}'`, '42501'],
    ['worker', `SELECT box FROM id_images WHERE id = '${id}'`, '42501'],
    ['desk', `SELECT id FROM id_images`, '42501'],
    ['worker', set('deadline', 'sweep'), 'MA001'],
    ['worker', set('over', 'sweep'), 'MA001'],
    ['worker', set('erased', 'sweep'), 'MA001'],
    ['web', set('asked', 'sweep'), 'MA001'],
    // without its event and its entry
    ['web', set('asked', 'subject'), 'MA002'],
  ] as const)
    expect([sql, await asRole(role, sql)]).toEqual([sql, code]);
  expect(await rowOf(id)).toMatchObject({ destroyed_at: null });
});
