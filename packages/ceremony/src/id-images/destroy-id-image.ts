import { isDomainError } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import type { IdImageRecord, IdImageSweepRecord, RecordDestroyed } from '../ports/id-image.js';
import { factDigest, factEntry, idImageFact } from '../use/use-facts.js';
import type { Party } from '../ports/stop.js';
import { idImageView, type IdImageView } from './id-image-view.js';

const BATCH = 100;

/** Event and ledger entry: that it is gone, when and why. */
export const recordDestroyed: RecordDestroyed = (authorization, row) => {
  const fact = factDigest(idImageFact(authorization, row));
  return {
    ...factEntry('shred', authorization, {
      at: row.destroyedAt,
      fact,
      step: 'id-image-destroyed',
    }),
    data: { id: row.id, why: row.destroyedWhy, by: row.destroyedBy, fact },
  };
};

/**
 * Destroys a picture because somebody asks: bytes and secret go with the commit, event and ledger entry in the same
 * transaction. Again: as it is. Throws `not-found`, `on-hold` while a dispute is open over its authorization.
 */
export async function destroyIdImage(
  { record, clock }: Pick<StepDeps, 'clock'> & { readonly record: IdImageRecord },
  image: { id: string; authorizationId: string; by: Party },
): Promise<IdImageView> {
  return idImageView(await record.destroyIdImage(image, clock.now(), recordDestroyed));
}

/** The worker's part: what is due is destroyed, whoever may still want it. Returns how many. */
export async function sweepIdImages(deps: {
  readonly clock: StepDeps['clock'];
  readonly record: IdImageSweepRecord;
  readonly onProblem: (what: string, error: unknown) => void;
}): Promise<number> {
  const at = deps.clock.now();
  let destroyed = 0;
  for (const image of await deps.record.dueIdImages(at, BATCH)) {
    try {
      if (await deps.record.sweepIdImage(image, at, recordDestroyed)) destroyed++;
    } catch (error) {
      // The authorization went on meanwhile; the next sweep finds the picture again.
      if (!isDomainError(error, 'version-conflict')) deps.onProblem('id image', error);
      if (isDomainError(error, 'database-unavailable')) break;
    }
  }
  return destroyed;
}
