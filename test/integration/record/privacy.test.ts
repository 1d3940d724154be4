import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  addSeconds,
  canonicalize,
  commitment,
  fromHex,
  fromUtf8,
  kindDigestHex,
  newId,
  parseRecipientJwk,
  jwkThumbprint,
  sha256Hex,
  systemRandom,
  toHex,
  utf8,
} from '@mandate/core';
import {
  decline,
  dispute,
  evidenceBundle,
  exportData,
  readableText,
  redeem,
  releaseRedemption,
  releaseSubjectData,
  restrict,
  sweepErasures,
  withdraw,
  type AuthorizationRow,
  type ReleaseDeps,
  type UseDeps,
} from '@mandate/ceremony';
import { parseEntry } from '@mandate/ledger';
import { administration, openDatabase } from '@mandate/store';
import { compactDecrypt, decodeJwt, exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { receiptFaults } from './receipt-faults.js';
import { startCeremony, SUBJECT } from './started-ceremony.js';

jest.setTimeout(120_000);

/** Personal data after the signature: who gets them, how they are kept, how they end. */
let ceremony: Awaited<ReturnType<typeof startCeremony>>;
let deps: UseDeps & ReleaseDeps;
let admin: ReturnType<typeof administration>;
let closeOwner: () => Promise<void>;
let theirs: { privateKey: CryptoKey; jwk: object };
const DAY = 86_400;
const YEAR = 366 * DAY;

beforeAll(async () => {
  ceremony = await startCeremony();
  deps = {
    ...ceremony.deps,
    record: ceremony.record,
    vault: ceremony.web.vault,
    seal: ceremony.web.seal,
  };
  const owner = openDatabase(ceremony.url, undefined, 2);
  admin = administration(owner);
  closeOwner = () => owner.destroy();
  theirs = await keyPair();
});
afterAll(async () => {
  await closeOwner?.();
  await ceremony?.stop();
});

async function keyPair() {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)) } };
}
const now = () => ceremony.clock.now();
async function register(
  { jwk }: { jwk: object },
  creditCode = ceremony.institution.creditCode,
  validUntil = addSeconds(now(), YEAR),
): Promise<string> {
  const key = parseRecipientJwk(jwk);
  const id = newId('recipientKey', ceremony.clock, systemRandom);
  await admin.registerRecipientKey({
    ...{ id, creditCode, validUntil },
    jwk: canonicalize(key),
    thumbprint: jwkThumbprint(key),
    registrar: 'a',
    approver: 'b',
    registeredAt: now(),
  });
  return id;
}

let phones = 0;
async function released(): Promise<AuthorizationRow> {
  phones += 1;
  const at = await ceremony.confirmed({
    ...SUBJECT,
    phone: `137${String(phones).padStart(8, '0')}`,
  });
  await ceremony.complete(at, await ceremony.issue(at));
  for (let i = 0; (await ceremony.state(at.id)) !== 'released' && i < 50; i++)
    await ceremony.sweep();
  return ceremony.record.authorization(at.id);
}
const use = (authorization: { id: string }, change: { items?: string[]; hold?: boolean } = {}) =>
  redeem(deps, {
    authorization,
    institution: ceremony.institution,
    idempotencyKey: crypto.randomUUID(),
    request: {
      purpose: 'loan-approval',
      source: { creditCode: ceremony.body.sources[0]!.creditCode },
      items: ['basic-information'],
      operator: { id: 'staff-9' },
      ...change,
    },
  });
const release = (
  authorization: AuthorizationRow,
  redemptionId: string,
  fields?: ('name' | 'idType' | 'idNumber' | 'phone')[],
) =>
  releaseSubjectData(deps, {
    authorization,
    institution: ceremony.institution,
    redemptionId,
    ...(fields ? { fields } : {}),
  });
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => String(error.code ?? error),
  );
