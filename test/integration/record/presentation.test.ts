import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  checkReadHere,
  createWayIn,
  decline,
  enterByNumber,
  evidenceBundle,
  handOver,
  LIMITS,
  openPresentation,
  openWayIn,
  passGate,
  presentedToVisit,
  readVisit,
  recordPresentation,
  type ShownPresentation,
  type Visit,
} from '@mandate/ceremony';
import { kindDigestHex, type Choices, type Scene } from '@mandate/core';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { choiceTemplate, OPTIONAL_ITEM, THIRD_PARTY } from '../../kit/choice-template.js';
import {
  NO_CHOICES,
  shownPresentation,
  startCeremony,
  SUBJECT,
  type StartedCeremony,
  type Subject,
} from './started-ceremony.js';

/** What is shown, chosen, said and waited for before a code, in the record as the roles write it. */
let it: StartedCeremony;
beforeAll(async () => {
  it = await startCeremony(
    { voice: true, pause: { fromAge: 60, minutes: 30 } },
    false,
    choiceTemplate,
  );
}, 60_000);
afterAll(() => it?.stop());

const ACCEPTED: Choices = { items: [OPTIONAL_ITEM], recipients: [THIRD_PARTY] };
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? String(error),
  );
/** Phone numbers differ, so that no daily limit of codes interferes. */
let persons = 0;
const somebody = (change: Partial<Subject> = {}): Subject => ({
  ...SUBJECT,
  phone: `138001${String(10_000 + ++persons)}`,
  ...change,
});
const OLD = '110101194001010012';

const present = async (
  at: { id: string; visit: Parameters<typeof recordPresentation>[1] },
  record: ShownPresentation,
  policy: { minimumReadingSeconds?: number; pageBuild?: string | null; logo?: string | null } = {},
) => {
  const { letterDigest } = await it.record.authorization(at.id);
  return recordPresentation(
    it.deps,
    { ...at.visit },
    { letterDigest, record },
    { minimumReadingSeconds: 0, pageBuild: null, ...policy },
  );
};
const requested = async (subject = somebody()) => {
  const id = await it.request(subject);
  const visit = await it.visit(id);
  await passGate(it.deps, visit, subject.idNumber.slice(-6));
  return { id, visit: { ...visit, identified: true } };
};
const sceneOf = async (id: string): Promise<Scene> =>
  JSON.parse(
    (
      await it.owner.query(
        'SELECT scene FROM challenges WHERE authorization_id = $1 ORDER BY ordinal DESC LIMIT 1',
        [id],
      )
    ).rows[0].scene,
  ) as Scene;
const row = async (id: string) => it.record.authorization(id);

describe('a presentation is refused', () => {
  const shown = shownPresentation(choiceTemplate);
  const refused: [string, ShownPresentation, string][] = [
    ['without a key clause', { ...shown, clauses: shown.clauses.slice(1) }, 'invalid-request'],
    [
      'with one clause twice for two',
      { ...shown, clauses: shown.clauses.with(1, shown.clauses[0]!) },
      'invalid-request',
    ],
    [
      'with a choice the letter does not offer',
      { ...shown, choices: { items: ['salary'], recipients: [] } },
      'invalid-request',
    ],
    [
      'with a necessary item as a choice',
      { ...shown, choices: { items: ['basic-information'], recipients: [] } },
      'invalid-request',
    ],
    [
      'with one choice twice',
      { ...shown, choices: { items: [], recipients: [THIRD_PARTY, THIRD_PARTY] } },
      'invalid-request',
    ],
  ];
  test.each(refused)('%s, and nothing is written', async (_name, record, code) => {
    const at = await requested();
    expect(await codeOf(present(at, record))).toBe(code);
    expect(await row(at.id)).toMatchObject({ state: 'requested', version: 1 });
  });

  test('of another letter, or read too fast', async () => {
    const at = await requested();
    const other = { letterDigest: 'e'.repeat(64), record: shown };
    const policy = { minimumReadingSeconds: 0, pageBuild: null };
    expect(await codeOf(recordPresentation(it.deps, at.visit, other, policy))).toBe(
      'invalid-request',
    );
    expect(await codeOf(present(at, shown, { minimumReadingSeconds: 61 }))).toBe(
      'step-out-of-order',
    );
    expect((await row(at.id)).state).toBe('requested');
  });

  test('by the database, without its record or while a code is alive', async () => {
    const at = await requested();
    const step = async () =>
      ({
        authorization: await row(at.id),
        to: 'presented',
        type: 'presented',
        at: it.clock.now(),
        data: { presentation: 'e'.repeat(64) },
      }) as const;
    expect(await codeOf(it.record.advance(await step()))).toBe('version-conflict');
    await present(at, shown);
    await it.challenge(at.id);
    const box = { presentation: new Uint8Array(40) };
    expect(await codeOf(it.record.advance(await step(), box))).toBe('illegal-transition');
    expect((await row(at.id)).state).toBe('challenged');
  });
});

