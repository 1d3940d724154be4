import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rewritePng } from '@mandate/adapters';
import { kindDigestHex, sha256Hex } from '@mandate/core';
import { readBundle } from '@mandate/evidence';
import { verifyFile } from '@mandate/verify';
import { codeFromSandbox, presentationOf, subjectClient } from '../../kit/ceremony-client.mjs';
import { until } from '../../kit/until.js';
import { choiceTemplate, OPTIONAL_ITEM, THIRD_PARTY } from '../../kit/choice-template.js';
import {
  authorizationBody,
  person,
  startApi,
  templateBody,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';
import { prepare } from './ceremony.js';

/** What the subject is shown, chooses and says, over HTTP. */
let api: ApiInstance;
let tenant: Tenant;

beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  const { policy } = templateBody();
  const bodies = [
    templateBody(),
    {
      ...choiceTemplate,
      name: 'choices',
      policy: { ...policy, voice: true, pause: { fromAge: 30, minutes: 5 } },
    },
    { ...choiceTemplate, name: 'voice', policy: { ...policy, voice: true } },
    { ...templateBody('pressed'), policy: { ...policy, pause: { fromAge: null, minutes: 5 } } },
  ];
  for (const body of bodies) {
    const { status } = await api.publish({
      key: tenant.apiKey,
      headers: { 'idempotency-key': `template-${body.name}` },
      body,
    });
    expect(status).toBe(201);
  }
}, 60_000);
afterAll(() => api?.stop());

const step = (cookie: string, path: string, body: unknown) =>
  api.call('POST', `/v1/signing${path}`, {
    cookie,
    headers: { 'x-requested-with': 'mandate' },
    body,
  });

test('the view has everything the page shows, the letter as text included', async () => {
  const { view } = await prepare(api, tenant, 'identified', 'voice');
  expect(view).toMatchObject({ title: '个人信用报告查询授权书', voice: true });
  expect(view.items.filter((item: any) => !item.necessary).map((item: any) => item.code)).toEqual([
    OPTIONAL_ITEM,
  ]);
  expect(view.recipients).toEqual([
    expect.objectContaining({ creditCode: THIRD_PARTY, thirdParty: true }),
  ]);
  const letter = JSON.stringify(view.letterSections);
  expect(letter).toContain('示例担保有限公司');
  expect(letter).toContain(view.letterNumber);
  expect(view).not.toHaveProperty('choices');
  expect(view).not.toHaveProperty('pauseUntil');
});

test('before the gate nothing of it is told', async () => {
  const { view } = await prepare(api, tenant, 'opened', 'voice');
  expect(Object.keys(view).sort()).toEqual(
    ['authorization', 'institution', 'language', 'state', 'step', 'visit'].sort(),
  );
});

test('a pause is told, and asking for a code before its end is refused with the time left', async () => {
  const { view, cookie } = await prepare(api, tenant, 'presented', 'choices');
  const until = Date.parse(view.pauseUntil) - api.now().getTime();
  expect(until).toBeGreaterThan(4 * 60_000);
  expect(until).toBeLessThanOrEqual(5 * 60_000);
  const refused = await step(cookie, '/challenge', {});
  expect(refused.json).toMatchObject({ code: 'pause-running', status: 409 });
  expect(refused.json.retryAfterSeconds).toBeGreaterThan(4 * 60);
});

