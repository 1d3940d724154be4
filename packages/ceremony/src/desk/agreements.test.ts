import { expect, test } from '@jest/globals';
import { keptAnswers, passkeyCheck } from '@mandate/adapters';
import {
  addSeconds,
  providerWord,
  sha256Hex,
  systemRandom,
  type AgreementProof,
  type StaffSession,
} from '@mandate/core';
import {
  softwareAuthenticator,
  type PasskeyChanges,
} from '../../../../test/kit/software-authenticator.js';
import type { AgreementRow } from './agreement-ports.js';
import {
  agreementHolds,
  askAgreement,
  takeAgreement,
  type AgreedTo,
  type AgreementDeps,
} from './agreements.js';
import { codeOf } from './coded-rows.js';
import { rowMacs } from './row-macs.js';
import { staffChange, type EnteredChange } from './staff-change.js';

const ORIGIN = 'https://desk.example.cn';
/** When `three` signed in at the provider, epoch seconds. */
const CAME_IN = Date.parse('2026-11-22T03:00:00Z') / 1000 - 30;
const macs = rowMacs(new Uint8Array(32).fill(7));
const grant: AgreedTo = { act: 'grant', subject: 'gra_1', digest: 'a'.repeat(64) };
const session = (staff: string, means: StaffSession['means'] = 'passkey'): StaffSession => ({
  ...{ session: `ses_${staff}`, staff, name: staff, institutionId: null, outsourced: false },
  ...{ roles: ['approver'], means, endsAt: '2026-11-22T09:00:00Z' },
  ...(means === 'oidc' ? { authTime: CAME_IN } : {}),
});

/** Two people with a passkey each and one, `three`, of the identity provider; rows in memory. */
function desk() {
  let now = new Date('2026-11-22T03:00:00Z');
  const rows = new Map<string, AgreementRow>();
  const keys = new Map(
    ['one', 'two'].map((staffId) => {
      const device = softwareAuthenticator(ORIGIN);
      const row = {
        ...{ credentialId: device.credentialId, staffId, byWayOf: 'inv_1' },
        ...{ publicKey: device.publicKey, madeAt: now },
      };
      const mac = codeOf(macs, 'staff_passkeys', row);
      return [staffId, { device, row: { ...row, counter: 0, mac } }];
    }),
  );
  const enrolled = (staffId: string, credentialId: Uint8Array) =>
    staffChange(macs, null, {
      ...{ act: 'enrolled', staffId, by: staffId, at: now },
      detail: { passkey: sha256Hex(credentialId), byWayOf: 'inv_1', codes: 0 },
    });
  const told = new Map<string, EnteredChange[]>(
    [...keys].map(([id, { row }]) => [id, [enrolled(id, row.credentialId)]]),
  );
  const linked = (subject: string) =>
    staffChange(macs, null, {
      ...{ act: 'linked', staffId: 'three', by: 'a', approver: 'b', at: now },
      detail: { issuer: 'https://id.example', subject },
    });
  told.set('three', [linked('sub-3')]);
  let cut = false;
  const whole = () => !cut;
  const login = {
    ...{ issuer: 'https://id.example', subject: 'sub-3', staffId: 'three', madeAt: now },
    ...{ madeBy: 'a', approvedBy: 'b', change: 1 },
  };
  let last: number | null = null;
  let word = { subject: 'sub-3', authTime: 0 };
  const record = {
    beginAgreement: async (row: AgreementRow) => void rows.set(row.id, row),
    agreement: async (id: string) => rows.get(id) ?? null,
    answerAgreement: async (row: AgreementRow & { authTime: number | null }) => {
      if (rows.get(row.id)!.answeredAt) return false;
      last = row.authTime ?? last;
      rows.set(row.id, row);
      return true;
    },
    lastAuthTime: async () => last,
    staffChanges: async (staffId: string) => ({
      changes: (told.get(staffId) ?? []).map(({ row }) => row),
      whole: whole(),
    }),
    passkeyOf: async (staffId: string) => keys.get(staffId)?.row ?? null,
    moveCounter: async (row: { staffId: string }, counter: number) => {
      const kept = keys.get(row.staffId)!;
      if (counter <= kept.row.counter) return false;
      kept.row = { ...kept.row, counter };
      return true;
    },
    login: async (_issuer: string, subject: string) =>
      subject === 'sub-3' ? { ...login, mac: codeOf(macs, 'staff_logins', login) } : null,
  } as unknown as AgreementDeps['record'];
  const deps: AgreementDeps = {
    ...{ record, macs, random: systemRandom, clock: { now: () => now } },
    passkeys: passkeyCheck(ORIGIN),
    provider: {
      issuer: 'https://id.example',
      address: async () => 'https://id.example/auth',
      signedIn: async (_query, challenge) => ({
        ...{ nonce: providerWord('nonce', challenge), token: 'b'.repeat(64) },
        ...{ subject: word.subject, authTime: word.authTime || now.getTime() / 1000 },
      }),
    },
  };
  const ask = (who = session('one'), to = grant) => askAgreement(deps, who, to);
  const answered = async (changes: PasskeyChanges = {}, by = 'one'): Promise<AgreementProof> => {
    const { agreement, options } = await ask();
    const challenge = String(options!['challenge']);
    return { agreement, answer: keys.get(by)!.device.assert(challenge, changes) };
  };
  const take = async (proof: AgreementProof | undefined, who = session('one'), to = grant) => {
    try {
      return await takeAgreement(deps, who, to, proof);
    } catch (error) {
      return (error as { extensions?: { why?: string } }).extensions?.why;
    }
  };
  return {
    ...{ deps, rows, keys, ask, answered, take, told, enrolled, linked },
    cutOff: (is: boolean) => (cut = is),
    pass: (seconds: number) => (now = addSeconds(now, seconds)),
    tell: (said: Partial<typeof word>) => (word = { ...word, ...said }),
  };
}

