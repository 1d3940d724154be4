import { addSeconds } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import { matchQueries } from './match-queries.js';
import { CLOCK_SKEW } from './receive-query-log.js';
import type { ReconciliationRecord } from './reconciliation-ports.js';

/** Seconds a worker may be silent before another one takes its run over. */
const LEASE = 60;
/** Queries, and redemptions, of one transaction. */
const AT_ONCE = { queries: 1000, redemptions: 2000 };

/**
 * Works one run that waits off, as far as it goes; false: none waits. Each step names what it began with and commits
 * outcomes and place together: killed between any two, the next worker goes on at the same place.
 */
export async function reconcileRun(
  { record, clock }: Pick<StepDeps, 'clock'> & { readonly record: ReconciliationRecord },
  {
    worker,
    stopped = () => false,
    atOnce = AT_ONCE,
  }: { worker: string; stopped?: () => boolean; atOnce?: typeof AT_ONCE },
): Promise<boolean> {
  const lease = () => ({ at: clock.now(), until: addSeconds(clock.now(), LEASE) });
  const claimed = await record.claimRun({ worker, ...lease() });
  if (!claimed) return false;
  let run = claimed;
  while (run.state === 'matching' && !stopped()) {
    const next = await record.nextAuthorizations(run, run.reached, atOnce.queries);
    const limits = { skew: CLOCK_SKEW, window: run.windowMinutes * 60_000 };
    const outcomes = next.flatMap(({ known, queries }) =>
      matchQueries(known, run.source, queries, limits),
    );
    const reached = next.at(-1)?.id ?? null;
    if (!(await record.nameQueries({ run, worker, outcomes, reached, ...lease() }))) return true;
    run = reached === null ? { ...run, state: 'searching', reached: '' } : { ...run, reached };
  }
  while (run.state === 'searching' && !stopped()) {
    const limit = atOnce.redemptions;
    const moved = await record.noteUnqueried({ run, worker, limit, ...lease() });
    if (moved === 'done' || moved === 'lost') return true;
    run = (await record.run(run.id))!;
  }
  await record.leaveRun(run.id, worker);
  return true;
}
