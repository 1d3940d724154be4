import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { ERROR_CODES } from '@mandate/core';
import { PROBLEMS, type Route } from '@mandate/runtime';
import {
  authorizationBody,
  startApi,
  templateBody,
  type Answer,
  type ApiInstance,
  type Call,
  type Tenant,
} from './api-instance.js';
import { prepare, type Prepared } from './ceremony.js';
import { goodBodies, type Bodies } from './good-bodies.js';

/** Every POST route against every way a body can be wrong; then the fields of the two large ones. */
let api: ApiInstance;
let tenant: Tenant;
let visit: Prepared;
/** The subject's visit to their own authorizations. */
let own: string;
let webhook: string;
let bulk: string;
let before: Record<string, string>;
let bodies: Bodies;

const ID: Record<string, () => string> = {
  '/v1/templates/': () => 'for-tests',
  '/v1/authorizations/': () => visit.id,
  '/v1/signing-sets/': () => 'set_00000000-0000-7000-8000-000000000000',
  '/v1/own/': () => visit.id,
  '/v1/own/passkeys/': () => 'psk_00000000-0000-7000-8000-000000000000',
  '/v1/webhooks/': () => webhook,
  '/v1/bulk/': () => bulk,
  '/v1/keys/': () => tenant.keyId,
  // any will do: nobody’s order is none
  '/v1/orders/': () => 'ORD-2345-6789-ABCD-EFGH',
  '/v1/signing/attempts/': () => 'att_00000000-0000-7000-8000-000000000000',
};
const pathOf = (path: string): string =>
  path
    .replace(/\{\w+\}/, () => ID[path.slice(0, path.indexOf('{'))]!())
    .replace('{redemption}', 'red_00000000-0000-7000-8000-000000000000')
    .replace('{hold}', 'hld_00000000-0000-7000-8000-000000000000')
    .replace('{image}', 'img_00000000-0000-7000-8000-000000000000')
    .replace('{version}', '1');
/** With a body of JSON; `id-images.test.ts` has what pictures are refused for. */
const posts = (): Route[] =>
  api.routes.filter(({ method, bytesBody }) => method === 'post' && !bytesBody);

const send = (route: Pick<Route, 'path'>, call: Call): Promise<Answer> =>
  api.call('POST', pathOf(route.path), {
    key: tenant.apiKey,
    cookie: cookies(),
    ...call,
    headers: {
      'idempotency-key': crypto.randomUUID(),
      'x-requested-with': 'mandate',
      ...call.headers,
    },
  });

/** Of the visit to one letter, and of the subject's visit to all of theirs. */
const cookies = (): string => `${visit.cookie}; ${own}`;

/** What is wrong with an answer that ought to be this problem; undefined when nothing is. */
function fault({ status, json, headers, text }: Answer, expected: string): string | undefined {
  const code: string = json?.code;
  const right =
    headers.get('content-type')?.startsWith('application/problem+json') &&
    (ERROR_CODES as readonly string[]).includes(code) &&
    code === expected &&
    json.status === status &&
    PROBLEMS[code as keyof typeof PROBLEMS].status === status &&
    json.type === `/problems/${code}` &&
    json.instance.startsWith('req_');
  return right ? undefined : `${status} ${text.slice(0, 150)}`;
}

beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template-1' },
    body: templateBody(),
  });
  visit = await prepare(api, tenant, 'identified');
  const { json } = await api.call('POST', `/v1/authorizations/${visit.id}/own-links`, {
    key: tenant.apiKey,
    body: { vouchedBy: 'staff', how: 'in-person' },
  });
  const opened = await api.call('POST', '/v1/own/open', {
    headers: { 'x-requested-with': 'mandate' },
    body: { token: json.url.split('#')[1] },
  });
  own = opened.headers.get('set-cookie')!.split(';')[0]!;
  const hook = await api.call('POST', '/v1/webhooks', {
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'webhook-1' },
    // nothing here lapses, so nothing is delivered meanwhile
    body: { url: 'http://localhost:9/', types: ['authorization.lapsed'] },
  });
  webhook = hook.json.id;
  const begun = await api.call('POST', '/v1/bulk', {
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'import-1' },
    body: { format: 'ndjson' },
  });
  bulk = begun.json.id;
  bodies = goodBodies(api, visit.token);
  before = await api.tables();
}, 60_000);

