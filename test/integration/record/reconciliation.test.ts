import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  addSeconds,
  newId,
  systemClock,
  systemRandom,
  toHex,
  utf8,
  type ComparedUse,
  type DomainError,
} from '@mandate/core';
import {
  receiveQueryLog,
  reconcileRun,
  type ReconciliationRecord,
  type ReconciliationRow,
} from '@mandate/ceremony';
import {
  migrate,
  openDatabase,
  reconciliationRows,
  reviewRows,
  type Database,
} from '@mandate/store';
import pg from 'pg';
import { startTestPostgres } from '../../kit/postgres.js';
import { releasedAuthorizations, SOURCE } from '../../kit/released-authorizations.js';

/** A log and its uses on a real database, with uploads and workers that die. */
const now = new Date();
let postgres: Awaited<ReturnType<typeof startTestPostgres>>;
let owner: pg.Pool;
let desk: Database;
let record: ReconciliationRecord;
let institution: string;
let ids: string[];
/** The operator's, and two of the institution's own. */
const [staff, theirs, leaver] = [0, 1, 2].map(() => newId('staff', systemClock, systemRandom)) as [
  ...[string, string, string],
];
/** Who made each use. */
const operators = new Map<string, string>();
const clock = { at: now, now: () => clock.at };

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.url, systemClock);
  owner = new pg.Pool({ connectionString: postgres.url, max: 2 });
  owner.on('error', () => undefined);
  desk = openDatabase(postgres.url, 'desk', 4);
  record = reconciliationRows(desk);
  ({ institution, ids } = await releasedAuthorizations(owner, 60, { maxUses: 100 }));
  const client = await owner.connect();
  await client.query(`SET session_replication_role = replica`);
  // whose people they are is all that is read of whoever began it
  for (const [id, institution_id] of [
    [staff, null],
    [theirs, institution],
    [leaver, institution],
  ])
    await client.query(
      `INSERT INTO staff SELECT * FROM jsonb_populate_record(NULL::staff, $1::jsonb)`,
      [
        JSON.stringify({
          ...{ id, institution_id, name: 'x', team: 't', outsourced: false, opened_at: now },
          ...{ opening_undertaking: 'U', change: 1, mac: `\\x${'00'.repeat(32)}` },
          ...{ opened_by: 'a', approved_by: 'b', reviewed_by: 'b', reviewed_at: now },
        }),
      ],
    );
  for (const [i, id] of ids.entries())
    for (const nth of [1, 2]) {
      const at = addSeconds(now, -7200 + i * 60 + nth);
      const redemption = newId('redemption', { now: () => at }, systemRandom);
      operators.set(redemption, `op-${i % 3}`);
      const unique = toHex(systemRandom.bytes(16));
      await client.query(
        `INSERT INTO redemptions (id, authorization_id, state, period, number, purpose, source, recipient, items,
           operator, box, digest, ledger_entry, request_key, request_digest, at)
         VALUES ($1, $2, $3, '', $4, 'loan-approval', $5, 'r', '{a}', 'o', '', $6, $6, $6, $6, $7)`,
        [redemption, id, i % 10 === 9 ? 'released' : 'confirmed', nth, SOURCE, unique, at],
      );
    }
  await client.query(`SET session_replication_role = origin`);
  client.release();
}, 120_000);
afterAll(async () => {
  await desk?.destroy();
  await owner?.end();
  await postgres?.stop();
});

