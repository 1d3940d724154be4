import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LIMITS } from '@mandate/ceremony';
import { ALL_SCOPES, isApiScope, systemRandom } from '@mandate/core';
import { makeApiKey } from '@mandate/store';
import pg from 'pg';
import { startApi, type Answer, type ApiInstance, type Tenant } from './api-instance.js';

/** What keys may do, how they are replaced and end, and how often an institution may ask. */
let api: ApiInstance;
let tenant: Tenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
}, 60_000);
afterAll(() => api?.stop());

const as = (key: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  api.call(method, path, { key, headers: { 'idempotency-key': crypto.randomUUID() }, body });
const make = (key: string, body: unknown): Promise<Answer> => as(key, 'POST', '/v1/keys', body);
const code = ({ status, json }: Answer): string => `${status} ${json?.code ?? ''}`.trim();
const state = async (id: string): Promise<string> =>
  (await as(tenant.apiKey, 'GET', `/v1/keys/${id}`)).json.state;

test('every route of institutions has a scope that exists, and says so', async () => {
  const { paths } = (await api.call('GET', '/openapi.json')).json;
  const routes = api.routes.filter(({ auth }) => auth === 'institution');
  expect(routes.length).toBeGreaterThan(40);
  expect(routes.filter(({ scope }) => !scope || !isApiScope(scope))).toEqual([]);
  for (const { path, method, scope } of routes)
    expect([path, paths[path][method].security]).toEqual([path, [{ institution: [scope] }]]);
  // and none is idle
  const used = new Set(routes.map(({ scope }) => scope));
  expect(ALL_SCOPES.filter((scope) => !used.has(scope))).toEqual([]);
});

test('a key with one scope is refused on every route that asks for another, before anything is read', async () => {
  const wrong: string[] = [];
  for (const own of ['events:read', 'registry:read'] as const) {
    const { json } = await make(tenant.apiKey, { name: own, scopes: [own] });
    for (const { auth, method, path, scope } of api.routes) {
      if (auth !== 'institution' || scope === own) continue;
      const answer = await api.call(method.toUpperCase(), path.replace(/\{\w+\}/g, 'x'), {
        key: json.text,
        ...(method === 'post' || method === 'put' ? { raw: '{' } : {}),
      });
      if (code(answer) !== '403 scope-missing' || answer.json.scope !== scope)
        wrong.push(`${own}: ${method} ${path} ${code(answer)}`);
    }
  }
  expect(wrong).toEqual([]);
});

describe('a key made by a key', () => {
  test('does what it was made for, until its last day', async () => {
    const made = await make(tenant.apiKey, {
      name: 'reader',
      scopes: ['authorizations:read'],
      days: 1,
    });
    expect(made).toMatchObject({
      status: 201,
      json: { scopes: ['authorizations:read'], state: 'live', lastUsedOn: null, person: 'tests' },
    });
    const { id, text } = made.json;
    expect(code(await as(text, 'GET', '/v1/authorizations'))).toBe('200');
    expect(code(await as(text, 'POST', '/v1/signing-sets', {}))).toBe('403 scope-missing');
    const read = await as(tenant.apiKey, 'GET', `/v1/keys/${id}`);
    expect(read.json).toMatchObject({
      lastUsedOn: api.now().toISOString().slice(0, 10),
      madeBy: tenant.keyId,
    });
    expect(read.text).not.toContain('mk_');
    api.advance(86_400);
    expect(code(await as(text, 'GET', '/v1/authorizations'))).toBe('401 unauthenticated');
    expect(await state(id)).toBe('expired');
  });

  test('has no scope its maker has not, nor a longer life than a year, nor another person', async () => {
    const narrow = (await make(tenant.apiKey, { name: 'n', scopes: ['keys', 'reports'] })).json;
    const refusals = await Promise.all([
      make(narrow.text, { name: 'more', scopes: ['reports', 'evidence:read'] }),
      make(narrow.text, { name: 'none', scopes: [] }),
      make(narrow.text, { name: 'unknown', scopes: ['everything'] }),
      make(narrow.text, { name: 'long', scopes: ['reports'], days: 367 }),
      make(narrow.text, { name: 'another', scopes: ['reports'], person: 'approver' }),
      // one person's key does not become another's by replacing it
      as(tenant.reviewerKey, 'POST', `/v1/keys/${narrow.id}/rotation`, {}),
      // nor a stronger one weak hands'
      as(narrow.text, 'POST', `/v1/keys/${tenant.keyId}/rotation`, {}),
    ]);
    expect(refusals.map(code)).toEqual([
      '403 forbidden',
      ...Array<string>(4).fill('400 invalid-request'),
      '403 forbidden',
      '403 forbidden',
    ]);
  });

  test('is shown once: repeated, the request finds the key and not its text', async () => {
    const call = {
      key: tenant.apiKey,
      headers: { 'idempotency-key': 'the-same-key-again' },
      body: { name: 'once', scopes: ['reports'] },
    };
    const [first, again] = [
      await api.call('POST', '/v1/keys', call),
      await api.call('POST', '/v1/keys', call),
    ];
    expect(again.json).toEqual({ ...first.json, text: null });
    const kept = await api.query('SELECT response_body FROM idempotency');
    expect(JSON.stringify(kept)).not.toContain('mk_');
  });

  test('the database refuses what the routes do', async () => {
    const insert = (set: string) =>
      api.query(
        `WITH role AS (SELECT set_config('role', 'mandate_web', true))
         INSERT INTO api_keys (id, institution_id, digest, name, person, scopes, created_at, expires_at, made_by)
         SELECT 'key_x', institution_id, '\\x00', 'x', person, scopes, now(), now() + interval '1 day', id
         FROM (SELECT ${set} FROM api_keys WHERE id = $1) k, role`,
        [tenant.keyId],
      );
    const columns = `id, institution_id, person, scopes`;
    for (const [column, value] of [
      ['person', `'another' AS person`],
      ['scopes', `ARRAY['everything'] AS scopes`],
      ['id', 'NULL AS id'],
    ] as const)
      await expect(insert(columns.replace(column, value))).rejects.toThrow(/key/);
  });
});

test('replaced: both live through the time of grace, then the new one alone', async () => {
  const old = (await make(tenant.apiKey, { name: 'old', scopes: ['events:read'] })).json;
  const path = `/v1/keys/${old.id}/rotation`;
  const fresh = (await as(tenant.apiKey, 'POST', path, { graceSeconds: 3600 })).json;
  expect(fresh).toMatchObject({ name: 'old', scopes: ['events:read'], replaces: old.id });
  const works = async () =>
    Promise.all([old, fresh].map(async ({ text }) => (await as(text, 'GET', '/v1/events')).status));
  expect(await works()).toEqual([200, 200]);
  // asking for a longer grace again does not prolong it
  expect(code(await as(tenant.apiKey, 'POST', path, { graceSeconds: 86_400 }))).toBe('201');
  api.advance(3600);
  expect(await works()).toEqual([401, 200]);
  expect(code(await as(tenant.apiKey, 'POST', path, {}))).toBe('409 illegal-transition');
});

test('revoked at once and for good, also by itself', async () => {
  const key = (await make(tenant.apiKey, { name: 'brief', scopes: ['keys'] })).json;
  expect(code(await as(key.text, 'DELETE', `/v1/keys/${key.id}`))).toBe('204');
  expect(code(await as(key.text, 'GET', '/v1/keys'))).toBe('401 unauthenticated');
  expect(await state(key.id)).toBe('revoked');
  expect(code(await as(tenant.apiKey, 'DELETE', `/v1/keys/${key.id}`))).toBe('204');
  await expect(
    api.query('UPDATE api_keys SET revoked_at = NULL WHERE id = $1', [key.id]),
  ).rejects.toThrow('does not come back');
});

describe('a key with an end', () => {
  /** Made by the operator: ends in two days. */
  const ending = async (scopes: ('keys' | 'reports')[] = ['keys', 'reports']) => {
    const { administration } = api;
    const expiresAt = new Date(api.now().getTime() + 2 * 86_400_000);
    const deps = { administration, clock: { now: api.now }, random: systemRandom };
    const of = { institutionId: tenant.id, name: 'ending', person: 'tests' };
    return { expiresAt, ...(await makeApiKey(deps, { ...of, scopes, expiresAt })) };
  };

  test('makes none that lives longer, nor puts off its own end by replacing itself', async () => {
    const { id, text, expiresAt } = await ending();
    const end = `${expiresAt.toISOString().slice(0, 19)}Z`;
    const child = await make(text, { name: 'child', scopes: ['keys'], days: 366 });
    expect(child).toMatchObject({ status: 201, json: { expiresAt: end } });
    const grandchild = await make(child.json.text, { name: 'grandchild', scopes: ['keys'] });
    expect(grandchild.json.expiresAt).toBe(end);
    const short = await make(text, { name: 'short', scopes: ['reports'], days: 1 });
    expect(short.json.expiresAt < end).toBe(true);
    // a key of a longer life does not become one's own by replacing it
    const long = await make(tenant.apiKey, { name: 'long', scopes: ['reports'] });
    for (const replaced of [long.json.id, child.json.id, id]) {
      const fresh = await as(text, 'POST', `/v1/keys/${replaced}/rotation`, { days: 366 });
      expect(fresh).toMatchObject({ status: 201, json: { expiresAt: end, madeBy: id } });
    }
    await expect(
      api.query(
        `INSERT INTO api_keys (id, institution_id, digest, name, person, scopes, created_at, expires_at, made_by, replaces)
         SELECT 'key_y', institution_id, '\\x01', 'y', person, scopes, $2, expires_at + interval '1 second', id, id
         FROM api_keys WHERE id = $1`,
        [id, api.now()],
      ),
    ).rejects.toThrow('no more than it has');
  });

  test('is revoked with all it made, also what is being made at that moment', async () => {
    const root = await ending();
    const child = (await make(root.text, { name: 'c', scopes: ['keys'] })).json;
    const leaf = (await make(child.text, { name: 'g', scopes: ['keys'] })).json;
    const successor = (await as(child.text, 'POST', `/v1/keys/${child.id}/rotation`, {})).json;
    const sister = (await make(tenant.apiKey, { name: 's', scopes: ['keys'] })).json;
    // in the middle of the tree: the branch, not the stem
    expect(code(await as(tenant.apiKey, 'DELETE', `/v1/keys/${leaf.id}`))).toBe('204');
    expect(await Promise.all([root.id, child.id, leaf.id].map(state))).toEqual([
      ...['live', 'live', 'revoked'],
    ]);
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, (_, i) =>
        make(i % 2 ? child.text : successor.text, { name: `race ${i}`, scopes: ['keys'] }),
      ),
      as(tenant.apiKey, 'DELETE', `/v1/keys/${root.id}`),
      ...Array.from({ length: 6 }, (_, i) =>
        make(i % 2 ? root.text : child.text, { name: `race ${i}`, scopes: ['keys'] }),
      ),
    ]);
    expect(code(answers[6]!)).toBe('204');
    const made = answers.filter(({ status }) => status === 201).map(({ json }) => json.id);
    const all = await Promise.all([root.id, child.id, leaf.id, successor.id, ...made].map(state));
    expect(new Set(all)).toEqual(new Set(['revoked']));
    expect(code(await as(successor.text, 'GET', '/v1/keys'))).toBe('401 unauthenticated');
    expect(await Promise.all([sister.id, tenant.keyId].map(state))).toEqual(['live', 'live']);
  });

  test('a key being made by a key that is being revoked waits, and is revoked with it', async () => {
    const root = await ending();
    const child = (await make(root.text, { name: 'c', scopes: ['keys'] })).json;
    const client = new pg.Client({ connectionString: api.databaseUrl });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO api_keys (id, institution_id, digest, name, person, scopes, created_at, expires_at, made_by)
         SELECT 'key_z', institution_id, '\\x02', 'z', person, scopes, $2, expires_at, id FROM api_keys WHERE id = $1`,
        [child.id, api.now()],
      );
      const revoking = api.administration.revokeApiKey(root.id, api.now());
      for (let waits = 0; waits === 0;)
        [{ waits }] = await api.query(
          `SELECT count(*)::int AS waits FROM pg_stat_activity
           WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE api_keys SET revoked_at%'`,
        );
      await client.query('COMMIT');
      expect(await revoking).toBe(true);
    } finally {
      await client.end();
    }
    const rows = await api.query(
      `SELECT id FROM api_keys WHERE id = ANY ($1) AND revoked_at IS NULL`,
      [[root.id, child.id, 'key_z']],
    );
    expect(rows).toEqual([]);
    expect(await api.administration.revokeApiKey(root.id, api.now())).toBe(false);
  });
});

