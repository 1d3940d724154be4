import { expect, test } from '@jest/globals';
import { TEST_NUMBERS } from '@mandate/core';
import {
  isCreditCode,
  isPhone,
  isResidentId,
  maskIdNumber,
  maskName,
  maskPhone,
  normalizePhone,
} from './index.js';

// 11010519491231002X is the worked example of GB 11643-1999.
test.each([
  ['11010519491231002X', true],
  ['11010519491231002x', false],
  ['110105194912310021', false],
  ['110105199002302939', false],
  ['010105194912310029', false],
  ['1101051949123100', false],
])('resident ID %s: %s', (text, valid) => {
  expect(isResidentId(text)).toBe(valid);
});

test('every single wrong digit of a resident ID is found', () => {
  const good = '11010519491231002X';
  for (let i = 0; i < 17; i++)
    for (const digit of '0123456789')
      if (digit !== good[i])
        expect(isResidentId(good.slice(0, i) + digit + good.slice(i + 1))).toBe(false);
});

test('unified social credit codes of public bodies pass, one wrong character fails', () => {
  // Bank of China; Industrial and Commercial Bank of China.
  for (const good of ['911000001000013428', '91100000100003962T']) {
    expect(isCreditCode(good)).toBe(true);
    for (let i = 0; i < 18; i++) {
      const other = good[i] === '1' ? '2' : '1';
      expect(isCreditCode(good.slice(0, i) + other + good.slice(i + 1))).toBe(false);
    }
  }
  expect(isCreditCode('91100000100003962t')).toBe(false);
  expect(isCreditCode('9110000010000396I')).toBe(false);
});

test.each([
  ['13800001234', true],
  ['12800001234', false],
  ['+85251234567', true],
  ['+8613800001234', false],
  ['85251234567', false],
  ['+0123456789', false],
])('phone %s: %s', (text, valid) => {
  expect(isPhone(text)).toBe(valid);
});

test('a mainland number has one spelling', () => {
  expect(normalizePhone('+8613800001234')).toBe('13800001234');
  expect(normalizePhone('+85251234567')).toBe('+85251234567');
});

test('masks as JR/T 0171 wants them', () => {
  expect(maskName('张三')).toBe('张*');
  expect(maskName('𠮷田茂')).toBe('𠮷**');
  expect(maskName('A')).toBe('A*');
  expect(maskPhone('13800001234')).toBe('138****1234');
  expect(maskPhone('+85251234567')).toBe('+852****4567');
  expect(maskIdNumber('110105199003072936')).toBe('110***********2936');
  expect(maskIdNumber('E12345678')).toBe('E******78');
});

test('the sandbox’s numbers can stand in a letter, so that they can be tried from end to end', () => {
  expect(Object.keys(TEST_NUMBERS).filter((phone) => !isPhone(phone))).toEqual([]);
});
