import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  newId,
  type GrantRight,
  type OpenedSession,
  type PasskeyAssertion,
  type StaffRole,
} from '@mandate/core';
import { moveCase, openCase, type CaseRow } from '@mandate/ceremony';
import { caseRows, openDatabase, type Database } from '@mandate/store';
import { deskPeople, type AccountChoices, type DeskPeople } from '../../kit/desk-people.js';
import { softwareAuthenticator } from '../../kit/software-authenticator.js';
import { startCeremony } from './started-ceremony.js';

const ORIGIN = 'http://localhost:2';
const HOUR = 3600;
const DAY = 24 * HOUR;

let it: Awaited<ReturnType<typeof startCeremony>>;
let desk: Database;
let people: DeskPeople;
beforeAll(async () => {
  it = await startCeremony();
  desk = openDatabase(it.url, 'desk', 2);
  people = await deskPeople({ databaseUrl: it.url, folder: it.folder, clock: it.clock });
}, 60_000);
afterAll(async () => {
  await desk?.destroy();
  await people?.close();
  await it?.stop();
});

const door = () => it.authority.vault;
const now = () => it.clock.now();
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const cases = () => ({ ...it.deps, record: caseRows(desk) });
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );
const why = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { extensions?: { why?: string } }) => error.extensions?.why,
  );

interface Person {
  readonly id: string;
  readonly authenticator: ReturnType<typeof softwareAuthenticator>;
  readonly recoveryCodes: readonly string[];
  secret: Uint8Array;
}

async function person(roles: readonly StaffRole[], choices: AccountChoices = {}): Promise<Person> {
  const id = await people.account(roles, choices);
  const authenticator = softwareAuthenticator(ORIGIN);
  const invitation = await people.invite(id);
  const secret = it.deps.random.bytes(32);
  const { challenge } = await door().beginSignIn({ secret, means: 'enrolment', invitation });
  const answer = authenticator.register(base64url(challenge));
  const opened = await door().enrol({ secret, invitation, answer });
  return { id, authenticator, secret: opened.secret, recoveryCodes: opened.recoveryCodes };
}

async function signIn({ authenticator }: Pick<Person, 'authenticator'>): Promise<OpenedSession> {
  const secret = it.deps.random.bytes(32);
  const { challenge } = await door().beginSignIn({ secret, means: 'passkey' });
  const answer: PasskeyAssertion = authenticator.assert(base64url(challenge));
  return door().signInByPasskey({ secret, answer });
}

async function aCase(step: 'applied' | 'accepted' = 'accepted'): Promise<CaseRow> {
  const authorization = await it.record.authorization(await it.request());
  const opened = await openCase(cases(), {
    ...{ kind: 'consumer-complaint', authorization, by: 'staff:stf_x' },
  });
  return step === 'applied'
    ? opened
    : moveCase(cases(), opened, { type: 'stepped', to: 'accepted', by: 'staff:stf_x' });
}
const asked = (caseId: string, change: object = {}) => ({
  ...{
    caseId,
    legalBasis: '征信业管理条例 25',
    reason: 'complaint 12',
    hours: 24,
    breakGlass: false,
  },
  rights: ['view', 'download'] as GrantRight[],
  ...change,
});

