import { expect, test } from '@jest/globals';
import { rowMacs, type MacValue } from './row-macs.js';

const macs = rowMacs(new Uint8Array(32).fill(7));
const row = { id: 'a', at: new Date(5), bytes: Uint8Array.of(1, 2), rights: ['view'], left: null };

test('a code holds for its row, its table and its key only', () => {
  const mac = macs.of('approvals', row);
  expect([mac.length, macs.holds('approvals', row, mac)]).toEqual([32, true]);
  expect(macs.holds('orders', row, mac)).toBe(false);
  expect(rowMacs(new Uint8Array(32).fill(8)).holds('approvals', row, mac)).toBe(false);
  const changes: readonly Readonly<Record<string, MacValue>>[] = [
    { id: 'b' },
    { at: new Date(6) },
    { at: new Date(5).toISOString() },
    { bytes: Uint8Array.of(1, 3) },
    { rights: ['view', 'print'] },
    { left: '' },
    { more: 1 },
  ];
  for (const change of changes)
    expect(macs.holds('approvals', { ...row, ...change }, mac)).toBe(false);
});

test('the order of columns does not matter; a code of another length holds for nothing', () => {
  const mac = macs.of('orders', { a: 1, b: 2 });
  expect(macs.holds('orders', { b: 2, a: 1 }, mac)).toBe(true);
  expect(macs.holds('orders', { a: 1, b: 2 }, mac.subarray(1))).toBe(false);
});
