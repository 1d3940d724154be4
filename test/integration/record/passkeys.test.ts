import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DATABASE_ROLES, DomainError, sha256Hex, systemClock, utf8 } from '@mandate/core';
import type { PasskeyRow } from '@mandate/ceremony';
import { anId, freshRecord, someBytes, type FreshRecord } from './fresh-record.js';

let record: FreshRecord;
beforeAll(async () => {
  record = await freshRecord();
}, 60_000);
afterAll(() => record?.stop());

const FORBIDDEN = '42501';
const ILLEGAL = 'MA001';
const BROKEN = 'MA002';
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );

const entryText = (kind: 'credential' | 'credential-end', credential: string): string =>
  JSON.stringify({ at: '2026-11-21T00:00:00Z', credential, format: 'mandate-entry/v1', kind });

/** What role ra writes when a passkey ends. */
const recordedEnd = (passkey: PasskeyRow, change: object = {}) => ({
  data: { passkey: passkey.id, why: 'subject', ref: 'owv_x', ...change },
  ledgerEntry: entryText('credential-end', passkey.id),
});
const endIt = (passkey: PasskeyRow): Promise<boolean> =>
  record.ra.endPasskey({ passkey, why: 'subject', at: systemClock.now() }, () =>
    recordedEnd(passkey),
  );

async function registered(change: Partial<PasskeyRow> = {}) {
  const at = await record.challenged();
  const id = anId('passkey');
  const entry = entryText('credential', id);
  const row: PasskeyRow = {
    id,
    subjectKey: someBytes(),
    credentialId: someBytes(),
    publicKey: someBytes(77),
    counter: 5,
    transports: ['internal'],
    salt: someBytes(),
    entryDigest: sha256Hex(utf8(entry)),
    authorizationId: at.authorization.id,
    challengeDigest: at.challenge.digest,
    provenBy: ['sms-code'],
    kind: 'device',
    createdAt: systemClock.now(),
    lastUsedAt: null,
    revokedAt: null,
    revokedWhy: null,
    ...change,
  };
  await record.ra.registerPasskey(
    {
      authorization: at.authorization,
      type: 'passkey-registered',
      data: {},
      at: systemClock.now(),
    },
    row,
    entry,
  );
  return { ...at, row, authorization: await record.reload(at.authorization) };
}

test('event, passkey and ledger entry together, or nothing', async () => {
  const { row, authorization } = await registered();
  expect(await record.ra.passkey(row.credentialId)).toMatchObject({ id: row.id, counter: 5 });
  expect(authorization.state).toBe('challenged');
  const before = await record.owner.query('SELECT count(*) FROM passkeys');
  // Another entry than the one whose digest it names.
  expect(await codeOf(registered({ entryDigest: 'e'.repeat(64) }))).toBe('version-conflict');
  expect(await codeOf(registered({ credentialId: row.credentialId }))).toBe('passkey-invalid');
  expect((await record.owner.query('SELECT count(*) FROM passkeys')).rows).toEqual(before.rows);
});

test('two answers at once move the counter once, and none moves it back', async () => {
  const { row } = await registered();
  const use = async (counter: number) => {
    const { authorization, challenge } = await record.challenged();
    return codeOf(
      record.ra.confirm(
        { authorization, to: 'confirmed', type: 'confirmed', data: {}, at: systemClock.now() },
        record.confirmation(authorization, challenge.id),
        { id: row.id, counter },
      ),
    );
  };
  expect((await Promise.all([use(6), use(6)])).toSorted()).toEqual(
    ['passkey-invalid', null].toSorted(),
  );
  expect(await use(5)).toBe('passkey-invalid');
  expect(await use(0)).toBe('passkey-invalid');
  expect(await use(7)).toBeNull();
  expect(await endIt(row)).toBe(true);
  expect(await use(8)).toBe('passkey-invalid');
  expect(await record.ra.passkeysOf(row.subjectKey)).toMatchObject([
    { id: row.id, counter: 7, revokedWhy: 'subject', lastUsedAt: expect.any(Date) },
  ]);
});

