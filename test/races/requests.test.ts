import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isDomainError, toBase64Url } from '@mandate/core';
import { redeem } from '@mandate/ceremony';
import { rememberedAnswers, openDatabase, type Database } from '@mandate/store';
import { startApi, templateBody } from '../integration/api/api-instance.js';
import { prepare } from '../integration/api/ceremony.js';
import { startCeremony } from '../integration/record/started-ceremony.js';
import { challengeDigest, createSubjectKey } from '@mandate/subject';
import { flushAll } from './flush-redis.js';
import { full, say, tally } from './uses-house.js';
import { idempotent } from '../../services/web/src/idempotent.js';

/** One request a thousand times, a thousand guesses of one code: with every role at work. */
const COUNT = full ? 1000 : 40;
let ceremony: Awaited<ReturnType<typeof startCeremony>>;
let database: Database;
beforeAll(async () => {
  ceremony = await startCeremony();
  database = openDatabase(ceremony.url, 'web', 16);
}, 60_000);
afterAll(async () => {
  await database?.destroy();
  await ceremony?.stop();
});

const answerOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    (value) => JSON.stringify(value),
    (error: unknown) => {
      if (isDomainError(error)) return error.code;
      throw error;
    },
  );

test(`${COUNT} identical requests under one key: one use, one answer`, async () => {
  const at = await ceremony.confirmed();
  await ceremony.complete(at, await ceremony.issue(at));
  for (let i = 0; (await ceremony.state(at.id)) !== 'released' && i < 50; i++)
    await ceremony.sweep();
  const authorization = await ceremony.record.authorization(at.id);
  const request = {
    purpose: 'loan-approval',
    source: { creditCode: ceremony.body.sources[0]!.creditCode },
    items: ['basic-information'],
    operator: { id: 'staff' },
  };
  const { clock, random } = ceremony.deps;
  const parts = { answers: rememberedAnswers(database), clock } as never;
  const once = () =>
    idempotent(
      parts,
      { institution: ceremony.institution, headers: { 'idempotency-key': 'the-one-key' } },
      request,
      async (idempotencyKey) => ({
        status: 201,
        body: await redeem(
          {
            clock,
            random,
            record: ceremony.record,
            vault: ceremony.web.vault,
            seal: ceremony.web.seal,
          },
          { authorization, institution: ceremony.institution, request, idempotencyKey },
        ),
      }),
    );
  const answers = await Promise.all(Array.from({ length: COUNT }, () => answerOf(once())));
  answers.push(await answerOf(once()));
  const bodies = new Set(answers.filter((answer) => answer.startsWith('{')));
  const refusals = tally(answers.filter((answer) => !answer.startsWith('{')));
  say(
    `races: ${answers.length} identical requests, ${bodies.size} answer, ${JSON.stringify(refusals)}`,
  );
  expect(bodies.size).toBe(1);
  expect(Object.keys(refusals).filter((code) => code !== 'idempotency-in-progress')).toEqual([]);
  const uses = await ceremony.owner.query('SELECT count(*)::int AS n FROM redemptions');
  expect(uses.rows[0].n).toBe(1);
}, 300_000);

test(`${COUNT} guesses of one code at once: five are evaluated`, async () => {
  const at = await ceremony.presented({
    name: '李四',
    idNumber: '310101199003072313',
    phone: '13800138009',
  });
  const asked = await ceremony.challenge(at.id);
  const right = await ceremony.code(asked.challengeId);
  const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0');
  const answers: string[] = [];
  // as many at once as get a connection in time on a busy machine
  while (answers.length < COUNT) {
    const some = Array.from({ length: Math.min(200, COUNT - answers.length) });
    answers.push(
      ...(await Promise.all(some.map(() => answerOf(ceremony.confirm(at, asked, wrong))))),
    );
  }
  const counts = tally(answers);
  say(`races: ${COUNT} guesses, ${JSON.stringify(counts)}`);
  const { rows } = await ceremony.owner.query(
    'SELECT tries, dead_at FROM challenges WHERE id = $1',
    [asked.challengeId],
  );
  expect(rows[0].tries).toBe(5);
  expect(counts['code-wrong'] ?? 0).toBeLessThanOrEqual(5);
  expect(answers.filter((answer) => answer.startsWith('{'))).toEqual([]);
  // the right one comes too late
  expect(await answerOf(ceremony.confirm(at, asked, right))).toMatch(
    /^(code-tries-exhausted|challenge-dead)$/,
  );
}, 300_000);

/** Counters are the record's alone: nothing that Redis forgets gives anybody another try. */
const overHttp = async () => {
  const redis = process.env['REDIS_URL'];
  if (!redis) throw new Error('the whole suite needs a Redis: npm run test:races');
  const api = await startApi({ QUEUE_URL: redis });
  try {
    const tenant = await api.tenant();
    const headers = { 'idempotency-key': 'template-of-races' };
    await api.publish({ key: tenant.apiKey, headers, body: templateBody() });
    const { cookie, view, code } = await prepare(api, tenant, 'challenged');
    const { letterDigest, sceneDigest, serverNonce } = view.challenge;
    const key = await createSubjectKey();
    const proof = await key.prove(
      await challengeDigest({ letterDigest, sceneDigest, serverNonce }),
    );
    const proven = { publicKey: toBase64Url(key.publicKey), proof: toBase64Url(proof) };
    const guess = async (text: string): Promise<string> => {
      const { status, json } = await api.call('POST', '/v1/signing/confirmation', {
        cookie,
        headers: { 'x-requested-with': 'mandate' },
        body: { code: text, ...proven },
      });
      return status < 300 ? 'confirmed' : json.code;
    };
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    const answers: string[] = [];
    while (answers.length < COUNT) {
      const some = Array.from({ length: 100 }, (_, i) =>
        i % 25 === 12 ? flushAll(redis).then(() => guess(wrong)) : guess(wrong),
      );
      answers.push(...(await Promise.all(some)));
      await flushAll(redis);
    }
    answers.push(await guess(code!));
    const rows = await api.query('SELECT tries FROM challenges');
    say(
      `races: ${answers.length} guesses over HTTP, Redis emptied, ${JSON.stringify(tally(answers))}`,
    );
    expect(rows).toEqual([{ tries: 5 }]);
    expect(tally(answers)['code-wrong'] ?? 0).toBeLessThanOrEqual(5);
    expect(answers).not.toContain('confirmed');
  } finally {
    await api.stop();
  }
};
if (full)
  test(
    `${COUNT} guesses over HTTP, Redis emptied meanwhile: five are evaluated`,
    overHttp,
    300_000,
  );