const compared = async ({ asked }: { asked: readonly ComparedUse[] }) => ({
  answers: asked.map(({ redemptions, operator }) => ({
    agreeing: redemptions.filter((id) => operators.get(id) === operator),
    withheld: [],
  })),
});
const vault = { compareUses: compared };
const HEADING = 'time,query,authorization,purpose,operator';
/** One query for each use but every seventh; every fifth by somebody else; one letter nobody knows. */
const lines = (): string[] => [
  ...ids.flatMap((id, i) =>
    [1, 2].flatMap((nth) =>
      (i * 2 + nth) % 7 === 0
        ? []
        : [
            [
              addSeconds(now, -7200 + i * 60 + nth + 5).toISOString(),
              ...[`Q-${i}-${nth}`, id, 'loan-approval'],
              (i * 2 + nth) % 5 === 0 ? 'stranger' : `op-${i % 3}`,
            ].join(','),
          ],
    ),
  ),
  `${now.toISOString()},Q-x,aut_019a1111-2222-7333-8444-555566667777,loan-approval,op-1`,
];
async function* pieces(rows: readonly string[], breakAfter = Infinity) {
  yield utf8(`\ufeff${HEADING}\r\n`);
  for (const [i, row] of rows.entries()) {
    if (i === breakAfter) throw new Error('the connection broke');
    yield utf8(`${row}\r\n`);
  }
}
const begun = async (change: Partial<ReconciliationRow> = {}): Promise<ReconciliationRow> => {
  const row: ReconciliationRow = {
    id: newId('reconciliation', systemClock, systemRandom),
    ...{ institutionId: institution, source: SOURCE, windowMinutes: 1, faults: [] },
    ...{ from: addSeconds(now, -86_400), to: addSeconds(now, 60), state: 'receiving' as const },
    ...{ madeBy: staff, madeAt: now, received: 0, chain: '', digest: null, bytes: null },
    ...{ reached: '', endedAt: null, sweptAt: null },
    ...change,
  };
  await record.createRun(row);
  return row;
};
const send = async (id: string, rows: readonly string[], breakAfter?: number) =>
  receiveQueryLog(
    { record, vault, clock },
    {
      ...{ run: (await record.run(id))!, secret: new Uint8Array(32) },
      pieces: pieces(rows, breakAfter),
    },
  );
const foundBy = async (runId: string) => {
  const { rows } = await owner.query(
    `SELECT line, query, kind, redemption_id FROM reconciliation_queries WHERE run_id = $1 ORDER BY line`,
    [runId],
  );
  const unqueried = await owner.query(
    `SELECT redemption_id FROM reconciliation_unqueried WHERE run_id = $1 ORDER BY 1`,
    [runId],
  );
  return { rows, unqueried: unqueried.rows };
};

test('a worker that dies anywhere loses and doubles nothing', async () => {
  const whole = await begun();
  await send(whole.id, lines());
  expect(await reconcileRun({ record, clock }, { worker: 'whole' })).toBe(true);
  expect((await record.run(whole.id))!.state).toBe('done');
  const expected = await foundBy(whole.id);
  const counts = await record.counts(whole.id);
  // every tenth authorization's uses came back: their queries belong to no use that counts
  expect(counts).toMatchObject({ unknown: 1, 'use-released': expect.any(Number) });
  expect(Object.values(counts).reduce((a, b) => a + b!, 0)).toBe(
    lines().length + counts['no-query']!,
  );

  const killed = await begun();
  await send(killed.id, lines());
  const steps = ['claimRun', 'nextAuthorizations', 'nameQueries', 'noteUnqueried'] as const;
  let deaths = 0;
  for (let life = 0; life < 200; life++) {
    let left = life % 4;
    const dying = { ...record };
    for (const step of steps) {
      const real = record[step] as (...given: never[]) => Promise<unknown>;
      (dying as Record<string, unknown>)[step] = async (...given: never[]) => {
        // before the work, and after it without anybody hearing of it
        if (left-- === 0 && life % 2 === 0) throw new Error('killed before');
        const done = await real(...given);
        if (left === -1 && life % 2 === 1) throw new Error('killed after');
        return done;
      };
    }
    clock.at = addSeconds(clock.at, 61);
    const atOnce = { queries: 7, redemptions: 11 };
    const worked = await reconcileRun(
      { record: dying, clock },
      { worker: `w${life}`, atOnce },
    ).catch(() => {
      deaths += 1;
      return true;
    });
    if (!worked) break;
  }
  expect(deaths).toBeGreaterThan(20);
  expect((await record.run(killed.id))!.state).toBe('done');
  expect(await foundBy(killed.id)).toEqual(expected);
});

