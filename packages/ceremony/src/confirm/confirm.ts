import {
  addSeconds,
  canonicalize,
  concat,
  DomainError,
  fromHex,
  kindDigestHex,
  sha256,
  sha256Hex,
  toUtcSeconds,
  utf8,
  type CodeRecord,
  type ConfirmationParts,
  type ConfirmationView,
  type DeliveryRecord,
  type Measure,
  type RaRole,
  type Scene,
} from '@mandate/core';
import { verifySignature } from '@mandate/pki';
import type { RaDeps } from './challenge.js';
import { checkUnchanged } from './check-unchanged.js';
import { CODE_DIGITS } from './code.js';
import { noteAnswered } from './code-limits.js';
import { deliveryRecordOf } from './delivery-record.js';
import { TIMES } from '../deps.js';
import {
  checkPasskeyAnswer,
  passkeyRecordOf,
  setChallengesOf,
  type PasskeyAnswer,
} from './passkey-answer.js';
import type { AuthorizationRow, ChallengeRow, ConfirmationRow, Step } from '../ports.js';
import { checkIdentity } from '../identity/require-identity.js';
import { answeredDigest, compareCode, tryChallenge } from './try-challenge.js';

/**
 * Checks what the scene's measures demand and the proof of possession, then writes `confirmed` with the digest
 * of its parts. Every try is counted before anything is compared. Throws `challenge-missing`,
 * `challenge-expired`, `challenge-dead`, `measure-missing`, `identity-required`, `code-wrong`, `passkey-invalid`,
 * `passkey-unknown`, `passkey-waiting`, `code-tries-exhausted`, `proof-of-possession-invalid`.
 */
export async function confirm(
  deps: RaDeps,
  request: Parameters<RaRole['confirm']>[0],
): Promise<ConfirmationView> {
  const { record, clock } = deps;
  const at = clock.now();
  const authorization = await record.authorization(request.authorizationId);
  const challenge = await record.latestChallenge(authorization.id);
  if (authorization.state !== 'challenged' || !challenge)
    throw new DomainError('challenge-missing', 'ask for a code first');
  if (challenge.setChallenges)
    throw new DomainError('invalid-request', 'the letters of a set are confirmed together');
  const scene = JSON.parse(challenge.scene) as Scene;
  checkMeasures(scene, request);
  await checkIdentity(deps, authorization.id, scene, undefined, at);

  const { tries, answer: passkey } = await tryChallenge(deps, challenge, at, async () => {
    await checkUnchanged(deps, { authorization, challenge }, at);
    if (request.code !== undefined) compareCode(deps, challenge, request.code);
    return request.passkey && checkPasskeyAnswer(deps, authorization, challenge, request.passkey);
  });
  if (passkey) await checkIdentity(deps, authorization.id, scene, passkey.row, at);
  checkProof(challenge.digest, request.publicKey, request.proof);

  const { step, row } = confirmationOf(deps, {
    authorization,
    challenge,
    visitId: request.visitId,
    key: request,
    tries: request.code === undefined ? null : tries,
    passkey,
    delivery: request.code === undefined ? null : await deliveryRecordOf(deps, challenge),
    at,
  });
  await record.confirm(step, row, passkey && { id: passkey.row.id, counter: passkey.counter });
  if (request.code !== undefined)
    await noteAnswered(deps, authorization.institutionId, challenge.prefixKey, at);
  return { confirmedAt: toUtcSeconds(at), goodUntil: toUtcSeconds(row.goodUntil) };
}

/** `confirmed` for one letter: the digest of its parts, and the records they name. */
export function confirmationOf(
  deps: RaDeps,
  given: {
    readonly authorization: AuthorizationRow;
    readonly challenge: ChallengeRow;
    readonly visitId: string;
    readonly key: { readonly publicKey: Uint8Array; readonly proof: Uint8Array };
    /** Null: no code was asked for. */
    readonly tries: number | null;
    readonly passkey: PasskeyAnswer | undefined;
    /** What carriers have said of the code's message. */
    readonly delivery: DeliveryRecord | null;
    readonly at: Date;
  },
): { readonly step: Step; readonly row: ConfirmationRow } {
  const { authorization, challenge, visitId, key, tries, passkey, delivery, at } = given;
  const scene = JSON.parse(challenge.scene) as Scene;
  const codeRecord = tries === null ? null : codeRecordOf(challenge, scene, at, tries);
  const passkeyRecord = passkey ? passkeyRecordOf(deps, challenge, passkey, at) : null;
  const measures = {
    ...(codeRecord && { codeRecord: kindDigestHex('code-record', codeRecord) }),
    ...(passkeyRecord && { passkey: kindDigestHex('passkey', passkeyRecord) }),
  };
  const parts: ConfirmationParts = {
    format: 'mandate-parts/v1',
    terms: authorization.termsDigest,
    letter: authorization.letterDigest,
    scene: challenge.sceneDigest,
    challenge: challenge.digest,
    presentation: scene.presentation,
    ...measures,
    ...(delivery && { delivery: kindDigestHex('delivery', delivery) }),
    publicKey: sha256Hex(key.publicKey),
    proofOfPossession: sha256Hex(key.proof),
    trail: authorization.head,
  };
  const evidenceRoot = kindDigestHex('parts', parts);
  return {
    step: {
      authorization,
      to: 'confirmed',
      type: 'confirmed',
      at,
      data: { challenge: challenge.digest, evidenceRoot, ...measures, visit: visitId },
    },
    row: {
      authorizationId: authorization.id,
      challengeId: challenge.id,
      visitId,
      parts: canonicalize(parts),
      evidenceRoot,
      codeRecord: codeRecord && canonicalize(codeRecord),
      passkey: passkeyRecord && canonicalize(passkeyRecord),
      delivery: delivery && canonicalize(delivery),
      publicKey: key.publicKey,
      proof: key.proof,
      trailVersion: authorization.version + 1,
      confirmedAt: at,
      goodUntil: addSeconds(at, TIMES.confirmationLife),
    },
  };
}

/** Exactly the measures that were frozen in the scene, no fewer and no others. */
export function checkMeasures(
  scene: Scene,
  { code, passkey }: Pick<Parameters<RaRole['confirm']>[0], 'code' | 'passkey'>,
): void {
  const given: Record<Measure, boolean> = {
    'sms-code': code !== undefined,
    passkey: passkey !== undefined,
  };
  for (const [measure, present] of Object.entries(given) as [Measure, boolean][]) {
    if (scene.measures.includes(measure) === present) continue;
    throw present
      ? new DomainError('invalid-request', `${measure} is no measure of this template`)
      : new DomainError('measure-missing', `${measure} is asked for as well`);
  }
}

const codeRecordOf = (
  challenge: ChallengeRow,
  scene: Scene,
  at: Date,
  tries: number,
): CodeRecord => ({
  format: 'mandate-code-record/v1',
  challenge: answeredDigest(challenge),
  ...setChallengesOf(challenge),
  digits: CODE_DIGITS,
  madeAt: toUtcSeconds(challenge.madeAt),
  expiresAt: toUtcSeconds(challenge.expiresAt),
  checkedAt: toUtcSeconds(at),
  tries,
  phone: scene.subject.phone,
  channel: challenge.channel,
});

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