test('nothing is accepted by default, and the record is ciphertext', async () => {
  const at = await it.presented(somebody());
  await it.challenge(at.id);
  expect((await sceneOf(at.id)).choices).toEqual(NO_CHOICES);
  const { rows } = await it.owner.query(
    `SELECT encode(box, 'escape') AS text FROM personal_data
     WHERE authorization_id = $1 AND field LIKE 'presentation/%'`,
    [at.id],
  );
  expect(rows.length).toBe(1);
  expect(rows[0].text).not.toContain('secondsOpen');
});

test('the scene names choices and record; a record of another version does not open', async () => {
  const at = await it.presented(somebody(), ACCEPTED);
  await it.challenge(at.id);
  const scene = await sceneOf(at.id);
  const shown = (await presentedToVisit(it.deps, { ...at.visit }))!;
  expect(scene.choices).toEqual(ACCEPTED);
  expect(scene.presentation).toBe(kindDigestHex('presentation', shown.record));
  expect(scene.pageBuild).toBeNull();

  const [stored] = await it.record.presentations(at.id);
  const { dataKey } = await it.web.vault.unwrap({
    authorizationId: at.id,
    purpose: 'present',
    actor: 'test',
  });
  const open = async (change: object) =>
    openPresentation(dataKey, at.id, { ...stored!, ...change });
  expect(await codeOf(open({}))).toBe('ok');
  expect(await codeOf(open({ version: 9 }))).toBe('object-corrupt');
  expect(await codeOf(open({ digest: 'e'.repeat(64) }))).toBe('object-corrupt');
});

test('a page build that is not the one served is none', async () => {
  const mine = 'a'.repeat(64);
  for (const [claimed, served, kept] of [
    [mine, mine, mine],
    [mine, 'b'.repeat(64), null],
    [mine, null, null],
    [null, mine, null],
  ] as const) {
    const at = await requested();
    const record = { ...shownPresentation(choiceTemplate), pageBuild: claimed };
    await present(at, record, { pageBuild: served });
    await it.challenge(at.id);
    expect((await sceneOf(at.id)).pageBuild).toBe(kept);
  }
});

test('a logo that is not the one set is none', async () => {
  const mine = 'a'.repeat(64);
  for (const [claimed, set, kept] of [
    [mine, mine, mine],
    [mine, 'b'.repeat(64), undefined],
    [mine, null, undefined],
    [undefined, mine, undefined],
  ] as const) {
    const at = await requested();
    const shown = shownPresentation(choiceTemplate);
    await present(at, claimed === undefined ? shown : { ...shown, logo: claimed }, { logo: set });
    const { record } = (await presentedToVisit(it.deps, { ...at.visit }))!;
    expect(record.logo).toBe(kept);
  }
});

