import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { DomainError } from '@mandate/core';
import { repeat, type Turn } from './repeat.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A loop over `work`, what it logs, and when its work began, milliseconds after the start. */
function started(work: (turn: Turn) => Promise<void>) {
  const begins = Date.now();
  const began: number[] = [];
  const told: string[] = [];
  const log = {
    warn: ({ what }: { what: string }) => void told.push(`warn ${what}`),
    error: ({ what }: { what: string }) => void told.push(`error ${what}`),
  } as unknown as Parameters<typeof repeat>[1]['log'];
  const loop = repeat(
    (turn) => {
      began.push(Date.now() - begins);
      return work(turn);
    },
    { every: 1000, pauses: { first: 100, most: 300 }, log, what: 'work' },
  );
  return { loop, began, told };
}
const gone = () => new DomainError('authority-unavailable', 'gone');

test('pauses double with failures in a row, up to the longest, and begin anew once something went well', async () => {
  const outcomes = ['fails', 'fails', 'fails', 'well', 'fails', 'went', 'well'];
  const { loop, began, told } = started(async ({ went }) => {
    const outcome = outcomes.shift();
    if (outcome === 'went') went();
    if (outcome !== 'well') throw gone();
  });
  await jest.advanceTimersByTimeAsync(1800);
  expect(began).toEqual([0, 100, 300, 600, 1600, 1700, 1800]);
  expect(told).toEqual(Array(5).fill('warn work'));
  await loop.close();
});

test('a fault of the work itself is an error, and does not end the loop', async () => {
  const { loop, began, told } = started(() => Promise.reject(new Error('a mistake')));
  await jest.advanceTimersByTimeAsync(100);
  expect([began.length, told]).toEqual([2, ['error work', 'error work']]);
  await loop.close();
});

test('closing ends a pause at once and begins nothing more', async () => {
  const { loop, began } = started(async () => {});
  await jest.advanceTimersByTimeAsync(10);
  await loop.close();
  await jest.advanceTimersByTimeAsync(5000);
  expect(began).toEqual([0]);
});

test.each([
  ['what is gone by then is not told of', gone(), []],
  ['a mistake is', new Error('a mistake'), ['error work']],
])('closing waits for work under way; %s', async (_, fault, logged) => {
  let fail: () => void = () => undefined;
  let seen = false;
  const { loop, began, told } = started(async ({ stopped }) => {
    await new Promise<void>((done) => (fail = done));
    seen = stopped();
    throw fault;
  });
  let over = false;
  const closed = loop.close().then(() => (over = true));
  await jest.advanceTimersByTimeAsync(5000);
  expect(over).toBe(false);
  fail();
  await closed;
  expect([seen, began.length, told]).toEqual([true, 1, logged]);
});
