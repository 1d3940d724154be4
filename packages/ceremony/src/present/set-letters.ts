import { DomainError } from '@mandate/core';
import type { EnterDeps, Visit } from '../enter/enter.js';
import { checkNumberStillOpens } from '../enter/enter-by-number.js';
import type { AuthorizationRow, SetMember, SigningSet, WebRecord } from '../ports.js';

/** How a letter of a set was decided; `open` is not yet. */
export type LetterChoice = 'open' | 'accepted' | 'refused';

/** One letter of a set with what became of it. */
export interface SetLetter {
  readonly member: SetMember;
  readonly authorization: AuthorizationRow;
  readonly choice: LetterChoice;
}

const OVER = ['declined', 'lapsed', 'failed'];
const SIGNED = ['signed', 'released'];

/** All letters of a set in their order. */
export async function setLetters(
  record: Pick<WebRecord, 'authorization'>,
  set: SigningSet,
): Promise<readonly SetLetter[]> {
  const letters = [];
  for (const member of set.members) {
    const authorization = await record.authorization(member.authorizationId);
    letters.push({ member, authorization, choice: choiceOf(authorization, member) });
  }
  return letters;
}

function choiceOf({ state }: AuthorizationRow, { refusedAt }: SetMember): LetterChoice {
  if (OVER.includes(state)) return 'refused';
  if (SIGNED.includes(state)) return 'accepted';
  if (refusedAt) return 'refused';
  return state === 'requested' ? 'open' : 'accepted';
}

/** Still to be signed, or to be decided. */
export const isPending = ({ authorization, choice }: SetLetter): boolean =>
  choice !== 'refused' && !SIGNED.includes(authorization.state);

/** Not yet at an end of its own: it can still be asked for, refused or taken back. */
export const isLive = ({ authorization: { state } }: SetLetter): boolean =>
  !OVER.includes(state) && !SIGNED.includes(state);

/**
 * The visit as one to another letter of its set; without a set, or a name, it stays what it is. Throws
 * `not-found` for a letter that is not of this sitting, `visit-invalid`.
 */
export async function visitTo(
  { record }: Pick<EnterDeps, 'record'>,
  visit: Visit,
  authorizationId: string | undefined,
): Promise<Visit> {
  if (authorizationId === undefined || authorizationId === visit.authorizationId) return visit;
  const set = await record.setOf(visit.authorizationId);
  if (!set?.members.some((member) => member.authorizationId === authorizationId))
    throw new DomainError('not-found', 'no such letter in this sitting');
  const there = { ...visit, authorizationId };
  await checkNumberStillOpens(record, there);
  return there;
}

/** The same by the letter's digest; an unknown one leaves the visit as it is. */
export async function visitToLetter(
  { record }: Pick<EnterDeps, 'record'>,
  visit: Visit,
  letterDigest: string,
): Promise<Visit> {
  const set = await record.setOf(visit.authorizationId);
  if (!set) return visit;
  const letters = await setLetters(record, set);
  const found = letters.find(({ authorization }) => authorization.letterDigest === letterDigest);
  return found ? { ...visit, authorizationId: found.authorization.id } : visit;
}

/** A letter through which the sitting can still be entered: of a set the first that is live, else itself. */
export async function liveLetterOf(
  record: Pick<WebRecord, 'authorization' | 'setOf'>,
  authorizationId: string,
): Promise<AuthorizationRow> {
  const set = await record.setOf(authorizationId);
  const live = set && (await setLetters(record, set)).find(isLive);
  return live?.authorization ?? record.authorization(authorizationId);
}
