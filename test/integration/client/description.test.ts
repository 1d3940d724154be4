import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALL_SCOPES, sha256Hex, TEST_NUMBERS, utf8 } from '@mandate/core';
import { faultsOf } from '../../kit/json-schema.js';
import { prepare } from '../api/ceremony.js';
import { MandateClient } from '@mandate/client';
import { until } from '../../kit/until.js';
import {
  authorizationBody,
  startApi,
  templateBody,
  type ApiInstance,
  type Tenant,
} from '../api/api-instance.js';

let api: ApiInstance;
let tenant: Tenant;
let description: any;
beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  description = (await api.call('GET', '/openapi.json')).json;
}, 120_000);
afterAll(() => api.stop());

let keys = 0;
const post = (path: string, body: unknown) =>
  api.call('POST', path, {
    key: tenant.apiKey,
    body,
    headers: { 'idempotency-key': `described-${++keys}` },
  });
const own = '/v1/authorizations/{id}';
const exampleOf = (path: string): any =>
  description.paths[path].post.requestBody.content['application/json'].example;

test('examples can be sent as they are, in the order of an integration', async () => {
  const made = await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'described-template' },
    body: exampleOf('/v1/templates'),
  });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  const asked = await post('/v1/authorizations', exampleOf('/v1/authorizations'));
  expect([asked.status, asked.text]).toEqual([201, expect.any(String)]);
  const ticket = await post(
    `/v1/authorizations/${asked.json.id}/signing-tickets`,
    exampleOf(`${own}/signing-tickets`),
  );
  expect([ticket.status, ticket.text]).toEqual([201, expect.any(String)]);
  const hook = await post('/v1/webhooks', exampleOf('/v1/webhooks'));
  expect([hook.status, hook.text]).toEqual([201, expect.any(String)]);

  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template-for-tests' },
    body: templateBody(),
  });
  const { id } = await prepare(api, tenant, 'released');
  for (const act of ['redemptions', 'withdrawals', 'holds']) {
    const done = await post(`/v1/authorizations/${id}/${act}`, exampleOf(`${own}/${act}`));
    expect([act, done.status, done.text]).toEqual([act, 201, expect.any(String)]);
  }
});

test('what an integration made can be read, settled and sent again', async () => {
  const key = tenant.apiKey;
  const get = async (path: string) => {
    const answer = await api.call('GET', path, { key });
    expect([path, answer.status]).toEqual([path, 200]);
    return answer.json;
  };
  const { id } = await prepare(api, tenant, 'released');
  const path = `/v1/authorizations/${id}`;
  const use = { ...exampleOf(`${own}/redemptions`), hold: true };
  const reserved = await post(`${path}/redemptions`, use);
  const back = await post(`${path}/redemptions/${reserved.json.redemption}/release`, undefined);
  expect([back.status, back.json.state]).toEqual([200, 'released']);
  for (const list of ['webhooks', 'keys', 'templates', 'events']) await get(`/v1/${list}`);
  for (const list of ['sources', 'recipients', 'combinations']) await get(`/v1/registry/${list}`);

  const rows = utf8(`${JSON.stringify(exampleOf('/v1/authorizations'))}\n`);
  const bulk = await post('/v1/bulk', exampleOf('/v1/bulk'));
  const sent = await api.call('PUT', `/v1/bulk/${bulk.json.id}/rows?offset=0`, {
    key,
    headers: { 'content-type': 'application/x-ndjson' },
    raw: rows,
  });
  expect([sent.status, sent.json.received]).toEqual([200, rows.length]);
  const digest = sha256Hex(rows);
  expect((await post(`/v1/bulk/${bulk.json.id}/completion`, { digest })).status).toBe(200);
  expect((await get('/v1/bulk')).items).toHaveLength(1);
});

test('every operation shows what is asked and answered, and both are as described', () => {
  const faults: string[] = [];
  const bare: string[] = [];
  for (const [path, methods] of Object.entries<any>(description.paths))
    for (const [method, operation] of Object.entries<any>(methods)) {
      const good = Object.entries<any>(operation.responses).find(([status]) => status < '300')![1];
      const places = [operation.requestBody, good].map((at) => at?.content?.['application/json']);
      for (const [i, json] of places.entries()) {
        if (!json) continue;
        const what = `${method} ${path} ${i === 0 ? 'asked' : 'answered'}`;
        if (json.example === undefined) bare.push(what);
        else faults.push(...faultsOf(json.schema, json.example, description).map((f) => what + f));
      }
    }
  expect(faults).toEqual([]);
  expect(bare).toEqual([]);
});

