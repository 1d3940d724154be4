import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { DomainError, systemClock, systemRandom } from '@mandate/core';
import { z } from 'zod';
import { mountApiPages } from './api-pages.js';
import { openApiDocument } from './api-document.js';
import { problemsOf } from './api-problems.js';
import { mountRoutes, routesFor } from './api-routes.js';
import { mountHealth } from './health.js';
import { createHttpApp } from './http-app.js';
import { listen, type Listening } from './listen.js';
import { createLog } from './logs.js';

const route = routesFor<{
  institution: { institutionId: string; scopes: readonly string[] };
  visit: { visitId: string };
}>();

const things = [
  route({
    method: 'post',
    path: '/v1/things/{id}',
    summary: 'Change a thing',
    tag: 'things',
    auth: 'institution',
    scope: 'authorizations:write',
    params: z.object({ id: z.string().regex(/^thing_\d+$/) }),
    query: z.object({ limit: z.coerce.number().int().max(10).optional() }),
    headers: z.object({ 'idempotency-key': z.string().min(8).optional() }),
    body: z.strictObject({ name: z.string(), inner: z.strictObject({ n: z.int() }).optional() }),
    responses: {
      200: { description: 'changed', schema: z.object({ who: z.string(), id: z.string() }) },
    },
    problems: ['version-conflict'],
    handler: async ({ institutionId, params }) => ({
      status: 200,
      body: { who: institutionId, id: params.id },
      headers: { 'X-Thing': '1' },
    }),
  }),
  route({
    method: 'get',
    path: '/v1/things/special',
    summary: 'The special thing',
    tag: 'things',
    auth: 'none',
    responses: { 200: { description: 'bytes', contentType: 'application/pdf' } },
    problems: [],
    handler: async () => ({ status: 200, bytes: Uint8Array.of(0x25, 0x50) }),
  }),
  route({
    method: 'post',
    path: '/v1/bytes',
    summary: 'Counts bytes',
    tag: 'things',
    auth: 'visit',
    bytesBody: { contentTypes: ['application/octet-stream'], maxBytes: 1000 },
    responses: { 200: { description: 'count', schema: z.object({ count: z.int() }) } },
    problems: [],
    handler: async ({ bytes }) => ({ status: 200, body: { count: bytes.length } }),
  }),
  route({
    method: 'get',
    path: '/v1/failing',
    summary: 'Fails',
    tag: 'things',
    auth: 'none',
    query: z.object({ how: z.string(), phone: z.string().optional() }),
    responses: { 200: { description: 'never', schema: z.object({ ok: z.boolean() }) } },
    problems: [],
    handler: async ({ query }) => {
      if (query.how === 'reply') return { status: 200, body: { ok: 'no' as unknown as boolean } };
      if (query.how === 'wait')
        throw new DomainError('resend-too-soon', 'wait', { extensions: { retryAfterSeconds: 30 } });
      throw new Error('invalid input "13800138000" for 张三');
    },
  }),
];

// compile-time: an undocumented status, and a body its schema forbids, are type errors
const miswritten = {
  method: 'get',
  path: '/never',
  summary: '',
  tag: 'things',
  auth: 'none',
  responses: { 200: { description: '', schema: z.object({ n: z.int() }) } },
  problems: [],
} as const;
// @ts-expect-error 201 is not documented
route({ ...miswritten, handler: async () => ({ status: 201, body: { n: 1 } }) });
// @ts-expect-error n is a number
route({ ...miswritten, handler: async () => ({ status: 200, body: { n: '1' } }) });

let server: Listening;
const lines: string[] = [];

