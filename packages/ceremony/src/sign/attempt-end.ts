import { addSeconds, DomainError } from '@mandate/core';
import { TIMES } from '../deps.js';
import type { AttemptRow } from '../ports.js';
import { voidAttempt, type CaDeps } from './open-attempt.js';

export const ended = (): DomainError =>
  new DomainError('attempt-void', 'this signing attempt has ended; sign again');

/** Not yet stamped and too close to the certificate's end: void. */
export async function voidIfOver(deps: CaDeps, attempt: AttemptRow): Promise<boolean> {
  if (!['intended', 'issued', 'subject-signed'].includes(attempt.state)) return false;
  if (deps.clock.now() < addSeconds(attempt.notAfter, -TIMES.certificateMargin)) return false;
  return voidAttempt(
    deps,
    attempt,
    attempt.state === 'subject-signed' ? 'not-stamped' : 'not-signed',
  );
}
