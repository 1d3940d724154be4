import { expect, test } from '@jest/globals';
import { NAMED_LIMITS, namedCounts } from './named-counts.js';
import { tellsPeople } from './personal-digits.js';

const named = (value: string) => ({ by: 'letter' as const, value });

test('more queries than one letter may have, and more subjects, go over', () => {
  const over = namedCounts();
  for (let i = 0; i < NAMED_LIMITS.queries; i++)
    expect(over({ named: named('M1'), subject: null })).toBeNull();
  expect(over({ named: named('M1'), subject: null })).toBe('too-many');
  const subjects = ['A', 'B', 'A', 'C', 'C', 'D', 'B'];
  expect(subjects.map((subject) => over({ named: named('M2'), subject }))).toEqual([
    ...[null, null, null, null, null, 'subjects-too-many', null],
  ]);
  expect(over({ named: named('M3'), subject: 'D' })).toBeNull();
});

test('ID and phone numbers are known in an id, and serial numbers are none', () => {
  const at = new Date('2026-11-21T00:00:00Z');
  const known = ['11010519491231002X', 'Q-11010519491231002x', '110105491231002', '8613800138000'];
  expect(known.filter((text) => !tellsPeople(text, at))).toEqual([]);
  const serial = [
    '20261121000000001',
    '110105194912310021',
    '138001380001',
    'Q-1',
    '1700000000000',
  ];
  expect(serial.filter((text) => tellsPeople(text, at))).toEqual([]);
});
