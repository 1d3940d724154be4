import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { addSeconds, systemClock, type DatabaseRole } from '@mandate/core';
import {
  deskRecord,
  migrate,
  openDatabase,
  searchRows,
  vaultRecord,
  webhookEndpoints,
  webRecord,
  workerRecord,
  type Database,
} from '@mandate/store';
import pg from 'pg';
import { startTestPostgres, type TestPostgres } from '../../kit/postgres.js';
import { until } from '../../kit/until.js';
import { aUse, recorded, releasedAuthorizations } from '../../kit/released-authorizations.js';

/**
 * What is asked often goes by an index however many rows there are: after each real call, functions and triggers of
 * the database included, PostgreSQL says which tables it read from end to end.
 */
let postgres: TestPostgres;
let owner: pg.Pool;
let institution: string;
/** One that may be used, in the middle of the others. */
let one: string;
const now = systemClock.now();
const before = addSeconds(now, -60);
const key = (n: number): string => `decode(lpad(to_hex(${n}), 64, '0'), 'hex')`;
const ROWS = 20_000;
const MARKED = `aut_019a0000-0000-7000-8000-`;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.url, systemClock);
  owner = new pg.Pool({ connectionString: postgres.url, max: 2, application_name: 'owner' });
  owner.on('error', () => undefined);
  const made = await releasedAuthorizations(owner, 1);
  institution = made.institution;
  one = made.ids[0]!;
  const client = await owner.connect();
  // every row of it follows the one that is there; what waits is one in a thousand
  const id = `'${MARKED}' || lpad(n::text, 12, '0')`;
  const all = `FROM generate_series(1, ${ROWS}) n`;
  const accessId = `'acc_019a0000-0000-7000-8000-' || lpad(n::text, 12, '0')`;
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL session_replication_role = replica');
    for (const statement of [
      `INSERT INTO authorizations SELECT ${id}, institution_id, template_id, template_version, 'B-' || n,
         'M-' || n, language, terms_digest, letter_digest, letter_size,
         CASE WHEN n % 1000 = 0 THEN 'requested' ELSE 'released' END, version, head, end_at,
         created_at + interval '7 days', created_at - n * interval '1 minute', updated_at
       FROM authorizations, generate_series(1, ${ROWS}) n WHERE id = '${one}'`,
      `INSERT INTO scopes SELECT ${id}, digest || n, purpose, items, sources, recipients, from_at, end_at, end_event,
         max_uses, per FROM scopes, generate_series(1, ${ROWS}) n WHERE authorization_id = '${one}'`,
      `INSERT INTO events SELECT ${id}, version, type, body, previous, digest || n
       FROM events, generate_series(1, ${ROWS}) n WHERE stream = '${one}'`,
      `INSERT INTO data_keys SELECT ${id}, '\\x00', now() - n * interval '1 minute' ${all}`,
      `INSERT INTO subject_search SELECT ${id}, '${institution}', ${key(0).replace('0)', 'n)')} ${all}`,
      `INSERT INTO desk_index SELECT ${id}, '${institution}', ${[0, 0, 0].map(() => key(0).replace('0)', 'n)')).join()},
         '\\x00' ${all}`,
      `INSERT INTO access_entries SELECT ${id}, 1, ${accessId}, json_build_object('purpose',
         CASE WHEN n % 1000 = 0 THEN 'case' ELSE 'request' END, 'actor', 'staff:stf_x', 'case', 'cas_x')::text, 'd' ${all}`,
      `INSERT INTO desk_register SELECT 'stf_' || n % 50, n, 'acc_019a0000-0001-7000-8000-' || lpad(n::text, 12, '0'),
         'search', '${institution}', 'cas_' || n, ARRAY[${id}], '{"purpose":"complaint"}', 'd' ${all}`,
      `INSERT INTO redemptions (id, authorization_id, state, period, number, purpose, source, recipient, items, operator,
         box, digest, ledger_entry, request_key, request_digest, at, reserved_until)
       SELECT 'red_' || n, ${id}, CASE WHEN n % 1000 = 0 THEN 'reserved' ELSE 'confirmed' END, '', 1, 'p', 's', 'r',
         '{i}', 'o', '\\x00', 'd' || n, 'e', 'k', 'q', now() - interval '1 day', now() - interval '1 hour' ${all}`,
      // an hour's worth is left to be looked at
      `UPDATE data_keys_swept SET up_to = now() - interval '25 hours'`,
      `INSERT INTO receipts_due SELECT 'red_' || n, now() ${all} AND n % 1000 = 0`.replace(
        'AND',
        'WHERE',
      ),
      `INSERT INTO receipts SELECT 'red_' || n, 'jws', now(), CASE WHEN n % 1000 > 0 THEN '\\x00'::bytea END, 'us' ${all}`,
      `INSERT INTO outbox (topic, ref, created_at, relayed_at)
       SELECT 'stamp-receipt', 'red_' || n, now(), CASE WHEN n % 1000 > 0 THEN now() END ${all}`,
      `INSERT INTO webhook_events (institution_id, authorization_id, version, type, at, fanned_out)
       SELECT '${institution}', ${id}, 1, 'authorization.released', now(), n % 1000 > 0 ${all}`,
    ])
      await client.query(statement);
    await client.query('COMMIT');
    await client.query('ANALYZE');
  } finally {
    client.release();
  }
}, 60_000);
afterAll(async () => {
  await owner?.end();
  await postgres?.stop();
});

