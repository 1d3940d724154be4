import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fromHex, toBase64Url } from '@mandate/core';
import { codeFromSandbox, subjectClient } from '../../kit/ceremony-client.mjs';
import { softwareAuthenticator } from '../../kit/software-authenticator.js';
import {
  authorizationBody,
  person,
  startApi,
  templateBody,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';

/** Somebody who knows a person's name and ID number, and has another number and another device. */

let api: ApiInstance;
let careless: Tenant;
let bank: Tenant;
beforeAll(async () => {
  api = await startApi();
  [careless, bank] = [await api.tenant(), await api.tenant()];
  for (const [{ apiKey }, name, measures] of [
    [careless, 'code-only', ['sms-code']],
    [bank, 'passkey-only', ['passkey']],
  ] as const) {
    const body = templateBody(name);
    const { status } = await api.publish({
      key: apiKey,
      headers: { 'idempotency-key': `template-${name}` },
      body: { ...body, policy: { ...body.policy, measures } },
    });
    expect(status).toBe(201);
  }
}, 90_000);
afterAll(() => api?.stop());

let count = 880;
const asked = (view: any): string => toBase64Url(fromHex(view.challenge.challengeDigest));

async function requested(of: Tenant, template: string, subject: ReturnType<typeof person>) {
  const { json } = await api.call('POST', '/v1/authorizations', {
    key: of.apiKey,
    headers: { 'idempotency-key': `letter-${++count}` },
    body: { ...authorizationBody(api, count, template), subject },
  });
  const way = await api.call('POST', `/v1/authorizations/${json.id}/signing-links`, {
    key: of.apiKey,
  });
  return way.json.url as string;
}

/** A browser of its own that has come in and read. */
async function reader(link: string, subject: ReturnType<typeof person>) {
  const browser = subjectClient(api.url, { now: api.now });
  const call = (path: string, body: unknown): Promise<any> =>
    browser.call('POST', path, body).catch((problem: unknown) => problem);
  await browser.open(link);
  await browser.read(await browser.identify(subject.idNumber.slice(-6)));
  return { browser, call };
}

test('a passkey registered with another phone under somebody’s name signs nothing of theirs', async () => {
  const victim = person(++count);
  const impostor = { ...victim, phone: person(++count).phone };
  const first = await reader(await requested(careless, 'code-only', impostor), impostor);
  const sent = await first.browser.challenge();
  const { code } = await codeFromSandbox(api.url, impostor.phone, sent.challenge.checkCode);
  const device = softwareAuthenticator(api.url);
  const registration = device.register(asked(sent));
  const { registeredAt } = await first.call('/passkeys', { code, registration });
  expect(registeredAt).toEqual(expect.any(String));

  const { browser, call } = await reader(await requested(bank, 'passkey-only', victim), victim);
  const view = await call('/challenge', {});
  // nor is the victim's device told of it
  expect(await call('/passkeys/options', {})).toMatchObject({ registered: false });
  await browser.newKey();
  const answer = await call('/confirmation', {
    passkey: device.assert(asked(view)),
    ...(await browser.proven(view.challenge)),
  });
  expect(answer.code).toBe('passkey-unknown');
});

test('who has a passkey is not replaced within one telephone call: a further one by code signs a day later', async () => {
  const victim = person(++count);
  const enrolled = async () => {
    const at = await reader(await requested(bank, 'passkey-only', victim), victim);
    const view = await at.call('/challenge', { enrol: true });
    const { challengeDigest, challengeId, checkCode } = view.challenge;
    const { code } = await codeFromSandbox(api.url, victim.phone, checkCode, 10_000, challengeId);
    const device = softwareAuthenticator(api.url);
    const registration = device.register(toBase64Url(fromHex(challengeDigest)));
    expect(await at.call('/passkeys', { code, registration })).toHaveProperty('registeredAt');
    return { ...at, device, view };
  };
  const confirm = async ({ browser, call, device, view }: Awaited<ReturnType<typeof enrolled>>) => {
    await browser.newKey();
    const passkey = device.assert(asked(view));
    return call('/confirmation', { passkey, ...(await browser.proven(view.challenge)) });
  };
  const own = await enrolled();
  const fraud = await enrolled();
  const refused = await confirm(fraud);
  expect(refused.code).toBe('passkey-waiting');
  expect((await confirm(own)).step).toBe('sign');
  api.advance(24 * 3600 + 1);
  const later = await reader(await requested(bank, 'passkey-only', victim), victim);
  const view = await later.call('/challenge', {});
  expect((await confirm({ ...later, device: fraud.device, view })).step).toBe('sign');
});
