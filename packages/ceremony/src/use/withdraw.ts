import { newId, toHex, toUtcSeconds } from '@mandate/core';
import type { StepDeps } from '../deps.js';
import { factDigest, factEntry, withdrawalFact } from './use-facts.js';
import type { Party, Proof } from '../ports/stop.js';
import type { UseRecord } from '../ports/use.js';

export interface WithdrawalView {
  readonly withdrawal: string;
  readonly authorization: string;
  readonly by: Party;
  readonly channel: string;
  readonly at: string;
}

/**
 * The subject withdraws: from the commit on nothing is redeemable, and the ledger entry is queued in the same
 * transaction. Seal and timestamp follow by the worker. Not retroactive; after the last use or the end it
 * still stops further processing. Withdrawing twice is once. Throws `illegal-transition` before release.
 */
export async function withdraw(
  { record, clock, random }: StepDeps & { readonly record: UseRecord },
  input: {
    authorizationId: string;
    by: Party;
    /** Where it was said: `page`, `api`, `branch`, `phone`, … */
    channel?: string;
    /** How it is known that it is the subject's wish, e.g. the visit. No personal data. */
    proof: Proof;
  },
): Promise<WithdrawalView> {
  const row = await record.withdraw(
    {
      id: newId('withdrawal', clock, random),
      authorizationId: input.authorizationId,
      by: input.by,
      channel: input.channel ?? 'page',
      proofKind: input.proof.kind,
      proofRef: input.proof.ref,
      salt: toHex(random.bytes(32)),
    },
    clock.now(),
    (authorization, made) => {
      const fact = factDigest(withdrawalFact(authorization, made));
      return {
        ...factEntry('withdrawal', authorization, { at: made.at, fact }),
        data: { id: made.id, by: made.by, channel: made.channel, fact },
      };
    },
  );
  return {
    withdrawal: row.id,
    authorization: row.authorizationId,
    by: row.by,
    channel: row.channel,
    at: toUtcSeconds(row.at),
  };
}
