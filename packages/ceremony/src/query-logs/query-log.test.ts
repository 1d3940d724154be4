import { expect, test } from '@jest/globals';
import { sha256Hex, utf8, type DomainError, type RequestFault } from '@mandate/core';
import { HELD_BYTES } from './decoded-records.js';
import { isFaulty, readQueryLog } from './query-log.js';

const AUT = 'aut_019a1111-2222-7333-8444-555566667777';
async function* sent(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
/** Queries and faulty lines, or the refusal of the whole. */
async function read(file: Uint8Array | string, size = 5) {
  const bytes = typeof file === 'string' ? utf8(file) : file;
  const found: unknown[] = [];
  try {
    const log = readQueryLog(sent(bytes, size));
    let next = await log.next();
    for (; !next.done; next = await log.next()) {
      const { record } = next.value;
      found.push(
        isFaulty(record)
          ? `${record.line} ${record.fault}`
          : { ...record, at: record.at.toISOString() },
      );
    }
    expect(next.value).toEqual({ digest: sha256Hex(bytes), bytes: bytes.length });
    return found;
  } catch (error) {
    const { code, extensions } = error as DomainError;
    return [code, ...(extensions['errors'] as readonly RequestFault[]).map(({ rule }) => rule)];
  }
}

test('a log in UTF-8, with and without a byte order mark, and in GB18030', async () => {
  const query = {
    ...{ line: 2, query: 'Q-1', at: '2026-11-21T02:00:00.000Z', purpose: 'loan-approval' },
    ...{ named: { by: 'reference', value: '业务-7' }, operator: '李,"操作"', subject: null },
  };
  const zh =
    '查询时间,查询编号,业务编号,查询原因,操作员\r\n2026-11-21 10:00:00,Q-1,业务-7,贷款审批,"李,""操作"""\r\n';
  expect(await read(zh)).toEqual([query]);
  expect(await read(`\ufeff${zh}`)).toEqual([query]);
  // as the bytes of GB18030 are for these characters
  const gb = new Map(
    [...'查询时间编号业务原因操作员贷款审批李'].map((char, i) => [
      char,
      [
        ...['b2e9', 'd1af', 'cab1', 'bce4', 'b1e0', 'bac5', 'd2b5', 'cef1', 'd4ad', 'd2f2', 'b2d9'],
        ...['d7f7', 'd4b1', 'b4fb', 'bfee', 'c9f3', 'c5fa', 'c0ee'],
      ][i]!,
    ]),
  );
  const bytes = Buffer.concat(
    [...zh].map((char) => (gb.has(char) ? Buffer.from(gb.get(char)!, 'hex') : Buffer.from(char))),
  );
  expect(await read(bytes)).toEqual([query]);
  // nothing is read as what it may not be
  expect(await read(Buffer.concat([Buffer.from(zh), bytes]))).toEqual([
    query,
    '3 encoding',
    '4 encoding',
  ]);
  expect(await read(Buffer.concat([Buffer.from(zh), Buffer.from([0x81, 0x0a])]))).toEqual([
    ...[query, '3 encoding'],
  ]);
});

test('a name that reads as text in both encodings settles nothing; the first line that is one of them does', async () => {
  const row = (name: string | Buffer, nth: number): Buffer =>
    Buffer.concat([
      Buffer.from(`2026-11-21 10:00:00,Q-${nth},M1,loan-approval,`),
      ...[Buffer.from(name), Buffer.from('\n')],
    ]);
  const log = (...rows: Buffer[]): Buffer =>
    Buffer.concat([Buffer.from('time,query,letter,purpose,operator\n'), ...rows]);
  const operators = async (bytes: Buffer, size?: number): Promise<unknown[]> =>
    (await read(bytes, size)).map((each) =>
      typeof each === 'string' ? each : (each as { operator: string }).operator,
    );
  const gb = { 郑伟: Buffer.from('d6a3ceb0', 'hex'), 李: Buffer.from('c0ee', 'hex') };
  expect(await operators(log(row('op', 1), row(gb.郑伟, 2), row('op', 3), row(gb.李, 4)))).toEqual([
    ...['op', '郑伟', 'op', '李'],
  ]);
  expect(await operators(log(row('李四', 1), row('op', 2), row('王五六', 3)))).toEqual([
    ...['李四', 'op', '王五六'],
  ]);
  // nothing tells
  expect(await operators(log(row('李四', 1), row('op', 2)))).toEqual(['李四', 'op']);
  expect(await operators(log(row('李四', 1), row(Buffer.from([0x81]), 2), row(gb.李, 3)))).toEqual([
    ...[new TextDecoder('gb18030').decode(utf8('李四')), '3 encoding', '李'],
  ]);
  // what waits is bounded
  const many = Array.from({ length: HELD_BYTES / 100 }, (_, i) => row('op', i));
  const told = await operators(log(row(gb.郑伟, 0), ...many, row(gb.李, 1)), 65_536);
  expect([told[0], told.at(-1)]).toEqual([gb.郑伟.toString('utf8'), `${many.length + 3} encoding`]);
});

test('columns in any order; the first name that is given counts; times with a zone', async () => {
  const log = [
    'operator,subject,purpose,letter,authorization,query,time',
    `op,11010519900307001x,income-verification,,${AUT},a:1,2026-11-21T10:00:00.25+08:00`,
    '',
    'op,,fraud-prevention,M20261121-7F3K9Q2M,,a:2,2026/11/21 10:00:00Z',
    // as spreadsheets write it
    'op,,fraud-prevention,M20261121-7F3K9Q2M,,a:3,2026/1/5 9:03',
  ].join('\n');
  expect(await read(log)).toEqual([
    expect.objectContaining({
      ...{ line: 2, at: '2026-11-21T02:00:00.250Z', named: { by: 'id', value: AUT } },
      subject: '11010519900307001X',
    }),
    expect.objectContaining({
      ...{ line: 4, at: '2026-11-21T10:00:00.000Z', subject: null },
      named: { by: 'letter', value: 'M20261121-7F3K9Q2M' },
    }),
    expect.objectContaining({ line: 5, at: '2026-01-05T01:03:00.000Z' }),
  ]);
});

test('headings and lines that cannot be read are named', async () => {
  expect(await read('')).toEqual(['log-refused', 'heading-missing']);
  expect(await read('time,query,purpose,operator\n')).toEqual(['log-refused', 'heading-missing']);
  expect(await read('time,query,purpose,operator,phone\n')).toEqual([
    ...['log-refused', 'heading-unknown'],
  ]);
  expect(await read('time,time,query,purpose,operator,letter\n')).toEqual([
    ...['log-refused', 'heading-repeated'],
  ]);
  const good = ['2026-11-21 10:00:00', 'Q', 'M1', 'loan-approval', 'op', ''];
  const but = (i: number, cell: string): string =>
    good.map((each, at) => (at === i ? cell : each)).join(',');
  const lines = [
    but(0, '21.11.2026'),
    but(0, '2026-02-31 10:00:00'),
    but(0, '2026-11-21 25:00:00'),
    but(0, '2026/13/5 9:03'),
    but(1, ''),
    but(1, '=1+1'),
    but(2, ''),
    but(2, 'M 1'),
    but(3, 'curiosity'),
    but(4, ''),
    but(4, 'o'.repeat(65)),
    but(5, '张三'),
    'a,b',
    'a"b,,,,,',
    good.join(','),
    `"${'x'.repeat(70_000)}"`,
  ];
  const found = await read(
    `time,query,letter,purpose,operator,subject\n${lines.join('\n')}\n`,
    4096,
  );
  expect(found.map((each) => (typeof each === 'string' ? each : 'fine'))).toEqual([
    ...['2 time', '3 time', '4 time', '5 time', '6 query', '7 query', '8 name-missing', '9 letter'],
    ...['10 purpose', '11 operator', '12 operator', '13 subject', '14 cells'],
    // the quote that stands alone takes all that follows with it
    '15 too-long',
  ]);
});
