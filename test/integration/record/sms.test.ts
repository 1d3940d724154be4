import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { readTrustFolder } from '@mandate/adapters';
import { addSeconds, fromUtf8, type SmsMessage, type SmsOutcome } from '@mandate/core';
import { evidenceBundle, LIMITS, startOfHour } from '@mandate/ceremony';
import { PART, readBundle } from '@mandate/evidence';
import { createLog } from '@mandate/runtime';
import { openDatabase, raRecord } from '@mandate/store';
import { verifyFile } from '@mandate/verify';
import { sendMessage } from '@mandate/worker';
import { recordingSms } from '../../kit/recording-sms.js';
import { startCeremony, SUBJECT, type StartedCeremony } from './started-ceremony.js';

jest.setTimeout(60_000);

let it: StartedCeremony;
beforeAll(async () => {
  it = await startCeremony();
}, 60_000);
afterAll(() => it.stop());

let people = 0;
const somebody = () => ({ ...SUBJECT, phone: `135${String(++people).padStart(8, '0')}` });
const codeIn = ({ text }: SmsMessage): string => /\d{6}/.exec(text)![0];
const unknown = (): SmsOutcome => ({ outcome: 'unknown', fault: 'no-answer' });

/** Sends a challenge's code the way the worker does. */
const deliver = async (challengeId: string, ...answers: (undefined | (() => SmsOutcome))[]) => {
  const messages: SmsMessage[] = [];
  const sms = answers.map((answer, i) => recordingSms(messages, `gate-${i + 1}`, answer));
  const log = createLog({ service: 'worker', level: 'silent' });
  await sendMessage({ sms, log, clock: it.clock, record: it.worker }, (gateway) =>
    it.authority.ra.message({ challengeId, gateway }),
  );
  return messages;
};

test('a second gateway carries a code of its own; the first one’s opens nothing', async () => {
  const at = await it.presented(somebody());
  const asked = await it.challenge(at.id);
  const [first, second] = await deliver(asked.challengeId, unknown, undefined);
  expect(codeIn(first!)).not.toBe(codeIn(second!));
  const inBoth = ({ text }: SmsMessage): string => text.replace(/\d{6}/, '');
  expect(inBoth(first!)).toBe(inBoth(second!));
  expect([first, second].map((m) => m!.reference)).toEqual([
    `${asked.challengeId}.1`,
    `${asked.challengeId}.2`,
  ]);

  await expect(it.confirm(at, asked, codeIn(first!))).rejects.toMatchObject({ code: 'code-wrong' });
  await it.confirm(at, asked, codeIn(second!));
  expect(await it.state(at.id)).toBe('confirmed');
  const { rows } = await it.owner.query('SELECT * FROM sms_sends WHERE about = $1 ORDER BY id', [
    asked.challengeId,
  ]);
  expect(rows).toMatchObject([
    { ordinal: 1, gateway: 'gate-1', outcome: 'unknown', fault: 'no-answer', message_ids: [] },
    { ordinal: 2, gateway: 'gate-2', outcome: 'accepted', fault: null },
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/135\d{8}/);
});

test('the same gateway again carries the same code; back at the first one it is a third', async () => {
  const asked = await it.challenge((await it.presented(somebody())).id);
  const fetch = async (gateway: string) =>
    codeIn((await it.authority.ra.message({ challengeId: asked.challengeId, gateway }))!);
  const [a, again, b, c] = [await fetch('a'), await fetch('a'), await fetch('b'), await fetch('a')];
  expect(again).toBe(a);
  expect(new Set([a, b, c]).size).toBe(3);
});

test('asked by many at once, a code is never known to two gateways, and five deliveries are all', async () => {
  const at = await it.presented(somebody());
  const asked = await it.challenge(at.id);
  const made = (
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const gateway = `gate-${i % 3}`;
        const message = await it.authority.ra.message({ challengeId: asked.challengeId, gateway });
        return message && { gateway, code: codeIn(message), reference: message.reference };
      }),
    )
  ).filter((message) => message !== null);
  expect(made.length).toBeGreaterThan(0);
  expect(made.length).toBeLessThanOrEqual(LIMITS.sends);
  const gatewayOf = new Map(made.map(({ code, gateway }) => [code, gateway]));
  for (const { code, gateway } of made) expect(gatewayOf.get(code)).toBe(gateway);
  const newest = made.toSorted((a, b) => a.reference.localeCompare(b.reference)).at(-1)!;
  await it.confirm(at, asked, newest.code);
});

