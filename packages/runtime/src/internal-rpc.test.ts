import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  DomainError,
  sha256Hex,
  systemClock,
  systemRandom,
  utf8,
  type Authority,
  type RaRole,
  type VaultRole,
} from '@mandate/core';
import fc from 'fast-check';
import { createHttpApp } from './http-app.js';
import { decodeInternal, encodeInternal } from './internal-encoding.js';
import { connectAuthority, localAuthority, mountAuthority } from './internal-rpc.js';
import { listen, type Listening } from './listen.js';
import { createLog } from './logs.js';

const WEB_KEY = 'web'.padEnd(40, 'x');
const WORKER_KEY = 'worker'.padEnd(40, 'x');
const dataKey = Uint8Array.from({ length: 32 }, (_, i) => i);

const vault = {
  create: async () => ({ dataKey }),
  unwrap: async ({ authorizationId }) => {
    if (authorizationId === 'stuck') await new Promise(() => undefined);
    if (authorizationId === 'crash') throw new Error('secret');
    throw new DomainError('erased', 'gone', { extensions: { since: '2026' } });
  },
  accesses: async () => ({ entries: [] }),
  searchKey: async () => ({ searchKey: Uint8Array.of(9) }),
  erase: async () => ({ erasure: '', at: '' }),
  imageKey: async () => ({ dataKey }),
  sweepKeys: async () => ({ deleted: 0 }),
  anchorRegister: async () => ({ anchored: 0 }),
} satisfies Partial<VaultRole> as unknown as Authority['vault'];
const ra = {
  confirm: async (request: { proof: Uint8Array }) => ({
    confirmedAt: String(request.proof instanceof Uint8Array && request.proof.length),
    goodUntil: '',
  }),
  message: async () => null,
} as unknown as RaRole;

let server: Listening;
beforeAll(async () => {
  const log = createLog({ service: 'test', level: 'silent' });
  const app = createHttpApp({ log, clock: systemClock, random: systemRandom });
  mountAuthority(
    app,
    { vault, ra },
    { web: sha256Hex(utf8(WEB_KEY)), worker: sha256Hex(utf8(WORKER_KEY)) },
  );
  server = await listen(app, 0, '127.0.0.1');
});
afterAll(() => server.close());

const connection = (callerKey: string, more: object = {}): Authority =>
  connectAuthority({
    urls: { ra: server.url, vault: server.url, ca: server.url },
    callerKey,
    ...more,
  });
const coded = (code: string) => expect.objectContaining({ code });
const unwrap = { authorizationId: 'aut', purpose: 'present', actor: 'x' } as const;

test('calls and bytes go both ways', async () => {
  const web = connection(WEB_KEY);
  expect(await web.vault.create({ authorizationId: 'a', actor: 'x' })).toEqual({ dataKey });
  const request = {
    authorizationId: 'a',
    visitId: 'v',
    code: '1',
    publicKey: dataKey,
    proof: dataKey,
  };
  expect(await web.ra.confirm(request)).toMatchObject({ confirmedAt: '32' });
  expect(
    await connection(WORKER_KEY).ra.message({ challengeId: 'c', gateway: 'sandbox' }),
  ).toBeNull();
});

test('a refusal arrives as the error it was', async () => {
  await expect(connection(WEB_KEY).vault.unwrap(unwrap)).rejects.toMatchObject({
    code: 'erased',
    detail: 'gone',
    extensions: { since: '2026' },
  });
});

test('an unknown error arrives as internal, without its words', async () => {
  const call = connection(WEB_KEY).vault.unwrap({ ...unwrap, authorizationId: 'crash' });
  await expect(call).rejects.toMatchObject({ code: 'internal', detail: 'internal' });
});

test('each caller may use its own methods only', async () => {
  await expect(connection(WORKER_KEY).vault.unwrap(unwrap)).rejects.toEqual(coded('forbidden'));
  await expect(
    connection(WEB_KEY).ra.message({ challengeId: 'c', gateway: 'sandbox' }),
  ).rejects.toEqual(coded('forbidden'));
  await expect(
    connection('n'.repeat(40)).ra.message({ challengeId: 'c', gateway: 'sandbox' }),
  ).rejects.toEqual(coded('unauthenticated'));
});

