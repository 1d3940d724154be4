import { addSeconds, isDomainError, type Authority } from '@mandate/core';
import type { StepDeps } from './deps.js';
import type { WorkerRecord } from './ports.js';

export interface ArchiveSweepDeps extends StepDeps {
  readonly record: Pick<WorkerRecord, 'unarchived' | 'overdueArchives'>;
  readonly ca: Pick<Authority['ca'], 'archive'>;
  /** Told of what could not be done now; it stays for the next sweep. */
  readonly onProblem: (what: string, error: unknown) => void;
}

/** Wake-ups come within a second; the sweep takes what they did not. */
const GRACE_SECONDS = 10;
const BATCH = 20;

/**
 * Letters that missed their wake-up or are due for renewal, a few at a time. Answers how many renewals are
 * so late (half of the time between due and too late is gone) that somebody must look.
 */
export async function sweepArchives(deps: ArchiveSweepDeps): Promise<{ overdue: number }> {
  const at = deps.clock.now();
  const due = await deps.record.unarchived({
    releasedBefore: addSeconds(at, -GRACE_SECONDS),
    at,
    limit: BATCH,
  });
  for (const authorizationId of due) {
    try {
      await deps.ca.archive({ authorizationId });
    } catch (error) {
      deps.onProblem('archive', error);
      // No authority, no sense in trying the others now.
      if (isDomainError(error, 'timestamp-unavailable', 'authority-unavailable')) break;
    }
  }
  return { overdue: await deps.record.overdueArchives(at) };
}
