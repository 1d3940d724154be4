import {
  checkCode,
  DomainError,
  setChallengeDigest,
  setLettersDigest,
  toUtcSeconds,
  addSeconds,
  type Measure,
  type RaRole,
  type SetChallengeView,
} from '@mandate/core';
import { maskPhone } from '@mandate/terms';
import { challengedStep, codeFor, type RaDeps } from './challenge.js';
import { prefixKey } from './code.js';
import { checkLimits } from './code-limits.js';
import { TIMES } from '../deps.js';
import { freezeScene, openForChallenge, type OpenedLetter } from './freeze-scene.js';
import { requireIdentity } from '../identity/require-identity.js';
import type { AuthorizationRow, ChallengeRow, NewChallenge, SigningSet } from '../ports.js';
import { subjectIndex } from '../own/subject-index.js';

/** States in which a letter of a set is out of the sitting: refused, over, or signed before. */
const OUT = ['declined', 'lapsed', 'failed', 'signed', 'released'];

/**
 * One code for the accepted letters of a set. Each gets a scene of its own, which names all accepted letters in
 * their order, a nonce and a challenge; the code answers the ordered challenges together, so that one changed
 * byte in any of them leaves it dead. All measures that any of the letters demands are asked for. Throws as
 * `makeChallenge` does; `not-found`; `step-out-of-order` while a letter is undecided or none was accepted.
 */
export async function makeSetChallenge(
  deps: RaDeps,
  request: Parameters<RaRole['challengeSet']>[0],
): Promise<SetChallengeView> {
  const { record, clock } = deps;
  const at = clock.now();
  const set = await record.set(request.setId);
  if (!set) throw new DomainError('not-found', 'no such signing set');
  const accepted = await acceptedOf(deps, set);
  const letters: OpenedLetter[] = [];
  for (const authorization of accepted)
    letters.push(await openForChallenge(deps, authorization, request, at));

  const measures = (['sms-code', 'passkey'] as const satisfies readonly Measure[]).filter(
    (measure) => letters.some(({ policy }) => policy.measures.includes(measure)),
  );
  const identities = [];
  for (const letter of letters) identities.push(await requireIdentity(deps, letter, measures, at));
  const withCode = measures.includes('sms-code') || request.enrol === true;
  const { phone } = letters[0]!.terms.subject;
  const previous = await newestOf(deps, set);
  await checkLimits(
    deps,
    { counted: set.id, institutionId: set.institutionId, phone: withCode ? phone : null, previous },
    at,
  );

  const accepts = accepted.map(({ letterDigest }) => letterDigest);
  const sitting = { measures, set: { id: set.id, letters: accepts } };
  const frozen = [];
  for (const [i, letter] of letters.entries())
    frozen.push(
      await freezeScene(deps, letter, request, at, { ...sitting, identity: identities[i] }),
    );
  const setChallenges = frozen.map(({ digest }) => digest);
  const answered = setChallengeDigest(setChallenges);
  const rows = frozen.map((each, i): NewChallenge => ({
    ...each,
    ...codeFor(deps, each.id, answered, withCode && i === 0),
    channel: request.channel ?? 'sms',
    setChallenges,
    prefixKey: withCode && i === 0 ? prefixKey(deps.secret, phone) : null,
  }));
  await record.createSetChallenge(
    rows.map((row, i) => ({
      row,
      step: challengedStep(accepted[i]!, row, withCode && i === 0, answered),
      index: subjectIndex(deps.secret, letters[i]!.terms.subject),
    })),
  );
  return setChallengeView(
    rows.map((row, i) => ({ ...row, withCode: withCode && i === 0, letterDigest: accepts[i]! })),
    phone,
  );
}

/** The letters this sitting is about, in their order. */
async function acceptedOf({ record }: RaDeps, set: SigningSet): Promise<AuthorizationRow[]> {
  const accepted = [];
  for (const { authorizationId, refusedAt } of set.members) {
    const authorization = await record.authorization(authorizationId);
    if (OUT.includes(authorization.state)) continue;
    // A refusal becomes `declined` before the code is asked for; until then it may be taken back.
    if (authorization.state === 'requested' || refusedAt)
      throw new DomainError('step-out-of-order', 'every letter is accepted or refused first');
    accepted.push(authorization);
  }
  if (accepted.length === 0) throw new DomainError('step-out-of-order', 'no letter was accepted');
  return accepted;
}

/** The last code of the set, whichever letters it was for. */
async function newestOf({ record }: RaDeps, set: SigningSet): Promise<ChallengeRow | null> {
  let newest: ChallengeRow | null = null;
  for (const { authorizationId } of set.members) {
    const challenge = await record.latestChallenge(authorizationId);
    if (challenge?.withCode && (!newest || challenge.madeAt > newest.madeAt)) newest = challenge;
  }
  return newest;
}

/** `members` in the order of the set; the first carries what they share. */
export function setChallengeView(
  members: readonly (Pick<
    ChallengeRow,
    | 'id'
    | 'authorizationId'
    | 'digest'
    | 'sceneDigest'
    | 'serverNonce'
    | 'channel'
    | 'withCode'
    | 'madeAt'
    | 'expiresAt'
  > & { readonly letterDigest: string })[],
  phone: string,
): SetChallengeView {
  const first = members[0]!;
  return {
    challengeId: first.id,
    challengeDigest: setChallengeDigest(members.map(({ digest }) => digest)),
    checkCode: checkCode(setLettersDigest(members.map(({ letterDigest }) => letterDigest))),
    maskedPhone: maskPhone(phone),
    channel: first.channel,
    withCode: first.withCode,
    expiresAt: toUtcSeconds(first.expiresAt),
    resendAt: toUtcSeconds(addSeconds(first.madeAt, TIMES.resendPause)),
    members: members.map((member) => ({
      authorization: member.authorizationId,
      letterDigest: member.letterDigest,
      sceneDigest: member.sceneDigest,
      serverNonce: member.serverNonce,
      challengeDigest: member.digest,
    })),
  };
}
