import { toUtcSeconds } from '@mandate/core';
import {
  ageingPauseEnd,
  isReadHere,
  isLive,
  isPending,
  openForVisit,
  outcomeOfAll,
  presentedToVisit,
  setChallengeView,
  setLetters,
  type PublicChallenge,
  type SetLetter,
  type SigningSet,
  type Visit,
} from '@mandate/ceremony';
import { openIdentity } from './identity-view.js';
import {
  headOf,
  letterView,
  policyOf,
  stampUntil,
  templateOf,
  type SigningView,
} from './letter-view.js';
import { enterDeps, type WebParts } from './web-parts.js';

/** A letter with what its signature waits for. */
interface Standing extends SetLetter {
  readonly challenge: PublicChallenge | null;
  /** Confirmed by this visit, and still good. */
  readonly goodUntil: Date | null;
  /** Signed by the subject, not yet in the record. */
  readonly waiting: boolean;
  readonly stampUntil: string | null;
}

/**
 * The subject's view of a signing set: letter by letter while one is undecided, then one code for those accepted,
 * then a signature for each. `named`: the letter to be read again.
 */
export async function setSigningView(
  parts: WebParts,
  visit: Visit,
  set: SigningSet,
  named?: string,
): Promise<SigningView> {
  const letters: Standing[] = [];
  for (const letter of await setLetters(parts.record, set))
    letters.push(await standingOf(parts, visit, letter));
  const first = letters[0]!;
  const head = await headOf(parts, visit, first.authorization);
  const now = parts.clock.now();
  const over = !letters.some(
    (letter) => letter.choice === 'accepted' || (letter.choice === 'open' && inTime(letter, now)),
  );
  if (over) return { ...head, ...endOf(letters) };
  if (!visit.identified) return { ...head, step: 'gate' };

  const show = async (letter: Standing, step: SigningView['step']): Promise<SigningView> => {
    const { authorization } = letter;
    const { view } = await letterView(
      parts,
      { ...visit, authorizationId: authorization.id },
      authorization,
      { ...head, authorization: authorization.id, state: authorization.state },
    );
    return { ...view, step, set: await setOfView(parts, set, letters, letter) };
  };
  const again = letters.find(({ authorization }) => authorization.id === named);
  if (again && MAY_BE_READ.includes(again.authorization.state)) return show(again, 'read');
  const open = letters.find(({ choice }) => choice === 'open');
  if (open) return show(open, 'read');

  const pending = letters.filter(isPending);
  for (const letter of pending)
    if (!(await isReadHere(enterDeps(parts), visitOf(visit, letter)))) return show(letter, 'read');
  const waiting = pending.filter((letter) => letter.waiting);
  const unsigned = pending.filter((letter) => !letter.waiting);
  const confirmed = unsigned.every(({ goodUntil }) => goodUntil !== null);
  const [next] = unsigned;
  if (next && confirmed)
    return {
      ...(await show(next, 'sign')),
      ...(await challengeOf(parts, visit, unsigned)),
      confirmationGoodUntil: toUtcSeconds(next.goodUntil!),
    };
  const unfinished =
    waiting[0] ?? letters.find(({ authorization }) => authorization.state === 'signed');
  // A new code would take the confirmation from under a signature that is being completed.
  if (unfinished && (waiting.length > 0 || !next)) {
    const until = waiting.flatMap((letter) => letter.stampUntil ?? []).sort()[0];
    return { ...(await show(unfinished, 'wait')), ...(until ? { stampUntil: until } : null) };
  }
  if (!next)
    return show(
      letters.find(({ choice }) => choice === 'accepted')!,
      'done',
    );
  if (!inTime(next, now)) return { ...head, step: 'ended', end: 'lapsed' };
  const shared = await sharedPolicy(parts, visit, unsigned);
  const asked = shared.pauseUntil
    ? null
    : await openIdentity(
        parts,
        unsigned.map(({ authorization }) => authorization),
      );
  if (asked) {
    const of = unsigned.find(({ authorization }) => authorization.id === asked.authorizationId)!;
    return { ...(await show(of, 'identity')), ...shared, identity: asked.identity };
  }
  return {
    ...(await show(next, 'code')),
    ...shared,
    ...(await challengeOf(parts, visit, unsigned, now)),
  };
}

/** Until it is confirmed a letter may be read again, and decided anew. */
const MAY_BE_READ = ['requested', 'presented', 'challenged'];

const visitOf = (visit: Visit, { authorization }: SetLetter): Visit => ({
  ...visit,
  authorizationId: authorization.id,
});

const inTime = ({ authorization }: SetLetter, now: Date): boolean => authorization.signBy > now;

const endOf = (letters: readonly SetLetter[]) => {
  const outcome = outcomeOfAll(letters.map(({ authorization }) => authorization.state));
  const refused = letters.some(
    ({ choice, authorization }) => choice === 'refused' && authorization.state !== 'lapsed',
  );
  return {
    step: 'ended' as const,
    end: outcome === 'running' ? (refused ? 'declined' : 'lapsed') : outcome,
  };
};

