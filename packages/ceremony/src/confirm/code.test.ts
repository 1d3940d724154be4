import { expect, test } from '@jest/globals';
import { sha256, systemRandom, utf8 } from '@mandate/core';
import { codeMac, newCode, openCode, phoneKey, sealCode } from './code.js';

const SECRET = sha256(utf8('secret'));
const DIGEST = 'ab'.repeat(32);

/** Gives the numbers one after the other, as four bytes each. */
const drawing = (...numbers: number[]) => ({
  bytes: () => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, numbers.shift()!);
    return bytes;
  },
});

test('a code keeps leading zeros, and numbers that would favour low codes are drawn again', () => {
  expect(newCode(drawing(42))).toBe('000042');
  expect(newCode(drawing(1_000_007))).toBe('000007');
  // 4 294 000 000 is the first number without a full range of its own
  expect(newCode(drawing(4_293_999_999))).toBe('999999');
  expect(newCode(drawing(4_294_000_000, 2 ** 32 - 1, 123_456))).toBe('123456');
});

test('10 000 codes spread over all leading digits', () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 10_000; i++) {
    const code = newCode(systemRandom);
    expect(code).toMatch(/^\d{6}$/);
    counts.set(code[0]!, (counts.get(code[0]!) ?? 0) + 1);
  }
  expect(counts.size).toBe(10);
  // seven standard deviations around 1000
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(210);
});

test('a keyed digest belongs to one code, one challenge, one secret and one use', () => {
  const mac = codeMac(SECRET, DIGEST, '123456');
  const others = [
    codeMac(SECRET, DIGEST, '123457'),
    codeMac(SECRET, 'ac'.repeat(32), '123456'),
    codeMac(sha256(SECRET), DIGEST, '123456'),
    phoneKey(SECRET, '123456'),
  ];
  for (const other of others) expect(other).not.toEqual(mac);
  expect(codeMac(SECRET, DIGEST, '123456')).toEqual(mac);
});

test('a sealed code opens for its own challenge and secret only', () => {
  const box = sealCode(SECRET, 'chl_1', '123456', systemRandom);
  expect(openCode(SECRET, 'chl_1', box)).toBe('123456');
  const corrupt = box.slice();
  corrupt[14]! ^= 1;
  for (const [secret, id, bytes] of [
    [SECRET, 'chl_2', box],
    [sha256(SECRET), 'chl_1', box],
    [SECRET, 'chl_1', corrupt],
  ] as const)
    expect(() => openCode(secret, id, bytes)).toThrow(
      expect.objectContaining({ code: 'object-corrupt' }),
    );
});
