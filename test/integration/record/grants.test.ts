import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DATABASE_ROLES, type DatabaseRole } from '@mandate/core';
import { anId, eventRow, freshRecord, type FreshRecord } from './fresh-record.js';

let record: FreshRecord;
let at: Awaited<ReturnType<FreshRecord['challenged']>>;
let stored: Awaited<ReturnType<FreshRecord['stored']>>;
beforeAll(async () => {
  record = await freshRecord();
  at = await record.challenged();
  stored = await record.stored();
}, 60_000);
afterAll(() => record.stop());

const FORBIDDEN = '42501';
const ILLEGAL = 'MA001';

test('web cannot write confirmed: by state, event, new row, confirmation or another name', async () => {
  const { id, version, head } = at.authorization;
  const next = { stream: id, version: version + 1, previous: head, type: 'confirmed' } as const;
  const update = (to: string): [string, unknown[]] => [
    `UPDATE authorizations SET state = 'confirmed', version = version + 1, head = $2 WHERE id = $1`,
    [id, to],
  ];
  const own = eventRow({ ...next, by: 'web' });
  const forged = eventRow({ ...next, by: 'ra' });
  expect(await record.refusal('web', update(own.digest), own.insert)).toBe(ILLEGAL);
  expect(await record.refusal('web', own.insert)).toBe(ILLEGAL);
  expect(await record.refusal('web', forged.insert)).toBe(ILLEGAL);
  expect(
    await record.refusal(
      'web',
      `INSERT INTO transitions VALUES ('presented','confirmed','mandate_web')`,
    ),
  ).toBe(FORBIDDEN);
  expect(
    await record.refusal(
      'web',
      'SET LOCAL ROLE mandate_web',
      'SET LOCAL session_replication_role = replica',
    ),
  ).not.toBeNull();
  const fresh = record.row();
  expect(
    await record.refusal('web', [
      `INSERT INTO authorizations VALUES ($1,$2,$3,1,'B',$4,'zh','t','l',1,'confirmed',1,'h',now(),now(),now(),now())`,
      [fresh.id, fresh.institutionId, fresh.templateId, fresh.letterNumber],
    ]),
  ).toBe(ILLEGAL);
  // the same steps by role ra pass: the refusals above are about the role
  expect(await record.refusal('ra', update(forged.digest), forged.insert)).toBeNull();
});