test('accepted by choice, code by voice, changed before the confirmation, signed, proven', async () => {
  const { view, cookie, subject } = await prepare(api, tenant, 'identified', 'voice');
  const choose = (choices: object) =>
    step(cookie, '/presentation', presentationOf(view, { choices }));
  const first = await choose({ items: [OPTIONAL_ITEM], recipients: [THIRD_PARTY] });
  expect(first.json.choices).toEqual({ items: [OPTIONAL_ITEM], recipients: [THIRD_PARTY] });
  const called = await step(cookie, '/challenge', { channel: 'voice' });
  const { challenge } = called.json;
  expect(challenge.channel).toBe('voice');
  const call = await codeFromSandbox(api.url, subject.phone, challenge.checkCode);
  expect(call.text).toMatch(/^voice call: (?:\d, ){5}\d/);

  const changed = await choose({ items: [OPTIONAL_ITEM], recipients: [] });
  expect(changed.json).toMatchObject({ state: 'presented', step: 'code' });
  expect(changed.json).not.toHaveProperty('challenge');
  const late = { code: call.code, publicKey: 'AAAA', proof: 'AAAA' };
  expect((await step(cookie, '/confirmation', late)).json.code).toBe('challenge-missing');
}, 30_000);

test('what another browser read and chose is read and chosen here first, also when nothing optional was accepted', async () => {
  const { link, view, cookie, subject } = await prepare(api, tenant, 'identified', 'voice');
  // Somebody with the link and the ID number ticks everything before the subject comes.
  const choices = { items: [OPTIONAL_ITEM], recipients: [THIRD_PARTY] };
  const choose = (of: string, made: object) =>
    step(of, '/presentation', presentationOf(view, { choices: made }));
  expect((await choose(cookie, choices)).json).toMatchObject({ step: 'code', choices });
  const own = subjectClient(api.url, { now: api.now });
  await own.open(link);
  const seen = await own.identify(subject.idNumber.slice(-6));
  expect(seen).toMatchObject({ step: 'read', state: 'presented' });
  expect(seen).not.toHaveProperty('choices');
  await expect(own.challenge()).rejects.toMatchObject({ code: 'step-out-of-order' });
  // The same choices, made here, count; and the other browser has lost its say.
  expect((await choose(own.cookie(), choices)).json).toMatchObject({ step: 'code', choices });
  expect((await own.challenge()).challenge.withCode).toBe(true);
  expect((await step(cookie, '/challenge', {})).json.code).toBe('step-out-of-order');

  expect((await choose(cookie, { items: [], recipients: [] })).json.step).toBe('code');
  expect(await own.view()).toMatchObject({ step: 'read', state: 'presented' });

  // The page is closed and the link tapped again: this browser read it, so it goes on.
  expect((await choose(own.cookie(), choices)).json.step).toBe('code');
  const before = own.cookie();
  expect((await own.open(link)).step).toBe('gate');
  expect(own.cookie()).not.toBe(before);
  expect(await own.identify(subject.idNumber.slice(-6))).toMatchObject({ step: 'code', choices });
}, 30_000);

