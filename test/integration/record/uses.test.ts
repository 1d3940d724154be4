import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addSeconds, newId, sha256Hex, systemClock, systemRandom, utf8 } from '@mandate/core';
import {
  approveResolution,
  dispute,
  endAuthorization,
  proposeResolution,
  releaseOverdue,
  withdraw,
} from '@mandate/ceremony';
import {
  deskRecord,
  migrate,
  openDatabase,
  raRecord,
  webRecord,
  workerRecord,
  type Database,
} from '@mandate/store';
import pg from 'pg';
import { startTestPostgres, type TestPostgres } from '../../kit/postgres.js';
import {
  aUse,
  aWithdrawal,
  OWN_CODE,
  recorded,
  releasedAuthorizations,
  SOURCE,
  THIRD_PARTY,
} from '../../kit/released-authorizations.js';

/** Use, withdrawal, hold and end in the record: one predicate, and what no role gets round. */
let postgres: TestPostgres;
let owner: pg.Pool;
const databases: Database[] = [];
let web: ReturnType<typeof webRecord>;
let ra: ReturnType<typeof raRecord>;
let worker: ReturnType<typeof workerRecord>;
let desk: ReturnType<typeof deskRecord>;
const now = () => systemClock.now();
const steps = () => ({ record: web, clock: systemClock, random: systemRandom });
const onDesk = () => ({ record: desk, clock: systemClock, random: systemRandom });

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.url, systemClock);
  owner = new pg.Pool({ connectionString: postgres.url, max: 4 });
  owner.on('error', () => undefined);
  // Whose word it takes is the desk's matter, and tested there.
  await owner.query('ALTER TABLE holds DISABLE TRIGGER hold_voted');
  const open = (role: 'web' | 'ra' | 'worker' | 'desk'): Database => {
    const db = openDatabase(postgres.url, role, 10);
    databases.push(db);
    return db;
  };
  web = webRecord(open('web'));
  ra = raRecord(open('ra'));
  worker = workerRecord(open('worker'));
  desk = deskRecord(open('desk'));
}, 60_000);
afterAll(async () => {
  await Promise.all(databases.map((db) => db.destroy()));
  await owner?.end();
  await postgres?.stop();
});

const released = async (scope: Parameters<typeof releasedAuthorizations>[2] = {}) =>
  (await releasedAuthorizations(owner, 1, scope)).ids[0]!;
const use = (
  id: string,
  change: Record<string, unknown> = {},
  hold: number | null = null,
  at = now(),
) => {
  const row = aUse(id, change);
  return web.redeem(row, hold, at, recorded.redemption(row.id));
};
const refusal = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => String(error.code ?? error),
  );
const proof = { kind: 'visit', ref: 'vis_1' };
const count = async (id: string): Promise<number> =>
  Number(
    (
      await owner.query(
        `SELECT count(*) FROM redemptions WHERE authorization_id = $1 AND state <> 'released'`,
        [id],
      )
    ).rows[0].count,
  );

test('a use is told from its receipt on: also a reserved one that is given back', async () => {
  const told = async (row: { id: string }) =>
    (
      await owner.query(
        `SELECT count(*)::int AS n FROM outbox WHERE topic = 'tell-use' AND ref = $1`,
        [row.id],
      )
    ).rows[0].n;
  const id = await released();
  const row = await use(id, {}, 600);
  expect(await told(row)).toBe(1);
  await web.settle(row, 'released', now(), recorded.fact('redemption', { step: 'released' }));
  expect(await told(row)).toBe(1);
  expect(await ra.countTell(row.id, 3)).toMatchObject({ authorizationId: id, number: 1, of: 1 });
  const again = await use(id, {}, 600);
  await web.settle(again, 'confirmed', now(), recorded.fact('redemption', { step: 'confirmed' }));
  expect(await told(again)).toBe(1);
});

