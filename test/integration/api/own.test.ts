import { until } from '../../kit/until.js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fromBase64Url, fromHex, systemRandom, toBase64Url } from '@mandate/core';
import { approveResolution, proposeResolution } from '@mandate/ceremony';
import { deskRecord, openDatabase } from '@mandate/store';
import { codeFromSandbox, subjectClient } from '../../kit/ceremony-client.mjs';
import { softwareAuthenticator } from '../../kit/software-authenticator.js';
import {
  authorizationBody,
  person,
  startApi,
  templateBody,
  type Answer,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';

/** "My authorizations": who comes in, what they see, what they do; and what nobody else learns. */
let api: ApiInstance;
let tenant: Tenant;
let other: Tenant;
beforeAll(async () => {
  api = await startApi();
  [tenant, other] = [await api.tenant(), await api.tenant()];
  for (const { apiKey } of [tenant, other])
    await api.publish({
      key: apiKey,
      headers: { 'idempotency-key': 'template-1' },
      body: templateBody(),
    });
}, 90_000);
afterAll(() => api?.stop());

type Person = ReturnType<typeof person>;
let count = 300;
const newPerson = (): Person => person(++count);
const PAGE = { 'x-requested-with': 'mandate' };

interface Letter {
  readonly id: string;
  readonly subject: Person;
  readonly code: string;
  readonly browser: ReturnType<typeof subjectClient>;
}

/** A letter of that subject, signed and released, or left where its code was asked for. */
async function letter(
  subject = newPerson(),
  { of = tenant, sign = true }: { of?: Tenant; sign?: boolean } = {},
): Promise<Letter> {
  const n = ++count;
  const { json } = await api.call('POST', '/v1/authorizations', {
    key: of.apiKey,
    headers: { 'idempotency-key': `letter-${n}` },
    body: { ...authorizationBody(api, n), subject },
  });
  const id: string = json.id;
  const way = await api.call('POST', `/v1/authorizations/${id}/signing-links`, { key: of.apiKey });
  const browser = subjectClient(api.url, { now: api.now });
  await browser.open(way.json.url);
  let view = await browser.read(await browser.identify(subject.idNumber.slice(-6)));
  view = await browser.challenge();
  const { checkCode, challengeId } = view.challenge;
  const { code } = await codeFromSandbox(api.url, subject.phone, checkCode, 10_000, challengeId);
  if (sign) {
    view = await browser.confirm(view, code);
    view = await browser.complete(await browser.sign(view));
    await until(async () => (await browser.view()).step === 'done');
  }
  return { id, subject, code, browser };
}

const inbox = async (phone: string): Promise<{ text: string; reference?: string }[]> =>
  (await api.call('GET', `/sandbox/sms.json?phone=${phone}`)).json;
const ownMessages = async (phone: string): Promise<string[]> =>
  (await inbox(phone)).map(({ text }) => text).filter((text) => text.includes('我的授权'));

const post = (path: string, body: unknown, cookie?: string): Promise<Answer> =>
  api.call('POST', `/v1/own${path}`, {
    headers: PAGE,
    ...(body === undefined ? {} : { body }),
    ...(cookie ? { cookie } : {}),
  });
const get = (path: string, cookie: string): Promise<Answer> =>
  api.call('GET', `/v1/own${path}`, { cookie });
const cookieOf = (answer: Answer): string => answer.headers.get('set-cookie')!.split(';')[0]!;

async function asked(subject: Person): Promise<{ answer: Answer; cookie: string }> {
  const answer = await post('/enter', subject);
  expect([answer.status, answer.json.code]).toEqual([202, undefined]);
  return { answer, cookie: cookieOf(answer) };
}
async function codeOf(phone: string, seen = 0): Promise<string> {
  const text = await until(async () => {
    const messages = await ownMessages(phone);
    return messages.length > seen && messages[0];
  });
  return /\d{6}/.exec(text)![0];
}
/** Inside: the visit's cookie and the list. */
async function entered(subject: Person): Promise<{ cookie: string; list: any }> {
  const seen = (await ownMessages(subject.phone)).length;
  const { cookie } = await asked(subject);
  const answer = await post('/confirm', { code: await codeOf(subject.phone, seen) }, cookie);
  expect([answer.status, answer.json.code]).toEqual([200, undefined]);
  return { cookie: cookieOf(answer), list: answer.json };
}
const wrong = (code: string): string => code.replace(/\d$/, (d) => String((Number(d) + 1) % 10));
const problem = ({ status, json }: Answer) => [status, json?.code];
const relayed = () =>
  until(async () => {
    const [{ open }] = await api.query(
      'SELECT count(*)::int AS open FROM outbox WHERE relayed_at IS NULL',
    );
    return open === 0;
  });
/** Whatever the worker would have sent is sent by then. */
const settled = async () => {
  await relayed();
  await new Promise((done) => setTimeout(done, 700));
};

describe('entering', () => {
  test('name, identity document and number together open it; each mistake and each stranger gets the same answer and nothing else', async () => {
    const { subject } = await letter();
    const heir: Person = { ...newPerson(), phone: subject.phone, name: '赵新机' };
    const strangers: [string, Person][] = [
      ['the number’s new holder', heir],
      ['another name', { ...subject, name: '王小明' }],
      ['another ID number', { ...subject, idNumber: newPerson().idNumber }],
      ['another number', { ...subject, phone: newPerson().phone }],
      ['nobody at all', newPerson()],
    ];
    const shape = ({ status, headers, json }: Answer) => ({
      status,
      body: Object.keys(json),
      headers: [...headers.keys()].filter((name) => name !== 'date').sort(),
      length: headers.get('content-length'),
      cookie: headers
        .get('set-cookie')!
        .replace(/=[A-Za-z0-9_-]{43};/, '=…;')
        .replace(/Expires=[^;]+/, ''),
    });
    const timed = async (who: Person) => {
      const since = performance.now();
      const { answer, cookie } = await asked(who);
      return { shape: shape(answer), cookie, took: performance.now() - since };
    };
    const known = await timed(subject);
    expect(known.shape.cookie).toContain('HttpOnly; SameSite=Strict');
    await codeOf(subject.phone);
    await settled();
    const counted = async (): Promise<number> => {
      const [{ n }] = await api.query(
        `SELECT coalesce(sum(count), 0)::int AS n FROM limits WHERE scope LIKE 'challenges-own%'`,
      );
      return n;
    };
    // From one stranger to the next: what is written late counts against whoever comes after.
    let before = await api.tables();
    const changedSince = async (): Promise<string[]> => {
      const after = await api.tables();
      const changed = Object.keys(after).filter((table) => after[table] !== before[table]);
      before = after;
      return changed.filter((table) => !/^(outbox|ledger_queue)$/.test(table)).sort();
    };
    for (const [who, claimed] of strangers) {
      const counters = await counted();
      const made = await timed(claimed);
      expect([who, made.shape]).toEqual([who, known.shape]);
      // above what the work takes, so that both end with the clock and not with the work
      expect(Math.min(made.took, known.took)).toBeGreaterThanOrEqual(500);
      expect(Math.abs(made.took - known.took)).toBeLessThan(300);
      await relayed();
      expect([who, await changedSince()]).toEqual([who, ['own_challenges']]);
      // the number's and the person's, from here and from everywhere; everybody's; that of messages
      expect([who, (await counted()) - counters]).toEqual([who, 6]);
    }
    await settled();
    expect(await changedSince()).toEqual([]);
    // one message, for the one right entry; none to anybody's number for the others
    expect((await ownMessages(subject.phone)).length).toBe(1);
    for (const [, { phone }] of strangers.slice(3)) expect(await inbox(phone)).toEqual([]);
    // and no row of a stranger can be told from the right one by role web or the worker: they see none
    const rows = await api.query(
      `SELECT authorization_id IS NULL AS unknown, code_mac IS NOT NULL AS mac, sealed_code IS NOT NULL AS sealed
       FROM own_challenges ORDER BY made_at`,
    );
    expect(rows.slice(-6)).toEqual([
      { unknown: false, mac: true, sealed: true },
      ...strangers.map(() => ({ unknown: true, mac: true, sealed: true })),
    ]);
  });

  test('a re-issued number: its new holder, with a letter of their own, sees that one alone', async () => {
    const first = await letter();
    const heir: Person = { ...newPerson(), phone: first.subject.phone, name: '赵新机' };
    const second = await letter(heir);
    const { cookie, list } = await entered(heir);
    expect(list.authorizations.map(({ id }: any) => id)).toEqual([second.id]);
    for (const path of [`/${first.id}`, `/${first.id}/letter`, `/${first.id}/report.zh.pdf`])
      expect(problem(await get(path, cookie))).toEqual([404, 'not-found']);
    for (const path of [`/${first.id}/withdrawal`, `/${first.id}/dispute`])
      expect(
        problem(
          await post(path, path.endsWith('dispute') ? { reason: 'other' } : undefined, cookie),
        ),
      ).toEqual([404, 'not-found']);
    const [{ n }] = await api.query(
      `SELECT count(*)::int AS n FROM access_entries WHERE authorization_id = $1 AND body LIKE '%own%'`,
      [first.id],
    );
    expect(n).toBe(0);
  });

  test('how the name is typed does not matter, what it says does', async () => {
    const subject = { ...newPerson(), name: '迪丽热巴·买买提' };
    await letter(subject);
    const { cookie } = await asked({
      ...subject,
      name: ' 迪丽热巴•买买提 ',
      phone: `+86 ${subject.phone.slice(0, 3)}-${subject.phone.slice(3)}`,
    });
    const { json } = await post('/confirm', { code: await codeOf(subject.phone) }, cookie);
    expect(json.authorizations.length).toBe(1);
  });

  test('what cannot be right is told at once and names no value', async () => {
    const subject = newPerson();
    for (const change of [
      { idNumber: '110105199003070011' },
      { phone: '12345678' },
      { name: ' ' },
    ]) {
      const answer = await post('/enter', { ...subject, ...change });
      expect(problem(answer)).toEqual([400, 'invalid-request']);
      expect(answer.text).not.toContain(Object.values(change)[0]!.trim() || '\u0000');
    }
    const foreign = await api.call('POST', '/v1/own/enter', { body: subject });
    expect(problem(foreign)).toEqual([403, 'forbidden']);
  });

  test('tries to enter from one address are limited by number and by person, known or not', async () => {
    const { subject } = await letter(undefined, { sign: false });
    for (const make of [
      () => ({ ...newPerson(), phone: subject.phone }),
      () => ({ ...subject, phone: newPerson().phone }),
    ]) {
      const codes: unknown[] = [];
      for (let round = 0; round < 6; round++) codes.push((await post('/enter', make())).status);
      expect(codes).toEqual([202, 202, 202, 202, 202, 429]);
    }
    expect(problem(await post('/enter', subject))).toEqual([429, 'rate-limited']);
    expect(await ownMessages(subject.phone)).toEqual([]);
  });
});

describe('the code', () => {
  test('200 guesses at once: five are counted, then it is dead', async () => {
    const { subject } = await letter(undefined, { sign: false });
    const { cookie } = await asked(subject);
    const code = await codeOf(subject.phone);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => post('/confirm', { code: wrong(code) }, cookie)),
    );
    const tally = (wanted: string) => answers.filter(({ json }) => json.code === wanted).length;
    expect(tally('code-wrong')).toBe(4);
    expect(tally('code-tries-exhausted')).toBe(196);
    expect(problem(await post('/confirm', { code }, cookie))).toEqual([
      403,
      'code-tries-exhausted',
    ]);
    const [row] = await api.query(
      'SELECT tries, sealed_code FROM own_challenges ORDER BY made_at DESC LIMIT 1',
    );
    expect(row).toEqual({ tries: 5, sealed_code: null });
  });

  test('is good once, in the browser that asked, for five minutes', async () => {
    const { subject } = await letter(undefined, { sign: false });
    const { cookie } = await asked(subject);
    const code = await codeOf(subject.phone);
    const elsewhere = await asked(newPerson());
    expect(problem(await post('/confirm', { code }, elsewhere.cookie))).toEqual([
      403,
      'code-wrong',
    ]);
    expect(problem(await post('/confirm', { code }))).toEqual([409, 'challenge-missing']);
    const both = await Promise.all([1, 2, 3].map(() => post('/confirm', { code }, cookie)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
    expect(problem(await post('/confirm', { code }, cookie))).toEqual([410, 'challenge-dead']);
    const again = await asked(subject);
    const late = await codeOf(subject.phone, 1);
    api.advance(301);
    expect(problem(await post('/confirm', { code: late }, again.cookie))).toEqual([
      410,
      'challenge-expired',
    ]);
  });

  test('opens nothing else: a signing code does not enter, an entering code does not sign', async () => {
    const { subject, code, browser } = await letter(undefined, { sign: false });
    const { cookie } = await asked(subject);
    const own = await codeOf(subject.phone);
    if (own !== code)
      expect(problem(await post('/confirm', { code }, cookie))).toEqual([403, 'code-wrong']);
    const view = await browser.view();
    await browser.newKey();
    const refused = await browser
      .call('POST', '/confirmation', { code: own, ...(await browser.proven(view.challenge)) })
      .catch((error: any) => error.code);
    expect(refused).toBe(own === code ? undefined : 'code-wrong');
    // and neither cookie is the other page's
    const visit = browser.cookie().split('=')[1]!;
    expect((await get('', `mandate_own=${visit}`)).status).toBe(401);
    expect((await get('', cookie)).status).toBe(401);
    const entry = cookie.split('=')[1]!;
    const signing = await api.call('GET', '/v1/signing', { cookie: `mandate_visit=${entry}` });
    expect(signing.status).toBe(401);
  });

  test('a code for nobody cannot be guessed, even if it were known', async () => {
    const { cookie } = await asked(newPerson());
    await settled();
    const [row] = await api.query(
      'SELECT id, sends FROM own_challenges ORDER BY made_at DESC LIMIT 1',
    );
    expect(row.sends).toBe(0);
    for (const left of [4, 3, 2, 1]) {
      const answer = await post('/confirm', { code: `00000${left}` }, cookie);
      expect([answer.json.code, answer.json.triesLeft]).toEqual(['code-wrong', left]);
    }
    expect(problem(await post('/confirm', { code: '000000' }, cookie))).toEqual([
      403,
      'code-tries-exhausted',
    ]);
  });
});

describe('a visit', () => {
  test('slides by fifteen minutes, ends after an hour, and can be left', async () => {
    const { subject } = await letter(undefined, { sign: false });
    const { cookie } = await entered(subject);
    for (let round = 0; round < 4; round++) {
      api.advance(14 * 60);
      expect((await get('', cookie)).status).toBe(200);
    }
    api.advance(5 * 60);
    expect(problem(await get('', cookie))).toEqual([401, 'visit-invalid']);
    const idle = await entered(subject);
    api.advance(15 * 60 + 1);
    expect(problem(await get('', idle.cookie))).toEqual([401, 'visit-invalid']);
    const left = await entered(subject);
    expect((await post('/leave', undefined, left.cookie)).status).toBe(200);
    expect(problem(await get('', left.cookie))).toEqual([401, 'visit-invalid']);
  });

  test('one person’s visit opens nothing of another’s, whatever the request', async () => {
    const [mine, theirs] = [await letter(), await letter()];
    const { cookie } = await entered(mine.subject);
    expect((await get(`/${mine.id}`, cookie)).status).toBe(200);
    const own = api.routes.filter(({ auth, path }) => auth === 'own' && path.includes('{id}'));
    expect(own.length).toBeGreaterThan(4);
    for (const route of own) {
      const file = route.bytesBody && {
        raw: 'x',
        headers: { ...PAGE, 'content-type': route.bytesBody.contentTypes[0] },
      };
      const path =
        route.path
          .replace('{id}', theirs.id)
          .replace('{image}', 'img_00000000-0000-7000-8000-000000000000') +
        (file ? '?side=front' : '');
      const answer = await api.call(route.method.toUpperCase(), path, {
        cookie,
        headers: PAGE,
        ...(route.body ? { body: { reason: 'other' } } : {}),
        ...file,
      });
      expect([route.path, ...problem(answer)]).toEqual([route.path, 404, 'not-found']);
      const stranger = await api.call(route.method.toUpperCase(), path, {
        headers: PAGE,
        ...(route.body ? { body: { reason: 'other' } } : {}),
        ...file,
      });
      expect([route.path, ...problem(stranger)]).toEqual([route.path, 401, 'visit-invalid']);
    }
  });
});

describe('what the subject sees and does', () => {
  const use = {
    purpose: 'loan-approval',
    source: { creditCode: '91110000MA00DEM01M' },
    items: ['basic-information'],
    operator: { id: 'staff-1017', name: '李操作' },
  };
  const redeem = (id: string) =>
    api.call('POST', `/v1/authorizations/${id}/redemptions`, {
      key: tenant.apiKey,
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: use,
    });

  test('everything about it: terms, uses with the operator masked, who opened it, and the subject’s own reading among them', async () => {
    const { id, subject } = await letter();
    expect((await redeem(id)).status).toBe(201);
    const logo = { digest: 'd'.repeat(64), width: 30, height: 20 };
    const picture = { ...logo, image: new Uint8Array(60), at: api.now() };
    await api.administration.setLogo({ ...picture, institutionId: tenant.id });
    const { cookie, list } = await entered(subject);
    expect(list).toMatchObject({ means: 'code' });
    expect(list.authorizations).toMatchObject([
      { id, institution: tenant.name, logo, condition: 'used-up', usesLeft: 0, usesTotal: 1 },
    ]);
    const { json, text } = await get(`/${id}`, cookie);
    expect(json.uses).toMatchObject([
      { state: 'confirmed', number: 1, of: 1, recipient: tenant.name, operator: 's***17' },
    ]);
    expect(json.uses[0].source).toMatch(/示例征信/);
    expect(text).not.toContain('李操作');
    expect(text).not.toContain('staff-1017');
    const opened = json.accesses.map(({ purpose, by }: any) => `${by} ${purpose}`);
    expect(opened).toEqual(
      expect.arrayContaining(['institution redeem', 'service own-code', 'subject own']),
    );
    expect(json.timeline.map(({ type }: any) => type)).toEqual(
      expect.arrayContaining(['requested', 'presented', 'challenged', 'signed', 'redeemed']),
    );
    expect(json.may).toEqual({
      ...{ withdraw: true, dispute: true, download: true, erase: true },
      ...{ keepIdImage: true, openIdImages: true },
    });
    expect(json.idImages).toEqual([]);
  });

  test('withdrawal: in force with the answer, proven, once; the next use is refused', async () => {
    const { id, subject } = await letter();
    const { cookie } = await entered(subject);
    const answer = await post(`/${id}/withdrawal`, undefined, cookie);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      condition: 'withdrawn',
      withdrawal: { by: 'subject', channel: 'page' },
      may: { withdraw: false, dispute: true },
    });
    expect(problem(await redeem(id))).toEqual([409, 'withdrawn']);
    const repeated = await post(`/${id}/withdrawal`, undefined, cookie);
    expect(repeated.json.withdrawal.id).toBe(answer.json.withdrawal.id);
    const [fact] = await api.query('SELECT proof_kind, proof_ref FROM withdrawals WHERE id = $1', [
      answer.json.withdrawal.id,
    ]);
    expect(fact).toEqual({ proof_kind: 'own-code', proof_ref: expect.stringMatching(/^owv_/) });
    const sealed = await until(async () => {
      const { json } = await get(`/${id}`, cookie);
      return json.withdrawal.stamped && json;
    });
    expect(sealed.withdrawal.receipt.split('.').length).toBe(3);
  });

  test('“I did not sign this”: frozen at once, the institution’s next use refused', async () => {
    const { id, subject } = await letter();
    const { cookie } = await entered(subject);
    const answer = await post(`/${id}/dispute`, { reason: 'not-signed-by-me' }, cookie);
    expect(answer.json).toMatchObject({
      condition: 'on-hold',
      holds: [{ by: 'subject', reason: 'not-signed-by-me', outcome: null }],
      may: { dispute: false, withdraw: true },
    });
    expect(problem(await redeem(id))).toEqual([409, 'on-hold']);
    expect((await post(`/${id}/dispute`, { reason: 'other' }, cookie)).json.holds.length).toBe(1);
  });

  test('letter and sealed report, and nothing of what is not released', async () => {
    const { id, subject } = await letter();
    const open = await letter(subject, { sign: false });
    const { cookie, list } = await entered(subject);
    expect(list.authorizations.map(({ condition }: any) => condition)).toEqual([
      'not-signed',
      'in-force',
    ]);
    for (const path of ['letter', 'report.zh.pdf', 'report.en.pdf']) {
      const file = await get(`/${id}/${path}`, cookie);
      expect([path, file.status, file.text.slice(0, 5)]).toEqual([path, 200, '%PDF-']);
      expect(file.headers.get('content-disposition')).toContain('attachment');
      expect(problem(await get(`/${open.id}/${path}`, cookie))).toEqual([
        409,
        'illegal-transition',
      ]);
    }
    expect(problem(await post(`/${open.id}/withdrawal`, undefined, cookie))).toEqual([
      409,
      'illegal-transition',
    ]);
  }, 90_000);
});

