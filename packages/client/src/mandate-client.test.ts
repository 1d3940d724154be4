import { afterEach, expect, test } from '@jest/globals';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MandateClient, MandateConnectionError, MandateError } from './index.js';

type Answer = { status: number; body?: unknown; type?: string; headers?: Record<string, string> };
interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server | undefined;
afterEach(() => new Promise((done) => (server ? server.close(done) : done(undefined))));

/** A real HTTP server that gives these answers in turn; 'cut' breaks the connection. */
async function serve(answers: (Answer | 'cut')[]) {
  const heard: Heard[] = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      heard.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      const answer = answers[Math.min(heard.length, answers.length) - 1]!;
      if (answer === 'cut') return void request.socket.destroy();
      const type =
        answer.type ?? (answer.status < 400 ? 'application/json' : 'application/problem+json');
      response.writeHead(answer.status, { 'content-type': type, ...answer.headers });
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  const pauses: number[] = [];
  let key = 0;
  const client = new MandateClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: 'mk_test',
    timeoutMilliseconds: 2000,
    newKey: () => `key-${++key}`,
    sleep: async (milliseconds) => void pauses.push(milliseconds),
  });
  return { client, heard, pauses };
}

const request = {
  template: 'credit-report',
  businessReference: 'L-1',
  subject: { name: '王', idType: 'passport', idNumber: 'E12345678', phone: '13800138000' },
  end: { kind: 'date', at: '2027-01-01T00:00:00Z' },
} as const;
const problem = (code: string, more: object = {}) => ({ code, title: code, ...more });

test('a refusal is a MandateError with its code, members and request id, and is not repeated', async () => {
  const { client, heard } = await serve([
    {
      status: 422,
      body: problem('used-up', { detail: 'all uses are gone', instance: 'req_1', left: 0 }),
    },
  ]);
  const refusal = await client
    .redeem('aut_1', {
      purpose: 'loan-approval',
      source: { creditCode: 'X' },
      items: [],
      operator: { id: 'o' },
    })
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  expect(refusal).toBeInstanceOf(MandateError);
  expect(refusal).toMatchObject({
    code: 'used-up',
    status: 422,
    members: { left: 0 },
    requestId: 'req_1',
  });
  expect(heard).toHaveLength(1);
});

test('a lost answer to a POST is asked for again under the same key', async () => {
  const { client, heard, pauses } = await serve([
    'cut',
    { status: 503, body: problem('database-unavailable') },
    { status: 409, body: problem('idempotency-in-progress') },
    { status: 201, body: { id: 'aut_1' } },
  ]);
  expect(await client.requestAuthorization(request)).toEqual({ id: 'aut_1' });
  expect(heard.map(({ headers }) => headers['idempotency-key'])).toEqual(Array(4).fill('key-1'));
  expect(new Set(heard.map(({ body }) => body)).size).toBe(1);
  expect(pauses).toEqual([250, 500, 1000]);
});

test('what is no id goes nowhere', async () => {
  const { client, heard } = await serve([]);
  for (const id of ['', '.', '..']) {
    await expect(async () => client.authorization(id)).rejects.toThrow(TypeError);
    await expect(async () => client.bulk.progress(id)).rejects.toThrow(TypeError);
  }
  expect(heard).toEqual([]);
});

test('two calls have two keys; a caller may name its own', async () => {
  const { client, heard } = await serve([{ status: 201, body: {} }]);
  await client.requestAuthorization(request);
  await client.requestAuthorization(request);
  await client.requestAuthorization(request, { idempotencyKey: 'mine-0001' });
  expect(heard.map(({ headers }) => headers['idempotency-key'])).toEqual([
    'key-1',
    'key-2',
    'mine-0001',
  ]);
});

test('Retry-After is obeyed, but nobody waits for minutes', async () => {
  const busy = (seconds: number): Answer => ({
    status: 429,
    body: problem('rate-limited'),
    headers: { 'retry-after': String(seconds) },
  });
  const first = await serve([busy(7), { status: 200, body: { id: 'aut_1' } }]);
  expect(await first.client.authorization('aut_1')).toEqual({ id: 'aut_1' });
  expect(first.pauses).toEqual([7000]);
  await new Promise((done) => server!.close(done));
  const second = await serve([busy(3600)]);
  await expect(second.client.authorization('aut_1')).rejects.toMatchObject({
    code: 'rate-limited',
  });
  expect(second.heard).toHaveLength(1);
});

test.each([
  ['a page of something in between', { status: 502, body: '<html>', type: 'text/html' }],
  ['a problem that is none', { status: 500, body: 'oops' }],
  ['a problem without a code', { status: 400, body: { title: 'x' } }],
  ['a cut connection', 'cut' as const],
])('%s is a MandateConnectionError after all tries', async (_name, answer) => {
  const { client, heard } = await serve([answer]);
  await expect(client.authorization('aut_1')).rejects.toBeInstanceOf(MandateConnectionError);
  expect(heard).toHaveLength(4);
});

test('a redirect is not followed: the key belongs to one host', async () => {
  const { client, heard } = await serve([
    { status: 302, body: '', headers: { location: 'https://evil.example/' } },
  ]);
  await expect(client.authorization('aut_1')).rejects.toBeInstanceOf(MandateConnectionError);
  expect(heard.every(({ url }) => url === '/v1/authorizations/aut_1')).toBe(true);
});

test('ids cannot leave their place in the address', async () => {
  const { client, heard } = await serve([{ status: 404, body: problem('not-found') }]);
  await expect(client.authorization('../templates?x=#')).rejects.toMatchObject({
    code: 'not-found',
  });
  expect(heard[0]!.url).toBe('/v1/authorizations/..%2Ftemplates%3Fx%3D%23');
});

test('a new webhook secret is asked for once: another one would end the secret in use', async () => {
  const { client, heard } = await serve(['cut', { status: 201, body: {} }]);
  await expect(client.webhooks.rotateSecret('whe_1')).rejects.toBeInstanceOf(
    MandateConnectionError,
  );
  expect(heard).toHaveLength(1);
});

test('a picture goes as it is, under a key, with what it is for in the address', async () => {
  const { client, heard } = await serve(['cut', { status: 201, body: { id: 'img_1' } }]);
  const picture = { type: 'image/png', content: Uint8Array.of(1, 2) } as const;
  const asked = { reason: 'in-person', side: 'front' } as const;
  expect(await client.idImages.keep('aut_1', picture, asked)).toEqual({ id: 'img_1' });
  expect(heard).toHaveLength(2);
  expect(heard[1]).toMatchObject({
    url: '/v1/authorizations/aut_1/id-images?reason=in-person&side=front',
    body: '\u0001\u0002',
    headers: { 'content-type': 'image/png', 'idempotency-key': 'key-1' },
  });
});

test('what is deleted without an answer’s content is deleted', async () => {
  const { client, heard } = await serve([{ status: 204, body: '' }]);
  expect(await client.keys.revoke('key_1')).toBeUndefined();
  expect(heard[0]).toMatchObject({ method: 'DELETE', url: '/v1/keys/key_1' });
});

test('without a scope the refusal names it', async () => {
  const { client } = await serve([
    { status: 403, body: problem('scope-missing', { scope: 'subject-data' }) },
  ]);
  await expect(client.personalData.release('aut_1', 'red_1')).rejects.toMatchObject({
    code: 'scope-missing',
    members: { scope: 'subject-data' },
  });
});
