import { addSeconds, isDomainError, newId, toHex, type ErrorCode } from '@mandate/core';
import { checkStore, LIST_FAILED, type ClaimedReport } from '@mandate/ceremony';
import { itemsOf, makeFiling } from './filing-index.js';
import { makeOne, reachParts } from './make-one.js';
import type { ReportDeps } from './report-deps.js';

/** Reports of one job at a time: while two are drawn, the ledger, sealing and storage of a third are waited for. */
const LANES = 3;
/** Reports of one job in a row: then others have their turn. */
const TURN = 20;
/** Seconds a claim holds, renewed in thirds; whoever was killed keeps others waiting no longer. */
const LEASE = 30;
/** Tries at one report, each an opening, before it is given up: the others do not wait for it. */
const PATIENCE = 3;
/** Seconds a job rests after a failure (doubled with each try at that report, at most the second). */
const REST = { first: 5, most: 300 };

/** What another try would not change. */
const FINAL: readonly ErrorCode[] = [
  'erased',
  'restricted',
  'illegal-transition',
  'not-found',
  'object-corrupt',
  'object-missing',
];

/** Somebody else's trouble, however often it is met: nothing is given up for it. */
const PASSING: readonly ErrorCode[] = [
  'timestamp-unavailable',
  'key-unavailable',
  'objects-unavailable',
  'authority-unavailable',
  'database-unavailable',
  'ledger-behind',
];

/** Seconds a list of evidence is waited for that cannot be made, nobody else being in trouble: five or six tries. */
const LIST_PATIENCE = 75;

/** Role vault opened it as often as an order may: the job stops, and goes on by a new order or not at all. */
const SPENT = 'openings-spent';

export interface RunOptions {
  readonly stopped: () => boolean;
  /** For tests: how long a claim holds, in seconds. */
  readonly leaseSeconds?: number;
}

/**
 * Works on a job until nothing of it waits, role vault opens nothing more, or somebody else does the rest. May be
 * started any number of times, at once and again: claims in the record keep them apart. True: its turn is over and
 * more of it waits.
 */
export async function runJob(
  deps: ReportDeps,
  jobId: string,
  { stopped, leaseSeconds = LEASE }: RunOptions,
): Promise<boolean> {
  const { jobs, clock, random, log } = deps;
  const worker = toHex(random.bytes(16));
  let failed = false;
  let taken = 0;
  const work = async (): Promise<void> => {
    while (!stopped() && !failed && taken < TURN) {
      const job = await jobs.job(jobId);
      if (job?.state !== 'running') return;
      const at = clock.now();
      const reportId = newId('report', clock, random);
      const until = addSeconds(at, leaseSeconds);
      const item = await jobs.claimItem({ jobId, worker, reportId, at, until });
      if (!item) return;
      taken++;
      const holding = keepHeld(deps, jobId, leaseSeconds, () =>
        jobs.holdItem({
          ...{ reportId: item.reportId, worker },
          until: addSeconds(clock.now(), leaseSeconds),
        }),
      );
      let opened = false;
      try {
        const reached = await reachParts(deps, item, worker);
        opened = true;
        if (reached) await makeOne(deps, job, item, worker, reached);
      } catch (error) {
        if (!(await settled(deps, item, worker, error, opened))) {
          failed = true;
          log.warn({ job: jobId, report: item.reportId, err: error }, 'a report failed');
        }
      } finally {
        clearInterval(holding);
      }
    }
  };
  const lane = () =>
    work().catch((error: unknown) => {
      failed = true;
      throw error;
    });
  // None is left behind at work when another breaks.
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const it of lanes) if (it.status === 'rejected') throw it.reason;
  if (failed || stopped()) return false;
  if (taken >= TURN) return true;
  await finish(deps, jobId, worker, leaseSeconds);
  return false;
}