test('two workers at one run: the later one takes it over, the earlier one writes nothing more', async () => {
  const run = await begun();
  await send(run.id, lines());
  const claim = (worker: string) =>
    record.claimRun({ worker, at: clock.now(), until: addSeconds(clock.now(), 60) });
  expect((await claim('a'))?.id).toBe(run.id);
  expect(await claim('b')).toBeNull();
  clock.at = addSeconds(clock.at, 61);
  const taken = (await claim('b'))!;
  const step = { run: taken, outcomes: [], reached: 'aut_0', at: clock.now(), until: clock.now() };
  expect(await record.nameQueries({ ...step, worker: 'a' })).toBe(false);
  expect(await record.nameQueries({ ...step, worker: 'b' })).toBe(true);
  expect(await record.nameQueries({ ...step, worker: 'b' })).toBe(false);
  await record.leaveRun(run.id, 'b');
});

test('an upload that broke off is sent again whole and goes on; another log is refused', async () => {
  const run = await begun();
  // some hundred rows are kept at once
  const many = Array.from({ length: 1300 }, (_, i) =>
    [now.toISOString(), `N-${i}`, ids[i % 60], 'loan-approval', 'op-1'].join(','),
  );
  await expect(send(run.id, many, 1100)).rejects.toThrow('broke');
  const kept = (await record.run(run.id))!;
  expect([kept.state, kept.received]).toEqual(['receiving', 1000]);
  const other = [...many];
  other[3] = other[3]!.replace('op-1', 'op-2');
  await expect(send(run.id, other)).rejects.toMatchObject({ code: 'log-differs' });
  await expect(send(run.id, many.slice(0, 700))).rejects.toMatchObject({ code: 'log-differs' });
  await send(run.id, many);
  const done = (await record.run(run.id))!;
  expect([done.state, done.received]).toEqual(['matching', 1300]);
  await expect(send(run.id, many)).rejects.toMatchObject({ code: 'illegal-transition' });
  expect((await foundBy(run.id)).rows).toHaveLength(1300);
});

test('a log that cannot be read is refused by its lines, and nothing of it stays', async () => {
  const run = await begun();
  const many = Array.from({ length: 600 }, (_, i) =>
    [now.toISOString(), `N-${i}`, ids[0], 'loan-approval', 'op-1'].join(','),
  );
  many[550] = many[550]!.replace('N-550', 'N-3');
  many[560] = many[560]!.replace('loan-approval', 'curiosity');
  const error = await send(run.id, many).catch((refused: DomainError) => refused);
  expect((error as DomainError).code).toBe('log-refused');
  expect((error as DomainError).extensions['errors']).toEqual([
    expect.objectContaining({ pointer: '/562', rule: 'purpose' }),
  ]);
  // whoever looks again is told why
  const faults = [{ line: 562, fault: 'purpose' }];
  expect(await record.run(run.id)).toMatchObject({ state: 'refused', faults });
  expect((await foundBy(run.id)).rows).toEqual([]);

  const again = await begun();
  many[560] = many[560]!.replace('curiosity', 'loan-approval');
  await expect(send(again.id, many)).rejects.toMatchObject({
    code: 'log-refused',
    extensions: { line: 552, errors: [expect.objectContaining({ rule: 'query-repeated' })] },
  });
});

test('the desk’s own database role changes no finding and deletes none', async () => {
  const [run] = await record.runs({ limit: 1, institutionId: institution });
  const refusal = (sql: string) =>
    desk
      .transaction()
      .execute(async (tx) => {
        const { sql: raw } = await import('kysely');
        await raw.raw(sql).execute(tx);
        throw new Error('nothing refused it');
      })
      .then(
        () => null,
        (error: { code?: string; message: string }) => error.code ?? error.message,
      );
  expect(run).toBeDefined();
  expect(
    await refusal(`UPDATE reconciliation_queries SET kind = 'matched' WHERE kind <> 'matched'`),
  ).toBe('MA001');
  expect(await refusal(`DELETE FROM reconciliation_queries WHERE kind IS NOT NULL`)).toBe('MA001');
  expect(await refusal(`UPDATE reconciliations SET state = 'done' WHERE state = 'matching'`)).toBe(
    'MA001',
  );
  expect(await refusal(`UPDATE reconciliations SET source = source`)).toBe('42501');
  expect(await refusal(`UPDATE reconciliations SET made_for = NULL`)).toBe('42501');
  expect(await refusal(`DELETE FROM reconciliation_unqueried`)).toBe('42501');
});

