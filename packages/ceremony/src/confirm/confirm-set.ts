import {
  DomainError,
  toUtcSeconds,
  type ConfirmationView,
  type RaRole,
  type Scene,
} from '@mandate/core';
import type { RaDeps } from './challenge.js';
import { checkMeasures, checkProof, confirmationOf } from './confirm.js';
import { noteAnswered } from './code-limits.js';
import { checkUnchanged } from './check-unchanged.js';
import { deliveryRecordOf } from './delivery-record.js';
import { checkPasskeyAnswer } from './passkey-answer.js';
import { withCodeOf } from './passkeys.js';
import type { PasskeyRow } from '../ports/passkey.js';
import type { AuthorizationRow, ChallengeRow } from '../ports.js';
import { checkIdentity } from '../identity/require-identity.js';
import { compareCode, tryChallenge } from './try-challenge.js';

interface Challenged {
  readonly authorization: AuthorizationRow;
  readonly challenge: ChallengeRow;
}

/**
 * One answer for all letters the code was made for, one fresh key for each. Tries are counted once, with the
 * first challenge; all letters are confirmed in one transaction or none. Throws as `confirm` does;
 * `invalid-request` when the keys are not exactly one for each letter.
 */
export async function confirmSet(
  deps: RaDeps,
  request: Parameters<RaRole['confirmSet']>[0],
): Promise<ConfirmationView> {
  const { record, clock } = deps;
  const at = clock.now();
  const letters = await challengedLetters(deps, request.setId);
  const [first] = letters;
  const keys = letters.map(({ authorization }) => {
    const key = request.keys.find(({ authorizationId }) => authorizationId === authorization.id);
    if (!key || request.keys.length !== letters.length)
      throw new DomainError('invalid-request', 'one key for each letter the code was made for');
    return key;
  });
  // Their scenes were frozen together and demand the same.
  checkMeasures(JSON.parse(first.challenge.scene) as Scene, request);
  const checkAll = async (passkey?: PasskeyRow): Promise<void> => {
    for (const { authorization, challenge } of letters)
      await checkIdentity(
        deps,
        authorization.id,
        JSON.parse(challenge.scene) as Scene,
        passkey,
        at,
      );
  };
  await checkAll();

  const { tries, answer: passkey } = await tryChallenge(deps, first.challenge, at, async () => {
    for (const letter of letters) await checkUnchanged(deps, letter, at);
    if (request.code !== undefined) compareCode(deps, first.challenge, request.code);
    return (
      request.passkey &&
      checkPasskeyAnswer(deps, first.authorization, first.challenge, request.passkey)
    );
  });
  if (passkey) await checkAll(passkey.row);
  const withCode = request.code !== undefined;
  const delivery = withCode ? await deliveryRecordOf(deps, first.challenge) : null;
  const members = letters.map((letter, i) => {
    const key = keys[i]!;
    checkProof(letter.challenge.digest, key.publicKey, key.proof);
    return confirmationOf(deps, {
      ...letter,
      visitId: request.visitId,
      key,
      tries: request.code === undefined ? null : tries,
      passkey,
      delivery,
      at,
    });
  });
  await record.confirmSet(members, passkey && { id: passkey.row.id, counter: passkey.counter });
  if (withCode)
    await noteAnswered(deps, first.authorization.institutionId, first.challenge.prefixKey, at);
  const { goodUntil } = members[0]!.row;
  return { confirmedAt: toUtcSeconds(at), goodUntil: toUtcSeconds(goodUntil) };
}

/** The letters of the newest code in their order, the one with the code first. Throws `not-found`, `challenge-missing`, `challenge-dead`. */
async function challengedLetters(
  { record }: RaDeps,
  setId: string,
): Promise<readonly [Challenged, ...Challenged[]]> {
  const set = await record.set(setId);
  if (!set) throw new DomainError('not-found', 'no such signing set');
  const authorizations = await Promise.all(
    set.members.map(({ authorizationId }) => record.authorization(authorizationId)),
  );
  const asked = authorizations.find(({ state }) => state === 'challenged');
  const any = asked && (await record.latestChallenge(asked.id));
  if (!any?.setChallenges) throw new DomainError('challenge-missing', 'ask for a code first');
  const first = await withCodeOf(record, any);
  const letters: Challenged[] = [];
  for (const digest of first.setChallenges!) {
    const challenge = digest === first.digest ? first : await record.challengeByDigest(digest);
    const authorization = authorizations.find(({ id }) => id === challenge?.authorizationId);
    // Shown again, refused or lapsed meanwhile: what the code was for is no longer all there.
    if (!challenge || authorization?.state !== 'challenged')
      throw new DomainError('challenge-dead', 'a letter has changed; ask for a new code');
    letters.push({ authorization, challenge });
  }
  return letters as [Challenged, ...Challenged[]];
}