test('a passkey that never counted may stay at zero, one that counted may not', async () => {
  const { row } = await registered({ counter: 0 });
  for (const [counter, expected] of [
    [0, null],
    [0, null],
    [1, null],
    [0, 'passkey-invalid'],
  ] as const) {
    const { authorization, challenge } = await record.challenged();
    const answer = record.ra.confirm(
      { authorization, to: 'confirmed', type: 'confirmed', data: {}, at: systemClock.now() },
      record.confirmation(authorization, challenge.id),
      { id: row.id, counter },
    );
    expect(await codeOf(answer)).toBe(expected);
  }
});

test('a confirmation that fails by its passkey leaves the challenge alive', async () => {
  const { row, authorization, challenge } = await registered();
  const answer = record.ra.confirm(
    { authorization, to: 'confirmed', type: 'confirmed', data: {}, at: systemClock.now() },
    record.confirmation(authorization, challenge.id),
    { id: row.id, counter: 5 },
  );
  expect(await codeOf(answer)).toBe('passkey-invalid');
  expect((await record.reload(authorization)).state).toBe('challenged');
  expect((await record.ra.challenge(challenge.id))?.deadAt).toBeNull();
});

test('nobody but role ra sees or writes passkeys, and not even it rewrites one', async () => {
  const { row, authorization } = await registered();
  for (const role of DATABASE_ROLES) {
    const mine = role === 'ra';
    expect([role, await record.refusal(role, 'SELECT id FROM passkeys')]).toEqual([
      role,
      mine ? null : FORBIDDEN,
    ]);
    for (const sql of [
      'DELETE FROM passkeys',
      'UPDATE passkeys SET subject_key = subject_key',
      'UPDATE passkeys SET public_key = public_key',
      'UPDATE passkeys SET created_at = created_at',
    ])
      expect([role, sql, await record.refusal(role, sql)]).toEqual([role, sql, FORBIDDEN]);
  }
  const revoke = `UPDATE passkeys SET revoked_at = created_at, revoked_why = 'subject' WHERE id = '${row.id}'`;
  const revive = `UPDATE passkeys SET revoked_at = NULL, revoked_why = NULL WHERE id = '${row.id}'`;
  const back = `UPDATE passkeys SET counter = 4 WHERE id = '${row.id}'`;
  expect(await record.refusal('ra', revoke)).toBe(BROKEN);
  expect(await record.refusal('ra', revoke, revive)).toBe(ILLEGAL);
  expect(await record.refusal('ra', back)).toBe(ILLEGAL);
  // Only credentials, and none that releases a letter.
  const queue = (kind: string, authorizationId = 'NULL') =>
    `INSERT INTO ledger_queue (dedupe, entry, authorization_id) VALUES ('${kind}:x', '{"kind":"${kind}"}', ${authorizationId})`;
  expect(await record.refusal('ra', queue('credential'))).toBeNull();
  expect(await record.refusal('ra', queue('letter'))).toBe(ILLEGAL);
  expect(await record.refusal('web', queue('credential-end'))).toBe(FORBIDDEN);
  expect(await record.refusal('ra', queue('credential', `'${authorization.id}'`))).toBe(ILLEGAL);
  expect(
    await record.refusal(
      'ra',
      `INSERT INTO passkeys SELECT 'psk_x', subject_key, '\\x01', public_key, 0, transports, salt, '${'d'.repeat(64)}', authorization_id, challenge_digest, proven_by, created_at FROM passkeys WHERE id = '${row.id}'`,
      'SET CONSTRAINTS ALL IMMEDIATE',
    ),
  ).toBe(BROKEN);
});

test('a confirmation without any measure is none', async () => {
  const { authorization, challenge } = await record.challenged();
  const answer = record.ra.confirm(
    { authorization, to: 'confirmed', type: 'confirmed', data: {}, at: systemClock.now() },
    { ...record.confirmation(authorization, challenge.id), codeRecord: null },
  );
  expect(await codeOf(answer)).toMatchObject({ code: '23514' });
});

