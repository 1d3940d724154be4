import { DomainError, toHex } from '@mandate/core';
import { ageOn, beijingDay, birthDate, type TemplatePolicy, type Terms } from '@mandate/terms';
import { passkeyOwner, subjectKey } from '../confirm/code.js';
import type { RaDeps } from '../confirm/challenge.js';
import type { AuthorizationRow } from '../ports.js';

type Pause = TemplatePolicy['pause'];

/**
 * Until when the age of the subject makes the policy wait, counted from the first presentation; null: it does
 * not. Only resident ID numbers tell an age. The end does not move when the letter is shown again.
 */
export function ageingPauseEnd(
  terms: Pick<Terms, 'subject'>,
  pause: Pause,
  firstPresentedAt: Date,
): Date | null {
  const { idType, idNumber } = terms.subject;
  if (!pause || pause.fromAge === null || idType !== 'cn-resident-id') return null;
  const age = ageOn(birthDate(idNumber)!, beijingDay(firstPresentedAt));
  return age >= pause.fromAge ? after(firstPresentedAt, pause.minutes) : null;
}

const after = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * 60_000);

/**
 * No code before the policy's pause is over: from an age on, and for whoever said, on any letter, that somebody
 * was telling them to sign. At every institution where the letter named the same telephone number; said on a letter
 * with another number, which anybody may have had made out, only where it was said. Throws `pause-running`.
 */
export async function checkPause(
  deps: RaDeps,
  { institutionId }: Pick<AuthorizationRow, 'institutionId'>,
  terms: Terms,
  pause: Pause,
  firstPresentedAt: Date,
  at: Date,
): Promise<void> {
  if (!pause) return;
  const owner = toHex(passkeyOwner(deps.secret, terms.subject));
  const said = (await deps.record.pausesOf(subjectKey(deps.secret, terms.subject))).filter(
    (each) => each.institutionId === institutionId || toHex(each.ownerKey) === owner,
  );
  const ends = [
    ageingPauseEnd(terms, pause, firstPresentedAt),
    ...said.map((each) => after(each.at, pause.minutes)),
  ];
  const until = Math.max(...ends.map((end) => end?.getTime() ?? 0));
  if (until <= at.getTime()) return;
  throw new DomainError('pause-running', 'a code can be asked for after a pause', {
    extensions: { retryAfterSeconds: Math.ceil((until - at.getTime()) / 1000) },
  });
}
