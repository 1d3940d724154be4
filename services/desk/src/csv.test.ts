import { expect, test } from '@jest/globals';
import { csvFile } from './csv.js';

const text = (value: string | number | null) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(csvFile([[value]]));

test.each(['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '\t=1', '\r=1', '＝1', '=HYPERLINK("x")'])(
  'a spreadsheet does not compute %j',
  (formula) => {
    expect(text(formula)).toBe(`\ufeff"'${formula.replaceAll('"', '""')}"\r\n`);
  },
);

test('quotes are doubled, numbers and nothing stay what they are, and lines end as RFC 4180 has it', () => {
  expect(text('a "b", c')).toBe('\ufeff"a ""b"", c"\r\n');
  expect([text(-1), text(null)]).toEqual(['\ufeff"-1"\r\n', '\ufeff""\r\n']);
});
