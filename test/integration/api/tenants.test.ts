import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  authorizationBody,
  startApi,
  templateBody,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';
import { idPicture } from '../../kit/id-picture.js';
import { until } from '../../kit/until.js';
import { prepare, type Prepared } from './ceremony.js';

/**
 * Every route with an id against another institution's object of every kind. The routes come from
 * the service itself: a new one without an entry here fails the suite.
 */
let api: ApiInstance;
let mine: Tenant;
let other: Tenant;
let released: Prepared;
let open: Prepared;
/** Authorizations of the other institution's signing set. */
let inSet: string[];
/** Something that happened to one of their authorizations. */
let event: number;
/** A dispute over their authorization, once its owner has opened one. */
let disputed = 'hld_00000000-0000-7000-8000-000000000000';
/** Objects of the other institution, by kind; `templates` also by name, which its own caller may use. */
let foreign: Record<string, string>;

const aUse = {
  purpose: 'loan-approval',
  source: { creditCode: '91110000MA00DEM01M' },
  items: ['basic-information'],
  operator: { id: 'staff' },
};
const aProof = { kind: 'logged-in', ref: 'x' };

/** What is refused for what it is, after it was found. */
const REFUSED: Record<string, string> = {
  'post /v1/signing/attempts/{attemptId}/signature': 'signature-invalid',
  // the one use is reserved, then confirmed
  // it is signed
  'post /v1/authorizations/{id}/assertions': 'step-out-of-order',
  'post /v1/authorizations/{id}/redemptions': 'used-up',
  'post /v1/authorizations/{id}/redemptions/{redemption}/release': 'illegal-transition',
  'post /v1/authorizations/{id}/end': 'event-mismatch',
  'post /v1/bulk/{id}/completion': 'bulk-digest-mismatch',
  'post /v1/authorizations/{id}/redemptions/{redemption}/subject-data': 'withdrawn',
  // it was restricted before: the copy is on the subject's own page
  'post /v1/authorizations/{id}/export': 'restricted',
  // it is published
  'put /v1/templates/{id}/versions/{version}': 'template-state',
  'post /v1/templates/{id}/versions/{version}/submit': 'template-state',
  'post /v1/templates/{id}/versions/{version}/approve': 'template-state',
  // by its author
  'post /v1/templates/{id}/versions/{version}/waivers': 'template-own-work',
};

/** A body each POST route with an id accepts, so that nothing but ownership can refuse it. */
const BODIES: Record<string, () => unknown> = {
  'post /v1/templates/{id}/versions': () => templateBody('only-theirs'),
  'put /v1/templates/{id}/versions/{version}': () => templateBody('only-theirs'),
  'post /v1/templates/{id}/versions/{version}/submit': () => ({}),
  'post /v1/templates/{id}/versions/{version}/approve': () => ({}),
  'post /v1/templates/{id}/versions/{version}/waivers': () => ({
    ...{ rule: 'open-list', path: 'method.zh', reason: 'x' },
  }),
  'post /v1/templates/{id}/versions/{version}/retire': () => undefined,
  'post /v1/authorizations/{id}/signing-links': () => undefined,
  'post /v1/authorizations/{id}/signing-tickets': () => ({ origins: ['https://bank.example'] }),
  'post /v1/signing-sets/{id}/signing-links': () => undefined,
  'post /v1/signing-sets/{id}/signing-tickets': () => ({ origins: ['https://bank.example'] }),
  'post /v1/authorizations/{id}/reports': () => ({}),
  'post /v1/authorizations/{id}/redemptions': () => aUse,
  'post /v1/authorizations/{id}/redemptions/{redemption}/confirmation': () => undefined,
  'post /v1/authorizations/{id}/redemptions/{redemption}/release': () => undefined,
  'post /v1/authorizations/{id}/redemptions/{redemption}/subject-data': () => ({}),
  'post /v1/authorizations/{id}/restriction': () => ({ proof: aProof }),
  'post /v1/authorizations/{id}/export': () => ({ proof: aProof }),
  'post /v1/authorizations/{id}/assertions': () => ({
    ...{ reference: 'x', vouchedBy: 'staff', how: 'in person' },
    at: api.now().toISOString(),
  }),
  'post /v1/authorizations/{id}/withdrawals': () => ({ channel: 'app', proof: aProof }),
  'post /v1/authorizations/{id}/holds': () => ({ proof: aProof }),
  'post /v1/authorizations/{id}/holds/{hold}/proposal': () => ({
    ...{ outcome: 'rejected', grounds: 'case 1' },
  }),
  'post /v1/authorizations/{id}/end': () => ({ event: 'loan-settled', at: '2026-01-01T00:00:00Z' }),
  'post /v1/authorizations/{id}/own-links': () => ({ vouchedBy: 'staff', how: 'in-person' }),
  'post /v1/signing/attempts/{attemptId}/signature': () => ({ signature: released.signature }),
  'post /v1/bulk/{id}/completion': () => ({ digest: '0'.repeat(64) }),
  'post /v1/bulk/{id}/cancellation': () => undefined,
  'post /v1/webhooks/{id}/secret': () => undefined,
  'post /v1/webhooks/{id}/enable': () => undefined,
  'post /v1/webhooks/{id}/disable': () => undefined,
  'post /v1/webhooks/{id}/deliveries': () => ({ event }),
  'post /v1/keys/{id}/rotation': () => ({}),
};