/** Nothing half-written: every table holds exactly what it held before the refused requests. */
afterAll(async () => {
  try {
    expect(await api.tables()).toEqual(before);
  } finally {
    await api?.stop();
  }
});

test('every POST route has a body here', () => {
  expect(
    posts()
      .map(({ path }) => path)
      .filter((path) => !bodies[path]),
  ).toEqual([]);
});

const deep = (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
const utf8 = (text: string) => new TextEncoder().encode(text);
const without = (body: Record<string, unknown>, name: string) =>
  Object.fromEntries(Object.entries(body).filter(([key]) => key !== name));

/** Faults of a body whatever its route. */
const GENERIC: [string, string, (body: Record<string, unknown>) => Call][] = [
  [
    'half of it',
    'invalid-request',
    (body) => ({ raw: JSON.stringify({ ...body, x: 1 }).slice(0, -1) }),
  ],
  ['trailing text', 'invalid-request', (body) => ({ raw: `${JSON.stringify(body)} {}` })],
  ['a comment', 'invalid-request', (body) => ({ raw: `/* */${JSON.stringify(body)}` })],
  ['a list', 'invalid-request', (body) => ({ raw: JSON.stringify([body]) })],
  ['null', 'invalid-request', () => ({ raw: 'null' })],
  ['a number', 'invalid-request', () => ({ raw: '1e999' })],
  ['a text', 'invalid-request', () => ({ raw: '"{}"' })],
  ['an unknown member', 'invalid-request', (body) => ({ body: { ...body, another: 1 } })],
  ['a member twice', 'invalid-request', () => ({ raw: '{"a":1,"\\u0061":2}' })],
  ['a prototype', 'invalid-request', () => ({ raw: '{"__proto__":{"admin":true}}' })],
  ['a constructor', 'invalid-request', () => ({ raw: '{"constructor":{"prototype":{}}}' })],
  ['16 levels too many', 'invalid-request', () => ({ raw: deep(32) })],
  ['100,000 levels', 'invalid-request', () => ({ raw: '['.repeat(100_000) })],
  ['a lone surrogate', 'invalid-request', () => ({ raw: '{"a":"\\ud800"}' })],
  ['U+0000', 'invalid-request', () => ({ raw: '{"a":"\\u0000"}' })],
  ['a raw U+0000', 'invalid-request', () => ({ raw: '{"a":"\0"}' })],
  ['a byte order mark', 'invalid-request', (body) => ({ raw: `\ufeff${JSON.stringify(body)}` })],
  ['bytes that are no UTF-8', 'invalid-request', () => ({ raw: Uint8Array.of(0x7b, 0xff, 0x7d) })],
  ['UTF-16', 'invalid-request', () => ({ raw: new Uint8Array(Buffer.from('{}', 'utf16le')) })],
  ['257 kB', 'payload-too-large', () => ({ raw: `{"a":"${'x'.repeat(257 * 1024)}"}` })],
  ['4 MB of spaces', 'payload-too-large', () => ({ raw: ' '.repeat(4 << 20) })],
  [
    'a form',
    'unsupported-media-type',
    () => ({ raw: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  ],
  [
    'plain text',
    'unsupported-media-type',
    (body) => ({ raw: JSON.stringify(body), headers: { 'content-type': 'text/plain' } }),
  ],
  [
    'no type',
    'unsupported-media-type',
    (body) => ({
      raw: utf8(JSON.stringify({ ...body, x: 1 })),
      headers: { 'content-type': undefined },
    }),
  ],
  [
    'Latin-1',
    'unsupported-media-type',
    (body) => ({
      raw: JSON.stringify({ ...body, x: 1 }),
      headers: { 'content-type': 'application/json; charset=iso-8859-1' },
    }),
  ],
  [
    'gzip',
    'unsupported-media-type',
    () => ({ raw: Uint8Array.of(0x1f, 0x8b), headers: { 'content-encoding': 'gzip' } }),
  ],
];

test.each(GENERIC)('%s: %s, on every POST route', async (_name, code, call) => {
  const wrong: string[] = [];
  for (const route of posts()) {
    const found = fault(await send(route, call(bodies[route.path]!())), code);
    if (found) wrong.push(`${route.path}: ${found}`);
  }
  expect(wrong).toEqual([]);
});

test('a body where none is read is refused too, an empty one is not missed', async () => {
  const links = { path: '/v1/authorizations/{id}/signing-links' };
  expect(fault(await send(links, { body: { expiresAt: 'never' } }), 'invalid-request')).toBe(
    undefined,
  );
});

/** Values no member of that type may take. */
const STRANGE: Record<string, readonly unknown[]> = {
  string: [null, true, 7, [], {}, ['a'], '', 'x'.repeat(5000)],
  number: [null, true, '7', [], {}, -1, 1.5, 1e308, 2 ** 53],
  boolean: [null, 0, 1, 'true', [], {}],
  list: [null, true, 7, 'a', {}, [null], [[]], Array(1000).fill('a')],
  object: [null, true, 7, 'a', [], {}, { another: 1 }],
};
/** Members whose absence has a code of its own. */
const MISSED: Record<string, string> = {
  '/v1/authorizations/{id}/redemptions operator': 'operator-missing',
};
const kindOf = (value: unknown) => (Array.isArray(value) ? 'list' : typeof value);

test('every member missing, of every wrong type, and enormous, on every POST route', async () => {
  const wrong: string[] = [];
  for (const route of posts()) {
    const body = bodies[route.path]!();
    for (const [name, right] of Object.entries(body)) {
      const tries = STRANGE[kindOf(right)]!.map((value) => ({ ...body, [name]: value }));
      for (const tried of [without(body, name), ...tries]) {
        const code = (!(name in tried) && MISSED[`${route.path} ${name}`]) || 'invalid-request';
        const found = fault(await send(route, { body: tried }), code);
        if (found) wrong.push(`${route.path} ${name}=${JSON.stringify(tried[name])}: ${found}`);
      }
    }
  }
  expect(wrong.map((line) => line.slice(0, 300))).toEqual([]);
}, 30_000);

describe('an authorization', () => {
  const day = (days: number) => new Date(api.now().getTime() + days * 86_400_000).toISOString();
  const withSubject = (body: any, more: object) => ({
    ...body,
    subject: { ...body.subject, ...more },
  });
  type Case = [string, string, (body: any) => unknown];
  const cases: Case[] = [
    ['an unknown template', 'template-unknown', (b) => ({ ...b, template: 'nothing' })],
    ['a version to come', 'template-unknown', (b) => ({ ...b, version: 2 })],
    ['a huge version', 'invalid-request', (b) => ({ ...b, version: 2 ** 31 })],
    ['the largest version', 'invalid-request', (b) => ({ ...b, version: 2 ** 53 - 1 })],
    ['version 0', 'invalid-request', (b) => ({ ...b, version: 0 })],
    ['a fraction of a version', 'invalid-request', (b) => ({ ...b, version: 1.5 })],
    ['an end yesterday', 'term-in-past', (b) => ({ ...b, end: { kind: 'date', at: day(-1) } })],
    [
      'an end in the year 1',
      'term-in-past',
      (b) => ({ ...b, end: { kind: 'date', at: '0001-01-01T00:00:00Z' } }),
    ],
    [
      'an end in the year 9999',
      'terms-invalid',
      (b) => ({ ...b, end: { kind: 'date', at: '9999-12-31T23:59:59Z' } }),
    ],
    ['a beginning yesterday', 'term-in-past', (b) => ({ ...b, from: day(-1) })],
    ['an end before the beginning', 'terms-invalid', (b) => ({ ...b, from: day(31) })],
    [
      'the 30th of February',
      'invalid-request',
      (b) => ({ ...b, end: { kind: 'date', at: '2027-02-30T00:00:00Z' } }),
    ],
    [
      'a date without a zone',
      'invalid-request',
      (b) => ({ ...b, end: { kind: 'date', at: '2027-02-03T00:00:00' } }),
    ],
    [
      'a date of 1,000 digits',
      'invalid-request',
      (b) => ({ ...b, end: { kind: 'date', at: `2027-02-03T00:00:00.${'1'.repeat(1000)}Z` } }),
    ],
    [
      'an event nobody knows',
      'invalid-request',
      (b) => ({ ...b, end: { kind: 'event', event: 'doomsday', latest: day(9) } }),
    ],
    [
      'an event without a latest date',
      'invalid-request',
      (b) => ({ ...b, end: { kind: 'event', event: 'loan-settled' } }),
    ],
    [
      'both kinds of an end',
      'invalid-request',
      (b) => ({ ...b, end: { ...b.end, event: 'loan-settled' } }),
    ],
    ['no uses at all', 'invalid-request', (b) => ({ ...b, uses: { kind: 'count', count: 0 } })],
    [
      'uses below nothing',
      'invalid-request',
      (b) => ({ ...b, uses: { kind: 'count', count: -1 } }),
    ],
    [
      'more uses than the template allows',
      'terms-invalid',
      (b) => ({ ...b, uses: { kind: 'count', count: 100 } }),
    ],
    [
      'an ID number with a wrong check digit',
      'terms-invalid',
      (b) =>
        withSubject(b, {
          idNumber: b.subject.idNumber.replace(/.$/, (d: string) => (d === '1' ? '2' : '1')),
        }),
    ],
    ['a child', 'terms-invalid', (b) => withSubject(b, { idNumber: '11010520200307002X' })],
    [
      'an ID type nobody knows',
      'invalid-request',
      (b) => withSubject(b, { idType: 'library-card' }),
    ],
    ['a telephone at a desk', 'terms-invalid', (b) => withSubject(b, { phone: '01012345678' })],
    [
      'a phone that is a sentence',
      'terms-invalid',
      (b) => withSubject(b, { phone: 'call me later' }),
    ],
    [
      'a name turned round (U+202E)',
      'text-forbidden-character',
      (b) => withSubject(b, { name: '王\u202e五' }),
    ],
    [
      'a name with a zero-width joiner',
      'text-forbidden-character',
      (b) => withSubject(b, { name: '王\u200d五' }),
    ],
    [
      'a name with a line feed',
      'text-forbidden-character',
      (b) => withSubject(b, { name: '王\n五' }),
    ],
    [
      'a name with a variation selector',
      'text-forbidden-character',
      (b) => withSubject(b, { name: '王\ufe00五' }),
    ],
    [
      'a private-use character',
      'text-forbidden-character',
      (b) => withSubject(b, { name: '王\ue000' }),
    ],
    [
      'a name that is no NFC and stays so',
      'text-forbidden-character',
      (b) => withSubject(b, { name: 'x\u0301\u0328王' }),
    ],
    ['a picture for a name', 'glyph-missing', (b) => withSubject(b, { name: '王\u{1f600}' })],
    ['a script no font has', 'glyph-missing', (b) => withSubject(b, { name: '\u1200\u1201' })],
    ['outer spaces', 'invalid-request', (b) => withSubject(b, { name: ' 王五 ' })],
    [
      'a bidi mark in the reference',
      'text-forbidden-character',
      (b) => ({ ...b, businessReference: 'REF\u2066' }),
    ],
    ['a language nobody speaks', 'invalid-request', (b) => ({ ...b, language: 'tlh' })],
    ['terms of its own', 'invalid-request', (b) => ({ ...b, clauses: [] })],
    [
      'another institution’s name',
      'invalid-request',
      (b) => ({ ...b, institution: { name: '某银行' } }),
    ],
  ];
  test.each(cases)('%s: %s', async (_name, code, change) => {
    const answer = await send(
      { path: '/v1/authorizations' },
      { body: change(authorizationBody(api, 1)) },
    );
    expect(fault(answer, code)).toBe(undefined);
  });
});

describe('a template', () => {
  type Case = [string, string, (body: any) => unknown];
  const cases: Case[] = [
    ['a name already taken', 'template-invalid', (b) => ({ ...b, name: 'for-tests' })],
    ['a name that is a path', 'invalid-request', (b) => ({ ...b, name: '../for-tests' })],
    ['another format', 'invalid-request', (b) => ({ ...b, format: 'mandate-template/v2' })],
    ['no measure', 'invalid-request', (b) => ({ ...b, policy: { ...b.policy, measures: [] } })],
    [
      'a measure nobody knows',
      'invalid-request',
      (b) => ({ ...b, policy: { ...b.policy, measures: ['wink'] } }),
    ],
    ['no gate', 'invalid-request', (b) => ({ ...b, policy: { ...b.policy, gate: 'open' } })],
    ['one language only', 'invalid-request', (b) => ({ ...b, title: { zh: b.title.zh } })],
    ['a clause twice', 'invalid-request', (b) => ({ ...b, clauses: [b.clauses[0], b.clauses[0]] })],
    ['an item twice', 'invalid-request', (b) => ({ ...b, items: [b.items[0], b.items[0]] })],
    [
      'a false credit code',
      'invalid-request',
      (b) => ({ ...b, sources: [{ ...b.sources[0], creditCode: '91310000MA1FL0000A' }] }),
    ],
    [
      'a title turned round',
      'text-forbidden-character',
      (b) => ({ ...b, title: { ...b.title, zh: '授权\u202e书' } }),
    ],
    [
      'a clause with a zero-width space',
      'text-forbidden-character',
      (b) => ({ ...b, clauses: [{ id: 'one', text: { zh: '甲\u200b乙', en: 'x' } }] }),
    ],
    [
      'limits without end',
      'invalid-request',
      (b) => ({ ...b, limits: { ...b.limits, maximumDays: 1e9 } }),
    ],
  ];
  test.each(cases)('%s: %s', async (_name, code, change) => {
    const answer = await send({ path: '/v1/templates' }, { body: change(templateBody('another')) });
    expect(fault(answer, code)).toBe(undefined);
  });

  test('a version keeps its template’s name', async () => {
    const answer = await send(
      { path: '/v1/templates/{id}/versions' },
      { body: templateBody('renamed') },
    );
    expect(fault(answer, 'template-invalid')).toBe(undefined);
  });
});

describe('a signing ticket', () => {
  test.each([
    ['a path', 'https://bank.example/app'],
    ['a trailing slash', 'https://bank.example/'],
    ['credentials', 'https://user@bank.example'],
    ['every origin', '*'],
    ['an opaque origin', 'null'],
    ['a script', 'javascript:alert(1)'],
    ['a file', 'file:///etc/passwd'],
    ['plain http on the Internet', 'http://bank.example'],
  ])('no origin is %s', async (_name, origin) => {
    const answer = await send(
      { path: '/v1/authorizations/{id}/signing-tickets' },
      { body: { origins: [origin] } },
    );
    expect(fault(answer, 'invalid-request')).toBe(undefined);
  });
});

describe('addresses', () => {
  const institutionRoutes = () =>
    api.routes.filter(({ path, auth }) => path.includes('{id}') && auth === 'institution');

  test.each([
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    'aut_%00',
    "aut_' OR 1=1 --",
    'aut_00000000-0000-7000-8000-000000000000',
    'AUT_00000000-0000-7000-8000-000000000000',
    'aut_00000000-0000-7000-8000-00000000000000000',
    '\u{1f600}',
    '__proto__',
    'constructor',
    'x'.repeat(2000),
  ])('the id %p is nobody’s, on every route', async (id) => {
    const wrong: string[] = [];
    for (const route of institutionRoutes()) {
      const path = route.path.replace('{id}', id.includes('%') ? id : encodeURIComponent(id));
      const file = route.method === 'post' && route.bytesBody;
      const whole = file ? `${path}?reason=in-person&side=front` : path;
      const answer = await api.call(route.method.toUpperCase(), whole, {
        key: tenant.apiKey,
        ...(file
          ? { raw: 'x', headers: { 'content-type': file.contentTypes[0] } }
          : route.method === 'post'
            ? { body: bodies[route.path]!(), headers: { 'idempotency-key': 'address-1' } }
            : {}),
      });
      // the client takes dots off the path before it sends it (RFC 3986, 5.2.4): that may be another route's
      const code = id === '%2e%2e' && answer.status === 405 ? 'method-not-allowed' : 'not-found';
      const found = fault(answer, code);
      if (found) wrong.push(`${route.path}: ${found}`);
      if (id.length > 8 && answer.text.includes(id)) wrong.push(`${route.path} repeats the id`);
    }
    expect(wrong).toEqual([]);
  });

  test('an address that cannot be decoded is malformed', async () => {
    const answer = await api.call('GET', '/v1/authorizations/%E0%A4%A', { key: tenant.apiKey });
    expect(fault(answer, 'invalid-request')).toBe(undefined);
  });

  test.each([
    '?limit=0',
    '?limit=101',
    '?limit=-1',
    '?limit=1.5',
    '?limit=many',
    '?limit=1&limit=2',
    '?limit=',
    '?cursor=x',
    '?cursor=',
    '?state=lost',
    '?another=1',
    '?__proto__=1',
    '?cursor[a]=1',
    '?template=%00',
    '?businessReference=a%00b',
    '?template=a%1Fb',
  ])('the list takes no %s', async (query) => {
    const answer = await api.call('GET', `/v1/authorizations${query}`, { key: tenant.apiKey });
    expect(fault(answer, 'invalid-request')).toBe(undefined);
  });

  test('a query where none is read is refused on every route', async () => {
    const wrong: string[] = [];
    for (const route of api.routes) {
      const method = route.method.toUpperCase();
      const call: Call = {
        key: tenant.apiKey,
        cookie: cookies(),
        headers: { 'x-requested-with': 'mandate', 'idempotency-key': 'query-1' },
        ...(route.method === 'post' && !route.bytesBody ? { body: bodies[route.path]!() } : {}),
      };
      const found = fault(
        await api.call(method, `${pathOf(route.path)}?another=1`, call),
        'invalid-request',
      );
      if (found) wrong.push(`${method} ${route.path}: ${found}`);
    }
    expect(wrong).toEqual([]);
  });

  test('another method: 405 and what is offered', async () => {
    const wrong: string[] = [];
    const paths = [...new Set(api.routes.map(({ path }) => path))];
    const standard = [
      '/tsa',
      '/ocsp',
      '/pki/scene.crl',
      '/ledger/checkpoint',
      '/verify',
      '/s',
      '/',
    ];
    for (const path of [...paths, ...standard])
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const offered = api.routes
          .filter((route) => route.path === path)
          .map((route) => route.method.toUpperCase());
        if (standard.includes(path))
          offered.push(['/tsa', '/ocsp'].includes(path) ? 'POST' : 'GET');
        if (path === '/verify') offered.push('POST');
        if (offered.includes(method)) continue;
        const answer = await api.call(method, pathOf(path), {
          key: tenant.apiKey,
          cookie: visit.cookie,
          headers: { 'x-requested-with': 'mandate' },
        });
        const found = fault(answer, 'method-not-allowed');
        const allow = answer.headers.get('allow') ?? '';
        if (found || !offered.every((each) => allow.includes(each)) || allow.includes(method))
          wrong.push(`${method} ${path}: ${found ?? `Allow: ${allow}`}`);
      }
    expect(wrong).toEqual([]);
  });

  test('an unknown path is a problem too', async () => {
    for (const path of [
      '/v2/authorizations',
      '/v1',
      '/v1/Authorizations',
      '/%2e%2e/etc/passwd',
      '/assets/../../package.json',
      '/assets/..%2f..%2fpackage.json',
      '/docs/..%2fpackage.json',
      '/pki/..%2fkeys',
      '/pki/__proto__',
      '/pki/constructor',
      '/docs/__proto__',
      '/docs/constructor',
      '/problems/constructor',
      '/internal/vault/unwrap',
      '/.git/config',
    ])
      expect([path, fault(await api.call('GET', path), 'not-found')]).toEqual([path, undefined]);
  });
});

describe('what is no HTTP', () => {
  const raw = (text: string): Promise<string> =>
    new Promise((done, fail) => {
      let answer = '';
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => socket.write(text));
      socket.on('data', (data) => (answer += data.toString()));
      socket.once('error', fail);
      socket.once('close', () => done(answer));
    });
  const post = 'POST /v1/signing/open HTTP/1.1\r\nHost: x\r\n';

  test.each([
    ['noise', '\u0001\u0002\u0003\r\n\r\n', 'invalid-request'],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n', 'invalid-request'],
    ['two lengths', `${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`, 'invalid-request'],
    [
      'a length and chunks',
      `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      'invalid-request',
    ],
    ['a broken header', 'GET / HTTP/1.1\r\nHost: x\r\nA\u0000B: c\r\n\r\n', 'invalid-request'],
    ['20 kB of headers', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 'payload-too-large'],
  ])('%s', async (_name, text, code) => {
    const [head, body] = (await raw(text)).split('\r\n\r\n');
    expect(head).toContain('application/problem+json');
    const problem = JSON.parse(body!);
    expect(problem.code).toBe(code);
    expect(head!.startsWith(`HTTP/1.1 ${problem.status} `)).toBe(true);
  });
});

describe('the signing page’s routes', () => {
  test('without X-Requested-With nothing but reading is possible', async () => {
    const wrong: string[] = [];
    for (const route of posts().filter(({ path }) => /^\/v1\/(signing|own)\//.test(path)))
      for (const given of [undefined, 'XMLHttpRequest', 'Mandate', 'mandate, mandate']) {
        const answer = await send(route, {
          body: bodies[route.path]!(),
          headers: { 'x-requested-with': given },
        });
        const found = fault(answer, 'forbidden');
        if (found) wrong.push(`${route.path} with ${given}: ${found}`);
      }
    expect(wrong).toEqual([]);
  });

  test.each([
    ['no cookie', undefined],
    ['an empty cookie', 'mandate_visit='],
    ['garbage', 'mandate_visit=%%%'],
    ['a made-up cookie', `mandate_visit=${'A'.repeat(43)}`],
    ['a very long cookie', `mandate_visit=${'A'.repeat(8000)}`],
    ['another name', `mandate_visi=${'A'.repeat(43)}`],
  ])('%s: the visit has ended', async (_name, cookie) => {
    const wrong: string[] = [];
    for (const route of api.routes.filter(({ auth }) => auth === 'visit')) {
      const answer = await api.call(route.method.toUpperCase(), pathOf(route.path), {
        cookie,
        headers: { 'x-requested-with': 'mandate' },
        ...(route.method === 'post' && !route.bytesBody ? { body: bodies[route.path]!() } : {}),
      });
      const found = fault(answer, 'visit-invalid');
      if (found) wrong.push(`${route.path}: ${found}`);
    }
    expect(wrong).toEqual([]);
  });

  test.each(['x', 'A'.repeat(43), 'A'.repeat(100), '../../x', '%00', '王', ' '])(
    'the token %p opens nothing',
    async (token) => {
      const answer = await send({ path: '/v1/signing/open' }, { body: { token } });
      expect(fault(answer, 'link-invalid')).toBe(undefined);
    },
  );
});

describe('the Idempotency-Key', () => {
  /** Where it may be left out (reports) it is still read. */
  const withKey = () => posts().filter(({ headers }) => headers);
  const needing = () =>
    posts().filter(({ problems }) => problems.includes('idempotency-key-missing'));

  test('three routes and more need one', () => {
    expect(needing().length).toBeGreaterThanOrEqual(3);
  });

  test.each([
    ['missing', undefined, 'idempotency-key-missing'],
    ['too short', 'short', 'invalid-request'],
    ['too long', 'x'.repeat(129), 'invalid-request'],
    ['with a space', 'two words 1', 'invalid-request'],
  ])('%s: %s', async (_name, given, code) => {
    const wrong: string[] = [];
    for (const route of given === undefined ? needing() : withKey()) {
      const answer = await send(route, {
        body: bodies[route.path]!(),
        headers: { 'idempotency-key': given },
      });
      const found = fault(answer, code);
      if (found) wrong.push(`${route.path}: ${found}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe('what other people’s software sends', () => {
  test.each([
    ['/tsa', 'nothing', new Uint8Array(0)],
    ['/tsa', 'garbage', Uint8Array.of(1, 2, 3)],
    ['/ocsp', 'nothing', new Uint8Array(0)],
    ['/ocsp', 'garbage', Uint8Array.of(0x30, 0x80, 0, 0)],
  ])('%s answers %s by its own protocol', async (path, _name, raw) => {
    const type = path === '/tsa' ? 'application/timestamp-query' : 'application/ocsp-request';
    const { status, headers } = await api.call('POST', path, {
      raw,
      headers: { 'content-type': type },
    });
    expect({ status, type: headers.get('content-type') }).toEqual({
      status: 200,
      type: path === '/tsa' ? 'application/timestamp-reply' : 'application/ocsp-response',
    });
  });

  test.each(['/tsa', '/ocsp'])('%s: another type, too much', async (path) => {
    const type = path === '/tsa' ? 'application/timestamp-query' : 'application/ocsp-request';
    const odd = await api.call('POST', path, { raw: '{}' });
    expect(fault(odd, 'unsupported-media-type')).toBe(undefined);
    const large = await api.call('POST', path, {
      raw: new Uint8Array(8193),
      headers: { 'content-type': type },
    });
    expect(fault(large, 'payload-too-large')).toBe(undefined);
  });

  test('OCSP by GET: what is no base64 is malformed by its own protocol', async () => {
    for (const text of ['%%%', 'AAAA', '%FF', 'a'.repeat(3000)]) {
      const { status, headers } = await api.call('GET', `/ocsp/${encodeURIComponent(text)}`);
      expect([status, headers.get('content-type')]).toEqual([200, 'application/ocsp-response']);
    }
  });
});
