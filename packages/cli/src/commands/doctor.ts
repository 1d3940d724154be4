import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemRandom } from '@mandate/core';
import type { Config, Service } from '@mandate/runtime';
import { UsageError, type Command, tell } from '../command.js';
import { checkAddresses, checkWorker } from '../doctor/check-addresses.js';
import { checkConfiguration } from '../doctor/check-configuration.js';
import { checkDatabase } from '../doctor/check-database.js';
import { checkKeys } from '../doctor/check-keys.js';
import { checkLedger } from '../doctor/check-ledger.js';
import { checkMachine } from '../doctor/check-machine.js';
import { checkObjects, checkQueue, checkSms } from '../doctor/check-parts.js';
import { checkPeople } from '../doctor/check-people.js';
import { checkRecord } from '../doctor/check-record.js';
import { checkRules } from '../doctor/check-rules.js';
import { checkTimestamps } from '../doctor/check-timestamps.js';
import { fault, reasonOf, type Check, type Finding, type Level } from '../doctor/finding.js';
import { parseOptions } from '../parse-options.js';

const SERVICES: readonly Service[] = ['command', 'all', 'web', 'authority', 'worker', 'desk'];

const checks = (deep: boolean): readonly (readonly [name: string, check: Check])[] => [
  ['database', checkDatabase],
  ['rules', checkRules],
  ['ledger', checkLedger],
  ['record', checkRecord(deep)],
  ['people', checkPeople],
  ['objects', checkObjects],
  ['queue', checkQueue],
  ['timestamps', checkTimestamps],
  ['sms', checkSms],
  ['keys', checkKeys],
  ['addresses', checkAddresses],
  ['worker', checkWorker],
];

const MARKS: Readonly<Record<Level, string>> = {
  ok: 'ok     ',
  warning: 'WARNING',
  fault: 'FAULT  ',
  skipped: 'skipped',
};

/** `mandate doctor`: looks at everything an installation needs. Exit code 0 sound, 2 warnings only, 1 faults. */
export const doctorCommand: Command = {
  usage: `doctor [--service ${SERVICES.join('|')}] [--worker URL] [--deep]`,
  summary:
    'look at configuration, database, grants, rules, ledger, the whole record recomputed (--deep: every stored object read), people of the desk, storage, queue, timestamp authorities, SMS, keys, addresses and worker; explain each fault and its remedy; exit code 1 with faults, 2 with warnings only',

  async run(args, io) {
    const options = parseOptions(args, [], ['deep'], ['service', 'worker']);
    const service = (options['service'] ?? 'command') as Service;
    if (!SERVICES.includes(service))
      throw new UsageError(`--service is one of ${SERVICES.join(', ')}`);
    const workerUrl = options['worker'] as string | undefined;
    if (workerUrl !== undefined && !/^https?:\/\/[^\s/]+$/.test(workerUrl))
      throw new UsageError('--worker is an origin such as http://127.0.0.1:8083');
    const { config, findings: first } = checkConfiguration(service);
    const findings: Finding[] = [...(await checkMachine()), ...first];
    if (config) {
      const patient = {
        ...{ config, clock: io.clock, random: systemRandom },
        ownerUrl: ownerUrlOf(config),
        workerUrl:
          workerUrl ?? (config.workerPort ? `http://127.0.0.1:${config.workerPort}` : null),
      };
      for (const [name, check] of checks(Boolean(options['deep'])))
        findings.push(
          ...(await check(patient).catch((error: unknown) => [
            fault(
              name,
              `could not be looked at: ${reasonOf(error)}`,
              'report this: the check itself failed',
            ),
          ])),
        );
    }
    const count = (level: Level): number => findings.filter((it) => it.level === level).length;
    const exitCode = count('fault') > 0 ? 1 : count('warning') > 0 ? 2 : 0;
    tell(io, { findings, exitCode }, [
      ...findings.flatMap(({ level, check, says, remedy }) => [
        `${MARKS[level]}  ${check.padEnd(13)}  ${says}`,
        ...(remedy ? [`${' '.repeat(24)}→ ${remedy}`] : []),
      ]),
      `faults ${count('fault')}, warnings ${count('warning')}, skipped ${count('skipped')}`,
    ]);
    return exitCode;
  },
};

/** With the embedded database, the URL its service left while it runs. */
function ownerUrlOf({ databaseUrl, dataDir }: Config): string | null {
  if (databaseUrl !== 'embedded:') return databaseUrl;
  const note = join(dataDir, 'owner-url');
  return existsSync(note) ? readFileSync(note, 'utf8').trim() : null;
}