test('webhooks are described, each with a message that fits', () => {
  const hooks = Object.entries<any>(description.webhooks);
  expect(hooks.length).toBeGreaterThan(10);
  for (const [type, { post }] of hooks) {
    const { schema, example } = post.requestBody.content['application/json'];
    expect([type, faultsOf(schema, example, description)]).toEqual([type, []]);
    expect(example.type).toBe(type);
  }
});

test('what scopes and test numbers there are stands in the documentation', async () => {
  const text = await readFile('docs/api.md', 'utf8');
  const missing = [...ALL_SCOPES, ...Object.keys(TEST_NUMBERS)].filter(
    (name) => !text.includes(`| \`${name}\` |`),
  );
  expect(missing).toEqual([]);
});

test('the client sends a file of many requests, goes on after a cut, and reads what became of each row', async () => {
  let puts = 0;
  const { bulk } = new MandateClient({
    baseUrl: api.url,
    apiKey: tenant.apiKey,
    sleep: async () => undefined,
    fetch: async (url, init) => {
      const answer = await fetch(url, init);
      // it arrived, and the answer is lost: the next try begins at a byte that is not the last
      if (init?.method === 'PUT' && (puts += 1) === 1) throw new TypeError('cut');
      return answer;
    },
  });
  const rows = [1, 2, 3].map((i) => ({
    ...authorizationBody(api, 700 + i),
    businessReference: `FILE-${i}`,
  }));
  const file = [
    JSON.stringify(rows[0]),
    '{',
    JSON.stringify(rows[1]),
    JSON.stringify(rows[2]),
  ].join('\n');
  const bytes = new TextEncoder().encode(file);
  const begun = await bulk.upload(bytes, { format: 'ndjson' }, { idempotencyKey: 'file-of-three' });
  expect(begun).toMatchObject({ rows: 4, received: bytes.length });
  const done = await until(async () => {
    const now = await bulk.progress(begun.id);
    return now.state === 'done' && now;
  });
  expect(done).toMatchObject({ done: 4, created: 3, refused: 1 });
  const outcomes = [];
  for await (const outcome of bulk.outcomes(begun.id)) outcomes.push(outcome);
  expect(outcomes.map((row) => ('problem' in row ? row.problem : row.businessReference))).toEqual([
    'FILE-1',
    'invalid-request',
    'FILE-2',
    'FILE-3',
  ]);
  // the same file under the same key is the same import
  expect(
    await bulk.upload(bytes, { format: 'ndjson' }, { idempotencyKey: 'file-of-three' }),
  ).toEqual(done);
  // and another time it makes nothing new
  const again = await bulk.upload(bytes, { format: 'ndjson' });
  const repeated = await until(async () => {
    const now = await bulk.progress(again.id);
    return now.state === 'done' && now;
  });
  expect(repeated).toMatchObject({ created: 0, repeated: 3, refused: 1 });
  await expect(bulk.cancel(again.id)).rejects.toMatchObject({ code: 'bulk-state' });
}, 60_000);

test('every example is accepted by the schema it illustrates', () => {
  const illustrated = api.routes.filter(({ example }) => example !== undefined);
  expect(illustrated.length).toBeGreaterThan(6);
  for (const { path, body, example } of illustrated)
    expect([path, body!.safeParse(example).error?.message]).toEqual([path, undefined]);
});

test('patterns are what schema languages know, and the key of a repeatable call is required', () => {
  let patterns = 0;
  JSON.stringify(description, (key, value: unknown) => {
    if (key === 'pattern' && typeof value === 'string') {
      patterns += 1;
      expect(value).not.toMatch(/\/[a-z]*$/);
      expect(() => new RegExp(value, 'u')).not.toThrow();
    }
    return value;
  });
  expect(patterns).toBeGreaterThan(20);
  const [header] = description.paths['/v1/authorizations'].post.parameters;
  expect(header).toMatchObject({ in: 'header', name: 'idempotency-key', required: true });
});

/** Members by path: `subject.name` → optional or not. */
type Members = Map<string, { readonly optional: boolean }>;