test('a run that no lease moves is ended, and holds nobody up', async () => {
  clock.at = addSeconds(clock.at, 61);
  while (await reconcileRun({ record, clock }, { worker: 'before' }));
  const run = await begun();
  await send(run.id, lines());
  const stuck = { ...record, nextAuthorizations: () => Promise.reject(new Error('too much')) };
  for (let life = 0; life < 3; life++) {
    clock.at = addSeconds(clock.at, 61);
    const work = reconcileRun({ record: stuck, clock }, { worker: `w${life}` });
    await expect(work).rejects.toThrow('too much');
  }
  clock.at = addSeconds(clock.at, 61);
  while (await reconcileRun({ record, clock }, { worker: 'last' }));
  expect((await record.run(run.id))!.state).toBe('failed');
  expect(await record.abandonRun(run.id, clock.now())).toBe(false);
});

/** One more use of an authorization, seconds from now. */
const used = async (authorization: string, seconds: number, operator: string): Promise<string> => {
  const at = addSeconds(now, seconds);
  const id = newId('redemption', { now: () => at }, systemRandom);
  operators.set(id, operator);
  const unique = toHex(systemRandom.bytes(16));
  const client = await owner.connect();
  await client.query(`SET session_replication_role = replica`);
  await client.query(
    `INSERT INTO redemptions (id, authorization_id, state, period, number, purpose, source, recipient, items,
       operator, box, digest, ledger_entry, request_key, request_digest, at)
     SELECT $1, $2, 'confirmed', '', 1 + max(number), 'loan-approval', $3, 'r', '{a}', 'o', '', $4, $4, $4, $4, $5
     FROM redemptions WHERE authorization_id = $2`,
    [id, authorization, SOURCE, unique, at],
  );
  await client.query(`SET session_replication_role = origin`);
  client.release();
  return id;
};
/** The run of a log that holds these queries, after its work. */
const worked = async (
  change: Partial<ReconciliationRow>,
  ...queries: readonly { name: string; of: string; seconds: number; by: string }[]
): Promise<string> => {
  const run = await begun(change);
  const rows = queries.map(({ name, of, seconds, by }) =>
    [addSeconds(now, seconds).toISOString(), name, of, 'loan-approval', by].join(','),
  );
  await send(run.id, [...rows, lines().at(-1)!]);
  for (;;) {
    clock.at = addSeconds(clock.at, 61);
    if (!(await reconcileRun({ record, clock }, { worker: 'one' }))) break;
  }
  expect((await record.run(run.id))!.state).toBe('done');
  return run.id;
};
const kindOf = async (runId: string, query: string): Promise<string> =>
  (await foundBy(runId)).rows.find((row) => row.query === query).kind;

test('a second query of a use is named, though it stands in another log; the same log again says the same', async () => {
  const [of] = [ids[3]!];
  await used(of, -3600, 'op-z');
  const first = { name: 'Z-1', of, seconds: -3595, by: 'op-z' };
  const second = { name: 'Z-2', of, seconds: -3570, by: 'op-z' };
  expect(await kindOf(await worked({}, first), 'Z-1')).toBe('matched');
  expect(await kindOf(await worked({}, second), 'Z-2')).toBe('used-twice');
  const both = await worked({}, first, second);
  expect([await kindOf(both, 'Z-1'), await kindOf(both, 'Z-2')]).toEqual(['matched', 'used-twice']);
});

/** What became of a use that the run has no query for. */
const unqueried = async (runId: string, id: string): Promise<string | undefined> =>
  (await record.findings({ runId, limit: 1000 })).items.find(
    ({ redemptionId, line }) => redemptionId === id && line === null,
  )?.kind;

