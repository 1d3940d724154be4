import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { presentationOf, subjectClient } from '../../kit/ceremony-client.mjs';
import {
  startApi,
  templateBody,
  type ApiInstance,
  type Call,
  type Tenant,
} from './api-instance.js';
import { prepare, type Prepared, type Stage } from './ceremony.js';

/** The subject's steps in every wrong order, repeated, and too late. */
let api: ApiInstance;
let tenant: Tenant;

beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  const browserOnly = { ...templateBody('browser-only') };
  for (const body of [
    templateBody(),
    { ...browserOnly, policy: { ...browserOnly.policy, keyOrigins: ['browser'] } },
  ])
    await api.publish({
      key: tenant.apiKey,
      headers: { 'idempotency-key': `template-${body.name}` },
      body,
    });
}, 60_000);
afterAll(() => api?.stop());

const at = (cookie: string, method: string, path: string, call: Call = {}) =>
  api.call(method, `/v1/signing${path}`, {
    cookie,
    ...call,
    headers: { 'x-requested-with': 'mandate', ...call.headers },
  });

/** One try of every step, as a page would send it. */
const STEPS: Record<string, (it: Prepared) => Promise<{ status: number; json: any }>> = {
  letter: (it) => at(it.cookie, 'GET', '/letter'),
  presentation: (it) =>
    at(it.cookie, 'POST', '/presentation', {
      body: presentationOf({
        letter: { digest: it.view.letter?.digest ?? '0'.repeat(64) },
        clauses: it.view.clauses ?? [],
      }),
    }),
  challenge: (it) => at(it.cookie, 'POST', '/challenge', { body: {} }),
  confirmation: (it) =>
    at(it.cookie, 'POST', '/confirmation', {
      body: { code: it.code ?? '123456', publicKey: 'AAAA', proof: 'AAAA', ...it.key },
    }),
  attempts: (it) =>
    at(it.cookie, 'POST', '/attempts', { body: { publicKey: 'AAAA', proof: 'AAAA', ...it.key } }),
  software: (it) => at(it.cookie, 'POST', '/attempts/software', { body: {} }),
  signature: (it) =>
    at(
      it.cookie,
      'POST',
      `/attempts/${it.attemptId ?? 'att_00000000-0000-7000-8000-000000000000'}/signature`,
      { body: { signature: it.signature ?? 'AAAA' } },
    ),
  copy: (it) => at(it.cookie, 'GET', '/copy'),
  decline: (it) => at(it.cookie, 'POST', '/decline', { body: { reason: 'refused' } }),
};

/**
 * What each step answers at each stage; steps that are right there are left out. `ok` where a
 * repetition is harmless and changes nothing.
 */
const REFUSED: Record<Stage, Record<string, string>> = {
  opened: {
    letter: 'step-out-of-order',
    presentation: 'step-out-of-order',
    challenge: 'step-out-of-order',
    confirmation: 'step-out-of-order',
    attempts: 'step-out-of-order',
    software: 'step-out-of-order',
    signature: 'step-out-of-order',
    copy: 'step-out-of-order',
  },
  identified: {
    challenge: 'step-out-of-order',
    confirmation: 'challenge-missing',
    attempts: 'step-out-of-order',
    software: 'step-out-of-order',
    signature: 'not-found',
    copy: 'illegal-transition',
  },
  presented: {
    presentation: 'ok',
    confirmation: 'challenge-missing',
    attempts: 'step-out-of-order',
    software: 'step-out-of-order',
    signature: 'not-found',
    copy: 'illegal-transition',
  },
  challenged: {
    presentation: 'ok',
    challenge: 'resend-too-soon',
    attempts: 'step-out-of-order',
    software: 'step-out-of-order',
    signature: 'not-found',
    copy: 'illegal-transition',
  },
  confirmed: {
    presentation: 'illegal-transition',
    challenge: 'resend-too-soon',
    confirmation: 'challenge-missing',
    signature: 'not-found',
    copy: 'illegal-transition',
  },
  issued: {
    presentation: 'illegal-transition',
    challenge: 'resend-too-soon',
    confirmation: 'challenge-missing',
    copy: 'illegal-transition',
  },
  released: {
    letter: 'ok',
    presentation: 'illegal-transition',
    challenge: 'step-out-of-order',
    confirmation: 'challenge-missing',
    attempts: 'step-out-of-order',
    software: 'step-out-of-order',
    signature: 'ok',
    decline: 'illegal-transition',
    copy: 'ok',
  },
};
/** Written by looking, not by doing. */
const NOTES = ['access_entries', 'visits', 'limits'];
/** What the worker moves on in its own time: wake-ups, and the ledger's entries of earlier steps. */
const BACKGROUND = [
  'outbox',
  'ledger_queue',
  'ledger_entries',
  'ledger_nodes',
  'ledger_checkpoints',
  'ledger_head',
];
const tablesBut = async (...names: string[]) => {
  const tables = await api.tables();
  for (const name of names) delete tables[name];
  return tables;
};

