import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sha256Hex, utf8 } from '@mandate/core';
import { subjectClient } from '../../kit/ceremony-client.mjs';
import {
  authorizationBody,
  startApi,
  templateBody,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';

/** Requests repeated, changed and raced under one key; lists page by page. */
let api: ApiInstance;
let tenant: Tenant;
let authorization: string;

beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template-1' },
    body: templateBody(),
  });
  const asked = await post('/v1/authorizations', authorizationBody(api, 99), 'for-cases');
  authorization = asked.json.id;
}, 120_000);
afterAll(() => api?.stop());

/** About an authorization that the rows above have made. */
const caseBody = (applicant: string) => ({
  ...{ kind: 'internal-review', authorizations: [authorization], applicant },
});
const post = (path: string, body: unknown, key: string) =>
  api.call('POST', path, { key: tenant.apiKey, headers: { 'idempotency-key': key }, body });
const rows = async (table: string): Promise<number> =>
  (await api.query(`SELECT count(*)::int AS n FROM ${table}`))[0].n;

describe.each([
  ['/v1/templates', () => templateBody('one-more'), () => templateBody('another'), 'templates'],
  [
    '/v1/templates/for-tests/versions',
    () => templateBody(),
    () => ({ ...templateBody(), retention: { zh: '一年', en: 'One year' } }),
    'template_versions',
  ],
  [
    '/v1/authorizations',
    () => authorizationBody(api, 1),
    () => authorizationBody(api, 2),
    'authorizations',
  ],
  ['/v1/cases', () => caseBody('one'), () => caseBody('another'), 'cases'],
])('%s', (path, make, makeOther, table) => {
  let body: any;
  let other: any;
  beforeAll(() => {
    body = make();
    other = makeOther();
  });

  test('the same key and body: the same answer, byte for byte, one effect', async () => {
    const key = `same-${table}`;
    const before = await rows(table);
    const first = await post(path, body, key);
    expect(first.status).toBe(201);
    const again = await post(path, body, key);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    // members in another order and white space say the same
    const reversed = JSON.stringify(Object.fromEntries(Object.entries(body).reverse()), null, 2);
    const { text } = await api.call('POST', path, {
      key: tenant.apiKey,
      headers: { 'idempotency-key': key },
      raw: reversed,
    });
    expect(text).toBe(first.text);
    expect(await rows(table)).toBe(before + 1);
  });

  test('the same key and another body: 422, no effect', async () => {
    const before = await rows(table);
    const { status, json } = await post(path, other, `same-${table}`);
    expect([status, json.code]).toEqual([422, 'idempotency-key-reused']);
    expect(await rows(table)).toBe(before);
  });

  test('sixteen at once: one effect; the others wait their turn or get the same answer', async () => {
    const before = await rows(table);
    const unique = table === 'templates' ? templateBody('at-once') : other;
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => post(path, unique, `at-once-${table}`)),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    for (const { status, json } of answers)
      if (status !== 201) expect([status, json.code]).toEqual([409, 'idempotency-in-progress']);
    expect(await rows(table)).toBe(before + 1);
    const later = await post(path, unique, `at-once-${table}`);
    expect([later.status, later.text]).toEqual([201, made[0]!.text]);
  });

  test('a refused request leaves its key free', async () => {
    const [broken, status] =
      table === 'cases'
        ? [{ ...body, authorizations: ['aut_00000000-0000-7000-8000-000000000000'] }, 404]
        : table === 'authorizations'
          ? [{ ...body, template: 'nothing' }, 422]
          : [{ ...body, title: { ...body.title, zh: '授权\u202e书' } }, 422];
    const key = `refused-${table}`;
    expect((await post(path, broken, key)).status).toBe(status);
    const fresh = table === 'templates' ? templateBody('after-all') : body;
    expect((await post(path, fresh, key)).status).toBe(201);
  });
});

