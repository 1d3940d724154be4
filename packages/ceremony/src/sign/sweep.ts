import { isDomainError, type Authority } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import type { WorkerRecord } from '../ports.js';

export interface SweepDeps extends StepDeps {
  readonly record: WorkerRecord;
  readonly ca: Pick<Authority['ca'], 'finish'>;
  readonly ledger: Pick<Authority['ledger'], 'integrate'>;
  /** Told of what could not be finished now; it stays for the next sweep. */
  readonly onProblem: (what: string, error: unknown) => void;
}

/** Picks up what a crash or an outage left lying: open attempts, queued entries, overdue requests. */
export async function sweep(deps: SweepDeps): Promise<void> {
  for (const attemptId of await deps.record.unfinishedAttempts()) {
    try {
      await deps.ca.finish({ attemptId });
    } catch (error) {
      if (!isDomainError(error, 'attempt-void')) deps.onProblem('attempt', error);
    }
  }
  try {
    await deps.ledger.integrate({});
  } catch (error) {
    deps.onProblem('ledger', error);
  }
  const at = deps.clock.now();
  for (const authorization of await deps.record.overdue(at, 100)) {
    try {
      await deps.record.advance({ authorization, to: 'lapsed', type: 'lapsed', at, data: {} });
    } catch (error) {
      if (!isDomainError(error, 'version-conflict')) deps.onProblem('lapse', error);
    }
  }
}