describe('without the number', () => {
  const vouch = (id: string, { apiKey }: Tenant) =>
    api.call('POST', `/v1/authorizations/${id}/own-links`, {
      key: apiKey,
      body: { vouchedBy: 'staff-9', how: 'in-person' },
    });

  test('an institution’s word opens what that institution has of this person, once, for an hour', async () => {
    const subject = newPerson();
    const moved = { ...subject, phone: newPerson().phone };
    const [here, later, elsewhere] = [
      await letter(subject),
      await letter(moved, { sign: false }),
      await letter(subject, { of: other }),
    ];
    await letter({ ...newPerson(), phone: subject.phone });
    expect(problem(await vouch(here.id, other))).toEqual([404, 'not-found']);
    // a link opens the data: a key that may not read them makes none
    const narrow = await api.call('POST', '/v1/keys', {
      key: tenant.apiKey,
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: { name: 'desk', scopes: ['own-links:write'] },
    });
    const blind = await vouch(here.id, { ...tenant, apiKey: narrow.json.text });
    expect([...problem(blind), blind.json.scope]).toEqual([403, 'scope-missing', 'evidence:read']);
    const made = await vouch(here.id, tenant);
    expect(made.status).toBe(201);
    const { hash, pathname } = new URL(made.json.url);
    expect(pathname).toBe('/my');
    const token = hash.slice(1);
    const opened = await post('/open', { token });
    expect(opened.json).toMatchObject({ means: 'own-link' });
    expect(opened.json.authorizations.map(({ id }: any) => id)).toEqual([later.id, here.id]);
    expect(problem(await get(`/${elsewhere.id}`, cookieOf(opened)))).toEqual([404, 'not-found']);
    expect(problem(await post('/open', { token }))).toEqual([410, 'ticket-used']);
    const old = new URL((await vouch(here.id, tenant)).json.url).hash.slice(1);
    api.advance(3601);
    expect(problem(await post('/open', { token: old }))).toEqual([410, 'link-expired']);
    expect(problem(await post('/open', { token: toBase64Url(new Uint8Array(32)) }))).toEqual([
      404,
      'link-invalid',
    ]);
    const [{ body }] = await api.query(
      `SELECT body FROM access_entries WHERE authorization_id = $1 AND body LIKE '%own-link%' LIMIT 1`,
      [here.id],
    );
    expect(JSON.parse(body).actor).toMatch(new RegExp(`^authority/institution:${tenant.id}/owl_`));
  });

  test('a passkey opens what was signed with its number; one registered under a made-up request opens that request alone', async () => {
    const subject = newPerson();
    const first = await letter(subject);
    const second = await letter(subject, { of: other });
    const device = softwareAuthenticator(api.url);
    await enrol(first, device);
    const list = async (key: typeof device): Promise<Answer> => {
      const options = await post('/passkey-options', undefined);
      const { challenge, allowCredentials, userVerification } = options.json.request;
      expect([allowCredentials, userVerification]).toEqual([[], 'required']);
      expect(fromBase64Url(challenge).length).toBe(32);
      return post('/confirm', { passkey: key.assert(challenge) }, cookieOf(options));
    };
    const entry = await list(device);
    expect(entry.json).toMatchObject({ means: 'passkey' });
    expect(entry.json.authorizations.map(({ id }: any) => id)).toEqual([second.id, first.id]);

    // somebody asks for a letter in this person's name with a number of their own
    const thief = softwareAuthenticator(api.url);
    const forged = await letter({ ...subject, phone: newPerson().phone });
    await enrol(forged, thief);
    expect((await list(thief)).json.authorizations.map(({ id }: any) => id)).toEqual([forged.id]);

    expect(problem(await list(softwareAuthenticator(api.url)))).toEqual([403, 'passkey-unknown']);
    const options = await post('/passkey-options', undefined);
    const stale = device.assert(toBase64Url(new Uint8Array(32)));
    expect(problem(await post('/confirm', { passkey: stale }, cookieOf(options)))).toEqual([
      403,
      'passkey-invalid',
    ]);
    expect(problem(await post('/confirm', { code: '123456' }, cookieOf(options)))).toEqual([
      409,
      'challenge-missing',
    ]);
  });

  async function enrol({ browser }: Letter, device: ReturnType<typeof softwareAuthenticator>) {
    const options: any = await browser.call('POST', '/passkeys/options', {});
    const { challenge } = options.creation;
    expect(fromBase64Url(challenge)).toEqual(
      fromHex([...fromBase64Url(challenge)].map((b) => b.toString(16).padStart(2, '0')).join('')),
    );
    await browser.call('POST', '/passkeys', { registration: device.register(challenge) });
  }
});

