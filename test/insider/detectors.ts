import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ledgerGate, publishTiles } from '@mandate/ceremony';
import { openObjects } from '@mandate/adapters';
import { runCommand } from '@mandate/cli';
import { isDomainError, systemRandom } from '@mandate/core';
import { loadConfig } from '@mandate/runtime';
import { ledgerRecord, openDatabase } from '@mandate/store';
import { checkDatabase } from '../../packages/cli/src/doctor/check-database.js';
import { checkKeys } from '../../packages/cli/src/doctor/check-keys.js';
import { checkLedger } from '../../packages/cli/src/doctor/check-ledger.js';
import { checkRecord } from '../../packages/cli/src/doctor/check-record.js';
import { checkRules } from '../../packages/cli/src/doctor/check-rules.js';
import type { Finding, Patient } from '../../packages/cli/src/doctor/finding.js';
import type { InsiderHouse, World } from './insider-house.js';

/** What a detector said, as `who/what`: `doctor/record/trail-broken`, `monitor/shrunk`, `gate/ledger-behind`. */
export type Alarm = string;

/** `mandate doctor --deep`, without what looks at the network. */
export async function askDoctor(
  world: World,
  house: InsiderHouse,
  { rules = true } = {},
): Promise<Alarm[]> {
  const patient: Patient = {
    config: loadConfig('command', {
      ...{ NODE_ENV: 'test', DATA_DIR: world.folder, DATABASE_URL: world.databaseUrl },
    }),
    clock: { now: house.now },
    random: systemRandom,
    ownerUrl: world.databaseUrl,
    workerUrl: null,
  };
  const findings: Finding[] = [];
  for (const check of [
    ...[checkDatabase, checkLedger, checkRecord(true), checkKeys],
    ...(rules ? [checkRules] : []),
  ])
    findings.push(...(await check(patient)));
  return findings
    .filter(({ level }) => level === 'fault')
    .map(({ check, says }) =>
      check === 'record' ? `doctor/record/${says.split(':')[0]}` : `doctor/${check}`,
    );
}

/** `mandate ledger fsck` with the state of its last run, on what the installation would serve. */
export async function askMonitor(
  world: World,
  house: InsiderHouse,
  { remembers = true } = {},
): Promise<Alarm[]> {
  const served = join(world.folder, 'objects', 'ledger');
  const [row] = await world.query(
    `SELECT note || coalesce((SELECT string_agg(line, '' ORDER BY witness) FROM ledger_cosignatures s
       WHERE s.size = c.size), '') AS note
     FROM ledger_checkpoints c WHERE size <= (SELECT size FROM ledger_published) ORDER BY size DESC LIMIT 1`,
  );
  await mkdir(served, { recursive: true });
  await writeFile(join(served, 'checkpoint'), row?.note ?? '');
  const state = join(world.folder, 'monitor.json');
  if (remembers) await writeFile(state, house.outside.monitor);
  const lines: string[] = [];
  const io = {
    out: (line: string) => void lines.push(line),
    err: (line: string) => void lines.push(line),
    clock: { now: house.now },
  };
  const code = await runCommand(
    [
      ...['ledger', 'fsck', served, '--trust', join(world.folder, 'trust')],
      ...(remembers ? ['--state', state] : []),
      '--json',
    ],
    io,
  );
  if (code === 0) return [];
  const { problems = [] } = JSON.parse(lines.join('\n').replace(/^[^{]*/, '') || '{}') as {
    problems?: { code: string }[];
  };
  return [...new Set(problems.map((problem) => `monitor/${problem.code}`))];
}

/** Role ledger's own refusals: its gate at the start, and what it meets when it publishes. */
export async function askLedger(world: World): Promise<Alarm[]> {
  const db = openDatabase(world.databaseUrl, 'ledger', 2);
  try {
    const deps = {
      record: ledgerRecord(db),
      objects: await openObjects(`file:${join(world.folder, 'objects')}`),
    };
    const alarms: Alarm[] = [];
    const acts = [
      ['gate', ledgerGate(deps).open],
      ['publish', () => publishTiles(deps)],
    ] as const;
    for (const [name, act] of acts)
      await act().catch((error: unknown) => {
        if (!isDomainError(error)) throw error;
        alarms.push(`${name}/${error.code}`);
      });
    return alarms;
  } finally {
    await db.destroy();
  }
}
