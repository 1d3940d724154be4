import { describe, expect, test } from '@jest/globals';
import { checkLimits, noteAnswered, type CodeAsked } from './code-limits.js';
import { prefixKey } from './code.js';
import { LIMITS } from '../deps.js';
import type { Counted, Limited } from '../ports.js';

/** Counters as the record keeps them, without the database. */
function counters() {
  const rows = new Map<string, number>();
  const windows = new Map<string, Set<string>>();
  const record: Pick<Limited, 'count'> & Counted = {
    count: async ({ scope, key, windowStart, max }) => {
      const name = `${scope}|${key}|${windowStart.toISOString()}`;
      const count = rows.get(name) ?? 0;
      if (count >= max) return false;
      rows.set(name, count + 1);
      const together = `${scope}|${key}`;
      windows.set(together, (windows.get(together) ?? new Set()).add(windowStart.toISOString()));
      return true;
    },
    counted: async (scope, key, since) =>
      [...(windows.get(`${scope}|${key}`) ?? [])]
        .filter((at) => new Date(at) >= since)
        .reduce((sum, at) => sum + rows.get(`${scope}|${key}|${at}`)!, 0),
  };
  return { rows, record };
}
const secret = new Uint8Array(32).fill(7);
const noon = new Date('2026-11-21T12:00:00Z');
const later = (minutes: number): Date => new Date(noon.getTime() + minutes * 60_000);

function started() {
  const { rows, record } = counters();
  const deps = { record, secret } as unknown as Parameters<typeof checkLimits>[0];
  let asked = 0;
  const ask = (change: Partial<CodeAsked>, at = noon): Promise<string> =>
    checkLimits(
      deps,
      {
        counted: `aut_${++asked}`,
        institutionId: 'ins_1',
        phone: '13800138000',
        previous: null,
        ...change,
      },
      at,
    ).then(
      () => 'sent',
      (error: { code: string }) => error.code,
    );
  const answer = (phone: string, at = noon, institutionId = 'ins_1') =>
    noteAnswered(deps, institutionId, prefixKey(secret, phone), at);
  return { rows, ask, answer };
}
/** The n-th number of a block of ten thousand. */
const numberIn = (block: string, n: number): string => block + String(n).padStart(4, '0');

