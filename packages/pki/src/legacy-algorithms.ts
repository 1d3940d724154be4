import { DomainError, isDomainError } from '@mandate/core/errors';
import {
  signatureAlgorithm,
  type AlgorithmIdentifier,
  type SignatureAlgorithm,
} from './algorithms.js';
import { TAG } from './der.js';
import { OID } from './oids.js';
import { verifySignature } from './suite.js';

/**
 * Algorithms nobody may sign with any more, but which old certificates, lists and answers carry; and Ed448,
 * which none of ours may.
 * Whether one still proves anything depends on when it was made, which is the caller's to know.
 */
export type LegacyAlgorithm = `${'rsa' | 'ecdsa'}-${'sha1' | 'sha224'}` | 'ed448';

/** `current`: what we sign with or accept today. `legacy` adds SHA-1, SHA-224, RSA from 1024 bits, Brainpool, Ed448. */
export type AlgorithmRange = 'current' | 'legacy';

const LEGACY: Readonly<Record<string, LegacyAlgorithm>> = {
  [OID.sha1WithRsa]: 'rsa-sha1',
  [OID.sha224WithRsa]: 'rsa-sha224',
  [OID.ecdsaWithSha1]: 'ecdsa-sha1',
  [OID.ecdsaWithSha224]: 'ecdsa-sha224',
  '1.3.101.113': 'ed448',
};

/** Like `signatureAlgorithm`, in the given range. Throws `unsupported-algorithm`. */
export function algorithmWithin(
  identifier: AlgorithmIdentifier,
  range: AlgorithmRange,
): SignatureAlgorithm | LegacyAlgorithm {
  const old = range === 'legacy' ? LEGACY[identifier.oid] : undefined;
  if (!old) return signatureAlgorithm(identifier);
  const { parameters } = identifier;
  if (parameters && (parameters.tag !== TAG.null || !old.startsWith('rsa')))
    throw new DomainError('unsupported-algorithm', `parameters of ${identifier.oid}`);
  return old;
}

/** Something signed, as certificates, CRLs and OCSP answers are. */
export interface Signed {
  readonly algorithm: AlgorithmIdentifier;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** How a signature came out; `unsupported` says nothing about the signature itself. */
export type SignatureOutcome = 'verified' | 'wrong' | 'unsupported';

/** Verifies one signature with the key in `spki`. Never throws on bad input. */
export function verifyWithin(
  { algorithm, message, signature }: Signed,
  spki: Uint8Array,
  range: AlgorithmRange,
): SignatureOutcome {
  try {
    const limits = range === 'legacy' ? { rsaBits: 1024, brainpool: true } : {};
    const name = algorithmWithin(algorithm, range);
    return verifySignature(name, spki, message, signature, limits) ? 'verified' : 'wrong';
  } catch (error) {
    if (!isDomainError(error, 'unsupported-algorithm', 'format-der')) throw error;
    return 'unsupported';
  }
}
