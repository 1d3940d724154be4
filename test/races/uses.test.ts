import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isDomainError, systemClock } from '@mandate/core';
import {
  aUse,
  aWithdrawal,
  recorded,
  releasedAuthorizations,
} from '../kit/released-authorizations.js';
import { seeded } from '../kit/seeded.js';
import { contendedRecord, full, say, seed, shuffled, tally } from './uses-house.js';

/**
 * Used once means once, withdrawn means withdrawn: the record under fire, without the cheap no that the use
 * case asks for first. The whole suite: `npm run test:races`; here a small slice of it.
 */
let house: Awaited<ReturnType<typeof contendedRecord>>;
beforeAll(async () => void (house = await contendedRecord(16)), 60_000);
afterAll(() => house?.stop());

const AUTHORIZATIONS = full ? 200 : 6;
const REDEEMERS = 50;
const ROUNDS = full ? 20 : 2;
const WITHDRAWALS = full ? 10_000 : 60;

const answerOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (isDomainError(error)) return error.code;
      throw error;
    },
  );
const redeem = (record: (typeof house.records)[number], id: string): Promise<string> => {
  const use = aUse(id);
  return answerOf(record.redeem(use, null, systemClock.now(), recorded.redemption(use.id)));
};

test(`${AUTHORIZATIONS} authorizations, ${REDEEMERS} redeemers at once each, ${ROUNDS} rounds: exactly the agreed uses`, async () => {
  const next = seeded(seed);
  const answers: string[] = [];
  let agreed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const groups = await Promise.all(
      [1, 2, 3].map((maxUses) =>
        releasedAuthorizations(house.owner, Math.ceil(AUTHORIZATIONS / 3), { maxUses }).then(
          ({ ids }) => ids.map((id) => ({ id, maxUses })),
        ),
      ),
    );
    const all = groups.flat().slice(0, AUTHORIZATIONS);
    agreed += all.reduce((sum, { maxUses }) => sum + maxUses, 0);
    // a few authorizations at a time: more calls in flight would wait for a connection, not for each other
    for (let first = 0; first < all.length; first += 4) {
      const some = all.slice(first, first + 4);
      const calls = shuffled(
        some.flatMap(({ id }) => Array.from({ length: REDEEMERS }, () => id)),
        next,
      );
      answers.push(...(await Promise.all(calls.map((id) => redeem(house.records[next(2)]!, id)))));
    }
    const { rows } = await house.owner.query(
      `SELECT s.authorization_id, s.max_uses, count(r.id)::int AS uses,
         (SELECT count(*)::int FROM events e WHERE e.stream = s.authorization_id AND e.type = 'redeemed') AS events,
         array_agg(r.number ORDER BY r.number) AS numbers
       FROM scopes s LEFT JOIN redemptions r ON r.authorization_id = s.authorization_id
       WHERE s.authorization_id = ANY ($1) GROUP BY 1, 2`,
      [all.map(({ id }) => id)],
    );
    expect(rows).toHaveLength(all.length);
    for (const { max_uses, uses, events, numbers } of rows)
      expect({ uses, events, numbers }).toEqual({
        uses: max_uses,
        events: max_uses,
        numbers: Array.from({ length: max_uses }, (_, i) => i + 1),
      });
  }
  const counts = tally(answers);
  say(`races: seed ${seed}, ${answers.length} redemptions tried, ${JSON.stringify(counts)}`);
  expect(Object.keys(counts).sort()).toEqual(['done', 'used-up']);
  expect(counts['done']).toBe(agreed);
}, 1_800_000);

test(`${WITHDRAWALS} withdrawals against redemptions: none after its withdrawal`, async () => {
  const next = seeded(seed + 1);
  const answers: string[] = [];
  let before = 0;
  const BATCH = Math.min(WITHDRAWALS, 100);
  for (let made = 0; made < WITHDRAWALS; made += BATCH) {
    const { ids } = await releasedAuthorizations(house.owner, BATCH, { maxUses: 5 });
    const calls = ids.flatMap((id) => {
      const withdrawal = async (): Promise<string> => {
        await house.records[next(2)]!.withdraw(
          aWithdrawal(id),
          systemClock.now(),
          recorded.fact('withdrawal'),
        );
        return 'withdrawn now';
      };
      const use = () => redeem(house.records[next(2)]!, id);
      return shuffled([withdrawal, use, use, use], next);
    });
    answers.push(...(await Promise.all(calls.map((call) => call()))));
    const { rows } = await house.owner.query(
      `SELECT w.stream, w.version AS withdrawn, max(r.version) AS redeemed FROM events w
       LEFT JOIN events r ON r.stream = w.stream AND r.type = 'redeemed'
       WHERE w.type = 'withdrawn' AND w.stream = ANY ($1) GROUP BY 1, 2`,
      [ids],
    );
    expect(rows).toHaveLength(BATCH);
    for (const { withdrawn, redeemed } of rows) {
      expect(redeemed ?? 0).toBeLessThan(withdrawn);
      if (redeemed) before += 1;
    }
    // and by the clock of the facts themselves
    const late = await house.owner.query(
      `SELECT 1 FROM redemptions r JOIN withdrawals w USING (authorization_id) WHERE r.at > w.at`,
    );
    expect(late.rows).toHaveLength(0);
  }
  const counts = tally(answers);
  say(
    `races: seed ${seed + 1}, ${WITHDRAWALS} withdrawals, ${before} after a use, ${JSON.stringify(counts)}`,
  );
  expect(counts['withdrawn now']).toBe(WITHDRAWALS);
  expect(Object.keys(counts).sort()).toEqual(['done', 'withdrawn', 'withdrawn now']);
}, 1_800_000);