test('the code to one’s own authorizations follows the same rule', async () => {
  const subject = somebody();
  const at = await it.presented(subject);
  const asked = await it.challenge(at.id);
  await it.confirm(at, asked);
  await it.authority.ra.enterOwn(asker(subject, 'here'));
  const { rows } = await it.owner.query(
    'SELECT id FROM own_challenges WHERE authorization_id = $1',
    [at.id],
  );
  const fetch = (gateway: string) =>
    it.authority.ra.ownMessage({ ownChallengeId: rows[0].id, gateway });
  const [a, b] = [(await fetch('a'))!, (await fetch('b'))!];
  expect(codeIn(a)).not.toBe(codeIn(b));
  expect([a.reference, b.reference]).toEqual([`${rows[0].id}.1`, `${rows[0].id}.2`]);
});

const asker = (subject: ReturnType<typeof somebody>, address: string) => ({
  ...subject,
  idType: 'cn-resident-id',
  address,
});

test('tries from one address keep nobody out of their own authorizations', async () => {
  const subject = { ...somebody(), name: '李初一' };
  const at = await it.presented(subject);
  await it.confirm(at, await it.challenge(at.id));
  const tried = (who: typeof subject, address: string) =>
    it.authority.ra.enterOwn(asker(who, address)).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    );
  const rows = async () =>
    (await it.owner.query('SELECT id FROM own_challenges WHERE authorization_id = $1', [at.id]))
      .rows.length;
  for (const stranger of [
    () => ({ ...somebody(), phone: subject.phone, name: '王小明' }),
    () => ({ ...subject, phone: somebody().phone }),
  ]) {
    const codes: string[] = [];
    for (let round = 0; round <= LIMITS.ownPerPhoneHere; round++)
      codes.push(await tried(stranger(), 'attacker'));
    expect(codes).toEqual([...Array(LIMITS.ownPerPhoneHere).fill('ok'), 'rate-limited']);
  }
  expect(await rows()).toBe(0);
  // The subject comes in, and gets so many messages a day, from wherever they are asked for.
  for (let round = 0; round < LIMITS.ownSends + 2; round++) {
    expect(await tried(subject, `home-${round}`)).toBe('ok');
    expect(await rows()).toBe(Math.min(round + 1, LIMITS.ownSends));
  }
});

test('a number or person is asked for from many addresses at most so often', async () => {
  const subject = { ...somebody(), name: '李初二' };
  const tried = (round: number, change: Partial<typeof subject>) =>
    it.authority.ra.enterOwn(asker({ ...subject, ...change }, `bot-${round}`)).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    );
  for (let round = 0; round < LIMITS.ownPerPhone; round++)
    expect(await tried(round, {})).toBe('ok');
  expect(await tried(99, {})).toBe('rate-limited');
  expect(await tried(99, { phone: somebody().phone })).toBe('rate-limited');
  expect(await tried(99, { name: '王小明' })).toBe('rate-limited');
});

test('role ra itself can put no code back, and none through two gateways', async () => {
  const asked = await it.challenge((await it.presented(somebody())).id);
  await deliver(asked.challengeId, undefined);
  const client = await it.owner.connect();
  const refused = async (change: string): Promise<string | null> => {
    try {
      await client.query('BEGIN; SET LOCAL ROLE mandate_ra');
      await client.query(`UPDATE challenges SET ${change} WHERE id = $1`, [asked.challengeId]);
      return null;
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await client.query('ROLLBACK');
    }
  };
  const other = "code_mac = sha256('x'), sealed_code = 'x'";
  try {
    for (const change of [
      other,
      `${other}, code_ordinal = 2`,
      `${other}, code_ordinal = 2, code_gateway = 'gate-1'`,
      `${other}, code_ordinal = 3, code_gateway = 'gate-2'`,
      "code_gateway = 'gate-2'",
      "code_mac = sha256('x'), code_ordinal = 2, code_gateway = 'gate-2'",
      'code_ordinal = 2',
      'code_gateway = NULL',
      'code_mac = NULL, code_ordinal = 2',
      'sends = 0',
      `dead_at = now(), ${other}, code_ordinal = 1`,
    ])
      expect([change, await refused(change)]).toEqual([change, 'MA001']);
    expect(await refused(`${other}, code_ordinal = 2, code_gateway = 'gate-2'`)).toBeNull();
  } finally {
    client.release();
  }
});