describe('codes to a block of numbers', () => {
  test('stop when hardly one is answered, for that block and institution alone, and come back by themselves', async () => {
    const { ask, rows } = started();
    for (let n = 0; n < LIMITS.unansweredInstitutionPrefix; n++)
      expect(await ask({ phone: numberIn('1380013', n) })).toBe('sent');
    expect(await ask({ phone: numberIn('1380013', 9999) })).toBe('rate-limited');
    expect(await ask({ phone: numberIn('+861380013', 9998) })).toBe('rate-limited');
    expect(await ask({ phone: numberIn('1380014', 0) })).toBe('sent');
    expect(await ask({ phone: numberIn('1380013', 1), institutionId: 'ins_2' })).toBe('sent');
    const held = [...rows].filter(([name]) => name.startsWith('challenges-held-back|'));
    expect(held.map(([, count]) => count)).toEqual([2]);

    // an hour later they still count, two hours later they do not
    expect(await ask({ phone: numberIn('1380013', 1) }, later(60))).toBe('rate-limited');
    expect(await ask({ phone: numberIn('1380013', 1) }, later(120))).toBe('sent');
  });

  test('held back, cost neither letter nor number anything', async () => {
    const { ask, rows } = started();
    for (let n = 0; n < LIMITS.unansweredInstitutionPrefix; n++)
      await ask({ phone: numberIn('1380013', n) });
    const budgets = () =>
      [...rows].filter(([name]) => /^challenges(-phone)?\|/.test(name)).map(([, count]) => count);
    const before = budgets();
    const again = { counted: 'aut_x', phone: numberIn('1380013', 0) };
    for (let n = 0; n < LIMITS.challengesPerPhone; n++)
      expect(await ask(again)).toBe('rate-limited');
    expect(budgets()).toEqual(before);
    expect(await ask({ ...again, institutionId: 'ins_2' })).toBe('sent');
  });

  test('go on while one in ten is answered', async () => {
    const { ask, answer } = started();
    for (let n = 0; n < LIMITS.unansweredInstitutionPrefix + 50; n++) {
      expect(await ask({ phone: numberIn('1380013', n) })).toBe('sent');
      if (n % 9 === 0) await answer(numberIn('1380013', n));
    }
  });

  test('have an upper bound an hour for one institution, answered or not', async () => {
    const { ask, answer } = started();
    for (let n = 0; n < LIMITS.challengesPerInstitutionPrefix; n++) {
      expect(await ask({ phone: numberIn('1380013', n) })).toBe('sent');
      await answer(numberIn('1380013', n));
    }
    expect(await ask({ phone: numberIn('1380013', 9999) })).toBe('rate-limited');
    expect(await ask({ phone: numberIn('1380013', 9999), institutionId: 'ins_2' })).toBe('sent');
    expect(await ask({ phone: numberIn('1380013', 9999) }, later(60))).toBe('sent');
  });

  test('stop for all when many institutions together send for nothing, which no two can bring about', async () => {
    // Two hours' windows count, each institution is bounded in both.
    const { challengesPerInstitutionPrefix: most } = LIMITS;
    expect(LIMITS.unansweredPrefix).toBeGreaterThan(2 * 2 * most);
    expect(LIMITS.challengesPerPrefix).toBeGreaterThan(2 * most);
    const { ask } = started();
    for (let n = 0; n < LIMITS.unansweredPrefix; n++) {
      const institutionId = `ins_${Math.floor(n / (LIMITS.unansweredInstitutionPrefix - 1))}`;
      expect(await ask({ phone: numberIn('1380013', n), institutionId }, later(n / 50))).toBe(
        'sent',
      );
    }
    const last = { phone: numberIn('1380013', 9999), institutionId: 'ins_new' };
    expect(await ask(last, later(60))).toBe('rate-limited');
    expect(await ask({ ...last, phone: numberIn('1380014', 0) }, later(60))).toBe('sent');
    expect(await ask(last, later(120))).toBe('sent');
  });
});

test('an institution whose codes nobody answers gets no more, wherever they go; others do', async () => {
  const { ask } = started();
  const phone = (n: number) => numberIn(`13${String(n % 97).padStart(2, '0')}013`, n);
  for (let n = 0; n < LIMITS.unansweredInstitution; n++)
    expect(await ask({ phone: phone(n) })).toBe('sent');
  expect(await ask({ phone: '15900000001' })).toBe('rate-limited');
  expect(await ask({ phone: '15900000001', institutionId: 'ins_2' })).toBe('sent');
});

test('no counter holds a number, and none is named by one', async () => {
  const { ask, rows } = started();
  await ask({ phone: '13800138000' });
  for (const name of rows.keys()) expect(name).not.toMatch(/1380013/);
});

test('a number is stopped after ten codes a day whatever the letters, with the same words as a letter', async () => {
  const { ask } = started();
  for (let n = 0; n < LIMITS.challengesPerPhone; n++) expect(await ask({})).toBe('sent');
  expect(await ask({})).toBe('resend-limit');
  for (let n = 0; n < LIMITS.challenges; n++)
    expect(await ask({ counted: 'aut_x', phone: numberIn('1390013', n) })).toBe('sent');
  expect(await ask({ counted: 'aut_x', phone: '13900139999' })).toBe('resend-limit');
});

test('what sends nothing is counted by itself and in the whole, and by no number', async () => {
  const { ask, rows } = started();
  for (let n = 0; n < LIMITS.silentChallenges; n++)
    expect(await ask({ counted: 'aut_x', phone: null })).toBe('sent');
  expect(await ask({ counted: 'aut_x', phone: null })).toBe('resend-limit');
  expect(new Set([...rows.keys()].map((name) => name.split('|')[0]))).toEqual(
    new Set(['challenges-silent', 'challenges-all']),
  );
});
