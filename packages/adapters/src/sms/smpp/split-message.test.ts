import { expect, test } from '@jest/globals';
import { splitMessage } from './split-message.js';

const sizes = (text: string): (number | undefined)[] =>
  (splitMessage(text, 7) ?? []).map(({ bytes }) => bytes.length);

test('one part as long as it fits, then parts of 67 and 153 characters', () => {
  expect(sizes('码'.repeat(70))).toEqual([140]);
  expect(sizes('码'.repeat(71))).toEqual([6 + 134, 6 + 8]);
  expect(sizes('码'.repeat(134))).toEqual([140, 140]);
  expect(sizes('码'.repeat(135))).toEqual([140, 140, 8]);
  expect(sizes('a'.repeat(160))).toEqual([160]);
  expect(sizes('a'.repeat(161))).toEqual([6 + 153, 6 + 8]);
  expect(sizes('a'.repeat(306))).toEqual([159, 159]);
  expect(sizes('')).toEqual([0]);
});

test('characters that alphabets differ in go as UCS-2', () => {
  for (const text of ['@', '$', '_', '[', '`', '{', '~', 'é', '\t', '码'])
    expect(splitMessage(text, 0)![0]!.coding).toBe(8);
  expect(
    splitMessage('Code 482915, valid 5 minutes: (a/b) "c" #1 100%&+<=>?;!', 0)![0]!.coding,
  ).toBe(0);
});

test('no character of two code units is cut in half, whatever the place', () => {
  for (let before = 60; before < 75; before++) {
    const text = '码'.repeat(before) + '𠮷'.repeat(40);
    const parts = splitMessage(text, 255)!;
    const pieces = parts.map(({ bytes }) =>
      Buffer.from(bytes.slice(6)).swap16().toString('utf16le'),
    );
    expect(pieces.join('')).toBe(text);
    for (const piece of pieces) expect(() => encodeURIComponent(piece)).not.toThrow();
    for (const [i, { bytes }] of parts.entries()) {
      expect([...bytes.subarray(0, 6)]).toEqual([5, 0, 3, 255, parts.length, i + 1]);
      expect(bytes.length).toBeLessThanOrEqual(140);
    }
  }
});

test('what needs more than ten parts is no message', () => {
  expect(splitMessage('码'.repeat(670), 0)).toHaveLength(10);
  expect(splitMessage('码'.repeat(671), 0)).toBeNull();
});
