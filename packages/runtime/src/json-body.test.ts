import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseStrictJson } from './json-body.js';

const refused = expect.objectContaining({ code: 'invalid-request' });

test.each([
  ['nothing', ''],
  ['a torn object', '{"a":1'],
  ['a trailing comma', '{"a":1,}'],
  ['two values', '{} {}'],
  ['a duplicate member', '{"a":1,"a":2}'],
  ['a duplicate member, white space', '{"a" \n :1,"b":{"a":1},"a":2}'],
  ['a duplicate member spelt with an escape', '{"a":1,"\\u0061":2}'],
  ['a duplicate far below', '[[{"x":{"y":1,"y":1}}]]'],
  ['U+0000 in a value', '{"a":"\\u0000"}'],
  ['U+0000 in a name', '{"\\u0000":1}'],
  ['half a surrogate pair', '{"a":"\\ud840"}'],
  ['__proto__', '{"__proto__":{"admin":true}}'],
  ['a hundred arrays', '['.repeat(100) + ']'.repeat(100)],
  ['a hundred thousand arrays', '['.repeat(100_000)],
  ['an open string', '{"a'],
  ['an open escape', '{"a\\'],
])('%s is refused', (_name, text) => {
  expect(() => parseStrictJson(text)).toThrow(refused);
});

test.each([
  ['the same name in different objects', '{"a":{"a":1},"b":[{"a":1},{"a":2}]}'],
  ['braces and quotes inside strings', '{"a":"{\\"a\\":1}","b":"}]","c":"\\\\"}'],
  ['a value equal to a name', '{"a":"a","b":"a"}'],
  ['a rare character', '{"name":"䶮𠮷"}'],
])('%s is read', (_name, text) => {
  expect(parseStrictJson(text)).toEqual(JSON.parse(text));
});

test('white space of any length before the colon does not hide a duplicate', () => {
  expect(() => parseStrictJson(`{"a":1,"a"${' '.repeat(500)}:2}`)).toThrow(refused);
});

test('reads what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value, null, 1);
      fc.pre(!/\\u0000|\\ud[89a-f]|__proto__/.test(text));
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    }),
    { numRuns: 200 },
  );
});
