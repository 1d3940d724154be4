import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  keptAnswers,
  openIdProvider,
  openKeyFolder,
  passkeyCheck,
  readTrustFolder,
} from '@mandate/adapters';
import { startAuthority } from '@mandate/authority';
import {
  askedAgreements,
  caseEventCode,
  rowMacs,
  staffGrants,
  staffSignIns,
} from '@mandate/ceremony';
import {
  canonicalize,
  kindDigestHex,
  MOST_ORDER_OPENINGS,
  newId,
  type AgreementProof,
  type CaseAct,
  type CaseKind,
  type CaseStep,
  type GrantRight,
  type NewCase,
  type OpenedSession,
  type PasskeyAssertion,
  type StaffRole,
} from '@mandate/core';
import { caseRows, doorRows, openDatabase, reconcileDatabase, type Database } from '@mandate/store';
import { oidcPeer } from '../../contract/oidc-peer.js';
import { agreeAtDoor, wordAtDoor } from '../../kit/door-person.js';
import { deskPeople, type AccountChoices, type DeskPeople } from '../../kit/desk-people.js';
import { ledgerWitness } from '../../kit/ledger-witness.js';
import { until } from '../../kit/until.js';
import { softwareAuthenticator, type PasskeyChanges } from '../../kit/software-authenticator.js';
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
  clerk = await person(['officer']);
  taker = await person(['officer']);
}, 120_000);
afterAll(async () => {
  await desk?.destroy();
  await people?.close();
  await it?.stop();
});

const door = () => it.authority.vault;
const now = () => it.clock.now();
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
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

const TEXTS = {
  standing: '本人',
  legalBasis: '征信业管理条例 25',
  scope: '签署过程',
  decision: '属实',
  note: '补充材料',
};
const opening = (change: Partial<NewCase> & Pick<NewCase, 'authorizations'>): NewCase => ({
  ...{ kind: 'consumer-complaint', texts: { applicant: '王䶮，13800138000' }, ...change },
});
/** Officers who open and take up cases; not those whose grants are tried. */
let clerk: Person;
let taker: Person;
async function aCase(at: 'applied' | 'accepted' = 'accepted') {
  const authorization = await it.request();
  const made = opening({ authorizations: [authorization] });
  const { id } = await door().openCase({ secret: await fresh(clerk), case: made });
  if (at === 'accepted') await act(taker, id, step('accepted'));
  return { id, authorization };
}
/** Sessions idle out when the clock is moved. */
async function fresh(who: Person): Promise<Uint8Array> {
  const live = await code(door().session({ secret: who.secret }));
  if (live !== 'done') who.secret = (await signIn(who)).secret;
  return who.secret;
}
async function act(who: Person, caseId: string, what: CaseAct, version?: number) {
  const seen = (await caseRows(desk).case(caseId))!;
  const secret = await fresh(who);
  return door().actOnCase({ secret, caseId, version: version ?? seen.version, act: what });
}
const step = (to: CaseStep): CaseAct => ({ type: 'stepped', to, texts: TEXTS });
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

/** Past every rule of the database, as its owner. */
async function asOwner(...statements: readonly [string, ...unknown[]][]): Promise<void> {
  const client = await it.owner.connect();
  try {
    await client.query('SET session_replication_role = replica');
    for (const [sql, ...values] of statements) await client.query(sql, values);
  } finally {
    await client.query('SET session_replication_role = DEFAULT');
    client.release();
  }
}

/** Entries of the register for cases, and what the ledger's queue holds of them. */
const releases = async () =>
  (
    await it.owner.query(
      `SELECT (SELECT count(*)::int FROM access_entries WHERE body::jsonb->>'purpose' = 'case') AS entered,
        (SELECT count(*)::int FROM ledger_queue WHERE dedupe LIKE 'opening:acc_%' AND leaf_index IS NOT NULL) AS anchored`,
    )
  ).rows[0] as { entered: number; anchored: number };

