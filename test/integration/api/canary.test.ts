import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  startApi,
  templateBody,
  type Answer,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';
import { prepare, type Prepared } from './ceremony.js';

/**
 * Secrets and personal data walk through every route, right and wrong, and are then looked for where
 * they must not be: logs at their most talkative, addresses, headers, problem details, the database
 * in clear, the queue.
 */
let api: ApiInstance;
let tenant: Tenant;
let it: Prepared;
/** What was answered, apart from bodies meant to hold the value. */
const refusals: Answer[] = [];
const answers: Answer[] = [];

beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  await api.publish({
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'template-1' },
    body: templateBody(),
  });
  it = await prepare(api, tenant, 'released');
  await misuse();
}, 120_000);
afterAll(() => api?.stop());

const record = (answer: Answer): void => {
  answers.push(answer);
  if (answer.status >= 400) refusals.push(answer);
};

/** Every value at every place where it does not belong, as a careless or hostile caller would. */
async function misuse(): Promise<void> {
  const calls = [...misuses()];
  for (let done = 0; done < calls.length; done += 16)
    await Promise.all(
      calls.slice(done, done + 16).map(async (call) => record(await api.call(...call))),
    );
}

function* misuses(): Generator<Parameters<ApiInstance['call']>> {
  for (const secret of Object.values(secrets())) {
    const quoted = encodeURIComponent(secret);
    for (const path of [
      `/${quoted}`,
      `/v1/authorizations/${quoted}`,
      `/v1/authorizations?cursor=${quoted}`,
      `/v1/authorizations?${quoted}=1`,
      `/v1/templates/${quoted}`,
      `/pki/${quoted}`,
      `/docs/${quoted}`,
      `/problems/${quoted}`,
      `/ocsp/${quoted}`,
      `/s?token=${quoted}`,
      `/verify?code=${quoted}`,
    ])
      yield ['GET', path, { key: tenant.apiKey, headers: { referer: `http://x/${quoted}` } }];
    const latin = /^[\x21-\x7e]+$/.test(secret);
    if (latin) {
      yield ['GET', '/v1/authorizations', { key: secret }];
      yield ['GET', '/v1/signing', { cookie: `mandate_visit=${secret}` }];
      yield ['GET', '/v1/signing', { cookie: secret }];
    }
    for (const route of api.routes.filter(({ method }) => method === 'post')) {
      const path = route.path.replace(/\{id\}/, it.id).replace(/\{attemptId\}/, it.attemptId!);
      const headers = {
        'x-requested-with': 'mandate',
        'idempotency-key': latin ? secret.slice(0, 128).padEnd(8, '-') : 'canary-key',
      };
      const call = { key: tenant.apiKey, cookie: it.cookie, headers };
      for (const body of [
        { [secret]: secret },
        { template: secret, businessReference: secret, subject: secret },
        { token: secret },
        { lastSix: secret },
        { code: secret },
        { reason: secret },
        { signature: secret },
      ])
        yield ['POST', path, { ...call, body }];
      yield ['POST', path, { ...call, raw: `{"subject": "${secret}"` }];
    }
  }
}

/** Values of this one ceremony, by what they are. */
const secrets = (): Record<string, string> => ({
  phone: it.subject.phone,
  'ID number': it.subject.idNumber,
  'last six': it.subject.idNumber.slice(-6),
  name: it.subject.name,
  code: it.code!,
  'message text': it.message!,
  'link token': it.token,
  cookie: it.cookie.split('=')[1]!,
  'API key': tenant.apiKey,
});

const found = (where: string): string[] =>
  Object.entries(secrets())
    .filter(
      ([, secret]) =>
        where.includes(secret) ||
        where.includes(encodeURIComponent(secret)) ||
        where.includes(JSON.stringify(secret).slice(1, -1)),
    )
    .map(([name]) => name);

test('the search itself finds what it looks for', () => {
  expect(found(`x ${it.subject.phone} y`)).toEqual(['phone']);
  expect(found(encodeURIComponent(it.subject.name))).toEqual(['name']);
  expect(refusals.length).toBeGreaterThan(500);
  expect(answers.filter(({ status }) => status >= 500).map(({ text }) => text)).toEqual([]);
});

test('nothing in the logs, every level on', () => {
  const log = api.log();
  expect(log.length).toBeGreaterThan(50_000);
  const lines = log.split('\n').filter((line) => found(line).length > 0);
  expect(lines.slice(0, 5).map((line) => [found(line), line.slice(0, 300)])).toEqual([]);
});

test('nothing in problem details', () => {
  const telling = refusals.filter(({ text }) => found(text).length > 0);
  expect(telling.slice(0, 5).map(({ text }) => [found(text), text.slice(0, 300)])).toEqual([]);
});

test('nothing in headers but the cookie itself', () => {
  const telling = answers
    .map(({ headers }) => [...headers].filter(([name]) => name !== 'set-cookie'))
    .filter((headers) => found(JSON.stringify(headers)).length > 0);
  expect(telling.slice(0, 5)).toEqual([]);
});

test('no address the service makes carries anything but a fragment', () => {
  const { pathname, search, hash } = new URL(it.link);
  expect([pathname, search, hash.length]).toEqual(['/s', '', 44]);
});

test('nothing in clear in the database but the sandbox inbox', async () => {
  const tables = await api.query(
    `SELECT table_schema AS s, table_name AS t FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
  );
  const telling: string[] = [];
  for (const { s, t } of tables) {
    if (t === 'sandbox_messages') continue;
    const rows = await api.query(`SELECT r::text AS row FROM "${s}"."${t}" r`);
    for (const { row } of rows) {
      const clear = found(row).concat(
        // bytea columns print as hex
        Object.entries(secrets())
          .filter(([, secret]) => row.includes(Buffer.from(secret).toString('hex')))
          .map(([name]) => `${name} (hex)`),
      );
      // the last six and the code are six digits: by chance they stand in some digest
      const sure = clear.filter((name) => !['last six', 'code'].includes(name));
      // an Idempotency-Key is the caller's to choose; refused requests do not keep it
      if (sure.length > 0) telling.push(`${s}.${t}: ${sure.join(', ')}`);
    }
  }
  expect(telling).toEqual([]);
});
