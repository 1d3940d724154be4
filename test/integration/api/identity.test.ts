import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  canonicalBytes,
  fromBase64Url,
  fromHex,
  identityBinding,
  identityCommitments,
  toBase64Url,
  type IdentityResult,
} from '@mandate/core';
import { PART, readBundle } from '@mandate/evidence';
import { evidenceLevel } from '@mandate/report';
import { IDENTITY_POLICIES } from '@mandate/terms';
import { verifyFile } from '@mandate/verify';
import { makeKey } from '../../kit/authority.js';
import { codeFromSandbox, subjectClient } from '../../kit/ceremony-client.mjs';
import {
  identityEnvironment,
  startIdentityPeer,
  type IdentityPeer,
} from '../../kit/identity-peer.js';
import { softwareAuthenticator } from '../../kit/software-authenticator.js';
import {
  authorizationBody,
  person,
  startApi,
  templateBody,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';

let api: ApiInstance;
let tenant: Tenant;
let other: Tenant;
let offset = 0;
/** The providers' clock, moved with the service's. */
const now = (): Date => new Date(Date.now() + offset * 1000);
let police: IdentityPeer;
let spare: IdentityPeer;
let carrier: IdentityPeer;
let peers: readonly IdentityPeer[];

beforeAll(async () => {
  police = await startIdentityPeer('police', 'police-id', now);
  spare = await startIdentityPeer('spare', 'police-id+face', now);
  carrier = await startIdentityPeer('carrier', 'carrier-name+bank-card', now);
  peers = [police, spare, carrier];
  api = await startApi(await identityEnvironment(peers));
  [tenant, other] = [await api.tenant(), await api.tenant()];
  for (const { apiKey } of [tenant, other]) {
    for (const [name, policy] of [
      ['credit', { identity: 'cn-credit' }],
      ['credit-key', { identity: 'cn-credit', measures: ['sms-code', 'passkey'] }],
      ['strong', { identity: 'strong', measures: ['sms-code', 'passkey'] }],
    ] as const) {
      const body = templateBody(name);
      const { status } = await api.publish({
        key: apiKey,
        headers: { 'idempotency-key': `template-${name}` },
        body: { ...body, policy: { ...body.policy, ...policy } },
      });
      expect(status).toBe(201);
    }
  }
}, 60_000);
afterAll(async () => {
  await api?.stop();
  for (const { http } of peers) await http.close();
});
const calm = (): void => {
  for (const peer of peers)
    Object.assign(peer, {
      status: 200,
      signer: peer.key,
      replay: undefined,
      change: (answer: unknown) => answer,
    });
};
beforeEach(() => {
  calm();
  for (const { http } of peers) http.received.splice(0);
});
/** Providers that failed in the test before are asked again. */
const wait = (seconds: number): void => {
  offset += seconds;
  api.advance(seconds);
};

let count = 300;
/** A browser whose subject has read the letter. */
async function atTheLetter(subject = person(++count), template = 'credit') {
  const { json } = await api.call('POST', '/v1/authorizations', {
    key: tenant.apiKey,
    headers: { 'idempotency-key': `letter-${++count}` },
    body: { ...authorizationBody(api, count, template), subject },
  });
  const id: string = json.id;
  const way = await api.call('POST', `/v1/authorizations/${id}/signing-links`, {
    key: tenant.apiKey,
  });
  const browser = subjectClient(api.url, { now: api.now });
  const call = (path: string, body: unknown): Promise<any> =>
    browser.call('POST', path, body).catch((problem: unknown) => problem);
  const check = (name: string, input?: string): Promise<any> =>
    call('/identity', { check: name, ...(input === undefined ? {} : { input }) });
  await browser.open(way.json.url);
  const view: any = await browser.read(await browser.identify(subject.idNumber.slice(-6)));
  return { id, subject, browser, view, call, check };
}

/** Both checks shown; the code is next. */
async function shown() {
  const at = await atTheLetter();
  await at.check('police-id');
  return { ...at, view: await at.check('carrier-name') };
}

async function codeOf(at: Awaited<ReturnType<typeof atTheLetter>>) {
  const view: any = await at.browser.challenge();
  const { code } = await codeFromSandbox(api.url, at.subject.phone, view.challenge.checkCode);
  return { view, code };
}

const assertion = (changes: object = {}) => ({
  reference: `login-${++count}`,
  vouchedBy: 'mobile banking',
  how: 'logged in',
  at: now().toISOString(),
  ...changes,
});
const assertFor = (id: string, body: object, of = tenant) =>
  api.call('POST', `/v1/authorizations/${id}/assertions`, {
    key: of.apiKey,
    headers: { 'idempotency-key': `assert-${++count}` },
    body,
  });

/** A confirmation as role ra would write it. */
const confirmationOf = (id: string): string =>
  `INSERT INTO confirmations (authorization_id, challenge_id, visit_id, parts, evidence_root, code_record,
     public_key, proof, trail_version, confirmed_at, good_until)
   SELECT authorization_id, id, 'vis', '{}', '', '{}', '', '', 9, made_at, made_at FROM challenges
   WHERE authorization_id = '${id}'`;

describe('without what the template asks', () => {
  test('no code is sent, and the page is told what is missing, in order', async () => {
    const at = await atTheLetter();
    expect(at.view.step).toBe('identity');
    expect(at.view.identity.steps.map(({ missing }: any) => missing)).toEqual([1, 1]);
    expect(at.view.identity.steps[0].options).toMatchObject([
      { check: 'police-id', state: 'open', provider: { name: 'police', simulated: false } },
    ]);
    expect((await at.call('/challenge', {})).code).toBe('identity-required');
    expect((await at.check('carrier-name')).code).toBe('step-out-of-order');
    expect(carrier.http.received).toHaveLength(0);
    expect((await at.check('police-id')).identity.steps[0].missing).toBe(0);
    expect((await at.call('/challenge', {})).code).toBe('identity-required');
  });

  test('the database refuses a confirmation that role ra would write without them', async () => {
    const at = await shown();
    const { view, code } = await codeOf(at);
    await api.query(
      `UPDATE identity_answers SET fresh_until = received_at WHERE digest IN
       (SELECT digest FROM identity_results WHERE authorization_id = $1) AND check_name = 'police-id'`,
      [at.id],
    );
    expect(await at.browser.confirm(view, code).catch((problem) => problem.code)).toBe(
      'identity-required',
    );
    await expect(api.query(confirmationOf(at.id))).rejects.toMatchObject({ code: 'MA018' });
  });

  test('the policies of the database are those of the code', async () => {
    const rows = await api.query(
      'SELECT policy, requirements, fresh_seconds FROM identity_policies ORDER BY policy',
    );
    const data = Object.entries(IDENTITY_POLICIES)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([policy, { requirements, freshSeconds }]) => ({
        policy,
        requirements,
        fresh_seconds: freshSeconds,
      }));
    expect(rows).toEqual(data);
  });

  test('the database refuses a scene that softens the policy it names', async () => {
    const at = await shown();
    await codeOf(at);
    for (const [path, soft] of [
      ['{identity,requirements}', '[{"need": 1, "of": ["sms-code"]}]'],
      ['{identity,freshSeconds}', '999999'],
    ])
      // One transaction, undone as a whole.
      await expect(
        api.query(
          `ALTER TABLE challenges DISABLE TRIGGER challenge_life;
           UPDATE challenges SET scene = jsonb_set(scene::jsonb, '${path}', '${soft}')::text
             WHERE authorization_id = '${at.id}';
           ${confirmationOf(at.id)}`,
        ),
      ).rejects.toMatchObject({ code: 'MA001', message: expect.stringContaining('policy') });
  });
});

