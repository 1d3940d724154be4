import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Session } from './api/sign-in.js';
import { SessionWatch } from './session-watch.js';

const START = Date.parse('2026-11-22T10:00:00Z');
const SESSION = { staff: 'stf_1', endsAt: '2026-11-22T20:00:00Z' } as Session;
const listeners = new Map<string, () => void>();
class Channel {
  static told: ((event: object) => void)[] = [];
  addEventListener = (_: string, hear: (event: object) => void) => Channel.told.push(hear);
  postMessage = () => undefined;
}

beforeEach(() => {
  jest.useFakeTimers({ now: START });
  Channel.told = [];
  Object.assign(globalThis, {
    BroadcastChannel: Channel,
    document: { visibilityState: 'visible' },
    addEventListener: (type: string, act: () => void) => listeners.set(type, act),
  });
});
afterEach(() => {
  jest.useRealTimers();
});

let kept: number;
function watched() {
  kept = 0;
  const over: unknown[][] = [];
  const client = {
    now: () => Date.now(),
    look: async () => SESSION as never,
    get: async () => (kept++, SESSION as never),
  };
  const watch = new SessionWatch(client, (...said) => {
    over.push(said);
    watch.end();
  });
  watch.begin(SESSION);
  return over;
}

test('the first touch of a machine that slept for half an hour ends the session, and is no presence', () => {
  const over = watched();
  // no timer runs while it sleeps
  jest.setSystemTime(START + 31 * 60_000);
  listeners.get('pointermove')!();
  // a second touch is no presence either
  listeners.get('pointermove')!();
  jest.advanceTimersByTime(500);
  expect(over).toEqual([['over', true]]);
});

test('a tab that slept hears what others told before its first touch ends the session of all', () => {
  const over = watched();
  jest.setSystemTime(START + 31 * 60_000);
  listeners.get('pointermove')!();
  const told = { what: 'touched', staff: 'stf_1', at: START + 20 * 60_000 };
  for (const hear of Channel.told) hear({ data: told });
  jest.advanceTimersByTime(10_000);
  expect(over).toEqual([]);
});

test('nor is a touch of another tab from before, told late; one from meanwhile is', () => {
  const over = watched();
  jest.setSystemTime(START + 31 * 60_000);
  const told = { what: 'touched', staff: 'stf_1', at: START + 20 * 60_000 };
  for (const hear of Channel.told) hear({ data: told });
  jest.advanceTimersByTime(5000);
  expect(over).toEqual([]);
  jest.setSystemTime(START + 51 * 60_000);
  for (const hear of Channel.told) hear({ data: told });
  jest.advanceTimersByTime(5500);
  expect(over).toEqual([['over', true]]);
});

test('who touches the page before that stays; half an hour later they are out', () => {
  const over = watched();
  jest.advanceTimersByTime(29 * 60_000);
  listeners.get('keydown')!();
  jest.advanceTimersByTime(29 * 60_000);
  expect(over).toEqual([]);
  jest.advanceTimersByTime(61_000);
  expect(over).toEqual([['over', true]]);
});

test('the server hears every few minutes of somebody who writes, and of nobody else', () => {
  watched();
  const type = (): void => (listeners.get('keydown')!(), listeners.get('input')!());
  for (let minute = 0; minute < 40; minute++) {
    type();
    jest.advanceTimersByTime(60_000);
  }
  expect(kept).toBe(13);
  for (let minute = 0; minute < 20; minute++) {
    listeners.get('pointermove')!();
    jest.advanceTimersByTime(60_000);
  }
  expect(kept).toBeLessThanOrEqual(14);
});