describe('the predicate', () => {
  test.each([
    ['another purpose', { purpose: 'credit-card-approval' }, 'purpose-mismatch'],
    ['another source', { source: THIRD_PARTY }, 'source-mismatch'],
    ['another recipient', { recipient: THIRD_PARTY }, 'recipient-mismatch'],
    ['an item beyond', { items: ['basic-information', 'public-records'] }, 'scope-exceeded'],
    ['no item at all', { items: [] }, 'scope-exceeded'],
  ])('%s', async (_name, change, code) => {
    const id = await released();
    expect(await refusal(use(id, change))).toBe(code);
    const { purpose, source, recipient, items } = { ...aUse(id), ...change } as ReturnType<
      typeof aUse
    >;
    expect(
      await refusal(web.checkRedeemable(id, { purpose, source, recipient, items }, now())),
    ).toBe(code);
    expect(await count(id)).toBe(0);
    expect(await refusal(use(id))).toBe('done');
  });

  test('an accepted recipient and every item of the scope', async () => {
    const id = await released({ recipients: [OWN_CODE, THIRD_PARTY].sort() });
    expect(
      await refusal(
        use(id, { recipient: THIRD_PARTY, items: ['basic-information', 'credit-transactions'] }),
      ),
    ).toBe('done');
  });

  test('time is what it is told: from, to the last moment, no further', async () => {
    const id = await released({
      from: '2030-01-01T00:00:00Z',
      end: '2030-02-01T00:00:00Z',
      maxUses: 5,
    });
    const at = (text: string) => refusal(use(id, {}, null, new Date(text)));
    expect(await at('2029-12-31T23:59:59.999Z')).toBe('scope-exceeded');
    expect(await at('2030-01-01T00:00:00Z')).toBe('done');
    expect(await at('2030-01-31T23:59:59.999Z')).toBe('done');
    expect(await at('2030-02-01T00:00:00Z')).toBe('authorization-ended');
  });

  test('only what is released, and only what exists', async () => {
    const id = await released();
    await owner.query(
      `SET session_replication_role = replica; UPDATE authorizations SET state = 'signed' WHERE id = '${id}'; SET session_replication_role = origin`,
    );
    expect(await refusal(use(id))).toBe('illegal-transition');
    expect(await refusal(withdraw(steps(), { authorizationId: id, by: 'subject', proof }))).toBe(
      'illegal-transition',
    );
    expect(await refusal(dispute(steps(), { authorizationId: id, by: 'subject', proof }))).toBe(
      'illegal-transition',
    );
    expect(await refusal(use(newId('authorization', systemClock, systemRandom)))).toBe('not-found');
  });

  test.each([
    ['month', '2030-01-31T15:59:59Z', '2030-01-31T16:00:00Z', ['2030-01', '2030-02']],
    ['quarter', '2030-03-31T15:59:59Z', '2030-03-31T16:00:00Z', ['2030-Q1', '2030-Q2']],
    ['year', '2030-12-31T15:59:59Z', '2030-12-31T16:00:00Z', ['2030', '2031']],
  ] as const)('recurring by %s: the Beijing calendar', async (per, last, first, periods) => {
    const id = await released({ per, maxUses: 2 });
    const rows = [];
    for (const at of [last, last]) rows.push(await use(id, {}, null, new Date(at)));
    expect(await refusal(use(id, {}, null, new Date(last)))).toBe('used-up');
    rows.push(await use(id, {}, null, new Date(first)));
    expect(rows.map(({ period, number }) => [period, number])).toEqual([
      [periods[0], 1],
      [periods[0], 2],
      [periods[1], 1],
    ]);
    expect(await web.condition(id, new Date(first))).toMatchObject({ usesLeft: 1 });
  });
});