test('what an institution’s own people send in hides nothing from the operator', async () => {
  const of = ids[7]!;
  const use = await used(of, -1500, 'op-z');
  const asked = (name: string) => ({ name, of, seconds: -1495, by: 'op-z' });
  const period = { from: addSeconds(now, -1550), to: addSeconds(now, -1450) };
  const later = { from: period.to, to: addSeconds(now, -1300) };
  // nor does what they left open say anything
  expect(await unqueried(await worked({ ...period, madeBy: theirs }), use)).toBe('no-query-yet');
  expect(await unqueried(await worked(later), use)).toBeUndefined();
  expect(await unqueried(await worked({ ...later, madeBy: theirs }), use)).toBe('no-query');

  for (const madeBy of [theirs, leaver])
    expect(await kindOf(await worked({ madeBy }, asked('M-1')), 'M-1')).toBe('matched');
  // whom they work for by now changes nothing
  const client = await owner.connect();
  await client.query(`SET session_replication_role = replica`);
  await client.query(`UPDATE staff SET institution_id = NULL WHERE id = $1`, [leaver]);
  client.release(true);
  expect(await unqueried(await worked({}), use)).toBe('no-query');
  expect(await unqueried(await worked({ madeBy: theirs }), use)).toBeUndefined();
  expect(await kindOf(await worked({}, asked('M-2')), 'M-2')).toBe('matched');
  // the operator's do count for them
  expect(await kindOf(await worked({ madeBy: theirs }, asked('M-3')), 'M-3')).toBe('used-twice');
});

test('a whole log after one with gaps: its queries are paired anew, and an older pair of them is none', async () => {
  const of = ids[11]!;
  const uses = [await used(of, -1400, 'op-z'), await used(of, -800, 'op-z')] as const;
  const wide = { windowMinutes: 20, to: addSeconds(now, 3600) };
  const first = { name: 'W-0', of, seconds: -1340, by: 'op-z' };
  const second = { name: 'W-1', of, seconds: -740, by: 'op-z' };
  const pairs = async (runId: string): Promise<string[]> =>
    (await foundBy(runId)).rows
      .filter((row) => row.query.startsWith('W-'))
      .map((row) => `${row.query} ${row.kind} ${uses.indexOf(row.redemption_id)}`);

  const gap = await worked(wide, second);
  expect(await pairs(gap)).toEqual(['W-1 matched 0']);
  expect(await unqueried(gap, uses[1])).toBe('no-query');
  for (let again = 0; again < 2; again++) {
    const whole = await worked(wide, first, second);
    expect(await pairs(whole)).toEqual(['W-0 matched 0', 'W-1 matched 1']);
    for (const use of uses) expect(await unqueried(whole, use)).toBeUndefined();
  }
  expect(await pairs(await worked(wide, first))).toEqual(['W-0 matched 0']);
  const more = await worked(wide, { ...second, name: 'W-2', seconds: -735 });
  expect(await pairs(more)).toEqual(['W-2 used-twice -1']);
});

test('a query that a corrected log has elsewhere stands for its old use no more', async () => {
  const of = ids[12]!;
  const uses = [await used(of, -1400, 'op-z'), await used(of, -800, 'op-z')] as const;
  const wide = { windowMinutes: 20, to: addSeconds(now, 3600) };
  const query = { name: 'V-1', of, seconds: -740, by: 'op-z' };
  const each = async (runId: string) => [
    await unqueried(runId, uses[0]),
    await unqueried(runId, uses[1]),
  ];
  expect(await each(await worked(wide, query))).toEqual([undefined, 'no-query']);
  expect(await each(await worked(wide))).toEqual([undefined, 'no-query']);
  // too late for the earlier one
  expect(await each(await worked(wide, { ...query, seconds: -100 }))).toEqual([
    ...['no-query', undefined],
  ]);
  expect(await each(await worked(wide))).toEqual(['no-query', undefined]);
});