/** Statements that must be refused to the roles named; every other role may try or not be asked. */
const all = DATABASE_ROLES;
const except = (...roles: DatabaseRole[]): DatabaseRole[] => all.filter((r) => !roles.includes(r));
const forbidden: readonly (readonly [string, readonly DatabaseRole[]])[] = [
  ...['UPDATE events SET body = body', 'DELETE FROM events', 'TRUNCATE events'],
  ...['UPDATE ledger_entries SET entry = entry', 'DELETE FROM ledger_entries'],
  ...['UPDATE ledger_nodes SET hash = hash', 'DELETE FROM ledger_nodes'],
  ...['UPDATE ledger_checkpoints SET note = note', 'DELETE FROM ledger_checkpoints'],
  ...['DELETE FROM ledger_queue', 'UPDATE ledger_queue SET entry = entry'],
  ...['UPDATE access_entries SET body = body', 'DELETE FROM access_entries'],
  ...['UPDATE confirmations SET parts = parts', 'DELETE FROM confirmations'],
  ...['UPDATE attempt_journal SET box = box', 'DELETE FROM attempt_journal'],
  ...['DELETE FROM authorizations', 'UPDATE authorizations SET letter_digest = letter_digest'],
  ...[
    'DELETE FROM attempts',
    'UPDATE attempts SET serial = serial',
    'UPDATE attempts SET key_digest = key_digest',
  ],
  ...['DELETE FROM challenges', 'UPDATE challenges SET digest = digest'],
  ...['DELETE FROM sms_sends', 'UPDATE sms_sends SET outcome = outcome'],
  ...['DELETE FROM sms_receipts', 'UPDATE sms_receipts SET status = status'],
  ...['DELETE FROM data_keys', 'DELETE FROM personal_data', 'UPDATE personal_data SET box = box'],
  ...['UPDATE template_versions SET version = version', 'DELETE FROM template_versions'],
  ...['DELETE FROM limits', 'UPDATE limits SET key = key', 'UPDATE transitions SET role = role'],
  ...['INSERT INTO transitions VALUES (1,2,3)', 'INSERT INTO event_writers VALUES (1,2)'],
  ...['INSERT INTO settings VALUES (1,2)', 'INSERT INTO institutions (id) VALUES (1)'],
  ...['UPDATE inclusion_proofs SET proof = proof', 'CREATE TABLE public.mine (x int)'],
].map((sql) => [sql, all] as const);
const reserved: readonly (readonly [string, readonly DatabaseRole[]])[] = [
  ['SELECT code_mac FROM challenges', except('ra', 'ca')],
  ['SELECT sealed_code FROM challenges', except('ra', 'ca')],
  ['SELECT scene FROM challenges', except('ra', 'ca')],
  ['INSERT INTO challenges (id) VALUES (1)', except('ra')],
  ['UPDATE challenges SET code_mac = code_mac', except('ra')],
  ['INSERT INTO sms_sends (about) VALUES (1)', except('worker')],
  ['SELECT about FROM sms_sends', except('ra', 'desk')],
  ['INSERT INTO sms_receipts (gateway) VALUES (1)', except('worker', 'web')],
  ['SELECT gateway FROM sms_receipts', except('ra', 'desk')],
  ['UPDATE challenges SET tries = tries + 1', except('ra')],
  ['UPDATE challenges SET sealed_code = NULL', except('ra')],
  ['UPDATE challenges SET dead_at = now()', except('ra', 'web')],
  ['INSERT INTO confirmations (authorization_id) VALUES (1)', except('ra')],
  ['SELECT public_key FROM confirmations', except('ra', 'ca')],
  ['INSERT INTO attempts (id) VALUES (1)', except('ca')],
  [`UPDATE attempts SET state = 'voided'`, except('ca')],
  ['SELECT serial FROM attempts', except('ca')],
  ['SELECT box FROM attempt_journal', except('ca')],
  ['INSERT INTO attempt_journal (attempt_id) VALUES (1)', except('ca')],
  // what kind of entry each writer may put there: `ledger_writers`
  [
    'INSERT INTO ledger_queue (dedupe, entry) VALUES (1, 2)',
    except('web', 'ra', 'ca', 'ledger', 'worker', 'desk', 'vault', 'seal'),
  ],
  [
    'INSERT INTO ledger_queue (dedupe, entry, authorization_id) VALUES (1, 2, 3)',
    ['web', 'worker', 'desk', 'seal'],
  ],
  ['INSERT INTO ledger_writers VALUES (1, 2)', all],
  ['INSERT INTO scopes (authorization_id) VALUES (1)', except('ca')],
  ['UPDATE scopes SET max_uses = 100', all],
  ['INSERT INTO redemptions (id) VALUES (1)', except('web')],
  ['SELECT box FROM redemptions', except('web', 'seal', 'desk', 'vault')],
  ['INSERT INTO withdrawals (id) VALUES (1)', except('web')],
  ['INSERT INTO holds (id) VALUES (1)', except('web')],
  [`UPDATE holds SET outcome = 'rejected'`, except('web', 'desk')],
  [`UPDATE holds SET resolved_by = 'x'`, except('desk')],
  ['UPDATE holds SET resolution_id = NULL', except('desk')],
  ['INSERT INTO template_waivers (rule) VALUES (1)', except('web', 'desk')],
  ['INSERT INTO template_records (digest) VALUES (1)', except('web')],
  ['UPDATE template_records SET body = body', except()],
  ['DELETE FROM template_waivers', except()],
  ['INSERT INTO template_lints (pack) VALUES (1)', except('worker')],
  ['DELETE FROM template_lints', except()],
  ['INSERT INTO registry_combination_changes (source) VALUES (1)', except()],
  ['INSERT INTO receipts (fact_id) VALUES (1)', except('seal')],
  ['DELETE FROM redemptions', all],
  ['DELETE FROM withdrawals', all],
  ['INSERT INTO recipient_keys (id) VALUES (1)', all],
  ['UPDATE recipient_keys SET revoked_at = NULL', all],
  ['INSERT INTO subject_releases (id) VALUES (1)', except('web')],
  ['SELECT box FROM subject_releases', except('web', 'seal')],
  ['UPDATE subject_releases SET fields = fields', all],
  ['INSERT INTO restrictions (id) VALUES (1)', except('web')],
  ['DELETE FROM restrictions', all],
  ['UPDATE retention_rules SET months = 1', all],
  ['INSERT INTO erasure_marks (authorization_id) VALUES (1)', except('worker')],
  ['UPDATE erasure_marks SET act_from = marked_at', all],
  ['INSERT INTO erasures (id) VALUES (1)', except('vault')],
  ['DELETE FROM erasures', all],
  ['SELECT person_key FROM subject_index', except('ra')],
  ['DELETE FROM subject_index', all],
  ['SELECT wrapped FROM data_keys', except('vault')],
  ['INSERT INTO data_keys (authorization_id) VALUES (1)', except('vault')],
  ['UPDATE data_keys SET wrapped = NULL', except('vault')],
  ['INSERT INTO access_entries (id) VALUES (1)', except('vault')],
  ['INSERT INTO ledger_entries VALUES (1, 2, 3)', except('ledger')],
  ['UPDATE ledger_head SET size = 5', except('ledger')],
  ['INSERT INTO ledger_checkpoints (size) VALUES (1)', except('ledger')],
  ['INSERT INTO inclusion_proofs VALUES (1, 2)', except('ledger')],
  ['SELECT box FROM personal_data', except('web', 'ra', 'ca', 'desk')],
  ['INSERT INTO personal_data (field) VALUES (1)', except('web')],
  // drafts; a published one is kept by a rule of its own
  ['UPDATE template_versions SET body = body', except('web', 'desk')],
  ['INSERT INTO reconciliations (id) VALUES (1)', except('desk')],
  ['INSERT INTO reconciliation_queries (run_id) VALUES (1)', except('desk')],
  ['SELECT value FROM compared_values', except('vault')],
  ['UPDATE compared_values SET at = at', all],
  ['DELETE FROM compared_values', all],
  ['UPDATE reconciliations SET source = source', all],
  ['DELETE FROM reconciliations', all],
  ['DELETE FROM reconciliation_unqueried', all],
  ['INSERT INTO samples (id) VALUES (1)', except('desk')],
  // once, with the drawing, and only the seed the ledger settles: a rule of its own
  ['UPDATE samples SET seed = seed', except('desk')],
  ['UPDATE samples SET nonce = nonce', all],
  ['DELETE FROM samples', all],
  ['UPDATE sample_items SET ordinal = ordinal', all],
  ['UPDATE sample_findings SET finding = finding', all],
  ['DELETE FROM sample_findings', all],
  ['SELECT digest FROM api_keys', except('web')],
  // a key makes and revokes keys; which, a rule of its own says
  ['INSERT INTO api_keys (id) VALUES (1)', except('web')],
  ['UPDATE api_keys SET revoked_at = NULL', except('web')],
  ['UPDATE api_keys SET scopes = scopes', all],
  ['DELETE FROM api_keys', all],
  ['SELECT text FROM sandbox_messages', except('web', 'worker')],
  ['SELECT token_digest FROM signing_links', except('web')],
  ['SELECT cookie_digest FROM visits', except('web')],
  [
    'INSERT INTO events (stream) VALUES (1)',
    except('web', 'ra', 'ca', 'ledger', 'worker', 'desk', 'vault'),
  ],
  [`UPDATE authorizations SET state = 'failed'`, except('web', 'ra', 'ca', 'ledger', 'worker')],
];
const table = [...forbidden, ...reserved].flatMap(([sql, roles]) =>
  roles.map((role) => [role, sql] as const),
);