describe('used once means once', () => {
  test('thirty at once on three uses: three, numbered 1 to 3', async () => {
    const id = await released({ maxUses: 3 });
    const all = await Promise.allSettled(Array.from({ length: 30 }, () => use(id)));
    const done = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value.number] : []));
    expect(done.sort()).toEqual([1, 2, 3]);
    const codes = new Set(
      all.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : [])),
    );
    expect([...codes]).toEqual(['used-up']);
  });

  test('one key, twenty times at once: one use, twenty times the same', async () => {
    const id = await released({ maxUses: 5 });
    const row = aUse(id);
    const all = await Promise.all(
      Array.from({ length: 20 }, () =>
        web
          .redeem(
            { ...row, id: newId('redemption', systemClock, systemRandom) },
            null,
            now(),
            recorded.redemption(''),
          )
          .catch((e) => e),
      ),
    );
    // the callback names no id, so that whoever is first is refused at commit: nobody got past the event
    expect(await count(id)).toBe(0);
    const good = await Promise.all(
      Array.from({ length: 20 }, () => {
        const id2 = newId('redemption', systemClock, systemRandom);
        return web.redeem({ ...row, id: id2 }, null, now(), recorded.redemption(id2));
      }),
    );
    expect(all).toHaveLength(20);
    expect(new Set(good.map(({ id: made }) => made)).size).toBe(1);
    expect(await count(id)).toBe(1);
    expect(
      await refusal(
        web.redeem({ ...row, requestDigest: 'other' }, null, now(), recorded.redemption('x')),
      ),
    ).toBe('idempotency-key-reused');
  });

  test('a reservation counts; released or timed out it comes back with its number', async () => {
    const id = await released();
    const first = await use(id, {}, 600);
    expect(first).toMatchObject({ state: 'reserved', number: 1 });
    expect(await refusal(use(id))).toBe('used-up');
    await web.settle(first, 'released', now(), recorded.fact('redemption', { step: 'released' }));
    expect(
      await refusal(
        web.settle(first, 'confirmed', now(), recorded.fact('redemption', { step: 'confirmed' })),
      ),
    ).toBe('illegal-transition');
    const second = await use(id, {}, 600);
    expect(second.number).toBe(1);
    const later = addSeconds(now(), 601);
    expect(
      await refusal(
        web.settle(second, 'confirmed', later, recorded.fact('redemption', { step: 'confirmed' })),
      ),
    ).toBe('illegal-transition');
    const problems: unknown[] = [];
    const sweep = () =>
      releaseOverdue({
        clock: { now: () => later },
        record: worker,
        onProblem: (_, error) => problems.push(error),
      });
    await Promise.all([sweep(), sweep()]);
    expect(problems).toEqual([]);
    expect(await web.redemption(id, second.id)).toMatchObject({
      state: 'released',
      settledBy: 'time-out',
    });
    const third = await use(id, {}, 600, later);
    await web.settle(third, 'confirmed', later, recorded.fact('redemption', { step: 'confirmed' }));
    expect(
      await web.settle(
        third,
        'confirmed',
        later,
        recorded.fact('redemption', { step: 'confirmed' }),
      ),
    ).toMatchObject({ state: 'confirmed' });
    expect(await refusal(use(id, {}, null, later))).toBe('used-up');
  });

  test('nobody reserves and releases for ever', async () => {
    const id = await released({ maxUses: 3 });
    for (let i = 0; i < 20; i++) {
      const held = await use(id, {}, 600);
      await web.settle(held, 'released', now(), recorded.fact('redemption', { step: 'released' }));
    }
    expect(await refusal(use(id))).toBe('used-up');
  });
});

