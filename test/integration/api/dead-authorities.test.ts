import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { freePort } from '../../kit/free-port.js';
import { startApi, templateBody, type ApiInstance } from './api-instance.js';
import { prepare } from './ceremony.js';

jest.setTimeout(120_000);

/** One operator's machine is off, the other's takes every call and never answers. */
let api: ApiInstance;
let silent: Server;
const sockets = new Set<Socket>();
beforeAll(async () => {
  silent = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  const { port } = silent.address() as { port: number };
  api = await startApi({
    TSA_URLS: `off|One|http://127.0.0.1:${await freePort()}/tsr,deaf|Two|http://127.0.0.1:${port}/tsr`,
  });
}, 60_000);
afterAll(async () => {
  await api?.stop();
  for (const socket of sockets) socket.destroy();
  silent?.close();
});

test('both timestamp operators down: not signed, and the subject is told what happens next', async () => {
  const tenant = await api.tenant();
  const key = { key: tenant.apiKey };
  const template = { ...key, headers: { 'idempotency-key': 'template-1' }, body: templateBody() };
  expect((await api.publish(template)).status).toBe(201);
  const { id, cookie, attemptId, signature } = await prepare(api, tenant, 'issued');
  const headers = { 'x-requested-with': 'mandate' };
  const complete = async () =>
    api.call('POST', `/v1/signing/attempts/${attemptId}/signature`, {
      ...{ cookie, headers },
      body: { signature },
    });
  const look = async () => (await api.call('GET', '/v1/signing', { cookie, headers })).json;

  const start = Date.now();
  const { json: problem } = await complete();
  // Five seconds of patience with the one that is deaf, none with the one that is off.
  expect(Date.now() - start).toBeLessThan(15_000);
  expect(problem).toMatchObject({
    code: 'timestamp-unavailable',
    status: 503,
    retryAfterSeconds: expect.any(Number),
  });
  const until = Date.parse(problem.until);
  expect(until).toBeGreaterThan(api.now().getTime());
  expect(sockets.size).toBeGreaterThan(0);

  // Whoever comes back is told the same: it waits, and until when. Nothing is signed.
  let view = await look();
  expect(view).toMatchObject({ step: 'wait', state: 'confirmed', stampUntil: problem.until });
  const state = async () => (await api.call('GET', `/v1/authorizations/${id}`, key)).json.state;
  expect(await state()).toBe('confirmed');
  const letter = await api.call('GET', `/v1/authorizations/${id}/letter?as=signed`, key);
  expect([letter.status, letter.json.code]).toEqual([409, 'illegal-transition']);
  const copy = await api.call('GET', '/v1/signing/copy', { cookie, headers });
  expect(copy.json.code).toBe('illegal-transition');

  // Past that moment the signature is void, and the next step is to sign again under the confirmation.
  api.advance((until - api.now().getTime()) / 1000 + 1);
  for (let round = 0; view.step === 'wait' && round < 150; round++) {
    await new Promise((done) => setTimeout(done, 200));
    view = await look();
  }
  expect(view).toMatchObject({ step: 'sign', state: 'confirmed' });
  expect(view.stampUntil).toBeUndefined();
  expect((await complete()).json.code).toBe('attempt-void');
  expect(await state()).toBe('confirmed');
});