describe('opening data for a case', () => {
  test('two others agree, then the register and the ledger have it before the key leaves', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const { id, authorizationId } = await aCase();
    const grant = await door().requestGrant({ secret: officer.secret, grant: asked(id) });
    const open = (who: Person, right: GrantRight = 'view') =>
      door().openForCase({ secret: who.secret, grant: grant.id, right });
    const approve = (who: Person) => door().approveGrant({ secret: who.secret, grant: grant.id });
    expect(await why(open(officer))).toBe('grant-unapproved');
    expect(await code(approve(officer))).toBe('own-request');
    expect((await approve(one)).good).toBeUndefined();
    expect((await approve(one)).approvals).toHaveLength(1);
    expect(await why(open(officer))).toBe('grant-unapproved');
    expect((await approve(two)).good).toBeDefined();

    expect(await why(open(one))).toBe('grant-unknown');
    expect(await why(open(officer, 'print'))).toBe('right-missing');
    const count = async () =>
      (
        await it.owner.query(
          `SELECT count(*) FROM access_entries WHERE body::jsonb->>'purpose' = 'case'`,
        )
      ).rows[0].count;
    expect(await count()).toBe(0);
    const opened = await open(officer);
    expect(opened).toMatchObject({ authorizationId });
    expect(opened.dataKey).toEqual(
      (await door().unwrap({ authorizationId, purpose: 'sign', actor: 'test' }, 'authority'))
        .dataKey,
    );
    const { rows } = await it.owner.query(
      `SELECT x.body::jsonb AS said, x.digest, q.leaf_index, e.entry
       FROM access_entries x JOIN ledger_queue q ON q.dedupe = 'access:' || x.id
       LEFT JOIN ledger_entries e ON e.leaf_index = q.leaf_index WHERE x.id = $1`,
      [opened.access],
    );
    expect(rows[0].said).toMatchObject({
      ...{
        purpose: 'case',
        actor: `staff:${officer.id}`,
        case: id,
        grant: grant.id,
        right: 'view',
      },
    });
    expect(rows[0].leaf_index).not.toBeNull();
    expect(String(rows[0].entry ?? '')).toContain(rows[0].digest);
    expect(await count()).toBe(1);

    it.clock.move(25 * HOUR);
    officer.secret = (await signIn(officer)).secret;
    expect(await why(open(officer))).toBe('grant-expired');
    expect(await count()).toBe(1);
  });

  test('no tree, no key', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const { id } = await aCase();
    const grant = await door().requestGrant({ secret: officer.secret, grant: asked(id) });
    for (const { secret } of [one, two]) await door().approveGrant({ secret, grant: grant.id });
    await it.owner.query(
      'ALTER TABLE ledger_entries ADD CONSTRAINT nothing_more CHECK (false) NOT VALID',
    );
    const open = () =>
      code(door().openForCase({ secret: officer.secret, grant: grant.id, right: 'view' }));
    try {
      expect(await open()).not.toBe('done');
    } finally {
      await it.owner.query('ALTER TABLE ledger_entries DROP CONSTRAINT nothing_more');
    }
    expect(await open()).toBe('done');
  });

  test('revoked, closed, left, another institution’s: each is its own refusal', async () => {
    const bank = { institutionId: it.institution.id };
    const [officer, one, two, other] = [
      await person(['officer'], bank),
      await person(['approver'], bank),
      await person(['approver']),
      await person(['officer'], { institutionId: await anotherInstitution() }),
    ];
    const work = await aCase();
    expect(await code(door().requestGrant({ secret: other.secret, grant: asked(work.id) }))).toBe(
      'not-found',
    );
    expect(await why(door().requestGrant({ secret: one.secret, grant: asked(work.id) }))).toBe(
      'not-allowed',
    );
    expect(
      await code(
        door().requestGrant({ secret: officer.secret, grant: asked(work.id, { hours: 73 }) }),
      ),
    ).toBe('invalid-request');
    const granted = async () => {
      const { id } = await door().requestGrant({ secret: officer.secret, grant: asked(work.id) });
      for (const { secret } of [one, two]) await door().approveGrant({ secret, grant: id });
      return id;
    };
    const open = (grant: string) =>
      why(door().openForCase({ secret: officer.secret, grant, right: 'view' }));
    const revoked = await granted();
    expect(await code(door().revokeGrant({ secret: other.secret, grant: revoked }))).toBe(
      'not-found',
    );
    await door().revokeGrant({ secret: two.secret, grant: revoked });
    expect(await open(revoked)).toBe('grant-revoked');

    const fresh = await aCase('applied');
    expect(await why(door().requestGrant({ secret: officer.secret, grant: asked(fresh.id) }))).toBe(
      'not-allowed',
    );

    const left = await granted();
    await people.accounts.closeStaff({
      ...{ staffId: two.id, by: 'head', undertaking: 'HR-3', at: now() },
    });
    expect(await open(left)).toBe('grant-unapproved');

    const rejected = await moveCase(cases(), work, {
      type: 'stepped',
      to: 'rejected',
      by: 'staff:stf_x',
    });
    expect(await open(left)).toBe('case-closed');
    expect(
      await code(
        moveCase(cases(), rejected, { type: 'stepped', to: 'accepted', by: 'staff:stf_x' }),
      ),
    ).toBe('illegal-transition');
  });

  test('breaking the glass takes three, one of whom keeps keys', async () => {
    const officer = await person(['officer']);
    const approvers = [
      await person(['approver']),
      await person(['approver']),
      await person(['approver']),
    ];
    const custodian = await person(['custodian']);
    const { id } = await aCase('applied');
    const { secret } = officer;
    const grant = await door().requestGrant({ secret, grant: asked(id, { breakGlass: true }) });
    const open = () => why(door().openForCase({ secret, grant: grant.id, right: 'view' }));
    for (const approver of approvers)
      await door().approveGrant({ secret: approver.secret, grant: grant.id });
    expect(await open()).toBe('grant-unapproved');
    await door().approveGrant({ secret: custodian.secret, grant: grant.id });
    expect(await open()).toBe('done');
  });

  test('what the desk’s database role cannot do by itself', async () => {
    const approver = await person(['approver']);
    const { id, authorizationId } = await aCase();
    const refused = async (role: string, sql: string, values: unknown[] = []) => {
      const client = await it.owner.connect();
      try {
        await client.query('BEGIN');
        await client.query(`SET LOCAL ROLE mandate_${role}`);
        await client.query(sql, values);
        await client.query('SET CONSTRAINTS ALL IMMEDIATE');
        return 'done';
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    };
    const grant = `INSERT INTO grants (id, case_id, authorization_id, requester, legal_basis, reason, rights,
      break_glass, asked_at, hours) VALUES ('gra_1', $1, $2, $3, 'x', 'x', '{view}', false, now(), 1)`;
    expect(await refused('desk', grant, [id, authorizationId, approver.id])).toBe('42501');
    // Role vault writes them, and even so nobody without the role for it is a requester.
    expect(await refused('vault', grant, [id, authorizationId, approver.id])).toBe('MA001');
    expect(
      await refused(
        'desk',
        `INSERT INTO staff_sessions (id, staff_id, secret_digest, means, opened_at, ends_at, seen_at)
         VALUES ('ses_1', $1, '\\x00', 'passkey', now(), now() + interval '1 hour', now())`,
        [approver.id],
      ),
    ).toBe('42501');
    const openings = `INSERT INTO access_entries (authorization_id, ordinal, id, body, digest)
      VALUES ($1, 999, 'acc_x', $2, 'x')`;
    const body = {
      ...{ purpose: 'case', actor: `staff:${approver.id}`, grant: 'gra_0', right: 'view' },
      at: now().toISOString(),
    };
    expect(await refused('desk', openings, [authorizationId, JSON.stringify(body)])).toBe('42501');
    expect(await refused('vault', openings, [authorizationId, JSON.stringify(body)])).toBe('MA001');
    for (const sql of [
      `UPDATE staff SET closed_at = NULL`,
      `INSERT INTO staff_roles SELECT id, 'approver', now(), 'a', 'b' FROM staff`,
      `UPDATE grants SET hours = 72`,
      `DELETE FROM cases`,
      `UPDATE case_events SET body = '{}'`,
    ])
      expect([sql, await refused('desk', sql)]).toEqual([sql, '42501']);
    expect(
      await refused('desk', `UPDATE cases SET step = 'certified', version = version + 1`),
    ).toBe('MA001');
    expect(
      await refused(
        'vault',
        `INSERT INTO ledger_queue (dedupe, entry) VALUES ('access:acc_z',
        '{"format":"mandate-entry/v1","kind":"access","at":"2026-11-22T00:00:00Z","letter":"x","fact":"x"}')`,
      ),
    ).toBe('MA002');
  });
});

