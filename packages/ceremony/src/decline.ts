import { DomainError } from '@mandate/core';
import type { EnterDeps, Visit } from './enter.js';

export const DECLINE_REASONS = [
  'refused',
  'details-wrong',
  'not-me',
  'someone-is-telling-me',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/**
 * The subject stops, for good: the institution needs a new authorization. Live codes die in the same transaction; an attempt under way can no longer be
 * committed. The institution learns that signing stopped, not why.
 */
export async function decline(deps: EnterDeps, visit: Visit, reason: DeclineReason): Promise<void> {
  const authorization = await deps.record.authorization(visit.authorizationId);
  if (authorization.state === 'declined') return;
  if (authorization.state === 'signed' || authorization.state === 'released')
    throw new DomainError('illegal-transition', 'the letter is signed; it can be withdrawn');
  // An attempt the subject will not finish is voided, and its certificate revoked, at once.
  const attempt = await deps.record.latestAttempt(authorization.id);
  await deps.record.advance(
    {
      authorization,
      to: 'declined',
      type: 'declined',
      at: deps.clock.now(),
      data: { reason, visit: visit.id },
      outbox: [
        ...(attempt ? [{ topic: 'finish-attempt', ref: attempt.id } as const] : []),
        // Role ra remembers the person, so that the next letter does not come at once.
        ...(reason === 'someone-is-telling-me'
          ? [{ topic: 'note-pause', ref: authorization.id } as const]
          : []),
      ],
    },
    { killChallenges: true },
  );
}
