import { isDomainError, newId, toHex, toUtcSeconds, type VaultRole } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import { recordDestroyed } from '../id-images/destroy-id-image.js';
import type { ErasureRecord, ErasureSweepRecord } from '../ports/privacy.js';
import { erasureFact, factDigest, factEntry } from '../use/use-facts.js';

const BATCH = 100;

/** Role vault's act: see the port. Letters, bundles and boxes stay as bytes nobody opens; digests stay and verify. */
export async function eraseData(
  { record, clock, random }: StepDeps & { readonly record: ErasureRecord },
  { authorizationId }: { authorizationId: string },
): Promise<{ erasure: string; at: string }> {
  const row = await record.erase(
    {
      id: newId('erasure', clock, random),
      accessId: newId('access', clock, random),
      authorizationId,
      salt: toHex(random.bytes(32)),
    },
    clock.now(),
    (authorization, made) => {
      const fact = factDigest(erasureFact(authorization, made));
      return {
        ...factEntry('shred', authorization, { at: made.at, fact, step: 'erased' }),
        data: { id: made.id, basis: made.basis, fact },
      };
    },
    recordDestroyed,
  );
  return { erasure: row.id, at: toUtcSeconds(row.at) };
}

/** Notes what may be erased, and has role vault erase what was noted long enough ago. */
export async function sweepErasures(deps: {
  readonly clock: StepDeps['clock'];
  readonly record: ErasureSweepRecord;
  readonly vault: Pick<VaultRole, 'erase'>;
  readonly onProblem: (what: string, error: unknown) => void;
}): Promise<{ marked: number; erased: number }> {
  const at = deps.clock.now();
  const { record, vault } = deps;
  const marked = await record.markErasures({ at, limit: BATCH });
  let erased = 0;
  for (const authorizationId of await record.dueErasures(at, BATCH)) {
    try {
      await vault.erase({ authorizationId });
      erased++;
    } catch (error) {
      // A dispute that came meanwhile keeps it; it is looked at again.
      if (!isDomainError(error, 'on-hold', 'retention-runs')) deps.onProblem('erasure', error);
      if (isDomainError(error, 'authority-unavailable', 'database-unavailable')) break;
    }
  }
  return { marked, erased };
}