test('of two letters under one reference a query means the one that was used', async () => {
  const pair = [ids[5]!, ids[6]!];
  const client = await owner.connect();
  await client.query(`SET session_replication_role = replica`);
  await client.query(`UPDATE authorizations SET business_reference = 'one' WHERE id = ANY ($1)`, [
    pair,
  ]);
  await client.query(`SET session_replication_role = origin`);
  client.release();
  // whichever of them is the newer
  await used(pair[0]!, -3000, 'op-z');
  await used(pair[1]!, -2900, 'op-z');
  const run = await begun({ windowMinutes: 10 });
  async function* log() {
    yield utf8('time,query,reference,purpose,operator\n');
    for (const [name, seconds] of [
      ['X-1', -2995],
      ['X-2', -2895],
    ] as const)
      yield utf8(`${addSeconds(now, seconds).toISOString()},${name},one,loan-approval,op-z\n`);
  }
  await receiveQueryLog(
    { record, vault, clock },
    { run, secret: new Uint8Array(32), pieces: log() },
  );
  clock.at = addSeconds(clock.at, 61);
  while (await reconcileRun({ record, clock }, { worker: 'one' }));
  const { items } = await record.findings({ runId: run.id, kind: 'matched', limit: 9 });
  expect(items.map(({ authorizationId }) => authorizationId)).toEqual(pair);
});

test('two logs of one source are never worked off at once', async () => {
  const [older, newer, elsewhere] = [
    await begun(),
    await begun(),
    await begun({ source: '91110000MA00DEM02M' }),
  ];
  for (const { id } of [newer, older, elsewhere]) await send(id, lines().slice(0, 2));
  clock.at = addSeconds(clock.at, 61);
  const claim = async (worker: string) =>
    (await record.claimRun({ worker, at: clock.now(), until: addSeconds(clock.now(), 60) }))?.id;
  expect([await claim('a'), await claim('b'), await claim('c')]).toEqual([
    older.id,
    elsewhere.id,
    undefined,
  ]);
  for (const { id } of [older, elsewhere]) await record.abandonRun(id, clock.now());
  expect(await claim('c')).toBe(newer.id);
  await record.abandonRun(newer.id, clock.now());
});

test('a use at the end of the period waits for the next log', async () => {
  const of = ids[4]!;
  const [asked, unasked] = [await used(of, -3200, 'op-z'), await used(of, -3100, 'op-z')];
  const november = { from: addSeconds(now, -3300), to: addSeconds(now, -3060) };
  const december = { from: november.to, to: addSeconds(now, -2000), windowMinutes: 4 };
  const gap = await worked({ ...december });
  // nobody said yet that the log before had none for it
  expect(await unqueried(gap, unasked)).toBeUndefined();
  const before = await worked({ ...november, windowMinutes: 4 });
  expect(await unqueried(before, asked)).toBe('no-query-yet');
  expect(await unqueried(before, unasked)).toBe('no-query-yet');
  expect(await record.counts(before)).toMatchObject({ 'no-query-yet': 2 });
  expect((await record.findings({ runId: before, kind: 'no-query', limit: 9 })).items).toEqual([]);
  const after = await worked(december, { name: 'Y-1', of, seconds: -3050, by: 'op-z' });
  expect(await kindOf(after, 'Y-1')).toBe('matched');
  expect(await unqueried(after, asked)).toBeUndefined();
  expect(await unqueried(after, unasked)).toBe('no-query');
  // its query is known by now
  const again = await worked({ ...november, windowMinutes: 4 });
  expect(await unqueried(again, asked)).toBeUndefined();
});

