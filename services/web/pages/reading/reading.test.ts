import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { forgetReadings } from './kept-readings.js';
import { Reading } from './reading.js';
import type { SigningView } from '../signing-view.js';

/** A tab: its storage outlives the pages in it. */
const stored = new Map<string, string>();
let now = 0;
let page: EventTarget & { visibilityState: string };

/** A page of the tab, as after a load. */
function load(): void {
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const windowEvents = new EventTarget();
  Object.assign(globalThis, {
    document: Object.assign(page, { querySelector: () => null }),
    addEventListener: windowEvents.addEventListener.bind(windowEvents),
    removeEventListener: windowEvents.removeEventListener.bind(windowEvents),
    innerWidth: 360,
    innerHeight: 740,
  });
  leave = () => void windowEvents.dispatchEvent(new Event('pagehide'));
}
let leave: () => void;
const hide = (): void => {
  page.visibilityState = 'hidden';
  page.dispatchEvent(new Event('visibilitychange'));
};
const show = (): void => {
  page.visibilityState = 'visible';
  page.dispatchEvent(new Event('visibilitychange'));
};

const names = ['document', 'addEventListener', 'removeEventListener', 'sessionStorage'] as const;
const before = names.map((name) => [name, Reflect.get(globalThis, name)] as const);
const realNow = performance.now;
beforeEach(() => {
  stored.clear();
  now = 1000;
  performance.now = () => now;
  const methods = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };
  const storage = new Proxy(methods, {
    ownKeys: () => [...stored.keys()],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
  Object.defineProperty(globalThis, 'sessionStorage', {
    value: storage,
    configurable: true,
    writable: true,
  });
  load();
});
afterEach(() => {
  performance.now = realNow;
  for (const [name, value] of before)
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
});

const VIEW = { clauses: [{ id: 'use' }, { id: 'end' }] } as unknown as SigningView;
const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

describe('a set whose page is loaded anew', () => {
  test('each letter goes on with its own times, answers and place', () => {
    const first = new Reading(A);
    now += 40_000;
    first.wasVisible('use', 9000);
    first.acknowledge('use', true);
    first.place = 'clauses';
    first.follow(false);
    const second = new Reading(B);
    now += 5000;
    second.wasVisible('use', 2000);
    leave();

    load();
    now += 100_000; // while no page was there nothing was read
    const again = new Reading(A);
    expect(again.seconds).toBe(40);
    expect(again.place).toBe('clauses');
    expect(again.isAcknowledged('use')).toBe(true);
    again.acknowledge('end', true);
    const { clauses, secondsOpen } = again.record(VIEW, 'zh', false);
    expect(secondsOpen).toBe(40);
    expect(clauses).toEqual([
      { id: 'use', visibleMilliseconds: 9000, acknowledgedAfterMilliseconds: 40_000 },
      { id: 'end', visibleMilliseconds: 0, acknowledgedAfterMilliseconds: 40_000 },
    ]);
    const other = new Reading(B);
    now += 1000;
    expect(other.seconds).toBe(6);
    expect(other.isAcknowledged('use')).toBe(false);
    expect(other.record(VIEW, 'zh', false).clauses[0]).toMatchObject({ visibleMilliseconds: 2000 });
  });

  test('time in the background is not read, and what was read before it is kept', () => {
    const reading = new Reading(A);
    now += 3000;
    hide();
    now += 60_000;
    expect(new Reading(A).seconds).toBe(3);
    show();
    now += 2000;
    expect(reading.seconds).toBe(5);
    leave();
    load();
    expect(new Reading(A).seconds).toBe(5);
  });

  test('a letter nobody has opened starts at nothing', () => {
    new Reading(A).keep();
    now += 7000;
    expect(new Reading(B).seconds).toBe(0);
  });
});

test('handed in: nothing is kept, also not when the page is left', () => {
  stored.set('mandate-preferences', '{}');
  const [first, second] = [new Reading(A), new Reading(B)];
  first.keep();
  second.keep();
  for (const reading of [first, second]) reading.close();
  forgetReadings();
  leave();
  hide();
  expect([...stored.keys()]).toEqual(['mandate-preferences']);
});

test('without storage the page works for as long as it lives', () => {
  Object.defineProperty(globalThis, 'sessionStorage', {
    get: () => {
      throw new Error('denied');
    },
    configurable: true,
  });
  const reading = new Reading(A);
  now += 2000;
  reading.keep();
  forgetReadings();
  expect(reading.seconds).toBe(2);
});