describe('shown again before the confirmation', () => {
  test('with other choices: codes are dead, the next scene has them', async () => {
    const at = await it.presented(somebody());
    const asked = await it.challenge(at.id);
    const answer = await it.code(asked.challengeId);
    await present(at, shownPresentation(choiceTemplate, ACCEPTED));
    expect((await row(at.id)).state).toBe('presented');
    expect(
      await it.authority.ra.message({ challengeId: asked.challengeId, gateway: 'test' }),
    ).toBeNull();
    expect(await codeOf(it.confirm(at, asked, answer))).toBe('challenge-missing');

    it.clock.move(61);
    const again = await it.challenge(at.id);
    expect(again.challengeDigest).not.toBe(asked.challengeDigest);
    expect((await sceneOf(at.id)).choices).toEqual(ACCEPTED);
    expect(await codeOf(it.confirm(at, again, answer))).not.toBe('ok');
    expect(await codeOf(it.confirm(at, again))).toBe('ok');
  });

  test('with the same choices: nothing changes and the code is good', async () => {
    const at = await it.presented(somebody(), ACCEPTED);
    const asked = await it.challenge(at.id);
    const before = await row(at.id);
    const turned = { items: [...ACCEPTED.items], recipients: [...ACCEPTED.recipients] };
    await present(at, { ...shownPresentation(choiceTemplate, turned), readAloud: true });
    expect(await row(at.id)).toEqual(before);
    expect(await codeOf(it.confirm(at, asked))).toBe('ok');
    expect(await codeOf(present(at, shownPresentation(choiceTemplate)))).toBe('illegal-transition');
  });

  test('by two pages at once: each is recorded whole or refused', async () => {
    const at = await requested();
    const pages = [NO_CHOICES, ACCEPTED].map((choices) =>
      codeOf(present(at, shownPresentation(choiceTemplate, choices))),
    );
    const outcomes = await Promise.all(pages);
    // the second may have seen the first already
    const recorded = outcomes.filter((outcome) => outcome === 'ok').length;
    expect(outcomes.every((code) => ['ok', 'version-conflict'].includes(code))).toBe(true);
    expect(recorded).toBeGreaterThan(0);
    expect((await it.record.presentations(at.id)).length).toBe(recorded);
    expect((await row(at.id)).version).toBe(1 + recorded);
  });

  test('too often: the record does not grow without end', async () => {
    const at = await requested();
    for (let i = 0; i < LIMITS.presentations; i++)
      await present(at, shownPresentation(choiceTemplate, i % 2 ? NO_CHOICES : ACCEPTED));
    const more = shownPresentation(choiceTemplate, ACCEPTED);
    expect(await codeOf(present(at, more))).toBe('rate-limited');
  }, 30_000);
});

test('a letter signed with choices: record and scene in the bundle, in the verified facts', async () => {
  const subject = somebody();
  const at = await it.presented(subject, NO_CHOICES);
  await it.challenge(at.id);
  const optional: Choices = { items: [OPTIONAL_ITEM], recipients: [] };
  await present(at, shownPresentation(choiceTemplate, optional));
  it.clock.move(61);
  const asked = await it.challenge(at.id);
  await it.confirm(at, asked);
  const issued = await it.issue({ ...at, challenge: asked });
  await it.complete(at, issued);
  await it.authority.ledger.integrate({});
  expect(await it.state(at.id)).toBe('released');
  const bytes = await evidenceBundle(it.deps, await row(at.id), {
    purpose: 'download',
    actor: 'test',
  });
  const bundle = readBundle(bytes);
  const json = (name: (typeof PART)[keyof typeof PART]) =>
    JSON.parse(new TextDecoder().decode(partOf(bundle, name)));
  expect(json(PART.scene).choices).toEqual(optional);
  expect(json(PART.presentation)).toMatchObject({ choices: optional, secondsOpen: 60 });
  expect(kindDigestHex('presentation', json(PART.presentation))).toBe(
    json(PART.scene).presentation,
  );
}, 60_000);

