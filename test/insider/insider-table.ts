import type { Alarm } from './detectors.js';
import type { InsiderCase } from './insider-case.js';

/** Who an alarm is, and when it comes at the latest. */
const WHO: Readonly<Record<string, readonly [who: string, when: string]>> = {
  doctor: ['`mandate doctor`', 'next run (nightly)'],
  monitor: ['monitor: `mandate ledger fsck --state`', 'next run (every 5 minutes)'],
  gate: ['role ledger', 'its next start'],
  publish: ['role ledger', 'at once: it publishes nothing more'],
  start: ['the service', 'its next start'],
  service: ['the acting role', 'at once: the act is refused'],
  holder: ['whoever holds a receipt', 'when they look into the ledger'],
  subject: ['the subject', 'when they look who opened their data'],
  institution: ['the institution', 'when it looks at its list of keys'],
};

/** The published table: markdown, one row for each case. */
export function insiderTable(cases: readonly InsiderCase[]): string {
  const rows = cases.map(({ act, rights, by, because }) => {
    const seen = by.length > 0;
    return [
      ...[act, rights, seen ? unique(by.map(tell)).join('; ') : '**nobody**'],
      ...[seen ? unique(by.map((alarm) => whoOf(alarm)[1])).join('; ') : '–', because ?? ''],
    ].join(' | ');
  });
  const undetected = cases.filter(({ by }) => by.length === 0).length;
  return [
    '| what the insider does | rights | noticed by | after how long | why, or what remains |',
    '|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
    '',
    `${cases.length} cases, ${undetected} of them noticed by nobody.`,
    '',
  ].join('\n');
}

const whoOf = (alarm: Alarm): readonly [string, string] => WHO[alarm.split('/')[0]!]!;

/** `mandate doctor` (trail-broken). */
function tell(alarm: Alarm): string {
  const [who, ...what] = alarm.split('/');
  return `${WHO[who!]![0]} (${what.at(-1)})`;
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)];
