import { expect, test } from '@jest/globals';
import { LIMITS } from '@mandate/ceremony';
import type { Request } from 'express';
import { limitCodes } from './limit-codes.js';
import type { WebParts } from './web-parts.js';

const rows = new Map<string, number>();
const parts = {
  clock: { now: () => new Date('2026-11-21T09:30:00Z') },
  record: {
    counterKey: async (text: string) => `keyed(${text})`,
    count: async ({ scope, key, max }: { scope: string; key: string; max: number }) => {
      const count = (rows.get(scope + key) ?? 0) + 1;
      if (count > max) return false;
      rows.set(scope + key, count);
      return true;
    },
  },
} as unknown as WebParts;
const from = (ip: string, agent: string) =>
  limitCodes(parts, {
    ip,
    get: (name: string) => (name === 'user-agent' ? agent : undefined),
  } as unknown as Request).then(
    () => 'sent',
    (error: { code: string; extensions: object }) => [error.code, error.extensions],
  );
const refused = ['rate-limited', { retryAfterSeconds: 1800 }];

test('a browser is stopped before its neighbours behind the same address, then the address', async () => {
  for (let n = 0; n < LIMITS.codesPerDevice; n++)
    expect(await from('203.0.113.7', 'one')).toBe('sent');
  expect(await from('203.0.113.7', 'one')).toEqual(refused);
  expect(await from('203.0.113.7', 'another')).toBe('sent');
  expect(await from('203.0.113.8', 'one')).toBe('sent');
  // the refused ones counted for the address as well
  for (let n = LIMITS.codesPerDevice + 2; n < LIMITS.codesPerAddress; n++)
    expect(await from('203.0.113.7', `nth ${n}`)).toBe('sent');
  expect(await from('203.0.113.7', 'a new one')).toEqual(refused);
});