test('nobody else’s word, none over something else, none twice and none too late', async () => {
  const { answered, take, ask, keys, pass } = desk();
  expect(await take(undefined)).toBe('agreement-over');
  expect(await take({ agreement: 'agr_x', query: '' })).toBe('agreement-over');
  const other = { ...grant, digest: 'c'.repeat(64) };
  expect(await take(await answered(), session('one'), other)).toBe('agreement-changed');
  for (const to of [
    { ...grant, act: 'seal' as const },
    { ...grant, subject: 'gra_2' },
  ])
    expect(await take(await answered(), session('one'), to)).toBe('agreement-over');
  expect(await take(await answered(), session('two'))).toBe('agreement-over');
  const elsewhere = { ...session('one'), session: 'ses_other' };
  expect(await take(await answered(), elsewhere)).toBe('agreement-over');
  // Another person's passkey, also under the name of the right one; an answer to another question.
  expect(await take(await answered({}, 'two'))).toBe('agreement-unproven');
  const stolen = (await answered({}, 'two')) as Extract<AgreementProof, { answer: object }>;
  const named = { ...stolen.answer, id: keys.get('one')!.device.id };
  expect(await take({ ...stolen, answer: named })).toBe('agreement-unproven');
  const question = String((await ask()).options!['challenge']);
  expect(await take(await answered({ challenge: question }))).toBe('agreement-unproven');
  // Nobody showed the device who they are; a counter that went back; a page that is not ours.
  expect(await take(await answered({ flags: 0x01 }))).toBe('agreement-unproven');
  expect(await take(await answered({ counter: 0 }))).toBe('agreement-unproven');
  expect(await take(await answered({ origin: 'https://evil.example' }))).toBe('agreement-unproven');
  expect(await take(await answered({ crossOrigin: true }))).toBe('agreement-unproven');
  const { agreement } = await ask();
  expect(await take({ agreement, query: 'code=x' })).toBe('agreement-unproven');
  const late = await answered();
  pass(300);
  expect(await take(late)).toBe('agreement-over');
  const good = await answered();
  expect(await take(good)).toMatchObject({ id: good.agreement });
  expect(await take(good)).toBe('agreement-over');
});

test('a passkey agrees only where the register of changes names it, whole and to its end', async () => {
  const { answered, take, told, enrolled, keys, cutOff } = desk();
  const mine = told.get('one')!;
  // One that was replaced and is live again, or was made with role vault's secret.
  const other = enrolled('one', keys.get('two')!.row.credentialId);
  for (const changes of [[], [other], [{ ...mine[0]!, row: { ...mine[0]!.row, number: 2 } }]]) {
    told.set('one', changes);
    expect(await take(await answered())).toBe('agreement-unproven');
  }
  told.set('one', mine);
  cutOff(true);
  expect(await take(await answered())).toBe('agreement-unproven');
  cutOff(false);
  expect(await take(await answered())).toMatchObject({ id: expect.stringMatching(/^agr_/) });
});

test('a sign-in at the organisation agrees only where the register of changes links it', async () => {
  const { ask, take, told, linked, pass, deps } = desk();
  const who = session('three', 'oidc');
  const answer = async () => take({ agreement: (await ask(who)).agreement, query: 'code=x' }, who);
  pass(60);
  const mine = told.get('three')!;
  // The row and its code are as they were; the account was reset, linked with another, or closed.
  const reset = staffChange(macs, mine[0]!.row, {
    ...{ act: 'reset', staffId: 'three', by: 'a', approver: 'b', at: deps.clock.now() },
  });
  for (const changes of [[], [linked('sub-4')], [...mine, reset]]) {
    told.set('three', changes);
    expect(await answer()).toBe('agreement-unproven');
  }
  told.set('three', mine);
  expect(await answer()).toMatchObject({ id: expect.stringMatching(/^agr_/) });
});

