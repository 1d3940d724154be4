import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fromHex, toBase64Url } from '@mandate/core';
import { PART, readBundle } from '@mandate/evidence';
import { verifyFile } from '@mandate/verify';
import { codeFromSandbox, subjectClient } from '../../kit/ceremony-client.mjs';
import { until } from '../../kit/until.js';
import { softwareAuthenticator, type PasskeyChanges } from '../../kit/software-authenticator.js';
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
beforeAll(async () => {
  api = await startApi();
  [tenant, other] = [await api.tenant(), await api.tenant()];
  for (const { apiKey } of [tenant, other])
    for (const [name, measures] of [
      ['strong', ['sms-code', 'passkey']],
      ['passkey-only', ['passkey']],
      ['code-only', ['sms-code']],
    ] as const) {
      const body = templateBody(name);
      const { status } = await api.publish({
        key: apiKey,
        headers: { 'idempotency-key': `template-${name}` },
        body: { ...body, policy: { ...body.policy, measures } },
      });
      expect(status).toBe(201);
    }
}, 60_000);
afterAll(() => api?.stop());

type Template = 'strong' | 'passkey-only' | 'code-only';
let count = 700;
const newPerson = () => person(++count);
const device = () => softwareAuthenticator(api.url);
/** The challenge as WebAuthn spells it. */
const asked = (view: any): string => toBase64Url(fromHex(view.challenge.challengeDigest));

/** A browser whose subject has read the letter. */
async function atTheLetter(template: Template, subject = newPerson(), of = tenant) {
  const { json } = await api.call('POST', '/v1/authorizations', {
    key: of.apiKey,
    headers: { 'idempotency-key': `letter-${++count}` },
    body: { ...authorizationBody(api, count, template), subject },
  });
  const id: string = json.id;
  const way = await api.call('POST', `/v1/authorizations/${id}/signing-links`, { key: of.apiKey });
  const link: string = way.json.url;
  const browser = subjectClient(api.url, { now: api.now });
  const call = (path: string, body: unknown): Promise<any> =>
    browser.call('POST', path, body).catch((problem: unknown) => problem);
  const confirm = async (view: any, measures: object): Promise<any> => {
    await browser.newKey();
    return call('/confirmation', { ...measures, ...(await browser.proven(view.challenge)) });
  };
  await browser.open(link);
  const identify = async () => browser.read(await browser.identify(subject.idNumber.slice(-6)));
  const code = async (view: any): Promise<string> => {
    const { challengeId, checkCode } = view.challenge;
    return (await codeFromSandbox(api.url, subject.phone, checkCode, 10_000, challengeId)).code;
  };
  /** Signs after the confirmation and waits for the release. */
  const finish = async (view: any): Promise<any> => {
    let last = await browser.complete(await browser.sign(view));
    for (let round = 0; last.step !== 'done' && round < 100; round++) {
      await new Promise((done) => setTimeout(done, 100));
      last = await browser.view();
    }
    return last;
  };
  return { id, link, subject, browser, call, confirm, identify, code, finish, tenant: of };
}
type AtTheLetter = Awaited<ReturnType<typeof atTheLetter>>;

/** A subject whose device is registered, on the way to the first confirmation. */
async function registered(template: 'strong' | 'passkey-only' = 'strong') {
  const it = await atTheLetter(template);
  await it.identify();
  const key = device();
  const view = await it.call('/challenge', { enrol: true });
  const code = await it.code(view);
  const answer = await it.call('/passkeys', { code, registration: key.register(asked(view)) });
  expect(answer).toEqual({ registeredAt: expect.any(String) });
  return { ...it, key, view, code };
}