describe('a code by voice', () => {
  test('is spoken, and the record says so', async () => {
    const at = await it.presented(somebody());
    const asked = await it.authority.ra.challenge({
      authorizationId: at.id,
      gate: 'last-six',
      channel: 'voice',
    });
    expect(asked.channel).toBe('voice');
    const message = (await it.authority.ra.message({
      challengeId: asked.challengeId,
      gateway: 'test',
    }))!;
    expect(message.channel).toBe('voice');
    expect(message.text).toContain(asked.checkCode);
    const spoken = /^(?:\d, ){5}\d/.exec(message.text)![0];
    expect(await codeOf(it.confirm(at, asked, spoken.replaceAll(', ', '')))).toBe('ok');
    const { rows } = await it.owner.query(
      'SELECT code_record FROM confirmations WHERE authorization_id = $1',
      [at.id],
    );
    expect(JSON.parse(rows[0].code_record).channel).toBe('voice');
  });

  test('kills the written one, and waits like it', async () => {
    const at = await it.presented(somebody());
    const asked = await it.challenge(at.id);
    const voice = { authorizationId: at.id, gate: 'last-six', channel: 'voice' } as const;
    expect(await codeOf(it.authority.ra.challenge(voice))).toBe('resend-too-soon');
    it.clock.move(61);
    await it.authority.ra.challenge(voice);
    expect(
      await it.authority.ra.message({ challengeId: asked.challengeId, gateway: 'test' }),
    ).toBeNull();
  });
});

describe('a pause', () => {
  test('from an age on: no code before it is over, and showing the letter again does not prolong it', async () => {
    const at = await it.presented(somebody({ idNumber: OLD }));
    const refusal = await it.challenge(at.id).catch((error) => error);
    expect(refusal.code).toBe('pause-running');
    expect(refusal.extensions.retryAfterSeconds).toBeGreaterThan(29 * 60);
    expect(refusal.extensions.retryAfterSeconds).toBeLessThanOrEqual(30 * 60);
    it.clock.move(29 * 60);
    await present(at, shownPresentation(choiceTemplate, ACCEPTED));
    expect(await codeOf(it.challenge(at.id))).toBe('pause-running');
    it.clock.move(61);
    expect(await codeOf(it.challenge(at.id))).toBe('ok');
  });

  test('not for the younger', async () => {
    const at = await it.presented(somebody());
    expect(await codeOf(it.challenge(at.id))).toBe('ok');
  });

  test('after "someone is telling me": every later letter of the same person waits, nobody else', async () => {
    const pressed = somebody({ idNumber: '110101198807150012' });
    const at = await it.presented(pressed);
    const asked = await it.challenge(at.id);
    const answer = await it.code(asked.challengeId);
    await decline(it.deps, { ...at.visit }, 'someone-is-telling-me');
    expect(await codeOf(it.confirm(at, asked, answer))).toBe('challenge-missing');
    const { rows } = await it.owner.query(
      `SELECT topic FROM outbox WHERE ref = $1 AND topic = 'note-pause'`,
      [at.id],
    );
    expect(rows.length).toBe(1);
    await it.authority.ra.notePause({ authorizationId: at.id });
    await it.authority.ra.notePause({ authorizationId: at.id });

    const next = await it.presented({ ...pressed, phone: somebody().phone });
    expect(await codeOf(it.challenge(next.id))).toBe('pause-running');
    const other = await it.presented(somebody());
    expect(await codeOf(it.challenge(other.id))).toBe('ok');
    it.clock.move(30 * 60 + 1);
    expect(await codeOf(it.challenge(next.id))).toBe('ok');
  });

  test('one institution makes few of one person in a week, and a set of letters makes one', async () => {
    const pressed = () => ({ ...somebody(), idNumber: '110101197904040013' });
    const noted = async (subject: ReturnType<typeof pressed>) => {
      const at = await it.presented(subject);
      await decline(it.deps, { ...at.visit }, 'someone-is-telling-me');
      await it.authority.ra.notePause({ authorizationId: at.id });
      const { rows } = await it.owner.query('SELECT 1 FROM pauses WHERE authorization_id = $1', [
        at.id,
      ]);
      return rows.length;
    };
    // Moments apart, for the same number: as the letters of a set.
    const first = pressed();
    expect([await noted(first), await noted(first)]).toEqual([1, 0]);
    for (let n = 1; n < LIMITS.pausesPerInstitution; n++) expect(await noted(pressed())).toBe(1);
    expect(await noted(pressed())).toBe(0);
    it.clock.move(7 * 86_400);
    expect(await noted(pressed())).toBe(1);
  });

  test('is not noted for another reason, whoever wakes role ra', async () => {
    const subject = somebody({ idNumber: '110101197703030011' });
    const at = await it.presented(subject);
    await it.authority.ra.notePause({ authorizationId: at.id });
    await decline(it.deps, { ...at.visit }, 'refused');
    await it.authority.ra.notePause({ authorizationId: at.id });
    const next = await it.presented({ ...subject, phone: somebody().phone });
    expect(await codeOf(it.challenge(next.id))).toBe('ok');
  });
});

