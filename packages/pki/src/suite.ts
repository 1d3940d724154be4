import { constants, createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { SignatureSuite } from '@mandate/core';
import { toBase64Url } from '@mandate/core/encoding';
import type { DigestAlgorithm, SignatureAlgorithm } from './algorithms.js';
import type { LegacyAlgorithm } from './legacy-algorithms.js';

/** Digest of `bytes` under an algorithm that `digestAlgorithm` accepted. */
export const digestOf = (algorithm: DigestAlgorithm, bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash(algorithm).update(bytes).digest());

const MAX_CACHED_KEYS = 64;
const keys = new Map<string, KeyObject>();

/** The key in a SubjectPublicKeyInfo; throws what node:crypto throws. Opening a key costs as much as a third of a verification, and issuers recur; least recent goes first. */
export function publicKey(spki: Uint8Array): KeyObject {
  const id = toBase64Url(spki);
  const key =
    keys.get(id) ?? createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  keys.delete(id);
  keys.set(id, key);
  if (keys.size > MAX_CACHED_KEYS) keys.delete(keys.keys().next().value!);
  return key;
}

const CURVES: readonly unknown[] = ['prime256v1', 'secp384r1', 'secp521r1'];

const BRAINPOOL = /^brainpoolP(?:256|384|512)r1$/;

/** What a key must be to count; the default is what may still be relied upon today. */
export interface KeyLimits {
  /** Shortest RSA modulus, bits: 2048 unless said. */
  readonly rsaBits?: number;
  /** Brainpool curves (RFC 5639) beside the NIST ones. */
  readonly brainpool?: boolean;
}

/** The key must be of the type the algorithm names and within the limits. */
function keyFits(
  algorithm: SignatureAlgorithm | SignatureSuite | LegacyAlgorithm,
  key: KeyObject,
  limits: KeyLimits,
): boolean {
  const type = key.asymmetricKeyType;
  const details = key.asymmetricKeyDetails;
  if (algorithm === 'ed25519' || algorithm === 'ed448') return type === algorithm;
  if (algorithm === 'ecdsa-p256-sha256')
    return type === 'ec' && details?.namedCurve === 'prime256v1';
  if (algorithm.startsWith('ecdsa-')) {
    const curve = details?.namedCurve ?? '';
    return (
      type === 'ec' && (CURVES.includes(curve) || (!!limits.brainpool && BRAINPOOL.test(curve)))
    );
  }
  if ((details?.modulusLength ?? 0) < (limits.rsaBits ?? 2048)) return false;
  return type === 'rsa' || (type === 'rsa-pss' && algorithm.startsWith('rsa-pss-'));
}

/**
 * True if `signature` is `algorithm`'s signature over `message` by the key in `spki` (DER).
 * ECDSA signatures are DER, Ed25519 64 bytes. A key that does not parse, or is of another type
 * than the algorithm, verifies nothing: false, never an exception.
 */
export function verifySignature(
  algorithm: SignatureAlgorithm | SignatureSuite | LegacyAlgorithm,
  spki: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  limits: KeyLimits = {},
): boolean {
  try {
    const key = publicKey(spki);
    if (!keyFits(algorithm, key, limits)) return false;
    if (algorithm === 'ed25519' || algorithm === 'ed448')
      return verify(null, message, key, signature);
    const digest = algorithm.slice(algorithm.lastIndexOf('-') + 1);
    if (algorithm.startsWith('ecdsa-'))
      return verify(digest, message, { key, dsaEncoding: 'der' }, signature);
    if (algorithm.startsWith('rsa-pss-')) {
      const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return verify(digest, message, { key, padding, saltLength }, signature);
    }
    return verify(digest, message, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  } catch {
    return false;
  }
}