test('three years after their end findings and samples are destroyed; what was done, and the figures, stay', async () => {
  const [run, open] = [await begun(), await begun()];
  await send(run.id, lines());
  while ((await record.run(run.id))!.state !== 'done') {
    clock.at = addSeconds(clock.at, 61);
    await reconcileRun({ record, clock }, { worker: 'swept' });
  }
  await send(open.id, lines().slice(0, 3), 2).catch(() => undefined);
  const counts = await record.counts(run.id);
  let { endedAt } = (await record.run(run.id))!;
  const sample = newId('sample', systemClock, systemRandom);
  const client = await owner.connect();
  await client.query(`SET session_replication_role = replica`);
  await client.query(
    `INSERT INTO samples (id, kind, "from", "to", wanted, seed, made_by, made_at, drawn_by, drawn_at, population,
       population_digest, kept_from)
     VALUES ($1, 'authorizations', $2, $3, 1, sha256('x'), $4, $3, $4, $5, 1, 'd', now())`,
    [sample, addSeconds(endedAt!, -9000), addSeconds(endedAt!, -60), staff, endedAt],
  );
  await client.query(`INSERT INTO sample_items VALUES ($1, 1, $2, $2)`, [sample, ids[0]]);
  await client.query(`INSERT INTO sample_findings VALUES ($1, 1, 1, 'in-order', '', $2, $3)`, [
    ...[sample, staff, endedAt],
  ]);
  await client.query(`SET session_replication_role = origin`);
  client.release();
  const kept = async () => {
    const { rows } = await owner.query(
      `SELECT (SELECT count(*) FROM reconciliation_queries WHERE run_id = $1)::int AS queries,
         (SELECT count(*) FROM reconciliation_unqueried WHERE run_id = $1)::int AS unqueried,
         (SELECT count(*) FROM sample_items WHERE sample_id = $2)::int AS drawn,
         (SELECT count(*) FROM sample_findings WHERE sample_id = $2)::int AS found`,
      [run.id, sample],
    );
    return rows[0];
  };
  const vaultDb = openDatabase(postgres.url, 'vault', 1);
  const review = reviewRows(vaultDb);
  const years = (date: Date, ms: number): Date => {
    const then = new Date(date);
    then.setUTCFullYear(then.getUTCFullYear() + 3);
    return new Date(then.getTime() + ms);
  };
  const before = await kept();
  // nobody who asks is believed that it is later than it is
  await review.sweep(years(endedAt!, 0));
  expect(await kept()).toEqual(before);
  const back = async (table: string, columns: readonly string[]): Promise<void> => {
    const set = columns.map((it) => `${it} = ${it} - interval '4 years'`).join(', ');
    const hand = await owner.connect();
    await hand.query('SET session_replication_role = replica');
    await hand.query(`UPDATE ${table} SET ${set} WHERE id = ANY ($1)`, [[run.id, open.id, sample]]);
    hand.release(true);
  };
  // nor the desk, when something ended
  await back('reconciliations', ['ended_at', 'made_at']);
  await back('samples', ['"from"', '"to"', 'made_at', 'drawn_at']);
  await review.sweep(new Date());
  expect(await kept()).toEqual(before);
  await back('reconciliations', ['kept_from', 'updated_at']);
  await back('samples', ['kept_from']);
  ({ endedAt } = (await record.run(run.id))!);
  clock.at = new Date(clock.at);
  clock.at.setUTCFullYear(clock.at.getUTCFullYear() - 4);
  await review.sweep(years(endedAt!, -1));
  expect(await kept()).toEqual(before);
  const as = async (role: string, statement: string): Promise<void> => {
    const own = await owner.connect();
    try {
      await own.query(`SET ROLE mandate_${role}`);
      await own.query(statement);
    } finally {
      own.release(true);
    }
  };
  // Nor does anybody sooner by hand.
  for (const [role, statement, code] of [
    ['desk', `DELETE FROM reconciliation_queries WHERE run_id = '${run.id}'`, 'MA001'],
    ['desk', `UPDATE reconciliations SET swept_at = now() WHERE id = '${run.id}'`, '42501'],
    ['desk', `SELECT sweep_reviews(now())`, '42501'],
    ['worker', `SELECT sweep_reviews(now())`, '42501'],
  ] as const)
    await expect(as(role, statement)).rejects.toMatchObject({ code });
  await expect(
    owner.query(`UPDATE reconciliations SET swept_at = $2, swept_counts = '{}' WHERE id = $1`, [
      ...[run.id, years(endedAt!, -1)],
    ]),
  ).rejects.toMatchObject({ code: '23514' });

  expect(await review.sweep(years(endedAt!, 0))).toBeGreaterThan(0);
  expect(await kept()).toEqual({ queries: 0, unqueried: 0, drawn: 0, found: 0 });
  expect(await record.counts(run.id)).toEqual(counts);
  expect(await record.run(run.id)).toMatchObject({ state: 'done', sweptAt: years(endedAt!, 0) });
  // One whose log never came whole is ended first, and kept from then on.
  await review.sweep(years(clock.at, 1));
  expect(await record.run(open.id)).toMatchObject({ state: 'abandoned', sweptAt: null });
  expect(await review.sweep(years(clock.at, 2))).toBe(0);
  await vaultDb.destroy();
}, 60_000);