describe('opening data for a case', () => {
  test('two others agree, then the register and the ledger have it before the key leaves', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const { id, authorization } = await aCase();
    const another = await aCase();
    const grant = await door().requestGrant({ secret: officer.secret, grant: asked(id) });
    const open = (who: Person, right: GrantRight = 'view', of = authorization) =>
      door().openForCase({ secret: who.secret, grant: grant.id, authorization: of, right });
    const approve = (who: Person) => agreeAtDoor(door(), who, grant.id);
    expect(await why(open(officer))).toBe('grant-unapproved');
    expect(await code(approve(officer))).toBe('own-request');
    expect((await approve(one)).good).toBeUndefined();
    expect((await approve(one)).approvals).toHaveLength(1);
    expect(await why(open(officer))).toBe('grant-unapproved');
    const agreed = await approve(two);
    expect(agreed.approvals.map(({ role }) => role)).toEqual(['approver', 'approver']);
    expect(agreed.good).toBeDefined();
    const third = await person(['approver']);
    expect(await why(approve(third))).toBe('not-allowed');

    expect(await why(open(one))).toBe('grant-unknown');
    expect(await why(open(officer, 'print'))).toBe('right-missing');
    expect(await why(open(officer, null as never))).toBe('right-missing');
    expect(await why(open(officer, 'view', another.authorization))).toBe('grant-unknown');
    const before = await releases();
    const opened = await open(officer);
    expect(opened).toMatchObject({ authorizationId: authorization, caseId: id, right: 'view' });
    expect(opened).toMatchObject({ caseNumber: expect.stringMatching(/^C-\d{4}-\d{6}$/) });
    expect(opened.reader.staff).toBe(officer.id);
    expect(opened.dataKey).toEqual(
      (
        await door().unwrap(
          { authorizationId: authorization, purpose: 'sign', actor: 'test' },
          'authority',
        )
      ).dataKey,
    );
    const { rows } = await it.owner.query(
      `SELECT x.body::jsonb AS said, x.digest, q.leaf_index, e.entry
       FROM access_entries x JOIN ledger_queue q ON q.dedupe = 'opening:' || x.id
       LEFT JOIN ledger_entries e ON e.leaf_index = q.leaf_index WHERE x.id = $1`,
      [opened.access],
    );
    expect(rows[0].said).toMatchObject({
      ...{ purpose: 'case', actor: `staff:${officer.id}`, case: id, grant: grant.id },
      ...{ right: 'view', agreed: expect.stringMatching(/^[0-9a-f]{64}$/) },
      session: expect.stringMatching(/^ses_/),
    });
    expect(String(rows[0].entry ?? '')).toContain(rows[0].digest);
    expect(await releases()).toEqual({
      entered: before.entered + 1,
      anchored: before.anchored + 1,
    });

    it.clock.move(25 * HOUR);
    await fresh(officer);
    expect(await why(open(officer))).toBe('grant-expired');
    expect((await releases()).entered).toBe(before.entered + 1);
  });

  test('no tree, no key; and who left while the tree was waited for gets none', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const { id, authorization } = await aCase();
    const grant = await door().requestGrant({ secret: officer.secret, grant: asked(id) });
    for (const who of [one, two]) await agreeAtDoor(door(), who, grant.id);
    await it.owner.query(
      'ALTER TABLE ledger_entries ADD CONSTRAINT nothing_more CHECK (false) NOT VALID',
    );
    const open = () =>
      door().openForCase({
        ...{ secret: officer.secret, grant: grant.id, authorization, right: 'view' },
      });
    try {
      expect(await code(open())).not.toBe('done');
    } finally {
      await it.owner.query('ALTER TABLE ledger_entries DROP CONSTRAINT nothing_more');
    }
    expect(await code(open())).toBe('done');

    // The database's owner says that it is in the tree: at a place of nobody's, or at that of another entry.
    for (const place of ['9000000000', '0']) {
      await it.owner.query(`
        CREATE FUNCTION said() RETURNS trigger LANGUAGE plpgsql AS
          $$BEGIN NEW.leaf_index := ${place}; RETURN NEW; END$$;
        ALTER TABLE ledger_queue DROP CONSTRAINT ledger_queue_leaf_index_key;
        CREATE TRIGGER zz_said BEFORE INSERT ON ledger_queue FOR EACH ROW
          WHEN (NEW.dedupe LIKE 'opening:%') EXECUTE FUNCTION said()`);
      try {
        expect(await code(open())).toBe('ledger-behind');
      } finally {
        await it.owner.query(`DROP TRIGGER zz_said ON ledger_queue; DROP FUNCTION said()`);
        await it.owner.query(`ALTER TABLE ledger_queue DISABLE TRIGGER queue_place;
          UPDATE ledger_queue SET leaf_index = NULL WHERE leaf_index = ${place} AND dedupe LIKE 'opening:%';
          ALTER TABLE ledger_queue ENABLE TRIGGER queue_place`);
        await it.owner.query(
          'ALTER TABLE ledger_queue ADD CONSTRAINT ledger_queue_leaf_index_key UNIQUE (leaf_index)',
        );
      }
    }
    expect(await code(open())).toBe('done');

    // The ledger's turn takes as long as this lock is held; meanwhile the grant is taken back.
    const holder = await it.owner.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE ledger_entries IN ACCESS EXCLUSIVE MODE');
      const waiting = why(open());
      await until(async () => {
        const { rows } = await holder.query(
          `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted`,
        );
        return rows[0].n > 0;
      });
      await door().revokeGrant({ secret: two.secret, grant: grant.id });
      await holder.query('COMMIT');
      expect(await waiting).toBe('grant-revoked');
    } finally {
      await holder.query('ROLLBACK').catch(() => undefined);
      holder.release();
    }
  });

  test('while the ledger waits for its witnesses no opening is entered, and none is counted; what waits before one is taken in', async () => {
    const { ledger } = await readTrustFolder(it.parts.trustFolder);
    const witness = ledgerWitness('one.example/w', ledger);
    const cosigned = { witnesses: [witness], witnessQuorum: 1 };
    const { authority, close } = await startAuthority({ ...it.parts, ...cosigned });
    try {
      const [officer, one, two] = [
        await person(['officer']),
        await person(['approver']),
        await person(['approver']),
      ];
      const { id, authorization } = await aCase();
      const { secret } = officer;
      const { id: grant } = await door().requestGrant({ secret, grant: asked(id) });
      for (const who of [one, two]) await agreeAtDoor(door(), who, grant);
      const { order } = await door().orderReports({
        ...{ secret, grant, authorizations: [authorization], files: false },
      });
      const open = () =>
        code(authority.vault.openForCase({ secret, grant, authorization, right: 'view' }));
      const openForOrder = () => code(authority.vault.openForOrder({ order, authorization }));
      const entered = async () =>
        (
          await it.owner.query(
            'SELECT count(*)::int AS n FROM access_entries WHERE authorization_id = $1',
            [authorization],
          )
        ).rows[0].n;
      witness.away = true;
      const before = await entered();
      expect(await open()).toBe('ledger-behind');
      for (let tries = 0; tries < MOST_ORDER_OPENINGS; tries++)
        expect(await openForOrder()).toBe('ledger-behind');
      expect(await entered()).toBe(before);
      witness.away = false;
      expect(await openForOrder()).toBe('done');
      // More than two rounds take.
      const client = await it.owner.connect();
      try {
        await client.query('SET session_replication_role = replica');
        await client.query(
          `INSERT INTO ledger_queue (dedupe, entry)
           SELECT 'waits:' || n, '{"waits":' || n || '}' FROM generate_series(1, 1300) n`,
        );
      } finally {
        await client.query('SET session_replication_role = DEFAULT');
        client.release();
      }
      expect(await open()).toBe('done');
      expect(await entered()).toBe(before + 2);
    } finally {
      await close();
    }
  });

  test('revoked, closed, left, moved, another institution’s: each is its own refusal', async () => {
    const bank = { institutionId: it.institution.id };
    const [officer, one, two, other] = [
      await person(['officer'], bank),
      await person(['approver'], bank),
      await person(['approver']),
      await person(['officer'], { institutionId: await anotherInstitution() }),
    ];
    const work = await aCase();
    const ask = (who: Person, caseId = work.id, change = {}) =>
      door().requestGrant({ secret: who.secret, grant: asked(caseId, change) });
    expect(await code(ask(other))).toBe('not-found');
    expect(await why(ask(one))).toBe('not-allowed');
    expect(await code(ask(officer, work.id, { hours: 73 }))).toBe('invalid-request');
    const granted = async (second = two) => {
      const { id } = await ask(officer);
      for (const who of [one, second]) await agreeAtDoor(door(), who, id);
      return id;
    };
    const open = (grant: string) =>
      why(
        door().openForCase({
          ...{ secret: officer.secret, grant, authorization: work.authorization, right: 'view' },
        }),
      );
    const revoked = await granted();
    expect(await code(door().revokeGrant({ secret: other.secret, grant: revoked }))).toBe(
      'not-found',
    );
    await door().revokeGrant({ secret: two.secret, grant: revoked });
    expect(await open(revoked)).toBe('grant-revoked');
    const early = await aCase('applied');
    expect(await why(ask(officer, early.id))).toBe('not-allowed');

    const left = await granted();
    expect(await open(left)).toBe('done');
    await people.accounts.closeStaff({
      ...{ staffId: two.id, by: 'head', undertaking: 'HR-3', at: now() },
    });
    expect(await open(left)).toBe('grant-unapproved');
    // Somebody who agreed as approver and is none any more does not count, nor by a later role.
    const mover = await person(['approver']);
    const moved = await granted(mover);
    expect(await open(moved)).toBe('done');
    await people.accounts.endRole({ staffId: mover.id, role: 'approver', by: 'head', at: now() });
    expect(await open(moved)).toBe('grant-unapproved');
    await people.accounts.giveRole({ staffId: mover.id, role: 'approver', ...people.done() });
    expect(await open(moved)).toBe('grant-unapproved');

    const last = await granted(await person(['approver']));
    await people.accounts.endRole({ staffId: officer.id, role: 'officer', by: 'head', at: now() });
    expect(await open(last)).toBe('account-closed');
    await people.accounts.giveRole({ staffId: officer.id, role: 'officer', ...people.done() });
    await act(taker, work.id, step('rejected'));
    expect(await open(last)).toBe('case-closed');
    expect(await code(act(taker, work.id, step('accepted')))).toBe('illegal-transition');
  });

  test('breaking the glass takes three, one of whom keeps keys, and runs from the one who completes it', async () => {
    const officer = await person(['officer']);
    const approvers = [
      await person(['approver']),
      await person(['approver']),
      await person(['approver']),
    ];
    const custodian = await person(['custodian']);
    const { id, authorization } = await aCase('applied');
    const { secret } = officer;
    const grant = await door().requestGrant({
      ...{ secret, grant: asked(id, { breakGlass: true, hours: 2 }) },
    });
    const open = () =>
      why(
        door().openForCase({
          ...{ secret: officer.secret, grant: grant.id, authorization, right: 'view' },
        }),
      );
    for (const approver of approvers) await agreeAtDoor(door(), approver, grant.id);
    expect(await open()).toBe('grant-unapproved');
    it.clock.move(5 * HOUR);
    for (const who of [custodian, officer]) await fresh(who);
    const whole = await agreeAtDoor(door(), custodian, grant.id);
    expect(whole.approvals.at(-1)).toMatchObject({ role: 'custodian' });
    expect(await open()).toBe('done');
    const told = await caseRows(desk).brokenGlass({ since: new Date(0), at: now(), limit: 500 });
    expect(told.find((row) => row.id === grant.id)).toMatchObject({ openings: 1 });
    const { rows } = await it.owner.query(
      `SELECT type FROM webhook_events WHERE authorization_id = $1 AND version >= 1000000`,
      [authorization],
    );
    expect(rows).toEqual([{ type: 'authorization.glass-broken' }]);
    it.clock.move(3 * HOUR);
    await fresh(officer);
    expect(await open()).toBe('grant-expired');
    // Where nothing is broken, who keeps keys has no say.
    const accepted = await aCase();
    const plain = await door().requestGrant({ secret: officer.secret, grant: asked(accepted.id) });
    await fresh(custodian);
    expect(await why(agreeAtDoor(door(), custodian, plain.id))).toBe('not-allowed');
  });

  test('two requests about the same letters break the glass at once: both are good, and each is told', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const custodian = await person(['custodian']);
    const authorizations = [await it.request(), await it.request()];
    const ask = async (letters: string[]) => {
      const made = opening({ authorizations: letters });
      const { id } = await door().openCase({ secret: await fresh(clerk), case: made });
      const grant = asked(id, { breakGlass: true });
      return (await door().requestGrant({ secret: officer.secret, grant })).id;
    };
    const grants = [await ask(authorizations), await ask([...authorizations].reverse())] as const;
    for (const grant of grants) await agreeAtDoor(door(), one, grant);
    await agreeAtDoor(door(), two, grants[0]);
    await agreeAtDoor(door(), custodian, grants[1]);
    // Whoever has told waits before the end of the transaction, until the other one is there too.
    const holder = await it.owner.connect();
    const waiting = async () =>
      (await holder.query('SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted')).rows[0].n;
    await holder.query(`
      CREATE FUNCTION halted() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN PERFORM pg_advisory_xact_lock(4141); RETURN NULL; END$$;
      CREATE TRIGGER zz_halted AFTER INSERT ON grant_approvals FOR EACH ROW EXECUTE FUNCTION halted()`);
    try {
      await holder.query('SELECT pg_advisory_lock(4141)');
      const last = [
        agreeAtDoor(door(), custodian, grants[0]),
        agreeAtDoor(door(), two, grants[1]),
      ].map(code);
      await until(async () => (await waiting()) >= 2);
      await holder.query('SELECT pg_advisory_unlock(4141)');
      expect(await Promise.all(last)).toEqual(['done', 'done']);
    } finally {
      await holder.query('SELECT pg_advisory_unlock_all()');
      await holder.query('DROP TRIGGER zz_halted ON grant_approvals; DROP FUNCTION halted()');
      holder.release();
    }
    const { rows } = await it.owner.query(
      `SELECT authorization_id AS of, array_agg(version ORDER BY version) AS versions FROM webhook_events
       WHERE authorization_id = ANY ($1) AND type = 'authorization.glass-broken' GROUP BY 1 ORDER BY 1`,
      [authorizations],
    );
    const versions = [1_000_000, 1_000_001];
    expect(rows).toEqual([...authorizations].sort().map((of) => ({ of, versions })));
  });

  test('a word that comes in late, after somebody else’s later one was enough, moves no beginning', async () => {
    const [officer, one, two, late] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
      await person(['approver']),
    ];
    const { id, authorization } = await aCase();
    it.clock.hold(now());
    try {
      const started = now().getTime();
      const { id: grant } = await door().requestGrant({ secret: officer.secret, grant: asked(id) });
      await agreeAtDoor(door(), one, grant);
      it.clock.hold(new Date(started + 20_000));
      const whole = await agreeAtDoor(door(), two, grant);
      expect(whole.good).toBeDefined();
      const opened = await door().openForCase({
        ...{ secret: officer.secret, grant, authorization, right: 'view' },
      });
      // Role vault's other process, which is slow: its answer is from before.
      it.clock.hold(new Date(started + 10_000));
      expect(await why(agreeAtDoor(door(), late, grant))).toBe('not-allowed');
      it.clock.hold(new Date(started + 30_000));
      const after = await door().revokeGrant({ secret: one.secret, grant });
      expect(after.approvals.map(({ staff }) => staff)).toEqual([one.id, two.id]);
      expect(opened.grant).toBe(grant);
    } finally {
      it.clock.hold(null);
    }
  });

  test('the glass is broken by a word that was longer on its way than another: it is told all the same', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const custodian = await person(['custodian']);
    const { id, authorization } = await aCase();
    it.clock.hold(now());
    try {
      const started = now().getTime();
      const { id: grant } = await door().requestGrant({
        ...{ secret: officer.secret, grant: asked(id, { breakGlass: true }) },
      });
      await agreeAtDoor(door(), one, grant);
      it.clock.hold(new Date(started + 20_000));
      await agreeAtDoor(door(), custodian, grant);
      it.clock.hold(new Date(started + 10_000));
      expect((await agreeAtDoor(door(), two, grant)).approvals).toHaveLength(3);
    } finally {
      it.clock.hold(null);
    }
    const { rows } = await it.owner.query(
      `SELECT type FROM webhook_events WHERE authorization_id = $1 AND version >= 1000000`,
      [authorization],
    );
    expect(rows).toEqual([{ type: 'authorization.glass-broken' }]);
  });

  test('nobody’s word is taken in vain: not theirs whose role ended since they agreed, nor for a custodian who has left', async () => {
    const [officer, one, two, mover] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
      await person(['approver']),
    ];
    const [custodian, keeper] = [
      await person(['custodian']),
      await person(['approver', 'custodian']),
    ];
    const { id } = await aCase();
    const ask = async (breakGlass: boolean) =>
      (await door().requestGrant({ secret: officer.secret, grant: asked(id, { breakGlass }) })).id;
    const grant = await ask(false);
    await agreeAtDoor(door(), mover, grant);
    const agreements = async () =>
      (
        await it.owner.query('SELECT count(*)::int AS n FROM staff_agreements WHERE subject = $1', [
          grant,
        ])
      ).rows[0].n;
    await people.accounts.endRole({ staffId: mover.id, role: 'approver', by: 'head', at: now() });
    await people.accounts.giveRole({ staffId: mover.id, role: 'approver', ...people.done() });
    mover.secret = (await signIn(mover)).secret;
    const before = await agreements();
    expect(await why(wordAtDoor(door(), mover, { act: 'grant', grant }))).toBe('agreed-before');
    const again = door().approveGrant({
      ...{ secret: mover.secret, grant, proof: undefined as never },
    });
    expect(await why(again)).toBe('agreed-before');
    expect(await agreements()).toBe(before);

    const broken = await ask(true);
    await agreeAtDoor(door(), custodian, broken);
    await people.accounts.closeStaff({
      ...{ staffId: custodian.id, by: 'head', undertaking: 'HR-7', at: now() },
    });
    for (const who of [one, two]) await agreeAtDoor(door(), who, broken);
    const whole = await agreeAtDoor(door(), keeper, broken);
    expect(whole.approvals.at(-1)).toMatchObject({ staff: keeper.id, role: 'custodian' });
    expect(whole.good).toBeDefined();
  });

  test('an order opens what it names, again and again, while its grant is good', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const { id, authorization } = await aCase();
    const other = await aCase();
    const granted = async (rights: GrantRight[]) => {
      const made = await door().requestGrant({
        ...{ secret: officer.secret, grant: asked(id, { rights }) },
      });
      for (const who of [one, two]) await agreeAtDoor(door(), who, made.id);
      return made.id;
    };
    const grant = await granted(['view']);
    const order = (authorizations: string[], files = false, of = grant) =>
      door().orderReports({ secret: officer.secret, grant: of, authorizations, files });
    expect(await why(order([authorization], true))).toBe('right-missing');
    expect(await why(order([authorization, other.authorization]))).toBe('grant-unknown');
    expect(
      await why(
        door().orderReports({
          ...{ secret: one.secret, grant, authorizations: [authorization], files: false },
        }),
      ),
    ).toBe('grant-unknown');
    const made = await order([authorization]);
    const open = (of = authorization) => door().openForOrder({ ...made, authorization: of });
    const before = await releases();
    const first = await open();
    expect(first.reader.staff).toBe(officer.id);
    expect((await open()).access).not.toBe(first.access);
    expect(await code(open(other.authorization))).toBe('not-found');
    // Without a session of the officer's, but not without the officer.
    await door().endSession({ secret: officer.secret });
    expect(await code(open())).toBe('done');
    expect(await releases()).toEqual({
      entered: before.entered + 3,
      anchored: before.anchored + 3,
    });
    await it.owner.query(`UPDATE desk_orders SET opened_for = 'download' WHERE id = $1`, [
      made.order,
    ]);
    expect(await why(open())).toBe('grant-altered');
    await it.owner.query(`UPDATE desk_orders SET opened_for = 'view' WHERE id = $1`, [made.order]);
    await people.accounts.closeStaff({
      ...{ staffId: officer.id, by: 'head', undertaking: 'HR-4', at: now() },
    });
    expect(await why(open())).toBe('account-closed');
  });

  test('what was agreed to cannot be changed, and nobody else’s word can be written into the table', async () => {
    const [officer, one] = [await person(['officer']), await person(['approver'])];
    const { id, authorization } = await aCase();
    const { id: grant } = await door().requestGrant({ secret: officer.secret, grant: asked(id) });
    await agreeAtDoor(door(), one, grant);
    const forger = await person(['approver']);
    const open = () =>
      why(
        door().openForCase({
          ...{ secret: officer.secret, grant, authorization, right: 'view' },
        }),
      );
    // The database's owner, who can switch every rule off, in the name of somebody who is there.
    const { rows } = await it.owner.query(
      `SELECT id FROM staff_sessions WHERE staff_id = $1 AND ended_at IS NULL`,
      [forger.id],
    );
    const ruled = (how: 'DISABLE' | 'ENABLE') =>
      it.owner.query(`ALTER TABLE grant_approvals ${how} TRIGGER USER`);
    await ruled('DISABLE');
    await it.owner.query(
      `INSERT INTO grant_approvals VALUES ($1, $2, $3, 'approver', $4, decode(repeat('00', 32), 'hex'))`,
      [grant, forger.id, rows[0].id, now()],
    );
    // A click is none, and neither is an answer that role vault never took.
    expect(await open()).toBe('grant-unapproved');
    await it.owner.query(`ALTER TABLE staff_agreements DISABLE TRIGGER USER`);
    await it.owner.query(
      `INSERT INTO staff_agreements SELECT 'agr_forged', act, subject, digest, $2, $3, sha256(nonce), means, made_at,
         ends_at, answered_at, proof, mac FROM staff_agreements WHERE subject = $1 AND answered_at IS NOT NULL`,
      [grant, forger.id, rows[0].id],
    );
    await it.owner.query(
      `UPDATE grant_approvals SET agreement_id = 'agr_forged' WHERE grant_id = $1 AND staff_id = $2`,
      [grant, forger.id],
    );
    expect(await open()).toBe('grant-altered');
    await it.owner.query(`DELETE FROM grant_approvals WHERE grant_id = $1 AND staff_id = $2`, [
      ...[grant, forger.id],
    ]);
    await it.owner.query(`ALTER TABLE staff_agreements ENABLE TRIGGER USER`);
    await ruled('ENABLE');
    await agreeAtDoor(door(), forger, grant);
    expect(await open()).toBe('done');
    await it.owner.query('ALTER TABLE grants DISABLE TRIGGER USER');
    await it.owner.query(`UPDATE grants SET reason = 'something else' WHERE id = $1`, [grant]);
    await it.owner.query('ALTER TABLE grants ENABLE TRIGGER USER');
    expect(await open()).toBe('grant-altered');
  });

  test('the database’s owner says that it opens, and it does not', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const { id, authorization } = await aCase();
    const granted = async (...approvers: Person[]) => {
      const made = await door().requestGrant({ secret: officer.secret, grant: asked(id) });
      for (const who of approvers) await agreeAtDoor(door(), who, made.id);
      return made.id;
    };
    const open = (grant: string, of = authorization, right: GrantRight = 'view') =>
      why(door().openForCase({ secret: officer.secret, grant, authorization: of, right }));
    const order = (grant: string, of = authorization) =>
      why(
        door().orderReports({ secret: officer.secret, grant, authorizations: [of], files: false }),
      );
    const [none, half, whole] = [await granted(), await granted(one), await granted(one, two)];
    const ordered = await door().orderReports({
      ...{ secret: officer.secret, grant: whole, authorizations: [authorization], files: false },
    });
    const { rows } = await it.owner.query(
      `SELECT pg_get_functiondef('grant_refusal'::regproc) AS source`,
    );
    await it.owner.query(
      `CREATE OR REPLACE FUNCTION grant_refusal(p_grant text, p_staff text, p_authorization text, p_right text,
         p_at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$ SELECT NULL::text $$`,
    );
    try {
      expect(await open(none)).toBe('grant-unapproved');
      expect(await order(half)).toBe('grant-unapproved');
      expect(await open(half)).toBe('grant-unapproved');
      expect(await open(whole, authorization, 'print')).toBe('right-missing');
      expect(await open(whole)).toBe('done');
      it.clock.move(25 * HOUR);
      await fresh(officer);
      expect(await open(whole)).toBe('grant-expired');
    } finally {
      await it.owner.query(rows[0].source);
    }

    for (const approver of [one, two]) await fresh(approver);
    const later = await granted(one, two);
    const added = await it.request();
    await it.owner.query('ALTER TABLE case_authorizations DISABLE TRIGGER USER');
    await it.owner.query('INSERT INTO case_authorizations VALUES ($1, $2)', [id, added]);
    try {
      for (const letter of [added, authorization])
        expect(await open(later, letter)).toBe('grant-altered');
      expect(await order(later, added)).toBe('grant-altered');
      expect(await why(door().openForOrder({ ...ordered, authorization }))).toBe('grant-altered');
    } finally {
      await it.owner.query('DELETE FROM case_authorizations WHERE authorization_id = $1', [added]);
      await it.owner.query('ALTER TABLE case_authorizations ENABLE TRIGGER USER');
    }
    expect(await open(later)).toBe('done');
    // Refused orders stand in the register too, in the name of who asked.
    const { rows: noted } = await it.owner.query(
      `SELECT body::jsonb->>'grant' AS of, body::jsonb->>'why' AS why FROM desk_register
       WHERE staff_id = $1 AND body::jsonb->>'why' IN ('grant-unapproved', 'grant-altered')`,
      [officer.id],
    );
    expect(noted.filter(({ of }) => of === half)).toHaveLength(2);
    expect(noted.filter(({ of }) => of === whole)).toHaveLength(1);
  });

  test('what was taken back and put back by the database’s owner opens nothing', async () => {
    const [officer, one, two, three] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
      await person(['approver']),
    ];
    const work = await aCase();
    const granted = async (caseId = work.id, approvers = [one, two]) => {
      const { id } = await door().requestGrant({ secret: officer.secret, grant: asked(caseId) });
      for (const who of approvers) await agreeAtDoor(door(), who, id);
      return id;
    };
    const open = (grant: string, authorization = work.authorization) =>
      why(door().openForCase({ secret: officer.secret, grant, authorization, right: 'view' }));
    const put = asOwner;
    const inQueue = async (dedupe: string) =>
      (await it.owner.query('SELECT entry FROM ledger_queue WHERE dedupe = $1', [dedupe])).rows;

    const grant = await granted();
    expect(await open(grant)).toBe('done');
    await door().revokeGrant({ secret: one.secret, grant });
    await door().revokeGrant({ secret: two.secret, grant });
    const [entered] = await inQueue(`desk:revoked:${grant}`);
    // public, so it names nobody and nothing that could be tried
    const entry = JSON.parse(entered!.entry) as object;
    expect(Object.keys(entry).sort()).toEqual(['at', 'fact', 'format', 'kind']);
    await put(['UPDATE grants SET revoked_at = NULL, revoked_by = NULL WHERE id = $1', grant]);
    expect(await open(grant)).toBe('grant-revoked');

    const over = await aCase();
    const late = await granted(over.id);
    await act(taker, over.id, step('closed'));
    expect(await inQueue(`desk:ended:${over.id}`)).toHaveLength(1);
    await put([`UPDATE cases SET step = 'accepted' WHERE id = $1`, over.id]);
    expect(await open(late, over.authorization)).toBe('case-closed');

    const back = (who: Person): [string, string] => [
      'UPDATE staff_roles SET ended_at = NULL, ended_by = NULL WHERE staff_id = $1',
      who.id,
    ];
    const third = await granted(work.id, [two, three]);
    expect(await open(third)).toBe('done');
    await people.accounts.endRole({ staffId: three.id, role: 'approver', by: 'head', at: now() });
    await put(back(three));
    expect(await open(third)).toBe('grant-unapproved');
    // a role given anew meanwhile: the older row is not the one that was given
    await put([
      `UPDATE staff_roles SET ended_at = $2, ended_by = 'head' WHERE staff_id = $1`,
      three.id,
      now(),
    ]);
    await people.accounts.giveRole({ staffId: three.id, role: 'approver', ...people.done() });
    const rows = `staff_roles WHERE staff_id = $1 AND change = (SELECT min(change) FROM staff_roles WHERE staff_id = $1)`;
    await put(
      [
        `UPDATE staff_roles SET ended_at = $2, ended_by = 'head' WHERE staff_id = $1`,
        three.id,
        now(),
      ],
      [`UPDATE ${rows.replace(' WHERE', ' SET ended_at = NULL, ended_by = NULL WHERE')}`, three.id],
    );
    expect(await open(third)).toBe('grant-unapproved');

    const closed = await granted();
    await people.accounts.closeStaff({
      ...{ staffId: two.id, by: 'head', undertaking: 'HR-3', at: now() },
    });
    await put(
      [
        'UPDATE staff SET closed_at = NULL, closed_by = NULL, closing_undertaking = NULL WHERE id = $1',
        two.id,
      ],
      back(two),
    );
    expect(await open(closed)).toBe('grant-unapproved');

    // and the register of changes with it: what the ledger has tells that its end is gone
    const last = `staff_changes WHERE number = (SELECT max(number) FROM staff_changes)`;
    const fine = await granted(work.id, [one, await person(['approver'])]);
    await people.accounts.endRole({ staffId: one.id, role: 'approver', by: 'head', at: now() });
    const { rows: kept } = await it.owner.query(`SELECT * FROM ${last}`);
    await put([`DELETE FROM ${last}`], back(one));
    expect(await open(fine)).toBe('grant-altered');
    const { number, staff_id: of, act: what, body, digest, mac } = kept[0];
    const again = 'INSERT INTO staff_changes VALUES ($1, $2, $3, $4, $5, $6)';
    await put([again, number, of, what, body.replace('role-ended', 'reviewed'), digest, mac]);
    expect(await open(fine)).toBe('grant-altered');
    await put([`DELETE FROM ${last}`], [again, number, of, what, body, digest, mac]);
    expect(await open(fine)).toBe('grant-unapproved');
  });

  test('a contract that was cut short stays so, though the row from before it be put back', async () => {
    const contractor = await person(['officer'], { outsourced: true });
    const [one, two] = [await person(['approver']), await person(['approver'])];
    const { id, authorization } = await aCase();
    const { secret } = contractor;
    const { id: grant } = await door().requestGrant({ secret, grant: asked(id) });
    for (const who of [one, two]) await agreeAtDoor(door(), who, grant);
    const open = () => why(door().openForCase({ secret, grant, authorization, right: 'view' }));
    expect(await open()).toBe('done');
    const { rows } = await it.owner.query('SELECT * FROM staff WHERE id = $1', [contractor.id]);
    await people.accounts.moveStaff({
      ...{ staffId: contractor.id, institutionId: null, team: 'disputes', outsourced: true },
      ...{ contractUntil: new Date(now().getTime() + 60_000), ...people.done() },
    });
    expect(await open()).toBe('done');
    it.clock.move(120);
    const { contract_until: until, change, mac } = rows[0];
    await asOwner([
      'UPDATE staff SET contract_until = $2, change = $3, mac = $4 WHERE id = $1',
      ...([contractor.id, until, change, mac] as const),
    ]);
    expect(await open()).toBe('account-closed');
  });

  test('what application roles cannot do by themselves', async () => {
    const [officer, approver] = [await person(['officer']), await person(['approver'])];
    const { id, authorization } = await aCase();
    const session = async (who: Person) =>
      (
        await it.owner.query(
          `SELECT id FROM staff_sessions WHERE staff_id = $1 AND ended_at IS NULL`,
          [who.id],
        )
      ).rows[0].id as string;
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
    const zeros = `decode(repeat('00', 32), 'hex')`;
    const grant = `INSERT INTO grants (id, case_id, requester, session_id, legal_basis, reason, rights,
      break_glass, asked_at, hours) VALUES ('gra_1', $1, $2, $3, 'x', 'x', '{view}', false, $4, 1)`;
    const mine = [id, approver.id, await session(approver), now()];
    const { id: asking } = await door().requestGrant({ secret: officer.secret, grant: asked(id) });
    const approval = `INSERT INTO grant_approvals VALUES ($1, $2, $3, $4, $5, ${zeros})`;
    const agreed = (change: { role?: string; at?: Date; session?: string } = {}) => [
      ...[asking, approver.id, change.session ?? mine[2], change.role ?? 'approver'],
      change.at ?? now(),
    ];
    const order = `INSERT INTO desk_orders VALUES ('ord_1', $1, $2, $3, 'view', $4, ${zeros})`;
    const openings = `INSERT INTO access_entries (authorization_id, ordinal, id, body, digest)
      VALUES ($1, 999, 'acc_x', $2, 'x')`;
    const body = JSON.stringify({
      ...{ purpose: 'case', actor: `staff:${officer.id}`, grant: asking, right: 'view', case: id },
      ...{ session: await session(officer), agreed: '0'.repeat(64), at: now().toISOString() },
    });
    const people = [
      `INSERT INTO staff_sessions (id, staff_id, secret_digest, means, opened_at, ends_at, seen_at, mac)
         VALUES ('ses_1', $1, '\\x00', 'passkey', now(), now() + interval '1 hour', now(), ${zeros})`,
    ];
    // Every role but the vault may write none of the four.
    for (const role of ['desk', 'web', 'worker', 'ra', 'ca', 'seal', 'ledger'])
      expect([
        role,
        await refused(role, people[0]!, [approver.id]),
        await refused(role, approval, agreed()),
        await refused(role, order, [asking, ...mine.slice(1)]),
        await refused(role, openings, [authorization, body]),
      ]).toEqual([role, '42501', '42501', '42501', '42501']);
    expect(await refused('desk', grant, mine)).toBe('42501');
    // Role vault writes them, and even so: an approver is no requester, a custodian has no say, nobody agrees before
    // their session began or in somebody else's, and nothing opens without two.
    expect(await refused('vault', grant, mine)).toBe('MA001');
    const before = new Date(now().getTime() - DAY * 1000);
    expect(await refused('vault', approval, agreed({ role: 'custodian' }))).toBe('MA001');
    expect(await refused('vault', approval, agreed({ at: before }))).toBe('MA001');
    expect(await refused('vault', approval, agreed({ session: await session(officer) }))).toBe(
      'MA001',
    );
    expect(await refused('vault', order, [asking, ...mine.slice(1)])).toBe('MA001');
    expect(await refused('vault', openings, [authorization, body])).toBe('MA001');
    for (const sql of [
      `UPDATE staff SET closed_at = NULL`,
      `UPDATE grants SET hours = 72`,
      `DELETE FROM cases`,
      `UPDATE cases SET step = 'certified', version = version + 1`,
      `INSERT INTO cases SELECT * FROM cases`,
      `UPDATE case_events SET body = '{}'`,
      `INSERT INTO case_authorizations SELECT * FROM case_authorizations`,
      `SELECT wrapped FROM case_keys`,
      `SELECT box FROM case_boxes`,
      `UPDATE access_seals SET until = now()`,
      `INSERT INTO hold_votes SELECT * FROM hold_votes`,
    ])
      expect([sql, await refused('desk', sql)]).toEqual([sql, '42501']);
    for (const sql of [
      `UPDATE cases SET step = 'certified', version = version + 1 WHERE id = '${id}'`,
      `INSERT INTO case_authorizations VALUES ('${id}', (SELECT max(id) FROM authorizations))`,
      `UPDATE case_keys SET wrapped = NULL, destroyed_at = now() WHERE case_id = '${id}'`,
    ])
      expect([sql, await refused('vault', sql)]).toEqual([sql, 'MA001']);
    expect(
      await refused(
        'vault',
        `INSERT INTO ledger_queue (dedupe, entry) VALUES ('opening:acc_z',
        '{"format":"mandate-entry/v1","kind":"opening","at":"2026-11-22T00:00:00Z","letter":"x","fact":"x"}')`,
      ),
    ).toBe('MA002');
  });
});

