import { DomainError, isDomainError, type AttemptView, type CaRole } from '@mandate/core';
import type { AttemptRow } from '../ports.js';
import { ended, voidIfOver } from './attempt-end.js';
import { commitAttempt } from './commit-attempt.js';
import { voidAttempt, type CaDeps } from './open-attempt.js';
import { openJournal } from './open-journal.js';
import { collectValidation, stampAttempt } from './stamp-attempt.js';
import { storeBundle } from './store-bundle.js';

/**
 * Continues an attempt after the subject's signature: token, validation material, bundle, commit.
 * Every step is written once and read back, so any number of workers may run this at any time.
 */
export const finishAttempt = (
  deps: CaDeps,
  request: Parameters<CaRole['finish']>[0],
): Promise<AttemptView> => finishOpened(deps, request.attemptId);

/** `opened`: what the caller has read of the attempt already. */
export async function finishOpened(
  deps: CaDeps,
  attemptId: string,
  opened?: Awaited<ReturnType<typeof openJournal>>,
): Promise<AttemptView> {
  const { record } = deps;
  const attempt = await record.attempt(attemptId);
  if (!attempt) throw new DomainError('not-found', 'no such attempt');
  if (attempt.state === 'committed') return release(deps, attempt);
  if (attempt.state === 'voided') throw ended();
  const authorization = await record.authorization(attempt.authorizationId);
  if (authorization.state !== 'confirmed') {
    // Declined or lapsed meanwhile. (`signed` cannot be: that attempt would be committed.)
    const now = await record.attempt(attempt.id);
    if (now?.state === 'committed') return release(deps, now);
    await voidAttempt(deps, attempt, 'authorization-ended');
    throw ended();
  }
  if (await voidIfOver(deps, attempt)) throw ended();
  if (attempt.state === 'intended' || attempt.state === 'issued') return viewOf(deps, attempt.id);

  const { journal, letter, dataKey } = opened ?? (await openJournal(deps, attempt));
  const { signature } = journal.read('signature')!;
  await stampAttempt(deps, attempt, journal, signature);
  await collectValidation(deps, attempt, journal);
  if (!(await storeBundle(deps, attempt, journal, letter, dataKey)))
    return viewOf(deps, attempt.id);
  await commitAttempt(deps, attempt, journal, signature, dataKey);
  return release(deps, attempt);
}

/** Asks the ledger for a round; if it cannot just now, the worker's own round will do. */
async function release(deps: CaDeps, attempt: AttemptRow): Promise<AttemptView> {
  try {
    deps.gate.saw((await deps.ledger.integrate({})).size);
  } catch (error) {
    if (!isDomainError(error)) throw error;
  }
  deps.probe('after-integrate');
  return viewOf(deps, attempt.id);
}

async function viewOf(deps: CaDeps, attemptId: string): Promise<AttemptView> {
  const attempt = (await deps.record.attempt(attemptId))!;
  const authorization = await deps.record.authorization(attempt.authorizationId);
  return {
    attemptId,
    state: attempt.state,
    authorization: authorization.state,
    keyOrigin: attempt.keyOrigin,
  };
}