test('every statement a role has no business with is refused by its grants', async () => {
  const allowed: string[] = [];
  for (const [role, sql] of table) {
    const refused = await record.refusal(role, sql);
    if (refused !== FORBIDDEN) allowed.push(`${role}: ${sql} → ${refused}`);
  }
  expect(allowed).toEqual([]);
  expect(table.length).toBeGreaterThan(500);
});

test('what was used, killed, counted or placed stays so', async () => {
  const { challenge, authorization } = at;
  const now = new Date();
  await record.ra.countTry(challenge.id, now, 5);
  await record.ra.killChallenge(challenge.id, now);
  const revive = `UPDATE challenges SET dead_at = NULL WHERE id = '${challenge.id}'`;
  expect(await record.refusal('web', revive)).toBe(ILLEGAL);
  expect(await record.refusal('ra', revive)).toBe(ILLEGAL);
  expect(
    await record.refusal('ra', `UPDATE challenges SET tries = 0 WHERE id = '${challenge.id}'`),
  ).toBe(ILLEGAL);
  expect(
    await record.refusal(
      'ra',
      `UPDATE challenges SET sealed_code = 'x' WHERE id = '${challenge.id}'`,
    ),
  ).toBe(ILLEGAL);

  const link = anId('link');
  await record.web.createLink({
    id: link,
    authorizationId: authorization.id,
    kind: 'ticket',
    tokenDigest: new TextEncoder().encode(link),
    origins: [],
    returnUrl: null,
    returnState: null,
    handedOverFrom: null,
    at: now,
    expiresAt: now,
  });
  expect(await record.web.useTicket(link, now)).toBe(true);
  expect(
    await record.refusal('web', `UPDATE signing_links SET used_at = NULL WHERE id = '${link}'`),
  ).toBe(ILLEGAL);

  const limit = { windowStart: now, max: 5, key: 'k' };
  await record.ra.count({ ...limit, scope: 'challenges' });
  await record.web.count({ ...limit, scope: 'gate' });
  expect(await record.refusal('web', `UPDATE limits SET count = 0 WHERE scope = 'gate'`)).toBe(
    ILLEGAL,
  );
  expect(
    await record.refusal('web', `UPDATE limits SET count = count + 1 WHERE scope = 'challenges'`),
  ).toBe(ILLEGAL);
  await expect(record.web.count({ ...limit, scope: 'challenges' })).rejects.toMatchObject({
    code: 'illegal-transition',
  });

  expect(await record.vault.createKey('aut_k', new Uint8Array(40), now)).toBe(true);
  expect(
    await record.refusal(
      'vault',
      `UPDATE data_keys SET wrapped = 'other' WHERE authorization_id = 'aut_k'`,
    ),
  ).toBe(ILLEGAL);
  // destroyed only with an erasure that nothing forbids: privacy.test.ts
  expect(
    await record.refusal(
      'vault',
      `UPDATE data_keys SET wrapped = NULL, shredded_at = made_at WHERE authorization_id = 'aut_k'`,
    ),
  ).toBe(ILLEGAL);
});

