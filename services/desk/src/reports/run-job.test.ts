import { setTimeout as sleep } from 'node:timers/promises';
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
  /** What the object store answers when the ledger's last file is asked for. */
  stored?: () => ErrorCode | null;
  /** What comes of an opening, by how often it was opened. */
  opens: (nth: number) => DomainError;
  /** What an earlier try kept. */
  facts?: string;
  /** Of the authorization; else `released`. */
  state?: string;
  /** May throw instead of a claim. */
  claims?: () => void;
  /** Waited for before an opening is answered. */
  before?: () => Promise<void>;
}) {
  let now = START;
  const seen = {
    ...{ openings: 0, probes: 0, tries: 0, why: null as string | null },
    stopped: null as string | null,
    redrawn: 0,
  };
  const item = {
    ...{ jobId: 'rjb_1', ordinal: 1, authorizationId: 'aut_1', letterNumber: 'M1' },
    facts: p.facts ?? null,
    ...{ state: 'waiting', reportId: REPORT, orderId: 'ord_1' },
  };
  let held = false;
  let madeAt = now;
  let restsUntil = now;
  const jobs = {
    job: async () => ({
      ...{ state: seen.stopped ? 'stopped' : 'running', languages: ['zh'], depth: 'short' },
    }),
    stopJob: async ({ why }: { why: string }) => {
      seen.stopped = why;
      return true;
    },
    claimItem: async () => {
      p.claims?.();
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
      item.facts = null;
      seen.redrawn++;
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
    record: {
      authorization: async () => ({ state: p.state ?? 'released' }),
      publishedSize: async () => 300,
    },
    objects: {
      get: async () => {
        const code = p.stored?.() ?? null;
        if (code) throw new DomainError(code, 'away');
        return new Uint8Array(1);
      },
    },
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
          await p.before?.();
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
  return { run, seen };
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

test('what role vault opens no more stops the job, and goes on under another order', async () => {
  const spent = oneReport({
    opens: (nth) =>
      nth === 7
        ? new DomainError('budget-exceeded', 'often', { extensions: { why: 'openings-spent' } })
        : nth === 8
          ? new DomainError('erased', 'gone')
          : new DomainError('ledger-behind', 'later'),
  });
  expect(await spent.run(40)).toMatchObject({ openings: 7, tries: 6, why: null });
  expect(spent.seen.stopped).toBe('openings-spent');
  spent.seen.stopped = null;
  expect(await spent.run(1)).toMatchObject({ openings: 8, why: 'erased' });
});

test('a grant that ended takes no try from the report', async () => {
  const ended = oneReport({
    opens: () => new DomainError('grant-refused', 'over', { extensions: { why: 'grant-expired' } }),
  });
  for (let i = 0; i < 5; i++) {
    ended.seen.stopped = null;
    expect(await ended.run(1)).toMatchObject({ stopped: 'grant-expired', tries: 0, why: null });
  }
});

test('what was entered of a report is no word on its refusal: its number is given up before', async () => {
  const erased = oneReport({
    ...{ facts: '{}', state: 'erased' },
    opens: () => new DomainError('internal', 'never asked'),
  });
  expect(await erased.run(2)).toMatchObject({ redrawn: 1, why: 'illegal-transition' });
});

test('who starts lanes waits for all of them, also when one breaks', async () => {
  let release = (): void => undefined;
  const waiting = new Promise<void>((go) => (release = go));
  let claims = 0;
  const two = oneReport({
    opens: () => new DomainError('internal', 'not reached'),
    claims: () => {
      if (++claims === 2) throw new DomainError('database-unavailable', 'away');
    },
    before: () => waiting,
  });
  let over = false;
  const running = two.run(1).finally(() => (over = true));
  // Heard below; until then nothing may be said of it.
  running.catch(() => undefined);
  await sleep(50);
  expect([over, claims]).toEqual([false, 3]);
  release();
  await expect(running).rejects.toMatchObject({ code: 'database-unavailable' });
  // What was at work came to its own end, and nothing was begun after it.
  expect([two.seen.openings, claims]).toEqual([1, 3]);
});

test('what is nobody else’s trouble is given up after three tries', async () => {
  const broken = oneReport({ opens: () => new DomainError('internal', 'broken') });
  expect(await broken.run(40)).toMatchObject({ openings: 3, why: 'internal' });
});

test.each(['object-missing', 'objects-unavailable'] as const)(
  'a store whose own last file is %s is away: nothing is opened, and nothing given up',
  async (code) => {
    const unmounted = oneReport({
      stored: () => code,
      opens: () => new DomainError('internal', 'never asked'),
    });
    expect(await unmounted.run(40)).toMatchObject({ openings: 0, why: null });
  },
);

test('taken away between the look and the reading, it is away; what is missing from one that is there is missing', async () => {
  let away = false;
  const missing = (now: boolean) => () => {
    away = now;
    return new DomainError('object-missing', 'no such object');
  };
  const taken = oneReport({ stored: () => (away ? 'object-missing' : null), opens: missing(true) });
  // Opened once: from then on the store is asked first.
  expect(await taken.run(40)).toMatchObject({ openings: 1, why: null });
  away = false;
  const gone = oneReport({ stored: () => null, opens: missing(false) });
  expect(await gone.run(40)).toMatchObject({ openings: 1, why: 'object-missing' });
});

/** A job whose two reports are made; what is left is its list. */
function onlyItsList(p: { stamps: () => ErrorCode | null; draws: () => Promise<Uint8Array> }) {
  let now = START;
  let until = now;
  const seen = { probes: 0, drawn: 0, holds: 0, errors: 0, done: false };
  const job = {
    ...{ id: 'rjb_1', caseId: 'case_1', size: 2, state: 'running', languages: ['zh'] },
    ...{ why: null as string | null, changedAt: START, orders: [{ orderId: 'ord_1' }] },
  };
  const item = { ordinal: 1, letterNumber: 'M1', state: 'done', reportId: REPORT, why: null };
  const deps = {
    clock: { now: () => now },
    random: systemRandom,
    log: { warn: () => undefined, error: () => void seen.errors++ },
    cases: { case: async () => ({ number: 'C1' }) },
    jobs: {
      job: async () => job,
      claimItem: async () => null,
      items: async () => [{ ...item, endedAt: START }],
      files: async () => new Map(),
      claimFiling: async (it: { until: Date }) => {
        if (seen.done || job.state !== 'running' || now < until) return false;
        until = it.until;
        return true;
      },
      holdFiling: async (it: { until: Date }) => {
        seen.holds++;
        until = it.until;
      },
      stopJob: async ({ why, at }: { why: string; at: Date }) => {
        Object.assign(job, { state: 'stopped', why, changedAt: at });
        return true;
      },
      finishJob: async () => (seen.done = true),
    },
    drawer: {
      drawFiling: async () => {
        seen.drawn++;
        return p.draws();
      },
    },
    authority: {
      seal: {
        stampReport: async () => {
          seen.probes++;
          const code = p.stamps();
          if (code) throw new DomainError(code, 'away');
          return { token: new Uint8Array() };
        },
      },
    },
  } as unknown as ReportDeps;
  /** Asked every five seconds, as the look does. */
  const look = async (seconds: number, leaseSeconds = 30): Promise<typeof seen> => {
    for (const end = addSeconds(now, seconds); now < end; now = addSeconds(now, 5))
      await runJob(deps, 'rjb_1', { stopped: () => false, leaseSeconds });
    return seen;
  };
  const goOn = (): void =>
    void Object.assign(job, { state: 'running', why: null, changedAt: (until = now) });
  return { look, seen, job, goOn };
}

test('while nothing can be sealed no list is drawn, and the tries grow rare', async () => {
  const away = onlyItsList({
    stamps: () => 'timestamp-unavailable',
    draws: async () => new Uint8Array(),
  });
  const { probes, drawn } = await away.look(3600);
  expect(drawn).toBe(0);
  expect(probes).toBeGreaterThan(10);
  expect(probes).toBeLessThan(25);
  expect(away.job).toMatchObject({ state: 'running', why: null });
  expect(away.seen.errors).toBe(0);
});

test('a list that cannot be drawn stops its job after a few tries, each an error; let go on, it has as many', async () => {
  const broken = onlyItsList({
    stamps: () => null,
    draws: () => Promise.reject(new DomainError('budget-exceeded', 'too long')),
  });
  const { drawn } = await broken.look(3600);
  expect(drawn).toBeGreaterThan(3);
  expect(drawn).toBeLessThan(9);
  expect(broken.seen.errors).toBe(drawn);
  expect(broken.job).toMatchObject({ state: 'stopped', why: 'filing-failed' });
  broken.goOn();
  await broken.look(3600);
  expect(broken.seen.drawn).toBeGreaterThan(drawn + 3);
  expect(broken.job).toMatchObject({ state: 'stopped', why: 'filing-failed' });
});

test('a list that takes its time stays claimed meanwhile', async () => {
  let renewed = 0;
  const slow = onlyItsList({
    stamps: () => null,
    draws: async () => {
      for (let i = 0; i < 500 && slow.seen.holds < 2; i++) await sleep(20);
      renewed = slow.seen.holds;
      throw new DomainError('budget-exceeded', 'after all');
    },
  });
  await slow.look(5, 0.03);
  expect(renewed).toBeGreaterThanOrEqual(2);
});
