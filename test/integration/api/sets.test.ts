import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  checkCode,
  fromHex,
  setChallengeDigest,
  setLettersDigest,
  toBase64Url,
} from '@mandate/core';
import { PART, readBundle } from '@mandate/evidence';
import { verifyFile } from '@mandate/verify';
import { codeFromSandbox, subjectClient } from '../../kit/ceremony-client.mjs';
import { choiceTemplate, OPTIONAL_ITEM } from '../../kit/choice-template.js';
import { softwareAuthenticator } from '../../kit/software-authenticator.js';
import {
  authorizationBody,
  person,
  startApi,
  templateBody,
  type ApiInstance,
  type Tenant,
} from './api-instance.js';

/** Signing sets over HTTP: several letters in one sitting, each decided by itself, one code. */
let api: ApiInstance;
let tenant: Tenant;
let count = 400;

beforeAll(async () => {
  api = await startApi();
  tenant = await api.tenant();
  const policies = {
    'for-tests': {},
    trusting: { gate: 'institution' },
    strong: { measures: ['sms-code', 'passkey'] },
    'with-choices': {},
  };
  for (const [name, policy] of Object.entries(policies)) {
    const { items, recipients } = name === 'with-choices' ? choiceTemplate : templateBody(name);
    const body = { ...templateBody(name), items, recipients };
    const { status } = await api.publish({
      key: tenant.apiKey,
      headers: { 'idempotency-key': `template-${name}` },
      body: { ...body, policy: { ...body.policy, ...policy } },
    });
    expect(status).toBe(201);
  }
}, 60_000);
afterAll(() => api?.stop());

type Changes = Readonly<Record<string, unknown>>;
/** Bodies of one set: `letters` change one request each. */
const bodyOf = (letters: readonly Changes[], subject = person(++count)) => ({
  subject,
  authorizations: letters.map((changes, i) => ({
    ...authorizationBody(api, count),
    businessReference: `SET-${count}-${i + 1}`,
    subject,
    ...changes,
  })),
});

const post = (path: string, body?: unknown, key: string = crypto.randomUUID(), of = tenant) =>
  api.call('POST', path, {
    key: of.apiKey,
    headers: { 'idempotency-key': key },
    ...(body === undefined ? {} : { body }),
  });

/** A set for somebody new, and their browser at the first letter. */
async function atTheFirst(letters: readonly Changes[]) {
  const { subject, authorizations } = bodyOf(letters);
  const made = await post('/v1/signing-sets', { authorizations });
  if (made.status !== 201) throw new Error(made.text);
  const ids: string[] = made.json.authorizations.map(({ id }: { id: string }) => id);
  const { json } = await post(`/v1/signing-sets/${made.json.id}/signing-links`);
  const link: string = json.url;
  const browser = subjectClient(api.url, { now: api.now });
  await browser.open(link);
  const view = await browser.identify(subject.idNumber.slice(-6));
  const call = (method: string, path: string, body?: unknown): Promise<any> =>
    browser.call(method, path, body).catch((problem: unknown) => problem);
  const messageFor = async (at: any): Promise<{ text: string; code: string }> =>
    codeFromSandbox(
      api.url,
      subject.phone,
      at.challenge.checkCode,
      10_000,
      at.challenge.challengeId,
    );
  return { id: made.json.id as string, ids, subject, link, browser, view, call, messageFor };
}

const stateOf = async (id: string): Promise<string> =>
  (await api.call('GET', `/v1/authorizations/${id}`, { key: tenant.apiKey })).json.state;
const choicesOf = (view: any): string[] => view.set.letters.map(({ choice }: any) => choice);

async function untilDone(browser: { view(): Promise<any> }, first: any): Promise<any> {
  let view = first;
  for (let round = 0; view.step === 'wait' && round < 100; round++) {
    await new Promise((done) => setTimeout(done, 100));
    view = await browser.view();
  }
  return view;
}