/** What the client's types name, read from their source: inline objects and unions are followed. */
function membersIn(source: string, name: string): Members {
  const plain = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
  const head = new RegExp(`interface ${name}(?: extends (\\w+))? \\{`).exec(plain);
  if (!head) throw new Error(`no interface ${name}`);
  const members: Members = head[1] ? membersIn(source, head[1]) : new Map();
  const path: (string | undefined)[] = [];
  let pending: string | undefined;
  const rest = plain.slice(head.index + head[0].length);
  for (const [token, member, mark, type] of rest.matchAll(/readonly (\w+)(\??):\s*(\w*)|[{}]/g)) {
    if (token === '{') path.push(pending);
    else if (token === '}') {
      if (path.length === 0) break;
      // another branch of the same member may follow
      pending = path.pop();
    } else {
      const at = [...path.filter(Boolean), member].join('.');
      // a member of one branch of a union need not be there
      const optional = mark === '?' || (members.has(at) && members.get(at)!.optional);
      members.set(at, { optional });
      pending = member;
      if (type && ['Party', 'Person', 'Proof'].includes(type))
        for (const [inner, how] of membersIn(source, type)) members.set(`${at}.${inner}`, how);
    }
  }
  return members;
}

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly required?: string[];
  readonly anyOf?: Schema[];
  readonly oneOf?: Schema[];
  readonly allOf?: Schema[];
  readonly items?: Schema;
}
/** Every branch that may hold members. */
const branches = (schema: Schema): Schema[] => [
  schema,
  ...[schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) => (list ?? []).flatMap(branches)),
];
const find = (schema: Schema, path: string): Schema | undefined =>
  path
    .split('.')
    .reduce<Schema | undefined>(
      (at, name) =>
        at && branches(at).find(({ properties }) => properties?.[name])?.properties?.[name],
      schema,
    );
const demands = (schema: Schema): string[] => schema.required ?? [];

/** Of the subject's browser, which has no API key. */
const BROWSER = /^\/v1\/(signing|own)(\/|$)/;
const VERSION = [{ id: 'i', version: 1 }, {}];
/** Methods called with something else than ids; several lists of arguments: several operations. */
const ARGUMENTS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  reportPdf: [
    ['i', 'zh'],
    ['i', 'en'],
  ],
  'templates.read': [['i'], ['i', 1]],
  ...Object.fromEntries(
    ['rewriteDraft', 'submit', 'approve', 'waive', 'retire', 'findings', 'preview'].map((name) => [
      `templates.${name}`,
      [VERSION],
    ]),
  ),
  'idImages.keep': [['i', { type: 'image/png', content: new Uint8Array(1) }, {}]],
  authorizations: [[{}]],
  events: [[{}]],
  'bulk.list': [[{}]],
  'keys.list': [[{}]],
};
/** Made of other methods. */
const COMPOSED = ['bulk.upload'];