/** Their body is a file. */
const UPLOADS: Record<string, { type: string; raw: () => string | Uint8Array }> = {
  'put /v1/bulk/{id}/rows': { type: 'application/x-ndjson', raw: () => '{}' },
  'post /v1/authorizations/{id}/id-images': { type: 'image/jpeg', raw: () => picture },
};
let picture: Uint8Array;
/** What cannot be left out of the address. */
const QUERIES: Record<string, string> = {
  'post /v1/authorizations/{id}/id-images': '?reason=in-person&side=front',
  'get /v1/authorizations/{id}/id-images/{image}': '?purpose=dispute&reference=x',
};

/** The collection a path's parameter is of, and the other institution's object in it. */
const OWN: Record<string, (route: { path: string }) => string> = {
  '/v1/templates/': () => foreign['template']!,
  '/v1/authorizations/': ({ path }) =>
    path.includes('signing-')
      ? foreign['open authorization']!
      : path.includes('id-images')
        ? foreign['asked authorization']!
        : foreign['authorization']!,
  '/v1/signing-sets/': () => foreign['set']!,
  '/v1/signing/attempts/': () => foreign['attempt']!,
  '/v1/webhooks/': () => foreign['webhook']!,
  '/v1/bulk/': () => foreign['bulk']!,
  '/v1/keys/': () => foreign['spare key']!,
};

/** A subject's own pages belong to no institution; `own.test.ts` tries them all against other subjects. */
const withParameter = () =>
  // an order's reference belongs to whoever holds it, and tells one word
  api.routes.filter(({ path, auth }) => path.includes('{') && auth !== 'own' && auth !== 'none');
const nameOf = (route: { method: string; path: string }) => `${route.method} ${route.path}`;
const collectionOf = (path: string) => path.slice(0, path.indexOf('{'));
/** What stands below an object is always the real thing: only the object's owner can be wrong. */
const pathWith = (path: string, id: string) =>
  path
    .replace(/\{\w+\}/, encodeURIComponent(id))
    .replace('{redemption}', foreign['redemption'] ?? '')
    .replace('{hold}', disputed)
    .replace('{version}', '1')
    .replace('{image}', foreign['image'] ?? '')
    .replace(/\/diff$/, '/diff?from=1&to=1');