const verdictOf = async (id: string) => {
  const bundle = await fetch(`${api.url}/v1/authorizations/${id}/bundle`, {
    headers: { authorization: `Bearer ${tenant.apiKey}` },
  });
  const bytes = new Uint8Array(await bundle.arrayBuffer());
  return { bytes, ...verifyFile(bytes, { anchors: await api.anchors(), at: api.now() } as never) };
};

describe('the request', () => {
  test('two to five, or none', async () => {
    for (const size of [0, 1, 6]) {
      const { authorizations } = bodyOf(Array.from({ length: size }, () => ({})));
      const { status, json } = await post('/v1/signing-sets', { authorizations });
      expect({ size, status, code: json.code }).toEqual({
        size,
        status: 400,
        code: 'invalid-request',
      });
    }
    const { authorizations } = bodyOf([{}, {}, {}, {}, { optional: true }]);
    const { status, json } = await post('/v1/signing-sets', { authorizations });
    expect(status).toBe(201);
    expect(json.authorizations.map(({ optional }: any) => optional)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ]);
    const read = await api.call('GET', `/v1/signing-sets/${json.id}`, { key: tenant.apiKey });
    expect(read.json).toEqual(json);
  }, 30_000);

  test.each([
    ['another name', { subject: { ...person(401), name: '李四' } }],
    ['another number', { subject: { ...person(401), phone: '13900000000' } }],
    ['another ID number', { subject: { ...person(402), phone: person(401).phone } }],
    ['another language', { language: 'en' }],
  ])('%s in one of them is refused, and none is made', async (_name, change) => {
    const before = await api.query('SELECT count(*) AS n FROM authorizations');
    const { authorizations } = bodyOf([{}, change], person(401));
    const { status, json } = await post('/v1/signing-sets', { authorizations });
    expect({ status, code: json.code }).toEqual({ status: 400, code: 'invalid-request' });
    expect(json.detail).toContain('authorizations.1');
    expect(await api.query('SELECT count(*) AS n FROM authorizations')).toEqual(before);
  });

  test('one letter that cannot be made leaves none behind', async () => {
    const before = await api.query('SELECT count(*) AS n FROM authorizations');
    const { authorizations } = bodyOf([{}, { template: 'unknown' }]);
    const { status, json } = await post('/v1/signing-sets', { authorizations });
    expect({ status, code: json.code }).toEqual({ status: 422, code: 'template-unknown' });
    expect(await api.query('SELECT count(*) AS n FROM authorizations')).toEqual(before);
  });

  test('the same key and body answer the same set, at once as well; another body is refused', async () => {
    const { authorizations } = bodyOf([{}, {}]);
    const first = await post('/v1/signing-sets', { authorizations }, 'a-set-once-only');
    const again = await post('/v1/signing-sets', { authorizations }, 'a-set-once-only');
    expect([first.status, again.text]).toEqual([201, first.text]);
    const changed = bodyOf([{}, {}]);
    const other = await post(
      '/v1/signing-sets',
      { authorizations: changed.authorizations },
      'a-set-once-only',
    );
    expect(other.json.code).toBe('idempotency-key-reused');
    const both = bodyOf([{}, {}]);
    const answers = await Promise.all(
      [1, 2].map(() =>
        post('/v1/signing-sets', { authorizations: both.authorizations }, 'a-set-at-once'),
      ),
    );
    const sets = await api.query(
      `SELECT count(DISTINCT set_id) AS n FROM set_members m JOIN authorizations a ON a.id = m.authorization_id
       WHERE a.business_reference = $1`,
      [both.authorizations[0]!.businessReference],
    );
    expect(Number(sets[0].n)).toBe(1);
    expect(answers.map(({ status }) => status)).toContain(201);
  });
});

