import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { canonicalize, sha256, sha256Hex, systemRandom, type StaffRole } from '@mandate/core';
import { join } from 'node:path';
import { openIdProvider, openKeyFolder } from '@mandate/adapters';
import { openSession, recoveryDigest, rowMacs, staffChange, staffSignIns } from '@mandate/ceremony';
import { doorRows, inspectStaff, openDatabase } from '@mandate/store';
import { oidcPeer } from '../../contract/oidc-peer.js';
import { deskPeople, type DeskPeople } from '../../kit/desk-people.js';
import { doorPerson, enrolAtDoor, signInAtDoor, type DoorPerson } from '../../kit/door-person.js';
import { softwareAuthenticator } from '../../kit/software-authenticator.js';
import { startCeremony } from './started-ceremony.js';

const ORIGIN = 'http://localhost:2';
const MINUTE = 60;
const DAY = 24 * 3600;

let it: Awaited<ReturnType<typeof startCeremony>>;
let people: DeskPeople;
beforeAll(async () => {
  it = await startCeremony();
  people = await deskPeople({ databaseUrl: it.url, folder: it.folder, clock: it.clock });
}, 60_000);
afterAll(async () => {
  await people?.close();
  await it?.stop();
});

const door = () => it.authority.vault;
const now = () => it.clock.now();
const person = (roles: readonly StaffRole[], choices: object = {}): Promise<DoorPerson> =>
  doorPerson({ door: door(), people, origin: ORIGIN }, roles, choices);
const signIn = (who: Pick<DoorPerson, 'authenticator'>, changes = {}) =>
  signInAtDoor(door(), who, changes);
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
const live = (secret: Uint8Array) => code(door().session({ secret }));
const give = (staffId: string, role: StaffRole) =>
  code(people.accounts.giveRole({ staffId, role, ...people.done() }));