/** What the doctor says of the desk's rows about these. */
async function doctor(...ids: string[]): Promise<string[]> {
  const wrapping = await openKeyFolder(join(it.folder, 'keys', 'vault')).secret('wrapping');
  const { problems } = await reconcileDatabase(it.url, {
    ...{ objects: null, signed: null, opens: null, vaultSecret: wrapping },
    passkeys: keptAnswers,
  });
  return problems
    .filter(({ at }) => ids.some((id) => at.startsWith(id)))
    .map(({ code, at }) => `${code} ${at}`);
}

describe('agreeing', () => {
  test('a migration that is dated later than what its rules let in is told', async () => {
    const later = (name: string) =>
      it.owner.query(
        `UPDATE migrations SET applied_at = applied_at + $2::interval WHERE name LIKE $1`,
        [name, '400 days'],
      );
    const who = await person(['officer']);
    expect(who.secret).toHaveLength(32);
    expect(await doctor('migrations/')).toEqual([]);
    await later('0030-%');
    try {
      expect(await doctor('migrations/')).toEqual(['desk-forged migrations/0030-desk.sql']);
    } finally {
      await it.owner.query(
        `UPDATE migrations SET applied_at = applied_at - interval '400 days' WHERE name LIKE '0030-%'`,
      );
    }
  });

  test('what was good again for a minute is found later, by what was opened in it', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const work = await aCase();
    const agreed = async () => {
      const { id } = await door().requestGrant({ secret: officer.secret, grant: asked(work.id) });
      for (const who of [one, two]) await agreeAtDoor(door(), who, id);
      return id;
    };
    const [grant, another] = [await agreed(), await agreed()];
    const open = async (of: string) =>
      (
        await door().openForCase({
          ...{ secret: await fresh(officer), grant: of, right: 'view' },
          authorization: work.authorization,
        })
      ).access;
    const put = asOwner;
    const good = await open(grant);
    for (const id of [grant, another]) await door().revokeGrant({ secret: two.secret, grant: id });
    const queued = (id: string) => `desk:revoked:${id}`;
    // Before the tree has it, with nothing of it left.
    const { rows: waiting } = await it.owner.query(
      'SELECT entry FROM ledger_queue WHERE dedupe = $1',
      [queued(another)],
    );
    const { rows: gone } = await it.owner.query(
      'SELECT id, revoked_at, revoked_by FROM grants WHERE id = ANY ($1)',
      [[grant, another]],
    );
    const back = gone.map(({ id, revoked_at: at, revoked_by: by }): [string, ...unknown[]] => [
      ...([
        'UPDATE grants SET revoked_at = $2, revoked_by = $3 WHERE id = $1',
        id,
        at,
        by,
      ] as const),
    ]);
    it.clock.move(120);
    await put(
      [
        'UPDATE grants SET revoked_at = NULL, revoked_by = NULL WHERE id = ANY ($1)',
        [grant, another],
      ],
      ['DELETE FROM ledger_queue WHERE dedupe = $1', queued(another)],
    );
    const opened = await open(another);
    await put([
      ...(['INSERT INTO ledger_queue (dedupe, entry) VALUES ($1, $2)', queued(another)] as const),
      waiting[0].entry,
    ]);
    await it.authority.ledger.integrate({});
    // By now the tree has both, whatever the queue calls them.
    await put(
      ['UPDATE ledger_queue SET dedupe = $2 WHERE dedupe = $1', queued(grant), 'x'],
      ['UPDATE ledger_queue SET dedupe = $2 WHERE dedupe = $1', queued(another), 'y'],
    );
    for (const id of [grant, another]) expect(await why(open(id))).toBe('grant-revoked');
    await put(
      ...back,
      ['UPDATE ledger_queue SET dedupe = $1 WHERE dedupe = $2', queued(grant), 'x'],
      ['UPDATE ledger_queue SET dedupe = $1 WHERE dedupe = $2', queued(another), 'y'],
    );
    expect(await doctor(good, opened, grant, another)).toEqual([`desk-unentitled ${opened}`]);

    // Somebody who has left comes in for a minute; then everything is as it was.
    await people.accounts.closeStaff({
      ...{ staffId: one.id, by: 'head', undertaking: 'HR-9', at: now() },
    });
    it.clock.move(120);
    const { rows: changes } = await it.owner.query(
      'SELECT number, act, body, digest, mac, staff_id FROM staff_changes ORDER BY number DESC LIMIT 1',
    );
    const [{ number, staff_id: of, act: what, body, digest, mac }] = changes;
    const { rows } = await it.owner.query('SELECT * FROM staff WHERE id = $1', [one.id]);
    await put(
      ['DELETE FROM staff_changes WHERE number = $1', number],
      ['UPDATE ledger_queue SET dedupe = $1 WHERE dedupe = $2', 'x', `desk:change:${number}`],
      [
        'UPDATE staff SET closed_at = NULL, closed_by = NULL, closing_undertaking = NULL WHERE id = $1',
        one.id,
      ],
      ['UPDATE staff_passkeys SET ended_at = NULL WHERE staff_id = $1', one.id],
    );
    const { session } = (await signIn(one)).session;
    const { closed_at: at, closed_by: by, closing_undertaking: undertaking } = rows[0];
    await put(
      [
        'INSERT INTO staff_changes VALUES ($1, $2, $3, $4, $5, $6)',
        number,
        of,
        what,
        body,
        digest,
        mac,
      ],
      ['UPDATE ledger_queue SET dedupe = $2 WHERE dedupe = $1', 'x', `desk:change:${number}`],
      [
        'UPDATE staff SET closed_at = $2, closed_by = $3, closing_undertaking = $4 WHERE id = $1',
        ...([one.id, at, by, undertaking] as const),
      ],
      ['UPDATE staff_passkeys SET ended_at = $2 WHERE staff_id = $1', one.id, at],
      ['UPDATE staff_sessions SET ended_at = opened_at WHERE staff_id = $1', one.id],
    );
    expect(await doctor(session)).toEqual([`desk-unentitled ${session}`]);
  });

  test('a case whose row says another institution is not theirs; one from before events said so is found later', async () => {
    const elsewhere = { institutionId: await anotherInstitution() };
    const [officer, one, two] = [
      await person(['officer'], elsewhere),
      await person(['approver'], elsewhere),
      await person(['approver'], elsewhere),
    ];
    const moved = (caseId: string, institutionId: string) =>
      asOwner(['UPDATE cases SET institution_id = $2 WHERE id = $1', caseId, institutionId]);
    const { secret } = officer;
    const ask = (caseId: string) => door().requestGrant({ secret, grant: asked(caseId) });
    const told = await aCase();
    await moved(told.id, elsewhere.institutionId);
    expect(await code(ask(told.id))).toBe('not-found');
    expect(await code(door().readCase({ secret, caseId: told.id }))).toBe('not-found');
    expect(await doctor(told.id)).toEqual([`case-broken ${told.id}`]);
    await moved(told.id, it.institution.id);
    expect(await doctor(told.id)).toEqual([]);

    const before = await aCase('applied');
    const wrapping = await openKeyFolder(join(it.folder, 'keys', 'vault')).secret('wrapping');
    const { rows } = await it.owner.query('SELECT body FROM case_events WHERE case_id = $1', [
      before.id,
    ]);
    const { institution: _, ...event } = JSON.parse(rows[0].body) as Record<string, unknown>;
    const digest = kindDigestHex('case-event', event);
    await asOwner(
      [
        'UPDATE case_events SET body = $2, digest = $3, mac = $4 WHERE case_id = $1',
        ...([before.id, canonicalize(event), digest] as const),
        Buffer.from(caseEventCode(rowMacs(wrapping), before.id, digest)),
      ],
      ['UPDATE cases SET head = $2 WHERE id = $1', before.id, digest],
    );
    await act(taker, before.id, step('accepted'));
    await moved(before.id, elsewhere.institutionId);
    const { id: grant } = await ask(before.id);
    for (const who of [one, two]) await agreeAtDoor(door(), who, grant);
    const { authorization } = before;
    const { access } = await door().openForCase({ secret, grant, authorization, right: 'view' });
    await moved(before.id, it.institution.id);
    expect(await doctor(access, before.id)).toEqual([`desk-unentitled ${access}`]);
  });

  test('who has no more than the session agrees to nothing; nor does anybody else’s word, nor one over something else', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const { id, authorization } = await aCase();
    const ask = async () =>
      (await door().requestGrant({ secret: officer.secret, grant: asked(id) })).id;
    const [grant, another] = [await ask(), await ask()];
    const begin = (who: Person, of = grant) =>
      door().beginAgreement({ secret: who.secret, asked: { act: 'grant', grant: of } });
    const approve = (who: Person, proof: unknown, of = grant) =>
      why(door().approveGrant({ secret: who.secret, grant: of, proof: proof as AgreementProof }));
    const word = (who: Person, of = grant, changes: PasskeyChanges = {}) =>
      wordAtDoor(door(), who, { act: 'grant', grant: of }, changes);

    // The desk's process, with every session it has.
    const { agreement } = await begin(one);
    for (const proof of [
      ...[undefined, null, {}, { agreement }, { agreement, query: 'code=x' }],
      { agreement, answer: two.authenticator.assert(base64url(it.deps.random.bytes(32))) },
    ])
      expect(await approve(one, proof)).toMatch(/^agreement-(?:over|unproven)$/);
    expect(await approve(one, await word(two))).toBe('agreement-over');
    const theirs = await begin(one);
    const byTwo = two.authenticator.assert(String(theirs.options!['challenge']));
    expect(await approve(one, { agreement: theirs.agreement, answer: byTwo })).toBe(
      'agreement-unproven',
    );
    expect(await approve(one, await word(one, another))).toBe('agreement-over');
    expect(await approve(one, await word(one, grant, { flags: 0x01 }))).toBe('agreement-unproven');
    const late = await word(one);
    it.clock.move(301);
    expect(await approve(one, late)).toBe('agreement-over');
    // Asked for in one session and handed in in another.
    const before = await word(one);
    one.secret = (await signIn(one)).secret;
    expect(await approve(one, before)).toBe('agreement-over');
    expect(await code(begin(officer))).toBe('own-request');
    const open = () =>
      why(
        door().openForCase({
          ...{ secret: officer.secret, grant, authorization, right: 'view' },
        }),
      );
    expect(await open()).toBe('grant-unapproved');
    const good = await word(one);
    expect(await approve(one, good)).toBe('done');
    expect(await approve(one, good, another)).toBe('agreement-over');
    expect(await approve(two, await word(two))).toBe('done');
    expect(await open()).toBe('done');
    // What is complete is not asked for once more.
    const third = await person(['approver']);
    expect(await why(begin(third))).toBe('not-allowed');
    expect(await doctor(grant, another)).toEqual([]);
    // An answer that the database's owner changes afterwards opens nothing, and the doctor says whose it is.
    await it.owner.query(`ALTER TABLE staff_agreements DISABLE TRIGGER USER`);
    await it.owner.query(
      `UPDATE staff_agreements SET proof = (SELECT proof FROM staff_agreements WHERE subject = $1 AND staff_id = $3
           AND answered_at IS NOT NULL)
       WHERE subject = $1 AND staff_id = $2 AND answered_at IS NOT NULL`,
      [grant, one.id, two.id],
    );
    expect(await open()).toBe('grant-altered');
    expect(await doctor(grant)).toEqual([`desk-unproven ${grant}/${one.id}`]);
    await it.owner.query(`ALTER TABLE staff_agreements ENABLE TRIGGER USER`);
  });

  test('an answer that is none, or a word from the future, is not taken, and read stops nothing', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const { id, authorization } = await aCase();
    const { id: grant } = await door().requestGrant({ secret: officer.secret, grant: asked(id) });
    for (const who of [one, two]) await agreeAtDoor(door(), who, grant);
    const theirs = `subject = '${grant}' AND staff_id = '${one.id}' AND answered_at IS NOT NULL`;
    const client = await it.owner.connect();
    const put = (sql: string) =>
      client.query(sql).then(
        () => 'done',
        (error: { code?: string }) => error.code,
      );
    try {
      await client.query('SET session_replication_role = replica');
      const later = `extract(epoch FROM clock_timestamp()) + 400 * 86400`;
      for (const sql of [
        `UPDATE staff_agreements SET proof = '[]' WHERE ${theirs}`,
        `UPDATE staff_agreements SET means = 'oidc', auth_time = ${later} WHERE ${theirs}`,
        `UPDATE staff_sessions SET means = 'oidc', auth_time = ${later} WHERE staff_id = '${one.id}'`,
      ])
        expect([sql, await put(sql)]).toEqual([sql, '23514']);
      expect(await put(`UPDATE staff_agreements SET proof = 'x' WHERE ${theirs}`)).toBe('22P02');
      await client.query(
        'ALTER TABLE staff_agreements DROP CONSTRAINT staff_agreements_proof_check',
      );
      const open = () =>
        why(
          door().openForCase({
            ...{ secret: officer.secret, grant, authorization, right: 'view' },
          }),
        );
      expect(await open()).toBe('done');
      const { rows } = await client.query(`SELECT id, proof FROM staff_agreements WHERE ${theirs}`);
      for (const proof of ['x', 'null', '{"credentialId":7}', '{"credentialId":"!"}']) {
        await client.query('UPDATE staff_agreements SET proof = $2 WHERE id = $1', [
          rows[0].id,
          proof,
        ]);
        expect(await open()).toBe('grant-altered');
        expect(await doctor(rows[0].id, grant)).toEqual([
          ...[`desk-forged ${rows[0].id}`, `desk-unproven ${grant}/${one.id}`],
        ]);
      }
      await client.query('UPDATE staff_agreements SET proof = $2 WHERE id = $1', [
        ...[rows[0].id, rows[0].proof],
      ]);
      expect(await open()).toBe('done');
      expect(await doctor(rows[0].id, grant)).toEqual([]);
      // One that looks like an answer, of nobody who could write one.
      const forged = `agr_forged${grant}`;
      await client.query(
        `INSERT INTO staff_agreements SELECT $2, act, subject, digest, staff_id, session_id, sha256(nonce), means,
           made_at, ends_at, answered_at, proof, mac, auth_time FROM staff_agreements WHERE id = $1`,
        [rows[0].id, forged],
      );
      expect(await doctor(forged)).toEqual([`desk-forged ${forged}`]);
      await client.query('DELETE FROM staff_agreements WHERE id = $1', [forged]);
    } finally {
      await client.query(
        `ALTER TABLE staff_agreements ADD CONSTRAINT staff_agreements_proof_check
         CHECK (jsonb_typeof(proof::jsonb) = 'object')`,
      );
      await client.query('SET session_replication_role = DEFAULT');
      client.release();
    }
  });

  test('a court’s seal that was lifted and put back by the database’s owner hides nothing, and the doctor says so', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const { id, authorization } = await aCase();
    const { id: grant } = await door().requestGrant({ secret: officer.secret, grant: asked(id) });
    for (const who of [one, two]) await agreeAtDoor(door(), who, grant);
    await door().openForCase({ secret: officer.secret, grant, authorization, right: 'view' });
    const end = new Date(now().getTime() + 30 * DAY * 1000).toISOString().slice(0, 19) + 'Z';
    const { id: seal } = await door().askSeal({
      ...{ secret: officer.secret, caseId: id, legalBasis: '(2026)京01刑初2号', until: end },
    });
    const proof = await wordAtDoor(door(), one, { act: 'seal', seal });
    await door().approveSeal({ secret: one.secret, seal, proof });
    const seen = async () =>
      (await door().accesses({ authorizationId: authorization }, 'web')).entries.filter(
        ({ purpose }) => purpose === 'case',
      ).length;
    expect(await seen()).toBe(0);
    const client = await it.owner.connect();
    try {
      // Not lifted without its entry, whoever says so.
      const lifting = client
        .query(
          `BEGIN; SET LOCAL ROLE mandate_vault;
           UPDATE access_seals SET lifted_at = now(), lifted_by = asked_by WHERE id = '${seal}'; COMMIT`,
        )
        .then(
          () => 'done',
          (error: { code?: string }) => error.code,
        );
      expect(await lifting).toBe('MA002');
      await client.query('ROLLBACK');
      expect(await seen()).toBe(0);
      const lifted = await door().liftSeal({ secret: two.secret, seal });
      expect(lifted.liftedAt).toBeDefined();
      expect(await seen()).toBe(1);
      expect(await doctor(seal)).toEqual([]);
      await client.query('SET session_replication_role = replica');
      await client.query(
        'UPDATE access_seals SET lifted_at = NULL, lifted_by = NULL WHERE id = $1',
        [seal],
      );
      expect(await seen()).toBe(1);
      expect(await doctor(seal)).toEqual([`desk-undone ${seal}`]);
      // Nor by another name for its row once the tree has it.
      await it.authority.ledger.integrate({});
      await client.query('UPDATE ledger_queue SET dedupe = $2 WHERE dedupe = $1', [
        ...[`desk:lifted:${seal}`, `desk:lifted:x${seal}`],
      ]);
      expect(await seen()).toBe(1);
      await client.query('UPDATE ledger_queue SET dedupe = $1 WHERE dedupe = $2', [
        ...[`desk:lifted:${seal}`, `desk:lifted:x${seal}`],
      ]);
    } finally {
      await client.query('SET session_replication_role = DEFAULT');
      client.release();
    }
  });

  test('where people come in through their organisation, they agree by signing in there once more', async () => {
    const redirectUri = `${ORIGIN}/desk/sign-in/callback`;
    const client = { id: 'desk', secret: 'a secret of the test that is long enough', redirectUri };
    const peer = await oidcPeer(client);
    const db = openDatabase(it.url, 'vault', 2);
    try {
      const wrappingKey = await openKeyFolder(join(it.folder, 'keys', 'vault')).secret('wrapping');
      const deps = {
        ...{ clock: it.clock, random: it.deps.random, record: doorRows(db), wrappingKey },
        ...{ macs: rowMacs(wrappingKey), passkeys: passkeyCheck(ORIGIN) },
        provider: openIdProvider({
          ...{ issuer: peer.issuer, clientId: client.id, clientSecret: client.secret },
          ...{ redirectUri, insecure: true, clock: it.clock },
        }),
      };
      it.clock.hold(now());
      const ways = { ...staffSignIns(deps), ...staffGrants(deps), ...askedAgreements(deps) };
      const linked = async (subject: string) => {
        const id = await people.account(['approver']);
        await people.accounts.linkLogin({
          ...{ issuer: peer.issuer, subject, staffId: id, ...people.done() },
        });
        const secret = it.deps.random.bytes(32);
        const { address } = await ways.beginSignIn({ secret, means: 'oidc' });
        const { search: query } = await peer.signIn(address!, subject);
        return { id, subject, secret: (await ways.signInByProvider({ secret, query })).secret };
      };
      /** The provider says that it saw somebody so many seconds after they came in. */
      const cameIn = Math.floor(now().getTime() / 1000);
      const seen = (after: number) =>
        peer.lie((claims) => ({ ...claims, auth_time: cameIn + after }));
      seen(0);
      const [li, wu] = [await linked('li'), await linked('wu')];
      seen(1);
      const officer = await person(['officer']);
      const { id, authorization } = await aCase();
      const { id: grant } = await door().requestGrant({
        ...{ secret: officer.secret, grant: asked(id) },
      });
      const word = async ({ secret }: typeof li, login: string) => {
        const begun = await ways.beginAgreement({ secret, asked: { act: 'grant', grant } });
        const back = await peer.signIn(begun.address!, login);
        expect(back.searchParams.get('state')).toBe(begun.state);
        return { agreement: begun.agreement, query: back.search };
      };
      const approve = (who: typeof li, proof: AgreementProof) =>
        why(ways.approveGrant({ secret: who.secret, grant, proof }));
      // Somebody else signs in there; one code for another question; a sign-in from before.
      expect(await approve(li, await word(li, 'wu'))).toBe('agreement-unproven');
      const [first, second] = [await word(li, 'li'), await word(li, 'li')];
      expect(await approve(li, { ...first, query: second.query })).toBe('agreement-unproven');
      seen(-120);
      expect(await approve(li, await word(li, 'li'))).toBe('agreement-unproven');
      // What it said when they came in is no word of theirs, and each later one is a single one.
      seen(0);
      expect(await approve(li, await word(li, 'li'))).toBe('agreement-unproven');
      const { id: other } = await door().requestGrant({
        ...{ secret: officer.secret, grant: asked(id) },
      });
      seen(3);
      expect(await approve(li, await word(li, 'li'))).toBe('done');
      const silent = await ways.beginAgreement({
        ...{ secret: li.secret, asked: { act: 'grant', grant: other } },
      });
      const { search: query } = await peer.signIn(silent.address!, 'li');
      const again = { agreement: silent.agreement, query };
      const used = ways.approveGrant({ secret: li.secret, grant: other, proof: again });
      expect(await why(used)).toBe('agreement-unproven');
      expect(await approve(wu, await word(wu, 'wu'))).toBe('done');
      peer.lie(null);
      const opened = door().openForCase({
        ...{ secret: await fresh(officer), grant, authorization, right: 'view' },
      });
      expect(await why(opened)).toBe('done');
      const { rows } = await it.owner.query(
        'SELECT id FROM staff_agreements WHERE subject = $1 AND staff_id = $2 AND answered_at IS NOT NULL',
        [grant, li.id],
      );
      const kept = String(rows[0].id);
      expect(await doctor(grant, kept)).toEqual([]);
      // Somebody else's sign-in there, whatever role vault's codes say.
      await asOwner([
        `UPDATE staff_agreements SET proof = replace(proof, '"subject":"li"', '"subject":"wu"') WHERE id = $1`,
        kept,
      ]);
      expect(await doctor(kept)).toEqual([`desk-forged ${kept}`, `desk-unentitled ${kept}`]);
    } finally {
      it.clock.hold(null);
      await db.destroy();
      await peer.stop();
    }
  });
});

