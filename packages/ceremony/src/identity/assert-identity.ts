import {
  canonicalBytes,
  DomainError,
  identityBinding,
  identityCommitments,
  toBase64Url,
  toHex,
  toUtcSeconds,
  type RaRole,
} from '@mandate/core';
import { IDENTITY_POLICIES } from '@mandate/terms';
import { passkeyOwner } from '../confirm/code.js';
import { openFor, type RaDeps } from '../confirm/challenge.js';
import { letterOf } from './identity-sitting.js';
import { recordResult } from './record-result.js';

/** Before it is signed, also before it was shown: the institution knows its customer first. */
const OPEN = ['requested', 'presented', 'challenged', 'confirmed'];

/** Clocks of two houses. */
const SKEW_SECONDS = 60;

/**
 * The institution's own word for its customer: who vouches, when, and how they know. A note beside the checks, which
 * meets no requirement: it is nobody else's word, and no evidence beyond that. Throws `not-found`, `step-out-of-order`, `invalid-request` where no checks are asked for, for one that
 * lies in the future or is too old to count.
 */
export async function assertIdentity(
  deps: RaDeps,
  request: Parameters<RaRole['assertIdentity']>[0],
): ReturnType<RaRole['assertIdentity']> {
  const { record, clock, random } = deps;
  const authorization = await record.authorization(request.authorizationId);
  if (authorization.institutionId !== request.institutionId)
    throw new DomainError('not-found', 'no such authorization');
  if (!OPEN.includes(authorization.state))
    throw new DomainError('step-out-of-order', `no assertion while it is ${authorization.state}`);
  const letter = await letterOf(deps, authorization);
  const policy = IDENTITY_POLICIES[letter.policy];
  if (policy.freshSeconds === 0)
    throw new DomainError('invalid-request', 'the template asks for no checks of the person');
  const now = clock.now();
  const seen = new Date(request.at);
  const age = (now.getTime() - seen.getTime()) / 1000;
  if (age < -SKEW_SECONDS || age >= policy.freshSeconds)
    throw new DomainError('invalid-request', 'at: in the future, or too long ago to count');

  const institution = await record.institution(authorization.institutionId);
  const { terms } = await openFor(deps, authorization, 'identify');
  const { name, idNumber, phone } = terms.subject;
  const nonce = toHex(random.bytes(32));
  const asked = {
    check: 'institution' as const,
    letters: [authorization.letterDigest],
    nonce,
    compared: identityCommitments({ nonce, once: nonce }, { name, idNumber, phone }),
  };
  const checkedAt = toUtcSeconds(seen);
  const { vouchedBy, how, reference } = request;
  const body = canonicalBytes({ vouchedBy, how, reference, at: checkedAt });
  const row = await recordResult(
    deps,
    [letter],
    {
      format: 'mandate-identity-result/v1',
      ...asked,
      provider: institution.creditCode,
      operator: institution.name,
      simulated: false,
      outcome: 'match',
      reference,
      checkedAt,
      receivedAt: toUtcSeconds(now),
      binding: identityBinding(asked),
      receipt: { suite: 'none', body: toBase64Url(body), signature: '' },
    },
    passkeyOwner(deps.secret, terms.subject),
  );
  return { digest: row.digest, at: checkedAt, freshUntil: toUtcSeconds(row.freshUntil) };
}