test('what a carrier said by then is a part of the bundle and bound by the certificate; what it says later is not', async () => {
  const at = await it.presented(somebody());
  const asked = await it.challenge(at.id);
  const [message] = await deliver(asked.challengeId, undefined);
  const id = `gate-1-${message!.reference}`;
  const heard = { gateway: 'gate-1', messageId: id, code: 'DELIVRD' };
  await it.record.noteReceipts(
    [
      { ...heard, status: 'delivered' },
      { ...heard, messageId: 'of-somebody-else', status: 'delivered' },
      { ...heard, gateway: 'gate-2', status: 'failed' },
    ],
    it.clock.now(),
  );
  await it.worker.noteReceipts([{ ...heard, status: 'delivered' }], addSeconds(it.clock.now(), 9));
  await it.confirm(at, asked, codeIn(message!));
  await it.worker.noteReceipts([{ ...heard, status: 'failed' }], it.clock.now());

  const issued = await it.issue({ ...at, challenge: asked });
  await it.complete(at, issued);
  await it.authority.ledger.integrate({});
  const bundle = await evidenceBundle(it.deps, await it.record.authorization(at.id), {
    purpose: 'download',
    actor: 'test',
  });
  const part = JSON.parse(fromUtf8(readBundle(bundle).parts.get(PART.delivery)!));
  expect(part).toMatchObject({
    format: 'mandate-delivery/v1',
    challenge: asked.challengeDigest,
    sends: [
      {
        code: 1,
        gateway: 'gate-1',
        receipts: [{ message: id, status: 'delivered', carrierCode: 'DELIVRD' }],
      },
    ],
  });
  expect(part.sends[0].receipts).toHaveLength(1);
  expect(JSON.stringify(part)).not.toMatch(/135\d{8}/);
  const { verdict, facts } = verifyFile(bundle, {
    anchors: await readTrustFolder(`${it.folder}/trust`),
    at: it.clock.now(),
  });
  expect(verdict.indication).toBe('TOTAL-PASSED');
  expect(facts.authorization?.code).toMatchObject({
    reports: [{ gateway: 'gate-1', status: 'delivered' }],
  });
});

test('sends and receipts are appended, never changed, and role web sees no sends', async () => {
  const refusal = async (role: string, statement: string): Promise<string | undefined> => {
    const client = await it.owner.connect();
    try {
      await client.query(`BEGIN; SET LOCAL ROLE mandate_${role}`);
      await client.query(statement);
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  };
  for (const role of ['web', 'worker', 'ra', 'desk'])
    for (const table of ['sms_sends', 'sms_receipts'])
      for (const statement of [`DELETE FROM ${table}`, `UPDATE ${table} SET gateway = 'x'`])
        expect([role, statement, await refusal(role, statement)]).toEqual([
          role,
          statement,
          '42501',
        ]);
  expect(await refusal('web', 'SELECT about FROM sms_sends')).toBe('42501');
  expect(
    await refusal(
      'worker',
      "INSERT INTO sms_receipts (gateway, message_id, status, code, received_at, heard_by) VALUES ('a', 'b', 'failed', '', now(), 'mandate_web')",
    ),
  ).toBe('42501');
});

test('an institution whose codes nobody answers gets no more, and the worker hears of it', async () => {
  const ra = openDatabase(it.url, 'ra', 1);
  const at = await it.presented(somebody());
  const windowStart = startOfHour(it.clock.now());
  const since = addSeconds(windowStart, -3600);
  const limit = { scope: 'challenges-sent-institution', key: it.institution.id, windowStart };
  try {
    const record = raRecord(ra);
    const before = await record.counted(limit.scope, limit.key, since);
    expect(before).toBeGreaterThan(0);
    for (let n = before; n < LIMITS.unansweredInstitution; n++)
      await record.count({ ...limit, max: 1e6 });
    await expect(it.challenge(at.id)).rejects.toMatchObject({ code: 'rate-limited' });
    expect(await it.worker.heldBackCodes(since)).toEqual([
      { key: `institution:${it.institution.id}`, count: 1 },
    ]);
    expect(await it.worker.heldBackCodes(addSeconds(windowStart, 1))).toEqual([]);
    // one in ten is enough
    const answered = { ...limit, scope: 'challenges-answered-institution', max: 1e6 };
    for (let n = 0; n < LIMITS.unansweredInstitution / 10; n++) await record.count(answered);
    await it.challenge(at.id);
  } finally {
    await ra.destroy();
  }
});
