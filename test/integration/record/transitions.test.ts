import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DATABASE_ROLES, STATES, TRANSITIONS, type DatabaseRole } from '@mandate/core';
import { eventRow, freshRecord, type FreshRecord } from './fresh-record.js';

let record: FreshRecord;
beforeAll(async () => {
  record = await freshRecord();
}, 60_000);
afterAll(() => record.stop());

const named = ([from, to, by]: readonly [string, string, string]): string => `${from}>${to} ${by}`;

test('the database holds the same table of transitions as core', async () => {
  const { rows } = await record.owner.query<{ from_state: string; to_state: string; role: string }>(
    'SELECT * FROM transitions',
  );
  const inDatabase = rows.map((r) => named([r.from_state, r.to_state, r.role.slice(8)]));
  expect(inDatabase.sort()).toEqual(TRANSITIONS.map(named).sort());
});

test('of all states, next states and roles exactly the table passes', async () => {
  const client = await record.owner.connect();
  const passed: string[] = [];
  const refusals = new Set<string>();
  try {
    for (const from of STATES)
      for (const to of STATES)
        for (const by of DATABASE_ROLES) {
          const authorization = await inState(from);
          const refused = await step(authorization, to, by);
          if (refused) refusals.add(refused);
          else passed.push(named([from, to, by]));
        }
  } finally {
    client.release();
  }
  expect(passed.sort()).toEqual(TRANSITIONS.map(named).sort());
  // by grant, by table
  expect([...refusals].sort()).toEqual(['42501', 'MA001']);

  /** As if the trail had come this far: written past the triggers. */
  async function inState(state: string): Promise<{ id: string; head: string }> {
    const row = record.row();
    const { digest, insert } = eventRow({ stream: row.id, version: 1, by: 'web' });
    await client.query('BEGIN');
    await client.query('SET LOCAL session_replication_role = replica');
    await client.query(`INSERT INTO data_keys VALUES ($1, '\\x00', now())`, [row.id]);
    await client.query(
      `INSERT INTO authorizations VALUES ($1,$2,$3,1,'B',$4,'zh','t','l',1,$5,1,$6,now(),now(),now(),now())`,
      [row.id, row.institutionId, row.templateId, row.letterNumber, state, digest],
    );
    await client.query(...insert);
    // a presentation is not recorded without what was shown
    await client.query(`INSERT INTO personal_data VALUES ($1, 'presentation/2', '\\x00')`, [
      row.id,
    ]);
    await client.query('SET LOCAL session_replication_role = origin');
    return { id: row.id, head: digest };
  }

  async function step(
    { id, head }: { id: string; head: string },
    to: (typeof STATES)[number],
    by: DatabaseRole,
  ): Promise<string | null> {
    const event = eventRow({ stream: id, version: 2, by, type: to, previous: head });
    try {
      await client.query(`SET LOCAL ROLE mandate_${by}`);
      await client.query(
        'UPDATE authorizations SET state = $2, version = 2, head = $3 WHERE id = $1',
        [id, to, event.digest],
      );
      await client.query(...event.insert);
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      return null;
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await client.query('ROLLBACK');
    }
  }
}, 60_000);

test('state and event are one step: neither moves without the other, nor to another state', async () => {
  const authorization = await record.presented();
  const { id, head, version } = authorization;
  const next = { stream: id, version: version + 1, by: 'web', previous: head } as const;
  const declined = eventRow({ ...next, type: 'declined' });
  const move = (state: string, to: string): [string, unknown[]] => [
    'UPDATE authorizations SET state = $2, version = version + 1, head = $3 WHERE id = $1',
    [id, state, to],
  ];
  expect(
    await record.refusal('web', move('declined', declined.digest), declined.insert),
  ).toBeNull();
  expect(await record.refusal('web', move('declined', declined.digest))).toBe('MA002');
  expect(await record.refusal('web', declined.insert)).toBe('MA002');
  expect(await record.refusal('web', move('declined', 'f'.repeat(64)), declined.insert)).toBe(
    'MA002',
  );
  // an event that names a state the projection does not take, and one that names none
  expect(await record.refusal('web', move('presented', declined.digest), declined.insert)).toBe(
    'MA001',
  );
  const report = eventRow({ ...next, type: 'report-made' });
  expect(await record.refusal('web', move('presented', report.digest), report.insert)).toBeNull();
  expect(await record.refusal('web', move('declined', report.digest), report.insert)).toBe('MA001');
});

test('a trail is not continued by a gap, a wrong previous, a wrong digest or another stream', async () => {
  const { id, head, version } = await record.presented();
  const other = await record.presented();
  const next = {
    stream: id,
    version: version + 1,
    by: 'web',
    type: 'declined',
    previous: head,
  } as const;
  const write = (event: ReturnType<typeof eventRow>, change: (values: unknown[]) => unknown[]) =>
    record.refusal('web', [event.insert[0], change([...event.insert[1]])]);
  const same = (values: unknown[]): unknown[] => values;
  expect(await write(eventRow({ ...next, version: version + 2 }), same)).toBe('MA002');
  expect(await write(eventRow({ ...next, version }), same)).toMatch(/MA002|23505/);
  expect(await write(eventRow({ ...next, previous: other.head }), same)).toBe('MA002');
  expect(await write(eventRow({ ...next, previous: '0'.repeat(64) }), same)).toBe('MA002');
  const good = eventRow(next);
  for (const [column, value] of [
    [0, other.id],
    [1, version + 2],
    [2, 'lapsed'],
    [3, good.insert[1][3] + ' '],
    [3, '{}'],
    [4, other.head],
    [5, 'f'.repeat(64)],
  ] as const)
    expect(await write(good, (values) => values.with(column, value))).toBe('MA002');
});