describe('withdrawal, hold, end', () => {
  test('withdrawn is withdrawn, once, and the uses before stand', async () => {
    const id = await released({ maxUses: 2 });
    const reserved = await use(id, {}, 600);
    const first = await withdraw(steps(), { authorizationId: id, by: 'subject', proof });
    const again = await withdraw(steps(), {
      authorizationId: id,
      by: 'institution',
      channel: 'phone',
      proof,
    });
    expect(again).toEqual(first);
    expect(await refusal(use(id))).toBe('withdrawn');
    // the query may have been answered before: what happened is recorded
    await web.settle(
      reserved,
      'confirmed',
      now(),
      recorded.fact('redemption', { step: 'confirmed' }),
    );
    expect(await count(id)).toBe(1);
  });

  test('after the last use it is still recorded', async () => {
    const id = await released();
    await use(id);
    await withdraw(steps(), { authorizationId: id, by: 'subject', proof });
    expect((await web.trail(id)).map(({ body }) => JSON.parse(body).type)).toEqual([
      'released',
      'redeemed',
      'withdrawn',
    ]);
    expect(await refusal(use(id))).toBe('withdrawn');
  });

  test.each(['rejected', 'retracted'] as const)(
    'a hold %s by two people: everything as before',
    async (outcome) => {
      const id = await released({ maxUses: 2 });
      await use(id);
      const hold = await dispute(steps(), { authorizationId: id, by: 'subject', proof });
      expect(await dispute(steps(), { authorizationId: id, by: 'institution', proof })).toEqual(
        hold,
      );
      expect(await refusal(use(id))).toBe('on-hold');
      const about = { authorizationId: id, holdId: hold.hold };
      const propose = (person: string, what: typeof outcome | 'upheld' = outcome) =>
        proposeResolution(
          { record: person.startsWith('institution:') ? web : desk, clock: systemClock },
          { ...about, outcome: what, grounds: 'case 7', person },
        );
      const approve = (person: string, what: typeof outcome | 'upheld' = outcome) =>
        approveResolution(onDesk(), { ...about, outcome: what, person });
      expect(await refusal(approve('li'))).toBe('guard-refused');
      // the institution may speak first, and once
      expect(await propose('institution:ins/zhou')).toMatchObject({
        state: 'proposed',
        proposed: outcome,
      });
      expect(await refusal(propose('institution:ins/zhou', 'upheld'))).toBe('guard-refused');
      expect(await propose('li')).toMatchObject({ state: 'proposed' });
      expect(await refusal(approve(' LI '))).toBe('forbidden');
      expect(await refusal(use(id))).toBe('on-hold');
      // another outcome is another proposal, and needs another second person
      expect(await propose('wang', 'upheld')).toMatchObject({ proposed: 'upheld' });
      expect(await refusal(approve('li'))).toBe('guard-refused');
      expect(await propose('li')).toMatchObject({ proposed: outcome });
      expect(await approve('wang')).toMatchObject({
        state: outcome,
        resolution: expect.stringMatching(/^hre_/),
      });
      expect(await refusal(approve('zhao'))).toBe('not-found');
      expect(await refusal(propose('zhao'))).toBe('not-found');
      expect(await web.condition(id, now())).toMatchObject({ usesLeft: 1, hold: null });
      expect(await refusal(use(id))).toBe('done');
    },
  );

  test('upheld: never again', async () => {
    const id = await released({ maxUses: 2 });
    const hold = await dispute(steps(), { authorizationId: id, by: 'subject', proof });
    const about = { authorizationId: id, holdId: hold.hold, outcome: 'upheld' as const };
    await proposeResolution(onDesk(), { ...about, grounds: 'case 8', person: 'li' });
    await approveResolution(onDesk(), { ...about, person: 'wang' });
    expect(await refusal(use(id))).toBe('on-hold');
    expect(await dispute(steps(), { authorizationId: id, by: 'subject', proof })).toMatchObject({
      hold: hold.hold,
      state: 'upheld',
    });
  });

  test('a licence that has ended ends uses; a newer entry counts; an overdue review does not', async () => {
    const register = async (kind: string, creditCode: string, validUntil: Date, reviewBy: Date) =>
      owner.query(
        `INSERT INTO registry_entries (id, kind, credit_code, name, licence, origin_proof, reviewed_at, review_by,
           valid_until, registrar, approver, registered_at)
         VALUES ($1, $2, $3, 'n', 'l', 'o', 'epoch', $4, $5, 'a', 'b', $6)`,
        [
          newId('registryEntry', systemClock, systemRandom),
          ...[kind, creditCode, reviewBy, validUntil, now()],
        ],
      );
    const [past, future] = [addSeconds(now(), -1), addSeconds(now(), 3600)];
    const id = await released({ maxUses: 3, recipients: [OWN_CODE, THIRD_PARTY] });
    try {
      await register('source', SOURCE, past, past);
      expect(await refusal(use(id))).toBe('source-expired');
      await register('source', SOURCE, future, past);
      expect(await refusal(use(id))).toBe('done');
      await register('recipient', THIRD_PARTY, past, past);
      expect(await refusal(use(id))).toBe('done');
      expect(await refusal(use(id, { recipient: THIRD_PARTY }))).toBe('recipient-expired');
    } finally {
      await owner.query('DELETE FROM registry_entries');
    }
  });

  test('used, withdrawn, ended: a dispute holds it all the same', async () => {
    const id = await released({ endEvent: 'loan-settled' });
    await use(id);
    await withdraw(steps(), { authorizationId: id, by: 'subject', proof });
    await endAuthorization(steps(), {
      authorizationId: id,
      event: 'loan-settled',
      happenedAt: now(),
    });
    expect(await dispute(steps(), { authorizationId: id, by: 'subject', proof })).toMatchObject({
      state: 'open',
    });
  });

  test('the end by event: the agreed one, not in the future, once', async () => {
    const id = await released({ endEvent: 'loan-settled', maxUses: 2 });
    const report = (happenedAt: Date, event = 'loan-settled') =>
      endAuthorization(steps(), { authorizationId: id, event, happenedAt });
    expect(await refusal(report(addSeconds(now(), 3600)))).toBe('invalid-request');
    expect(await refusal(report(now(), 'died'))).toBe('event-mismatch');
    expect(await refusal(use(id))).toBe('done');
    const first = await report(addSeconds(now(), -60));
    expect(await report(now())).toEqual(first);
    expect(await refusal(use(id))).toBe('authorization-ended');
    const byDate = await released();
    expect(
      await refusal(
        endAuthorization(steps(), {
          authorizationId: byDate,
          event: 'loan-settled',
          happenedAt: now(),
        }),
      ),
    ).toBe('event-mismatch');
    // nor by whoever writes the row past the use case
    for (const [of, event] of [
      [byDate, 'loan-settled'],
      [await released({ endEvent: 'loan-settled' }), 'died'],
    ] as const)
      await expect(
        web.end(
          {
            id: newId('end', systemClock, systemRandom),
            authorizationId: of,
            event,
            happenedAt: now(),
            salt: 's',
          },
          now(),
          () => {
            throw new Error('too late');
          },
        ),
      ).rejects.toMatchObject({ code: 'illegal-transition' });
  });
});