test('a name in another Unicode form is the same request', async () => {
  const body = authorizationBody(api, 3);
  const named = (name: string) => ({
    ...body,
    language: 'en',
    subject: { ...body.subject, idType: 'passport', idNumber: 'E12345678', name },
  });
  const composed = await post('/v1/authorizations', named('Jos\u00e9'), 'unicode-forms');
  const decomposed = await post('/v1/authorizations', named('Jose\u0301'), 'unicode-forms');
  expect(composed.status).toBe(201);
  expect([decomposed.status, decomposed.text]).toEqual([201, composed.text]);
});

test('the answer is kept as it was, whatever becomes of the authorization', async () => {
  const body = authorizationBody(api, 4);
  const first = await post('/v1/authorizations', body, 'kept-as-it-was');
  api.advance(24 * 3600);
  expect((await post('/v1/authorizations', body, 'kept-as-it-was')).text).toBe(first.text);
});

test('a request whose process died is taken over after half a minute', async () => {
  const body = authorizationBody(api, 5);
  const first = await post('/v1/authorizations', body, 'process-died');
  await api.query(
    `UPDATE idempotency SET response_status = NULL, response_body = NULL, started_at = $1 WHERE key = $2`,
    [api.now(), sha256Hex(utf8('process-died'))],
  );
  expect((await post('/v1/authorizations', body, 'process-died')).json.code).toBe(
    'idempotency-in-progress',
  );
  api.advance(31);
  const taken = await post('/v1/authorizations', body, 'process-died');
  expect(taken.status).toBe(201);
  expect(taken.json.id).not.toBe(first.json.id);
});

