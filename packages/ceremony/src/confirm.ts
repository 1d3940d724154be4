import {
  addSeconds,
  canonicalize,
  concat,
  DomainError,
  fromHex,
  kindDigestHex,
  secretsEqual,
  sha256,
  sha256Hex,
  toUtcSeconds,
  utf8,
  type CodeRecord,
  type ConfirmationParts,
  type ConfirmationView,
  type RaRole,
  type Scene,
} from '@mandate/core';
import { verifySignature } from '@mandate/pki';
import type { RaDeps } from './challenge.js';
import { CODE_DIGITS, codeMac } from './code.js';
import { LIMITS, TIMES } from './deps.js';
import type { ChallengeRow } from './ports.js';

/**
 * Checks code and proof of possession, then writes `confirmed` with the digest of its parts.
 * Every try is counted before anything is compared. Throws `challenge-missing`, `challenge-expired`,
 * `challenge-dead`, `code-wrong`, `code-tries-exhausted`, `proof-of-possession-invalid`.
 */
export async function confirm(
  deps: RaDeps,
  request: Parameters<RaRole['confirm']>[0],
): Promise<ConfirmationView> {
  const { record, clock, secret } = deps;
  const at = clock.now();
  const authorization = await record.authorization(request.authorizationId);
  const challenge = await record.latestChallenge(authorization.id);
  if (authorization.state !== 'challenged' || !challenge)
    throw new DomainError('challenge-missing', 'ask for a code first');

  const tries = await record.countTry(challenge.id, at, LIMITS.codeTries);
  if (tries === null) throw whyDead(challenge, at);
  const expected = codeMac(secret, challenge.digest, request.code);
  if (!secretsEqual(expected, challenge.codeMac)) {
    if (tries >= LIMITS.codeTries) {
      await record.killChallenge(challenge.id, at);
      throw new DomainError('code-tries-exhausted', 'too many wrong codes; ask for a new one');
    }
    throw new DomainError('code-wrong', 'this code is wrong', {
      extensions: { triesLeft: LIMITS.codeTries - tries },
    });
  }
  checkProof(challenge.digest, request.publicKey, request.proof);

  const scene = JSON.parse(challenge.scene) as Scene;
  const codeRecord: CodeRecord = {
    format: 'mandate-code-record/v0',
    challenge: challenge.digest,
    digits: CODE_DIGITS,
    madeAt: toUtcSeconds(challenge.madeAt),
    expiresAt: toUtcSeconds(challenge.expiresAt),
    checkedAt: toUtcSeconds(at),
    tries,
    phone: scene.subject.phone,
    channel: 'sms',
  };
  const parts: ConfirmationParts = {
    format: 'mandate-parts/v0',
    terms: authorization.termsDigest,
    letter: authorization.letterDigest,
    scene: challenge.sceneDigest,
    challenge: challenge.digest,
    codeRecord: kindDigestHex('code-record', codeRecord),
    publicKey: sha256Hex(request.publicKey),
    proofOfPossession: sha256Hex(request.proof),
    trail: authorization.head,
  };
  const evidenceRoot = kindDigestHex('parts', parts);
  const goodUntil = addSeconds(at, TIMES.confirmationLife);
  await record.confirm(
    {
      authorization,
      to: 'confirmed',
      type: 'confirmed',
      at,
      data: {
        challenge: challenge.digest,
        evidenceRoot,
        codeRecord: parts.codeRecord,
        visit: request.visitId,
      },
    },
    {
      authorizationId: authorization.id,
      challengeId: challenge.id,
      visitId: request.visitId,
      parts: canonicalize(parts),
      evidenceRoot,
      codeRecord: canonicalize(codeRecord),
      publicKey: request.publicKey,
      proof: request.proof,
      trailVersion: authorization.version + 1,
      confirmedAt: at,
      goodUntil,
    },
  );
  return { confirmedAt: toUtcSeconds(at), goodUntil: toUtcSeconds(goodUntil) };
}

function whyDead(challenge: ChallengeRow, at: Date): DomainError {
  if (challenge.tries >= LIMITS.codeTries)
    return new DomainError('code-tries-exhausted', 'too many wrong codes; ask for a new one');
  if (challenge.deadAt) return new DomainError('challenge-dead', 'this code was used or replaced');
  if (challenge.expiresAt <= at)
    return new DomainError('challenge-expired', 'this code has expired');
  return new DomainError('code-tries-exhausted', 'too many wrong codes; ask for a new one');
}

/** `"mandate/pop/v1\n" ‖ challengeDigest ‖ SHA-256(SPKI)`: what a one-time key signs to show it is held. */
export const possessionMessage = (challengeDigest: string, publicKey: Uint8Array): Uint8Array =>
  concat(utf8('mandate/pop/v1\n'), fromHex(challengeDigest), sha256(publicKey));

/** Throws `proof-of-possession-invalid`. */
export function checkProof(
  challengeDigest: string,
  publicKey: Uint8Array,
  proof: Uint8Array,
): void {
  const good = verifySignature(
    'ecdsa-p256-sha256',
    publicKey,
    possessionMessage(challengeDigest, publicKey),
    proof,
  );
  if (!good)
    throw new DomainError(
      'proof-of-possession-invalid',
      'the key was not proven for this challenge',
    );
}