describe('what no role gets round', () => {
  /** Statements as a role, rolled back; the SQL state they were refused with. */
  const sqlState = async (
    role: string,
    ...statements: [string, unknown[]?][]
  ): Promise<string | null> => {
    const client = await owner.connect();
    try {
      await client.query('BEGIN');
      await client.query(`SET LOCAL ROLE mandate_${role}`);
      for (const [text, values] of statements) await client.query(text, values);
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      return null;
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  };
  const insertUse = (id: string, more: Record<string, unknown> = {}): [string, unknown[]] => {
    const row = {
      at: now(),
      state: 'confirmed',
      period: '',
      number: 1,
      settled_at: undefined as unknown,
      ...more,
    };
    return [
      `INSERT INTO redemptions (id, authorization_id, state, period, number, purpose, source, recipient, items,
         operator, box, digest, ledger_entry, request_key, request_digest, at, settled_at)
       VALUES ($1, $2, $3, $4, $5, 'loan-approval', $6, $7, '{basic-information}', '', '', $1, '', $1, '', $8, $9)`,
      [
        newId('redemption', systemClock, systemRandom),
        id,
        row.state,
        row.period,
        row.number,
        SOURCE,
        OWN_CODE,
        row.at,
        row.settled_at ?? row.at,
      ],
    ];
  };

  test('a use without event and ledger entry', async () => {
    expect(await sqlState('web', insertUse(await released()))).toBe('MA002');
  });

  test.each([
    ['beyond the count', { number: 2 }],
    ['of another period', { period: '2030' }],
    ['made as released', { state: 'released' }],
    ['dated back before the release', { at: new Date(0) }],
    ['settled before', { settled_at: new Date(0) }],
  ])('a use %s', async (_name, more) => {
    expect(await sqlState('web', insertUse(await released(), more))).toBe('MA001');
  });

  test('a use after withdrawal, dated before it', async () => {
    const id = await released({ maxUses: 2 });
    const before = now();
    await withdraw(steps(), { authorizationId: id, by: 'subject', proof });
    expect(await sqlState('web', insertUse(id, { at: before }))).toBe('MA001');
  });

  test('a second use with the same number, whatever the predicate says', async () => {
    const id = await released({ maxUses: 2 });
    await use(id);
    expect(await sqlState('web', insertUse(id))).toBe('23505');
  });

  test.each([
    ['web', `UPDATE redemptions SET number = 2`],
    ['web', `UPDATE redemptions SET authorization_id = authorization_id`],
    ['web', `DELETE FROM redemptions`],
    ['web', `DELETE FROM withdrawals`],
    ['web', `UPDATE withdrawals SET at = at`],
    ['web', `UPDATE holds SET resolved_by = 'li'`],
    ['web', `UPDATE holds SET resolution_id = 'hre_x'`],
    ['web', `DELETE FROM holds`],
    ['desk', `UPDATE holds SET opened_at = opened_at`],
    ['web', `UPDATE scopes SET max_uses = 100`],
    ['web', `INSERT INTO scopes SELECT * FROM scopes`],
    ['ca', `UPDATE scopes SET max_uses = 100`],
    ['web', `INSERT INTO receipts (fact_id, jws, signed_at) VALUES ('x', 'x', '2026-01-01')`],
    ['seal', `UPDATE receipts SET jws = ''`],
    ['worker', `SELECT box FROM redemptions`],
    ['ra', `SELECT box FROM redemptions`],
    ['worker', `SELECT * FROM withdrawals`],
    ['seal', `INSERT INTO redemptions DEFAULT VALUES`],
  ])('%s: %s', async (role, statement) => {
    expect(await sqlState(role, [statement])).toBe('42501');
  });

  test('a scope is written with the signature only', async () => {
    const id = await released();
    expect(
      await sqlState('ca', [
        `INSERT INTO scopes SELECT $1 || 'x', digest, purpose, items, sources, recipients, from_at, end_at, end_event, max_uses, per FROM scopes WHERE authorization_id = $1`,
        [id],
      ]),
    ).toBe('MA001');
  });

  test('one person cannot resolve a hold, nor skip the proposal', async () => {
    const id = await released();
    const { hold } = await dispute(steps(), { authorizationId: id, by: 'subject', proof });
    const propose: [string, unknown[]] = [
      `UPDATE holds SET outcome = 'rejected', grounds = 'g', proposed_by = 'li', proposed_at = $2 WHERE id = $1`,
      [hold, now()],
    ];
    const resolve = (person: string): [string, unknown[]] => [
      `UPDATE holds SET resolved_by = $2, resolved_at = $3, resolution_id = 'hre_' || id, resolution_salt = '' WHERE id = $1`,
      [hold, person, now()],
    ];
    expect(await sqlState('desk', propose, resolve('li'))).toBe('23514');
    expect(await sqlState('desk', propose, resolve(' Li'))).toBe('23514');
    expect(await sqlState('desk', resolve('wang'))).toBe('23514');
    expect(
      await sqlState('desk', [
        `UPDATE holds SET outcome = 'rejected', proposed_by = 'li', proposed_at = $2, resolved_by = 'wang', resolved_at = $2 WHERE id = $1`,
        [hold, now()],
      ]),
    ).toBe('MA001');
    // nobody writes another side's name
    const named = (person: string): [string, unknown[]] => [
      propose[0].replace(`'li'`, `'${person}'`),
      propose[1],
    ];
    expect(await sqlState('web', propose)).toBe('MA001');
    expect(await sqlState('desk', named('institution:ins/zhou'))).toBe('MA001');
    expect(await sqlState('desk', propose, resolve('institution:ins/zhou'))).toBe('MA001');
    expect(await sqlState('web', named('institution:ins/zhou'))).toBeNull();
    // two people, but no event and no ledger entry
    expect(await sqlState('desk', propose, resolve('wang'))).toBe('MA002');
  });

  test('only the worker times out, and not before the time', async () => {
    const id = await released();
    const held = await use(id, {}, 600);
    const settle = (by: string, at: Date): [string, unknown[]] => [
      `UPDATE redemptions SET state = 'released', settled_by = $2, settled_at = $3 WHERE id = $1`,
      [held.id, by, at],
    ];
    expect(await sqlState('worker', settle('time-out', now()))).toBe('MA001');
    expect(await sqlState('worker', settle('institution', now()))).toBe('MA001');
    expect(await sqlState('web', settle('time-out', addSeconds(now(), 700)))).toBe('MA001');
  });

  test.each([
    ['web', 'letter', 'letter:x', null],
    ['web', 'intent', 'intent:x', null],
    ['web', 'redemption', 'letter:aut_x', null],
    ['worker', 'withdrawal', 'withdrawal:x', null],
    ['desk', 'redemption', 'redemption:x', null],
    ['ca', 'redemption', 'redemption:x', null],
    ['ca', 'void', 'void:x', 'the authorization'],
  ])('%s puts no %s entry as %s', async (role, kind, dedupe, names) => {
    const id = names && (await released());
    const columns = names ? '(dedupe, entry, authorization_id)' : '(dedupe, entry)';
    const statement = `INSERT INTO ledger_queue ${columns} VALUES ($1, $2${names ? ', $3' : ''})`;
    expect(
      await sqlState(role, [statement, [dedupe, JSON.stringify({ kind }), ...(id ? [id] : [])]]),
    ).toBe('MA001');
  });

  describe('an entry that its fact does not back', () => {
    const enter = (dedupe: string, said: object): [string, unknown[]] => [
      'INSERT INTO ledger_queue (dedupe, entry) VALUES ($1, $2)',
      [dedupe, JSON.stringify({ letter: 'a'.repeat(64), fact: 'b'.repeat(64), ...said })],
    ];

    test.each([
      ['web', 'redemption', 'redemption:red_x:made'],
      ['web', 'redemption', 'redemption:red_x'],
      ['worker', 'redemption', 'redemption:red_x:released'],
      ['web', 'withdrawal', 'withdrawal:wdr_x'],
      ['web', 'hold', 'hold:hld_x:opened'],
      ['desk', 'hold', 'hold:hld_x:resolved'],
      ['web', 'end', 'end:end_x'],
    ])('%s: a %s that never was (%s)', async (role, kind, dedupe) => {
      expect(await sqlState(role, enter(dedupe, { kind }))).toBe('MA002');
    });

    test('of a step that was not taken, in place of who takes it, or with other words', async () => {
      const id = await released();
      const held = await use(id, {}, 600);
      const { hold } = await dispute(steps(), { authorizationId: id, by: 'subject', proof });
      const [{ letter }] = (
        await owner.query('SELECT letter_digest AS letter FROM authorizations WHERE id = $1', [id])
      ).rows;
      const facts = await owner.query(
        `SELECT type, body::jsonb->'data'->>'fact' AS fact FROM events WHERE stream = $1`,
        [id],
      );
      const factOf = (type: string) => facts.rows.find((row) => row.type === type).fact;
      const refused = [
        enter(`redemption:${held.id}:confirmed`, {
          ...{ kind: 'redemption', step: 'confirmed', letter, fact: factOf('redeemed') },
        }),
        enter(`hold:${hold}:resolved`, {
          ...{ kind: 'hold', step: 'rejected', letter, fact: factOf('held') },
        }),
        enter(`hold:${hold}:opened `, {
          ...{ kind: 'hold', step: 'opened', letter, fact: factOf('held') },
        }),
      ];
      for (const statement of refused) expect(await sqlState('web', statement)).toBe('MA002');
    });

    test('of a use, with another letter or more than it may say', async () => {
      const id = await released();
      const made = recorded.redemption;
      for (const bend of [
        { letter: 'c'.repeat(64) },
        { fact: 'c'.repeat(64) },
        { note: 'x' },
        { at: 'x'.repeat(500) },
      ]) {
        const row = aUse(id);
        const work = web.redeem(
          row,
          null,
          now(),
          (given: Parameters<ReturnType<typeof made>>[0]) => {
            const good = made(row.id)(given);
            const ledgerEntry = JSON.stringify({ ...JSON.parse(good.ledgerEntry), ...bend });
            return { ...good, ledgerEntry, ledgerDigest: sha256Hex(utf8(ledgerEntry)) };
          },
        );
        expect(await refusal(work)).toBe('version-conflict');
      }
      expect(await refusal(use(id))).toBe('done');
    });
  });

  test('an event without its fact', async () => {
    const id = await released();
    const { head } = await web.authorization(id);
    const { eventRow } = await import('./fresh-record.js');
    for (const type of ['redeemed', 'withdrawn', 'held', 'ended'] as const) {
      const event = eventRow({
        stream: id,
        version: 2,
        by: 'web',
        type,
        previous: head,
        data: { id: 'wdr_x' },
      });
      const project: [string, unknown[]] = [
        `UPDATE authorizations SET version = 2, head = $2, updated_at = $3 WHERE id = $1`,
        [id, event.digest, now()],
      ];
      expect(await sqlState('web', event.insert, project)).toBe('MA002');
    }
  });
});

test('facts wait for receipt and stamp, and the worker finds them', async () => {
  const id = await released();
  const made = await use(id);
  const later = addSeconds(now(), 60);
  expect(await worker.unstamped(later, 1000)).toContain(made.id);
  expect(await worker.unstamped(addSeconds(made.at, -1), 1000)).not.toContain(made.id);
});

test('withdrawals and uses at the same moment: no use after the withdrawal', async () => {
  const { ids } = await releasedAuthorizations(owner, 10, { maxUses: 20 });
  for (const id of ids) {
    const row = aWithdrawal(id);
    await Promise.all([
      ...Array.from({ length: 4 }, () => refusal(use(id))),
      web.withdraw(row, now(), recorded.fact('withdrawal')),
      ...Array.from({ length: 4 }, () => refusal(use(id))),
    ]);
    const types = (await web.trail(id)).map(({ body }) => JSON.parse(body).type);
    expect(types.filter((type) => type === 'withdrawn')).toHaveLength(1);
    expect(types.lastIndexOf('redeemed')).toBeLessThan(types.indexOf('withdrawn'));
  }
});