/** Large tables that were read from end to end while `work` ran as a role. */
async function scanned(role: DatabaseRole, work: (db: Database) => Promise<unknown>) {
  // sessions tell what they did when they end, at the latest; the owner's own stay
  const alone = () =>
    until(async () => {
      const { rows } = await owner.query(
        `SELECT count(*)::int AS n FROM pg_stat_activity
         WHERE datname = current_database() AND application_name <> 'owner' AND backend_type = 'client backend'`,
      );
      return rows[0].n === 0;
    });
  const counters = async (): Promise<Map<string, number>> => {
    const { rows } = await owner.query(
      `SELECT relname, seq_scan::int AS n FROM pg_stat_user_tables WHERE n_live_tup >= ${ROWS / 2}`,
    );
    return new Map(rows.map(({ relname, n }) => [relname, n]));
  };
  await alone();
  await owner.query('SELECT pg_stat_clear_snapshot()');
  const was = await counters();
  const db = openDatabase(postgres.url, role, 1);
  await work(db);
  await db.destroy();
  await alone();
  await owner.query('SELECT pg_stat_clear_snapshot()');
  return [...(await counters())].flatMap(([name, n]) => (n > (was.get(name) ?? 0) ? [name] : []));
}

test('the tables are large, and reading one from end to end is noticed', async () => {
  const found = await scanned('web', (db) =>
    db.selectFrom('authorizations').select('id').where('letterSize', '<', 0).execute(),
  );
  expect(found).toEqual(['authorizations']);
});

const marked = (n: number) => Buffer.from(n.toString(16).padStart(64, '0'), 'hex');
const register = (db: Database, filter: object) =>
  deskRecord(db).registerEntries({ institutionId: null, ...filter }, { limit: 50 });