test('more time is given once, and only where the kind’s rule knows it', async () => {
  const work = await aCase();
  const box = it.deps.random.bytes(40);
  const extended = await moveCase(cases(), work, { type: 'extended', by: 'staff:stf_x', box });
  expect((extended.dueAt.getTime() - work.dueAt.getTime()) / 86_400_000).toBe(30);
  const twice = moveCase(cases(), extended, { type: 'extended', by: 'staff:stf_x', box });
  expect(await code(twice)).toBe('illegal-transition');
  expect(await code(moveCase(cases(), work, { type: 'noted', by: 'staff:stf_x', box }))).toBe(
    'version-conflict',
  );
  const authorization = await it.record.authorization(work.authorizationId);
  const objection = await openCase(cases(), {
    ...{ kind: 'credit-data-objection', authorization, by: 'own:own_x' },
  });
  const more = moveCase(cases(), objection, { type: 'extended', by: 'staff:stf_x', box });
  expect(await code(more)).toBe('illegal-transition');
  expect((await caseRows(desk).caseEvents(work.id)).map(({ type }) => type)).toEqual([
    'opened',
    'stepped',
    'extended',
  ]);
});

async function anotherInstitution(): Promise<string> {
  const id = newId('institution', it.clock, it.deps.random);
  await it.owner.query(
    `INSERT INTO institutions (id, name, credit_code, contact, complaints, created_at)
     VALUES ($1, 'other', $1, 'x', 'x', now())`,
    [id],
  );
  return id;
}