describe.each(Object.keys(REFUSED) as Stage[])('after "%s"', (stage) => {
  test('no step out of order does anything', async () => {
    const it = await prepare(api, tenant, stage);
    await new Promise((done) => setTimeout(done, 400)); // the outbox is drained
    const before = await tablesBut(...NOTES, ...BACKGROUND);
    const got: Record<string, string> = {};
    for (const step of Object.keys(REFUSED[stage])) {
      const { status, json } = await STEPS[step]!(it);
      got[step] = status === 200 ? 'ok' : json?.code;
    }
    expect(got).toEqual(REFUSED[stage]);
    expect(await tablesBut(...NOTES, ...BACKGROUND)).toEqual(before);
  }, 30_000);
});

describe('ended ceremonies', () => {
  test('after a decline every step is over, and the code is dead', async () => {
    const it = await prepare(api, tenant, 'challenged');
    expect((await STEPS['decline']!(it)).json).toMatchObject({ step: 'ended', end: 'declined' });
    const before = await tablesBut(...NOTES, ...BACKGROUND);
    const got: Record<string, string> = {};
    for (const step of Object.keys(STEPS)) {
      const { status, json } = await STEPS[step]!(it);
      got[step] = status === 200 ? 'ok' : json?.code;
    }
    expect(got).toMatchObject({
      presentation: 'illegal-transition',
      confirmation: 'challenge-missing',
      attempts: 'step-out-of-order',
      software: 'step-out-of-order',
      signature: 'not-found',
      copy: 'illegal-transition',
      decline: 'ok',
    });
    expect(['step-out-of-order', 'resend-too-soon']).toContain(got['challenge']);
    expect(await tablesBut(...NOTES, ...BACKGROUND)).toEqual(before);
    const link = await api.call('POST', `/v1/authorizations/${it.id}/signing-links`, {
      key: tenant.apiKey,
    });
    expect(link.json.code).toBe('illegal-transition');
  });

  test('a decline while a certificate is out leaves nothing to complete', async () => {
    const it = await prepare(api, tenant, 'issued');
    expect((await STEPS['decline']!(it)).status).toBe(200);
    expect((await STEPS['signature']!(it)).json).toMatchObject({ code: 'attempt-void' });
    const { json } = await api.call('GET', `/v1/authorizations/${it.id}`, { key: tenant.apiKey });
    expect(json.state).toBe('declined');
  });
});

describe('repetitions', () => {
  test('a signature again is the same answer, another signature is refused', async () => {
    const it = await prepare(api, tenant, 'issued');
    const first = await STEPS['signature']!(it);
    expect(first.status).toBe(200);
    expect((await STEPS['signature']!(it)).status).toBe(200);
    const other = await prepare(api, tenant, 'issued');
    const { json } = await STEPS['signature']!({ ...it, signature: other.signature! });
    expect(['signature-invalid', 'attempt-void']).toContain(json.code);
    const rows = await api.query(
      `SELECT count(*)::int AS n FROM ledger_queue WHERE authorization_id = $1`,
      [it.id],
    );
    expect(rows[0].n).toBe(1);
  }, 30_000);

  test('a key serves once', async () => {
    const it = await prepare(api, tenant, 'issued');
    expect((await STEPS['attempts']!(it)).json).toMatchObject({ code: 'key-reused' });
  });

  test('a key the template does not allow', async () => {
    const it = await prepare(api, tenant, 'confirmed', 'browser-only');
    expect((await STEPS['software']!(it)).json).toMatchObject({ code: 'key-origin-refused' });
  });

  test('a proof for another challenge proves nothing, and the try counts', async () => {
    const [one, two] = [
      await prepare(api, tenant, 'challenged'),
      await prepare(api, tenant, 'confirmed'),
    ];
    const { json } = await STEPS['confirmation']!({ ...one, key: two.key! });
    expect(json).toMatchObject({ code: 'proof-of-possession-invalid', status: 422 });
    const [row] = await api.query('SELECT tries FROM challenges WHERE authorization_id = $1', [
      one.id,
    ]);
    expect(row.tries).toBe(1);
  });

  test('another subject’s code is wrong here; five wrong codes and it is over', async () => {
    const it = await prepare(api, tenant, 'challenged');
    const wrong = it.code === '000000' ? '000001' : '000000';
    const codes: unknown[] = [];
    for (let i = 0; i < 6; i++) {
      const { json } = await STEPS['confirmation']!({ ...it, code: wrong });
      codes.push([json.code, json.triesLeft]);
    }
    expect(codes).toEqual([
      ['code-wrong', 4],
      ['code-wrong', 3],
      ['code-wrong', 2],
      ['code-wrong', 1],
      ['code-tries-exhausted', undefined],
      ['code-tries-exhausted', undefined],
    ]);
    expect((await STEPS['confirmation']!(it)).json.code).toBe('code-tries-exhausted');
  });

  test('the gate counts and locks; another visit does not help', async () => {
    const it = await prepare(api, tenant, 'opened');
    const codes: string[] = [];
    for (let i = 0; i < 7; i++) {
      const open = await at('', 'POST', '/open', { body: { token: it.token } });
      const cookie = open.headers.get('set-cookie')!.split(';')[0]!;
      const { json } = await at(cookie, 'POST', '/identify', { body: { lastSix: '000000' } });
      codes.push(json.code);
    }
    expect(codes).toEqual([...Array(6).fill('gate-mismatch'), 'gate-locked']);
    const right = await at(it.cookie, 'POST', '/identify', {
      body: { lastSix: it.subject.idNumber.slice(-6) },
    });
    expect(right.json.code).toBe('gate-locked');
  });

  test('a ticket opens once', async () => {
    const it = await prepare(api, tenant, 'opened');
    const { json } = await api.call('POST', `/v1/authorizations/${it.id}/signing-tickets`, {
      key: tenant.apiKey,
      body: { origins: ['https://bank.example'] },
    });
    const open = () => at('', 'POST', '/open', { body: { token: json.ticket } });
    const both = await Promise.all([open(), open(), open(), open()]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410]);
    expect((await open()).json).toMatchObject({ code: 'ticket-used', status: 410 });
  });

  test('the same step twice at once has one effect', async () => {
    const read = await prepare(api, tenant, 'identified');
    const presented = await Promise.all([1, 2, 3, 4].map(() => STEPS['presentation']!(read)));
    expect(presented.filter(({ status }) => status >= 500)).toEqual([]);
    const challenges = await Promise.all([1, 2, 3, 4].map(() => STEPS['challenge']!(read)));
    expect(challenges.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(challenges.filter(({ status }) => status >= 500)).toEqual([]);
    const rows = await api.query(
      `SELECT type, count(*)::int AS n FROM events WHERE stream = $1 GROUP BY type ORDER BY type`,
      [read.id],
    );
    expect(rows).toEqual([
      { type: 'challenged', n: 1 },
      { type: 'presented', n: 1 },
      { type: 'requested', n: 1 },
    ]);
  });
});

