import { addSeconds, isDomainError, type Authority } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import type { WorkerRecord } from '../ports.js';

export interface ArchiveSweepDeps extends StepDeps {
  readonly record: Pick<WorkerRecord, 'unarchived' | 'waitingArchives' | 'overdueArchives'>;
  readonly ca: Pick<Authority['ca'], 'archive'>;
  /** Told of what could not be done now; it stays for the next sweep. */
  readonly onProblem: (what: string, error: unknown) => void;
}

/** Wake-ups come within a second; the sweep takes what they did not. */
const GRACE_SECONDS = 10;
const BATCH = 20;
/** A letter that is at level B-T for longer than this waits for something: usually an operator. */
const WAITING_SECONDS = 3600;

/** What somebody must look at. */
export interface ArchiveAlarms {
  /** Renewals so late that half of the time between due and too late is gone. */
  readonly overdueRenewals: number;
  /** Letters released more than an hour ago and still at level B-T. */
  readonly waitingArchives: number;
}

/** Letters that are due for renewal or missed their wake-up, a few at a time. */
export async function sweepArchives(deps: ArchiveSweepDeps): Promise<ArchiveAlarms> {
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
  return {
    overdueRenewals: await deps.record.overdueArchives(at),
    waitingArchives: await deps.record.waitingArchives(addSeconds(at, -WAITING_SECONDS)),
  };
}