describe('the sitting', () => {
  test('three letters, one refused, one code, two signatures, each with evidence of its own', async () => {
    const { ids, subject, browser, view, messageFor } = await atTheFirst([
      {},
      {},
      { optional: true },
    ]);
    expect(view).toMatchObject({ step: 'read', authorization: ids[0], set: { position: 1 } });
    expect(choicesOf(view)).toEqual(['open', 'open', 'open']);
    let now = await browser.accept(view);
    expect(now).toMatchObject({ step: 'read', authorization: ids[1], set: { position: 2 } });
    now = await browser.accept(now);
    expect(now.set.letters[2]).toMatchObject({ optional: true, choice: 'open' });
    now = await browser.refuse(now);
    expect(now.step).toBe('code');
    expect(choicesOf(now)).toEqual(['accepted', 'accepted', 'refused']);
    // until the code is asked for it is not for good
    expect(await stateOf(ids[2]!)).toBe('requested');

    now = await browser.challenge();
    expect(await Promise.all(ids.map(stateOf))).toEqual(['challenged', 'challenged', 'declined']);
    const digests = now.set.letters.flatMap(({ challenge }: any) => challenge ?? []);
    expect(digests).toHaveLength(2);
    expect(now.challenge.challengeDigest).toBe(
      setChallengeDigest(digests.map(({ challengeDigest }: any) => challengeDigest)),
    );
    const ofTheSet = checkCode(
      setLettersDigest(digests.map(({ letterDigest }: any) => letterDigest)),
    );
    expect(now.challenge.checkCode).toBe(ofTheSet);
    const { text, code } = await messageFor(now);
    expect(text).toContain('2份授权书');
    expect(text).toContain(ofTheSet);
    expect(text.length).toBeLessThanOrEqual(134);

    now = await browser.confirmSet(now, code);
    expect(now.step).toBe('sign');
    expect(await Promise.all(ids.map(stateOf))).toEqual(['confirmed', 'confirmed', 'declined']);
    now = await untilDone(browser, await browser.signSet(now));
    expect(now.step).toBe('done');
    expect(await Promise.all(ids.map(stateOf))).toEqual(['released', 'released', 'declined']);

    const serials = new Set<string>();
    for (const [i, id] of ids.slice(0, 2).entries()) {
      const { bytes, verdict, facts, findings } = await verdictOf(id);
      expect(findings.filter(({ status }) => status === 'failed')).toEqual([]);
      expect(verdict).toEqual({ indication: 'TOTAL-PASSED' });
      expect(facts.authorization).toMatchObject({
        id,
        set: { position: i + 1, checkCode: ofTheSet },
      });
      expect(facts.authorization!.set!.letters).toEqual(
        digests.map(({ letterDigest }: any) => letterDigest),
      );
      serials.add(facts.certificate!.serial);
      const part = readBundle(bytes).parts.get(PART.codeRecord);
      const record = JSON.parse(new TextDecoder().decode(part));
      expect(record.setChallenges).toEqual(
        digests.map(({ challengeDigest }: any) => challengeDigest),
      );
      expect(record.challenge).toBe(setChallengeDigest(record.setChallenges));
      expect(record.tries).toBe(1);
    }
    expect(serials.size).toBe(2);
    // the subject's copy of each, and of nothing else
    for (const id of ids.slice(0, 2))
      expect(new TextDecoder().decode((await browser.copy(id)).slice(0, 5))).toBe('%PDF-');
    await expect(browser.copy(ids[2])).rejects.toMatchObject({ code: 'illegal-transition' });
    const stranger = await atTheFirst([{}, {}]);
    await expect(stranger.browser.copy(ids[0])).rejects.toMatchObject({ code: 'not-found' });
    expect(subject.phone).toMatch(/^138/);
  }, 60_000);

  test('a letter decided is opened again and decided anew, until the code is asked for', async () => {
    const { ids, browser, view } = await atTheFirst([{}, {}]);
    let now = await browser.refuse(view);
    expect(now).toMatchObject({ step: 'read', authorization: ids[1] });
    now = await browser.accept(now);
    expect(now).toMatchObject({ step: 'code', measures: ['sms-code'] });
    const again = await browser.again(ids[0]!);
    expect(again).toMatchObject({ step: 'read', authorization: ids[0], set: { position: 1 } });
    now = await browser.accept(again);
    expect(choicesOf(now)).toEqual(['accepted', 'accepted']);
    now = await browser.refuse(await browser.again(ids[1]!));
    expect([now.step, ...choicesOf(now)]).toEqual(['code', 'accepted', 'refused']);
    now = await browser.challenge();
    expect(await Promise.all(ids.map(stateOf))).toEqual(['challenged', 'declined']);
    // asked for: what was refused is refused
    now = await browser.again(ids[1]!);
    expect(now).toMatchObject({ step: 'code', authorization: ids[0] });
    expect(now.set.letters[1].state).toBe('declined');
  }, 30_000);

  test('all refused: ended, and nothing else is told', async () => {
    const { ids, browser, view, call } = await atTheFirst([{}, {}]);
    const now = await browser.refuse(await browser.refuse(view));
    expect(now).toMatchObject({ step: 'ended', end: 'declined' });
    expect(await Promise.all(ids.map(stateOf))).toEqual(['declined', 'declined']);
    expect(await call('POST', '/challenge', {})).toMatchObject({ code: 'step-out-of-order' });
  }, 30_000);

  test('no code while a letter is undecided', async () => {
    const { ids, browser, view, call } = await atTheFirst([{}, {}]);
    await browser.accept(view);
    expect(await call('POST', '/challenge', {})).toMatchObject({ code: 'step-out-of-order' });
    expect(await Promise.all(ids.map(stateOf))).toEqual(['presented', 'requested']);
  }, 30_000);

  test('refused after the code was asked for: that one is over, the code is dead for all', async () => {
    const { ids, browser, view, call, messageFor } = await atTheFirst([{}, {}]);
    const asked = await (async () => {
      await browser.accept(await browser.accept(view));
      return browser.challenge();
    })();
    const { code } = await messageFor(asked);
    const letter = await browser.again(ids[1]!);
    const now = await browser.refuse(letter);
    expect(now.step).toBe('code');
    expect(now.challenge).toBeUndefined();
    expect(await Promise.all(ids.map(stateOf))).toEqual(['challenged', 'declined']);
    const keys = await browser.keysFor(asked);
    for (const given of [keys, keys.slice(0, 1)])
      expect(await call('POST', '/confirmation', { code, keys: given })).toMatchObject({
        code: 'challenge-dead',
      });
  }, 30_000);

  test('"someone is telling me" stops all letters, and the code', async () => {
    const { ids, browser, view, call, messageFor } = await atTheFirst([{}, {}]);
    await browser.accept(await browser.accept(view));
    const asked = await browser.challenge();
    const { code } = await messageFor(asked);
    const now = await browser.decline('someone-is-telling-me');
    expect(now).toMatchObject({ step: 'ended', end: 'declined' });
    expect(await Promise.all(ids.map(stateOf))).toEqual(['declined', 'declined']);
    const keys = await browser.keysFor(asked);
    expect(await call('POST', '/confirmation', { code, keys })).toMatchObject({
      code: 'challenge-missing',
    });
  }, 30_000);
});

