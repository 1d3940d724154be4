import { describe, expect, test } from '@jest/globals';
import { checkLimits, noteAnswered, type CodeAsked } from './code-limits.js';
import { prefixKey } from './code.js';
import { LIMITS } from '../deps.js';
import type { Counted, Limited } from '../ports.js';

/** Counters as the record keeps them, without the database. */
function counters() {
  const rows = new Map<string, number>();
  const record: Pick<Limited, 'count'> & Counted = {
    count: async ({ scope, key, windowStart, max }) => {
      const name = `${scope}|${key}|${windowStart.toISOString()}`;
      const count = rows.get(name) ?? 0;
      if (count >= max) return false;
      rows.set(name, count + 1);
      return true;
    },
    counted: async (scope, key, since) =>
      [...rows]
        .filter(([name]) => {
          const [s, k, at] = name.split('|');
          return s === scope && k === key && new Date(at!) >= since;
        })
        .reduce((sum, [, count]) => sum + count, 0),
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
  test('stop when hardly one is answered, for that block alone, and come back by themselves', async () => {
    const { ask, answer, rows } = started();
    for (let n = 0; n < LIMITS.unansweredPrefix; n++)
      expect(await ask({ phone: numberIn('1380013', n) })).toBe('sent');
    expect(await ask({ phone: numberIn('1380013', 9999) })).toBe('rate-limited');
    expect(await ask({ phone: numberIn('+861380013', 9998) })).toBe('rate-limited');
    expect(await ask({ phone: numberIn('1380014', 0) })).toBe('sent');
    const held = [...rows].filter(([name]) => name.startsWith('challenges-held-back|prefix:'));
    expect(held.map(([, count]) => count)).toEqual([2]);

    // an hour later they still count, two hours later they do not
    expect(await ask({ phone: numberIn('1380013', 1) }, later(60))).toBe('rate-limited');
    expect(await ask({ phone: numberIn('1380013', 1) }, later(120))).toBe('sent');
    void answer;
  });

  test('go on while one in ten is answered', async () => {
    const { ask, answer } = started();
    for (let n = 0; n < LIMITS.unansweredPrefix + 50; n++) {
      expect(await ask({ phone: numberIn('1380013', n) })).toBe('sent');
      if (n % 9 === 0) await answer(numberIn('1380013', n));
    }
  });

  test('have an upper bound an hour, answered or not', async () => {
    const { ask, answer } = started();
    for (let n = 0; n < LIMITS.challengesPerPrefix; n++) {
      expect(await ask({ phone: numberIn('1380013', n) })).toBe('sent');
      await answer(numberIn('1380013', n));
    }
    expect(await ask({ phone: numberIn('1380013', 9999) })).toBe('rate-limited');
    expect(await ask({ phone: numberIn('1380013', 9999) }, later(60))).toBe('sent');
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
