import { expect, test } from '@jest/globals';
import { isDomainError, utf8 } from '@mandate/core';
import { digest, integer, list, moment, oneOf, readJson, record, text } from './json-shape.js';

const shape = record({
  kind: oneOf('a', 'b'),
  count: integer(1, 5),
  at: moment,
  digest,
  names: list(text(), 2),
});
const good = {
  at: '2026-11-21T09:30:00Z',
  count: 3,
  digest: 'a'.repeat(64),
  kind: 'a',
  names: ['x'],
};

const refused = (value: unknown): boolean => {
  try {
    readJson(utf8(typeof value === 'string' ? value : JSON.stringify(value)), shape);
    return false;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return true;
  }
};

test('exactly the shape is accepted', () => {
  expect(readJson(utf8(JSON.stringify(good)), shape)).toEqual(good);
});

test.each<[string, unknown]>([
  ['no JSON', '{'],
  ['white space', ` ${JSON.stringify(good)}`],
  ['an array', [good]],
  ['null', null],
  ['a missing member', { ...good, kind: undefined }],
  ['an extra member', { ...good, zzz: 1 }],
  ['a member twice', JSON.stringify(good).replace('{', '{"at":"2026-11-21T09:30:00Z",')],
  ['another word', { ...good, kind: 'toString' }],
  ['a number as text', { ...good, count: '3' }],
  ['a number too large', { ...good, count: 6 }],
  ['an upper-case digest', { ...good, digest: 'A'.repeat(64) }],
  ['a time without zone', { ...good, at: '2026-11-21T09:30:00' }],
  ['a time that does not exist', { ...good, at: '2026-13-21T09:30:00Z' }],
  ['30 February', { ...good, at: '2026-02-30T09:30:00Z' }],
  ['24 o’clock', { ...good, at: '2026-11-21T24:00:00Z' }],
  ['too long a list', { ...good, names: ['x', 'y', 'z'] }],
  ['a text with a control character', { ...good, names: ['x\u0007'] }],
])('%s is refused', (_, value) => expect(refused(value)).toBe(true));
