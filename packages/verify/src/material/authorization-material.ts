import {
  fromUtf8,
  isDomainError,
  kindDigestHex,
  setChallengeDigest,
  type Challenge,
  type CodeRecord,
  type ConfirmationParts,
  type DeliveryRecord,
  type IdentityPart,
  type PasskeyRecord,
  type PresentationRecord,
  type Provenance,
  type Scene,
  type TemplateEvidence,
  type TrailEvent,
} from '@mandate/core';
import { PART, partOf, type Bundle, type PartName } from '@mandate/evidence';
import { parseTerms, type TemplateBody, type Terms } from '@mandate/terms';
import { readJson, type Reader } from './json-shape.js';
import {
  challengeShape,
  codeRecordShape,
  deliveryShape,
  identityShape,
  partsShape,
  passkeyShape,
  possessionShape,
  presentationShape,
  provenanceShape,
  sceneShape,
  templateShape,
  trailShape,
} from './record-shapes.js';

/** The typed records of one authorization as the bundle holds them; nothing is compared yet. */
export interface AuthorizationMaterial {
  readonly terms: Terms;
  readonly template: TemplateEvidence<TemplateBody>;
  readonly scene: Scene;
  readonly sceneDigest: string;
  readonly challenge: Challenge;
  readonly challengeDigest: string;
  /** What code and passkey answered: the challenge, or in a signing set all its challenges together. Hex. */
  readonly answeredDigest: string;
  readonly parts: ConfirmationParts;
  readonly evidenceRoot: string;
  readonly presentation: PresentationRecord;
  /** Null when no code, or no passkey, was asked for. */
  readonly codeRecord: CodeRecord | null;
  readonly delivery: DeliveryRecord | null;
  readonly passkey: PasskeyRecord | null;
  /** Null when nothing was asked of the person but what answered the challenge. */
  readonly identity: IdentityPart | null;
  /** Null when the builds were not known. */
  readonly provenance: Provenance | null;
  readonly trail: readonly TrailEvent[];
  readonly publicKey: Uint8Array;
  readonly proof: Uint8Array;
}

/** Which part could not be read, and why. */
export interface UnreadablePart {
  readonly part: PartName;
  readonly reason: string;
}

/** All records, or the first part that is not what its name says. */
export function gatherAuthorization(
  bundle: Bundle,
): { readonly material: AuthorizationMaterial } | { readonly unreadable: UnreadablePart } {
  let part: PartName = PART.terms;
  const read = <T>(name: PartName, shape: Reader<T>): T => {
    part = name;
    return readJson(partOf(bundle, name), shape);
  };
  const readIfThere = <T>(name: PartName, shape: Reader<T>): T | null =>
    bundle.parts.has(name) ? read(name, shape) : null;
  try {
    const terms = parseTerms(fromUtf8(partOf(bundle, PART.terms)));
    const readScene = read(PART.scene, sceneShape);
    const readChallenge = read(PART.challenge, challengeShape);
    const readParts = read(PART.parts, partsShape);
    const readCode = readIfThere(PART.codeRecord, codeRecordShape);
    const readPasskey = readIfThere(PART.passkey, passkeyShape);
    const readIdentity = readIfThere(PART.identity, identityShape);
    const readDelivery = readIfThere(PART.delivery, deliveryShape);
    const challengeDigest = kindDigestHex('challenge', readChallenge);
    const together = readScene.set && (readCode ?? readPasskey)?.setChallenges;
    return {
      material: {
        terms,
        template: read(PART.template, templateShape),
        scene: readScene,
        sceneDigest: kindDigestHex('scene', readScene),
        challenge: readChallenge,
        challengeDigest,
        answeredDigest: together ? setChallengeDigest(together) : challengeDigest,
        parts: readParts,
        evidenceRoot: kindDigestHex('parts', readParts),
        presentation: read(PART.presentation, presentationShape),
        codeRecord: readCode,
        passkey: readPasskey,
        identity: readIdentity,
        delivery: readDelivery,
        provenance: readIfThere(PART.provenance, provenanceShape),
        trail: read(PART.trail, trailShape),
        ...read(PART.proofOfPossession, possessionShape),
      },
    };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { unreadable: { part, reason: error.detail } };
  }
}