describe('the one code', () => {
  /** Both letters accepted and the code sent. */
  const asked = async (letters: readonly Changes[] = [{}, {}]) => {
    const at = await atTheFirst(letters);
    let now = at.view;
    for (const _ of letters) now = await at.browser.accept(now);
    now = await at.browser.challenge();
    const { code } = await at.messageFor(now);
    return { ...at, now, code };
  };

  test('one letter shown again with other choices: the code is dead for all', async () => {
    const { ids, browser, now, code, call } = await asked([{}, { template: 'with-choices' }]);
    const letter = await browser.again(ids[1]!);
    expect(letter).toMatchObject({ step: 'read', choices: { items: [], recipients: [] } });
    const live = async (): Promise<number> => {
      const rows = await api.query(
        'SELECT count(*) AS n FROM challenges WHERE dead_at IS NULL AND authorization_id = ANY($1)',
        [ids],
      );
      return Number(rows[0].n);
    };
    // the same choices change nothing
    expect((await browser.accept(letter)).challenge.challengeId).toBe(now.challenge.challengeId);
    expect(await live()).toBe(2);
    const changed = await browser.accept(letter, {
      choices: { items: [OPTIONAL_ITEM], recipients: [] },
    });
    expect(changed.step).toBe('code');
    expect(changed.challenge).toBeUndefined();
    expect(await live()).toBe(0);
    const keys = await browser.keysFor(now);
    expect(await call('POST', '/confirmation', { code, keys })).toMatchObject({
      code: 'challenge-dead',
    });
    expect(await Promise.all(ids.map(stateOf))).toEqual(['challenged', 'presented']);
  }, 30_000);

  test('parallel wrong codes: five are counted, the sixth and the right one find it dead', async () => {
    const { browser, now, code, call } = await asked();
    const keys = await browser.keysFor(now);
    const wrong = code === '000000' ? '000001' : '000000';
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => call('POST', '/confirmation', { code: wrong, keys })),
    );
    const told = answers.map((answer) => answer.code);
    expect(told.filter((each) => each === 'code-wrong')).toHaveLength(4);
    expect(told.filter((each) => each === 'code-tries-exhausted').length).toBeGreaterThanOrEqual(1);
    expect(await call('POST', '/confirmation', { code, keys })).toMatchObject({
      code: 'code-tries-exhausted',
    });
    const tries = await api.query(
      'SELECT max(tries) AS most, sum(tries) AS sum FROM challenges WHERE digest = ANY($1)',
      [now.set.letters.map(({ challenge }: any) => challenge.challengeDigest)],
    );
    expect(tries.map(({ most, sum }) => [Number(most), Number(sum)])).toEqual([[5, 5]]);
  }, 30_000);

  test.each([
    ['none', (keys: any[]) => keys.slice(0, 0)],
    ['one too few', (keys: any[]) => keys.slice(0, 1)],
    ['the same twice', (keys: any[]) => [keys[0], keys[0]]],
    ['one too many', (keys: any[]) => [...keys, keys[0]]],
  ])(
    'keys: %s',
    async (_name, change) => {
      const { ids, browser, now, code, call } = await asked();
      const keys = change(await browser.keysFor(now));
      expect(await call('POST', '/confirmation', { code, keys })).toMatchObject({
        code: 'invalid-request',
      });
      expect(await Promise.all(ids.map(stateOf))).toEqual(['challenged', 'challenged']);
    },
    30_000,
  );

  test('a key proven for the other letter: none is confirmed', async () => {
    const { ids, browser, now, code, call } = await asked();
    const [a, b]: any[] = await browser.keysFor(now);
    const keys = [a, { ...b, proof: a.proof }];
    expect(await call('POST', '/confirmation', { code, keys })).toMatchObject({
      code: 'proof-of-possession-invalid',
    });
    const crossed = [
      { ...a, authorization: b.authorization },
      { ...b, authorization: a.authorization },
    ];
    expect(await call('POST', '/confirmation', { code, keys: crossed })).toMatchObject({
      code: 'proof-of-possession-invalid',
    });
    expect(await Promise.all(ids.map(stateOf))).toEqual(['challenged', 'challenged']);
    // a wrong proof is a try, not the end
    expect(await browser.confirmSet(now, code)).toMatchObject({ step: 'sign' });
  }, 30_000);

  test('the same code twice at once confirms once', async () => {
    const { browser, now, code, call } = await asked();
    const keys = await browser.keysFor(now);
    const answers = await Promise.all(
      [1, 2, 3].map(() => call('POST', '/confirmation', { code, keys })),
    );
    expect(answers.filter(({ step }) => step === 'sign')).toHaveLength(1);
    const rows = await api.query(
      'SELECT count(*) AS n FROM confirmations WHERE authorization_id = ANY($1)',
      [keys.map(({ authorization }: any) => authorization)],
    );
    expect(Number(rows[0].n)).toBe(2);
  }, 30_000);

  test('the body of a single letter is refused for a set, and a set’s for a single letter', async () => {
    const { browser, now, code, call } = await asked();
    const [{ authorization: _, ...key }]: any[] = await browser.keysFor(now);
    for (const body of [
      { code, ...key },
      { code },
      { code, ...key, keys: await browser.keysFor(now) },
    ])
      expect(await call('POST', '/confirmation', body)).toMatchObject({ code: 'invalid-request' });
  }, 30_000);

  test('a new code only after the pause, counted once for the set', async () => {
    const { call } = await asked();
    expect(await call('POST', '/challenge', {})).toMatchObject({ code: 'resend-too-soon' });
  }, 30_000);

  test('one signature fails: the others are released, and it is made again under the same confirmation', async () => {
    const { ids, browser, now, code } = await asked([{}, {}, {}]);
    let view = await browser.confirmSet(now, code);
    const one = await browser.signLetter(view, ids[1]!);
    await expect(
      browser.completeLetter({ ...one, signature: toBase64Url(new Uint8Array(70).fill(7)) }),
    ).rejects.toMatchObject({ code: 'signature-invalid' });
    for (const id of [ids[0]!, ids[2]!])
      view = await browser.completeLetter(await browser.signLetter(view, id));
    expect(view).toMatchObject({ step: 'sign', authorization: ids[1] });
    view = await untilDone(browser, await browser.signSet(view));
    expect(view.step).toBe('done');
    expect(await Promise.all(ids.map(stateOf))).toEqual(['released', 'released', 'released']);
    const { verdict, findings } = await verdictOf(ids[1]!);
    expect(findings.find(({ id }) => id === 'key-confirmed')).toMatchObject({
      params: { renewed: 'true' },
    });
    expect(verdict.indication).toBe('TOTAL-PASSED');
  }, 60_000);

  test('the confirmation runs out: a new code for what is left, which its evidence names alone', async () => {
    const { ids, browser, now, code, messageFor } = await asked();
    let view = await browser.confirmSet(now, code);
    view = await browser.completeLetter(await browser.signLetter(view, ids[0]!));
    api.advance(11 * 60);
    view = await browser.view();
    expect(view).toMatchObject({ step: 'code', authorization: ids[1] });
    view = await browser.challenge();
    const message = await messageFor(view);
    expect(message.text).toContain('1份授权书');
    view = await browser.confirmSet(view, message.code);
    view = await untilDone(browser, await browser.signSet(view));
    expect(view.step).toBe('done');
    const [first, second] = [await verdictOf(ids[0]!), await verdictOf(ids[1]!)];
    expect(first.facts.authorization!.set!.letters).toHaveLength(2);
    expect(second.facts.authorization!.set!.letters).toHaveLength(1);
    expect(second.verdict.indication).toBe('TOTAL-PASSED');
  }, 60_000);
});