test('what was chosen stands in the bundle, and the verifier tells it', async () => {
  const count = 901;
  const subject = person(count);
  const requested = await api.call('POST', '/v1/authorizations', {
    key: tenant.apiKey,
    headers: { 'idempotency-key': 'presentation-bundle' },
    body: authorizationBody(api, count, 'voice'),
  });
  const browser = subjectClient(api.url, { now: api.now });
  let view = await browser.enter(requested.json.letterNumber, subject.idNumber.slice(-6));
  const build = buildOnDisk();
  view = await browser.read(view, {
    choices: { items: [OPTIONAL_ITEM], recipients: [] },
    pageBuild: build?.digest ?? null,
  });
  view = await browser.challenge('voice');
  const { code } = await codeFromSandbox(api.url, subject.phone, view.challenge.checkCode);
  view = await browser.confirm(view, code);
  view = await browser.complete(await browser.sign(view));
  for (let round = 0; view.step !== 'done' && round < 100; round++) {
    await new Promise((done) => setTimeout(done, 100));
    view = await browser.view();
  }
  const response = await fetch(`${api.url}/v1/authorizations/${requested.json.id}/bundle`, {
    headers: { authorization: `Bearer ${tenant.apiKey}` },
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(readBundle(bytes).parts.has('authorization/presentation.json')).toBe(true);
  const anchors = await api.anchors();
  const { verdict, facts } = verifyFile(bytes, { anchors, at: api.now() });
  expect(verdict.indication).toBe('TOTAL-PASSED');
  expect(facts.authorization).toMatchObject({
    code: { channel: 'voice' },
    choices: {
      accepted: { items: [expect.stringContaining('查询记录')], recipients: [] },
      refused: { items: [], recipients: ['示例担保有限公司'] },
    },
  });
  if (build) expect(facts.authorization?.pageBuild).toBe(build.digest);
}, 60_000);

/** Null where the pages were not built. */
function buildOnDisk() {
  const folder = new URL('../../../services/web/dist/assets/', import.meta.url).pathname;
  try {
    const list = JSON.parse(readFileSync(join(folder, 'build.json'), 'utf8'));
    return { folder, list, digest: kindDigestHex('page-build', list) };
  } catch {
    return null;
  }
}

test('the page build is published with its files and stands in the ledger', async () => {
  const build = buildOnDisk();
  const { status, json } = await api.call('GET', '/page-build.json');
  if (!build) return expect(status).toBe(404);
  expect(json).toEqual(build.list);
  for (const { path, digest } of json.files)
    expect(sha256Hex(new Uint8Array(readFileSync(join(build.folder, path))))).toBe(digest);
  const entries = await api.query(
    `SELECT entry FROM ledger_entries WHERE entry LIKE '%"kind":"deploy"%'`,
  );
  const pages = entries
    .map(({ entry }) => JSON.parse(entry))
    .filter(({ component }) => component === 'page');
  expect(pages.map(({ digest }) => digest)).toEqual([build.digest]);
  expect((await api.call('GET', '/s')).text).toContain(`content="${build.digest}"`);
});

describe('a logo', () => {
  const LOGO = rewritePng(
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
    { maxBytes: 1000, maxSide: 10 },
  );
  const digest = sha256Hex(LOGO.image);
  const set = (institutionId: string) =>
    api.administration.setLogo({ ...LOGO, institutionId, digest, at: api.now() });
  const show = async (path: string) => {
    const response = await fetch(api.url + path);
    return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
  };

  test('is served as what it is and nothing else, as long as it is set', async () => {
    const other = await api.tenant();
    expect((await show(`/logos/${digest}.png`)).response.status).toBe(404);
    await set(other.id);
    const { response, bytes } = await show(`/logos/${digest}.png`);
    expect(response.status).toBe(200);
    expect(sha256Hex(bytes)).toBe(digest);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    });
    for (const path of [
      '/logos/',
      `/logos/${digest}`,
      `/logos/${digest.toUpperCase()}.png`,
      `/logos/..%2f${digest}.png`,
    ])
      expect((await show(path)).response.status).toBe(404);
    expect(await api.administration.removeLogo(other.id, api.now())).toBe(true);
    expect((await show(`/logos/${digest}.png`)).response.status).toBe(404);
  });

  test('stands in the view before and after the gate; one that takes its place at once', async () => {
    const other = await api.tenant();
    const headers = { 'idempotency-key': 'logo-template' };
    await api.publish({ key: other.apiKey, headers, body: templateBody() });
    await set(other.id);
    const it = await prepare(api, other, 'identified');
    const logo = { digest, width: 1, height: 1 };
    expect(it.view.institution.logo).toEqual(logo);
    const opened = await step('', '/open', { token: it.token });
    expect(opened.json.institution.logo).toEqual(logo);
    const shown = await step(it.cookie, '/presentation', presentationOf(it.view, { logo: digest }));
    expect(shown.json.step).toBe('code');
    // Another takes its place: the former stays in the table and is shown nowhere.
    const next = { ...LOGO, image: new Uint8Array([...LOGO.image, 0]), digest: 'f'.repeat(64) };
    await api.administration.setLogo({ ...next, institutionId: other.id, at: api.now() });
    const kept = await api.query(
      'SELECT digest, removed_at IS NULL AS live FROM institution_logos WHERE institution_id = $1 ORDER BY digest',
      [other.id],
    );
    expect(kept).toEqual(
      [
        { digest, live: false },
        { digest: next.digest, live: true },
      ].sort((a, b) => (a.digest < b.digest ? -1 : 1)),
    );
    const view = await api.call('GET', '/v1/signing', { cookie: it.cookie });
    expect(view.json.institution.logo.digest).toBe(next.digest);
    const strange = { institutionId: 'ins_nobody', digest, ...LOGO, at: api.now() };
    await expect(api.administration.setLogo(strange)).rejects.toMatchObject({ code: 'not-found' });
  }, 30_000);
});

