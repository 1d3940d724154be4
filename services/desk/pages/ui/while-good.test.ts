import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Problem } from '@mandate/pages/browser/problem';
import type { Grant } from '../api/grants.js';
import { whileGood } from './while-good.js';

const START = Date.parse('2026-11-22T10:00:00Z');
const GRANT = {
  ...{ id: 'gra_1', caseId: 'cas_1', rights: ['view'] },
  good: { from: '2026-11-22T09:00:00Z', until: '2026-11-22T12:00:00Z' },
} as unknown as Grant;
const listeners = new Map<string, (event: unknown) => void>();

beforeEach(() => {
  jest.useFakeTimers({ now: START });
  Object.assign(globalThis, {
    addEventListener: (type: string, act: () => void) => listeners.set(type, act),
    removeEventListener: (type: string) => listeners.delete(type),
  });
});
afterEach(() => {
  jest.useRealTimers();
});

function shown(answer: () => unknown) {
  const seen = { over: 0, asked: 0 };
  const client = {
    now: () => Date.now(),
    look: async (path: string) => {
      expect(path).toBe('/cases/cas_1/grants');
      seen.asked++;
      return answer() as never;
    },
  };
  const off = whileGood(client, GRANT, () => seen.over++);
  return { seen, off };
}
const items = (grant: object) => ({ items: [{ ...GRANT, ...grant }], caseEnded: false });
const fail = (code: 'forbidden' | 'offline' | 'session-ended') => (): never => {
  throw new Problem(code);
};

test('taken back, its case ended, unknown or refused: it goes within seconds, once', async () => {
  for (const answer of [
    () => items({ revokedAt: '2026-11-22T10:00:00Z' }),
    () => ({ ...items({}), caseEnded: true }),
    () => ({ items: [], caseEnded: false }),
    fail('forbidden'),
    fail('session-ended'),
  ]) {
    const { seen } = shown(answer);
    await jest.advanceTimersByTimeAsync(9000);
    expect(seen.over).toBe(0);
    await jest.advanceTimersByTimeAsync(120_000);
    expect(seen).toEqual({ over: 1, asked: 1 });
  }
});

test('without any answer it goes after two minutes; an answer between counts', async () => {
  let answer: () => unknown = fail('offline');
  const { seen } = shown(() => answer());
  await jest.advanceTimersByTimeAsync(100_000);
  answer = () => items({});
  await jest.advanceTimersByTimeAsync(10_000);
  answer = fail('offline');
  await jest.advanceTimersByTimeAsync(110_000);
  expect(seen.over).toBe(0);
  await jest.advanceTimersByTimeAsync(20_000);
  expect(seen.over).toBe(1);
});

test('a page out of the browser’s store shows nothing of it; one that is looked at again asks at once', async () => {
  const { seen } = shown(() => items({}));
  listeners.get('visibilitychange')!({});
  await jest.advanceTimersByTimeAsync(0);
  expect(seen).toEqual({ over: 0, asked: 1 });
  listeners.get('pageshow')!({ persisted: false });
  expect(seen.over).toBe(0);
  listeners.get('pageshow')!({ persisted: true });
  expect(seen.over).toBe(1);
});

test('at its end it goes without asking; called off, nothing is asked', async () => {
  const { seen } = shown(() => items({}));
  await jest.advanceTimersByTimeAsync(2 * 3_600_000);
  expect(seen.over).toBe(1);
  jest.setSystemTime(START);
  const other = shown(() => items({ revokedAt: 'x' }));
  other.off();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(other.seen).toEqual({ over: 0, asked: 0 });
});
