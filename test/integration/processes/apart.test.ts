import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import {
  AUTHORITY_ROLES,
  ACCESS_BY_CALLER,
  ACCESS_PURPOSES,
  CALLERS,
  DATABASE_ROLES,
  systemClock,
  type StaffRole,
} from '@mandate/core';
import { creditReportTemplate } from '@mandate/terms';
import pg from 'pg';
import {
  codeFromSandbox,
  institutionClient,
  publishTemplate,
  subjectClient,
} from '../../kit/ceremony-client.mjs';
import { deskPeople, deskPerson } from '../../kit/desk-people.js';
import { command, install, ROOT, type Installation, type ProcessName } from './installation.js';

/** Web, worker, desk and four authority processes, each with its own login, keys and rights. */
let it: Installation;
let api: ReturnType<typeof institutionClient>;
let apiKey: string;
let institutionId: string;
let count = 0;

beforeAll(async () => {
  it = await install();
  await Promise.all((['ra+vault', 'ca+seal', 'tsa', 'ledger'] as const).map(it.start));
  await Promise.all((['web', 'worker', 'desk'] as const).map(it.start));
  const { out, err } = await it.mandate(
    ...['institution', 'create', '--name', '禾穗消费金融有限公司', '--credit-code'],
    ...[
      '91310000MA1FL5E8XC',
      '--contact',
      '400-800-1234',
      '--complaints',
      '400-800-1235',
      '--json',
    ],
  );
  if (!out) throw new Error(err);
  const made = JSON.parse(out) as { apiKey: string; id: string };
  const institution = (institutionId = made.id);
  ({ apiKey } = made);
  api = institutionClient(it.url, apiKey);
  const [{ creditCode, name }] = creditReportTemplate.sources as [
    (typeof creditReportTemplate.sources)[0],
  ];
  const must = async (...args: string[]) => {
    const done = await it.mandate(...args);
    if (done.code !== 0) throw new Error(done.err);
    return done;
  };
  await must(
    ...['registry', 'add', '--kind', 'source', '--credit-code', creditCode, '--name', name.zh],
    ...['--licence', 'L-1', '--origin-proof', 'P-1', '--reviewed', '2026-01-01'],
    ...['--valid-until', '2099-01-01', '--registrar', 'A', '--approver', 'B'],
  );
  for (const { code } of creditReportTemplate.items)
    await must(
      ...['registry', 'allow', '--source', creditCode, '--item', code],
      ...['--purpose', creditReportTemplate.purpose.code, '--approver', 'B'],
      ...['--reason', 'tests'],
    );
  const key = await must(
    ...['key', 'create', '--institution', institution, '--name', 'reviewer', '--json'],
    ...['--scopes', 'templates:read,templates:approve'],
  );
  const reviewer = institutionClient(it.url, (JSON.parse(key.out) as { apiKey: string }).apiKey);
  await publishTemplate(api, reviewer, {
    ...creditReportTemplate,
    policy: { ...creditReportTemplate.policy, minimumReadingSeconds: 0 },
  });
}, 300_000);
afterAll(async () => {
  await it?.stop();
}, 60_000);

const request = () => ({
  template: creditReportTemplate.name,
  businessReference: `APART-${++count}`,
  subject: {
    name: '王䶮',
    idType: 'cn-resident-id',
    idNumber: '310101199003072313',
    phone: `138000000${String(count).padStart(2, '0')}`,
  },
  end: { kind: 'date', at: new Date(Date.now() + 30 * 86_400_000).toISOString() },
});

/** A ceremony up to the signature, which is made but not handed in. */
async function toSignature() {
  const body = request();
  const { id } = await api.post('/v1/authorizations', body);
  const { url } = await api.post(`/v1/authorizations/${id}/signing-links`, {});
  const subject = subjectClient(it.url);
  await subject.open(url);
  let view = await subject.read(await subject.identify('072313'));
  view = await subject.challenge();
  const { code } = await codeFromSandbox(it.url, body.subject.phone, view.challenge.checkCode);
  view = await subject.confirm(view, code);
  return { id, person: body.subject, subject, signed: await subject.sign(view) };
}