beforeAll(async () => {
  const log = createLog({
    service: 'test',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  const app = createHttpApp({ log, clock: systemClock, random: systemRandom });
  mountHealth(app, {
    good: async () => 1,
    bad: async () => {
      throw new Error('secret reason');
    },
  });
  const info = { title: 'T', version: '1', description: '', url: 'http://localhost', tags: [] };
  mountApiPages(app, openApiDocument(things, info));
  mountRoutes(app, things, {
    institution: async (request) => {
      const { authorization } = request.headers;
      if (authorization === 'Bearer narrow')
        return { institutionId: 'ins_1', scopes: ['authorizations:read'] };
      if (authorization !== 'Bearer sesame') throw new DomainError('unauthenticated', 'no');
      return { institutionId: 'ins_1', scopes: ['authorizations:write'] };
    },
    visit: async () => ({ visitId: 'vis_1' }),
    checkReplies: true,
  });
  server = await listen(app, 0, '127.0.0.1');
});
afterAll(() => server.close());

interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}
async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, init);
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    body: (json ? JSON.parse(text) : { text }) as Record<string, unknown>,
    headers: response.headers,
  };
}
const post = (
  body: BodyInit | undefined,
  headers: Record<string, string> = {},
  path = '/v1/things/thing_1',
) =>
  ask(path, {
    method: 'POST',
    body,
    headers: { authorization: 'Bearer sesame', 'content-type': 'application/json', ...headers },
  });

test('a valid call reaches its handler, with auth context and headers', async () => {
  const answer = await post('{"name":"䶮"}');
  expect(answer).toMatchObject({ status: 200, body: { who: 'ins_1', id: 'thing_1' } });
  expect(answer.headers.get('x-thing')).toBe('1');
});

test('a key without the scope is refused before anything is read, and told which', async () => {
  const answer = await post('{', { authorization: 'Bearer narrow' });
  expect(answer).toMatchObject({
    status: 403,
    body: { code: 'scope-missing', scope: 'authorizations:write' },
  });
});

test.each([
  ['malformed', '{"name":', {}, 'invalid-request'],
  ['empty', '', {}, 'invalid-request'],
  ['an unknown field', '{"name":"a","more":1}', {}, 'invalid-request'],
  ['an unknown inner field', '{"name":"a","inner":{"n":1,"m":2}}', {}, 'invalid-request'],
  ['a wrong type', '{"name":1}', {}, 'invalid-request'],
  ['a duplicate member', '{"name":"a","name":"b"}', {}, 'invalid-request'],
  ['an array', '[]', {}, 'invalid-request'],
  ['null', 'null', {}, 'invalid-request'],
  ['invalid UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), {}, 'invalid-request'],
  ['a byte order mark', '\ufeff{"name":"a"}', {}, 'invalid-request'],
  ['oversized', `{"name":"${'a'.repeat(300_000)}"}`, {}, 'payload-too-large'],
  [
    'a form',
    'name=a',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'unsupported-media-type',
  ],
  ['no content type', '{"name":"a"}', { 'content-type': '' }, 'unsupported-media-type'],
  [
    'another charset',
    '{"name":"a"}',
    { 'content-type': 'application/json; charset=gbk' },
    'unsupported-media-type',
  ],
  ['compressed', 'x', { 'content-encoding': 'gzip' }, 'unsupported-media-type'],
  ['a short header', '{"name":"a"}', { 'idempotency-key': 'x' }, 'invalid-request'],
])('%s body or header is a typed refusal', async (_name, body, headers, code) => {
  const answer = await post(body, headers);
  expect(answer.body).toMatchObject({ code, status: answer.status });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.status).toBeLessThan(500);
});

test('what is wrong is told by place and rule, all of it', async () => {
  const answer = await post('{"name":1,"inner":{"n":1,"m":2},"more":1}');
  expect(answer.body['errors']).toEqual([
    expect.objectContaining({ in: 'body', pointer: '/name', rule: 'invalid-type' }),
    expect.objectContaining({ pointer: '/inner/m', rule: 'unknown-member' }),
    expect.objectContaining({ pointer: '/more', rule: 'unknown-member' }),
  ]);
});