describe('without a link', () => {
  const enter = (letterNumber: string, lastSix: string) =>
    step('', '/enter', { letterNumber, lastSix });

  test('number and characters open a visit that goes on like any other', async () => {
    const it = await prepare(api, tenant, 'presented');
    const { json } = await api.call('GET', `/v1/authorizations/${it.id}`, { key: tenant.apiKey });
    const entered = await enter(json.letterNumber, it.subject.idNumber.slice(-6));
    expect(entered.json).toMatchObject({ authorization: it.id, step: 'read', state: 'presented' });
    const body = { letterNumber: json.letterNumber, lastSix: it.subject.idNumber.slice(-6) };
    expect((await step(it.cookie, '/enter', body)).json.step).toBe('code');
    const cookie = entered.headers.get('set-cookie')!;
    expect(cookie).toMatch(/HttpOnly; .*SameSite=Strict/);
    const view = await api.call('GET', '/v1/signing', { cookie: cookie.split(';')[0]! });
    expect(view.json.visit).toBe(entered.json.visit);
  });

  test('wrong characters and a number nobody has: one answer, in the same time, no cookie', async () => {
    const it = await prepare(api, tenant, 'opened');
    const { json } = await api.call('GET', `/v1/authorizations/${it.id}`, { key: tenant.apiKey });
    const answers = [];
    for (const number of [json.letterNumber, 'M20260101-ABCDEFGH']) {
      const since = performance.now();
      const answer = await enter(number, '99999X');
      expect(performance.now() - since).toBeGreaterThan(390);
      expect(answer.headers.get('set-cookie')).toBeNull();
      const { instance: _, ...problem } = answer.json;
      answers.push(problem);
    }
    expect(answers[0]).toMatchObject({ code: 'gate-mismatch', status: 403 });
    expect(answers[1]).toEqual(answers[0]);
  });

  test('a signed letter is as unknown as none, and its copy stays with who signed', async () => {
    const it = await prepare(api, tenant, 'issued');
    const { json } = await api.call('GET', `/v1/authorizations/${it.id}`, { key: tenant.apiKey });
    const lastSix = it.subject.idNumber.slice(-6);
    const early = (await enter(json.letterNumber, lastSix)).headers.get('set-cookie')!;
    const onlooker = early.split(';')[0]!;
    expect((await api.call('GET', '/v1/signing', { cookie: onlooker })).status).toBe(200);
    const signature = { signature: it.signature };
    await step(it.cookie, `/attempts/${it.attemptId}/signature`, signature);
    const released = `SELECT 1 FROM authorizations WHERE id = $1 AND state = 'released'`;
    await until(async () => (await api.query(released, [it.id]))[0]);
    const unknown = (await enter('M20260101-CCCCCCCC', lastSix)).json;
    const known = (await enter(json.letterNumber, lastSix)).json;
    expect(unknown.code).toBe('gate-mismatch');
    expect({ ...known, instance: '' }).toEqual({ ...unknown, instance: '' });
    for (const path of ['', '/letter', '/copy']) {
      const { status } = await api.call('GET', `/v1/signing${path}`, { cookie: onlooker });
      expect(status).toBe(401);
      const own = await api.call('GET', `/v1/signing${path}`, { cookie: it.cookie });
      expect(own.status).toBe(200);
    }
  }, 30_000);

  test('another site’s page cannot try', async () => {
    const body = { letterNumber: 'M20260101-ABCDEFGH', lastSix: '000000' };
    expect((await api.call('POST', '/v1/signing/enter', { body })).json.code).toBe('forbidden');
  });
});

