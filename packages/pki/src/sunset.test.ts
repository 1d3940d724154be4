import { expect, test } from '@jest/globals';
import { reliableUntil, SUNSETS, SUNSETS_REVIEW_BY, type UsedAlgorithm } from './sunset.js';

const until = (...used: UsedAlgorithm[]): string | null =>
  reliableUntil(used)?.toISOString().slice(0, 10) ?? null;

test.each([
  ['sha256', 0, null],
  ['ecdsa', 256, null],
  ['ecdsa', 521, null],
  ['ed25519', 256, null],
  ['rsa', 4096, null],
  ['rsa', 3000, null],
  ['rsa', 2999, '2026-01-01'],
  ['rsa', 2048, '2026-01-01'],
  ['rsa', 1536, '2017-01-01'],
  ['rsa', 1024, '2010-01-01'],
  ['ecdsa', 224, '2016-01-01'],
  // not in the table: never relied upon
  ['unknown', 0, '1970-01-01'],
] as const)('%s of %d bits ends %s', (family, bits, end) => {
  expect(until({ family, bits })).toBe(end);
});

test('the first end of several counts', () => {
  expect(until({ family: 'sha256', bits: 0 }, { family: 'ecdsa', bits: 256 })).toBeNull();
  expect(until({ family: 'rsa', bits: 2048 }, { family: 'rsa', bits: 1024 })).toBe('2010-01-01');
  expect(until()).toBeNull();
});

test('nothing in the table lies between its review and an end nobody would notice', () => {
  for (const { endsAt } of SUNSETS) if (endsAt) expect(endsAt < SUNSETS_REVIEW_BY).toBe(true);
});
