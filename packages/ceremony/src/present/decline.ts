import { DomainError, type State } from '@mandate/core';
import type { EnterDeps, Visit } from '../enter/enter.js';
import type { AuthorizationRow, Step } from '../ports.js';

export const DECLINE_REASONS = [
  'refused',
  'details-wrong',
  'not-me',
  'someone-is-telling-me',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];

/**
 * The subject stops, for good: the institution needs a new authorization. In a set all letters that are not signed
 * yet. Live codes die in the same transaction; an attempt under way can no longer be committed. The institution
 * learns that signing stopped, not why.
 */
export async function decline(deps: EnterDeps, visit: Visit, reason: DeclineReason): Promise<void> {
  const { record } = deps;
  const set = await record.setOf(visit.authorizationId);
  const ids = set?.members.map(({ authorizationId }) => authorizationId) ?? [visit.authorizationId];
  const authorizations = await Promise.all(ids.map((id) => record.authorization(id)));
  const open = authorizations.filter(({ state }) => !ENDED.includes(state) && !isSigned(state));
  if (open.length === 0) {
    const [first] = authorizations;
    if (authorizations.some(({ state }) => isSigned(state)))
      throw new DomainError('illegal-transition', 'the letter is signed; it can be withdrawn');
    if (authorizations.some(({ state }) => state === 'declined')) return;
    throw new DomainError('illegal-transition', `the authorization is ${first!.state}`);
  }
  const steps = [];
  for (const authorization of open)
    steps.push(await declineStep(deps, visit, authorization, reason));
  await record.declineAll(steps);
}

const ENDED: readonly State[] = ['declined', 'lapsed', 'failed'];
const isSigned = (state: State): boolean => state === 'signed' || state === 'released';

/** `declined` for one authorization. An attempt the subject will not finish is voided, and its certificate revoked, at once. */
export async function declineStep(
  { record, clock }: EnterDeps,
  visit: Visit,
  authorization: AuthorizationRow,
  reason: DeclineReason,
): Promise<Step> {
  const attempt = await record.latestAttempt(authorization.id);
  return {
    authorization,
    to: 'declined',
    type: 'declined',
    at: clock.now(),
    data: { reason, visit: visit.id },
    outbox: [
      ...(attempt ? [{ topic: 'finish-attempt', ref: attempt.id } as const] : []),
      // Role ra remembers the person, so that the next letter does not come at once.
      ...(reason === 'someone-is-telling-me'
        ? [{ topic: 'note-pause', ref: authorization.id } as const]
        : []),
    ],
  };
}