async function released(id: string): Promise<string> {
  let state = '';
  for (let round = 0; round < 200 && state !== 'released'; round++) {
    ({ state } = await api.get(`/v1/authorizations/${id}`));
    if (state !== 'released') await new Promise((done) => setTimeout(done, 100));
  }
  return state;
}

const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const { code } = (await response.json()) as { code: string };
  return `${response.status} ${code}`;
};

test('an institution’s logo is set, refused and removed by command', async () => {
  const file = join(it.trustFolder, '..', 'logo.png');
  const pixel =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  writeFileSync(file, Buffer.from(pixel, 'base64'));
  const set = await it.mandate('institution', 'logo', institutionId, file);
  const digest = /[0-9a-f]{64}/.exec(set.out)?.[0];
  const served = async () => (await fetch(`${it.url}/logos/${digest}.png`)).status;
  expect(await served()).toBe(200);
  writeFileSync(file, '<svg xmlns="http://www.w3.org/2000/svg"/>');
  expect((await it.mandate('institution', 'logo', institutionId, file)).err).toMatch(/not a PNG/);
  expect(await served()).toBe(200);
  expect((await it.mandate('institution', 'logo', institutionId, '--remove')).out).toBe(
    'removed\n',
  );
  expect(await served()).toBe(404);
});