beforeAll(async () => {
  api = await startApi();
  mine = await api.tenant();
  other = await api.tenant();
  for (const [tenant, name] of [
    [mine, 'for-tests'],
    [other, 'for-tests'],
    [other, 'only-theirs'],
  ] as const)
    await api.publish({
      key: tenant.apiKey,
      headers: { 'idempotency-key': `template-${name}` },
      body: templateBody(name),
    });
  released = await prepare(api, other, 'released', 'only-theirs');
  open = await prepare(api, other, 'issued');
  const [template] = await api.query(
    `SELECT id FROM templates WHERE institution_id = $1 AND name = 'only-theirs'`,
    [other.id],
  );
  const [visit] = await api.query('SELECT id FROM visits WHERE authorization_id = $1', [open.id]);
  const [link] = await api.query('SELECT id FROM signing_links WHERE authorization_id = $1', [
    open.id,
  ]);
  foreign = {
    authorization: released.id,
    'open authorization': open.id,
    template: template.id,
    'template name': 'only-theirs',
    attempt: open.attemptId!,
    institution: other.id,
    key: other.keyId,
    visit: visit.id,
    link: link.id,
  };
  const set = await api.call('POST', '/v1/signing-sets', {
    key: other.apiKey,
    headers: { 'idempotency-key': 'their-set' },
    body: { authorizations: [authorizationBody(api, 9), authorizationBody(api, 9)] },
  });
  foreign['set'] = set.json.id;
  inSet = set.json.authorizations.map(({ id }: { id: string }) => id);
  const reserved = await api.call('POST', `/v1/authorizations/${released.id}/redemptions`, {
    key: other.apiKey,
    headers: { 'idempotency-key': 'reserved-use' },
    body: { ...aUse, hold: true },
  });
  foreign['redemption'] = reserved.json.redemption;
  // the worker tells the subject of it by itself: not in the middle of the comparison below
  const told = 'SELECT 1 FROM sandbox_messages WHERE reference = $1';
  await until(async () => (await api.query(told, [`${reserved.json.redemption}.1`]))[0]);
  // of its own, because what ends an authorization ends its pictures
  foreign['asked authorization'] = (await prepare(api, other, 'opened')).id;
  picture = await idPicture('of theirs');
  const path = `/v1/authorizations/${foreign['asked authorization']}/id-images`;
  const kept = await api.call('POST', `${path}?reason=in-person&side=back`, {
    key: other.apiKey,
    headers: { 'idempotency-key': 'their-picture', 'content-type': 'image/jpeg' },
    raw: picture,
  });
  foreign['image'] = kept.json.id;
  const webhook = await api.call('POST', '/v1/webhooks', {
    key: other.apiKey,
    headers: { 'idempotency-key': 'their-webhook' },
    body: { url: 'http://localhost:9/', types: ['authorization.lapsed'] },
  });
  foreign['webhook'] = webhook.json.id;
  const begun = await api.call('POST', '/v1/bulk', {
    key: other.apiKey,
    headers: { 'idempotency-key': 'their-import' },
    body: { format: 'ndjson' },
  });
  foreign['bulk'] = begun.json.id;
  const spare = await api.call('POST', '/v1/keys', {
    key: other.apiKey,
    headers: { 'idempotency-key': 'their-spare-key' },
    body: { name: 'spare', scopes: ['authorizations:read'] },
  });
  foreign['spare key'] = spare.json.id;
  event = (await api.call('GET', '/v1/events', { key: other.apiKey })).json.items[0].id;
}, 90_000);
afterAll(() => api?.stop());

const call = (route: { method: string; path: string }, id: string, who: Tenant | string) =>
  api.call(route.method.toUpperCase(), pathWith(route.path, id) + (QUERIES[nameOf(route)] ?? ''), {
    ...(typeof who === 'string' ? { cookie: who } : { key: who.apiKey }),
    headers: {
      'idempotency-key': crypto.randomUUID(),
      'x-requested-with': 'mandate',
      ...(UPLOADS[nameOf(route)] ? { 'content-type': UPLOADS[nameOf(route)]!.type } : {}),
    },
    ...(UPLOADS[nameOf(route)]
      ? { raw: UPLOADS[nameOf(route)]!.raw() }
      : ['post', 'put'].includes(route.method)
        ? { body: BODIES[nameOf(route)]!() }
        : {}),
  });

