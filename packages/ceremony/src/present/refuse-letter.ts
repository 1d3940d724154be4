import { DomainError } from '@mandate/core';
import { declineStep } from './decline.js';
import type { EnterDeps, Visit } from '../enter/enter.js';
import type { SigningSet } from '../ports.js';
import { isLive, isPending, setLetters, type SetLetter } from './set-letters.js';

/**
 * Refuses one letter of a set; the others go on. Until the code is asked for it can be taken back by accepting
 * the letter after all; later, or when nothing is left to sign, it is for good. Throws `invalid-request` outside
 * a set or for a letter of another one, `illegal-transition` once it is signed.
 */
export async function refuseLetter(
  deps: EnterDeps,
  visit: Visit,
  letterDigest: string,
): Promise<void> {
  const { record, clock } = deps;
  const set = await record.setOf(visit.authorizationId);
  if (!set) throw new DomainError('invalid-request', 'this letter stands by itself: decline it');
  const letters = await setLetters(record, set);
  const letter = letters.find(({ authorization }) => authorization.letterDigest === letterDigest);
  if (!letter) throw new DomainError('invalid-request', 'another letter was shown');
  const { id, state } = letter.authorization;
  if (state === 'declined') return;
  if (!isLive(letter)) throw new DomainError('illegal-transition', `the authorization is ${state}`);
  if (state === 'challenged' || state === 'confirmed') return declineLetters(deps, visit, [letter]);
  await record.refuseMember(id, clock.now());
  if (!letters.some((other) => other !== letter && isPending(other)))
    await settleRefusals(deps, visit, set);
}

/** What was refused is declined for good: the code is about to be asked for. Throws `step-out-of-order` while a letter is open. */
export async function settleRefusals(
  deps: EnterDeps,
  visit: Visit,
  set: SigningSet,
): Promise<void> {
  const now = (await deps.record.set(set.id))!;
  const letters = await setLetters(deps.record, now);
  if (letters.some(({ choice }) => choice === 'open'))
    throw new DomainError('step-out-of-order', 'every letter is accepted or refused first');
  await declineLetters(
    deps,
    visit,
    letters.filter((letter) => letter.choice === 'refused' && isLive(letter)),
  );
}

async function declineLetters(
  deps: EnterDeps,
  visit: Visit,
  letters: readonly SetLetter[],
): Promise<void> {
  const steps = [];
  for (const { authorization } of letters)
    steps.push(await declineStep(deps, visit, authorization, 'refused'));
  await deps.record.declineAll(steps);
}
