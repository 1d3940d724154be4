import { toUtcSeconds } from '@mandate/core';
import {
  ageingPauseEnd,
  challengeView,
  type AuthorizationRow,
  type Visit,
} from '@mandate/ceremony';
import { openIdentity } from './identity-view.js';
import { headOf, letterView, stampUntil, type SigningView } from './letter-view.js';
import { setSigningView } from './set-view.js';
import type { WebParts } from './web-parts.js';

export { policyOf, type SigningView } from './letter-view.js';

/** The subject's view of one authorization. A page closed midway finds the right step again. */
export async function signingView(
  parts: WebParts,
  visit: Visit,
  /** In a set: the letter to be read again. */
  named?: string,
): Promise<SigningView> {
  const set = await parts.record.setOf(visit.authorizationId);
  if (set) return setSigningView(parts, visit, set, named);
  const authorization = await parts.record.authorization(visit.authorizationId);
  const head = await headOf(parts, visit, authorization);
  if (['declined', 'lapsed', 'failed'].includes(authorization.state))
    return { ...head, step: 'ended', end: authorization.state };
  if (!visit.identified) return { ...head, step: 'gate' };

  const { view, terms, policy, presented } = await letterView(parts, visit, authorization, head);
  if (authorization.state === 'released') return { ...view, step: 'done' };
  if (authorization.state === 'signed') return { ...view, step: 'wait' };
  if (authorization.state === 'requested') return { ...view, step: 'read' };
  // What somebody else read in another visit is read, and chosen, here first.
  if (authorization.state !== 'confirmed' && presented?.here === false)
    return { ...view, step: 'read' };
  const now = parts.clock.now();
  const pauseEnd = presented && ageingPauseEnd(terms, policy.pause, presented.firstAt);
  const paused = pauseEnd && pauseEnd > now ? { pauseUntil: toUtcSeconds(pauseEnd) } : {};
  if (authorization.signBy <= now) return { ...head, step: 'ended', end: 'lapsed' };

  const challenge = await parts.record.latestChallenge(authorization.id);
  const shown = challenge && {
    challenge: challengeView(challenge, authorization.letterDigest, terms.subject.phone),
  };
  if (authorization.state === 'confirmed') {
    const confirmation = await parts.record.latestConfirmation(authorization.id);
    if (confirmation && confirmation.visitId === visit.id && confirmation.goodUntil > now) {
      const attempt = await parts.record.latestAttempt(authorization.id);
      const waiting = attempt && ['subject-signed', 'stamped', 'stored'].includes(attempt.state);
      return {
        ...view,
        ...shown,
        step: waiting ? 'wait' : 'sign',
        confirmationGoodUntil: toUtcSeconds(confirmation.goodUntil),
        ...(attempt?.state === 'subject-signed' ? { stampUntil: stampUntil(attempt) } : null),
      };
    }
    return (await identityStep(parts, view, authorization)) ?? { ...view, step: 'code' };
  }
  // Nobody is asked about before a pause is over: the answer would be stale by then.
  const asked = 'pauseUntil' in paused ? null : await identityStep(parts, view, authorization);
  if (asked) return asked;
  const alive = challenge && !challenge.deadAt && challenge.expiresAt > now;
  return { ...view, ...paused, ...(alive ? shown : null), step: 'code' };
}

async function identityStep(
  parts: WebParts,
  view: Omit<SigningView, 'step'>,
  authorization: AuthorizationRow,
): Promise<SigningView | null> {
  const open = await openIdentity(parts, [authorization]);
  return open && { ...view, step: 'identity', identity: open.identity };
}