test('a passkey ends once, with event, ledger entry and reason, or not at all', async () => {
  const { row, authorization } = await registered();
  const immediate = 'SET CONSTRAINTS ALL IMMEDIATE';
  const revoke = (why: string) =>
    `UPDATE passkeys SET revoked_at = created_at, revoked_why = '${why}' WHERE id = '${row.id}'`;
  const entry = (text: string): [string, unknown[]] => [
    'INSERT INTO ledger_queue (dedupe, entry) VALUES ($1, $2)',
    [`credential-end:${row.id}`, text],
  ];
  expect(await record.refusal('ra', revoke('subject'), immediate)).toBe(BROKEN);
  expect(await record.refusal('ra', entry(entryText('credential-end', row.id)), immediate)).toBe(
    BROKEN,
  );
  const end = (why: 'subject' | 'dispute', recorded: ReturnType<typeof recordedEnd>) =>
    codeOf(record.ra.endPasskey({ passkey: row, why, at: systemClock.now() }, () => recorded));
  // the reason it says, the passkey it is about, a dispute that nobody upheld, another commitment, one word more
  for (const [why, recorded] of [
    ['subject', recordedEnd(row, { why: 'dispute' })],
    ['subject', recordedEnd(row, { passkey: 'psk_other' })],
    ['dispute', recordedEnd(row, { why: 'dispute', ref: 'hld_none' })],
    ['subject', { ...recordedEnd(row), ledgerEntry: entryText('credential-end', 'other') }],
    ['subject', { ...recordedEnd(row), ledgerEntry: '{"kind":"credential-end","why":"x"}' }],
  ] as const)
    expect([recorded, await end(why, recorded)]).toEqual([recorded, expect.anything()]);
  expect((await record.ra.passkey(row.credentialId))?.revokedAt).toBeNull();

  const answers = await Promise.all([endIt(row), endIt(row), endIt(row)]);
  expect(answers.toSorted()).toEqual([false, false, true]);
  const { rows } = await record.owner.query(
    `SELECT body::jsonb->'data'->>'why' AS why FROM events WHERE stream = $1 AND type = 'passkey-revoked'`,
    [authorization.id],
  );
  expect(rows).toEqual([{ why: 'subject' }]);
  expect((await record.reload(authorization)).state).toBe('challenged');
});

test('what entering leaves behind goes after its time, by role ra alone, and nothing before', async () => {
  const { authorization } = await registered();
  const at = systemClock.now();
  const ago = (days: number) => new Date(at.getTime() - days * 86_400_000);
  const rows = (table: string): Promise<number> =>
    record.owner.query(`SELECT count(*)::int AS n FROM ${table}`).then(({ rows: [row] }) => row.n);
  for (const [name, days] of [
    ['old', 31],
    ['young', 29],
  ] as const) {
    const [digest, link] = [someBytes(), someBytes()];
    await record.owner.query(
      `INSERT INTO own_links VALUES ($1, $2, $3, 'staff', 'other', $4, $5, $5, $5)`,
      [`owl_${name}`, authorization.id, authorization.institutionId, link, ago(days)],
    );
    await record.owner.query(
      `INSERT INTO own_visits (id, secret_digest, means, person_key, institution_id, own_link_id, created_at, expires_at, ends_at)
       VALUES ($1, $2, 'own-link', $2, $3, $4, $5, $5, $5)`,
      [`owv_${name}`, digest, authorization.institutionId, `owl_${name}`, ago(days)],
    );
    await record.owner.query(
      `INSERT INTO own_challenges (id, kind, secret_digest, challenge, made_at, expires_at)
       VALUES ($1, 'passkey', $2, $2, $3, $3)`,
      [`owc_${name}`, digest, ago(days / 30)],
    );
  }
  const before = await rows('limits');
  for (const day of [16, 14])
    await record.ra.count({ scope: 'challenges-x', key: 'k', windowStart: ago(day), max: 1 });
  for (const role of DATABASE_ROLES.filter((it) => it !== 'ra'))
    expect([role, await record.refusal(role, 'SELECT purge_entries(now())')]).toEqual([
      role,
      FORBIDDEN,
    ]);
  expect(await record.ra.purgeEntries(at)).toBe(4);
  expect(await record.ra.purgeEntries(at)).toBe(0);
  for (const table of ['own_links', 'own_visits', 'own_challenges'])
    expect([table, await rows(table)]).toEqual([table, 1]);
  expect(await rows('limits')).toBe(before + 1);
});