describe('passkeys come to an end', () => {
  type Device = ReturnType<typeof softwareAuthenticator>;
  /** A device registered after that letter's ceremony. */
  async function enrolled(it: Letter): Promise<Device> {
    const device = softwareAuthenticator(api.url);
    const options: any = await it.browser.call('POST', '/passkeys/options', {});
    const registration = device.register(options.creation.challenge);
    await it.browser.call('POST', '/passkeys', { registration });
    return device;
  }
  const enterBy = async (device: Device): Promise<Answer> => {
    const options = await post('/passkey-options', undefined);
    const passkey = device.assert(options.json.request.challenge);
    return post('/confirm', { passkey }, cookieOf(options));
  };
  const remove = (id: string, cookie: string): Promise<Answer> =>
    post(`/passkeys/${id}/removal`, undefined, cookie);
  const UNKNOWN = 'psk_00000000-0000-7000-8000-000000000000';

  test('its owner removes it: in force with the answer, wherever it was used; nobody else may', async () => {
    const it = await letter();
    const device = await enrolled(it);
    const byDevice = await enterBy(device);
    const { cookie, list } = await entered(it.subject);
    expect(list.passkeys).toEqual([
      {
        id: expect.stringMatching(/^psk_/),
        institution: tenant.name,
        letterNumber: list.authorizations[0].letterNumber,
        kind: 'device',
        registeredAt: expect.any(String),
        lastUsedAt: expect.any(String),
        removed: null,
        here: false,
      },
    ]);
    expect(byDevice.json.passkeys).toMatchObject([{ here: true }]);
    const { id } = list.passkeys[0];
    const stranger = await entered((await letter()).subject);
    expect(stranger.list.passkeys).toEqual([]);
    for (const [passkey, who] of [
      [id, stranger.cookie],
      [UNKNOWN, cookie],
    ] as const)
      expect(problem(await remove(passkey, who))).toEqual([404, 'not-found']);
    const [{ open }] = await api.query(
      'SELECT revoked_at IS NULL AS open FROM passkeys WHERE id = $1',
      [id],
    );
    expect(open).toBe(true);

    for (const answer of [await remove(id, cookie), await remove(id, cookie)])
      expect(answer.json.passkeys).toMatchObject([{ id, removed: { why: 'subject' } }]);
    expect(problem(await enterBy(device))).toEqual([403, 'passkey-revoked']);
    expect(problem(await get('', cookieOf(byDevice)))).toEqual([401, 'visit-invalid']);
    expect((await get('', cookie)).status).toBe(200);
    const entries = await until(async () => {
      const rows = await api.query(
        `SELECT entry::jsonb->>'kind' AS kind, entry::jsonb->>'credential' AS credential, leaf_index
         FROM ledger_queue WHERE dedupe IN ('credential:' || $1, 'credential-end:' || $1) ORDER BY id`,
        [id],
      );
      return rows.every(({ leaf_index }) => leaf_index !== null) && rows;
    });
    expect(entries.map(({ kind }) => kind)).toEqual(['credential', 'credential-end']);
    expect(entries[0].credential).toBe(entries[1].credential);
    const { json } = await get(`/${it.id}`, cookie);
    expect(json.timeline.map(({ type }: any) => type)).toContain('passkey-revoked');
  }, 90_000);

  test('who was vouched for removes no passkey and erases nothing, and learns of no other institution’s', async () => {
    const subject = newPerson();
    const here = await letter(subject);
    const elsewhere = await letter(subject, { of: other });
    const mine = await enrolled(here);
    await enrolled(elsewhere);
    const made = await api.call('POST', `/v1/authorizations/${here.id}/own-links`, {
      key: tenant.apiKey,
      body: { vouchedBy: 'staff-9', how: 'in-person' },
    });
    const opened = await post('/open', { token: new URL(made.json.url).hash.slice(1) });
    expect(opened.json.passkeys).toMatchObject([{ institution: tenant.name }]);
    const { json } = await get(`/${here.id}`, cookieOf(opened));
    // The service may open them at the same moment, for the bundle.
    expect(json.accesses).toContainEqual(
      expect.objectContaining({
        by: 'vouched',
        vouched: { institution: tenant.name, by: 's***-9', how: 'in-person' },
      }),
    );
    expect(json.may).toMatchObject({ withdraw: true, dispute: true, erase: false });
    const cookie = cookieOf(opened);
    expect(problem(await remove(opened.json.passkeys[0].id, cookie))).toEqual([403, 'forbidden']);
    expect(problem(await post(`/${here.id}/erasure`, undefined, cookie))).toEqual([
      403,
      'forbidden',
    ]);
    const rest = await enterBy(mine);
    expect(rest.json.passkeys.map(({ removed }: any) => removed)).toEqual([null, null]);
    const own = await get(`/${here.id}`, cookieOf(rest));
    expect(own.json).toMatchObject({ may: { erase: true }, withdrawal: null });
    // and whoever came in by the passkey may, also after the institution restricted it
    const proof = { kind: 'paper', ref: 'FILE-8' };
    const asInstitution = (path: string, body: unknown) =>
      api.call('POST', `/v1/authorizations/${here.id}/${path}`, {
        key: tenant.apiKey,
        headers: { 'idempotency-key': crypto.randomUUID() },
        body,
      });
    await asInstitution('withdrawals', { channel: 'app', proof });
    expect((await asInstitution('restriction', { proof })).status).toBe(200);
    expect((await get(`/${here.id}`, cookieOf(rest))).json.may.erase).toBe(true);
    expect((await post(`/${here.id}/erasure`, undefined, cookieOf(rest))).status).toBe(200);
    expect((await get(`/${here.id}`, cookieOf(rest))).json.may.erase).toBe(false);
    const rows = await api.query(
      'SELECT by, proof_kind, own FROM restrictions WHERE authorization_id = $1 ORDER BY at, own',
      [here.id],
    );
    expect(rows).toEqual([
      { by: 'subject', proof_kind: 'paper', own: false },
      { by: 'subject', proof_kind: 'own-passkey', own: true },
    ]);
  }, 90_000);

  test('an upheld dispute over the letter ends the passkey that was registered after it, an open or rejected one does not', async () => {
    const database = openDatabase(api.databaseUrl, 'desk', 1);
    const deps = {
      record: deskRecord(database),
      clock: { now: api.now },
      random: systemRandom,
    };
    // Whose word it takes is the desk's matter, and tested there.
    await api.query('ALTER TABLE holds DISABLE TRIGGER hold_voted');
    const resolved = async (authorizationId: string, outcome: 'upheld' | 'rejected') => {
      const [hold] = await api.record.holds(authorizationId);
      const about = { authorizationId, holdId: hold!.id, outcome };
      await proposeResolution(deps, { ...about, grounds: 'FILE-7', person: 'desk:li' });
      await approveResolution(deps, { ...about, person: 'desk:wang' });
    };
    try {
      const [it, kept] = [await letter(), await letter()];
      const [device, other] = [await enrolled(it), await enrolled(kept)];
      for (const { subject, id } of [it, kept]) {
        const { cookie } = await entered(subject);
        await post(`/${id}/dispute`, { reason: 'not-signed-by-me' }, cookie);
      }
      expect((await enterBy(device)).status).toBe(200);
      await resolved(kept.id, 'rejected');
      await resolved(it.id, 'upheld');
      await until(async () => {
        const [{ why }] = await api.query(
          'SELECT revoked_why AS why FROM passkeys WHERE authorization_id = $1',
          [it.id],
        );
        return why === 'dispute';
      });
      expect(problem(await enterBy(device))).toEqual([403, 'passkey-revoked']);
      expect((await enterBy(other)).status).toBe(200);
    } finally {
      await database.destroy();
    }
  }, 90_000);
});