describe('"someone is telling me to do this"', () => {
  test('the institution learns that signing stopped, and nowhere why', async () => {
    const pressed = await prepare(api, tenant, 'challenged');
    const refused = await prepare(api, tenant, 'challenged');
    await step(pressed.cookie, '/decline', { reason: 'someone-is-telling-me' });
    await step(refused.cookie, '/decline', { reason: 'refused' });
    const seen = await Promise.all(
      [pressed, refused].map(async ({ id, link }) => {
        const get = async (path: string) =>
          (await api.call('GET', `/v1/authorizations/${id}${path}`, { key: tenant.apiKey })).text;
        // whoever made the link can open it too
        const opened = await step('', '/open', { token: link.split('#')[1] });
        const made = await api.call('POST', `/v1/authorizations/${id}/signing-links`, {
          key: tenant.apiKey,
        });
        const bundle = await get('/bundle');
        return [await get(''), bundle, opened.text, made.text]
          .join('\n')
          .replaceAll(
            /[a-z]{3}_[0-9a-f-]{36}|M\d{8}-\w{8}|REF-\d+|[0-9a-f]{64}|"checkCode":"[^"]*"/g,
            '*',
          )
          .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '*');
      }),
    );
    expect(seen[0]).toContain('declined');
    expect(seen[0]).not.toContain('someone');
    expect(seen[0]).toBe(seen[1]);
  });

  test('the next letter of the same person waits, though no age makes it wait', async () => {
    const signer = async (
      count: number,
      key: string,
      { at = tenant, phone = person(count).phone } = {},
    ) => {
      const { json } = await api.call('POST', '/v1/authorizations', {
        key: at.apiKey,
        headers: { 'idempotency-key': key },
        body: {
          ...authorizationBody(api, count, 'pressed'),
          subject: { ...person(count), phone },
        },
      });
      const browser = subjectClient(api.url, { now: api.now });
      const view = await browser.enter(json.letterNumber, person(count).idNumber.slice(-6));
      await browser.read(view);
      return { browser, letterNumber: json.letterNumber as string };
    };
    const asking = ({ browser }: Awaited<ReturnType<typeof signer>>) =>
      browser.challenge().then(
        () => 'ok',
        (refused: { code?: string }) => refused.code,
      );
    const pressed = await signer(902, 'pressed-first');
    expect(await asking(pressed)).toBe('ok');
    await pressed.browser.decline('someone-is-telling-me');
    // the tests before have left pauses of other people
    const noted = `SELECT 1 FROM pauses JOIN authorizations a ON a.id = authorization_id
      WHERE a.letter_number = $1`;
    await until(async () => (await api.query(noted, [pressed.letterNumber]))[0]);
    expect(await asking(await signer(902, 'pressed-again'))).toBe('pause-running');
    expect(await asking(await signer(903, 'somebody-else'))).toBe('ok');

    // Where it was said, by any number; elsewhere by that number alone: a letter in somebody's name proves nothing.
    const other = await api.tenant();
    const { policy } = templateBody();
    await api.publish({
      key: other.apiKey,
      headers: { 'idempotency-key': 'template-pressed' },
      body: {
        ...templateBody('pressed'),
        policy: { ...policy, pause: { fromAge: null, minutes: 5 } },
      },
    });
    const { phone } = person(904);
    for (const [answer, of] of [
      ['pause-running', { phone }],
      ['pause-running', { at: other }],
      ['ok', { at: other, phone }],
    ] as const)
      expect(await asking(await signer(902, `pressed-${answer}-${Object.keys(of)}`, of))).toBe(
        answer,
      );
  }, 30_000);
});
