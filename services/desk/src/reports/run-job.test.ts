import { expect, test } from '@jest/globals';
import { addSeconds, DomainError, systemRandom, type ErrorCode } from '@mandate/core';
import type { ClaimedReport, ReportJobRecord } from '@mandate/ceremony';
import type { ReportDeps } from './report-deps.js';
import { runJob } from './run-job.js';

const START = new Date('2026-11-22T08:00:00Z');
const REPORT = 'rep_019a1111-2222-7333-8444-555566667777';

/**
 * One report of one job, worked on again and again while a part is away: what is counted are the openings, each an
 * entry of the access register.
 */
function oneReport(p: {
  /** What time-stamping answers a probe, by how often it was asked. */
  stamps?: (nth: number) => ErrorCode | null;
  /** What comes of an opening, by how often it was opened. */
  opens: (nth: number) => DomainError;
}) {
  let now = START;
  const seen = { openings: 0, probes: 0, tries: 0, why: null as string | null };
  const item = {
    ...{ jobId: 'rjb_1', ordinal: 1, authorizationId: 'aut_1', letterNumber: 'M1', facts: null },
    ...{ state: 'waiting', reportId: REPORT, orderId: 'ord_1' },
  };
  let held = false;
  let madeAt = now;
  let restsUntil = now;
  const jobs = {
    job: async () => ({ state: 'running', languages: ['zh'], depth: 'short' }),
    claimItem: async () => {
      if (held || seen.why || now < restsUntil) return null;
      held = true;
      seen.tries++;
      return { ...item, madeAt, tries: seen.tries } as unknown as ClaimedReport;
    },
    holdItem: async () => undefined,
    releaseItem: async ({ unopened }: { unopened?: boolean }) => {
      held = false;
      if (unopened) seen.tries--;
    },
    redrawItem: async ({ unopened }: { unopened?: boolean }) => {
      held = false;
      madeAt = now;
      if (unopened) seen.tries--;
    },
    restJob: async ({ until }: { until: Date }) => void (restsUntil = until),
    refuseItem: async ({ why }: { why: string }) => {
      seen.why = why;
      return true;
    },
    claimFiling: async () => false,
  };
  const deps = {
    clock: { now: () => now },
    random: systemRandom,
    log: { warn: () => undefined },
    record: { authorization: async () => ({ state: 'released' }) },
    jobs: jobs as unknown as ReportJobRecord,
    publicUrl: 'https://mandate.test',
    authority: {
      ca: { anchors: async () => ({ scene: [], seal: [], timestamp: [], ledger: [] }) },
      seal: {
        receiptKeys: async () => ({ keys: [] }),
        stampReport: async () => {
          const code = p.stamps?.(++seen.probes) ?? null;
          if (code) throw new DomainError(code, 'away');
          return { token: new Uint8Array() };
        },
      },
      vault: {
        openForOrder: async () => {
          throw p.opens(++seen.openings);
        },
      },
    },
  } as unknown as ReportDeps;
  const run = async (rounds: number): Promise<typeof seen> => {
    for (let i = 0; i < rounds && !seen.why; i++) {
      await runJob(deps, 'rjb_1', { stopped: () => false });
      now = addSeconds(now, 300);
    }
    return seen;
  };
  return { run };
}

test('while time-stamping is away nothing is opened again, however often it is tried', async () => {
  const away = oneReport({
    stamps: () => 'timestamp-unavailable',
    opens: () => new DomainError('timestamp-unavailable', 'away'),
  });
  const seen = await away.run(40);
  expect(seen).toMatchObject({ openings: 1, why: null });
  expect(seen.probes).toBeGreaterThan(30);
});

test('what role vault opens no more is that report’s answer, with its own reason', async () => {
  const spent = oneReport({
    opens: (nth) =>
      nth <= 6
        ? new DomainError('ledger-behind', 'later')
        : new DomainError('budget-exceeded', 'often', { extensions: { why: 'openings-spent' } }),
  });
  expect(await spent.run(40)).toMatchObject({ openings: 7, why: 'openings-spent' });
});

test('what is nobody else’s trouble is given up after three tries', async () => {
  const broken = oneReport({ opens: () => new DomainError('internal', 'broken') });
  expect(await broken.run(40)).toMatchObject({ openings: 3, why: 'internal' });
});
