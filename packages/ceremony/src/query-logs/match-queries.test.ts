import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  matchQueries,
  type LoggedQuery,
  type LoggedUse,
  type UsedAuthorization,
} from './match-queries.js';

const SOURCE = 'S';
const LIMITS = { skew: 5, window: 100 };
const scope = { purpose: 'loan-approval', sources: [SOURCE], from: 0, end: 10_000 };
const released = (uses: readonly LoggedUse[], change: Partial<UsedAuthorization> = {}) => ({
  ...{ scope, withdrawnAt: null, holds: [], uses },
  ...change,
});
const use = (id: string, at: number, state: LoggedUse['state'] = 'confirmed') => ({
  ...{ id, at, state, elsewhere: false },
});
const query = (line: number, at: number, change: Partial<LoggedQuery> = {}): LoggedQuery => ({
  ...{ line, query: `Q-${line}`, at, purpose: 'loan-approval', agreeing: ['a', 'b'] },
  subjectDiffers: false,
  withheld: [],
  ...change,
});
const kinds = (authorization: UsedAuthorization, ...queries: LoggedQuery[]) =>
  Object.fromEntries(
    matchQueries(authorization, SOURCE, queries, LIMITS).map(({ line, kind, redemption }) => [
      line,
      redemption ? `${kind} ${redemption}` : kind,
    ]),
  );

test('each way a query can be wrong has its name, and keeps the use it belongs to', () => {
  const one = released([use('a', 100)]);
  expect(kinds(one, query(2, 100))).toEqual({ 2: 'matched a' });
  expect(kinds(one, query(2, 94), query(3, 201))).toEqual({ 2: 'no-use', 3: 'no-use' });
  expect(kinds(one, query(2, 95), query(3, 200))).toEqual({ 2: 'matched a', 3: 'used-twice' });
  expect(kinds(one, query(2, 120, { agreeing: [] }))).toEqual({ 2: 'wrong-operator a' });
  const operator = { agreeing: [], withheld: ['operator'] } as const;
  expect(kinds(one, query(2, 120, operator))).toEqual({ 2: 'operator-not-compared a' });
  const subject = { withheld: ['subject'] } as const;
  expect(kinds(one, query(2, 120, subject))).toEqual({ 2: 'subject-not-compared a' });
  expect(kinds(one, query(2, 120, { purpose: 'x' }))).toEqual({ 2: 'wrong-purpose a' });
  expect(kinds(one, query(2, 120, { subjectDiffers: true }))).toEqual({ 2: 'wrong-subject a' });
  expect(kinds({ ...one, withdrawnAt: 110 }, query(2, 115), query(3, 116))).toEqual({
    2: 'matched a',
    3: 'after-withdrawal',
  });
  expect(
    kinds({ ...one, holds: [{ from: 50, until: 150 }] }, query(2, 120), query(3, 146)),
  ).toEqual({ 2: 'on-hold', 3: 'matched a' });
  expect(kinds({ ...one, holds: [{ from: 50, until: null }] }, query(2, 200))).toEqual({
    2: 'on-hold a',
  });
  expect(kinds({ ...one, scope: { ...scope, end: 110 } }, query(2, 114), query(3, 115))).toEqual({
    2: 'matched a',
    3: 'out-of-term',
  });
  expect(kinds({ ...one, scope: { ...scope, from: 200 } }, query(2, 194))).toEqual({
    2: 'out-of-term a',
  });
  expect(kinds({ ...one, scope: { ...scope, sources: ['T'] } }, query(2, 120))).toEqual({
    2: 'wrong-source a',
  });
  expect(kinds({ ...one, scope: null, uses: [] }, query(2, 120))).toEqual({ 2: 'unsigned' });
  expect(kinds(released([use('a', 100, 'released')]), query(2, 120), query(3, 130))).toEqual({
    2: 'use-released a',
    3: 'no-use',
  });
});

test('a use that a query of another log has is nobody else’s, whatever else is wrong', () => {
  const taken = (state?: LoggedUse['state']) => ({ ...use('a', 100, state), elsewhere: true });
  expect(kinds(released([taken()]), query(2, 120))).toEqual({ 2: 'used-twice' });
  expect(kinds(released([taken()]), query(2, 120, { purpose: 'x' }))).toEqual({
    2: 'wrong-purpose',
  });
  expect(kinds(released([taken('released')]), query(2, 120))).toEqual({ 2: 'no-use' });
  // the next one is free
  expect(kinds(released([taken(), use('b', 110)]), query(2, 120), query(3, 130))).toEqual({
    2: 'matched b',
    3: 'used-twice',
  });
});