test('every operation of institutions has a method of the client, and every method an operation', async () => {
  const called = new Set<string>();
  const client = new MandateClient({
    ...{ baseUrl: 'http://nobody.test', apiKey: 'mk_x' },
    fetch: async (url, init) => {
      called.add(`${init!.method!.toLowerCase()} ${new URL(String(url)).pathname}`);
      return Response.json({ items: [] });
    },
  });
  const areas: [string, any][] = [['', client], ...Object.entries(client)];
  const idle: string[] = [];
  for (const [area, part] of areas)
    for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(part))) {
      const name = area ? `${area}.${method}` : method;
      if (method === 'constructor' || COMPOSED.includes(name)) continue;
      for (const args of ARGUMENTS[name] ?? [['i', 'i', {}]]) {
        const before = called.size;
        const answer = part[method](...args);
        await (answer.next ? answer.next() : answer);
        // an operation that another method has already
        if (called.size === before) idle.push(name);
      }
    }
  const operations = Object.entries<object>(description.paths).flatMap(([path, methods]) =>
    BROWSER.test(path) ? [] : Object.keys(methods).map((method) => `${method} ${path}`),
  );
  const fits = (call: string, operation: string): boolean =>
    new RegExp(`^${operation.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(call);
  const calls = [...called];
  expect(operations.length).toBeGreaterThan(60);
  expect(operations.filter((one) => !calls.some((call) => fits(call, one)))).toEqual([]);
  expect(calls.filter((call) => !operations.some((one) => fits(call, one)))).toEqual([]);
  expect(idle).toEqual([]);
});

const requestOf = (path: string): Schema =>
  description.paths[path].post.requestBody.content['application/json'].schema;
const answerOf = (path: string, method: string, status: number): Schema =>
  description.paths[path][method].responses[status].content['application/json'].schema;

test.each<[string, 'sent' | 'answered', () => Schema]>([
  ['AuthorizationRequest', 'sent', () => requestOf('/v1/authorizations')],
  [
    'SigningSetMember',
    'sent',
    () => requestOf('/v1/signing-sets').properties!['authorizations']!.items!,
  ],
  [
    'SignedTogether',
    'answered',
    () => answerOf('/v1/signing-sets', 'post', 201).properties!['authorizations']!.items!,
  ],
  ['SigningTicketRequest', 'sent', () => requestOf(`${own}/signing-tickets`)],
  ['RedemptionRequest', 'sent', () => requestOf(`${own}/redemptions`)],
  ['WithdrawalRequest', 'sent', () => requestOf(`${own}/withdrawals`)],
  ['WebhookRequest', 'sent', () => requestOf('/v1/webhooks')],
  ['BulkRequest', 'sent', () => requestOf('/v1/bulk')],
  ['Bulk', 'answered', () => answerOf('/v1/bulk/{id}', 'get', 200)],
  ['Authorization', 'answered', () => answerOf(own, 'get', 200)],
  ['Authorization', 'answered', () => answerOf('/v1/authorizations', 'post', 201)],
  ['Template', 'answered', () => answerOf('/v1/templates', 'post', 201)],
  ['SigningLink', 'answered', () => answerOf(`${own}/signing-links`, 'post', 201)],
  ['SigningTicket', 'answered', () => answerOf(`${own}/signing-tickets`, 'post', 201)],
  ['MadeRedemption', 'answered', () => answerOf(`${own}/redemptions`, 'post', 201)],
  [
    'ListedRedemption',
    'answered',
    () => answerOf(`${own}/redemptions`, 'get', 200).properties!['items']!.items!,
  ],
  [
    'Redemption',
    'answered',
    () => answerOf(`${own}/redemptions/{redemption}/confirmation`, 'post', 200),
  ],
  ['Condition', 'answered', () => answerOf(`${own}/condition`, 'get', 200)],
  ['Withdrawal', 'answered', () => answerOf(`${own}/withdrawals`, 'post', 201)],
  ['WebhookWithSecret', 'answered', () => answerOf('/v1/webhooks', 'post', 201)],
  [
    'WebhookDelivery',
    'answered',
    () => answerOf('/v1/webhooks/{id}/deliveries', 'get', 200).properties!['items']!.items!,
  ],
  ['ApiKeyWithText', 'answered', () => answerOf('/v1/keys', 'post', 201)],
  ['TemplateWithBody', 'answered', () => answerOf('/v1/templates/{id}', 'get', 200)],
  ['NewTemplateVersion', 'answered', () => answerOf('/v1/templates', 'post', 201)],
  [
    'TemplateFinding',
    'answered',
    () =>
      answerOf('/v1/templates/{id}/versions/{version}/findings', 'get', 200).properties!['items']!
        .items!,
  ],
  ['IdentityAssertionRequest', 'sent', () => requestOf(`${own}/assertions`)],
  ['IdentityAssertion', 'answered', () => answerOf(`${own}/assertions`, 'post', 201)],
  ['OwnLinkRequest', 'sent', () => requestOf(`${own}/own-links`)],
  ['OrderReference', 'answered', () => answerOf(`${own}/order-reference`, 'get', 200)],
  ['Order', 'answered', () => answerOf('/v1/orders/{reference}', 'get', 200)],
  [
    'SealedRelease',
    'answered',
    () => answerOf(`${own}/redemptions/{redemption}/subject-data`, 'post', 200),
  ],
  ['RestrictionRequest', 'sent', () => requestOf(`${own}/restriction`)],
  ['IdImage', 'answered', () => answerOf(`${own}/id-images`, 'post', 201)],
  ['Privacy', 'answered', () => answerOf(`${own}/privacy`, 'get', 200)],
  [
    'RegistryEntry',
    'answered',
    () => answerOf('/v1/registry/sources', 'get', 200).properties!['items']!.items!,
  ],
])('the client’s %s is what is %s', async (name, direction, schemaOf) => {
  const folder = 'packages/client/src/types';
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const source = texts.join('\n');
  const schema = schemaOf();
  const members = membersIn(source, name);
  expect(members.size).toBeGreaterThan(1);
  const unknown = [...members.keys()].filter((path) => !find(schema, path));
  expect(unknown).toEqual([]);
  const top = [...members].filter(([path]) => !path.includes('.'));
  if (direction === 'sent') {
    // whoever fills the type in has sent all that is needed
    const sent = top.filter(([, { optional }]) => !optional).map(([path]) => path);
    expect(demands(schema).filter((path) => !sent.includes(path))).toEqual([]);
  } else {
    // what the type promises always comes
    const promised = top.filter(([, { optional }]) => !optional).map(([path]) => path);
    expect(promised.filter((path) => !demands(schema).includes(path))).toEqual([]);
  }
});
