import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MandateClient } from '@mandate/client';
import { Webhook } from 'standardwebhooks';
import { signWithLink } from '../../kit/ceremony-client.mjs';
import { startWithSample, type StartedSample } from '../../kit/started-sample.js';

let sample: StartedSample;
let secret: string;
let mandate: MandateClient;
beforeAll(async () => {
  sample = await startWithSample();
  const settings = await readFile(join(sample.folder, 'sample-institution.json'), 'utf8');
  secret = JSON.parse(settings).webhook.secret;
  mandate = new MandateClient({ baseUrl: sample.url, apiKey: sample.apiKey });
}, 120_000);
afterAll(() => sample.stop());

const person = { name: '王䶮', idNumber: '310101199003072313', phone: '13800138000' };

/** The form, filled in and sent as a browser would. */
async function apply(
  change: Record<string, string> = {},
): Promise<{ number: string; answer: Response }> {
  const page = await (await fetch(`${sample.sampleUrl}/?language=zh`)).text();
  const number = /name="number" value="(HS-[0-9A-F]+)"/.exec(page)![1]!;
  return { number, answer: await send({ number, amount: '20000', ...person, ...change }) };
}
const send = (form: Record<string, string>): Promise<Response> =>
  fetch(`${sample.sampleUrl}/applications?language=zh`, {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'manual',
  });

const statusOf = async (number: string): Promise<string> =>
  (await fetch(`${sample.sampleUrl}/applications/${number}?language=zh`)).text();

async function until(number: string, text: string): Promise<string> {
  for (let round = 0; round < 200; round++) {
    const page = await statusOf(number);
    if (page.includes(text)) return page;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`never said ${text}: ${await statusOf(number)}`);
}

const authorizationOf = async (number: string): Promise<string> =>
  (await mandate.authorizations({ limit: 100 })).items.find(
    ({ businessReference }) => businessReference === number,
  )!.id;

/** Signed as Mandate does, by the specification's reference implementation. */
const deliver = (
  event: { id: string; type: string; authorization: string },
  { key = secret, at = new Date() } = {},
): Promise<Response> => {
  const { id, type, authorization } = event;
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data: { authorization } });
  return fetch(`${sample.sampleUrl}/webhooks/mandate`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(key).sign(id, at, body),
    },
    body,
  });
};

test('what Mandate did not sign, or long ago, is 400 and changes nothing', async () => {
  const { number } = await apply();
  const before = await statusOf(number);
  const event = {
    id: 'msg_x',
    type: 'authorization.released',
    authorization: await authorizationOf(number),
  };
  const stranger = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const refused = await deliver(event, { key: stranger });
  expect([refused.status, await refused.text()]).toEqual([400, 'signature-mismatch']);
  const old = await deliver(event, { at: new Date(Date.now() - 600_000) });
  expect([old.status, await old.text()]).toEqual([400, 'too-old']);
  const bare = await fetch(`${sample.sampleUrl}/webhooks/mandate`, { method: 'POST', body: '{}' });
  expect([bare.status, await bare.text()]).toEqual([400, 'header-missing']);
  expect(await statusOf(number)).toBe(before);
});

test('a webhook is a reason to look, not the truth; the same one twice counts once', async () => {
  const { number } = await apply();
  const authorization = await authorizationOf(number);
  // signed with the right secret, and still it is not so
  const event = { id: 'msg_early', type: 'authorization.released', authorization };
  for (const delivery of await Promise.all([deliver(event), deliver(event), deliver(event)]))
    expect(delivery.status).toBe(204);
  const page = await statusOf(number);
  expect(page).toContain('等待签署结果');
  expect(page.match(/<code>authorization\.released/g)).toHaveLength(1);
  expect((await mandate.redemptions(authorization).catch(() => ({ items: [] }))).items).toEqual([]);
});

test('signed, used once, checked by the bureau; used up, withdrawn', async () => {
  const { number } = await apply({ phone: '13800138001' });
  const authorization = await authorizationOf(number);
  const { url } = await mandate.signingLink(authorization);
  const lastSix = person.idNumber.slice(-6);
  await signWithLink(sample.url, url, { lastSix, phone: '13800138001' });
  const page = await until(number, '申请资料已齐');
  expect(page).toContain('使用回执的签名有效');
  expect(page).toMatch(/SIM-[0-9A-F]{12}/);
  const { items } = await mandate.redemptions(authorization);
  expect(items).toMatchObject([
    { state: 'confirmed', number: 1, of: 1, businessReference: number, operator: { id: 'L0042' } },
  ]);

  // every delivery again: nothing is used twice
  const release = { id: 'msg_again', type: 'authorization.released', authorization };
  expect((await deliver(release)).status).toBe(204);
  expect((await mandate.redemptions(authorization)).items).toHaveLength(1);

  const act = (what: string) =>
    fetch(`${sample.sampleUrl}/applications/${number}/${what}`, { method: 'POST' });
  expect(await (await act('queries')).text()).toContain('次数已用完');
  expect((await mandate.redemptions(authorization)).items).toHaveLength(1);
  expect(await (await act('withdrawal')).text()).toContain('您已撤回授权');
  await until(number, 'authorization.withdrawn');
  expect(await (await act('queries')).text()).toContain('您已撤回授权，不能再查询');
}, 90_000);

test('one form sent twice is one application and one letter', async () => {
  const { number } = await apply();
  const again = await send({ number, amount: '20000', ...person });
  expect(again.headers.get('location')).toBe(`/applications/${number}/sign`);
  const { items } = await mandate.authorizations({ limit: 100 });
  expect(items.filter(({ businessReference }) => businessReference === number)).toHaveLength(1);
});

test('wrong particulars are asked for again, in words', async () => {
  const { answer } = await apply({ idNumber: '310101199003072314' });
  expect(answer.status).toBe(422);
  const page = await answer.text();
  expect(page).toContain('填写的信息有误');
  expect(page).toContain('value="310101199003072314"');
  expect((await apply({ number: 'x' })).answer.status).toBe(400);
  expect((await apply({ amount: '1' })).answer.status).toBe(400);
});

test('what is typed is shown, not run', async () => {
  const { answer } = await apply({ name: '"><script>alert(1)</script>', idNumber: '1' });
  expect(await answer.text()).not.toContain('<script>alert');
});

test('pages name exactly whom they load from and who may frame them', async () => {
  const { number } = await apply();
  const page = await fetch(`${sample.sampleUrl}/applications/${number}/sign`);
  const policy = page.headers.get('content-security-policy')!;
  expect(policy).toContain(`frame-src ${sample.url};`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*/);
  const { integrity } = (await (await fetch(`${sample.url}/widget/v1/integrity.json`)).json())[
    'mandate-widget.js'
  ];
  expect(await page.text()).toContain(`integrity="${integrity}"`);
  expect((await statusOf('HS-0000000000000000')).includes('没有这份申请')).toBe(true);
});

test('nothing of the person stands in the sample’s file or in the log', async () => {
  const { number } = await apply();
  const kept = await readFile(join(sample.folder, 'sample-applications.json'), 'utf8');
  expect(kept).toContain(number);
  for (const text of [kept, sample.log()]) {
    expect(text).not.toContain(person.idNumber);
    expect(text).not.toContain(person.phone);
    expect(text).not.toContain(person.name);
  }
});