/** Last, because they move the clock of everything. */
describe('too late', () => {
  test('a code after five minutes; a resend after one replaces it', async () => {
    const it = await prepare(api, tenant, 'challenged');
    const old = await prepare(api, tenant, 'challenged');
    api.advance(61);
    expect((await STEPS['challenge']!(old)).status).toBe(200);
    const replaced = await STEPS['confirmation']!(old);
    expect(['code-wrong', 'challenge-dead']).toContain(replaced.json.code);
    api.advance(240);
    expect((await STEPS['confirmation']!(it)).json).toMatchObject({
      code: 'challenge-expired',
      status: 410,
    });
  });

  test('a confirmation after ten minutes, a certificate after eight', async () => {
    const confirmed = await prepare(api, tenant, 'confirmed');
    const issued = await prepare(api, tenant, 'issued');
    api.advance(601);
    expect((await STEPS['attempts']!(confirmed)).json.code).toBe('confirmation-expired');
    expect((await STEPS['software']!(confirmed)).json.code).toBe('confirmation-expired');
    expect((await STEPS['signature']!(issued)).json.code).toBe('attempt-void');
    // a new code leads to a signature after all
    expect((await STEPS['challenge']!(confirmed)).status).toBe(200);
  });

  test('a ticket after ten minutes, a link and a visit after a day', async () => {
    const it = await prepare(api, tenant, 'identified');
    const { json } = await api.call('POST', `/v1/authorizations/${it.id}/signing-tickets`, {
      key: tenant.apiKey,
      body: { origins: ['https://bank.example'] },
    });
    api.advance(601);
    const ticket = await at('', 'POST', '/open', { body: { token: json.ticket } });
    expect(ticket.json).toMatchObject({ code: 'link-expired', status: 410 });
    api.advance(24 * 3600);
    const link = await at('', 'POST', '/open', { body: { token: it.token } });
    expect(link.json).toMatchObject({ code: 'link-expired', status: 410 });
    expect((await at(it.cookie, 'GET', '')).json).toMatchObject({ code: 'visit-invalid' });
  });

  test('after seven days nothing can be signed, asked for or linked', async () => {
    const it = await prepare(api, tenant, 'presented');
    api.advance(7 * 24 * 3600 + 1);
    for (let round = 0; round < 100; round++) {
      const { json } = await api.call('GET', `/v1/authorizations/${it.id}`, { key: tenant.apiKey });
      if (json.state === 'lapsed') break;
      await new Promise((done) => setTimeout(done, 100));
    }
    const link = await api.call('POST', `/v1/authorizations/${it.id}/signing-links`, {
      key: tenant.apiKey,
    });
    expect(link.json).toMatchObject({ code: 'illegal-transition' });
    // the open browser's visit is over as well
    const browser = subjectClient(api.url);
    await expect(browser.open(it.link)).rejects.toMatchObject({ code: 'link-expired' });
  }, 30_000);
});