/** Direct SQL as a role of the database, undone; its SQLSTATE, or `done`. */
async function directly(role: string | null, sql: string, values: unknown[] = []) {
  const client = await it.owner.connect();
  try {
    await client.query('BEGIN');
    if (role) await client.query(`SET LOCAL ROLE ${role}`);
    await client.query(sql, values);
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    return 'done';
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}
const WAYS = /^UPDATE (staff_(?:passkeys|logins|invitations|recovery_codes|sign_ins|sessions)) /;
/** As whoever owns the database, past the rules about ways in. */
async function forge(sql: string, values: unknown[] = []) {
  const table = WAYS.exec(sql)?.[1];
  if (table) await it.owner.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  const done = await it.owner.query(sql, values);
  if (table) await it.owner.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  return done;
}

describe('accounts and roles', () => {
  test('no pair of roles that must not meet, by whatever login of the database', async () => {
    const { rows: pairs } = await it.owner.query<{ role: StaffRole; other: StaffRole }>(
      'SELECT role, other FROM staff_roles_apart ORDER BY 1, 2',
    );
    expect(pairs).toEqual(
      expect.arrayContaining([
        { role: 'template-author', other: 'template-approver' },
        { role: 'officer', other: 'approver' },
        { role: 'operator', other: 'auditor' },
      ]),
    );
    const { rows: logins } = await it.owner.query<{ rolname: string }>(
      `SELECT rolname FROM pg_roles WHERE rolname LIKE 'mandate\\_%' AND NOT rolcanlogin`,
    );
    expect(logins.length).toBeGreaterThan(7);
    const insert = `INSERT INTO staff_roles (staff_id, role, given_at, given_by, approved_by, change, mac)
      SELECT $1, $2, now(), 'head', 'second', change, mac FROM staff WHERE id = $1`;
    const holders = new Map<StaffRole, string>();
    for (const { role } of pairs)
      if (!holders.has(role)) holders.set(role, await people.account([role]));
    const wrong: string[] = [];
    for (const { role, other } of pairs) {
      const values = [holders.get(role), other];
      for (const login of logins) {
        const said = await directly(login.rolname, insert, values);
        if (said !== '42501') wrong.push(`${login.rolname}: ${role}, ${other}: ${said}`);
      }
      const said = await directly(null, insert, values);
      if (said !== 'MA001') wrong.push(`owner: ${role}, ${other}: ${said}`);
      if ((await give(holders.get(role)!, other)) !== 'illegal-transition')
        wrong.push(`command: ${role}, ${other}`);
    }
    expect(wrong).toEqual([]);
    // The insert itself is a good one: it is the pair that is refused.
    const nobody = await people.account([]);
    expect(await directly(null, insert, [nobody, 'officer'])).toBe('done');
  });

  test('outsourced staff and institutions’ staff hold what their kind may; nobody gives themselves anything', async () => {
    const outsourced = await people.account(['officer'], { outsourced: true });
    for (const role of ['approver', 'auditor', 'template-approver', 'custodian'] as const)
      expect([role, await give(outsourced, role)]).toEqual([role, 'illegal-transition']);
    expect(await give(outsourced, 'template-author')).toBe('done');
    const bank = await people.account(['officer'], { institutionId: it.institution.id });
    for (const role of ['custodian', 'operator'] as const)
      expect([role, await give(bank, role)]).toEqual([role, 'illegal-transition']);
    const place = { institutionId: null, team: 'x', outsourced: true, contractUntil: null };
    const account = { id: 'stf_x', name: 'x', undertaking: 'HR-9', ...people.done() };
    // Without the end of a contract, and with one years away.
    expect(await code(people.accounts.openStaff({ ...account, ...place }))).toBe(
      'illegal-transition',
    );
    const contractUntil = new Date(now().getTime() + 800 * DAY * 1000);
    expect(await code(people.accounts.openStaff({ ...account, ...place, contractUntil }))).toBe(
      'illegal-transition',
    );
    const at = now();
    for (const done of [
      { by: 'head', approver: ' HEAD', at },
      { by: 'head', approver: '', at },
      { by: bank, approver: 'head', at },
      { by: 'head', approver: bank, at },
    ])
      expect(
        await code(people.accounts.giveRole({ staffId: bank, role: 'template-author', ...done })),
      ).toBe('illegal-transition');
  });

  test('whoever is named is somebody else, and where it is an id somebody who is there', async () => {
    const wang = await people.account([], { name: 'Wang  Fang' });
    const li = await people.account([], { name: 'Li Na' });
    const give = (by: string, approver: string) =>
      code(people.accounts.giveRole({ staffId: wang, role: 'officer', by, approver, at: now() }));
    for (const [by, approver] of [
      ['wang fang', 'head'],
      ['head', ' Ｗang Fang '],
      ['head', wang],
      [li, 'li na'],
      ['stf_none', 'head'],
      ['head', 'stf_none'],
    ] as const)
      expect([by, approver, await give(by, approver)]).toEqual([
        ...[by, approver, 'illegal-transition'],
      ]);
    expect(
      await code(
        people.accounts.openStaff({
          ...{ id: 'stf_y', name: 'Head', undertaking: 'HR-9', institutionId: null, team: 'x' },
          ...{ outsourced: false, contractUntil: null, ...people.done() },
        }),
      ),
    ).toBe('illegal-transition');
    expect(await give(li, 'head')).toBe('done');
    await people.accounts.closeStaff({ staffId: li, by: 'head', undertaking: 'HR-2', at: now() });
    const other = people.accounts.giveRole({
      ...{ staffId: wang, role: 'template-author', by: li, approver: 'head', at: now() },
    });
    expect(await code(other)).toBe('illegal-transition');
  });

  test('what was done stands in a register that continues and never changes', async () => {
    const id = await people.account(['officer']);
    await people.accounts.endRole({ staffId: id, role: 'officer', by: 'head', at: now() });
    const { rows } = await it.owner.query(
      'SELECT act, body::jsonb AS said FROM staff_changes WHERE staff_id = $1 ORDER BY number',
      [id],
    );
    expect(rows.map(({ act, said }) => [act, said.by, said.approver])).toEqual([
      ['opened', 'head', 'second'],
      ['role-given', 'head', 'second'],
      ['role-ended', 'head', null],
    ]);
    for (const sql of [
      `UPDATE staff_changes SET act = 'woken'`,
      `DELETE FROM staff_changes WHERE number = (SELECT max(number) FROM staff_changes)`,
    ])
      expect(await directly(null, sql)).toBe('MA001');
    const again = `INSERT INTO staff_changes SELECT number + 1, staff_id, act, body, digest || 'x', mac
      FROM staff_changes ORDER BY number DESC LIMIT 1`;
    expect(await directly(null, again)).toBe('MA002');
    expect(await directly('mandate_desk', again)).toBe('42501');
    // Role vault enters who set up a passkey that is there, and nothing else.
    const next = (act: string, detail: object) => `
      INSERT INTO staff_changes SELECT number + 1, '${id}', '${act}', body,
        encode(sha256(convert_to('mandate/staff-change/v1' || chr(10) || body, 'UTF8')), 'hex'), mac
      FROM (SELECT number, mac, jsonb_build_object('number', number + 1, 'previous', digest, 'staff', '${id}',
        'act', '${act}', 'by', '${act === 'enrolled' ? id : 'head'}', 'approver',
        ${act === 'enrolled' ? 'NULL::text' : `'second'`}, 'detail', '${JSON.stringify(detail)}'::jsonb)::text AS body
        FROM staff_changes ORDER BY number DESC LIMIT 1) x`;
    // It goes with its entry for the ledger, and that with it; each for itself is refused.
    const text = canonicalize({
      ...{ format: 'mandate-entry/v1', kind: 'desk', at: '2026-11-22T10:00:00Z' },
      fact: 'a'.repeat(64),
    });
    const entry = (kind: string, about: string, as = text) =>
      `INSERT INTO ledger_queue (dedupe, entry) SELECT 'desk:${kind}:' || ${about}, '${as}'`;
    const nth = '(SELECT max(number) FROM staff_changes)';
    expect(await directly(null, next('woken', {}))).toBe('MA002');
    expect(await directly(null, `${next('woken', {})}; ${entry('change', nth)}`)).toBe('done');
    // One that could not be read would stand in the tree for ever.
    for (const malformed of [
      ` ${text}`,
      text.replace('Z"', '"'),
      text.replace('entry/v1', 'entry/v2'),
      JSON.stringify({ kind: 'desk', ...(JSON.parse(text) as object) }),
      text.replace('}', ',"x":"y"}'),
    ])
      expect(await directly(null, `${next('woken', {})}; ${entry('change', nth, malformed)}`)).toBe(
        'MA002',
      );
    expect(await directly(null, entry('change', `${nth} + 1`))).toBe('MA002');
    for (const kind of ['revoked', 'ended', 'sample', 'other'])
      expect(await directly('mandate_vault', entry(kind, `'x'`))).toBe('MA002');
    for (const role of ['mandate_desk', 'mandate_web', 'mandate_ledger'])
      expect(await directly(role, entry('revoked', `'x'`))).toBe('MA001');
    expect(await directly('mandate_vault', next('woken', {}))).toBe('MA001');
    expect(await directly('mandate_vault', next('enrolled', { passkey: 'x' }))).toBe('MA001');
  });

  test('a contract that goes on ends nothing and can be reviewed', async () => {
    const id = await people.account(['officer'], { outsourced: true });
    it.clock.move(DAY);
    await people.accounts.moveStaff({
      ...{ staffId: id, institutionId: null, team: 'disputes', outsourced: true },
      ...{ contractUntil: new Date(now().getTime() + 350 * DAY * 1000), ...people.done() },
    });
    it.clock.move(DAY);
    const roles: StaffRole[] = ['officer'];
    const looked = { staffId: id, institutionId: null, team: 'disputes', by: 'head', at: now() };
    expect(await code(people.accounts.reviewStaff({ ...looked, roles: [] }))).toBe(
      'illegal-transition',
    );
    expect(await code(people.accounts.reviewStaff({ ...looked, roles }))).toBe('done');
  });

  test('a move ends roles and sessions; a review is of what there is', async () => {
    const one = await person(['officer', 'template-author']);
    const place = { institutionId: null, outsourced: false, contractUntil: null };
    const looked = { staffId: one.id, institutionId: null, by: 'head' };
    const review = (team: string, roles: readonly StaffRole[], more = {}) =>
      code(people.accounts.reviewStaff({ ...looked, team, roles, at: now(), ...more }));
    expect(await review('disputes', ['officer'])).toBe('illegal-transition');
    expect(await review('complaints', ['officer', 'template-author'])).toBe('illegal-transition');
    expect(await review('disputes', ['officer', 'template-author'], { by: one.id })).toBe(
      'illegal-transition',
    );
    const institutionId = it.institution.id;
    expect(await review('disputes', ['officer', 'template-author'], { institutionId })).toBe(
      'illegal-transition',
    );
    expect(await review('disputes', ['template-author', 'officer'])).toBe('done');
    it.clock.move(1);
    await people.accounts.moveStaff({
      ...{ staffId: one.id, ...place, team: 'sales', ...people.done() },
    });
    expect(await live(one.secret)).toBe('session-ended');
    expect((await signIn(one)).session.roles).toEqual([]);
    expect(await review('sales', ['officer'])).toBe('illegal-transition');
    expect(await review('sales', [])).toBe('done');
    expect(await give(one.id, 'officer')).toBe('done');
    expect((await signIn(one)).session.roles).toEqual(['officer']);
    // Not by a stroke of SQL either: a move is entered, with its roles ended.
    const quietly = `UPDATE staff SET team = 'risk' WHERE id = $1`;
    expect(await directly(null, quietly, [one.id])).toBe('MA001');
  });
});

describe('ways in', () => {
  test('an invitation serves once; a try serves once, for its cookie and its challenge', async () => {
    const id = await people.account(['officer']);
    const invitation = await people.invite(id);
    const authenticator = softwareAuthenticator(ORIGIN);
    const begin = async () => {
      const secret = systemRandom.bytes(32);
      const { challenge } = await door().beginSignIn({ secret, means: 'enrolment', invitation });
      return { secret, challenge: Buffer.from(challenge).toString('base64url') };
    };
    const first = await begin();
    const wrong = authenticator.register(Buffer.alloc(32, 1).toString('base64url'));
    const enrol = (secret: Uint8Array, answer: typeof wrong) =>
      code(door().enrol({ secret, invitation, answer }));
    expect(await enrol(first.secret, wrong)).toBe('passkey-invalid');
    expect(await enrol(first.secret, authenticator.register(first.challenge))).toBe(
      'unauthenticated',
    );
    const second = await begin();
    expect(await enrol(systemRandom.bytes(32), wrong)).toBe('unauthenticated');
    expect(await enrol(second.secret, authenticator.register(second.challenge))).toBe('done');
    expect(
      await code(door().beginSignIn({ secret: second.secret, means: 'enrolment', invitation })),
    ).toBe('unauthenticated');
    expect((await signIn({ authenticator })).session).toMatchObject({
      ...{ staff: id, roles: ['officer'] },
    });
    const stranger = softwareAuthenticator(ORIGIN);
    expect(await code(signIn({ authenticator: stranger }))).toBe('unauthenticated');
    // Nor does it when the database's owner makes it good again: the register tells what it led to.
    await forge('UPDATE staff_invitations SET used_at = NULL WHERE staff_id = $1', [id]);
    const again = door().beginSignIn({ secret: second.secret, means: 'enrolment', invitation });
    expect(await code(again)).toBe('unauthenticated');
    await forge('UPDATE staff_invitations SET used_at = made_at WHERE staff_id = $1', [id]);
  });

  test('one reading of a credential’s id: what is no base64url of it is nobody’s passkey', async () => {
    const { authenticator } = await person(['officer']);
    for (const id of [`${authenticator.id}=`, `${authenticator.id} `, `+${authenticator.id}`, '']) {
      const secret = systemRandom.bytes(32);
      const { challenge } = await door().beginSignIn({ secret, means: 'passkey' });
      const answer = authenticator.assert(Buffer.from(challenge).toString('base64url'));
      const named = { ...answer, id, rawId: id };
      expect(await code(door().signInByPasskey({ secret, answer: named }))).toBe('unauthenticated');
    }
    expect(await code(signIn({ authenticator }))).toBe('done');
  });

  test('what was used or has ended does not come back, by whatever login', async () => {
    const one = await person(['officer']);
    await door().signInByRecoveryCode({ code: one.recoveryCodes[0]! });
    await door().endSession(one);
    const begun = systemRandom.bytes(32);
    await door().beginSignIn({ secret: begun, means: 'passkey' });
    await code(door().signInByPasskey({ secret: begun, answer: {} as never }));
    const revive: readonly [string, string][] = [
      ['staff_invitations', 'SET used_at = NULL WHERE used_at IS NOT NULL AND staff_id = $1'],
      ['staff_recovery_codes', 'SET used_at = NULL WHERE used_at IS NOT NULL AND staff_id = $1'],
      ['staff_sessions', 'SET ended_at = NULL WHERE ended_at IS NOT NULL AND staff_id = $1'],
      ['staff_sessions', `SET seen_at = seen_at - interval '1 second' WHERE staff_id = $1`],
      ['staff_sessions', `SET seen_at = seen_at + interval '1 second' WHERE staff_id = $1`],
      ['staff_passkeys', 'SET counter = counter - 1 WHERE counter > 0 AND staff_id = $1'],
      ['staff_sign_ins', 'SET used_at = NULL WHERE used_at IS NOT NULL AND length($1) > 0'],
    ];
    for (const login of ['mandate_vault', null])
      for (const [table, change] of revive)
        expect([table, await directly(login, `UPDATE ${table} ${change}`, [one.id])]).toEqual([
          ...[table, 'MA001'],
        ]);
    // And a passkey that was reset.
    await people.accounts.resetStaff({ staffId: one.id, ...people.done() });
    const passkey = 'UPDATE staff_passkeys SET ended_at = NULL WHERE staff_id = $1';
    for (const login of ['mandate_vault', null])
      expect(await directly(login, passkey, [one.id])).toBe('MA001');
    // A second passkey by the same invitation neither.
    const twice = `INSERT INTO staff_passkeys SELECT 'x', staff_id, by_way_of, public_key, 0, made_at, NULL, mac
      FROM staff_passkeys WHERE staff_id = $1`;
    expect(await directly('mandate_vault', twice, [one.id])).toBe('23505');
  });

  test('one way in at a time; another one takes two people and ends what there was', async () => {
    const id = await people.account(['officer']);
    await people.invite(id);
    const link = (subject: string) =>
      code(
        people.accounts.linkLogin({
          ...{ issuer: 'https://id.example', subject, staffId: id, ...people.done() },
        }),
      );
    const reset = () => people.accounts.resetStaff({ staffId: id, ...people.done() });
    expect(await code(people.invite(id))).toBe('illegal-transition');
    expect(await link('li')).toBe('illegal-transition');
    await reset();
    expect(await link('li')).toBe('done');
    expect(await code(people.invite(id))).toBe('illegal-transition');
    await reset();
    const invitation = await people.invite(id);
    const old = await enrolAtDoor(door(), { origin: ORIGIN, invitation });
    await reset();
    expect(await live(old.secret)).toBe('session-ended');
    expect(await code(signIn(old))).toBe('unauthenticated');
    expect(await code(door().signInByRecoveryCode({ code: old.recoveryCodes[0]! }))).toBe(
      'unauthenticated',
    );
    const alone = { id: 'inv_x', staffId: id, secretDigest: sha256(Uint8Array.of(1)) };
    const endsAt = new Date(now().getTime() + 1000);
    expect(
      await code(
        people.accounts.inviteStaff({ ...alone, endsAt, by: 'head', approver: 'Head', at: now() }),
      ),
    ).toBe('illegal-transition');
  });

  test('a recovery code opens nothing but the way to a new passkey, which ends the old ones', async () => {
    const one = await person(['officer']);
    const recover = () => door().signInByRecoveryCode({ code: one.recoveryCodes[3]! });
    const { secret, session } = await recover();
    expect(session).toMatchObject({ means: 'recovery-code', roles: [] });
    expect(await code(recover())).toBe('unauthenticated');
    const grant = {
      ...{ caseId: 'cas_x', legalBasis: 'x', reason: 'x', rights: ['view' as const] },
      ...{ hours: 1, breakGlass: false },
    };
    expect(await why(door().requestGrant({ secret, grant }))).toBe('passkey-needed');
    expect(await code(enrolAtDoor(door(), { origin: ORIGIN, session: one.secret }))).toBe(
      'unauthenticated',
    );
    const made = await enrolAtDoor(door(), { origin: ORIGIN, session: secret });
    expect(made.session).toMatchObject({ staff: one.id, roles: ['officer'], means: 'passkey' });
    for (const over of [secret, one.secret]) expect(await live(over)).toBe('session-ended');
    // One that led to a passkey leads to no other, though its row be live again.
    const [is, was] = ['NULL', 'opened_at'].map(
      (end) => `UPDATE staff_sessions SET ended_at = ${end} WHERE secret_digest = $1`,
    ) as [string, string];
    await forge(is, [sha256(secret)]);
    expect(await code(enrolAtDoor(door(), { origin: ORIGIN, session: secret }))).toBe(
      'unauthenticated',
    );
    await forge(was, [sha256(secret)]);
    expect(await code(signIn(one))).toBe('unauthenticated');
    expect(await code(door().signInByRecoveryCode({ code: one.recoveryCodes[4]! }))).toBe(
      'unauthenticated',
    );
    expect(await code(signIn(made))).toBe('done');
  });

  test('whoever agrees has no recovery codes, and those from before are nothing', async () => {
    for (const role of ['approver', 'custodian', 'template-approver'] as const) {
      const agrees = await person([role]);
      expect(agrees.recoveryCodes).toEqual([]);
    }
    const one = await person(['template-author']);
    const by = (nth: number) => door().signInByRecoveryCode({ code: one.recoveryCodes[nth]! });
    const recovering = await by(0);
    await give(one.id, 'custodian');
    const enrolled = enrolAtDoor(door(), { origin: ORIGIN, session: recovering.secret });
    expect(await code(enrolled)).toBe('unauthenticated');
    expect(await code(by(1))).toBe('unauthenticated');
    // Nor when the database's owner brings one back.
    await forge('UPDATE staff_recovery_codes SET used_at = NULL WHERE staff_id = $1', [one.id]);
    expect(await code(by(2))).toBe('unauthenticated');
    await forge('UPDATE staff_recovery_codes SET used_at = made_at WHERE staff_id = $1', [one.id]);
  });

  test('who may not work is told so once it is proven who they are, and keeps the code', async () => {
    const one = await person(['officer']);
    it.clock.move(91 * DAY);
    const recover = () => door().signInByRecoveryCode({ code: one.recoveryCodes[0]! });
    expect(await why(signIn(one))).toBe('account-dormant');
    expect(await why(recover())).toBe('account-dormant');
    await people.accounts.wakeStaff({ staffId: one.id, ...people.done() });
    expect(await code(recover())).toBe('done');
  });

  test('five failures lock an account for a quarter of an hour, and look like every other failure', async () => {
    const one = await person(['officer']);
    const other = softwareAuthenticator(ORIGIN);
    for (let i = 0; i < 5; i++)
      expect(await code(signIn(one, { flags: 1 }))).toBe('unauthenticated');
    expect(await code(signIn(one))).toBe('unauthenticated');
    expect(await live(one.secret)).toBe('done');
    it.clock.move(16 * MINUTE);
    expect(await code(signIn(one))).toBe('done');
    expect(await code(signIn({ authenticator: other }))).toBe('unauthenticated');
  });

  test('what a page looks at by itself keeps no session alive', async () => {
    const one = await person(['officer']);
    it.clock.move(20 * MINUTE);
    const seen = await door().session({ secret: one.secret, quiet: true });
    expect(Date.parse(seen.endsAt)).toBeGreaterThan(now().getTime());
    it.clock.move(11 * MINUTE);
    expect(await code(door().session({ secret: one.secret, quiet: true }))).toBe('session-ended');
    expect(await live(one.secret)).toBe('session-ended');
  });

  test('a session ends by idleness, by its time and by signing out', async () => {
    const one = await person(['officer']);
    it.clock.move(29 * MINUTE);
    expect(await live(one.secret)).toBe('done');
    it.clock.move(29 * MINUTE);
    expect(await live(one.secret)).toBe('done');
    it.clock.move(31 * MINUTE);
    expect(await live(one.secret)).toBe('session-ended');
    one.secret = (await signIn(one)).secret;
    await door().endSession(one);
    expect(await live(one.secret)).toBe('session-ended');
    one.secret = (await signIn(one)).secret;
    for (let i = 0; i < 24; i++) {
      it.clock.move(25 * MINUTE);
      if (i < 23) expect(await live(one.secret)).toBe('done');
    }
    expect(await live(one.secret)).toBe('session-ended');
  });

  test('a crowd of strangers shuts nobody out, and what they began is cleared away', async () => {
    const one = await person(['officer']);
    for (let i = 0; i < 310; i++)
      await door().beginSignIn({ secret: systemRandom.bytes(32), means: 'passkey' });
    expect(await code(signIn(one))).toBe('done');
    const begun = now();
    it.clock.move(10 * MINUTE);
    expect(await code(signIn(one))).toBe('done');
    const { rows } = await it.owner.query(
      'SELECT count(*)::int AS n FROM staff_sign_ins WHERE made_at <= $1',
      [begun],
    );
    expect(rows[0].n).toBe(0);
  });
});

test('by the organisation’s own sign-in: who is linked, in the browser that began it, once', async () => {
  const redirectUri = `${ORIGIN}/desk/sign-in/callback`;
  const client = { id: 'desk', secret: 'a secret of the test that is long enough', redirectUri };
  const peer = await oidcPeer(client);
  const db = openDatabase(it.url, 'vault', 2);
  try {
    const keys = openKeyFolder(join(it.folder, 'keys', 'vault'));
    const deps = {
      ...{ clock: it.clock, random: systemRandom, record: doorRows(db) },
      macs: rowMacs(await keys.secret('wrapping')),
    };
    const way = staffSignIns({
      ...deps,
      passkeys: undefined as never,
      provider: openIdProvider({
        ...{ issuer: peer.issuer, clientId: client.id, clientSecret: client.secret },
        ...{ redirectUri, insecure: true, clock: it.clock },
      }),
    });
    const id = await people.account(['approver']);
    await people.accounts.linkLogin({
      ...{ issuer: peer.issuer, subject: 'li', staffId: id, ...people.done() },
    });
    const returned = async (login: string) => {
      const secret = systemRandom.bytes(32);
      const { address } = await way.beginSignIn({ secret, means: 'oidc' });
      return { secret, query: (await peer.signIn(address!, login)).search };
    };
    const comes = async (login: string) => code(way.signInByProvider(await returned(login)));
    const first = await returned('li');
    const { session } = await way.signInByProvider(first);
    expect(session).toMatchObject({ staff: id, means: 'oidc', roles: ['approver'] });
    expect(await code(way.signInByProvider(first))).toBe('unauthenticated');
    expect(await comes('wu')).toBe('unauthenticated');
    // A link with somebody else's code in it, opened in a browser that began a try of its own.
    const [mine, theirs] = [await returned('li'), await returned('li')];
    expect(await code(way.signInByProvider({ ...theirs, secret: mine.secret }))).toBe(
      'unauthenticated',
    );
    const move = (to: string, from: string) =>
      forge('UPDATE staff_logins SET subject = $1 WHERE subject = $2', [to, from]);
    await move('wu', 'li');
    expect(await comes('wu')).toBe('unauthenticated');
    await move('li', 'wu');
    expect(await comes('li')).toBe('done');
    await people.accounts.resetStaff({ staffId: id, ...people.done() });
    expect(await comes('li')).toBe('unauthenticated');
    // Nor does the row that was good, live again beside the one by which they come in now.
    await people.accounts.linkLogin({
      ...{ issuer: peer.issuer, subject: 'zhao', staffId: id, ...people.done() },
    });
    const back = (ended: Date | null) =>
      forge(`UPDATE staff_logins SET ended_at = $3 WHERE staff_id = $1 AND subject = $2`, [
        ...[id, 'li', ended],
      ]);
    await back(null);
    expect(await comes('li')).toBe('unauthenticated');
    expect(await inspected()).toEqual([`unexplained staff_logins/${id}`]);
    await back(now());
    expect(await comes('zhao')).toBe('done');
    expect(await inspected()).toEqual([]);
    // Nor does one who had proven it just before.
    const proof = { means: 'oidc' as const, issuer: peer.issuer, subject: 'li', authTime: 1 };
    expect(await code(openSession(deps, id, proof))).toBe('unauthenticated');
  } finally {
    await db.destroy();
    await peer.stop();
  }
});

describe('the leaver switch and what locks', () => {
  test('whoever leaves is out at once, by every way, and holds nothing', async () => {
    const one = await person(['officer', 'template-author']);
    const second = (await signIn(one)).secret;
    const recovered = await door().signInByRecoveryCode({ code: one.recoveryCodes[0]! });
    const invited = await people.account(['officer']);
    const invitation = await people.invite(invited);
    for (const staffId of [one.id, invited])
      await people.accounts.closeStaff({ staffId, by: 'head', undertaking: 'HR-2', at: now() });
    for (const secret of [one.secret, second, recovered.secret])
      expect(await live(secret)).toBe('session-ended');
    expect(await code(signIn(one))).toBe('unauthenticated');
    expect(await code(door().signInByRecoveryCode({ code: one.recoveryCodes[1]! }))).toBe(
      'unauthenticated',
    );
    expect(await code(enrolAtDoor(door(), { origin: ORIGIN, invitation }))).toBe('unauthenticated');
    expect(await give(one.id, 'officer')).toBe('illegal-transition');
    expect(await code(people.invite(one.id))).toBe('illegal-transition');
    const { rows } = await it.owner.query(
      `SELECT (SELECT count(*) FROM staff_roles WHERE staff_id = s.id AND ended_at IS NULL) AS roles,
         closing_undertaking FROM staff s WHERE id = $1`,
      [one.id],
    );
    expect(rows[0]).toEqual({ roles: 0, closing_undertaking: 'HR-2' });
    // Nor is anybody brought back.
    expect(
      await directly(
        null,
        'UPDATE staff SET closed_at = NULL, closed_by = NULL, closing_undertaking = NULL WHERE id = $1',
        [one.id],
      ),
    ).toBe('MA001');
  });

  test('ninety days away locks, whoever reviews meanwhile; so do a late review and a contract’s end', async () => {
    const one = await person(['officer']);
    const contractor = await person(['officer'], { outsourced: true });
    const review = (staffId: string) =>
      people.accounts.reviewStaff({
        ...{ staffId, institutionId: null, team: 'disputes', roles: ['officer'], by: 'head' },
        at: now(),
      });
    it.clock.move(60 * DAY);
    await review(one.id);
    it.clock.move(31 * DAY);
    expect(await why(signIn(one))).toBe('account-dormant');
    await people.accounts.wakeStaff({ staffId: one.id, ...people.done() });
    await people.accounts.wakeStaff({ staffId: contractor.id, ...people.done() });
    await review(contractor.id);
    expect(await code(signIn(one))).toBe('done');
    it.clock.move(80 * DAY);
    expect(await why(signIn(one))).toBe('review-overdue');
    await review(one.id);
    expect(await code(signIn(one))).toBe('done');
    for (let i = 0; i < 2; i++) {
      await people.accounts.wakeStaff({ staffId: contractor.id, ...people.done() });
      await review(contractor.id);
      it.clock.move(70 * DAY);
    }
    expect(await why(signIn(contractor))).toBe('contract-over');
    // Whatever the database's owner has it say.
    const refusal = 'staff_refusal(text, timestamptz)';
    const { rows } = await forge(`SELECT pg_get_functiondef('${refusal}'::regprocedure) AS told`);
    await forge(`CREATE OR REPLACE FUNCTION staff_refusal(p_staff text, p_at timestamptz) RETURNS text
      LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS 'SELECT NULL::text'`);
    try {
      expect(await why(signIn(contractor))).toBe('contract-over');
    } finally {
      await forge(rows[0].told);
    }
  });
});

/** As the doctor looks, beside role vault's keys or away from them. */
async function inspected(beside = true): Promise<string[]> {
  const keys = openKeyFolder(join(it.folder, 'keys', 'vault'));
  const vaultSecret = beside ? await keys.secret('wrapping') : null;
  const { problems } = await inspectStaff(it.url, { vaultSecret, at: now() });
  return problems.map(({ code, at }) => `${code} ${at}`);
}

describe('rows that role vault did not write', () => {
  test('the doctor finds nothing before, and afterwards what is not as the register says', async () => {
    expect(await inspected()).toEqual([]);
    const one = await person(['officer']);
    await people.accounts.endRole({ staffId: one.id, role: 'officer', by: 'head', at: now() });
    await people.accounts.resetStaff({ staffId: one.id, ...people.done() });
    await forge('ALTER TABLE staff_roles DISABLE TRIGGER staff_role_allowed');
    await forge('UPDATE staff_roles SET ended_at = NULL, ended_by = NULL WHERE staff_id = $1', [
      one.id,
    ]);
    await forge('ALTER TABLE staff_roles ENABLE TRIGGER staff_role_allowed');
    await forge('UPDATE staff_passkeys SET ended_at = NULL WHERE staff_id = $1', [one.id]);
    // Both rows were good once, and have codes that hold: it is the register that tells.
    expect(await inspected()).toEqual([
      `unexplained staff/${one.id}`,
      `unexplained staff_passkeys/${one.id}`,
    ]);
    await people.accounts.closeStaff({
      ...{ staffId: one.id, by: 'head', undertaking: 'HR-7', at: now() },
    });
    expect(await inspected()).toEqual([]);
    // What was used, or replaced, and is good again; who was seen or looked at when nobody was.
    const three = await person(['officer']);
    await door().signInByRecoveryCode({ code: three.recoveryCodes[0]! });
    expect(await inspected()).toEqual([]);
    const revived = async (table: string, change: string, back: string) => {
      await forge(`UPDATE ${table} SET ${change} WHERE staff_id = $1`, [three.id]);
      expect(await inspected()).toEqual([`unexplained ${table}/${three.id}`]);
      await forge(`UPDATE ${table} SET ${back} WHERE staff_id = $1`, [three.id]);
    };
    await revived('staff_invitations', 'used_at = NULL', 'used_at = made_at');
    await revived('staff_recovery_codes', 'used_at = NULL', 'used_at = made_at');
    for (const column of ['seen_at', 'reviewed_at', 'woken_at']) {
      await forge(`UPDATE staff SET ${column} = '2030-01-01' WHERE id = $1`, [three.id]);
      expect(await inspected()).toEqual([`unexplained staff/${three.id}`]);
      await forge(
        `UPDATE staff SET ${column} = ${column === 'woken_at' ? 'NULL' : 'opened_at'} WHERE id = $1`,
        [three.id],
      );
    }
    const four = await person(['officer']);
    it.clock.move(1);
    const recovery = await door().signInByRecoveryCode({ code: four.recoveryCodes[0]! });
    await enrolAtDoor(door(), { origin: ORIGIN, session: recovery.secret });
    expect(await inspected()).toEqual([]);
    await forge('UPDATE staff_sessions SET ended_at = NULL WHERE secret_digest = $1', [
      sha256(four.secret),
    ]);
    expect(await inspected()).toEqual([`unexplained staff_sessions/${four.id}`]);
    await people.accounts.resetStaff({ staffId: four.id, ...people.done() });
    expect(await inspected()).toEqual([]);
    // A second passkey by way of one invitation, entered as role vault would.
    const macs = rowMacs(await openKeyFolder(join(it.folder, 'keys', 'vault')).secret('wrapping'));
    const five = await person(['officer']);
    const { rows: invited } = await forge('SELECT id FROM staff_invitations WHERE staff_id = $1', [
      five.id,
    ]);
    const { rows: ends } = await forge(
      'SELECT number, digest FROM staff_changes ORDER BY number DESC LIMIT 1',
    );
    const { row } = staffChange(macs, ends[0], {
      ...{ act: 'enrolled', staffId: five.id, by: five.id, at: now() },
      detail: {
        passkey: sha256Hex(five.authenticator.credentialId),
        byWayOf: invited[0].id,
        codes: 10,
      },
    });
    await forge('ALTER TABLE staff_changes DISABLE TRIGGER USER');
    await forge('INSERT INTO staff_changes VALUES ($1, $2, $3, $4, $5, $6)', [
      ...[row.number, row.staffId, row.act, row.body, row.digest, Buffer.from(row.mac)],
    ]);
    expect(await inspected()).toContain(`unexplained staff_changes/${row.number}`);
    await forge('DELETE FROM staff_changes WHERE number = $1', [row.number]);
    await forge('ALTER TABLE staff_changes ENABLE TRIGGER USER');
    expect(await inspected()).toEqual([]);
    const two = await people.account(['auditor']);
    await forge('UPDATE staff SET name = $2 WHERE id = $1', [two, 'another']);
    expect(await inspected()).toEqual([`not-vouched-for staff/${two}`]);
    expect(await inspected(false)).toEqual([]);
    await forge('ALTER TABLE staff_changes DISABLE TRIGGER staff_change_continues');
    const { rows } = await forge(
      `UPDATE staff_changes SET body = replace(body, '"second"', '"third"')
       WHERE staff_id = $1 AND act = 'opened' RETURNING number`,
      [two],
    );
    expect(await inspected(false)).toEqual([`register-broken staff_changes/${rows[0].number}`]);
    await forge(
      `UPDATE staff_changes SET body = replace(body, '"third"', '"second"') WHERE number = $1`,
      [rows[0].number],
    );
    await forge('ALTER TABLE staff_changes ENABLE TRIGGER staff_change_continues');
  });

  test('a session, by whatever login, opens nothing', async () => {
    const one = await person(['officer']);
    const secret = systemRandom.bytes(32);
    // With another session's code, as nobody can make one.
    await forge(
      `INSERT INTO staff_sessions (id, staff_id, secret_digest, means, opened_at, ends_at, seen_at, mac)
       SELECT 'ses_forged', staff_id, $2, means, opened_at, ends_at, seen_at, mac FROM staff_sessions
       WHERE staff_id = $1`,
      [one.id, sha256(secret)],
    );
    expect(await live(secret)).toBe('session-ended');
    // Somebody else's session, turned into one's own.
    const two = await person(['approver']);
    await forge('UPDATE staff_sessions SET staff_id = $2 WHERE staff_id = $1', [one.id, two.id]);
    expect(await live(one.secret)).toBe('session-ended');
    const later = `UPDATE staff_sessions SET ends_at = ends_at + interval '1 hour' WHERE staff_id = $1`;
    expect(await live(two.secret)).toBe('done');
    await forge(later, [two.id]);
    expect(await live(two.secret)).toBe('session-ended');
  });

  test('a passkey, a recovery code or an invitation moved to another account opens nothing, nor does a try nobody began', async () => {
    const [one, two] = [await person(['officer']), await person(['approver'])];
    await forge('UPDATE staff_passkeys SET ended_at = made_at WHERE staff_id = $1', [two.id]);
    await forge('UPDATE staff_passkeys SET staff_id = $2 WHERE staff_id = $1', [one.id, two.id]);
    expect(await code(signIn(one))).toBe('unauthenticated');
    await forge('UPDATE staff_recovery_codes SET staff_id = $2 WHERE digest = $1', [
      ...[recoveryDigest(one.recoveryCodes[0]!), two.id],
    ]);
    expect(await code(door().signInByRecoveryCode({ code: one.recoveryCodes[0]! }))).toBe(
      'unauthenticated',
    );
    expect(await code(door().signInByRecoveryCode({ code: one.recoveryCodes[1]! }))).toBe('done');
    const invited = await people.account(['officer']);
    const invitation = await people.invite(invited);
    await forge('UPDATE staff_invitations SET staff_id = $2 WHERE staff_id = $1', [
      ...[invited, two.id],
    ]);
    expect(await code(enrolAtDoor(door(), { origin: ORIGIN, invitation }))).toBe('unauthenticated');
    // A try of somebody else's making, for a challenge already answered.
    const secret = systemRandom.bytes(32);
    const { authenticator } = await person(['auditor']);
    await forge(
      `INSERT INTO staff_sign_ins (id, means, challenge, secret_digest, made_at, ends_at, mac)
       SELECT 'sin_forged', 'passkey', $1, $2, made_at, ends_at, mac FROM staff_sign_ins
       ORDER BY made_at DESC LIMIT 1`,
      [Buffer.alloc(32, 9), sha256(secret)],
    );
    const answer = authenticator.assert(Buffer.alloc(32, 9).toString('base64url'));
    expect(await code(door().signInByPasskey({ secret, answer }))).toBe('unauthenticated');
  });

  test('a role counts for nothing, and an account of another institution is nobody', async () => {
    const bank = { institutionId: it.institution.id };
    const one = await person(['template-author'], bank);
    await forge(
      `INSERT INTO staff_roles (staff_id, role, given_at, given_by, approved_by, change, mac)
       SELECT s.id, 'approver', now(), 'head', 'second', s.change, r.mac FROM staff s
       JOIN staff_roles r ON r.staff_id = s.id WHERE s.id = $1`,
      [one.id],
    );
    expect((await door().session(one)).roles).toEqual(['template-author']);
    await forge('ALTER TABLE staff DISABLE TRIGGER staff_leaves');
    await forge('UPDATE staff SET institution_id = NULL WHERE id = $1', [one.id]);
    await forge('ALTER TABLE staff ENABLE TRIGGER staff_leaves');
    expect(await live(one.secret)).toBe('session-ended');
    expect(await why(signIn(one))).toBe('account-closed');
  });
});
