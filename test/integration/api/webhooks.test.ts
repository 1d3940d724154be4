import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LIMITS } from '@mandate/ceremony';
import { verifyWebhook } from '@mandate/client';
import { Webhook } from 'standardwebhooks';
import {
  authorizationBody,
  startApi,
  templateBody,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';

interface Delivery {
  readonly headers: Record<string, string>;
  readonly body: string;
}

let api: ApiInstance;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template' },
    body: templateBody(),
  });
}, 120_000);
afterAll(() => api.stop());

let receiver: Server | undefined;
afterEach(async () => {
  receiver?.closeAllConnections();
  await new Promise((done) => (receiver ? receiver.close(done) : done(undefined)));
});

let keys = 0;
const post = (path: string, body: unknown, key = tenant.apiKey) =>
  api.call('POST', path, { key, body, headers: { 'idempotency-key': `webhooks-${++keys}` } });
const get = (path: string, key = tenant.apiKey) => api.call('GET', path, { key });

/** A real receiver that answers with these statuses in turn. */
async function receive(...statuses: number[]) {
  const heard: Delivery[] = [];
  receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      heard.push({
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(parts).toString(),
      });
      response.writeHead(statuses[Math.min(heard.length, statuses.length) - 1]!).end();
    });
  });
  await new Promise<void>((done) => receiver!.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  return { url, heard };
}

async function until<T>(what: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let round = 0; round < 150; round++) {
    const found = await what();
    if (found !== undefined && found !== false) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('nothing came');
}

let requests = 0;
/** The shortest story with an event: asked for, refused by the subject. */
async function declined(): Promise<string> {
  requests += 1;
  const made = await post('/v1/authorizations', authorizationBody(api, requests));
  const link = await post(`/v1/authorizations/${made.json.id}/signing-links`, undefined);
  const page = { 'x-requested-with': 'mandate' };
  const opened = await api.call('POST', '/v1/signing/open', {
    headers: page,
    body: { token: link.json.url.split('#')[1] },
  });
  const cookie = opened.headers.get('set-cookie')!.split(';')[0]!;
  const ended = await api.call('POST', '/v1/signing/decline', {
    cookie,
    headers: page,
    body: { reason: 'someone-is-telling-me' },
  });
  expect(ended.status).toBe(200);
  return made.json.id;
}

const eventOf = (authorization: string, items: { authorization: string; id: number }[]) =>
  items.find((item) => item.authorization === authorization)!;

test('an event arrives signed, thin, and says nothing of the reason', async () => {
  const { url, heard } = await receive(204);
  const made = await post('/v1/webhooks', { url, types: ['authorization.declined'] });
  expect([made.status, made.json.code]).toEqual([201, undefined]);
  expect(made.json.secret).toMatch(/^whsec_/);
  const id = await declined();
  const [delivery] = await until(() => (heard.length ? heard : undefined));
  // the reference implementation and our client agree
  new Webhook(made.json.secret).verify(delivery!.body, delivery!.headers);
  const event = await verifyWebhook({
    ...delivery!,
    secret: made.json.secret,
    now: api.now().getTime(),
  });
  expect(event).toEqual({
    type: 'authorization.declined',
    timestamp: expect.any(String),
    data: { authorization: id, institution: tenant.id },
  });
  // shown once, stored nowhere, not even with the answer a repeated request gets
  const body = { url, types: ['authorization.declined'] };
  const once = await api.call('POST', '/v1/webhooks', {
    key: tenant.apiKey,
    body,
    headers: { 'idempotency-key': 'webhook-once' },
  });
  const again = await api.call('POST', '/v1/webhooks', {
    key: tenant.apiKey,
    body,
    headers: { 'idempotency-key': 'webhook-once' },
  });
  expect(again.json).toEqual({ ...once.json, secret: null });
  const answers = JSON.stringify(await api.query('SELECT * FROM idempotency'));
  expect(answers).not.toContain('whsec_');
  await api.call('DELETE', `/v1/webhooks/${once.json.id}`, { key: tenant.apiKey });
  expect(JSON.stringify((await get(`/v1/webhooks/${made.json.id}`)).json)).not.toContain('whsec_');
  const rows = await api.query('SELECT * FROM webhook_endpoints');
  expect(JSON.stringify(rows)).not.toContain(made.json.secret.slice(6, 30));
  await api.call('DELETE', `/v1/webhooks/${made.json.id}`, { key: tenant.apiKey });
});

test('what fails is tried again after its pause under the same id, and its fate can be read', async () => {
  const { url, heard } = await receive(500, 200);
  const made = await post('/v1/webhooks', { url, types: ['authorization.declined'] });
  const id = await declined();
  await until(() => (heard.length === 1 ? true : undefined));
  const path = `/v1/webhooks/${made.json.id}`;
  const waiting = await until(async () => {
    const { json } = await get(`${path}/deliveries`);
    return json.items.find((item: { lastStatus: number }) => item.lastStatus === 500);
  });
  expect(waiting).toMatchObject({ authorization: id, state: 'waiting', tries: 1 });
  expect((await get(path)).json.failingSince).not.toBeNull();
  api.advance(10);
  await until(() => (heard.length === 2 ? true : undefined));
  expect(heard[1]!.headers['webhook-id']).toBe(heard[0]!.headers['webhook-id']);
  await until(async () =>
    (await get(`${path}/deliveries`)).json.items[0].state === 'delivered' ? true : undefined,
  );
  expect((await get(path)).json.failingSince).toBeNull();
  await api.call('DELETE', path, { key: tenant.apiKey });
});