describe('what does not count', () => {
  test('a refusal by the provider: counted against the letter, three a day, and against no other', async () => {
    const at = await atTheLetter();
    police.change = (answer) => ({ ...answer, outcome: 'mismatch' });
    const first = await at.check('police-id');
    expect([first.code, first.problem.triesLeft]).toEqual(['identity-failed', 2]);
    expect(((await at.browser.view()) as any).identity.steps[0].options[0].state).toBe('failed');
    await at.check('police-id');
    expect((await at.check('police-id')).problem.triesLeft).toBe(0);
    const asked = police.http.received.length;
    expect((await at.check('police-id')).code).toBe('identity-exhausted');
    expect(police.http.received).toHaveLength(asked);
    expect((await at.call('/challenge', {})).code).toBe('identity-required');
    // The same number under the right name, in a letter of their own.
    calm();
    const own = await atTheLetter({ ...at.subject, name: `${at.subject.name}明` });
    expect((await own.check('police-id')).identity.steps[0].missing).toBe(0);
  });

  test('many at once: no more are asked than there are tries', async () => {
    const at = await atTheLetter();
    police.change = (answer) => ({ ...answer, outcome: 'mismatch' });
    const codes = await Promise.all(
      Array.from({ length: 6 }, async () => (await at.check('police-id')).code),
    );
    expect(codes.filter((code) => code === 'identity-exhausted')).toHaveLength(3);
    expect(police.http.received).toHaveLength(3);
  });

  test('too old: asked again', async () => {
    const at = await shown();
    expect(at.view.step).toBe('code');
    const { view, code } = await codeOf(at);
    wait(31 * 60);
    expect(await at.browser.confirm(view, code).catch((problem) => problem.code)).toBe(
      'identity-required',
    );
    const later: any = await at.browser.view();
    expect([later.step, later.identity.steps[0].missing]).toEqual(['identity', 1]);
    expect((await at.call('/challenge', {})).code).toBe('identity-required');
  });

  test('whatever is wrong with an answer is the provider’s failure, not the person’s', async () => {
    await shown();
    const faults: Record<string, () => void> = {
      'in disorder': () => (carrier.status = 500),
      'a forged signature': () => (carrier.signer = makeKey()),
      'about another person or letter': () =>
        (carrier.change = (answer) => ({ ...answer, binding: 'a'.repeat(64) })),
      'another check': () => (carrier.change = (answer) => ({ ...answer, check: 'bank-card' })),
      'another provider’s name': () =>
        (carrier.change = (answer) => ({ ...answer, provider: 'police' })),
      'of yesterday': () =>
        (carrier.change = (answer) => ({ ...answer, at: '2026-01-01T00:00:00Z' })),
      'calls itself simulated': () =>
        (carrier.change = (answer) => ({ ...answer, simulated: true })),
      'members nobody knows': () =>
        (carrier.change = (answer) => ({ ...answer, picture: 'x' }) as never),
      'given before': () => (carrier.replay = carrier.given.at(-1)),
    };
    const given = carrier.given.at(-1)!;
    const at = await atTheLetter();
    await at.check('police-id');
    for (const [name, misbehave] of Object.entries(faults)) {
      misbehave();
      if (carrier.replay) carrier.replay = given;
      expect([name, (await at.check('carrier-name')).code]).toEqual([name, 'identity-unavailable']);
      calm();
      // so that the breaker asks again
      wait(31);
    }
    expect(carrier.http.received).toHaveLength(1 + Object.keys(faults).length);
    const [{ outcomes }] = await api.query(
      `SELECT count(*)::int AS outcomes FROM identity_answers a JOIN identity_results r USING (digest)
       WHERE authorization_id = $1 AND check_name = 'carrier-name'`,
      [at.id],
    );
    expect(outcomes).toBe(0);
    expect((await at.check('carrier-name')).step).toBe('code');
  });

  test('a reference that was given before, under a new signature', async () => {
    const at = await atTheLetter();
    await at.check('police-id');
    carrier.change = (answer) => ({ ...answer, reference: 'carrier-again' });
    expect((await at.check('carrier-name')).step).toBe('code');
    const next = await atTheLetter();
    await next.check('police-id');
    expect((await next.check('carrier-name')).code).toBe('identity-unavailable');
  });

  test('the result of another authorization, in this one’s name', async () => {
    const [mine, theirs] = [await atTheLetter(), await shown()];
    // Whoever can write as role ra still has no event for it.
    await expect(
      api.query(
        `INSERT INTO identity_results (authorization_id, digest, box)
         SELECT $1, digest, box FROM identity_results WHERE authorization_id = $2`,
        [mine.id, theirs.id],
      ),
    ).rejects.toMatchObject({ code: 'MA002' });
    expect((await mine.call('/challenge', {})).code).toBe('identity-required');
  });

  test('input that the check does not take, or is none', async () => {
    const at = await atTheLetter();
    expect((await at.check('police-id', '123')).code).toBe('invalid-request');
    await at.check('police-id');
    for (const card of [undefined, '6222021234567890', 'x'])
      expect((await at.check('bank-card', card)).code).toBe('invalid-request');
    expect((await at.check('institution')).code).toBe('step-out-of-order');
    expect(carrier.http.received).toHaveLength(0);
  });

  test('roles other than ra write no result', async () => {
    await expect(
      api.query(
        `SET ROLE mandate_web; INSERT INTO identity_results (authorization_id, digest, box)
         VALUES ('x', 'y', '')`,
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

test('a provider that is out of order is passed over for the next, and not asked again for a while', async () => {
  police.status = 503;
  for (let i = 0; i < 3; i++) {
    const at = await atTheLetter();
    expect((await at.check('police-id')).identity.steps[0].options[0]).toMatchObject({
      state: 'matched',
      provider: { name: 'spare' },
    });
  }
  const before = police.http.received.length;
  const at = await atTheLetter();
  expect((await at.check('police-id')).identity.steps[0].missing).toBe(0);
  expect(police.http.received).toHaveLength(before);
  wait(31);
});

test('a question shuts a provider for nobody else, nor does one check for another', async () => {
  police.status = 404;
  for (let i = 0; i < 4; i++) await (await atTheLetter()).check('police-id');
  expect(police.http.received).toHaveLength(4);
  const at = await atTheLetter();
  await at.check('police-id');
  carrier.status = 503;
  for (let i = 0; i < 4; i++)
    expect((await at.check('carrier-name')).code).toBe('identity-unavailable');
  expect(carrier.http.received).toHaveLength(3);
  carrier.status = 200;
  expect((await at.check('bank-card', '6222021234567894')).step).toBe('code');
  wait(31);
});

describe('the institution’s word', () => {
  test('stands in the record as its own, counts for nothing, and is its own alone', async () => {
    const at = await atTheLetter();
    expect((await assertFor(at.id, assertion(), other)).status).toBe(404);
    for (const wrong of [
      new Date(now().getTime() + 600_000),
      new Date(now().getTime() - 7_200_000),
    ])
      expect((await assertFor(at.id, assertion({ at: wrong.toISOString() }))).json.code).toBe(
        'invalid-request',
      );
    const body = assertion();
    expect((await assertFor(at.id, body)).status).toBe(201);
    expect((await assertFor(at.id, body)).json.code).toBe('identity-unavailable');
    const view = await at.check('police-id');
    expect([view.step, view.identity.steps[1].missing]).toEqual(['identity', 1]);
    expect((await at.check('carrier-name')).step).toBe('code');
    await codeOf(at);
    const [{ scene }] = await api.query(
      'SELECT scene FROM challenges WHERE authorization_id = $1',
      [at.id],
    );
    expect(JSON.parse(scene).identity.results.map(({ check }: any) => check)).toEqual([
      'police-id',
      'carrier-name',
      'institution',
    ]);
  });

  test('is refused where the template asks for nothing', async () => {
    await api.publish({
      key: tenant.apiKey,
      headers: { 'idempotency-key': 'template-plain' },
      body: templateBody('plain'),
    });
    const { json } = await api.call('POST', '/v1/authorizations', {
      key: tenant.apiKey,
      headers: { 'idempotency-key': 'letter-plain' },
      body: authorizationBody(api, 999, 'plain'),
    });
    expect((await assertFor(json.id, assertion())).json.code).toBe('invalid-request');
  });
});

test('a passkey counts a day after: one code is not two measures', async () => {
  const subject = person(++count);
  const at = await atTheLetter(subject, 'strong');
  const { view, code } = await codeOf(at);
  const key = softwareAuthenticator(api.url);
  const digestOf = ({ challenge }: any): string => toBase64Url(fromHex(challenge.challengeDigest));
  const registered = await at.call('/passkeys', {
    code,
    registration: key.register(digestOf(view)),
  });
  expect(registered).toEqual({ registeredAt: expect.any(String) });
  const confirm = async (of: typeof at, asked: any, measures: object): Promise<any> => {
    await of.browser.newKey();
    return of.call('/confirmation', { ...measures, ...(await of.browser.proven(asked.challenge)) });
  };
  expect(await confirm(at, view, { code, passkey: key.assert(digestOf(view)) })).toMatchObject({
    code: 'passkey-waiting',
    problem: { retryAfterSeconds: expect.any(Number) },
  });
  // Nor does the database take it from role ra.
  const [{ entry }] = await api.query(
    'SELECT entry_digest AS entry FROM passkeys WHERE authorization_id = $1',
    [at.id],
  );
  await expect(
    api.query(
      confirmationOf(at.id)
        .replace('code_record,', 'code_record, passkey,')
        .replace("'{}', '', '{}',", `'{}', '', '{}', '{"registration":{"entry":"${entry}"}}',`),
    ),
  ).rejects.toMatchObject({ code: 'MA018' });
  // Where a check can stand in for it, it is asked for before any code is sent.
  const credit = await atTheLetter(subject, 'credit-key');
  expect((await credit.check('police-id')).step).toBe('identity');

  wait(24 * 3600);
  const later = await atTheLetter(subject, 'credit-key');
  expect((await later.check('police-id')).step).toBe('code');
  const next = await codeOf(later);
  const answer = { code: next.code, passkey: key.assert(digestOf(next.view)) };
  expect((await confirm(later, next.view, answer)).step).toBe('sign');
}, 60_000);

test('a signing set: asked once, the answers stand in the evidence of each letter', async () => {
  const subject = person(++count);
  const one = (name: string) => ({ ...authorizationBody(api, ++count, name), subject });
  const post = (path: string, body: object) =>
    api.call('POST', path, {
      key: tenant.apiKey,
      headers: { 'idempotency-key': `signing-set-${++count}` },
      body,
    });
  const set = await post('/v1/signing-sets', { authorizations: [one('credit'), one('credit')] });
  expect(set.status).toBe(201);
  const way = await post(`/v1/signing-sets/${set.json.id}/signing-links`, {});
  const browser = subjectClient(api.url, { now: api.now });
  await browser.open(way.json.url);
  let view: any = await browser.identify(subject.idNumber.slice(-6));
  for (let i = 0; i < 2; i++) {
    expect(view.step).toBe('read');
    view = await browser.accept(view);
  }
  expect([view.step, view.set.letters.length]).toEqual(['identity', 2]);
  view = await browser.call('POST', '/identity', { check: 'police-id' });
  view = await browser.call('POST', '/identity', { check: 'carrier-name' });
  expect(view.step).toBe('code');
  expect(carrier.http.received).toHaveLength(1);
  view = await browser.challenge();
  const { code } = await codeFromSandbox(api.url, subject.phone, view.challenge.checkCode);
  view = await browser.signSet(await browser.confirmSet(view, code));
  for (let round = 0; view.step !== 'done' && round < 300; round++) {
    await new Promise((done) => setTimeout(done, 100));
    view = await browser.view();
  }
  for (const { id } of set.json.authorizations) {
    const response = await fetch(`${api.url}/v1/authorizations/${id}/bundle`, {
      headers: { authorization: `Bearer ${tenant.apiKey}` },
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { verdict, facts } = verifyFile(bytes, { anchors: await api.anchors(), at: api.now() });
    expect(verdict.indication).toBe('TOTAL-PASSED');
    expect(facts.authorization?.identity?.checks).toHaveLength(2);
  }
}, 60_000);

test('signed: the bundle holds results and receipts, anybody checks them, nothing personal stands in clear', async () => {
  const at = await shown();
  expect(at.view.step).toBe('code');
  const { view, code } = await codeOf(at);
  const sign: any = await at.browser.confirm(view, code);
  let last: any = await at.browser.complete(await at.browser.sign(sign));
  for (let round = 0; last.step !== 'done' && round < 300; round++) {
    await new Promise((done) => setTimeout(done, 100));
    last = await at.browser.view();
  }
  const question = JSON.parse(carrier.http.received.at(-1)!.body.toString('utf8'));
  expect(Object.keys(question.values).sort()).toEqual(['idNumber', 'name', 'phone']);
  expect(question.binding).toBe(
    identityBinding({ ...question, compared: identityCommitments(question, question.values) }),
  );

  const response = await fetch(`${api.url}/v1/authorizations/${at.id}/bundle`, {
    headers: { authorization: `Bearer ${tenant.apiKey}` },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const { parts } = readBundle(bytes);
  const text = new TextDecoder().decode(parts.get(PART.identity));
  expect(text).not.toContain(at.subject.idNumber);
  expect(text).not.toContain(at.subject.phone);
  expect(text).not.toContain(question.once);
  const { results } = JSON.parse(text) as { results: IdentityResult[] };
  expect(results.map(({ check }) => check)).toEqual(['police-id', 'carrier-name']);
  expect(
    JSON.parse(new TextDecoder().decode(fromBase64Url(results[0]!.receipt.body))),
  ).toMatchObject({ provider: 'police', binding: results[0]!.binding, outcome: 'match' });
  expect([...parts.keys()]).toContain('anchors/identity/police.pem');

  const anchors = await api.anchors();
  const known = verifyFile(bytes, { anchors, at: api.now() });
  expect(known.verdict.indication).toBe('TOTAL-PASSED');
  expect(known.facts.authorization?.identity?.checks.map(({ receipt }) => receipt)).toEqual([
    'verified',
    'verified',
  ]);
  expect(evidenceLevel(known).level).toBe('E2');
  const { identity: _, ...without } = anchors;
  const stranger = verifyFile(bytes, { anchors: without, at: api.now() });
  expect(stranger.verdict.indication).toBe('TOTAL-PASSED');
  expect(evidenceLevel(stranger)).toMatchObject({
    level: 'E1',
    reasons: expect.arrayContaining(['identity-key-missing']),
  });
  const forged = verifyFile(bytes, {
    anchors: { ...anchors, identity: [{ provider: 'carrier', publicKey: makeKey().spki }] },
    at: api.now(),
  });
  expect(forged.verdict).toMatchObject({
    indication: 'TOTAL-FAILED',
    subIndication: 'SIG_CRYPTO_FAILURE',
  });

  for (const table of ['identity_answers', 'identity_results', 'events']) {
    const rows = await api.query(`SELECT * FROM ${table}`);
    expect(JSON.stringify(rows)).not.toMatch(
      new RegExp(`${at.subject.idNumber}|${at.subject.phone}`),
    );
  }
  expect(api.log()).not.toContain(at.subject.idNumber);
  expect(canonicalBytes(results).length).toBeLessThan(10_000);
}, 60_000);
