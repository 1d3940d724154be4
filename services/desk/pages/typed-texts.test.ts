import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import {
  forgetTyped,
  keepTyped,
  keptTyped,
  somethingKept,
  somethingTyped,
  watchTyped,
} from './typed-texts.js';

const view = (tagName: string, typed?: unknown) => ({ tagName, typed });

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-11-22T10:00:00Z') });
  Object.assign(globalThis, { location: { pathname: '/desk/cases/1' } });
  forgetTyped();
});
afterEach(() => {
  jest.useRealTimers();
});

test('nothing is kept for somebody else, of another view, at another address, or twice', () => {
  const next = view('CASE-NEXT', { note: 'a' });
  const off = watchTyped(next);
  const other = watchTyped(view('CASE-SEALS'));
  keepTyped('stf_1');
  expect(keptTyped(view('CASE-SEALS'), 'stf_1')).toBeUndefined();
  location.pathname = '/desk/cases/2';
  expect(keptTyped(next, 'stf_1')).toBeUndefined();
  location.pathname = '/desk/cases/1';
  expect(keptTyped(next, 'stf_1')).toEqual({ note: 'a' });
  expect(keptTyped(next, 'stf_1')).toBeUndefined();
  keepTyped('stf_1');
  expect(keptTyped(next, 'stf_2')).toBeUndefined();
  // and is not there for the first any more
  expect(keptTyped(next, 'stf_1')).toBeUndefined();
  off();
  other();
});

test('a sign-out keeps nothing; what stands nowhere any more is not typed', () => {
  const next = view('CASE-NEXT', 'a');
  const off = watchTyped(next);
  expect(somethingTyped()).toBe(true);
  keepTyped('stf_1');
  forgetTyped();
  expect(keptTyped(next, 'stf_1')).toBeUndefined();
  off();
  expect(somethingTyped()).toBe(false);
});

test('what is kept is lost with the page until it is put back, and is gone after ten hours', () => {
  const next = view('CASE-NEXT', 'a');
  const off = watchTyped(next);
  expect(somethingKept()).toBe(false);
  keepTyped('stf_1');
  expect(somethingKept()).toBe(true);
  jest.advanceTimersByTime(10 * 3_600_000 - 1);
  expect(somethingKept()).toBe(true);
  expect(keptTyped(next, 'stf_1')).toBe('a');
  expect(somethingKept()).toBe(false);
  keepTyped('stf_1');
  jest.advanceTimersByTime(10 * 3_600_000);
  expect(somethingKept()).toBe(false);
  keepTyped('stf_1');
  // no timer runs while the machine sleeps
  jest.setSystemTime(Date.now() + 10 * 3_600_000);
  expect(keptTyped(next, 'stf_1')).toBeUndefined();
  off();
});
