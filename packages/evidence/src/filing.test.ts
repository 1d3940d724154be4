import { expect, test } from '@jest/globals';
import { isDomainError, utf8 } from '@mandate/core';
import { looksLikeFiling, parseFilingList, readFiling } from './filing.js';
import { writeZip } from './zip.js';

const zip = (...names: readonly string[]) =>
  writeZip(names.map((name) => [name, utf8(name)] as const));
const codeOf = (act: () => unknown): string | undefined => {
  try {
    act();
    return undefined;
  } catch (error) {
    return isDomainError(error) ? error.code : 'another error';
  }
};

test('a name that only begins as a list’s makes no filing, and a container without lists is none', () => {
  const report = 'L-1/report.en.pdf';
  for (const name of [
    'index.en.csv.txt',
    'index.en.csv-',
    'index.en.csvx',
    'index.de.csv',
    'index.en.cs',
  ])
    expect([name, looksLikeFiling(zip(name, report))]).toEqual([name, false]);
  expect(codeOf(() => readFiling(zip('index.en.csv.txt', report)))).toBe('format-zip');
  expect(codeOf(() => readFiling(zip(report)))).toBe('format-zip');
  expect(codeOf(() => readFiling(zip('index.en.csv', report)))).toBe('format-zip');
  expect(looksLikeFiling(zip('index.en.csv', 'index.en.pdf'))).toBe(true);
  expect(readFiling(zip('index.zh.csv', 'index.zh.pdf', report)).files).toHaveLength(1);
});

test('a cell holds 131 072 characters and not one more, whatever plane they are of', () => {
  const list = (cell: string) => utf8(`\uFEFF${cell},b,c,d,e,f,g,h\r\n`);
  for (const character of ['a', '证', '𠮷']) {
    expect(codeOf(() => parseFilingList(list(character.repeat(131_072))))).toBeUndefined();
    expect(codeOf(() => parseFilingList(list(character.repeat(131_073))))).toBe('format-bundle');
  }
});

test('a list that asks for more memory than it says anything is refused where that shows', () => {
  const HEAD = '\uFEFFa,b,c,d,e,f,g,h\r\n';
  const missing = (n: number) => utf8(HEAD + ',L,n,,w,,,\r\n'.repeat(n));
  expect(parseFilingList(missing(21_999)).missing).toHaveLength(21_999);
  expect(codeOf(() => parseFilingList(missing(22_000)))).toBe('format-bundle');
  for (const cell of [',', '"', 'a'])
    expect(codeOf(() => parseFilingList(utf8(HEAD + cell.repeat(33 << 20))))).toBe('format-bundle');
  // as many cells or lines as its bytes allow: told at the ninth cell, and at the line that is too many
  for (const wide of [','.repeat(31 << 20), ',,,,,,,\r\n'.repeat(3_000_000)])
    expect(codeOf(() => parseFilingList(utf8(HEAD + wide)))).toBe('format-bundle');
});