const page = { limit: 21 };
const cursor = `${MARKED}000000015000`;
test.each<[string, DatabaseRole, (db: Database) => Promise<unknown>]>([
  ['one authorization', 'web', (db) => webRecord(db).findAuthorization(institution, one)],
  ['a page', 'web', (db) => webRecord(db).listAuthorizations(institution, page)],
  [
    'the page after a cursor',
    'web',
    (db) => webRecord(db).listAuthorizations(institution, { ...page, before: cursor }),
  ],
  [
    'a page of one state',
    'web',
    (db) => webRecord(db).listAuthorizations(institution, { ...page, state: 'requested' }),
  ],
  [
    'by business reference',
    'web',
    (db) => webRecord(db).listAuthorizations(institution, { ...page, businessReference: 'B-77' }),
  ],
  [
    'by letter number',
    'web',
    (db) => webRecord(db).listAuthorizations(institution, { ...page, letterNumber: 'M-77' }),
  ],
  [
    'by time',
    'web',
    (db) =>
      webRecord(db).listAuthorizations(institution, {
        ...page,
        createdFrom: addSeconds(now, -86_400),
        createdTo: addSeconds(now, -80_000),
      }),
  ],
  [
    'by person',
    'web',
    (db) =>
      webRecord(db).listAuthorizations(institution, {
        ...page,
        searchKey: Buffer.from('77'.padStart(64, '0'), 'hex'),
      }),
  ],
  [
    'a use',
    'web',
    (db) => {
      const use = aUse(one);
      return webRecord(db).redeem(use, null, now, recorded.redemption(use.id));
    },
  ],
  [
    'the register of uses',
    'web',
    (db) => webRecord(db).redemptions(one, { ...page, before: 'red_y' }),
  ],
  ['the condition', 'web', (db) => webRecord(db).condition(one, now)],
  ['a trail', 'web', (db) => webRecord(db).trail(one)],
  [
    'events after a place',
    'web',
    (db) => webhookEndpoints(db).events(institution, { after: 100, limit: 20 }),
  ],
  ['worker: the outbox', 'worker', (db) => workerRecord(db).outbox(100)],
  ['worker: requests that lapse', 'worker', (db) => workerRecord(db).overdue(before, 100)],
  [
    'worker: reservations that time out',
    'worker',
    (db) => workerRecord(db).overdueReservations(now, 100),
  ],
  [
    'worker: codes that were never sent',
    'worker',
    (db) => workerRecord(db).unsentChallenges({ madeBefore: before, at: now, limit: 100 }),
  ],
  ['worker: attempts left lying', 'worker', (db) => workerRecord(db).unfinishedAttempts()],
  ['worker: facts without a stamp', 'worker', (db) => workerRecord(db).unstamped(before, 100)],
  [
    'worker: what may be erased',
    'worker',
    (db) => workerRecord(db).markErasures({ at: now, limit: 100 }),
  ],
  ['worker: erasures that are due', 'worker', (db) => workerRecord(db).dueErasures(now, 100)],
  ...(
    [
      { by: 'authorization', text: cursor },
      { by: 'letter-number', text: 'M-77' },
      ...(['lookup-code', 'id-number', 'phone'] as const).map((by) => ({ by, key: marked(77) })),
      { by: 'references', references: ['B-77', 'B-78', 'none'] },
      { by: 'period', state: 'requested' },
      { by: 'period', from: addSeconds(now, -86_400), until: addSeconds(now, -80_000) },
    ] as const
  ).map((query): [string, DatabaseRole, (db: Database) => Promise<unknown>] => [
    `desk: search by ${query.by}`,
    'vault',
    (db) =>
      searchRows(db).findLetters(query, {
        institutionId: query.by === 'references' || query.by === 'period' ? institution : null,
        limit: 51,
      }),
  ]),
  ['desk: a page of the register', 'desk', (db) => register(db, {})],
  ['desk: the register of a case', 'desk', (db) => register(db, { caseId: 'cas_77' })],
  ['desk: the register of a person', 'desk', (db) => register(db, { staffId: 'stf_7' })],
  ['desk: the register of a letter', 'desk', (db) => register(db, { authorizationId: cursor })],
  ['desk: facts of letters', 'desk', (db) => deskRecord(db).letterFacts([one, cursor])],
  [
    'desk: whether somebody looked a letter up',
    'desk',
    (db) =>
      deskRecord(db).lookedUp({
        staffId: 'stf_7',
        authorizationId: cursor,
        since: before,
        everyCase: false,
      }),
  ],
  [
    'vault: what the next anchor of the register covers',
    'vault',
    (db) =>
      vaultRecord(db).anchorRegister({ untilId: 'acc_1', limit: 100, at: now }, (number, of) => {
        const entry = { kind: 'register', number, openings: of.length, digest: 'd' };
        return { digest: 'd', ledgerEntry: JSON.stringify(entry) };
      }),
  ],
  ['vault: keys without an authorization', 'vault', (db) => vaultRecord(db).sweepKeys(now)],
])('%s: by an index', async (_what, role, work) => {
  expect(await scanned(role, work)).toEqual([]);
});
