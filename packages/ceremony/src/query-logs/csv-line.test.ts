import { expect, test } from '@jest/globals';
import { csvCells } from '../bulk/csv-rows.js';
import { csvLine } from './csv-line.js';

test('a line reads back, and nothing in it is a formula', () => {
  const cells = ['a', 'b,c', 'd"e', 'f\ng', '', '=1+1', '+1', '-1', '@x', '\t=1', '＝1', '|x'];
  const line = csvLine([...cells, 7, null]);
  expect(line.endsWith('\r\n')).toBe(true);
  const read = csvCells(line.slice(0, -2), 'invalid-request');
  expect(read.slice(0, 5)).toEqual(cells.slice(0, 5));
  expect(read.slice(5, 12)).toEqual(cells.slice(5).map((cell) => `'${cell}`));
  expect(read.slice(12)).toEqual(['7', '']);
});