test('410 switches it off; switched on again, what was missed is listed and sent on demand', async () => {
  const { url, heard } = await receive(410, 200);
  const made = await post('/v1/webhooks', { url, types: ['authorization.declined'] });
  const path = `/v1/webhooks/${made.json.id}`;
  await declined();
  await until(async () => (await get(path)).json.disabledReason ?? undefined);
  expect((await get(path)).json.disabledReason).toBe('gone');
  const missed = await declined();
  await until(async () => {
    const rows = await api.query('SELECT id FROM webhook_events WHERE NOT fanned_out');
    return rows.length === 0 ? true : undefined;
  });
  expect(heard).toHaveLength(1);
  expect((await post(`${path}/enable`, undefined)).status).toBe(200);
  let items: { authorization: string; id: number }[] = [];
  for (let cursor = '0', more = true; more;) {
    const { json } = await get(`/v1/events?cursor=${cursor}&limit=2`);
    items = [...items, ...json.items];
    more = json.nextCursor !== cursor;
    cursor = json.nextCursor;
  }
  const { id } = eventOf(missed, items);
  expect((await post(`${path}/deliveries`, { event: id })).status).toBe(202);
  await until(() => (heard.length === 2 ? true : undefined));
  expect(JSON.parse(heard[1]!.body).data.authorization).toBe(missed);
  await api.call('DELETE', path, { key: tenant.apiKey });
});

test('while a secret is replaced both sign; after a day the old one does not', async () => {
  const { url, heard } = await receive(200);
  const made = await post('/v1/webhooks', { url, types: ['authorization.declined'] });
  const path = `/v1/webhooks/${made.json.id}`;
  const rotated = await post(`${path}/secret`, undefined);
  expect(rotated.json.secret).not.toBe(made.json.secret);
  await declined();
  const [first] = await until(() => (heard.length ? heard : undefined));
  for (const { json } of [made, rotated]) {
    const now = api.now().getTime();
    expect(await verifyWebhook({ ...first!, secret: json.secret, now })).toBeDefined();
  }
  api.advance(86_401);
  await declined();
  const second = await until(() => heard[1]);
  const now = api.now().getTime();
  expect(await verifyWebhook({ ...second, secret: rotated.json.secret, now })).toBeDefined();
  await expect(verifyWebhook({ ...second, secret: made.json.secret, now })).rejects.toMatchObject({
    reason: 'signature-mismatch',
  });
  await api.call('DELETE', path, { key: tenant.apiKey });
});

test('twenty at most, also when all are made at once', async () => {
  const other = await api.tenant();
  const url = 'https://example.com/hook';
  const made = await Promise.all(
    Array.from({ length: 24 }, () => post('/v1/webhooks', { url }, other.apiKey)),
  );
  expect(made.filter(({ status }) => status === 201)).toHaveLength(20);
  const refused = made.filter(({ status }) => status !== 201);
  expect(refused.map(({ json }) => json.code)).toEqual(Array(4).fill('invalid-request'));
  expect((await get('/v1/webhooks', other.apiKey)).json.items).toHaveLength(20);
});

test('an event is sent once more so often in an hour, for each institution', async () => {
  const [mine, other] = [await api.tenant(), await api.tenant()];
  const resend = async ({ apiKey }: Tenant) => {
    const { json } = await post('/v1/webhooks', { url: 'https://example.com/hook' }, apiKey);
    return post(`/v1/webhooks/${json.id}/deliveries`, { event: 1 }, apiKey);
  };
  expect((await resend(mine)).json.code).toBe('not-found');
  // All that is left, also if the hour ends now.
  const hour = Math.floor(api.now().getTime() / 3_600_000) * 3600;
  await api.query(`DO $$ BEGIN
    FOR i IN 1..${LIMITS.webhookResends} LOOP FOR h IN 0..1 LOOP
      INSERT INTO limits AS l (scope, key, window_start, count)
      VALUES ('webhook-resend', '${mine.id}', to_timestamp(${hour} + 3600 * h), 1)
      ON CONFLICT (scope, key, window_start) DO UPDATE SET count = l.count + 1;
    END LOOP; END LOOP; END $$`);
  const refused = await resend(mine);
  expect(refused.json.code).toBe('rate-limited');
  expect(refused.headers.get('retry-after')).toBe('3600');
  expect((await resend(other)).json.code).toBe('not-found');
});

test('bad addresses and strangers are refused', async () => {
  expect((await post('/v1/webhooks', { url: 'https://10.0.0.1/' })).json.code).toBe(
    'webhook-url-refused',
  );
  expect((await post('/v1/webhooks', { url: 'https://bank.com.cn/', types: ['x'] })).status).toBe(
    400,
  );
  const made = await post('/v1/webhooks', { url: 'https://bank.com.cn/hook' });
  const other = await api.tenant();
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/enable'],
    ['POST', '/disable'],
    ['POST', '/secret'],
    ['GET', '/deliveries'],
  ] as const)
    expect(
      (await api.call(method, `/v1/webhooks/${made.json.id}${path}`, { key: other.apiKey })).status,
    ).toBe(404);
  expect((await get('/v1/events', other.apiKey)).json.items).toEqual([]);
  // nobody gets a stranger's event delivered
  const [own] = (await get('/v1/events')).json.items;
  const others = await post('/v1/webhooks', { url: 'https://bank.com.cn/' }, other.apiKey);
  expect(
    (await post(`/v1/webhooks/${others.json.id}/deliveries`, { event: own.id }, other.apiKey))
      .status,
  ).toBe(404);
});