/** Uses by one of three people, and the log of a source that may have heard of some, none or more of them. */
const people = fc.constantFrom('p', 'q', 'r');
const logs = fc
  .record({
    uses: fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 400 }),
        by: people,
        state: fc.constantFrom('confirmed' as const, 'reserved' as const, 'released' as const),
      }),
      { maxLength: 6 },
    ),
    queries: fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 500 }),
        by: people,
        purpose: fc.constantFrom('loan-approval', 'loan-approval', 'loan-approval', 'other'),
      }),
      { maxLength: 6 },
    ),
    withdrawnAt: fc.option(fc.integer({ min: 0, max: 500 })),
  })
  .map(({ uses, queries, withdrawnAt }) => {
    const made = uses.map(({ at, by, state }, i) => ({ id: `u${i}`, at, by, state }));
    return {
      authorization: released(
        made.map(({ id, at, state }) => use(id, at, state)),
        { withdrawnAt },
      ),
      queries: queries.map(({ at, by, purpose }, i) =>
        query(i + 2, at, {
          purpose,
          agreeing: made.filter((each) => each.by === by).map(({ id }) => id),
        }),
      ),
    };
  });

/** The most pairs there can be, by trying all of them. */
function most(queries: readonly LoggedQuery[], uses: readonly LoggedUse[]): number {
  const [first, ...rest] = queries;
  if (!first) return 0;
  return uses
    .filter(
      ({ id, at }) => first.agreeing.includes(id) && first.at >= at - 5 && first.at <= at + 100,
    )
    .reduce(
      (best, taken) =>
        Math.max(
          best,
          1 +
            most(
              rest,
              uses.filter(({ id }) => id !== taken.id),
            ),
        ),
      most(rest, uses),
    );
}

test('every query is named once, no use has two, and none is called wrong that could be matched', () => {
  fc.assert(
    fc.property(logs, fc.infiniteStream(fc.nat()), ({ authorization, queries }, order) => {
      const outcomes = matchQueries(authorization, SOURCE, queries, LIMITS);
      expect(outcomes.map(({ line }) => line).sort((a, b) => a - b)).toEqual(
        queries.map(({ line }) => line),
      );
      const paired = outcomes.flatMap(({ redemption }) => redemption ?? []);
      expect(new Set(paired).size).toBe(paired.length);
      for (const { line, kind, redemption } of outcomes) {
        const asked = queries.find((each) => each.line === line)!;
        const fitting = authorization.uses.filter(
          ({ at }) => asked.at >= at - LIMITS.skew && asked.at <= at + LIMITS.window,
        );
        if (redemption) expect(fitting.map(({ id }) => id)).toContain(redemption);
        const needs = ['matched', 'wrong-operator', 'use-released'].includes(kind);
        if (needs) expect(redemption).not.toBeNull();
        if (kind === 'matched') expect(asked.agreeing).toContain(redemption);
        if (kind === 'used-twice') {
          const kept = fitting.filter(({ state }) => state !== 'released');
          expect(kept.length).toBeGreaterThan(0);
          expect(kept.every(({ id }) => paired.includes(id))).toBe(true);
        }
        if (kind === 'no-use')
          expect(fitting.every(({ state }) => state === 'released')).toBe(true);
      }
      const sound = queries.filter(
        ({ purpose, at }) =>
          purpose === 'loan-approval' &&
          (authorization.withdrawnAt === null || at <= authorization.withdrawnAt + LIMITS.skew),
      );
      const kept = authorization.uses.filter(({ state }) => state !== 'released');
      expect(outcomes.filter(({ kind }) => kind === 'matched').length).toBe(most(sound, kept));
      // the same, whatever order it comes in
      const shuffle = <T>(rows: readonly T[]): T[] =>
        rows
          .map((row) => ({ row, key: order.next().value! }))
          .sort((a, b) => a.key - b.key)
          .map(({ row }) => row);
      const again = { ...authorization, uses: shuffle(authorization.uses) };
      expect(matchQueries(again, SOURCE, shuffle(queries), LIMITS)).toEqual(outcomes);
    }),
    { numRuns: 2000 },
  );
});

test('a log made from the uses matches them all', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.nat({ max: 5000 }), late: fc.integer({ min: -5, max: 100 }) }), {
        maxLength: 40,
      }),
      (made) => {
        const uses = made.map(({ at }, i) => use(`u${i}`, at));
        const ids = uses.map(({ id }) => id);
        const queries = made.map(({ at, late }, i) => query(i + 2, at + late, { agreeing: ids }));
        const outcomes = matchQueries(released(uses), SOURCE, queries, LIMITS);
        expect(outcomes.every(({ kind }) => kind === 'matched')).toBe(true);
      },
    ),
  );
});