async function standingOf(parts: WebParts, visit: Visit, letter: SetLetter): Promise<Standing> {
  const { id, state } = letter.authorization;
  const bare = { ...letter, goodUntil: null, waiting: false, stampUntil: null };
  if (state !== 'challenged' && state !== 'confirmed') return { ...bare, challenge: null };
  const challenge = await parts.record.latestChallenge(id);
  if (state === 'challenged') return { ...bare, challenge };
  const confirmation = await parts.record.latestConfirmation(id);
  const attempt = await parts.record.latestAttempt(id);
  const waiting = ['subject-signed', 'stamped', 'stored'].includes(attempt?.state ?? '');
  const good =
    confirmation?.visitId === visit.id && confirmation.goodUntil > parts.clock.now()
      ? confirmation.goodUntil
      : null;
  return {
    ...letter,
    challenge,
    goodUntil: good,
    waiting,
    stampUntil: attempt?.state === 'subject-signed' ? stampUntil(attempt) : null,
  };
}

async function setOfView(
  parts: WebParts,
  { id }: SigningSet,
  letters: readonly Standing[],
  shown: Standing,
): Promise<SigningView['set']> {
  return {
    id,
    position: shown.member.position,
    letters: await Promise.all(
      letters.map(async ({ authorization, member, choice, challenge, waiting }) => {
        const { title } = await templateOf(parts, authorization);
        return {
          authorization: authorization.id,
          title: title[authorization.language as 'zh' | 'en'],
          letterNumber: authorization.letterNumber,
          optional: member.optional,
          choice,
          state: authorization.state,
          waiting: waiting || authorization.state === 'signed',
          ...(challenge
            ? {
                challenge: {
                  letterDigest: authorization.letterDigest,
                  sceneDigest: challenge.sceneDigest,
                  serverNonce: challenge.serverNonce,
                  challengeDigest: challenge.digest,
                },
              }
            : {}),
        };
      }),
    ),
  };
}

/** What the one code is about; with `now` only while it can be answered. */
async function challengeOf(
  parts: WebParts,
  visit: Visit,
  unsigned: readonly Standing[],
  now?: Date,
): Promise<Pick<SigningView, 'challenge'>> {
  const digests = unsigned[0]?.challenge?.setChallenges;
  if (!digests) return {};
  const set = await parts.record.setOf(visit.authorizationId);
  const members = [];
  for (const digest of digests)
    for (const { authorizationId } of set!.members) {
      const challenge = await parts.record.latestChallenge(authorizationId);
      if (challenge?.digest !== digest) continue;
      const { letterDigest } = await parts.record.authorization(authorizationId);
      members.push({ ...challenge, letterDigest });
    }
  const [first] = members;
  if (!first || members.length !== digests.length) return {};
  if (now && (first.deadAt || first.expiresAt <= now)) return {};
  const { authorizationId, letterDigest } = first;
  const { terms } = await openForVisit(enterDeps(parts), { ...visit, authorizationId });
  const { members: _, ...shared } = setChallengeView(members, terms.subject.phone);
  const { sceneDigest, serverNonce } = first;
  return { challenge: { ...shared, letterDigest, sceneDigest, serverNonce } };
}

/** What the templates of all letters still to be signed ask for together. */
async function sharedPolicy(
  parts: WebParts,
  visit: Visit,
  unsigned: readonly Standing[],
): Promise<Pick<SigningView, 'measures' | 'voice' | 'pauseUntil'>> {
  const policies = await Promise.all(
    unsigned.map(({ authorization }) => policyOf(parts, authorization)),
  );
  const measures = new Set(policies.flatMap((policy) => policy.measures));
  const ends: number[] = [];
  for (const [i, { authorization }] of unsigned.entries()) {
    const { pause } = policies[i]!;
    if (!pause) continue;
    const there = { ...visit, authorizationId: authorization.id };
    const presented = await presentedToVisit(enterDeps(parts), there);
    const { terms } = await openForVisit(enterDeps(parts), there);
    const end = presented && ageingPauseEnd(terms, pause, presented.firstAt);
    if (end) ends.push(end.getTime());
  }
  const end = new Date(Math.max(0, ...ends));
  return {
    measures: [...measures],
    voice: policies.every((policy) => policy.voice === true),
    ...(end > parts.clock.now() ? { pauseUntil: toUtcSeconds(end) } : {}),
  };
}

/** Throws nothing: true while a signature of the set is being completed, and no code may be asked for. */
export async function isCompleting(parts: WebParts, set: SigningSet): Promise<boolean> {
  for (const letter of await setLetters(parts.record, set)) {
    if (!isLive(letter) || letter.authorization.state !== 'confirmed') continue;
    const attempt = await parts.record.latestAttempt(letter.authorization.id);
    if (['subject-signed', 'stamped', 'stored'].includes(attempt?.state ?? '')) return true;
  }
  return false;
}
