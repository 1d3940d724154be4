import { DomainError, isDomainError, kindDigestHex, type Scene } from '@mandate/core';
import { termsDigest } from '@mandate/terms';
import { openFor, type RaDeps } from './challenge.js';
import type { AuthorizationRow, ChallengeRow } from '../ports.js';

/** What says that stored terms are none, or others. */
const SPOILT = [
  'object-corrupt',
  'terms-invalid',
  'format-json',
  'text-forbidden-character',
] as const;

/**
 * A code answers for the letter it was made for: terms, letter and scene are opened and digested again, whoever may
 * have written to the record since. One field changed, and the code is dead for good. Throws `challenge-dead`.
 */
export async function checkUnchanged(
  deps: RaDeps,
  letter: { readonly authorization: AuthorizationRow; readonly challenge: ChallengeRow },
  at: Date,
): Promise<void> {
  if (await isUnchanged(deps, letter)) return;
  await deps.record.killChallenge(letter.challenge.id, at);
  throw new DomainError('challenge-dead', 'the letter is not the one the code was made for');
}

async function isUnchanged(
  deps: RaDeps,
  {
    authorization,
    challenge,
  }: { readonly authorization: AuthorizationRow; readonly challenge: ChallengeRow },
): Promise<boolean> {
  const scene = JSON.parse(challenge.scene) as Scene;
  const { letterDigest } = scene;
  const sceneDigest = kindDigestHex('scene', scene);
  const asked = { letterDigest, sceneDigest, serverNonce: challenge.serverNonce };
  if (
    sceneDigest !== challenge.sceneDigest ||
    letterDigest !== authorization.letterDigest ||
    scene.termsDigest !== authorization.termsDigest ||
    kindDigestHex('challenge', asked) !== challenge.digest
  )
    return false;
  try {
    const { terms } = await openFor(deps, authorization, 'confirm');
    return termsDigest(terms) === scene.termsDigest;
  } catch (error) {
    if (isDomainError(error, ...SPOILT)) return false;
    throw error;
  }
}