test('oversized without a content length is refused as well', async () => {
  const stream = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 30; i++) controller.enqueue(new Uint8Array(10_000).fill(0x20));
      controller.close();
    },
  });
  const answer = await ask('/v1/things/thing_1', {
    method: 'POST',
    body: stream,
    duplex: 'half',
    headers: { authorization: 'Bearer sesame', 'content-type': 'application/json' },
  } as RequestInit);
  expect(answer.body['code']).toBe('payload-too-large');
  // on the same connection, as `fetch` keeps it
  expect((await ask('/v1/things/special')).status).toBe(200);
});

test('a stranger is refused before the body is looked at', async () => {
  const answer = await post('{"name":', { authorization: 'Bearer wrong' });
  expect(answer.body['code']).toBe('unauthenticated');
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
});

test('ids that cannot exist are not found; stray or repeated queries are refused', async () => {
  expect((await post('{"name":"a"}', {}, '/v1/things/thing_x')).body['code']).toBe('not-found');
  expect((await post('{"name":"a"}', {}, '/v1/things/thing_1?x=1')).body['code']).toBe(
    'invalid-request',
  );
  expect((await post('{"name":"a"}', {}, '/v1/things/thing_1?limit=1&limit=2')).body['code']).toBe(
    'invalid-request',
  );
  expect((await ask('/v1/things/special?x=1')).body['code']).toBe('invalid-request');
  expect((await ask('/v1/things/%ff')).body['code']).toBe('invalid-request');
});

test('unknown paths are 404; other methods on known ones 405 with Allow', async () => {
  expect((await ask('/nowhere')).body).toMatchObject({ code: 'not-found', status: 404 });
  const answer = await ask('/v1/things/special', { method: 'DELETE' });
  expect(answer.body['code']).toBe('method-not-allowed');
  expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  expect((await ask('/v1/bytes', { method: 'OPTIONS' })).status).toBe(204);
});

test('a literal path wins over a parameter; bytes carry their type', async () => {
  const answer = await ask('/v1/things/special');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/pdf');
});

test('bodies of bytes have their own types and limit', async () => {
  const send = (size: number, type: string) =>
    post(new Uint8Array(size), { 'content-type': type }, '/v1/bytes');
  expect((await send(1000, 'application/octet-stream')).body).toEqual({ count: 1000 });
  expect((await send(1001, 'application/octet-stream')).body['code']).toBe('payload-too-large');
  expect((await send(10, 'application/json')).body['code']).toBe('unsupported-media-type');
});

test('an unknown error is a bare 500; log lines hold no values, queries or headers', async () => {
  lines.length = 0;
  const answer = await ask('/v1/failing?how=throw&phone=13800138000', {
    headers: { authorization: 'Bearer sesame', cookie: 'mandate_visit=topsecret' },
  });
  expect(answer.body).toEqual({
    type: '/problems/internal',
    title: expect.any(String),
    status: 500,
    code: 'internal',
    instance: answer.headers.get('x-request-id'),
  });
  const logged = lines.join('');
  expect(logged).toContain('/v1/failing');
  expect(logged).toContain(answer.headers.get('x-request-id'));
  expect(logged).not.toMatch(/13800138000|sesame|topsecret|张三|how=/);
});

test('an answer outside its schema is our fault, not the caller’s', async () => {
  expect((await ask('/v1/failing?how=reply')).body).toMatchObject({ code: 'internal' });
});

test('waiting times travel as extension and header', async () => {
  const answer = await ask('/v1/failing?how=wait');
  expect(answer.body).toMatchObject({ code: 'resend-too-soon', retryAfterSeconds: 30 });
  expect(answer.headers.get('retry-after')).toBe('30');
});

test('every answer has strict headers and a fresh nonce', async () => {
  const [one, two] = await Promise.all([ask('/nowhere'), ask('/docs')]);
  for (const { headers } of [one, two]) {
    const policy = headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
  }
  const trusted = "require-trusted-types-for 'script'";
  expect(one.headers.get('content-security-policy')).toContain(trusted);
  expect(one.headers.get('content-security-policy')).not.toBe(
    two.headers.get('content-security-policy'),
  );
});