describe('ways in', () => {
  test('a ticket opens the set; a trusting template opens the gate only when all are', async () => {
    for (const [templates, step] of [
      [['trusting', 'trusting'], 'read'],
      [['trusting', 'for-tests'], 'gate'],
    ] as const) {
      const { authorizations } = bodyOf(templates.map((template) => ({ template })));
      const { json } = await post('/v1/signing-sets', { authorizations });
      const ticket = await post(`/v1/signing-sets/${json.id}/signing-tickets`, {
        origins: ['https://bank.example'],
      });
      expect(ticket.status).toBe(201);
      const browser = subjectClient(api.url);
      expect((await browser.open(ticket.json.ticket)).step).toBe(step);
      const again = subjectClient(api.url);
      await expect(again.open(ticket.json.ticket)).rejects.toMatchObject({ code: 'ticket-used' });
    }
  }, 30_000);

  test('any letter’s own link, and any letter’s number, lead to the whole sitting', async () => {
    const { ids, subject, view } = await atTheFirst([{}, {}]);
    const { json } = await post(`/v1/authorizations/${ids[1]}/signing-links`);
    const browser = subjectClient(api.url);
    await browser.open(json.url);
    expect(await browser.identify(subject.idNumber.slice(-6))).toMatchObject({
      step: 'read',
      authorization: ids[0],
    });
    const other = subjectClient(api.url);
    const number = view.set.letters[1].letterNumber;
    expect(await other.enter(number, subject.idNumber.slice(-6))).toMatchObject({
      authorization: ids[0],
      set: { position: 1 },
    });
  }, 30_000);

  test('when the first is refused for good the set still has a way in, until nothing is left', async () => {
    const { id, ids, browser, view } = await atTheFirst([{}, {}]);
    let now = await browser.accept(await browser.refuse(view));
    now = await browser.challenge();
    expect(now.authorization).toBe(ids[1]);
    expect((await post(`/v1/signing-sets/${id}/signing-links`)).status).toBe(201);
    expect((await post(`/v1/authorizations/${ids[0]}/signing-links`)).json.code).toBe(
      'illegal-transition',
    );
    await browser.decline('refused');
    expect((await post(`/v1/signing-sets/${id}/signing-links`)).json.code).toBe(
      'illegal-transition',
    );
  }, 30_000);

  test('tries at the gate are counted for each link, and over all links for the set', async () => {
    const { authorizations, subject } = bodyOf([{}, {}]);
    const { json } = await post('/v1/signing-sets', { authorizations });
    const guess = async (url: string): Promise<string> => {
      const browser = subjectClient(api.url);
      await browser.open(url);
      return browser.identify('999999').catch((problem: any) => problem.code);
    };
    const way = async (i: number): Promise<string> =>
      (await post(`/v1/authorizations/${json.authorizations[i % 2].id}/signing-links`)).json.url;
    const mine = await way(0);
    let mismatches = 0;
    for (let i = 0; i < 5; i++) {
      const url = await way(i);
      // opened anew for each try: a new visit brings no new tries
      for (let tries = 0; tries < 6; tries++)
        if ((await guess(url)) === 'gate-mismatch') mismatches++;
      if (i === 0) expect(await guess(url)).toBe('gate-locked');
      if (i === 0) expect(await guess(mine)).toBe('gate-mismatch');
    }
    expect(mismatches).toBe(29);
    expect(await guess(mine)).toBe('gate-locked');
    expect(subject.idNumber).not.toMatch(/999999$/);
  }, 30_000);

  test('before the gate nothing of the letters is told', async () => {
    const { link } = await atTheFirst([{}, {}]);
    const view = await subjectClient(api.url).open(link);
    expect(view.step).toBe('gate');
    expect(view.set).toBeUndefined();
    expect(view.letterNumber).toBeUndefined();
  }, 30_000);
});

