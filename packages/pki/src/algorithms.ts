import { bytesEqual } from '@mandate/core/encoding';
import { DomainError } from '@mandate/core/errors';
import type { SignatureSuite } from '@mandate/core';
import { der, readDer, TAG, type DerBytes, type DerNode } from './der.js';
import { OID } from './oids.js';

export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512';

/** What `verifySignature` can check. Ours are `ecdsa-sha256` on P-256 and `ed25519`; the rest is for foreign tokens. */
export type SignatureAlgorithm =
  'ed25519' | `ecdsa-${DigestAlgorithm}` | `rsa-${DigestAlgorithm}` | `rsa-pss-${DigestAlgorithm}`;

/** AlgorithmIdentifier as read: `der` for byte comparison, `parameters` the DER of whatever stood there. */
export interface AlgorithmIdentifier {
  readonly oid: string;
  readonly parameters: DerNode | null;
  readonly der: DerBytes;
}

export function readAlgorithm(node: DerNode): AlgorithmIdentifier {
  const fields = node.fields();
  const oid = fields.next(TAG.oid).oid();
  const parameters = node.children.length > 1 ? fields.next() : null;
  fields.end();
  return { oid, parameters, der: node.bytes };
}

const DIGESTS: Readonly<Record<string, DigestAlgorithm>> = {
  [OID.sha256]: 'sha256',
  [OID.sha384]: 'sha384',
  [OID.sha512]: 'sha512',
};

const unsupported = (what: string): never => {
  throw new DomainError('unsupported-algorithm', what);
};

/** SHA-256 or better; parameters absent or NULL (RFC 5754 §2). Throws `unsupported-algorithm`. */
export function digestAlgorithm(algorithm: AlgorithmIdentifier): DigestAlgorithm {
  const name = DIGESTS[algorithm.oid];
  if (!name || !absentOrNull(algorithm)) return unsupported(`digest ${algorithm.oid}`);
  return name;
}

/**
 * The algorithm a signature was made with. CMS signers often name just the key type (rsaEncryption)
 * and leave the digest to their own field, which is then `digest`. Throws `unsupported-algorithm`.
 */
export function signatureAlgorithm(
  algorithm: AlgorithmIdentifier,
  digest?: DigestAlgorithm,
): SignatureAlgorithm {
  const bare = algorithm.parameters === null;
  switch (algorithm.oid) {
    case OID.ed25519:
      if (bare) return 'ed25519';
      break;
    case OID.ecdsaWithSha256:
      if (bare) return 'ecdsa-sha256';
      break;
    case OID.ecdsaWithSha384:
      if (bare) return 'ecdsa-sha384';
      break;
    case OID.ecdsaWithSha512:
      if (bare) return 'ecdsa-sha512';
      break;
    case OID.sha256WithRsa:
      if (absentOrNull(algorithm)) return 'rsa-sha256';
      break;
    case OID.sha384WithRsa:
      if (absentOrNull(algorithm)) return 'rsa-sha384';
      break;
    case OID.sha512WithRsa:
      if (absentOrNull(algorithm)) return 'rsa-sha512';
      break;
    case OID.rsaEncryption:
      if (absentOrNull(algorithm) && digest) return `rsa-${digest}`;
      break;
    case OID.rsassaPss:
      return pss(algorithm);
  }
  return unsupported(`signature ${algorithm.oid}`);
}

/** RSASSA-PSS-params (RFC 4055 §3.1): one digest for message and MGF1, salt as long as the digest. */
function pss(algorithm: AlgorithmIdentifier): SignatureAlgorithm {
  // Absent parameters mean SHA-1.
  if (!algorithm.parameters) return unsupported('RSASSA-PSS with SHA-1');
  const fields = algorithm.parameters.fields();
  const hash = fields.optional(0xa0);
  const mask = fields.optional(0xa1);
  const salt = fields.optional(0xa2);
  fields.end();
  if (!hash || !mask || !salt) return unsupported('RSASSA-PSS with SHA-1');
  const digest = digestAlgorithm(readAlgorithm(hash.only(0xa0)));
  const mgf = readAlgorithm(mask.only(0xa1));
  if (mgf.oid !== OID.mgf1 || !mgf.parameters) return unsupported(`mask ${mgf.oid}`);
  if (digestAlgorithm(readAlgorithm(mgf.parameters)) !== digest)
    return unsupported('RSASSA-PSS with two digests');
  const size = { sha256: 32, sha384: 48, sha512: 64 }[digest];
  if (salt.only(0xa2).smallInteger() !== size) return unsupported('RSASSA-PSS salt length');
  return `rsa-pss-${digest}`;
}

const absentOrNull = ({ parameters }: AlgorithmIdentifier): boolean =>
  parameters === null || parameters.tag === TAG.null;

/** AlgorithmIdentifier of a digest, parameters absent (RFC 5754 §2). */
export const digestIdentifier = (algorithm: DigestAlgorithm): DerBytes =>
  der.sequence(der.oid(OID[algorithm]));

export const SHA256_IDENTIFIER: DerBytes = digestIdentifier('sha256');

/** AlgorithmIdentifier for signatures of a suite of ours (RFC 5758 §3.2, RFC 8410 §3). */
export function suiteIdentifier(suite: SignatureSuite): DerBytes {
  return der.sequence(der.oid(suite === 'ed25519' ? OID.ed25519 : OID.ecdsaWithSha256));
}

const P256_PREFIX = der.sequence(der.oid(OID.ecPublicKey), der.oid(OID.p256));
const ED25519_PREFIX = der.sequence(der.oid(OID.ed25519));

/**
 * Suite of a SubjectPublicKeyInfo: P-256 uncompressed points and Ed25519 only.
 * Throws `unsupported-algorithm`, `format-der`. That the point lies on the curve is `verifySignature`'s.
 */
export function suiteOf(spki: Uint8Array): SignatureSuite {
  const fields = readDer(spki, { bytes: 1024 }).fields();
  const algorithm = fields.next(TAG.sequence).bytes;
  const key = fields.next(TAG.bits).bits();
  fields.end();
  if (bytesEqual(algorithm, P256_PREFIX) && key.length === 65 && key[0] === 4)
    return 'ecdsa-p256-sha256';
  if (bytesEqual(algorithm, ED25519_PREFIX) && key.length === 32) return 'ed25519';
  return unsupported('public key');
}