describe('read by whoever asks for the code', () => {
  const shown = shownPresentation(choiceTemplate);
  const opened = async (token: string, before: Visit | null) => {
    const { visit } = await openWayIn(it.deps, token, { shown: before });
    await passGate(it.deps, visit, SUBJECT.idNumber.slice(-6));
    return { ...visit, identified: true };
  };
  const link = async (id: string) => (await createWayIn(it.deps, await row(id), LINK)).token;
  const LINK = { kind: 'link' } as const;
  const mayAsk = (visit: Visit) => codeOf(checkReadHere(it.deps, { ...visit }));

  test('another browser with the same link reads again, although nothing optional was accepted', async () => {
    const id = await it.request(somebody());
    const token = await link(id);
    const first = await opened(token, null);
    await present({ id, visit: first }, shown);
    const other = await opened(token, null);
    expect(await mayAsk(first)).toBe('ok');
    expect(await mayAsk(other)).toBe('step-out-of-order');
    await it.challenge(id);
    // The same choices by another reader are a presentation of their own, and the codes before are dead.
    await present({ id, visit: other }, shown);
    expect((await it.record.presentations(id)).length).toBe(2);
    expect(await it.state(id)).toBe('presented');
    expect(await mayAsk(other)).toBe('ok');
    expect(await mayAsk(first)).toBe('step-out-of-order');
  });

  test('the same browser goes on, by the link again, by a new one, by the number', async () => {
    const id = await it.request(somebody());
    const token = await link(id);
    const first = await opened(token, null);
    await present({ id, visit: first }, shown);
    const asked = await it.challenge(id);
    const second = await opened(token, first);
    const third = await opened(await link(id), second);
    const { letterNumber } = await row(id);
    const given = { letterNumber, lastSix: SUBJECT.idNumber.slice(-6), address: '192.0.2.9' };
    const last = (await enterByNumber(it.deps, { ...given, shown: third })).visit;
    for (const visit of [second, third, last]) expect(await mayAsk(visit)).toBe('ok');
    await present({ id, visit: last }, shown);
    expect((await it.record.presentations(id)).length).toBe(1);
    expect(await codeOf(it.confirm({ id, visit: last }, asked))).toBe('ok');
  });

  test('a browser that was at another letter does not', async () => {
    const id = await it.request(somebody());
    const token = await link(id);
    const first = await opened(token, null);
    await present({ id, visit: first }, shown);
    const elsewhere = (await requested()).visit;
    expect(await mayAsk(await opened(token, elsewhere))).toBe('step-out-of-order');
  });

  test('the address a frame hands over to may be anybody’s: only its own browser goes on there', async () => {
    const id = await it.request(somebody());
    const ways = { kind: 'ticket', origins: ['https://bank.example'], ...NO_RETURN } as const;
    const way = await createWayIn(it.deps, await row(id), ways);
    const framed = (await openWayIn(it.deps, way.token, { framed: true })).visit;
    await passGate(it.deps, framed, SUBJECT.idNumber.slice(-6));
    await present({ id, visit: { ...framed, identified: true } }, shown);
    const over = async () => {
      const { id: link, secret } = await handOver(it.deps, framed);
      return `${link}.${secret}`;
    };
    expect(await mayAsk(await opened(await over(), framed))).toBe('ok');
    const full = await opened(await over(), null);
    expect(await mayAsk(full)).toBe('step-out-of-order');
    await present({ id, visit: full }, shown);
    expect((await it.record.presentations(id)).length).toBe(2);
    expect(await mayAsk(full)).toBe('ok');
    expect(await mayAsk({ ...framed, identified: true })).toBe('step-out-of-order');
    const next = await createWayIn(it.deps, await row(id), ways);
    expect(await mayAsk(await opened(next.token, null))).toBe('step-out-of-order');
  });
  const NO_RETURN = { returnUrl: null, returnState: null };
});