test('a whole ceremony across the processes, verified offline by command', async () => {
  const { id, subject, signed } = await toSignature();
  await subject.complete(signed);
  expect(await released(id)).toBe('released');
  const file = join(it.trustFolder, '..', 'evidence.asice');
  writeFileSync(file, await api.get(`/v1/authorizations/${id}/bundle`));
  const verified = await command(
    process.execPath,
    [join(ROOT, 'packages/cli/dist/main.js'), 'verify', file, '--trust', it.trustFolder, '--json'],
    {},
  );
  expect(JSON.parse(verified.out).verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(verified.code).toBe(0);

  await openAtTheDesk(id);

  // the queue was the Redis given
  expect(await redisSize()).toBeGreaterThan(0);
}, 60_000);

/** Two officers, two approvers, one opening: the desk's process asks role vault for everything. */
async function openAtTheDesk(authorization: string): Promise<void> {
  const folder = join(it.keysFolder, '..');
  const people = await deskPeople({ databaseUrl: it.ownerUrl, folder, clock: systemClock });
  try {
    const person = (role: StaffRole) => deskPerson({ deskUrl: it.deskUrl, people }, [role]);
    const [officer, taker] = [await person('officer'), await person('officer')];
    const kind = 'consumer-complaint';
    const opened = await officer.go('POST', '/desk/api/cases', {
      ...{ kind, authorizations: [authorization] },
    });
    const at = `/desk/api/cases/${opened.json.id}`;
    const texts = { standing: '本人', legalBasis: 'x', scope: 'y' };
    await taker.go('POST', `${at}/steps`, { to: 'accepted', version: 1, texts });
    const asked = { legalBasis: 'x', reason: 'y', rights: ['view'], hours: 1, breakGlass: false };
    const { json: grant } = await officer.go('POST', `${at}/grants`, asked);
    const copy = () =>
      officer.go('POST', `/desk/api/grants/${grant.id}/copy`, { authorization, right: 'view' });
    expect((await copy()).json.why).toBe('grant-unapproved');
    for (const approver of [await person('approver'), await person('approver')])
      await approver.agree(grant.id);
    const { status, bytes } = await copy();
    expect([status, Buffer.from(bytes.subarray(0, 5)).toString()]).toEqual([200, '%PDF-']);
  } finally {
    await people.close();
  }
}

test('the subject comes to their own authorizations across the processes, and withdraws', async () => {
  const { id, person, subject, signed } = await toSignature();
  await subject.complete(signed);
  expect(await released(id)).toBe('released');
  let cookie = '';
  const own = async (method: string, path: string, body?: unknown): Promise<any> => {
    const response = await fetch(`${it.url}/v1/own${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-requested-with': 'mandate',
        ...(cookie ? { cookie } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const set = response.headers.get('set-cookie');
    if (set) cookie = set.split(';')[0]!;
    return response.json();
  };
  await own('POST', '/enter', person);
  const { code } = await codeFromSandbox(it.url, person.phone, '我的授权');
  const list = await own('POST', '/confirm', { code });
  expect(list.authorizations.map((row: any) => row.id)).toEqual([id]);
  const detail = await own('POST', `/${id}/withdrawal`);
  expect(detail).toMatchObject({ condition: 'withdrawn', withdrawal: { by: 'subject' } });
  expect(detail.accesses.length).toBeGreaterThan(3);
}, 60_000);

function redisSize(): Promise<number> {
  const { hostname, port } = new URL(it.redisUrl);
  return new Promise((done, fail) => {
    const socket = connect(Number(port), hostname, () => socket.write('DBSIZE\r\n'));
    socket.once('error', fail);
    socket.once('data', (data) => {
      done(Number(data.toString().slice(1)));
      socket.end();
    });
  });
}

describe('keys', () => {
  test('each authority process opens the keys of its roles, nobody else any', () => {
    const opened = (name: ProcessName) =>
      it.processes
        .get(name)!
        .log()
        .split('\n')
        .filter((line) => line.includes('"key opened"'))
        .map((line) => (JSON.parse(line) as { role: string; key: string }).role);
    for (const [name, roles] of [
      ['ra+vault', ['ra', 'vault']],
      ['ca+seal', ['ca', 'seal']],
      ['tsa', ['tsa']],
      ['ledger', ['ledger']],
      ['web', []],
      ['worker', []],
      ['desk', []],
    ] as const)
      expect([name, [...new Set(opened(name))].sort()]).toEqual([name, roles]);
  });

  test('web, worker and desk run where no key file can be read at all', async () => {
    const folders = readdirSync(it.keysFolder);
    // `offline` is what set-up tells to take away
    expect(folders.sort()).toEqual([...AUTHORITY_ROLES, 'offline'].sort());
    for (const role of folders) {
      const folder = join(it.keysFolder, role);
      const [file] = readdirSync(folder);
      const reading = `require('node:fs').readFileSync(${JSON.stringify(join(folder, file!))})`;
      const refused = await command(process.execPath, [...it.confined, '-e', reading], {});
      expect(refused.err).toContain('ERR_ACCESS_DENIED');
    }
  }, 30_000);
});

describe('database logins', () => {
  const as = async (login: string, work: (client: pg.Client) => Promise<void>) => {
    const client = new pg.Client({ connectionString: it.logins[login]! });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  };
  const refusal = (client: pg.Client, sql: string) =>
    client.query(sql).then(
      () => 'done',
      (error: { code: string }) => error.code,
    );

  test.each([
    ['web', ['web']],
    ['worker', ['worker']],
    ['desk', ['desk']],
    ['ra_vault', ['ra', 'vault']],
    ['ca_seal', ['ca', 'seal']],
    ['ledger', ['ledger']],
  ])('%s acts as its own roles only', async (login, roles) => {
    await as(login, async (client) => {
      for (const role of DATABASE_ROLES) {
        const expected = roles.includes(role) ? 'done' : '42501';
        expect([role, await refusal(client, `SET ROLE mandate_${role}`)]).toEqual([role, expected]);
      }
      const { rows } = await client.query(
        'SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = session_user',
      );
      expect(Object.values(rows[0])).toEqual([false, false, false, false]);
    });
  });

  test('web cannot write `confirmed`, read codes or data keys, or touch the trail', async () => {
    const { id } = await api.post('/v1/authorizations', request());
    await as('web', async (client) => {
      const tries: Record<string, string> = {
        confirmed: `UPDATE authorizations SET state = 'confirmed', version = version + 1 WHERE id = '${id}'`,
        signed: `UPDATE authorizations SET state = 'signed', version = version + 1 WHERE id = '${id}'`,
        confirmations: 'SELECT * FROM confirmations',
        'a confirmation': `INSERT INTO confirmations SELECT * FROM confirmations`,
        codes: 'SELECT code_mac, sealed_code FROM challenges',
        'data keys': 'SELECT * FROM data_keys',
        journal: 'SELECT * FROM attempt_journal',
        'events changed': `UPDATE events SET body = body`,
        'events deleted': 'DELETE FROM events',
        'ledger queue': `INSERT INTO ledger_queue (dedupe, entry) VALUES ('x', '{}')`,
        'a table': 'CREATE TABLE mine (a int)',
        settings: `UPDATE settings SET value = 'x'`,
      };
      const got: Record<string, string> = {};
      for (const [name, sql] of Object.entries(tries)) {
        const code = await refusal(client, sql);
        if (!['42501', 'MA001'].includes(code)) got[name] = code;
      }
      expect(got).toEqual({});
    });
  });
});

describe('internal calls', () => {
  const holders: Record<string, keyof Installation['authorityUrls']> = {
    ra: 'ra+vault',
    vault: 'ra+vault',
    ca: 'ca+seal',
    seal: 'ca+seal',
    tsa: 'tsa',
    ledger: 'ledger',
  };
  /** Well-formed enough to be refused for the caller alone. */
  const bodyFor = (purpose: string) =>
    JSON.stringify({ value: { purpose, authorizationId: 'aut_0', actor: 'tests' } });
  const invoke = (role: string, method: string, key: string | undefined, purpose = 'download') =>
    fetch(`${it.authorityUrls[holders[role]!]}/internal/${role}/${method}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key ? { authorization: `Bearer ${key}` } : {}),
      },
      body: bodyFor(purpose),
    });

  test('each caller’s key is good for its own methods only', async () => {
    const methods = [...new Set(Object.values(CALLERS).flat())];
    const wrong: string[] = [];
    for (const [caller, own] of Object.entries(CALLERS))
      for (const name of methods) {
        const [role, method] = name.split('.') as [string, string];
        const key = it.callerKeys[caller as keyof typeof CALLERS];
        const purpose = ACCESS_BY_CALLER[caller as keyof typeof CALLERS][0];
        const response = await invoke(role, method, key, purpose);
        const { code } = (await response.json()) as { code?: string };
        const refused = response.status === 403 && code === 'forbidden';
        if (refused === (own as readonly string[]).includes(name))
          wrong.push(`${caller} → ${name}: ${response.status} ${code}`);
      }
    expect(wrong).toEqual([]);
  });

  test('each caller opens data for its own purposes only', async () => {
    for (const [caller, own] of Object.entries(ACCESS_BY_CALLER))
      for (const purpose of ACCESS_PURPOSES.filter((it) => !own.includes(it))) {
        const key = it.callerKeys[caller as keyof typeof CALLERS];
        const answer = await problemOf(await invoke('vault', 'unwrap', key, purpose));
        expect(`${caller} ${purpose} ${answer}`).toBe(`${caller} ${purpose} 403 forbidden`);
      }
  });

  test.each([
    ['no key', undefined],
    ['an unknown key', 'k'.repeat(43)],
    ['an institution’s key', 'api key'],
  ])('%s is refused', async (_name, key) => {
    const given = key === 'api key' ? apiKey : key;
    expect(await problemOf(await invoke('vault', 'unwrap', given))).toBe('401 unauthenticated');
  });

  test('a process does not answer for a role it does not hold', async () => {
    const response = await fetch(`${it.authorityUrls.tsa}/internal/vault/unwrap`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${it.callerKeys.web}`,
      },
      body: '{"value":{}}',
    });
    expect(await problemOf(response)).toBe('503 authority-unavailable');
  });

  test('nothing internal is reachable from outside', async () => {
    const response = await fetch(`${it.url}/internal/vault/unwrap`, {
      method: 'POST',
      headers: { authorization: `Bearer ${it.callerKeys.web}` },
    });
    expect(await problemOf(response)).toBe('404 not-found');
  });
});

describe('outages', () => {
  test('without registration and vault: 503, nothing kept, and on again afterwards', async () => {
    const { id } = await api.post('/v1/authorizations', request());
    const { url } = await api.post(`/v1/authorizations/${id}/signing-links`, {});
    const subject = subjectClient(it.url);
    await subject.open(url);
    await it.processes.get('ra+vault')!.end('SIGKILL');

    await expect(subject.identify('072313')).rejects.toMatchObject({
      status: 503,
      code: 'authority-unavailable',
    });
    const body = request();
    const post = () => api.post('/v1/authorizations', body, 'during-the-outage');
    await expect(post()).rejects.toMatchObject({ status: 503, code: 'authority-unavailable' });
    // what needs no authority still works
    expect((await api.get(`/v1/authorizations/${id}`)).state).toBe('requested');
    expect((await fetch(`${it.url}/healthz`)).status).toBe(200);
    expect(it.processes.get('web')!.child.exitCode).toBe(null);

    await it.start('ra+vault');
    expect((await subject.identify('072313')).step).toBe('read');
    expect((await post()).state).toBe('requested');
  }, 60_000);

  test('without timestamps nothing is signed; afterwards the worker finishes by itself', async () => {
    const { id, subject, signed } = await toSignature();
    await it.processes.get('tsa')!.end('SIGKILL');
    const refused = await subject.complete(signed).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 503 });
    expect((await api.get(`/v1/authorizations/${id}`)).state).toBe('confirmed');
    const tsa = await fetch(`${it.url}/tsa`, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query' },
      body: Uint8Array.of(0x30, 0),
    });
    expect(await problemOf(tsa)).toBe('503 authority-unavailable');
    await it.start('tsa');
    expect(await released(id)).toBe('released');
  }, 60_000);
});

describe('production', () => {
  const names = (text: string) => [...text.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name);
  const main = (service: string, env: Record<string, string>) =>
    command(process.execPath, [join(ROOT, `services/${service}/dist/main.js`)], {
      NODE_ENV: 'production',
      ...env,
    });

  test.each([
    [
      'web',
      [
        'PUBLIC_URL',
        'LEDGER_ORIGIN',
        'DATABASE_URL',
        'OBJECTS_URL',
        'AUTHORITY_URL',
        'TRUSTED_PROXIES',
      ],
    ],
    ['worker', ['DATABASE_URL', 'QUEUE_URL', 'OBJECTS_URL', 'SMS_URL', 'AUTHORITY_URL']],
    [
      'desk',
      [
        'DATABASE_URL',
        'QUEUE_URL',
        'OBJECTS_URL',
        'PUBLIC_URL',
        'DESK_URL',
        'AUTHORITY_URL',
        'TRUSTED_PROXIES',
      ],
    ],
    [
      'authority',
      [
        ...['PUBLIC_URL', 'LEDGER_ORIGIN', 'OBJECTS_URL', 'TSA_URLS', 'AUTHORITY_CALLERS'],
        ...[
          'DESK_URL',
          'ALLOW_BUILT_IN_CA',
          ...AUTHORITY_ROLES.map((role) => `KEYS_URL_${role.toUpperCase()}`),
        ],
        ...['RA', 'CA', 'LEDGER', 'SEAL', 'VAULT'].map((role) => `DATABASE_URL_${role}`),
      ],
    ],
    ['all', ['NODE_ENV']],
  ])('%s refuses to start and names all that is missing', async (service, missing) => {
    const { code, err } = await main(service, {});
    expect({ code, names: names(err).sort() }).toEqual({ code: 1, names: missing.toSorted() });
    expect(err).not.toMatch(/\bat .*:\d+:\d+/);
  });

  test('what is set but wrong is named without its value', async () => {
    const secret = 'S3cret-Value';
    const { code, err } = await main('web', {
      DATABASE_URL: `mysql://${secret}@db`,
      QUEUE_URL: `amqp://${secret}`,
      SMS_URL: 'sandbox:',
      PUBLIC_URL: 'http://sign.example.com',
      AUTHORITY_CALLER_KEY: secret,
    });
    expect(code).toBe(1);
    expect(names(err)).toEqual(
      expect.arrayContaining([
        'DATABASE_URL',
        'QUEUE_URL',
        'SMS_URL',
        'PUBLIC_URL',
        'AUTHORITY_CALLER_KEY',
      ]),
    );
    expect(err).not.toContain(secret);
  });
});

/** Last: everything ends. */
test('asked to stop, every process drains and ends with 0', async () => {
  const codes: Record<string, number | null> = {};
  for (const name of ['web', 'worker', 'desk', 'ca+seal', 'ra+vault', 'tsa', 'ledger'] as const)
    codes[name] = await it.processes.get(name)!.end('SIGTERM');
  expect(codes).toEqual({
    web: 0,
    worker: 0,
    desk: 0,
    'ca+seal': 0,
    'ra+vault': 0,
    tsa: 0,
    ledger: 0,
  });
}, 30_000);
