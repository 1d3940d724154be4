import { expect, test } from '@jest/globals';
import { cleanText, cleanValue } from './index.js';

test.each([
  0x0000, 0x0009, 0x000a, 0x007f, 0x00a0, 0x00ad, 0x0301, 0x061c, 0x115f, 0x180e, 0x2003, 0x200b,
  0x200d, 0x200e, 0x2028, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0x2800, 0x3164, 0xd800, 0xdfff,
  0xe000, 0xfe0f, 0xfeff, 0xfffc, 0xfffd, 0xfffe, 0xe0001, 0xe0100,
])('U+%# is refused', (codePoint) => {
  // A base that composes with nothing, so that combining marks stay what they are.
  const text = `龙${String.fromCodePoint(codePoint)}`;
  expect(() => cleanText(text, 'x')).toThrow(
    expect.objectContaining({ code: 'text-forbidden-character' }),
  );
});

test('NFC, never NFKC', () => {
  expect(cleanText('Jose\u0301', 'x')).toBe('Jos\u00e9');
  // A CJK compatibility ideograph is canonically its unified one; a Kangxi radical is not.
  expect(cleanText('\uf90a', 'x')).toBe('\u91d1');
  expect(cleanText('\u2fa6', 'x')).toBe('\u2fa6');
  expect(cleanText('张 䶮\u3000𠮷·', 'x')).toBe('张 䶮\u3000𠮷·');
});

test('a whole value is cleaned, member names too', () => {
  expect(cleanValue({ a: ['e\u0301', 1, null] }, 'v')).toEqual({ a: ['é', 1, null] });
  expect(() => cleanValue({ a: { b: ['\u202e'] } }, 'v')).toThrow(
    expect.objectContaining({ detail: 'U+202E in v.a.b.0' }),
  );
  expect(() => cleanValue({ 'a\u200b': 1 }, 'v')).toThrow(
    expect.objectContaining({ code: 'text-forbidden-character' }),
  );
});