test('only the person’s own passkey is asked, and a person without one agrees to nothing', async () => {
  const { ask, keys } = desk();
  const { options } = await ask();
  expect(options).toMatchObject({
    ...{ rpId: 'desk.example.cn', userVerification: 'required' },
    allowCredentials: [{ type: 'public-key', id: keys.get('one')!.device.id }],
  });
  const without = ask(session('four'));
  await expect(without).rejects.toMatchObject({ extensions: { why: 'agreement-unproven' } });
});

test('whoever came in through their organisation signs in there once more, as themselves, after the question', async () => {
  const { ask, take, tell, pass, deps, rows } = desk();
  const who = session('three', 'oidc');
  const begun = async () => ({ agreement: (await ask(who)).agreement, query: 'code=x' });
  expect(await ask(who)).toMatchObject({ address: 'https://id.example/auth' });
  tell({ authTime: deps.clock.now().getTime() / 1000 - 90 });
  expect(await take(await begun(), who)).toBe('agreement-unproven');
  tell({ authTime: 0, subject: 'somebody-else' });
  expect(await take(await begun(), who)).toBe('agreement-unproven');
  // The sign-in by which they came in, said once more; a session from before that was kept.
  tell({ subject: 'sub-3', authTime: CAME_IN });
  expect(await take(await begun(), who)).toBe('agreement-unproven');
  tell({ authTime: CAME_IN + 1 });
  const { authTime: _, ...before } = who;
  expect(await take(await begun(), before)).toBe('agreement-unproven');
  tell({ authTime: 0 });
  pass(60);
  const proof = await begun();
  const { id, at } = (await take(proof, who)) as { id: string; at: Date };
  const kept = { row: rows.get(id)!, passkey: null };
  const said = { ...grant, staffId: 'three', sessionId: 'ses_three', at };
  const checks = { macs, passkeys: keptAnswers };
  expect(await agreementHolds(checks, kept, said)).toBe(true);
  // One sign-in agrees once, whatever was asked.
  expect(await take(await begun(), who)).toBe('agreement-unproven');
  // Even with role vault's secret: a token over something else is not this one.
  const nonce = providerWord('nonce', new Uint8Array(32));
  const row = { ...kept.row, proof: JSON.stringify({ ...JSON.parse(kept.row.proof!), nonce }) };
  const forged = { ...row, mac: codeOf(macs, 'staff_agreements', row) };
  expect(await agreementHolds(checks, { ...kept, row: forged }, said)).toBe(false);
});

test('what is kept is checked again, years later, against the key that was kept: by it the word is that person’s', async () => {
  const { answered, take, rows, keys } = desk();
  const { id, at } = (await take(await answered())) as { id: string; at: Date };
  const { device, row: passkey } = keys.get('one')!;
  const row = rows.get(id)!;
  const said = { ...grant, staffId: 'one', sessionId: 'ses_one', at };
  const checks = { macs, passkeys: keptAnswers };
  const holds = (change: Partial<AgreementRow> = {}, more: object = {}) => {
    const changed = { ...row, ...change };
    const kept = { row: { ...changed, mac: codeOf(macs, 'staff_agreements', changed) }, passkey };
    return agreementHolds(checks, { ...kept, ...more }, said);
  };
  expect(await holds()).toBe(true);
  expect(await agreementHolds(checks, undefined, said)).toBe(false);
  expect(
    await agreementHolds(checks, { row: { ...row, mac: new Uint8Array(32) }, passkey }, said),
  ).toBe(false);
  expect(await holds({}, { passkey: null })).toBe(false);
  expect(await holds({}, { passkey: { ...passkey, mac: new Uint8Array(32) } })).toBe(false);
  for (const change of [
    ...[{ subject: 'gra_2' }, { digest: 'c'.repeat(64) }, { staffId: 'two' }],
    ...[{ sessionId: 'ses_two' }, { answeredAt: addSeconds(at, 1) }, { proof: null }],
  ])
    expect([change, await holds(change)]).toEqual([change, false]);
  // Who has role vault's secret writes the codes, and not the signature.
  expect(await holds({ nonce: new Uint8Array(32) })).toBe(false);
  const challenge = Buffer.from(systemRandom.bytes(32)).toString('base64url');
  const { clientDataJSON, authenticatorData, signature } = device.assert(challenge).response;
  const proof = { credentialId: device.id, clientDataJSON, authenticatorData, signature };
  expect(await holds({ proof: JSON.stringify(proof) })).toBe(false);
});