test('each role enters its own keys, and reports are entered as they are', async () => {
  const entering = (dedupe: string, said: object) =>
    [
      `INSERT INTO ledger_queue (dedupe, entry) VALUES ($1, $2)`,
      [dedupe, JSON.stringify(said)],
    ] as [string, unknown[]];
  const key = (role: DatabaseRole, purpose: string, event = 'in-use', named = purpose) =>
    record.refusal(
      role,
      entering(`key-event:${event}:${named}:ab`, { kind: 'key-event', event, purpose, key: 'ab' }),
    );
  expect(await key('ca', 'scene-ca')).toBeNull();
  expect(await key('seal', 'receipt')).toBeNull();
  for (const purpose of ['ledger', 'scene-root', 'witness', 'seal'])
    expect(await key('ledger', purpose)).toBeNull();
  const others: [DatabaseRole, string, string?, string?][] = [
    ['ca', 'seal'],
    ['ca', 'ledger'],
    ['seal', 'scene-ca'],
    ['seal', 'seal', 'ended'],
    ['ca', 'scene-ca', 'ceremony'],
    ['ca', 'scene-ca', 'in-use', 'ocsp'],
    ['ra', 'scene-ca'],
    ['web', 'receipt'],
    ['desk', 'seal'],
  ];
  for (const [role, ...rest] of others)
    expect([role, ...rest, await key(role, ...rest)]).toEqual([role, ...rest, ILLEGAL]);

  const { id, letterDigest } = at.authorization;
  const row = [
    `INSERT INTO reports (id, authorization_id, created_at) VALUES ('rep_1', $1, now())`,
    [id],
  ] as [string, unknown[]];
  const report = (letter: string, more = {}, name = 'rep_1') =>
    entering(`report:${name}`, { kind: 'report', letter, report: 'ab', ...more });
  for (const role of ['web', 'desk'] as const) {
    expect(await record.refusal(role, row, report(letterDigest))).toBeNull();
    expect(await record.refusal(role, report(letterDigest))).toBe('MA002');
    expect(await record.refusal(role, row, report('another letter'))).toBe('MA002');
    expect(await record.refusal(role, row, report(letterDigest, { more: 1 }))).toBe('MA002');
    expect(await record.refusal(role, row, report(letterDigest, {}, 'rep_2'))).toBe('MA002');
  }
  for (const role of ['ra', 'ca', 'seal', 'worker'] as const)
    expect(await record.refusal(role, report(letterDigest))).toMatch(/^MA00[12]$/);
});