describe('lists', () => {
  const list = async (query: string, who = tenant) =>
    (await api.call('GET', `/v1/authorizations${query}`, { key: who.apiKey })).json;
  let own: Tenant;
  let ids: string[];

  beforeAll(async () => {
    own = await api.tenant();
    const headers = (key: string) => ({ key: own.apiKey, headers: { 'idempotency-key': key } });
    await api.publish({ ...headers('template-2'), body: templateBody() });
    ids = [];
    for (let i = 0; i < 23; i++) {
      const { json } = await api.call('POST', '/v1/authorizations', {
        ...headers(`listed-${i}-xx`),
        body: authorizationBody(api, 50 + i),
      });
      ids.unshift(json.id);
    }
  }, 60_000);

  test.each([1, 5, 7, 22, 23, 24, 100])('pages of %p hold everything once', async (limit) => {
    const found: string[] = [];
    for (let cursor: string | null = '', pages = 0; cursor !== null; pages++) {
      expect(pages).toBeLessThan(30);
      const page: any = await list(`?limit=${limit}${cursor && `&cursor=${cursor}`}`, own);
      expect(page.items.length).toBeLessThanOrEqual(limit);
      found.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor;
    }
    expect(found).toEqual(ids);
  });

  test('without a limit twenty; what comes in between does not shift a page', async () => {
    const first = await list('', own);
    expect(first.items).toHaveLength(20);
    await api.call('POST', '/v1/authorizations', {
      key: own.apiKey,
      headers: { 'idempotency-key': 'in-between-1' },
      body: authorizationBody(api, 90),
    });
    const second = await list(`?cursor=${first.nextCursor}`, own);
    expect(second.items.map(({ id }: { id: string }) => id)).toEqual(ids.slice(20));
    expect(second.nextCursor).toBe(null);
  });

  test('by state', async () => {
    expect((await list('?state=requested&limit=100', own)).items).toHaveLength(24);
    expect(await list('?state=released', own)).toEqual({ items: [], nextCursor: null });
  });

  test('by what integrators know: reference, number, template, time; all of it must hold', async () => {
    const [newest] = (await list('?limit=1', own)).items;
    const found = async (filter: Record<string, string>): Promise<string[]> => {
      const page = await list(`?limit=100&${new URLSearchParams(filter)}`, own);
      return page.items.map(({ id }: { id: string }) => id);
    };
    const one = ids[3]!;
    const { businessReference, letterNumber, template, createdAt } = (
      await api.call('GET', `/v1/authorizations/${one}`, { key: own.apiKey })
    ).json;
    expect(await found({ businessReference })).toEqual([one]);
    expect(await found({ letterNumber })).toEqual([one]);
    expect(await found({ letterNumber, businessReference, state: 'requested' })).toEqual([one]);
    expect(await found({ letterNumber, state: 'released' })).toEqual([]);
    expect(await found({ businessReference: businessReference.slice(0, -1) })).toEqual([]);
    expect(await found({ template })).toHaveLength(24);
    expect(await found({ template: 'for-tests', letterNumber })).toEqual([one]);
    expect(await found({ template: 'another' })).toEqual([]);
    expect(await found({ createdFrom: createdAt })).toContain(one);
    expect(await found({ createdTo: createdAt })).not.toContain(one);
    const later = new Date(Date.parse(newest.createdAt) + 1000).toISOString();
    expect(await found({ createdFrom: later })).toEqual([]);
    expect(await found({ createdTo: later })).toHaveLength(24);
    // of another institution nothing, whatever is asked
    const theirs = await list(`?letterNumber=${letterNumber}`);
    expect(theirs.items).toEqual([]);
  });

  test('one person’s, by document and name; wrong in one of them is nobody', async () => {
    const search = async (change: object, who = own) => {
      const { phone: _, ...person } = authorizationBody(api, 55).subject;
      const { status, json } = await api.call('POST', '/v1/authorizations/search', {
        key: who.apiKey,
        body: { subject: { ...person, ...change } },
      });
      return status === 200 ? json.items.map(({ id }: { id: string }) => id) : json.code;
    };
    expect(await search({})).toEqual([ids[22 - 5]]);
    const { idNumber } = authorizationBody(api, 56).subject;
    expect(await search({ idNumber })).toEqual([ids[22 - 6]]);
    expect(await search({ name: '王龙' })).toEqual([]);
    expect(await search({ idType: 'passport' })).toEqual([]);
    expect(await search({ phone: '13800138000' })).toBe('invalid-request');
    expect(await search({}, tenant)).toEqual([]);
    // nor have the digests of two institutions anything in common
    await post('/v1/authorizations', authorizationBody(api, 55), 'the-same-person');
    const rows = await api.query('SELECT institution_id, key FROM subject_search');
    const keys = (of: Tenant): string[] =>
      rows.filter((row) => row.institution_id === of.id).map(({ key }) => key.toString('hex'));
    expect(await search({}, tenant)).toHaveLength(1);
    expect(keys(tenant).filter((key) => keys(own).includes(key))).toEqual([]);
  });

  test('events by type, authorization and time', async () => {
    const events = async (query: string) =>
      (await api.call('GET', `/v1/events?limit=100${query}`, { key: own.apiKey })).json;
    const { json } = await api.call('POST', `/v1/authorizations/${ids[0]}/signing-links`, {
      key: own.apiKey,
    });
    const browser = subjectClient(api.url, { now: api.now });
    await browser.open(json.url);
    const view = await browser.identify(authorizationBody(api, 72).subject.idNumber.slice(-6));
    await browser.read(view);
    const { items } = await events('&type=authorization.presented');
    expect(items).toMatchObject([{ type: 'authorization.presented', authorization: ids[0] }]);
    expect((await events('&type=authorization.erased')).items).toEqual([]);
    expect((await events(`&authorization=${ids[0]}`)).items).toEqual(items);
    expect((await events(`&authorization=${ids[1]}`)).items).toEqual([]);
    expect((await events(`&from=${items[0].at}`)).items).toEqual(items);
    expect((await events(`&to=${items[0].at}`)).items).toEqual([]);
    // a filter moves nothing: what follows is found from the same place
    const none = await events('&type=authorization.released');
    expect(none.nextCursor).toBe('0');
  });

  test('a cursor of nothing is a place before or after everything', async () => {
    const early = 'aut_00000000-0000-7000-8000-000000000000';
    const late = 'aut_ffffffff-ffff-7fff-bfff-ffffffffffff';
    expect((await list(`?cursor=${early}`, own)).items).toEqual([]);
    expect((await list(`?cursor=${late}&limit=100`, own)).items).toHaveLength(24);
  });
});