test('no route with an id is forgotten', () => {
  const unknown = withParameter().filter(
    (route) =>
      !OWN[collectionOf(route.path)] ||
      (route.path.replace(/\{(?:redemption|version|hold|image)\}/, '').match(/\{/g) ?? [])
        .length !== 1 ||
      (route.method === 'post' && !BODIES[nameOf(route)] && !UPLOADS[nameOf(route)]) ||
      !['institution', 'visit'].includes(route.auth),
  );
  expect(unknown.map(nameOf)).toEqual([]);
  expect(withParameter().length).toBeGreaterThanOrEqual(8);
});

test('another institution’s object of every kind is as unknown as none, on every route', async () => {
  const before = await api.tables();
  const wrong: string[] = [];
  for (const route of withParameter())
    for (const [kind, id] of Object.entries(foreign)) {
      // the visit of one letter of the other institution, for the attempt of its other letter
      const who = route.auth === 'visit' ? released.cookie : mine;
      const { status, json, text } = await call(route, id, who);
      if (status !== 404 || json?.code !== 'not-found')
        wrong.push(`${nameOf(route)} with ${kind}: ${status} ${json?.code}`);
      for (const secret of [released.subject.idNumber, released.subject.phone, other.name, id])
        if (text.includes(secret)) wrong.push(`${nameOf(route)} with ${kind} tells ${secret}`);
    }
  expect(wrong).toEqual([]);
  const { access_entries: _, ...after } = await api.tables();
  expect(before).toMatchObject(after);
});

test('the same requests by the owner are answered', async () => {
  const wrong: string[] = [];
  // what takes an object away comes last
  const last = ({ method }: { method: string }) => Number(method === 'delete');
  for (const route of withParameter().toSorted((a, b) => last(a) - last(b))) {
    const { status, json } = await call(
      route,
      OWN[collectionOf(route.path)]!(route),
      route.auth === 'visit' ? open.cookie : other,
    );
    disputed = json?.hold ?? disputed;
    const refused = REFUSED[nameOf(route)];
    const expected = refused ? json?.code === refused : status < 300;
    if (!expected) wrong.push(`${nameOf(route)}: ${status} ${json?.code}`);
  }
  expect(wrong).toEqual([]);
}, 60_000);

describe('who calls', () => {
  const refusedAs = async (headers: Record<string, string | undefined>) => {
    const codes = new Set<string>();
    for (const route of api.routes.filter(({ auth }) => auth === 'institution')) {
      const id = OWN[collectionOf(route.path)]?.(route) ?? '';
      const {
        status,
        json,
        headers: got,
      } = await api.call(route.method.toUpperCase(), pathWith(route.path, id), {
        headers,
        ...(route.method === 'post' ? { raw: '{' } : {}),
      });
      codes.add(`${status} ${json?.code} ${got.get('www-authenticate')}`);
    }
    return [...codes];
  };

  test.each([
    ['no key', () => undefined],
    ['an empty key', () => 'Bearer '],
    ['another scheme', () => `Basic ${other.apiKey}`],
    ['a key that was never made', () => `Bearer mk_${'A'.repeat(43)}`],
    ['a key with one letter changed', () => `Bearer ${other.apiKey.replace(/.$/, '!')}`],
    ['a key and more', () => `Bearer ${other.apiKey} ${other.apiKey}`],
    ['the id of a key', () => `Bearer ${other.keyId}`],
  ])('%s: 401 on every route, before anything is read', async (_name, authorization) => {
    expect(await refusedAs({ authorization: authorization() })).toEqual([
      '401 unauthenticated Bearer',
    ]);
  });

  test('a revoked key is refused at once', async () => {
    const gone = await api.tenant();
    const list = () => api.call('GET', '/v1/authorizations', { key: gone.apiKey });
    expect((await list()).status).toBe(200);
    expect(await api.administration.revokeApiKey(gone.keyId, api.now())).toBe(true);
    expect(await list()).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
    expect(await refusedAs({ authorization: `Bearer ${gone.apiKey}` })).toHaveLength(1);
  });

  test('a visit’s cookie is no API key and an API key no visit', async () => {
    const withCookie = await api.call('GET', '/v1/authorizations', { cookie: open.cookie });
    expect(withCookie).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
    const withKey = await api.call('GET', '/v1/signing', { key: other.apiKey });
    expect(withKey).toMatchObject({ status: 401, json: { code: 'visit-invalid' } });
  });

  test('a visit sees its own letter only, whatever the address says', async () => {
    const { json } = await api.call('GET', '/v1/signing', { cookie: open.cookie });
    const { json: theirs } = await api.call('GET', '/v1/signing', { cookie: released.cookie });
    expect(json.letterNumber).not.toBe(theirs.letterNumber);
    const tried = await api.call('GET', `/v1/signing?id=${released.id}`, { cookie: open.cookie });
    expect(tried).toMatchObject({ status: 400, json: { code: 'invalid-request' } });
  });
});

test('lists hold one’s own objects only', async () => {
  const own = await prepare(api, mine, 'opened');
  const { json } = await api.call('GET', '/v1/authorizations', { key: mine.apiKey });
  expect(json.items.map(({ id }: { id: string }) => id)).toEqual([own.id]);
  // another's id as cursor is a place in time, not a key to anything
  const after = await api.call('GET', `/v1/authorizations?cursor=${own.id}`, { key: other.apiKey });
  expect(after.json.items.map(({ id }: { id: string }) => id)).toEqual([
    foreign['asked authorization'],
    ...inSet.toReversed(),
    open.id,
    released.id,
  ]);
  const templates = await api.call('GET', '/v1/templates', { key: mine.apiKey });
  expect(templates.json.items.map(({ name }: { name: string }) => name)).toEqual(['for-tests']);
});

test('another institution’s template cannot be used, by id or by name', async () => {
  for (const template of [foreign['template']!, 'only-theirs']) {
    const { status, json } = await api.call('POST', '/v1/authorizations', {
      key: mine.apiKey,
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: authorizationBody(api, 7, template),
    });
    expect({ status, code: json.code }).toEqual({ status: 422, code: 'template-unknown' });
  }
});

test('an Idempotency-Key is its institution’s own', async () => {
  const headers = { 'idempotency-key': 'the-same-for-both' };
  const body = authorizationBody(api, 8);
  const [first, second] = [
    await api.call('POST', '/v1/authorizations', { key: mine.apiKey, headers, body }),
    await api.call('POST', '/v1/authorizations', { key: other.apiKey, headers, body }),
  ];
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(first.json.id).not.toBe(second.json.id);
});
