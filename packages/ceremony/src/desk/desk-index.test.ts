import { expect, test } from '@jest/globals';
import { systemRandom } from '@mandate/core';
import { deskIndex, deskKeys, openMasks } from './desk-index.js';

const secret = new Uint8Array(32).fill(7);
const letter = {
  ...{ authorizationId: 'aut_1', name: '王小明', idNumber: '11010519491231002X' },
  ...{ phone: '13800000001', lookupCode: 'ABCD-EFGH-JKLM-NPQR' },
};

test('masks open with the keys they were made with, and with no others', () => {
  const index = deskIndex(secret, letter, systemRandom);
  expect(openMasks(secret, 'aut_1', index)).toMatchObject({ name: '王**' });
  expect(openMasks(secret, 'aut_2', index)).toBeNull();
  for (const name of ['idKey', 'phoneKey', 'lookupKey', 'masks'] as const)
    expect(openMasks(secret, 'aut_1', { ...index, [name]: new Uint8Array(32) })).toBeNull();
});

test('an ID number is the same however it is typed', () => {
  const typed = ['110105 19491231 002x', '110105-19491231-002X', '11010519491231002X'];
  for (const text of typed)
    expect(deskKeys.idNumber(secret, text)).toEqual(deskKeys.idNumber(secret, letter.idNumber));
  const other = deskKeys.idNumber(secret, '110105194912310021');
  expect(other).not.toEqual(deskKeys.idNumber(secret, letter.idNumber));
});