describe('by letter number', () => {
  const enter = (letterNumber: string, lastSix: string, address = '192.0.2.1') =>
    enterByNumber(it.deps, { letterNumber, lastSix, address });
  const failure = async (promise: Promise<unknown>) => {
    const error = await promise.then(
      () => null,
      (thrown) => thrown,
    );
    return { code: error?.code, detail: error?.detail, extensions: error?.extensions };
  };

  test('opens an identified visit; spelling does not matter', async () => {
    const id = await it.request(somebody());
    const { letterNumber } = await row(id);
    const way = await enter(` ${letterNumber.toLowerCase()} `, SUBJECT.idNumber.slice(-6));
    expect(way.visit).toMatchObject({ authorizationId: id, identified: true, gate: 'last-six' });
    expect(way.cookie).toMatch(/^[\w-]{43}$/);
  });

  test('a number that does not exist, wrong characters and a letter whose time is over look the same', async () => {
    const known = (await row(await it.request(somebody()))).letterNumber;
    const over = await it.request(somebody());
    const overNumber = (await row(over)).letterNumber;
    const unknown = 'M20990101-ABCDEFGH';
    const right = SUBJECT.idNumber.slice(-6);
    it.clock.move(8 * 86_400);
    const fresh = (await row(await it.request(somebody()))).letterNumber;
    const failures = [
      await failure(enter(unknown, right)),
      await failure(enter(fresh, '000000')),
      await failure(enter(overNumber, right)),
      await failure(enter(known, right)),
    ];
    expect(failures[0]!.code).toBe('gate-mismatch');
    expect(new Set(failures.map((it) => JSON.stringify(it))).size).toBe(1);
  });

  const RIGHT = SUBJECT.idNumber.slice(-6);

  test('six tries a day from one address, twenty a week from all, also for a number that does not exist', async () => {
    const { letterNumber } = await row(await it.request(somebody()));
    for (const number of [letterNumber, 'M20990101-BBBBBBBB']) {
      for (let i = 0; i < LIMITS.enterTries; i++)
        expect(await codeOf(enter(number, '000000', '198.51.100.1'))).toBe('gate-mismatch');
      expect(await codeOf(enter(number, RIGHT, '198.51.100.1'))).toBe('gate-locked');
      for (let i = LIMITS.enterTries; i < LIMITS.enterTriesPerNumber; i++)
        expect(await codeOf(enter(number, '000000', `198.51.100.${i}`))).toBe('gate-mismatch');
      expect(await codeOf(enter(number, RIGHT, '198.51.100.99'))).toBe('gate-locked');
    }
  });

  test('guesses by number lock nobody out who has a link, nor the other way round', async () => {
    const id = await it.request(somebody());
    const { letterNumber } = await row(id);
    const [visit, other] = [await it.visit(id), await it.visit(id)];
    for (let i = 0; i < LIMITS.enterTriesPerNumber; i++)
      await failure(enter(letterNumber, '000000', `198.51.100.${i}`));
    expect(await codeOf(enter(letterNumber, RIGHT, '198.51.100.99'))).toBe('gate-locked');
    for (let i = 0; i < LIMITS.gateTries; i++)
      expect(await codeOf(passGate(it.deps, visit, '000000'))).toBe('gate-mismatch');
    expect(await codeOf(passGate(it.deps, visit, RIGHT))).toBe('gate-locked');
    expect(await codeOf(passGate(it.deps, other, RIGHT))).toBe('ok');

    const second = await it.request(somebody());
    const spent = await it.visit(second);
    for (let i = 0; i < LIMITS.gateTries; i++) await failure(passGate(it.deps, spent, '000000'));
    expect(await codeOf(enter((await row(second)).letterNumber, RIGHT))).toBe('ok');
  });

  test('a frame hands over as often as it may: no new tries at the gate', async () => {
    const id = await it.request(somebody());
    const origins = ['https://bank.example'];
    const ways = { kind: 'ticket', origins, returnUrl: null, returnState: null } as const;
    const way = await createWayIn(it.deps, await row(id), ways);
    const framed = await openWayIn(it.deps, way.token, { framed: true });
    const other = await it.visit(id);
    const handedOver = async () => {
      const { id: ticket, secret } = await handOver(it.deps, framed.visit);
      return (await openWayIn(it.deps, `${ticket}.${secret}`)).visit;
    };
    for (let i = 0; i < LIMITS.gateTries; i++)
      expect(await codeOf(passGate(it.deps, framed.visit, '000000'))).toBe('gate-mismatch');
    expect(await codeOf(passGate(it.deps, await handedOver(), RIGHT))).toBe('gate-locked');
    expect(await codeOf(passGate(it.deps, other, RIGHT))).toBe('ok');
  });

  test('a letter that was declined or released is not known any more, with the right characters too', async () => {
    const declined = await it.presented(somebody());
    await decline(it.deps, declined.visit, 'refused');
    const released = await it.confirmed(somebody());
    const number = (await row(released.id)).letterNumber;
    // came in by the number too, and did not sign: sees the letter until it is released
    const onlooker = await enter(number, RIGHT);
    expect(await codeOf(readVisit(it.deps, onlooker.cookie!))).toBe('ok');
    await it.complete(released, await it.issue(released));
    await it.authority.ledger.integrate({});
    expect(await it.state(released.id)).toBe('released');
    const numbers = [(await row(declined.id)).letterNumber, number];
    const wrong = await failure(enter('M20990101-DDDDDDDD', RIGHT));
    expect(wrong.code).toBe('gate-mismatch');
    for (const each of numbers) expect(await failure(enter(each, RIGHT))).toEqual(wrong);
    expect(await codeOf(readVisit(it.deps, onlooker.cookie!))).toBe('visit-invalid');
  }, 30_000);

  test('who signed in a visit that began with the number sees the outcome, others by number do not', async () => {
    const id = await it.request(somebody());
    const { letterNumber } = await row(id);
    const way = await enter(letterNumber, RIGHT);
    const at = { id, visit: way.visit };
    await present(at, shownPresentation(choiceTemplate));
    const asked = await it.challenge(id);
    await it.confirm(at, asked);
    const shown = way.visit;
    const again = await enterByNumber(it.deps, {
      letterNumber,
      lastSix: RIGHT,
      address: '192.0.2.2',
      shown,
    });
    const stranger = await enter(letterNumber, RIGHT, '192.0.2.3');
    await it.complete(at, await it.issue({ ...at, challenge: asked }));
    await it.authority.ledger.integrate({});
    expect(await it.state(id)).toBe('released');
    expect(await codeOf(readVisit(it.deps, way.cookie!))).toBe('ok');
    expect(await codeOf(readVisit(it.deps, again.cookie!))).toBe('ok');
    expect(await codeOf(readVisit(it.deps, stranger.cookie!))).toBe('visit-invalid');
  }, 30_000);

  test('one address cannot try number after number, and stands nowhere in the record', async () => {
    const address = '203.0.113.77';
    for (let i = 0; i < LIMITS.enterTriesPerAddress; i++)
      await failure(enter(`M20990101-C${String(i).padStart(7, '2')}`, '000000', address));
    const { letterNumber } = await row(await it.request(somebody()));
    const right = SUBJECT.idNumber.slice(-6);
    expect(await codeOf(enter(letterNumber, right, address))).toBe('rate-limited');
    expect(await codeOf(enter(letterNumber, right, '203.0.113.78'))).toBe('ok');
    const { rows } = await it.owner.query(
      `SELECT 1 FROM limits WHERE key LIKE '%203.0.113%' OR key LIKE 'M2%'`,
    );
    expect(rows).toEqual([]);
  }, 30_000);
});

test('a page build is entered in the ledger once', async () => {
  const deploy = { component: 'page', digest: 'd'.repeat(64) } as const;
  expect(await it.web.ledger.deploy(deploy)).toEqual({ recorded: true });
  expect(await it.web.ledger.deploy(deploy)).toEqual({ recorded: false });
  const { rows } = await it.owner.query(
    `SELECT entry FROM ledger_entries WHERE entry LIKE '%"kind":"deploy"%'`,
  );
  expect(rows.length).toBe(1);
  expect(JSON.parse(rows[0].entry)).toMatchObject(deploy);
});