test('a passkey where one of the letters asks for it: one assertion over the set’s digest, for all', async () => {
  const { ids, browser, view, call, messageFor } = await atTheFirst([{}, { template: 'strong' }]);
  let now = await browser.accept(await browser.accept(view));
  expect(now.measures).toEqual(['sms-code', 'passkey']);
  now = await browser.challenge();
  const { code } = await messageFor(now);
  const device = softwareAuthenticator(api.url);
  const challenge = toBase64Url(fromHex(now.challenge.challengeDigest));
  const options = await call('POST', '/passkeys/options', {});
  expect(options.creation.challenge).toBe(challenge);
  expect(
    await call('POST', '/passkeys', { code, registration: device.register(challenge) }),
  ).toMatchObject({
    registeredAt: expect.any(String),
  });
  const keys = await browser.keysFor(now);
  expect(await call('POST', '/confirmation', { code, keys })).toMatchObject({
    code: 'measure-missing',
  });
  // over one letter's own challenge it is no answer
  const own = toBase64Url(fromHex(now.set.letters[0].challenge.challengeDigest));
  expect(
    await call('POST', '/confirmation', { code, keys, passkey: device.assert(own) }),
  ).toMatchObject({ code: 'passkey-invalid' });
  now = await call('POST', '/confirmation', { code, keys, passkey: device.assert(challenge) });
  expect(now.step).toBe('sign');
  now = await untilDone(browser, await browser.signSet(now));
  expect(now.step).toBe('done');
  for (const id of ids) {
    const { verdict, facts, findings } = await verdictOf(id);
    expect(findings.filter(({ status }) => status === 'failed')).toEqual([]);
    expect(verdict.indication).toBe('TOTAL-PASSED');
    expect(facts.authorization).toMatchObject({ measures: ['sms-code', 'passkey'] });
  }
}, 60_000);
