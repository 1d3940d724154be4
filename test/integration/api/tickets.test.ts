import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { systemClock } from '@mandate/core';
import { startApi, templateBody, type ApiInstance, type Tenant } from './api-instance.js';
import { prepare } from './ceremony.js';

/** The widget's tickets: what they may name, what opening one gives, how a frame hands over. */
let api: ApiInstance;
let tenant: Tenant;
const HOST = 'https://app.bank.example';

beforeAll(async () => {
  api = await startApi({ PUBLIC_URL: 'https://sign.example.com' });
  tenant = await api.tenant();
  const plain = templateBody();
  const full = templateBody('full-page-only');
  for (const body of [plain, { ...full, policy: { ...full.policy, topLevelOnly: true } }])
    await api.publish({
      key: tenant.apiKey,
      headers: { 'idempotency-key': `template-${body.name}` },
      body,
    });
}, 60_000);
afterAll(() => api?.stop());

const requested = async (): Promise<string> => (await prepare(api, tenant, 'opened')).id;
const mint = (id: string, body: object) =>
  api.call('POST', `/v1/authorizations/${id}/signing-tickets`, { key: tenant.apiKey, body });
const page = (path: string, body: object, cookie = '') =>
  api.call('POST', `/v1/signing/${path}`, {
    cookie,
    headers: { 'x-requested-with': 'mandate' },
    body,
  });
const open = async (id: string, ways: object = { origins: [HOST] }) => {
  const { json } = await mint(id, ways);
  return page('open', { token: json.ticket, framed: true });
};

describe('what a ticket names', () => {
  test.each([
    ['nothing', { origins: [] }],
    ['an origin that is a piece of policy', { origins: ['https://a;sandbox'] }],
    ['a wildcard', { origins: ['https://*.bank.example'] }],
    ['six origins', { origins: [...'abcdef'].map((a) => `https://${a}.example`) }],
    ['a return to a stranger', { origins: [HOST], returnUrl: 'https://evil.example/back' }],
    ['a return with a query', { origins: [HOST], returnUrl: `${HOST}/back?mandate=success` }],
    ['a return with a fragment', { origins: [HOST], returnUrl: `${HOST}/back#x` }],
    ['a return with credentials', { origins: [HOST], returnUrl: 'https://a:b@app.bank.example/' }],
    ['a script', { origins: [HOST], returnUrl: 'javascript:alert(1)' }],
    ['data', { origins: [HOST], returnUrl: 'data:text/html,x' }],
    ['an unlisted app', { origins: [HOST], returnUrl: 'otherapp://done' }],
    ['half an address', { origins: [HOST], returnUrl: '/back' }],
    ['a state with spaces', { origins: [HOST], returnUrl: `${HOST}/back`, state: 'a b' }],
  ])('%s is refused', async (_name, body) => {
    expect((await mint(await requested(), body)).json.code).toBe('invalid-request');
  });

  test('listed origins and schemes alone, once there is a list', async () => {
    const id = await requested();
    const at = systemClock.now();
    const way = { institutionId: tenant.id, at };
    await api.administration.allowWayIn({ ...way, kind: 'scheme', value: 'hesuibank' });
    const app = { origins: [], returnUrl: 'hesuibank://signed', state: 'loan-42' };
    expect((await mint(id, app)).status).toBe(201);
    await api.administration.allowWayIn({ ...way, kind: 'origin', value: HOST });
    expect((await mint(id, { origins: ['https://other.example'] })).json.code).toBe(
      'invalid-request',
    );
    expect((await mint(id, { origins: [HOST], returnUrl: `${HOST}/back` })).status).toBe(201);
    expect(
      await api.administration.disallowWayIn({
        institutionId: tenant.id,
        kind: 'origin',
        value: HOST,
      }),
    ).toBe(true);
    expect((await mint(id, { origins: ['https://other.example'] })).status).toBe(201);
  });
});