test('health says which part failed, not why', async () => {
  expect(await ask('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  const ready = await ask('/readyz');
  expect(ready.status).toBe(503);
  expect(ready.body).toEqual({ status: 'failed', checks: { good: 'ok', bad: 'failed' } });
});

test('the description comes from the schemas and resolves within itself', async () => {
  const { body } = await ask('/openapi.json');
  const text = JSON.stringify(body);
  expect(body['openapi']).toBe('3.1.0');
  for (const [, pointer] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = pointer!
      .split('/')
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], body);
    expect(target).toBeDefined();
  }
  const paths = body['paths'] as Record<
    string,
    Record<string, { security: unknown; requestBody?: unknown }>
  >;
  const change = paths['/v1/things/{id}']!['post']!;
  expect(change.security).toEqual([{ institution: ['authorizations:write'] }]);
  expect(JSON.stringify(change.requestBody)).toContain('"additionalProperties":false');
  expect(JSON.stringify(change)).toContain('version-conflict');
  expect(problemsOf(things[0]!)).toEqual(
    expect.arrayContaining(['unauthenticated', 'not-found', 'invalid-request']),
  );
});

test('the documentation pages load only their own files', async () => {
  const page = await ask('/docs');
  const sources = [...String(page.body['text']).matchAll(/(?:src|href)="([^"]+)"/g)].map(
    (m) => m[1]!,
  );
  expect(sources.length).toBeGreaterThan(3);
  for (const source of sources) expect((await ask(source)).status).toBe(200);
  expect((await ask('/docs/index.html')).status).toBe(404);
  expect((await ask('/docs/..%2fpackage.json')).status).toBe(404);
  expect((await ask('/problems/code-wrong')).body['text']).toContain('403');
  expect((await ask('/problems/nonsense')).status).toBe(404);
});

test('a body cut off half way leaves the server standing', async () => {
  await new Promise<void>((done) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(
        'POST /v1/things/thing_1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sesame\r\n' +
          'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name"',
      );
      setTimeout(() => socket.destroy(), 50);
    });
    socket.on('close', () => done());
  });
  expect((await ask('/healthz')).status).toBe(200);
});

test('a taken port is already-running', async () => {
  const log = createLog({ service: 'test', level: 'silent' });
  const app = createHttpApp({ log, clock: systemClock, random: systemRandom });
  await expect(listen(app, server.port, '127.0.0.1')).rejects.toMatchObject({
    code: 'already-running',
  });
});

test('closing waits for a running request', async () => {
  const log = createLog({ service: 'test', level: 'silent' });
  const app = createHttpApp({ log, clock: systemClock, random: systemRandom });
  let release = (): void => undefined;
  let entered = (): void => undefined;
  const inside = new Promise<void>((done) => (entered = done));
  app.get('/slow', async (_request, response) => {
    entered();
    await new Promise<void>((done) => (release = done));
    response.send('done');
  });
  const other = await listen(app, 0, '127.0.0.1');
  const answer = fetch(`${other.url}/slow`).then((response) => response.text());
  await inside;
  const closed = other.close();
  release();
  expect(await answer).toBe('done');
  await closed;
  await expect(fetch(`${other.url}/slow`)).rejects.toThrow();
});

test('closing does not wait for connections without a request', async () => {
  const log = createLog({ service: 'test', level: 'silent' });
  const app = createHttpApp({ log, clock: systemClock, random: systemRandom });
  app.get('/quick', (_request, response) => void response.send('done'));
  const other = await listen(app, 0, '127.0.0.1');
  const silent = connect(other.port, '127.0.0.1');
  await new Promise((done) => silent.once('connect', done));
  expect(await (await fetch(`${other.url}/quick`)).text()).toBe('done'); // its connection is kept alive
  const started = performance.now();
  await other.close();
  expect(performance.now() - started).toBeLessThan(2_000);
  silent.destroy();
});