test('keys are listed page by page, newest first, without any text', async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`;
    const { json, text } = await as(tenant.apiKey, 'GET', `/v1/keys?limit=3${query}`);
    expect(text).not.toContain('mk_');
    seen.push(...json.items.map(({ id }: { id: string }) => id));
    cursor = json.nextCursor;
  } while (cursor);
  expect(seen).toEqual([...new Set(seen)].toSorted().toReversed());
  expect(seen).toContain(tenant.keyId);
  const all = await api.administration.listApiKeys(tenant.id);
  expect(all.map(({ id }) => id)).toEqual(seen);
});

describe('how often', () => {
  const list = (key: string) => api.call('GET', '/v1/registry/sources', { key });

  test('all keys of an institution share one quota; it is told, and ends with the minute', async () => {
    const busy = await api.tenant();
    expect(await api.administration.limitInstitution(busy.id, 5)).toBe(true);
    // not across the end of a minute
    const second = api.now().getUTCSeconds();
    api.advance(second === 0 ? 0 : 60 - second);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => list(i % 2 ? busy.apiKey : busy.reviewerKey)),
    );
    expect(answers.map(code).toSorted()).toEqual([
      ...Array<string>(5).fill('200'),
      ...Array<string>(3).fill('429 rate-limited'),
    ]);
    for (const { headers, status, json } of answers) {
      expect(headers.get('ratelimit-policy')).toBe('"institution";q=5;w=60');
      expect(headers.get('ratelimit')).toMatch(/^"institution";r=[0-4];t=([1-9]|[1-5]\d|60)$/);
      if (status !== 429) continue;
      expect(headers.get('ratelimit')).toMatch(/;r=0;/);
      expect(headers.get('retry-after')).toBe(String(json.retryAfterSeconds));
    }
    // nobody else waits for them
    expect(code(await list(tenant.apiKey))).toBe('200');
    api.advance(60);
    const later = await list(busy.apiKey);
    expect([code(later), later.headers.get('ratelimit')]).toEqual([
      '200',
      expect.stringContaining('r=4;'),
    ]);
  });

  test('whatever processes there are, together they let no more through', async () => {
    const { institutionQuota } = await import('../../../services/web/src/institution-quota.js');
    const limited = await api.tenant();
    const processes = [0, 1, 2].map(() =>
      institutionQuota({ record: api.record, clock: { now: () => new Date('2031-01-01') } }),
    );
    const who = { institution: { id: limited.id }, requestsPerMinute: 130 };
    const headers = { setHeader: () => undefined };
    const passed = await Promise.allSettled(
      Array.from({ length: 300 }, (_, i) => processes[i % 3]!(who, headers as never)),
    );
    const through = passed.filter(({ status }) => status === 'fulfilled').length;
    expect(through).toBe(130);
  });

  test('uploads to be verified are counted for the address, before anything is read', async () => {
    const upload = () =>
      api.call('POST', '/verify', { raw: 'x', headers: { 'content-type': 'image/png' } });
    const second = api.now().getUTCSeconds();
    api.advance(second === 0 ? 0 : 60 - second);
    const codes: string[] = [];
    for (let i = 0; i < LIMITS.verificationsPerAddress; i += 10)
      codes.push(...(await Promise.all(Array.from({ length: 10 }, upload))).map(code));
    expect(new Set(codes)).toEqual(new Set(['415 unsupported-media-type']));
    const refused = await upload();
    expect([code(refused), refused.headers.get('retry-after')]).toEqual([
      '429 rate-limited',
      String(refused.json.retryAfterSeconds),
    ]);
    expect(refused.headers.get('ratelimit-policy')).toBe(
      `"address";q=${LIMITS.verificationsPerAddress};w=60`,
    );
    expect(refused.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/);
    // addresses stand in the record as keyed digests
    const rows = await api.query(`SELECT key FROM quotas WHERE scope = 'verify-address'`);
    expect(rows).toEqual([{ key: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
    api.advance(60);
    expect(code(await upload())).toBe('415 unsupported-media-type');
  });
});