const proof = { kind: 'visit', ref: 'vis_1' };
const takeBack = ({ id }: { id: string }) =>
  withdraw(deps, { authorizationId: id, by: 'subject', proof });
const stop = ({ id }: { id: string }, kind = 'own-code') =>
  restrict(deps, { authorizationId: id, by: 'subject', proof: { kind, ref: 'ovs_1' } });
const purposes = async ({ id }: { id: string }): Promise<string[]> =>
  (
    await ceremony.owner.query(
      'SELECT body FROM access_entries WHERE authorization_id = $1 ORDER BY ordinal',
      [id],
    )
  ).rows.map(({ body }) => JSON.parse(body).purpose);
/** One statement as a role, rolled back; the SQLSTATE it was refused with. */
async function refusal(role: string, ...statements: [string, unknown[]][]): Promise<string | null> {
  const client = await ceremony.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL ROLE mandate_${role}`);
    for (const statement of statements) await client.query(...statement);
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

describe('subject data for one use', () => {
  let letter: AuthorizationRow;
  let made: Awaited<ReturnType<typeof use>>;
  beforeAll(async () => {
    letter = await released();
    made = await use(letter);
  });

  test('no release without a key of the recipient that is valid and its own', async () => {
    expect(await codeOf(release(letter, made.redemption))).toBe('recipient-key-missing');
    await register(await keyPair(), ceremony.body.sources[0]!.creditCode);
    const short = await register(
      await keyPair(),
      ceremony.institution.creditCode,
      addSeconds(now(), 1),
    );
    const revoked = await register(await keyPair());
    expect(await admin.revokeRecipientKey(revoked, now())).toBe(true);
    expect(await admin.revokeRecipientKey(revoked, now())).toBe(false);
    ceremony.clock.move(2);
    expect(await codeOf(release(letter, made.redemption))).toBe('recipient-key-missing');
    expect(short).not.toBe(revoked);
    // refused before the vault was asked
    expect(await purposes(letter)).not.toContain('subject-data');
  });

  test('one person does not register a key, and a private one is never kept', async () => {
    const { jwk } = await keyPair();
    const row = (change: object) => ({
      ...{ id: newId('recipientKey', ceremony.clock, systemRandom), creditCode: 'X' },
      ...{ jwk: JSON.stringify(jwk), thumbprint: 't', registrar: 'Ann', approver: 'Bob' },
      registeredAt: now(),
      validUntil: addSeconds(now(), 1),
      ...change,
    });
    await expect(admin.registerRecipientKey(row({ approver: ' ann ' }))).rejects.toThrow();
    await expect(
      admin.registerRecipientKey(row({ jwk: JSON.stringify({ ...jwk, d: 'secret' }) })),
    ).rejects.toThrow();
  });

  test('sealed for the recipient: jose opens it with their key, and what the items need is in it', async () => {
    await register(theirs);
    expect(await codeOf(release(letter, made.redemption, ['name', 'phone']))).toBe(
      'scope-exceeded',
    );
    const got = await release(letter, made.redemption);
    const { plaintext, protectedHeader } = await compactDecrypt(got.sealed, theirs.privateKey);
    expect(JSON.parse(fromUtf8(plaintext))).toEqual({
      format: 'mandate-subject-data/v1',
      authorization: letter.id,
      redemption: made.redemption,
      letterNumber: letter.letterNumber,
      purpose: 'loan-approval',
      source: ceremony.body.sources[0]!.creditCode,
      recipient: ceremony.institution.creditCode,
      items: ['basic-information'],
      subject: { name: SUBJECT.name, idType: 'cn-resident-id', idNumber: SUBJECT.idNumber },
    });
    expect(protectedHeader.kid).toBe(got.key);
    expect(protectedHeader['redemption']).toBe(made.redemption);
    await expect(compactDecrypt(got.sealed, (await keyPair()).privateKey)).rejects.toThrow();
    expect(JSON.stringify(got)).not.toContain(SUBJECT.idNumber);

    // once: repeated it is the same message, each opening is in the register, other members are refused
    expect(await release(letter, made.redemption)).toMatchObject({
      release: got.release,
      sealed: got.sealed,
      receipt: got.receipt,
    });
    expect(await codeOf(release(letter, made.redemption, ['name']))).toBe('guard-refused');
    expect((await purposes(letter)).filter((it) => it === 'subject-data').length).toBeGreaterThan(
      1,
    );

    // receipt, trail and ledger say the same, and open the commitment for whoever has the message
    const claims = decodeJwt(got.receipt) as any;
    expect(claims.fact).toMatchObject({
      format: 'mandate-release/v1',
      authorization: letter.id,
      redemption: made.redemption,
      fields: ['name', 'idType', 'idNumber'],
      sealed: sha256Hex(utf8(got.sealed)),
    });
    const { rows } = await ceremony.owner.query(
      `SELECT entry FROM ledger_queue WHERE dedupe = $1`,
      [`access:${got.release}`],
    );
    expect(sha256Hex(utf8(rows[0].entry))).toBe(claims.ledgerEntry);
    expect(parseEntry(utf8(rows[0].entry))).toMatchObject({
      kind: 'access',
      fact: kindDigestHex('receipt', claims.fact),
    });
    const [stored] = (
      await ceremony.owner.query('SELECT * FROM subject_releases WHERE id = $1', [got.release])
    ).rows;
    expect(JSON.stringify(stored)).not.toContain(got.sealed.split('.')[3]);
    // by a salt that is not there nobody can try names against the commitment
    const tried = toHex(commitment(fromHex('00'.repeat(32)), 'subject-data', fromUtf8(plaintext)));
    expect(stored.content).not.toBe(tried);
  });

  test('two at once: one release', async () => {
    const other = await released();
    const { redemption } = await use(other);
    const both = await Promise.all([release(other, redemption), release(other, redemption)]);
    expect(both[0].sealed).toBe(both[1].sealed);
    const { rows } = await ceremony.owner.query(
      `SELECT count(*)::int AS n FROM events WHERE stream = $1 AND type = 'data-released'`,
      [other.id],
    );
    expect(rows[0].n).toBe(1);
  });

  test('none for a use of another letter, one that is reserved, was given back, or whose time is over', async () => {
    const other = await released();
    expect(await codeOf(release(other, made.redemption))).toBe('not-found');
    const held = await use(other, { hold: true });
    expect(await codeOf(release(other, held.redemption))).toBe('illegal-transition');
    expect(await purposes(other)).not.toContain('subject-data');
    const [{ id: key }] = (
      await ceremony.owner.query(
        'SELECT id FROM recipient_keys WHERE credit_code = $1 AND revoked_at IS NULL ORDER BY registered_at DESC',
        [ceremony.institution.creditCode],
      )
    ).rows;
    expect(
      await refusal('web', [
        `INSERT INTO subject_releases VALUES ('rel_y', $1, $2, $3, $4, '{name}', 'c', 's', 'x', $5)`,
        [other.id, held.redemption, ceremony.institution.creditCode, key, now()],
      ]),
    ).toBe('MA001');
    await releaseRedemption(deps, { authorizationId: other.id, redemptionId: held.redemption });
    expect(await codeOf(release(other, held.redemption))).toBe('illegal-transition');
    const late = await use(other, { hold: true });
    ceremony.clock.move(601);
    expect(await codeOf(release(other, late.redemption))).toBe('illegal-transition');
  });

  test('none, and no repetition, once withdrawn or disputed; the record refuses whoever asks', async () => {
    const other = await released();
    const { redemption } = await use(other);
    await release(other, redemption);
    await takeBack(other);
    expect(await codeOf(release(other, redemption))).toBe('withdrawn');
    const disputed = await released();
    const second = await use(disputed);
    await dispute(deps, { authorizationId: disputed.id, by: 'subject', proof });
    expect(await codeOf(release(disputed, second.redemption))).toBe('on-hold');
    const [{ id: key }] = (
      await ceremony.owner.query(
        'SELECT id FROM recipient_keys WHERE credit_code = $1 AND revoked_at IS NULL ORDER BY registered_at DESC',
        [ceremony.institution.creditCode],
      )
    ).rows;
    expect(
      await refusal('web', [
        `INSERT INTO subject_releases VALUES ('rel_x', $1, $2, $3, $4, '{name}', 'c', 's', 'x', $5)`,
        [disputed.id, second.redemption, ceremony.institution.creditCode, key, now()],
      ]),
    ).toBe('MA001');
  });
});

describe('the subject’s copy', () => {
  test('holds everything, for machines and for people, and stands in the register', async () => {
    const letter = await released();
    const made = await use(letter);
    await release(letter, made.redemption);
    const copy = await exportData({ ...deps, vault: ceremony.web.vault }, letter, 'own:own_1');
    expect(copy.terms.subject).toMatchObject({ name: SUBJECT.name, idNumber: SUBJECT.idNumber });
    expect(copy.presentations).toHaveLength(1);
    expect(copy.uses[0]).toMatchObject({ operator: { id: 'staff-9' }, state: 'confirmed' });
    expect(copy.releases[0]).toMatchObject({ fields: ['name', 'idType', 'idNumber'] });
    expect(copy.accesses.at(-1)).toMatchObject({ purpose: 'export', actor: 'web/own:own_1' });
    expect(copy.trail.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['requested', 'signed', 'released', 'redeemed', 'data-released']),
    );
    expect(copy.privacy.retention?.basis).toContain('24');
    const text = readableText(copy.readable);
    for (const word of [SUBJECT.name, SUBJECT.idNumber, letter.letterNumber, 'staff-9', '2026'])
      expect(text).toContain(word);
    expect(copy.readable.every(({ lines }) => lines.length > 0)).toBe(true);
  });
});

describe('restriction', () => {
  test('not while it may still be used', async () => {
    const letter = await released();
    expect(await codeOf(stop(letter))).toBe('illegal-transition');
    const open = await ceremony.presented({ ...SUBJECT, phone: '13600000001' });
    expect(await codeOf(stop(open))).toBe('illegal-transition');
    expect(await codeOf(ceremony.authority.vault.erase({ authorizationId: open.id }))).toBe(
      'illegal-transition',
    );
  });

  test('kept, and opened for nothing but the exceptions; once', async () => {
    const letter = await released();
    const made = await use(letter);
    await takeBack(letter);
    const first = await stop(letter);
    expect(await stop(letter)).toEqual(first);
    expect(first.restrictedAt).not.toBeNull();
    expect(await codeOf(use(letter))).toBe('withdrawn');
    expect(await codeOf(release(letter, made.redemption))).toBe('restricted');
    const open = (purpose: 'download' | 'report' | 'own' | 'export' | 'uses', actor: string) =>
      codeOf(ceremony.web.vault.unwrap({ authorizationId: letter.id, purpose, actor }));
    const tell = (purpose: 'tell-use' | 'tell-passkey' | 'note-pause' | 'send-code') =>
      codeOf(
        ceremony.authority.vault.unwrap({ authorizationId: letter.id, purpose, actor: 'role:ra' }),
      );
    expect(await tell('send-code')).toBe('restricted');
    const institution = `institution:${ceremony.institution.id}`;
    expect(await open('download', institution)).toBe('restricted');
    expect(await open('report', institution)).toBe('restricted');
    expect(await open('uses', institution)).toBe('restricted');
    expect(await open('download', 'own:own_1')).toBe('done');
    expect(await open('own', 'own:own_1')).toBe('done');
    // the subject's copy is for the subject, not for who says so or came in on an institution's word
    expect(await open('export', `${institution}/in-person/visit-7`)).toBe('restricted');
    expect(await open('export', 'own-link:ovs_1/ins_1/in-person/staff')).toBe('restricted');
    expect(await open('export', 'own:own_1')).toBe('done');
    // the subject still hears of what happened
    for (const purpose of ['tell-use', 'tell-passkey', 'note-pause'] as const)
      expect(await tell(purpose)).toBe('done');
    // what was refused is not in the register of what was opened
    expect((await purposes(letter)).filter((it) => it === 'uses')).toEqual([]);
  });
});

describe('erasure', () => {
  const erase = ({ id }: { id: string }) => ceremony.authority.vault.erase({ authorizationId: id });
  const sweep = async () => {
    const problems: unknown[] = [];
    const done = await sweepErasures({
      clock: ceremony.clock,
      record: ceremony.worker,
      vault: ceremony.authority.vault,
      onProblem: (_what, error) => problems.push(error),
    });
    expect(problems).toEqual([]);
    return done;
  };
  const opened = (id: string) =>
    codeOf(ceremony.web.vault.unwrap({ authorizationId: id, purpose: 'own', actor: 'own:own_1' }));
  const bundle = (letter: AuthorizationRow) =>
    evidenceBundle(ceremony.deps, letter, { purpose: 'download', actor: 'institution:x' });

  test('not before its time, whoever asks and however', async () => {
    const letter = await released();
    expect(await codeOf(erase(letter))).toBe('retention-runs');
    await takeBack(letter);
    await stop(letter);
    expect(await codeOf(erase(letter))).toBe('retention-runs');
    const destroy = (at: Date): [string, unknown[]] => [
      'UPDATE data_keys SET wrapped = NULL, shredded_at = $2 WHERE authorization_id = $1',
      [letter.id, at],
    ];
    expect(await refusal('vault', destroy(now()))).toBe('MA001');
    expect(
      await refusal('worker', [
        `INSERT INTO erasure_marks (authorization_id, marked_at) VALUES ($1, $2)`,
        [letter.id, now()],
      ]),
    ).toBe('MA001');
    // who asked, and when it may be done, is not the worker's to say
    expect(
      await refusal('worker', [
        `INSERT INTO erasure_marks VALUES ($1, $2, $2, 'sweep')`,
        [letter.id, addSeconds(now(), 6 * YEAR)],
      ]),
    ).toBe('42501');
    expect(
      await codeOf(
        admin.requestErasure({
          authorizationId: letter.id,
          askedBy: 'a',
          approvedBy: 'b',
          at: now(),
        }),
      ),
    ).toBe('retention-runs');
    // due, but never announced; announced, but without its record
    expect(await refusal('vault', destroy(addSeconds(now(), 6 * YEAR)))).toBe('MA001');
    const announced: [string, unknown[]] = [
      'INSERT INTO erasure_marks (authorization_id, marked_at) VALUES ($1, $2)',
      [letter.id, addSeconds(now(), 6 * YEAR)],
    ];
    const asVault: [string, unknown[]] = ['SET LOCAL ROLE mandate_vault', []];
    expect(await refusal('worker', announced, asVault, destroy(addSeconds(now(), 6 * YEAR)))).toBe(
      'MA002',
    );
    // no other role, and not less than the law
    expect(await refusal('web', destroy(now()))).toBe('42501');
    await expect(
      ceremony.owner.query(
        `UPDATE retention_rules SET months = 59 WHERE purpose = 'loan-approval'`,
      ),
    ).rejects.toMatchObject({ code: '23514' });
  });

  test('what no law keeps goes when its subject asks; unasked, half a year later with notice', async () => {
    const asked = await ceremony.presented({ ...SUBJECT, phone: '13600000002' });
    const unasked = await ceremony.presented({ ...SUBJECT, phone: '13600000003' });
    for (const it of [asked, unasked]) await decline(ceremony.deps, it.visit, 'refused');
    await stop(asked);
    expect(await sweep()).toEqual({ marked: 1, erased: 1 });
    expect(await opened(asked.id)).toBe('erased');
    expect(await opened(unasked.id)).toBe('done');
    ceremony.clock.move(185 * DAY);
    expect((await sweep()).erased).toBe(0);
    expect(await opened(unasked.id)).toBe('done');
    ceremony.clock.move(8 * DAY);
    await sweep();
    expect(await opened(unasked.id)).toBe('erased');
  });

  test('an institution’s word erases no refused letter sooner, and no erasure lifts a pause', async () => {
    const person = { ...SUBJECT, phone: '13600000004' };
    const refused = await ceremony.presented(person);
    await decline(ceremony.deps, refused.visit, 'someone-is-telling-me');
    for (const [by, kind] of [
      ['subject', 'logged-in'],
      ['subject', 'own-link'],
      ['institution', 'own-code'],
    ] as const)
      await restrict(deps, { authorizationId: refused.id, by, proof: { kind, ref: 'x' } });
    await sweep();
    expect(await codeOf(erase(refused))).toBe('retention-runs');
    expect(await opened(refused.id)).toBe('done');

    // the subject may still ask, and the pause is noted first, under the restriction
    const first = await stop(refused, 'own-passkey');
    expect(first.retention?.byLaw).toBe(false);
    await sweep();
    expect(await codeOf(erase(refused))).toBe('illegal-transition');
    const pauses = async () =>
      (
        await ceremony.owner.query('SELECT at FROM pauses WHERE authorization_id = $1', [
          refused.id,
        ])
      ).rows;
    expect(await pauses()).toEqual([]);
    await ceremony.authority.ra.notePause({ authorizationId: refused.id });
    await sweep();
    expect(await opened(refused.id)).toBe('erased');
    expect(await pauses()).toHaveLength(1);
    await ceremony.authority.ra.purgeEntries({});
    expect(await pauses()).toHaveLength(1);
    ceremony.clock.move(2 * DAY + 1);
    await ceremony.authority.ra.purgeEntries({});
    expect(await pauses()).toEqual([]);
  });

  test('a made-up end does not shorten the time: refused before the beginning, else counted from its report and the last use', async () => {
    const letter = await released();
    const { scope } = await ceremony.record.condition(letter.id, now());
    const end = (happenedAt: Date): [string, unknown[]] => [
      `INSERT INTO ends VALUES ('end_y', $1, 'loan-settled', $2, 's', $3)`,
      [letter.id, happenedAt, now()],
    ];
    // the letter ends on a date: no event was agreed on
    expect(await refusal('web', end(scope!.fromAt))).toBe('MA001');
    const agree = (event: string | null) =>
      ceremony.owner.query('UPDATE scopes SET end_event = $2 WHERE authorization_id = $1', [
        letter.id,
        event,
      ]);
    await agree('loan-settled');
    expect(await refusal('web', end(addSeconds(scope!.fromAt, -1)))).toBe('MA001');
    // a true one lacks its event in the trail only
    expect(await refusal('web', end(scope!.fromAt))).toBe('MA002');
    await agree(null);
    ceremony.clock.move(2 * DAY);
    await use(letter);
    ceremony.clock.move(DAY);
    const reported = end(scope!.fromAt);
    const client = await ceremony.owner.connect();
    try {
      await client.query('SET session_replication_role = replica');
      await client.query(...reported);
      await client.query('SET session_replication_role = origin');
    } finally {
      client.release();
    }
    const { retention } = await ceremony.record.privacy(letter.id);
    expect(retention!.runsFrom).toEqual(reported[1][2]);
  });

  test('what a dispute keeps does not stand before what is due', async () => {
    const at = addSeconds(now(), 9 * YEAR);
    const [kept, due] = [await released(), await released()];
    for (const [row, days] of [
      [kept, 9],
      [due, 8],
    ] as const)
      await ceremony.owner.query(
        `INSERT INTO erasure_marks (authorization_id, marked_at) VALUES ($1, $2)`,
        [row.id, addSeconds(at, -days * DAY)],
      );
    expect(await ceremony.worker.dueErasures(at, 1)).toEqual([kept.id]);
    await dispute(deps, { authorizationId: kept.id, by: 'subject', proof });
    expect(await ceremony.worker.dueErasures(at, 1)).toEqual([due.id]);
    await ceremony.owner.query('DELETE FROM erasure_marks WHERE authorization_id = ANY($1)', [
      [kept.id, due.id],
    ]);
  });

  test('from the later of certificate and business on; a dispute keeps it; then nobody reads it, and all digests stay', async () => {
    const letter = await released();
    const before = await bundle(letter);
    expect(before.length).toBeGreaterThan(10_000);
    await use(letter);
    // the loan was settled two years after the agreed end: reported late, and the time is not longer for that
    const settled = addSeconds(letter.endAt, 2 * YEAR);
    const client = await ceremony.owner.connect();
    try {
      await client.query('SET session_replication_role = replica');
      await client.query(`INSERT INTO ends VALUES ('end_x', $1, 'loan-settled', $2, 's', $2)`, [
        letter.id,
        settled,
      ]);
      await client.query('SET session_replication_role = origin');
    } finally {
      client.release();
    }
    const { retention } = await ceremony.record.privacy(letter.id);
    expect(retention!.runsFrom).toEqual(letter.endAt);
    expect(retention!.keptUntil.getUTCFullYear()).toBe(letter.endAt.getUTCFullYear() + 5);

    const step = (retention!.keptUntil.getTime() - now().getTime()) / 1000;
    ceremony.clock.move(step - DAY);
    await sweep();
    expect(await codeOf(erase(letter))).toBe('retention-runs');
    ceremony.clock.move(2 * DAY);
    await dispute(deps, { authorizationId: letter.id, by: 'subject', proof });
    await sweep();
    expect(await codeOf(erase(letter))).toBe('on-hold');
    const replica = await ceremony.owner.connect();
    try {
      await replica.query('SET session_replication_role = replica');
      await replica.query(
        `UPDATE holds SET outcome = 'retracted', proposed_by = 'a', proposed_at = $2, grounds = 'g',
           resolved_by = 'b', resolved_at = $2, resolution_id = 'res_x', resolution_salt = 's'
         WHERE authorization_id = $1`,
        [letter.id, now()],
      );
      await replica.query('SET session_replication_role = origin');
    } finally {
      replica.release();
    }
    expect(await sweep()).toMatchObject({ erased: 0 });
    expect((await admin.waitingErasures()).map((it) => it.authorizationId)).toContain(letter.id);
    // readable during the notice
    expect(await codeOf(bundle(letter))).toBe('done');
    ceremony.clock.move(8 * DAY);
    expect((await sweep()).erased).toBeGreaterThan(0);

    expect(await codeOf(bundle(letter))).toBe('erased');
    expect(await codeOf(exportData({ ...deps, vault: ceremony.web.vault }, letter, 'own:x'))).toBe(
      'erased',
    );
    const again = await erase(letter);
    expect(await erase(letter)).toEqual(again);
    // the last entry of the register is the erasure; nobody is found by name any more
    expect((await purposes(letter)).at(-1)).toBe('erase');
    const left = async (sql: string) => (await ceremony.owner.query(sql, [letter.id])).rows;
    expect(await left('SELECT 1 FROM subject_index WHERE authorization_id = $1')).toEqual([]);
    expect(await left('SELECT 1 FROM desk_index WHERE authorization_id = $1')).toEqual([]);
    expect(await left('SELECT wrapped FROM data_keys WHERE authorization_id = $1')).toEqual([
      { wrapped: null },
    ]);
    // trail and ledger stand and say so
    const trail = await ceremony.record.trail(letter.id);
    let previous = '0'.repeat(64);
    for (const { body, digest } of trail) {
      expect(JSON.parse(body).previous).toBe(previous);
      expect(kindDigestHex('event', JSON.parse(body))).toBe(digest);
      previous = digest;
    }
    expect(JSON.parse(trail.at(-1)!.body)).toMatchObject({ type: 'erased', by: 'vault' });
    const [{ entry }] = await left(
      `SELECT q.entry FROM ledger_queue q JOIN erasures e ON q.dedupe = 'shred:' || e.id WHERE e.authorization_id = $1`,
    );
    expect(parseEntry(utf8(entry))).toMatchObject({ kind: 'shred', step: 'erased' });
    const fact = (
      decodeJwt((await ceremony.authority.seal.receipt({ factId: again.erasure })).jws) as any
    ).fact;
    expect(fact).toMatchObject({
      format: 'mandate-erasure/v1',
      askedBy: 'sweep',
      basis: '电子签名法 24',
    });
    // a key does not come back
    expect(
      await refusal('vault', [
        `UPDATE data_keys SET wrapped = 'x' WHERE authorization_id = $1`,
        [letter.id],
      ]),
    ).not.toBeNull();
  });
});

test('a key that nothing was committed under goes after a day, others stay, and nothing is committed without one', async () => {
  const { vault } = ceremony.authority;
  const letter = { id: await ceremony.request() };
  const made = async (kind: 'authorization' | 'bulk') => {
    const authorizationId = newId(kind, ceremony.clock, systemRandom);
    await vault.create({ authorizationId, actor: 'institution:x' });
    return authorizationId;
  };
  // as a process leaves them that dies between the key and the commit
  const orphans = [await made('authorization'), await made('bulk')];
  const left = async (ids: readonly string[]) =>
    (
      await ceremony.owner.query(
        'SELECT 1 FROM data_keys WHERE authorization_id = ANY ($1) AND wrapped IS NOT NULL',
        [ids],
      )
    ).rowCount;
  ceremony.clock.move(DAY - 60);
  await vault.sweepKeys({});
  expect(await left(orphans)).toBe(2);
  const young = await made('authorization');
  ceremony.clock.move(120);
  // two at once delete each key once
  const swept = await Promise.all([vault.sweepKeys({}), vault.sweepKeys({})]);
  expect(swept.reduce((sum, { deleted }) => sum + deleted, 0)).toBe(2);
  expect(await left(orphans)).toBe(0);
  expect(await left([letter.id, young])).toBe(2);
  expect(
    await codeOf(vault.unwrap({ authorizationId: orphans[0]!, purpose: 'sign', actor: 'role:ca' })),
  ).toBe('not-found');
  // whoever comes with the commit after all has lost
  const {
    state: _,
    version: __,
    head: ___,
    updatedAt: ____,
    ...row
  } = await ceremony.record.authorization(letter.id);
  const late = (id: string) =>
    ceremony.record.createAuthorization({
      row: { ...row, id, letterNumber: `M-${id.slice(-12)}` },
      data: {},
      termsBox: new Uint8Array(40),
      searchKey: new Uint8Array(32),
    });
  expect(await codeOf(late(young))).toBe('done');
  await expect(late(orphans[0]!)).rejects.toThrow(/authorization_has_key/);
  expect(
    await refusal('vault', ['DELETE FROM data_keys WHERE authorization_id = $1', [young]]),
  ).toBe('42501');
});

test('whatever role seal signed verifies with the published anchors', async () => {
  const { kinds, faults } = await receiptFaults(ceremony);
  expect(faults).toEqual([]);
  expect(kinds).toEqual(expect.arrayContaining(['erasure', 'redemption', 'release']));
});