describe('opening', () => {
  test('a secret under another id, without one, or with one too many opens nothing', async () => {
    const id = await requested();
    const [one, two] = [
      (await mint(id, { origins: [HOST] })).json.ticket as string,
      (await mint(id, { origins: [HOST] })).json.ticket as string,
    ];
    const secret = one.split('.')[1]!;
    for (const token of [`${two.split('.')[0]}.${secret}`, secret, `x.${one}`, `.${secret}`])
      expect([token.length, (await page('open', { token })).json.code]).toEqual([
        token.length,
        'link-invalid',
      ]);
    // None of that used it up.
    expect((await page('open', { token: one, framed: true })).status).toBe(200);
    expect((await page('open', { token: one, framed: true })).status).toBe(410);
  });

  test('a link, and a ticket without origins, open in no frame', async () => {
    const link = await prepare(api, tenant, 'opened');
    expect((await page('open', { token: link.token, framed: true })).json.code).toBe('forbidden');
  });

  test('a frame’s cookie is partitioned, a page’s strict, both the host’s own', async () => {
    const id = await requested();
    const framed = (await open(id)).headers.get('set-cookie')!;
    expect(framed).toMatch(/^__Host-mandate_frame=[\w-]{43}; Path=\/; HttpOnly; /);
    expect(framed).toMatch(/; SameSite=None; Secure; Partitioned$/);
    const { json } = await mint(id, { origins: [HOST] });
    const full = (await page('open', { token: json.ticket })).headers.get('set-cookie')!;
    expect(full).toMatch(/^__Host-mandate_visit=[\w-]{43}; Path=\/; HttpOnly; /);
    expect(full).toMatch(/; SameSite=Strict; Secure$/);
  });

  test('one kind of cookie is not taken for the other', async () => {
    const opened = await open(await requested());
    const secret = /=([\w-]{43})/.exec(opened.headers.get('set-cookie')!)![1]!;
    const read = (cookie: string, headers = {}) =>
      api.call('GET', '/v1/signing', { cookie, headers });
    const inFrame = { 'x-mandate-framed': '1' };
    expect((await read(`__Host-mandate_frame=${secret}`, inFrame)).status).toBe(200);
    for (const [name, headers] of [
      ['__Host-mandate_visit', {}],
      ['__Host-mandate_visit', inFrame],
      ['__Host-mandate_frame', {}],
      ['mandate_frame', inFrame],
    ] as const)
      expect([name, (await read(`${name}=${secret}`, headers)).json.code]).toEqual([
        name,
        'visit-invalid',
      ]);
  });
});

describe('handing over', () => {
  test('a new single-use page that nobody may frame; the secret opens nothing else', async () => {
    const id = await requested();
    const { json: view } = await open(id, {
      origins: [HOST],
      returnUrl: `${HOST}/back`,
      state: 's',
    });
    expect(view.framed).toEqual({ origins: [HOST], topLevelOnly: false });
    expect(view.returnUrl).toBeUndefined();
    const { json } = await page('hand-over', { handOver: view.handOver });
    const [, link, secret] = /\/w\/(lnk_[^#]+)#(.+)$/.exec(json.url)!;
    const token = `${link}.${secret}`;
    expect((await page('open', { token, framed: true })).json.code).toBe('forbidden');
    const full = await page('open', { token });
    expect(full.json.returnUrl).toBe(`${HOST}/back?authorization=${id}&state=s`);
    expect(full.json.framed).toBeUndefined();
    expect((await page('open', { token })).status).toBe(410);
    // Not a token, not a cookie.
    expect((await page('open', { token: view.handOver })).json.code).toBe('link-invalid');
    for (const name of ['__Host-mandate_frame', '__Host-mandate_visit'])
      expect((await page('challenge', {}, `${name}=${view.handOver}`)).json.code).toBe(
        'visit-invalid',
      );
    expect((await page('outcome', { handOver: view.handOver })).json).toEqual({
      authorization: id,
      outcome: 'running',
    });
  });

  test('five times at most, and not for long', async () => {
    const { json: view } = await open(await requested());
    const codes: number[] = [];
    for (let i = 0; i < 6; i++)
      codes.push((await page('hand-over', { handOver: view.handOver })).status);
    expect(codes).toEqual([200, 200, 200, 200, 200, 429]);
    const { json: other } = await open(await requested());
    api.advance(36 * 60);
    expect((await page('hand-over', { handOver: other.handOver })).json.code).toBe('visit-invalid');
  });

  test('a template for full pages gives the frame no cookie and shows it nothing', async () => {
    const authorization = await prepare(api, tenant, 'opened', 'full-page-only');
    const opened = await open(authorization.id);
    expect(opened.headers.get('set-cookie')).toBeNull();
    expect(opened.json).toMatchObject({ step: 'gate', framed: { topLevelOnly: true } });
    expect(opened.json.keyTerms ?? opened.json.letterNumber).toBeUndefined();
    expect((await page('hand-over', { handOver: opened.json.handOver })).status).toBe(200);
  });
});