async function verified(it: Pick<AtTheLetter, 'id' | 'tenant'>) {
  const response = await fetch(`${api.url}/v1/authorizations/${it.id}/bundle`, {
    headers: { authorization: `Bearer ${it.tenant.apiKey}` },
  });
  expect(response.status).toBe(200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const anchors = await api.anchors();
  const result = verifyFile(bytes, { anchors, at: api.now() });
  return { ...result, parts: [...readBundle(bytes).parts.keys()] };
}

test('code and passkey: registered under the code, used at once, released and provable; the next letter, of whatever institution, needs no registration', async () => {
  const it = await registered();
  const before = await it.call('/passkeys/options', {});
  expect(before).toMatchObject({
    registered: true,
    request: {
      challenge: asked(it.view),
      rpId: 'localhost',
      allowCredentials: [{ id: it.key.id }],
    },
  });
  const view = await it.confirm(it.view, { code: it.code, passkey: it.key.assert(asked(it.view)) });
  expect(view.step).toBe('sign');
  expect((await it.finish(view)).step).toBe('done');
  const result = await verified(it);
  expect(result.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(result.parts).toEqual(expect.arrayContaining([PART.codeRecord, PART.passkey]));
  expect(result.facts.trail?.map(({ type }) => type)).toContain('passkey-registered');
  const [queued] = await api.query(
    `SELECT p.entry_digest, encode(sha256(convert_to(q.entry, 'UTF8')), 'hex') AS actual, q.leaf_index, q.entry
     FROM passkeys p JOIN ledger_queue q ON q.dedupe = 'credential:' || p.id WHERE p.authorization_id = $1`,
    [it.id],
  );
  expect(queued.actual).toBe(queued.entry_digest);
  expect(queued.leaf_index).not.toBeNull();
  expect(queued.entry).not.toContain(it.key.id);

  const next = await atTheLetter('strong', it.subject, other);
  await next.identify();
  const second = await next.call('/challenge', {});
  expect(await next.call('/passkeys/options', {})).toMatchObject({ registered: true });
  const confirmed = await next.confirm(second, {
    code: await next.code(second),
    passkey: it.key.assert(asked(second)),
  });
  expect((await next.finish(confirmed)).step).toBe('done');
  expect((await verified(next)).verdict.indication).toBe('TOTAL-PASSED');
}, 90_000);

test('a passkey alone: nothing is sent, whoever has none proves the number first', async () => {
  const it = await atTheLetter('passkey-only');
  await it.identify();
  let view = await it.call('/challenge', {});
  expect(view).toMatchObject({
    step: 'code',
    measures: ['passkey'],
    challenge: { withCode: false },
  });
  const options = await it.call('/passkeys/options', {});
  expect(options).toMatchObject({ registered: false, creation: { challenge: asked(view) } });
  expect(options.request).toBeUndefined();
  const key = device();
  const registration = key.register(asked(view));
  expect((await it.call('/passkeys', { registration })).code).toBe('measure-missing');
  expect((await it.call('/passkeys', { code: '000000', registration })).code).toBe(
    'measure-missing',
  );
  const silent = await api.call('GET', `/sandbox/sms.json?phone=${it.subject.phone}`);
  expect(silent.json).toEqual([]);

  // At once: a challenge that sent nothing needs no pause after it.
  view = await it.call('/challenge', { enrol: true });
  expect(view.challenge.withCode).toBe(true);
  const code = await it.code(view);
  expect(
    await it.call('/passkeys', { code, registration: key.register(asked(view)) }),
  ).toHaveProperty('registeredAt');
  expect((await it.confirm(view, { code })).code).toBe('invalid-request');
  const passkey = key.assert(asked(view));
  expect((await it.confirm(view, { code, passkey })).code).toBe('invalid-request');
  const confirmed = await it.confirm(view, { passkey });
  expect((await it.finish(confirmed)).step).toBe('done');
  const result = await verified(it);
  expect(result.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(result.parts).toContain(PART.passkey);
  expect(result.parts).not.toContain(PART.codeRecord);
}, 90_000);

test('each measure is demanded, and no other is taken', async () => {
  const it = await registered();
  const passkey = it.key.assert(asked(it.view));
  expect((await it.confirm(it.view, { code: it.code })).code).toBe('measure-missing');
  expect((await it.confirm(it.view, { passkey })).code).toBe('measure-missing');
  expect((await it.confirm(it.view, {})).code).toBe('measure-missing');
  const plain = await atTheLetter('code-only', it.subject);
  await plain.identify();
  const view = await plain.call('/challenge', {});
  const answer = it.key.assert(asked(view));
  expect((await plain.confirm(view, { code: await plain.code(view), passkey: answer })).code).toBe(
    'invalid-request',
  );
});

test.each<[string, PasskeyChanges]>([
  ['another challenge', { challenge: toBase64Url(new Uint8Array(32)) }],
  ['another origin', { origin: 'http://localhost:1' }],
  ['another relying party', { rpId: 'localhost.example' }],
  ['user not verified', { flags: 0x01 }],
  ['in a frame of another site', { crossOrigin: true }],
  ['a counter that went back', { counter: 1 }],
])('an answer with %s is refused and counted', async (_, changes) => {
  const it = await registered();
  const passkey = it.key.assert(asked(it.view), changes);
  const refused = await it.confirm(it.view, { code: it.code, passkey });
  // One try went into the registration.
  expect(refused).toMatchObject({ code: 'passkey-invalid', problem: { triesLeft: 3 } });
});

test('five wrong answers kill the challenge, whatever measure they were to', async () => {
  const it = await registered();
  const bad = () => it.key.assert(asked(it.view), { flags: 0x01 });
  const codes: string[] = [];
  for (let i = 0; i < 5; i++)
    codes.push((await it.confirm(it.view, { code: it.code, passkey: bad() })).code);
  expect(codes).toEqual([
    ...['passkey-invalid', 'passkey-invalid', 'passkey-invalid'],
    ...['code-tries-exhausted', 'code-tries-exhausted'],
  ]);
  const good = it.key.assert(asked(it.view));
  expect((await it.confirm(it.view, { code: it.code, passkey: good })).code).toBe(
    'code-tries-exhausted',
  );
});

test('another subject’s passkey and an unknown one are refused alike', async () => {
  const stranger = await registered();
  const it = await registered();
  const withKey = async (key: ReturnType<typeof device>) =>
    (await it.confirm(it.view, { code: it.code, passkey: key.assert(asked(it.view)) })).problem;
  const answers = [await withKey(stranger.key), await withKey(device())];
  expect(answers.map(({ code, detail }) => [code, detail])).toEqual(
    Array.from({ length: 2 }, () => ['passkey-unknown', expect.any(String)]),
  );
  expect(new Set(answers.map(({ detail }) => detail)).size).toBe(1);
});

test('the number that was proven is told of the registration, once', async () => {
  const { subject } = await registered();
  const told = async () => {
    const { json } = await api.call('GET', `/sandbox/sms.json?phone=${subject.phone}`);
    return json.filter(({ text }: { text: string }) => text.includes('/my'));
  };
  expect(await until(async () => (await told()).length > 0 && told())).toMatchObject([
    { text: expect.stringMatching(/^(?!.*(王䶮|138)).*通行密钥.*验证码不要告诉任何人/) },
  ]);
  const [{ tells }] = await api.query(
    `SELECT tells FROM passkeys WHERE id = (SELECT ref FROM outbox WHERE topic = 'tell-passkey' ORDER BY id DESC LIMIT 1)`,
  );
  expect([tells, (await told()).length]).toEqual([1, 1]);
});

test('an answer given once is worth nothing again', async () => {
  const it = await registered();
  const passkey = it.key.assert(asked(it.view));
  const measures = { code: it.code, passkey };
  expect((await it.confirm(it.view, measures)).step).toBe('sign');
  expect((await it.confirm(it.view, measures)).code).toBe('challenge-missing');
  const next = await atTheLetter('strong', it.subject);
  await next.identify();
  const view = await next.call('/challenge', {});
  expect((await next.confirm(view, { code: await next.code(view), passkey })).code).toBe(
    'passkey-invalid',
  );
});

test('two letters at once: one answer moves the counter, an older one does not', async () => {
  const it = await registered();
  const next = await atTheLetter('strong', it.subject);
  await next.identify();
  api.advance(61);
  const view = await next.call('/challenge', {});
  const older = it.key.assert(asked(it.view));
  const newer = it.key.assert(asked(view));
  expect((await next.confirm(view, { code: await next.code(view), passkey: newer })).step).toBe(
    'sign',
  );
  expect((await it.confirm(it.view, { code: it.code, passkey: older })).code).toBe(
    'passkey-invalid',
  );
});

test('a registration needs the right code, counted like any other try, and a key of its own', async () => {
  const it = await atTheLetter('strong');
  await it.identify();
  expect((await it.call('/passkeys/options', {})).code).toBe('challenge-missing');
  const view = await it.call('/challenge', {});
  const key = device();
  const code = await it.code(view);
  const register = (answer: object, withCode: string = code) =>
    it.call('/passkeys', { code: withCode, registration: answer });
  const wrong = code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  expect(await register(key.register(asked(view)), wrong)).toMatchObject({
    code: 'code-wrong',
    problem: { triesLeft: 4 },
  });
  expect(await register(key.register(asked(view), { origin: 'http://localhost:1' }))).toMatchObject(
    {
      code: 'passkey-invalid',
      problem: { triesLeft: 3 },
    },
  );
  expect(await register(key.register(asked(view)))).toHaveProperty('registeredAt');
  expect((await register(key.register(asked(view)))).code).toBe('passkey-invalid');
  // Registered for one person it is nobody else's.
  const someone = await atTheLetter('strong');
  await someone.identify();
  const theirs = await someone.call('/challenge', {});
  const taken = { code: await someone.code(theirs), registration: key.register(asked(theirs)) };
  expect((await someone.call('/passkeys', taken)).code).toBe('passkey-invalid');
});

test('before the gate nobody learns who has a passkey', async () => {
  const { subject } = await registered();
  const answers = [];
  for (const visitor of [await atTheLetter('strong', subject), await atTheLetter('strong')]) {
    const registration = device().register(toBase64Url(new Uint8Array(32)));
    for (const answer of [
      await visitor.call('/passkeys/options', {}),
      await visitor.call('/passkeys', { code: '123456', registration }),
    ])
      answers.push([answer.status, answer.code, answer.problem.detail]);
    expect(JSON.stringify(await visitor.browser.view())).not.toContain('passkey');
  }
  expect(answers.slice(0, 2)).toEqual(answers.slice(2));
  expect(answers.map(([, code]) => code)).toEqual(Array(4).fill('step-out-of-order'));
});

test('after a ceremony that is done a passkey may be set up for later, in the visit that confirmed and soon', async () => {
  const it = await atTheLetter('code-only');
  await it.identify();
  const view = await it.call('/challenge', {});
  const confirmed = await it.confirm(view, { code: await it.code(view) });
  expect((await it.call('/passkeys/options', {})).code).toBe('challenge-missing');
  expect((await it.finish(confirmed)).step).toBe('done');
  const options = await it.call('/passkeys/options', {});
  expect(options).toMatchObject({ registered: false, creation: { challenge: asked(view) } });

  const again = subjectClient(api.url, { now: api.now });
  await again.open(it.link);
  await again.identify(it.subject.idNumber.slice(-6));
  await expect(again.call('POST', '/passkeys/options', {})).rejects.toMatchObject({
    code: 'challenge-missing',
  });

  const key = device();
  const registration = key.register(asked(view));
  expect(await it.call('/passkeys', { registration })).toHaveProperty('registeredAt');
  const [row] = await api.query('SELECT proven_by FROM passkeys WHERE authorization_id = $1', [
    it.id,
  ]);
  expect(row.proven_by).toEqual(['sms-code']);
  expect(await it.call('/passkeys/options', {})).toMatchObject({ registered: true });
  api.advance(31 * 60);
  expect((await it.call('/passkeys/options', {})).code).toBe('challenge-missing');
  expect((await it.call('/passkeys', { registration: device().register(asked(view)) })).code).toBe(
    'challenge-missing',
  );
}, 90_000);

test('what is no WebAuthn answer is refused before anything is counted', async () => {
  const it = await registered();
  for (const code of ['', '12345', 123456, null])
    expect((await it.confirm(it.view, { code })).status).toBe(400);
  for (const passkey of [{}, { id: 'AA' }, { ...it.key.assert('AA'), type: 'password' }, 'x'])
    expect((await it.confirm(it.view, { code: it.code, passkey })).status).toBe(400);
  const [{ tries }] = await api.query('SELECT tries FROM challenges WHERE id = $1', [
    it.view.challenge.challengeId,
  ]);
  expect(tries).toBe(1);
});
