import { addSeconds, DomainError, isDomainError, type IdentityResult } from '@mandate/core';
import { IDENTITY_POLICIES } from '@mandate/terms';
import { openFor, type RaDeps } from '../confirm/challenge.js';
import type { IdentityRow } from '../ports/identity.js';
import { identityDigest, sealIdentity } from './identity-box.js';
import type { SittingLetter } from './identity-sitting.js';

const ENDED = ['signed', 'released', 'declined', 'lapsed', 'failed'];
const RETRIES = 3;

/** Writes one answer into the record of every letter it is about, with the event. Throws `step-out-of-order`, `identity-unavailable`. */
export async function recordResult(
  deps: RaDeps,
  letters: readonly SittingLetter[],
  result: IdentityResult,
  owner: Uint8Array,
): Promise<IdentityRow> {
  const { record, clock, random } = deps;
  const { suite } = result.receipt;
  if (suite === 'none' && !result.simulated && result.check !== 'institution')
    throw new DomainError('identity-unavailable', 'nobody has signed this answer');
  const at = clock.now();
  const digest = identityDigest(result);
  // Several letters share an answer: it counts as long as the strictest of their policies lets it.
  const fresh = Math.min(...letters.map(({ policy }) => IDENTITY_POLICIES[policy].freshSeconds));
  const checkedAt = new Date(result.checkedAt);
  const common: Omit<IdentityRow, 'authorizationId' | 'box'> = {
    checkName: result.check,
    provider: result.provider,
    operator: result.operator,
    simulated: result.simulated,
    outcome: result.outcome,
    reference: result.reference,
    suite,
    digest,
    subjectKey: owner,
    checkedAt,
    receivedAt: at,
    freshUntil: addSeconds(checkedAt, fresh),
  };
  for (let turn = 1; ; turn++) {
    const members = [];
    for (const { authorization } of letters) {
      // As it is now: the provider may have taken seconds.
      const current = await record.authorization(authorization.id);
      if (ENDED.includes(current.state))
        throw new DomainError('step-out-of-order', `the authorization is ${current.state}`);
      const { dataKey } = await openFor(deps, current, 'identify');
      members.push({
        step: {
          authorization: current,
          type: 'identity-checked' as const,
          at,
          data: {
            check: result.check,
            provider: result.provider,
            outcome: result.outcome,
            ...(result.simulated ? { simulated: true } : {}),
            result: digest,
          },
        },
        row: {
          ...common,
          authorizationId: current.id,
          box: sealIdentity(dataKey, current.id, result, random),
        },
      });
    }
    try {
      await record.addIdentityResults(members);
      return members[0]!.row;
    } catch (error) {
      if (turn >= RETRIES || !isDomainError(error, 'version-conflict')) throw error;
    }
  }
}
