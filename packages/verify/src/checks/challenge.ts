import {
  concat,
  fromHex,
  sha256,
  sha256Hex,
  toHex,
  utf8,
  type CodeRecord,
  type Scene,
} from '@mandate/core';
import { verifySignature, type Certificate } from '@mandate/pki';
import { check, fail, pass } from '../finding.js';
import type { AuthorizationMaterial } from '../material/authorization-material.js';
import type { Trust } from '../trust.js';
import type { Finding } from '../verification.js';
import { checkPasskey } from './passkey.js';
import { checkSet } from './set.js';

/** The measures answered a challenge for this letter in this scene. */
export function checkChallenge(
  material: AuthorizationMaterial,
  letter: Uint8Array,
  stampedAt: Date | null,
  trust: Pick<Trust, 'passkeyEnds'>,
): Finding[] {
  const { sceneDigest, challenge } = material;
  return [
    checkMeasures(material),
    check('challenge-letter', challenge.letterDigest === sha256Hex(letter), 'HASH_FAILURE'),
    check('challenge-scene', challenge.sceneDigest === sceneDigest, 'HASH_FAILURE'),
    ...checkSet(material),
    ...checkCode(material, stampedAt),
    ...checkPasskey(material, stampedAt, trust),
  ];
}

/** For every measure the scene demands its record is there, and no record of another. */
function checkMeasures({ scene, codeRecord, delivery, passkey }: AuthorizationMaterial): Finding {
  const ok =
    scene.measures.length > 0 &&
    scene.measures.includes('sms-code') === (codeRecord !== null) &&
    (delivery === null || codeRecord !== null) &&
    scene.measures.includes('passkey') === (passkey !== null);
  return check('measures-met', ok, 'SIG_CONSTRAINTS_FAILURE', {
    measures: scene.measures.join(', '),
  });
}

function checkCode(material: AuthorizationMaterial, stampedAt: Date | null): Finding[] {
  const { scene, answeredDigest, codeRecord, delivery } = material;
  if (!codeRecord) return [];
  return [
    check(
      'code-challenge',
      [codeRecord, delivery ?? codeRecord].every((it) => it.challenge === answeredDigest),
      'HASH_FAILURE',
    ),
    check('code-phone', codeRecord.phone === scene.subject.phone, 'HASH_FAILURE'),
    checkTimes(scene, codeRecord, stampedAt),
  ];
}

/** Scene frozen, code made, checked before it expired, letter stamped: in this order. */
function checkTimes(scene: Scene, codeRecord: CodeRecord, stampedAt: Date | null): Finding {
  const { madeAt, checkedAt, expiresAt } = codeRecord;
  const order = [scene.frozenAt, madeAt, checkedAt].map((time) => Date.parse(time));
  // The operator's seconds are cut, a stamping authority's clock may be a second off.
  if (stampedAt) order.push(stampedAt.getTime() + 1999);
  const ordered = order.every((time, i) => i === 0 || time >= order[i - 1]!);
  return check(
    'code-times',
    ordered && Date.parse(checkedAt) <= Date.parse(expiresAt),
    'TIMESTAMP_ORDER_FAILURE',
    { madeAt, checkedAt, expiresAt },
  );
}

/** `"mandate/pop/v1\n" ‖ challengeDigest ‖ SHA-256(SPKI)`. */
const possessionMessage = (challengeDigest: string, publicKey: Uint8Array): Uint8Array =>
  concat(utf8('mandate/pop/v1\n'), fromHex(challengeDigest), sha256(publicKey));

/** Who answered the challenge held a key, and the certificate is for that key. */
export function checkKey(material: AuthorizationMaterial, certificate: Certificate): Finding[] {
  const { challengeDigest, publicKey, proof } = material;
  const proven = verifySignature(
    'ecdsa-p256-sha256',
    publicKey,
    possessionMessage(challengeDigest, publicKey),
    proof,
  );
  return [
    check('proof-of-possession', proven, 'SIG_CRYPTO_FAILURE'),
    checkConfirmedKey(material, certificate),
  ];
}

/**
 * Usually the certified key is the one that answered. After a failed attempt the same browser makes a
 * new key under the same confirmation: then the trail must name it, and the finding says so.
 */
function checkConfirmedKey(
  { publicKey, trail }: AuthorizationMaterial,
  { spki }: Certificate,
): Finding {
  const certified = sha256Hex(spki);
  if (certified === toHex(sha256(publicKey))) return pass('key-confirmed');
  const last = trail.at(-1);
  const renewed = last?.type === 'attempt-issued' && last.data['publicKey'] === certified;
  return renewed
    ? pass('key-confirmed', { renewed: 'true' })
    : fail('key-confirmed', 'HASH_FAILURE');
}