describe('cases', () => {
  test('who opened a case neither takes it up nor turns it away; each step says what it must', async () => {
    const { id } = await aCase('applied');
    expect(await code(act(clerk, id, step('accepted')))).toBe('own-request');
    expect(await code(act(clerk, id, step('rejected')))).toBe('own-request');
    const silent: CaseAct = { type: 'stepped', to: 'accepted', texts: {} };
    expect(await code(act(taker, id, silent))).toBe('invalid-request');
    const approver = await person(['approver']);
    await act(approver, id, step('accepted'));
    expect(await code(act(approver, id, step('extracted')))).toBe('forbidden');
    expect(await code(act(taker, id, step('certified')))).toBe('illegal-transition');
    for (const to of ['extracted', 'verified', 'certified', 'closed'] as const)
      await act(clerk, id, step(to));
    const { trail } = await door().readCase({ secret: await fresh(taker), caseId: id });
    expect(trail.map((event) => [event.type, event.step, event.by.slice(0, 9)])).toEqual([
      ['opened', 'applied', 'staff:stf'],
      ...['accepted', 'extracted', 'verified', 'certified', 'closed'].map((to) => [
        ...['stepped', to, 'staff:stf'],
      ]),
    ]);
    expect(trail[0]!.texts).toEqual({ applicant: '王䶮，13800138000' });
    const operator = await person(['operator']);
    expect(await code(door().readCase({ secret: operator.secret, caseId: id }))).toBe('forbidden');
    const { rows } = await it.owner.query(
      `SELECT string_agg(e.body || encode(coalesce(b.box, ''), 'escape'), '') AS all
       FROM case_events e LEFT JOIN case_boxes b USING (case_id, version)`,
    );
    expect(rows[0].all).not.toContain('13800138000');
  });

  test('about many of one institution, and of no other; the list is fixed', async () => {
    const several = [await it.request(), await it.request(), await it.request()];
    const secret = await fresh(clerk);
    const made = (authorizations: string[]) =>
      door().openCase({ secret, case: opening({ authorizations }) });
    const { id } = await made([...several, several[0]!]);
    expect(await caseRows(desk).caseAuthorizations(id)).toEqual([...several].sort());
    expect(await code(made([]))).toBe('invalid-request');
    expect(await code(made([several[0]!, newId('authorization', it.clock, it.deps.random)]))).toBe(
      'not-found',
    );
    const outsider = await person(['officer'], { institutionId: await anotherInstitution() });
    const theirs = door().openCase({
      ...{ secret: outsider.secret, case: opening({ authorizations: several }) },
    });
    expect(await code(theirs)).toBe('not-found');
    const standings = await caseRows(desk).standings(several);
    expect(
      standings.map(({ withdrawn, hold, restricted }) => [withdrawn, hold, restricted]),
    ).toEqual(several.map(() => [null, null, null]));
  });

  test('by an institution’s system: the same request is the same case, and some kinds are for staff alone', async () => {
    const authorization = await it.request();
    const ask = (requestKey: string, change: Partial<NewCase> = {}) =>
      door().openInstitutionCase({
        ...{ institutionId: it.institution.id, requestKey },
        case: opening({ authorizations: [authorization], ...change }),
      });
    const first = await ask('k1');
    expect(await ask('k1')).toEqual(first);
    expect((await ask('k2')).id).not.toBe(first.id);
    for (const kind of ['regulator-complaint', 'court-request'] as const)
      expect(await code(ask('k3', { kind }))).toBe('illegal-transition');
    const institutionId = await anotherInstitution();
    const stolen = door().openInstitutionCase({
      ...{ institutionId, requestKey: 'k1', case: opening({ authorizations: [authorization] }) },
    });
    expect(await code(stolen)).toBe('not-found');
  });

  test('terms run from the day of receipt, which stands in the case’s first event and is nobody’s to change', async () => {
    const secret = await fresh(clerk);
    const authorization = await it.request();
    const made = async (change: Partial<NewCase>) => {
      const { id } = await door().openCase({
        ...{ secret, case: opening({ authorizations: [authorization], ...change }) },
      });
      return (await caseRows(desk).case(id))!;
    };
    const start = now().getTime();
    const ago = (days: number) => new Date(start - days * DAY * 1000).toISOString();
    const ahead = (days: number) => ago(-days);
    for (const [receivedAt, change] of [
      ['yesterday', {}],
      [ahead(1), {}],
      [ago(368), {}],
      // the rule's own term, whatever a court says
      [ago(1), { dueAt: ahead(3) }],
      [ago(1), { kind: 'court-request', dueAt: ago(2) }],
      [ago(1), { kind: 'court-request', dueAt: ahead(368) }],
    ] as const)
      expect([receivedAt, change, await code(made({ receivedAt, ...change }))]).toEqual([
        ...[receivedAt, change, 'invalid-request'],
      ]);
    expect(await code(made({ kind: 'consumer-complaint-complex' }))).toBe('illegal-transition');

    const row = await made({ receivedAt: ago(20) });
    expect(row.receivedAt.toISOString()).toBe(ago(20));
    // overdue on the day it is opened
    expect(row.dueAt.toISOString()).toBe(ago(5));
    const { rows } = await it.owner.query(
      'SELECT body FROM case_events WHERE case_id = $1 AND version = 1',
      [row.id],
    );
    const body = JSON.parse(rows[0].body);
    expect([body.received, body.due]).toEqual([ago(20), ago(5)]);
    const dated = await made({ kind: 'court-request', receivedAt: ago(1), dueAt: ahead(3) });
    expect(dated.dueAt.toISOString()).toBe(ahead(3));
    const own = await made({ kind: 'court-request' });
    expect(own.receivedAt).toEqual(own.openedAt);
    expect(own.dueAt.getTime() - own.openedAt.getTime()).toBe(15 * DAY * 1000);
    // neither by role vault's login, nor in an event that says something else than its case
    const vault = (statement: string) =>
      it.owner.query(`BEGIN; SET LOCAL ROLE mandate_vault; ${statement}; ROLLBACK`);
    const later = `received_at + interval '1 day'`;
    await expect(
      vault(`UPDATE cases SET received_at = ${later} WHERE id = '${row.id}'`),
    ).rejects.toThrow(/permission denied/);
    await it.owner.query('ROLLBACK');
    await expect(
      it.owner.query(
        `UPDATE cases SET received_at = ${later}, version = version + 1 WHERE id = '${row.id}'`,
      ),
    ).rejects.toThrow(/not a step/);
    await it.owner.query('ALTER TABLE cases DISABLE TRIGGER USER');
    try {
      await it.owner.query(`UPDATE cases SET received_at = ${later} WHERE id = $1`, [row.id]);
      expect(await doctor(row.id)).toEqual([`case-broken ${row.id}`]);
    } finally {
      await it.owner.query('UPDATE cases SET received_at = $2 WHERE id = $1', [row.id, ago(20)]);
      await it.owner.query('ALTER TABLE cases ENABLE TRIGGER USER');
    }
  });

  test('what a regulator or a court asks is not turned away; more time is given as often as the kind’s rule has it', async () => {
    const secret = await fresh(clerk);
    const authorizations = [await it.request()];
    const made = async (kind: CaseKind) =>
      (await door().openCase({ secret, case: opening({ kind, authorizations }) })).id;
    const complaint = await made('regulator-complaint');
    expect(await code(act(taker, complaint, step('rejected')))).toBe('illegal-transition');
    await act(taker, complaint, step('accepted'));
    const extended: CaseAct = { type: 'extended', texts: TEXTS };
    expect(await code(act(taker, complaint, extended))).toBe('illegal-transition');
    const simple = await made('consumer-complaint');
    const read = async () => (await caseRows(desk).case(simple))!;
    const before = await read();
    expect((before.dueAt.getTime() - before.openedAt.getTime()) / 3_600_000).toBe(15 * 24);
    expect(await code(act(taker, simple, { type: 'extended', texts: {} }))).toBe('invalid-request');
    await act(taker, simple, extended);
    expect(((await read()).dueAt.getTime() - before.dueAt.getTime()) / 3_600_000).toBe(15 * 24);
    // especially complex: 60 days in all
    await act(taker, simple, extended);
    expect(((await read()).dueAt.getTime() - before.dueAt.getTime()) / 3_600_000).toBe(45 * 24);
    expect(await code(act(taker, simple, extended))).toBe('illegal-transition');
    expect((await read()).extensions).toBe(2);
    const once = await made('internal-review');
    await act(taker, once, step('accepted'));
    await act(taker, once, extended);
    expect(await code(act(taker, once, extended))).toBe('illegal-transition');
    expect(await code(act(taker, simple, { type: 'noted', texts: TEXTS }, 1))).toBe(
      'version-conflict',
    );
  });

  test('a court’s word hides openings from their subject, for a time: two people', async () => {
    const [officer, one, two] = [
      await person(['officer']),
      await person(['approver']),
      await person(['approver']),
    ];
    const { id, authorization } = await aCase();
    const grant = await door().requestGrant({ secret: officer.secret, grant: asked(id) });
    for (const who of [one, two]) await agreeAtDoor(door(), who, grant.id);
    await door().openForCase({
      ...{ secret: officer.secret, grant: grant.id, authorization, right: 'view' },
    });
    const seen = async (caller: 'web' | 'authority') =>
      (await door().accesses({ authorizationId: authorization }, caller)).entries.filter(
        ({ purpose }) => purpose === 'case',
      );
    expect((await seen('web')).map(({ actor }) => actor)).toEqual(['desk/case']);
    const until = new Date(now().getTime() + 30 * DAY * 1000).toISOString().slice(0, 19) + 'Z';
    const ask = (who: Person, end = until) =>
      door().askSeal({
        secret: who.secret,
        caseId: id,
        legalBasis: '(2026)京01刑初1号',
        until: end,
      });
    expect(await why(ask(one))).toBe('not-allowed');
    expect(await code(ask(officer, '2099-01-01T00:00:00Z'))).not.toBe('done');
    const { id: seal } = await ask(officer);
    expect(await seen('web')).toHaveLength(1);
    const agree = async (who: Person) => {
      const proof = await wordAtDoor(door(), who, { act: 'seal', seal });
      return door().approveSeal({ secret: who.secret, seal, proof });
    };
    expect(await code(agree(officer))).toBe('own-request');
    // The institution's own people may ask for it, and hide nothing by themselves.
    const theirs = await person(['approver'], { institutionId: it.institution.id });
    expect(await why(agree(theirs))).toBe('operator-only');
    expect((await agree(one)).approvedBy).toBe(one.id);
    expect(await seen('web')).toEqual([]);
    expect(await seen('authority')).toEqual([]);
    await door().liftSeal({ secret: two.secret, seal });
    expect(await seen('web')).toHaveLength(1);

    // What lies there for more than a week, or was asked for by somebody who has left, is agreed to no more.
    const late = await ask(officer);
    const word = async (which: string) => {
      for (const who of [one, officer]) await fresh(who);
      return why(wordAtDoor(door(), one, { act: 'seal', seal: which }));
    };
    it.clock.move(7 * DAY + 60);
    expect(await word(late.id)).toBe('asked-too-long-ago');
    const { id: left } = await ask(officer);
    await people.accounts.closeStaff({
      ...{ staffId: officer.id, by: 'head', undertaking: 'HR-5', at: now() },
    });
    await fresh(one);
    expect(await why(wordAtDoor(door(), one, { act: 'seal', seal: left }))).toBe('account-closed');
    const heir = await person(['officer']);
    // A court's order may come after the case is over.
    await act(taker, id, step('closed'));
    const { id: last } = await ask(heir);
    const proof = await wordAtDoor(door(), one, { act: 'seal', seal: last });
    await door().approveSeal({ secret: one.secret, seal: last, proof });
    expect(await seen('web')).toEqual([]);
  });

  test('the database takes nobody of an institution, and no leaver’s request, as a dispute’s or seal’s second person', async () => {
    const officer = await person(['officer']);
    const { id } = await aCase();
    const { id: seal } = await door().askSeal({
      ...{ secret: officer.secret, caseId: id, legalBasis: 'court order 8' },
      until: new Date(now().getTime() + 30 * DAY * 1000).toISOString().slice(0, 19) + 'Z',
    });
    const theirs = await person(['approver'], { institutionId: it.institution.id });
    const ours = await person(['approver']);
    const agreed = async (who: Person, at = now()) => {
      const client = await it.owner.connect();
      try {
        await client.query('BEGIN');
        // The rule alone: what somebody's authenticator said is another one's to look at.
        await client.query('ALTER TABLE access_seals DISABLE TRIGGER seal_agreed');
        await client.query('SET LOCAL ROLE mandate_vault');
        await client.query(
          `UPDATE access_seals SET approved_by = $2, approved_at = $3, mac = decode(repeat('00', 32), 'hex'),
             approved_session = (SELECT id FROM staff_sessions WHERE staff_id = $2 AND ended_at IS NULL) WHERE id = $1`,
          [seal, who.id, at],
        );
        return 'done';
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    };
    expect(await agreed(theirs)).toBe('MA001');
    expect(await agreed(ours)).toBe('done');
    await people.accounts.closeStaff({
      ...{ staffId: officer.id, by: 'head', undertaking: 'HR-6', at: now() },
    });
    expect(await agreed(ours)).toBe('MA001');
  });
});

test('an open case keeps its evidence; five years after it is over its texts are destroyed', async () => {
  const { id, authorization } = await aCase('applied');
  it.clock.move(8 * DAY);
  await it.sweep();
  expect(await it.state(authorization)).toBe('lapsed');
  const later = (days: number) => new Date(now().getTime() + days * DAY * 1000);
  const refusal = async (at = later(20 * 366)) =>
    (await it.owner.query(`SELECT erasure_refusal($1, $2) AS why`, [authorization, at])).rows[0]
      .why;
  // Due in 15 days, 15 and 30 more to be had, and 30: 8 of them are over. Later it keeps nothing by itself, nor by what the
  // institution's own people do in it, but as long as somebody of the operator works on it.
  expect(await refusal(later(81))).toBe('case-open');
  expect(await refusal(later(83))).not.toBe('case-open');
  it.clock.move(81 * DAY);
  const theirs = await person(['officer'], { institutionId: it.institution.id });
  const note: CaseAct = { type: 'noted', texts: TEXTS };
  await act(theirs, id, note);
  expect(await refusal(later(2))).not.toBe('case-open');
  await act(clerk, id, note);
  expect(await refusal(later(29))).toBe('case-open');
  expect(await refusal()).toBeNull();
  await act(taker, id, step('rejected'));
  expect(await refusal()).toBeNull();
  const { keptUntil } = await door().readCase({ secret: await fresh(taker), caseId: id });
  expect(new Date(keptUntil!).getUTCFullYear() - now().getUTCFullYear()).toBe(5);
  const kept = async () =>
    (
      await it.owner.query(`SELECT wrapped IS NOT NULL AS kept FROM case_keys WHERE case_id = $1`, [
        id,
      ])
    ).rows[0].kept;
  expect(await door().sweepCases({})).toEqual({ destroyed: 0 });
  it.clock.move(5 * 366 * DAY);
  await door().sweepCases({});
  expect(await kept()).toBe(false);
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

test('in a database that was set back nobody comes in, agrees or opens', async () => {
  const who = await person(['approver']);
  const client = await it.owner.connect();
  const newest = 'ledger_checkpoints WHERE size = (SELECT max(size) FROM ledger_checkpoints)';
  const { rows } = await client.query(`SELECT to_jsonb(c) AS row FROM (SELECT * FROM ${newest}) c`);
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(`DELETE FROM ${newest}`);
    expect(await code(signIn(who))).toBe('ledger-behind');
    expect(await code(door().session({ secret: who.secret }))).toBe('ledger-behind');
    const asking = { secret: who.secret, asked: { act: 'grant', grant: 'grt_1' } } as const;
    expect(await code(door().beginAgreement(asking))).toBe('ledger-behind');
  } finally {
    await client.query(
      'INSERT INTO ledger_checkpoints SELECT * FROM jsonb_populate_record(NULL::ledger_checkpoints, $1)',
      [rows[0].row],
    );
    await client.query('SET session_replication_role = DEFAULT');
    client.release();
  }
  expect(await code(signIn(who))).toBe('done');
});
