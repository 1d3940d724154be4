import { expect, test } from '@jest/globals';
import type { DueDelivery } from '@mandate/store';
import { DISABLE_AFTER, judge, PAUSES } from './deliver-webhooks.js';

const at = new Date('2026-11-21T08:00:00Z');
const random = (byte: number) => ({ bytes: (n: number) => new Uint8Array(n).fill(byte) });
const delivery = (change: Partial<DueDelivery> = {}): DueDelivery => ({
  id: 1,
  endpointId: 'whe_1',
  url: 'https://bank.com.cn/',
  tries: 1,
  failingSince: null,
  ...change,
});

test('only 2xx is a delivery', () => {
  for (const status of [200, 201, 204, 299])
    expect(judge(delivery(), { status }, at, random(0))).toMatchObject({
      delivered: true,
      nextAt: null,
      disable: null,
    });
  for (const status of [100, 199, 300, 302, 400, 401, 404, 429, 500, 503])
    expect(judge(delivery(), { status }, at, random(0))).toMatchObject({
      delivered: false,
      status,
      disable: null,
    });
});

test('pauses grow, with up to a tenth more; after the last one it is given up', () => {
  PAUSES.forEach((seconds, index) => {
    const tried = delivery({ tries: index + 1 });
    const pause = (byte: number) =>
      (judge(tried, { fault: 'timeout' }, at, random(byte)).nextAt!.getTime() - at.getTime()) /
      1000;
    expect(pause(0)).toBe(seconds);
    expect(pause(255)).toBeCloseTo(seconds * 1.1, 3);
  });
  const last = judge(delivery({ tries: PAUSES.length + 1 }), { status: 500 }, at, random(0));
  expect(last).toMatchObject({ delivered: false, nextAt: null, disable: null });
  expect(PAUSES.reduce<number>((sum, pause) => sum + pause, 0)).toBeGreaterThan(3 * 86_400);
});

test('410 ends it at once; five days without a success switch it off, not an hour less', () => {
  expect(judge(delivery(), { status: 410 }, at, random(0))).toMatchObject({
    nextAt: null,
    disable: 'gone',
  });
  const since = (seconds: number) => new Date(at.getTime() - seconds * 1000);
  const failing = (seconds: number) =>
    judge(delivery({ failingSince: since(seconds) }), { status: 500 }, at, random(0)).disable;
  expect(failing(DISABLE_AFTER)).toBe('failing');
  expect(failing(DISABLE_AFTER - 3600)).toBeNull();
});
