import { newId, toHex, toUtcSeconds } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import type { PrivacyRecord, PrivacyState } from '../ports/privacy.js';
import { factDigest, factEntry, restrictionFact } from '../use/use-facts.js';
import type { Party, Proof } from '../ports/stop.js';

/** What has become of the personal data of one authorization, and what will. Moments are RFC 3339. */
export interface PrivacyView {
  readonly authorization: string;
  readonly restrictedAt: string | null;
  readonly erasedAt: string | null;
  /** Null: nothing is over yet, so no time runs. */
  readonly retention: {
    readonly runsFrom: string;
    readonly keptUntil: string;
    readonly basis: string;
    /** False: gone as soon as the subject asks. */
    readonly byLaw: boolean;
  } | null;
}

/**
 * The subject wants the data deleted, or not used any more: they are kept for what the law keeps them for and read for
 * nothing else, and erased when nothing keeps them; sooner than the rule only where the subject asked on their own
 * pages (proof kind `own-code` or `own-passkey`). Restricting twice is once. Throws `illegal-transition` while the
 * authorization may still be used: withdraw it first.
 */
export async function restrict(
  { record, clock, random }: StepDeps & { readonly record: PrivacyRecord },
  input: { authorizationId: string; by: Party; proof: Proof },
): Promise<PrivacyView> {
  const { authorizationId, by, proof } = input;
  await record.restrict(
    {
      id: newId('restriction', clock, random),
      authorizationId,
      by,
      proofKind: proof.kind,
      proofRef: proof.ref,
      salt: toHex(random.bytes(32)),
    },
    clock.now(),
    (authorization, made) => {
      const fact = factDigest(restrictionFact(authorization, made));
      return {
        ...factEntry('shred', authorization, { at: made.at, fact, step: 'restricted' }),
        data: { id: made.id, by: made.by, fact },
      };
    },
  );
  return privacyView(authorizationId, await record.privacy(authorizationId));
}

export const privacyView = (
  authorization: string,
  { retention, restriction, erasure }: PrivacyState,
): PrivacyView => ({
  authorization,
  restrictedAt: restriction && toUtcSeconds(restriction.at),
  erasedAt: erasure && toUtcSeconds(erasure.at),
  retention: retention && {
    runsFrom: toUtcSeconds(retention.runsFrom),
    keptUntil: toUtcSeconds(retention.keptUntil),
    basis: retention.basis,
    byLaw: retention.byLaw,
  },
});
