import { addSeconds, type Measure } from '@mandate/core';
import { IDENTITY_POLICIES, PASSKEY_AGE_SECONDS, type IdentityPolicyName } from '@mandate/terms';
import { passkeyOwner } from '../confirm/code.js';
import type { RaDeps } from '../confirm/challenge.js';
import type { PasskeyRow } from '../ports/passkey.js';
import { checksOf } from './standing.js';

/** From then on a passkey shows more than the code that stood by when it was registered. */
export const passkeyCountsFrom = ({ createdAt }: Pick<PasskeyRow, 'createdAt'>): Date =>
  addSeconds(createdAt, PASSKEY_AGE_SECONDS);

/**
 * The measures that can be counted on before the challenge is answered: a passkey where the subject holds one that
 * counts by now, or where no check could stand in for it. Which one answers is judged with the answer.
 */
export async function countedMeasures(
  { record, secret }: Pick<RaDeps, 'record' | 'secret'>,
  policy: IdentityPolicyName,
  measures: readonly Measure[],
  subject: Parameters<typeof passkeyOwner>[1],
  at: Date,
): Promise<readonly Measure[]> {
  if (!measures.includes('passkey')) return measures;
  const { requirements } = IDENTITY_POLICIES[policy];
  const replaceable = requirements
    .filter(({ of }) => of.includes('passkey'))
    .every((requirement) => checksOf(requirement).length > 0);
  if (!replaceable) return measures;
  const known = await record.passkeysOf(passkeyOwner(secret, subject));
  return known.some((row) => !row.revokedAt && passkeyCountsFrom(row) <= at)
    ? measures
    : measures.filter((measure) => measure !== 'passkey');
}