test('numbers, names, codes and cookies stand in no log line, no header, and nowhere in clear in the record', async () => {
  const subject = { ...newPerson(), name: '欧阳独一无二' };
  const { id } = await letter(subject);
  const seen = (await ownMessages(subject.phone)).length;
  const { cookie } = await asked(subject);
  const code = await codeOf(subject.phone, seen);
  await post('/confirm', { code: wrong(code) }, cookie);
  const inside = await post('/confirm', { code }, cookie);
  const visit = cookieOf(inside).split('=')[1]!;
  const detail = await get(`/${id}`, cookieOf(inside));
  await post(`/${id}/dispute`, { reason: 'other' }, cookieOf(inside));
  const secrets = [subject.phone, subject.idNumber, subject.name, visit, cookie.split('=')[1]!];
  for (const secret of secrets)
    expect([secret, api.log().includes(secret)]).toEqual([secret, false]);
  expect(api.log()).not.toMatch(new RegExp(`\\D${code}\\D`));
  expect(JSON.stringify([...detail.headers])).not.toMatch(new RegExp(subject.phone));
  for (const table of ['subject_index', 'own_challenges', 'own_visits', 'own_links', 'limits']) {
    const rows = JSON.stringify(await api.query(`SELECT t::text FROM ${table} t`));
    for (const secret of [...secrets, code.length === 6 ? `"${code}"` : code])
      expect([table, rows.includes(secret)]).toEqual([table, false]);
  }
});

test('no other role reads or writes whose an authorization is, or who came in', async () => {
  for (const table of ['subject_index', 'own_challenges', 'own_visits', 'own_links'])
    for (const role of ['web', 'ca', 'tsa', 'seal', 'ledger', 'vault', 'worker', 'desk']) {
      const [{ may }] = await api.query(
        `SELECT bool_or(has_table_privilege($1, $2, p)) AS may
         FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p`,
        [`mandate_${role}`, table],
      );
      expect([table, role, may]).toEqual([table, role, false]);
    }
});