test.each([
  ['no key', {}, 'vault/create', 401],
  ['a basic credential', { authorization: `Basic ${WEB_KEY}` }, 'vault/create', 401],
  [
    'the digest in place of the key',
    { authorization: `Bearer ${sha256Hex(utf8(WEB_KEY))}` },
    'vault/create',
    401,
  ],
  ['an inherited method', { authorization: `Bearer ${WEB_KEY}` }, 'vault/constructor', 403],
  ['an inherited role', { authorization: `Bearer ${WEB_KEY}` }, '__proto__/toString', 403],
  ['torn JSON', { authorization: `Bearer ${WEB_KEY}` }, 'vault/create', 400],
])('%s is refused', async (_name, headers, path, status) => {
  const response = await fetch(`${server.url}/internal/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers } as Record<string, string>,
    body: '{',
  });
  expect(response.status).toBe(status);
});

test('a role that is nowhere, or not where it should be, is unavailable', async () => {
  const web = connection(WEB_KEY);
  await expect(web.tsa.respond({ der: dataKey })).rejects.toEqual(coded('authority-unavailable'));
  await expect(web.ca.crl({})).rejects.toEqual(coded('authority-unavailable'));
});

test('silence, closed ports and odd answers are unavailable', async () => {
  const slow = connection(WEB_KEY, { timeoutMs: 100 });
  const stuck = { ...unwrap, authorizationId: 'stuck' };
  await expect(slow.vault.unwrap(stuck)).rejects.toEqual(coded('authority-unavailable'));
  for (const url of ['http://127.0.0.1:1', `${server.url}/`])
    await expect(
      connectAuthority({ urls: { seal: url }, callerKey: WEB_KEY }).seal.report({
        digest: dataKey,
      }),
    ).rejects.toEqual(coded('authority-unavailable'));
});

test('local roles are used in process, the rest over the network', async () => {
  const local = { vault: { ...vault, create: async () => ({ dataKey: Uint8Array.of(7) }) } };
  const mixed = connection(WEB_KEY, { local });
  expect((await mixed.vault.create({ authorizationId: 'a', actor: 'x' })).dataKey).toEqual(
    Uint8Array.of(7),
  );
  const request = {
    authorizationId: 'a',
    visitId: 'v',
    code: '1',
    publicKey: dataKey,
    proof: dataKey,
  };
  expect(await mixed.ra.confirm(request)).toMatchObject({ confirmedAt: '32' });
});

test('in one process the allow-list holds as well, and a role can be awaited', async () => {
  const authority = localAuthority({ vault, ra }, 'worker');
  await expect(authority.vault.create({ authorizationId: 'a', actor: 'x' })).rejects.toEqual(
    coded('forbidden'),
  );
  expect(await authority.ra.message({ challengeId: 'c', gateway: 'sandbox' })).toBeNull();
  await expect(authority.ca.crl({})).rejects.toEqual(coded('authority-unavailable'));
  expect(await authority.ra).toBe(authority.ra);
});

test('the encoding keeps bytes, Buffers and nested values', () => {
  const value = { a: [Uint8Array.of(1, 2), { b: Buffer.from([255]) }], n: null, s: 'x' };
  expect(decodeInternal(encodeInternal(value))).toEqual({
    a: [Uint8Array.of(1, 2), { b: Uint8Array.of(255) }],
    n: null,
    s: 'x',
  });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(decodeInternal(encodeInternal(bytes))).toEqual(bytes);
    }),
  );
});

test.each([
  '',
  '[]',
  'null',
  '{"value":{"$bytes":1}}',
  '{"value":{"$bytes":"a="}}',
  '{"value":{"$bytes":"","x":1}}',
])('the encoding refuses %j', (text) => {
  expect(() => decodeInternal(text)).toThrow(coded('invalid-request'));
});