test('attempts go forward one step at a time, a voided or committed one never again', async () => {
  const steps = [
    'intended',
    'issued',
    'subject-signed',
    'stamped',
    'stored',
    'committed',
    'voided',
  ];
  const passed: string[] = [];
  for (const from of steps)
    for (const to of steps) {
      const client = await record.owner.connect();
      try {
        await client.query('BEGIN');
        await client.query('SET LOCAL session_replication_role = replica');
        await client.query('UPDATE attempts SET state = $2 WHERE id = $1', [
          stored.attempt.id,
          from,
        ]);
        await client.query('SET LOCAL session_replication_role = origin');
        await client.query('SET LOCAL ROLE mandate_ca');
        await client.query('UPDATE attempts SET state = $2 WHERE id = $1', [stored.attempt.id, to]);
        passed.push(`${from}>${to}`);
      } catch (error) {
        expect((error as { code: string }).code).toBe(ILLEGAL);
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    }
  const forward = steps.slice(0, 5).map((step, i) => `${step}>${steps[i + 1]}`);
  const ends = steps.slice(0, 5).map((step) => `${step}>voided`);
  expect(passed.sort()).toEqual([...forward, ...ends].sort());
  expect(
    await record.refusal(
      'ca',
      `INSERT INTO attempts SELECT 'att_x', authorization_id, challenge_id, 'stored', key_origin, profile, '\\x01', '\\x02', tbs_digest, trail_version, not_before, not_after, created_at FROM attempts LIMIT 1`,
    ),
  ).toBe(ILLEGAL);
});

test('a temporary table does not stand in for the rules', async () => {
  const { id, version, head } = at.authorization;
  const shadow = [
    'CREATE TEMP TABLE transitions (from_state text, to_state text, role text) ON COMMIT DROP',
    `INSERT INTO transitions VALUES ('challenged', 'confirmed', 'mandate_web')`,
    [
      `UPDATE authorizations SET state = 'confirmed', version = $2, head = $3 WHERE id = $1`,
      [id, version + 1, head],
    ] as [string, unknown[]],
  ] as const;
  expect(await record.refusal('web', ...shadow)).toBe(FORBIDDEN);
  // Also where somebody may make one: the rules name the schemas they read.
  await record.owner.query(`DO $$ BEGIN
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO mandate_web', current_database()); END $$`);
  expect(await record.refusal('web', ...shadow)).toBe(ILLEGAL);
});