/** Whether the failure is the job's or the report's answer; otherwise another try may help. */
async function settled(
  deps: ReportDeps,
  { jobId, orderId, reportId, tries, facts }: ClaimedReport,
  worker: string,
  error: unknown,
  opened: boolean,
): Promise<boolean> {
  const { jobs, clock } = deps;
  const at = clock.now();
  const why = isDomainError(error) ? error.extensions['why'] : undefined;
  if (why === SPENT || isDomainError(error, 'grant-refused')) {
    await jobs.stopJob({ jobId, orderId, why: String(why ?? 'grant-unknown'), at });
    // Refused before anything was opened: under the next order it has all its tries.
    await jobs.releaseItem({ reportId, worker, unopened: true });
    return true;
  }
  const code = isDomainError(error) ? await missingOrAway(deps, error.code) : 'internal';
  const passing = PASSING.includes(code);
  if (FINAL.includes(code) || (tries >= PATIENCE && !passing)) {
    // Role vault may have entered what came out under this number: it is given up, and the refusal is another's.
    if (facts) {
      await jobs.redrawItem({ reportId, worker });
      return false;
    }
    await jobs.refuseItem({ reportId, worker, why: code, at });
    return true;
  }
  await jobs.releaseItem({ reportId, worker, unopened: passing && !opened });
  const rest = Math.min(REST.first * 2 ** (tries - 1), REST.most);
  await jobs.restJob({ jobId, until: addSeconds(at, rest) });
  return false;
}

/** An object is missing only from a store that is there. */
async function missingOrAway(deps: ReportDeps, code: ErrorCode): Promise<ErrorCode> {
  if (code !== 'object-missing') return code;
  return checkStore(deps).then(
    () => code,
    (error: unknown) => (isDomainError(error) ? error.code : 'internal'),
  );
}

/**
 * The list of evidence, and with it the end: whoever comes last does it, once. After a failure the job rests as long as
 * its list has been waited for already, so tries grow rare whoever makes them; where nobody else's trouble is the cause,
 * it stops in the end.
 */
async function finish(
  deps: ReportDeps,
  jobId: string,
  worker: string,
  leaseSeconds: number,
): Promise<void> {
  const { jobs, clock, log } = deps;
  const at = clock.now();
  const held = (from: Date, seconds: number) => ({
    jobId,
    worker,
    until: addSeconds(from, seconds),
  });
  if (!(await jobs.claimFiling({ ...held(at, leaseSeconds), at }))) return;
  const holding = keepHeld(deps, jobId, leaseSeconds, () =>
    jobs.holdFiling(held(clock.now(), leaseSeconds)),
  );
  try {
    const job = (await jobs.job(jobId))!;
    await jobs.finishJob({ jobId, worker, files: await makeFiling(deps, job, at), at });
  } catch (err) {
    const now = clock.now();
    const job = await jobs.job(jobId);
    if (job?.state !== 'running') return;
    // Since it was let go on, too: it has all its tries again.
    const since = Math.max((await lastEnded(jobs, jobId, at)).getTime(), job.changedAt.getTime());
    const waited = (now.getTime() - since) / 1000;
    const passing = isDomainError(err) && PASSING.includes(err.code);
    if (!passing && waited >= LIST_PATIENCE) {
      log.error({ job: jobId, err }, 'a list of evidence could not be made; its job stops');
      const { orderId } = job.orders.at(-1)!;
      await jobs.stopJob({ jobId, orderId, why: LIST_FAILED, at: now });
      return;
    }
    log[passing ? 'warn' : 'error'](
      { job: jobId, err },
      'a list of evidence could not be made; trying again',
    );
    await jobs.holdFiling(held(now, Math.min(Math.max(waited, REST.first), REST.most)));
  } finally {
    clearInterval(holding);
  }
}

/** When the last report of a job ended. */
async function lastEnded(jobs: ReportDeps['jobs'], jobId: string, at: Date): Promise<Date> {
  let last: Date | null = null;
  for await (const { endedAt } of itemsOf(jobs, jobId))
    if (endedAt && (!last || endedAt > last)) last = endedAt;
  return last ?? at;
}

/** Renews a claim in thirds of its time, until it is cleared. */
const keepHeld = (
  { log }: ReportDeps,
  jobId: string,
  leaseSeconds: number,
  renew: () => Promise<void>,
): NodeJS.Timeout =>
  setInterval(
    () =>
      void renew().catch((err: unknown) =>
        log.warn({ job: jobId, err }, 'a claim was not renewed'),
      ),
    (leaseSeconds * 1000) / 3,
  );
