import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seeded } from '../kit/seeded.js';
import { DESK_CASES } from './cases/desk-cases.js';
import { FACT_CASES } from './cases/fact-cases.js';
import { KEY_CASES } from './cases/key-cases.js';
import { LEDGER_CASES } from './cases/ledger-cases.js';
import { RULE_CASES } from './cases/rule-cases.js';
import { STORAGE_CASES } from './cases/storage-cases.js';
import { TRAIL_CASES } from './cases/trail-cases.js';
import { askDoctor, askLedger, askMonitor, type Alarm } from './detectors.js';
import type { InsiderCase } from './insider-case.js';
import { openInsiderHouse, type InsiderHouse } from './insider-house.js';
import { insiderTable } from './insider-table.js';
import { withRunningCopy } from './running-copy.js';

/**
 * Scripts of an insider who owns database and object store, some of them also keys. Each must be noticed by whom the
 * case names, and by nobody where it names nobody: the table in docs/threat-model.md is these cases.
 * `npm run test:insider` runs all; INSIDER_SEED chooses the slice otherwise.
 */
const ALL = [
  ...TRAIL_CASES,
  ...FACT_CASES,
  ...LEDGER_CASES,
  ...STORAGE_CASES,
  ...RULE_CASES,
  ...KEY_CASES,
  ...DESK_CASES,
];
const FULL = Boolean(process.env['TEST_FULL']);
const SEED = Number(process.env['INSIDER_SEED'] ?? Date.now() % 1_000_000);
const ONLY = process.env['INSIDER_CASES']?.split(',');
const SLICE = 3;

function chosen(): readonly InsiderCase[] {
  if (ONLY) return ALL.filter(({ name }) => ONLY.includes(name));
  if (FULL) return ALL;
  const next = seeded(SEED);
  // what starts the whole service costs seconds
  const cheap = ALL.filter(({ live, rules, slow }) => !live && !rules && !slow);
  return [...new Set(Array.from({ length: SLICE }, () => cheap[next(cheap.length)]!))];
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

let house: InsiderHouse;
beforeAll(async () => {
  house = await openInsiderHouse();
}, 240_000);
afterAll(() => house?.close());

test('an honest installation raises no alarm', async () => {
  const world = await house.copy();
  try {
    expect(await askDoctor(world, house, { rules: FULL })).toEqual([]);
    expect(await askMonitor(world, house)).toEqual([]);
    expect(await askLedger(world)).toEqual([]);
  } finally {
    await world.remove();
  }
}, 120_000);

/** Everything anybody says after the attack. */
async function alarmsAfter(one: InsiderCase): Promise<Alarm[]> {
  const world = await house.copy(one.from);
  try {
    await one.attack(world, house);
    const alarms = [
      ...(await askDoctor(world, house, { rules: one.rules ?? false })),
      ...(await askMonitor(world, house, { remembers: !one.monitorForgets })),
      ...(await askLedger(world)),
      ...((await one.holders?.(world, house)) ?? []),
    ];
    if (one.live)
      alarms.push(
        ...(await withRunningCopy(world, house, (service) => one.live!(service, house, world))),
      );
    return [...new Set(alarms)];
  } finally {
    await world.remove();
  }
}

describe(`an insider (seed ${SEED})`, () => {
  test.each(chosen().map((one) => [one.name, one] as const))(
    '%s',
    async (_name, one) => {
      const started = Date.now();
      const alarms = await alarmsAfter(one);
      say(`  ${one.name}: ${alarms.join(' ') || 'nobody'} (${Date.now() - started} ms)`);
      if (one.by.length === 0) expect(alarms).toEqual([]);
      else expect(alarms).toEqual(expect.arrayContaining([...one.by]));
    },
    180_000,
  );
});

test('the table in docs/threat-model.md is these cases', () => {
  const file = new URL('../../docs/threat-model.md', import.meta.url);
  const text = readFileSync(file, 'utf8');
  const [begin, end] = ['<!-- insider table: npm run test:insider -->\n', '<!-- end -->\n'];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  const table = insiderTable(ALL);
  if (process.env['INSIDER_WRITE'] && after !== undefined)
    writeFileSync(file, `${before}${begin}${table}${end}${after}`);
  else expect(rest?.split(end)[0]).toBe(table);
  if (FULL) say(`${table}\n${ALL.length} cases, seed ${SEED}`);
  expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  expect(ALL.length).toBeGreaterThanOrEqual(45);
});
