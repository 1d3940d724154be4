import { isDomainError, type Authority } from '@mandate/core';
import { MAXIMUM_GENERATIONS } from '@mandate/evidence';
import type { StepDeps } from '../deps.js';
import type { GenerationSchedule } from '../ports/generation.js';

export interface GenerationSweepDeps extends StepDeps {
  readonly record: GenerationSchedule;
  readonly ca: Pick<Authority['ca'], 'extend'>;
  /** Told of what could not be done now; it stays for the next sweep. */
  readonly onProblem: (what: string, error: unknown) => void;
}

/**
 * Generation n waits a minute and 15 s · n³ after the one before: what follows each other closely is told together,
 * and 79 of them last for almost five years. Seconds. One that tells of a renewal waits for none before it.
 */
export const GENERATION_PAUSE = { seconds: 60, growing: 15 } as const;
/** The last ones are kept for renewals, which tell whatever else has happened until then. */
export const RESERVED_GENERATIONS = 20;
const BATCH = 20;

/** Bundles that something is to be added to, a few at a time. Returns how many grew. */
export async function sweepGenerations(deps: GenerationSweepDeps): Promise<number> {
  const due = await deps.record.growingBundles({
    at: deps.clock.now(),
    pause: GENERATION_PAUSE,
    most: MAXIMUM_GENERATIONS,
    reserved: RESERVED_GENERATIONS,
    limit: BATCH,
  });
  let grown = 0;
  for (const authorizationId of due) {
    try {
      if ((await deps.ca.extend({ authorizationId })).added) grown++;
    } catch (error) {
      deps.onProblem('bundle', error);
      // Nobody stamps just now: the others will not be luckier.
      if (isDomainError(error, 'timestamp-unavailable', 'authority-unavailable')) break;
    }
  }
  return grown;
}
