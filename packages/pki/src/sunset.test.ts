import { expect, test } from '@jest/globals';
import {
  endedBy,
  reliableUntil,
  SUNSETS,
  SUNSETS_REVIEW_BY,
  type UsedAlgorithm,
} from './sunset.js';

const until = (...used: UsedAlgorithm[]): string | null =>
  reliableUntil(used)?.toISOString().slice(0, 10) ?? null;

// ETSI TS 119 312 V2.1.1, annex D; the last column is for what others signed
test.each([
  ['sha256', 0, null, null],
  ['sha3-256', 0, null, null],
  ['sha1', 0, '2012-08-01', '2012-08-01'],
  ['ripemd160', 0, '2014-08-01', '2014-08-01'],
  ['sha224', 0, '2026-01-01', '2031-01-01'],
  ['ecdsa', 256, null, null],
  ['ecdsa', 521, null, null],
  ['ecdsa', 224, '2021-10-01', '2021-10-01'],
  ['ecdsa', 192, '2012-08-01', '2012-08-01'],
  ['ed25519', 0, null, null],
  ['ed448', 0, null, null],
  ['rsa', 4096, null, null],
  ['rsa', 3000, null, null],
  ['rsa', 2999, '2026-01-01', '2031-01-01'],
  ['rsa', 2048, '2026-01-01', '2031-01-01'],
  ['rsa', 1536, '2019-10-01', '2019-10-01'],
  ['rsa', 1024, '2019-10-01', '2019-10-01'],
  ['rsa', 1023, '2010-08-01', '2010-08-01'],
  ['dsa', 1024, '2015-12-01', '2015-12-01'],
  // not in the table: never relied upon
  ['rsa', 512, '1970-01-01', '1970-01-01'],
  ['unknown', 0, '1970-01-01', '1970-01-01'],
] as const)('%s of %d bits ends %s, others’ %s', (family, bits, end, othersEnd) => {
  expect(until({ family, bits })).toBe(end);
  const others = reliableUntil([{ family, bits }], SUNSETS, 'others');
  expect(others?.toISOString().slice(0, 10) ?? null).toBe(othersEnd);
});

test('what had ended by a day', () => {
  const used: UsedAlgorithm[] = [
    { family: 'sha256', bits: 0 },
    { family: 'rsa', bits: 2048 },
  ];
  expect(endedBy(new Date('2025-12-31T23:59:59Z'), used)).toBeUndefined();
  expect(endedBy(new Date('2026-01-01T00:00:00Z'), used)).toBe(used[1]);
  expect(endedBy(new Date('2026-01-01T00:00:00Z'), used, SUNSETS, 'others')).toBeUndefined();
});

test('the first end of several counts', () => {
  expect(until({ family: 'sha256', bits: 0 }, { family: 'ecdsa', bits: 256 })).toBeNull();
  expect(until({ family: 'rsa', bits: 2048 }, { family: 'rsa', bits: 1024 })).toBe('2019-10-01');
  expect(until()).toBeNull();
});

test('nothing in the table lies between its review and an end nobody would notice', () => {
  for (const { endsAt } of SUNSETS) if (endsAt) expect(endsAt < SUNSETS_REVIEW_BY).toBe(true);
});
