import { expect, test } from '@jest/globals';
import { addSeconds, isDomainError, type ReportSaid } from '@mandate/core';
import type { ReportActRow } from './case-ports.js';
import type { CaseDeps } from './cases.js';
import { orderRequestKey, reportActHolds, reportActs } from './report-acts.js';
import { rowMacs } from './row-macs.js';

const AT = new Date('2026-11-22T08:00:00.000Z');
const REPORT = 'rep_019a1111-2222-7333-8444-555566667777';
const UNDER = { order: 'ord_1', access: 'acc_1', report: REPORT };
const result: ReportSaid = {
  ...{ act: 'result', indication: 'TOTAL-PASSED', subIndication: null, files: { a: '1' } },
};
const facts = (madeAt: Date, text = '{"a":1}'): ReportSaid => ({
  ...{ act: 'facts', madeAt: madeAt.toISOString(), facts: text },
});

/** `now`: seconds after the opening. */
function vault(now = 5) {
  const rows = new Map<string, ReportActRow>();
  const macs = rowMacs(new Uint8Array(32).fill(7));
  const record = {
    orderOpening: async (id: string) =>
      id === 'acc_1' ? { order: 'ord_1', authorizationId: 'aut_1', at: AT } : null,
    reportAct: async (id: string, act: string) => rows.get(`${id}/${act}`) ?? null,
    addReportAct: async (row: ReportActRow) => {
      const taken = ({ act, accessId, reportId }: ReportActRow) =>
        act === row.act && (accessId === row.accessId || reportId === row.reportId);
      if ([...rows.values()].some(taken)) return false;
      rows.set(`${row.reportId}/${row.act}`, row);
      return true;
    },
  } as unknown as CaseDeps['record'];
  const { settleReport } = reportActs({ record, macs, clock: { now: () => addSeconds(AT, now) } });
  const settle = (said: ReportSaid, change: Partial<typeof UNDER> = {}): Promise<string> =>
    settleReport({ ...UNDER, ...change, said }).then(
      () => 'done',
      (error: unknown) => (isDomainError(error) ? error.code : String(error)),
    );
  return { settle, rows, macs };
}

test('facts are of the moment of their opening, under its order, and nothing else', async () => {
  const { settle, rows, macs } = vault();
  expect(await settle(facts(AT), { order: 'ord_2' })).toBe('not-found');
  expect(await settle(facts(AT), { access: 'acc_2' })).toBe('not-found');
  expect(await settle(facts(AT), { report: 'rep_1' })).toBe('invalid-request');
  expect(await settle(facts(AT, 'x'.repeat(10_000)))).toBe('invalid-request');
  for (const seconds of [-24 * 3600, -15 * 60 - 1, 5 * 60 + 1, 24 * 3600])
    expect([seconds, await settle(facts(addSeconds(AT, seconds)))]).toEqual([
      ...[seconds, 'guard-refused'],
    ]);
  expect(await settle({ act: 'facts', madeAt: 'yesterday', facts: '{}' })).toBe('guard-refused');
  expect(await vault(3601).settle(facts(AT))).toBe('guard-refused');
  expect(rows.size).toBe(0);
  expect(await settle(facts(addSeconds(AT, -60)))).toBe('done');
  expect([...rows.values()].every((row) => reportActHolds(macs, row))).toBe(true);
});

test('what was said stays: the same again is nothing, anything else a conflict', async () => {
  const { settle, rows } = vault();
  expect(await settle(facts(AT))).toBe('done');
  expect(await settle(result)).toBe('done');
  const before = [...rows.values()];
  expect(await settle(facts(AT))).toBe('done');
  expect(await settle(result)).toBe('done');
  expect(await settle(facts(AT, '{"a":2}'))).toBe('version-conflict');
  expect(await settle(facts(addSeconds(AT, 1)))).toBe('version-conflict');
  expect(await settle({ ...result, indication: 'TOTAL-FAILED' } as ReportSaid)).toBe(
    'version-conflict',
  );
  expect([...rows.values()]).toEqual(before);
});

test('an opening has one report: another one’s facts are a conflict', async () => {
  const { settle, rows } = vault();
  expect(await settle(facts(AT))).toBe('done');
  const another = { report: REPORT.replace('0', '1') };
  expect(await settle(facts(AT), another)).toBe('version-conflict');
  expect(await settle(facts(AT, '{"a":2}'), another)).toBe('version-conflict');
  expect(rows.size).toBe(1);
  expect(await settle(facts(AT))).toBe('done');
});

test('a row that role vault did not write is no word of its own', async () => {
  const { settle, rows } = vault();
  await settle(facts(AT));
  const [name, row] = [...rows][0]!;
  const forged = { ...row, at: addSeconds(row.at, 1) };
  rows.set(name, forged);
  expect(await settle(facts(AT))).toBe('version-conflict');
  rows.set(name, { ...row, mac: new Uint8Array(32) });
  expect(await settle(facts(AT))).toBe('version-conflict');
});

test('nobody meets the order of somebody else by its key', () => {
  expect(orderRequestKey('stf_1', 'k')).not.toBe(orderRequestKey('stf_2', 'k'));
  expect(orderRequestKey('stf_1', '2k')).not.toBe(orderRequestKey('stf_12', 'k'));
});
