import { bytesEqual } from '@mandate/core/encoding';
import { isDomainError } from '@mandate/core/errors';
import { digestAlgorithm, signatureAlgorithm, type DigestAlgorithm } from './algorithms.js';
import type { Certificate } from './certificate.js';
import { check, failed, passed, unchecked, type Check } from './check.js';
import type { SignedData, SignerInfo } from './signed-data.js';
import { digestOf, verifySignature } from './suite.js';

/** What a signature covers: the content, or its SHA-256 when only that is at hand. */
export interface SignedContent {
  /** Defaults to the encapsulated content. */
  readonly content?: Uint8Array;
  /** SHA-256 of the content; a signer with another digest then fails. */
  readonly contentDigest?: Uint8Array;
}

export interface SignedDataExpectation extends SignedContent {
  /** eContentType and content-type attribute. Default: whatever eContentType says. */
  readonly contentType?: string;
  /** If given, the attribute types must be exactly these, in any order. */
  readonly attributes?: readonly string[];
  /** Certificates beside the bag in which the signer may be found. */
  readonly certificates?: readonly Certificate[];
}

/**
 * The certificate that `signer` names, from the bag or beside it; undefined when there is none or,
 * what is as bad, when two different ones answer to the name.
 */
export function findSigner(
  signedData: SignedData,
  signer: SignerInfo,
  beside: readonly Certificate[] = [],
): Certificate | undefined {
  const { sid } = signer;
  const matches = [...signedData.certificates, ...beside].filter((candidate) =>
    sid.kind === 'issuer-serial'
      ? bytesEqual(candidate.issuerDer, sid.issuerDer) &&
        bytesEqual(candidate.serialDer, sid.serialDer)
      : candidate.subjectKeyId !== null && bytesEqual(candidate.subjectKeyId, sid.keyId),
  );
  const [first] = matches;
  return first && matches.every((other) => bytesEqual(other.der, first.der)) ? first : undefined;
}

/**
 * Checks a CMS signature by itself; the certificate's trust is `validatePath`'s. In this order:
 * `cms-one-signer`, `cms-signer`, `cms-signed-attributes`, `cms-content-type`, `cms-attributes`,
 * `cms-ess`, `cms-message-digest`, `cms-signature`. Pure.
 */
export function checkSignedData(signedData: SignedData, expected: SignedDataExpectation): Check[] {
  const [signer, ...others] = signedData.signers;
  if (!signer || others.length > 0)
    return [
      failed('cms-one-signer', 'FORMAT_FAILURE', `${signedData.signers.length} signers`),
      ...LATER_CHECKS.map((id) => unchecked(id)),
    ];
  const certificate = findSigner(signedData, signer, expected.certificates);
  return [
    passed('cms-one-signer'),
    check(
      'cms-signer',
      certificate !== undefined,
      'NO_SIGNING_CERTIFICATE_FOUND',
      'no certificate, or two, for the signer identifier',
    ),
    check(
      'cms-signed-attributes',
      signer.signedAttributes !== null,
      'FORMAT_FAILURE',
      'no signed attributes',
    ),
    checkContentType(signedData, signer, expected),
    checkAttributes(signer, expected.attributes),
    certificate ? checkReference(signer, certificate) : unchecked('cms-ess'),
    checkMessageDigest(signedData, signer, expected),
    certificate ? checkSignature(signer, certificate) : unchecked('cms-signature'),
  ];
}

const LATER_CHECKS = [
  'cms-signer',
  'cms-signed-attributes',
  'cms-content-type',
  'cms-attributes',
  'cms-ess',
  'cms-message-digest',
  'cms-signature',
];

function checkContentType(
  sd: SignedData,
  signer: SignerInfo,
  { contentType: due = sd.contentType, content, contentDigest, attributes }: SignedDataExpectation,
): Check {
  const id = 'cms-content-type';
  // a signature of ours over bytes elsewhere brings none of its own, which another reader might show
  if (attributes && (content ?? contentDigest) && sd.content)
    return failed(id, 'FORMAT_FAILURE', 'content within a detached signature');
  const attribute = signer.signedAttributes?.contentType ?? null;
  return check(
    id,
    sd.contentType === due && attribute === due,
    'FORMAT_FAILURE',
    `content is ${sd.contentType}, attribute says ${attribute}, due is ${due}`,
  );
}

function checkAttributes(signer: SignerInfo, expected?: readonly string[]): Check {
  if (!expected) return unchecked('cms-attributes');
  const types = signer.signedAttributes?.types ?? [];
  return check(
    'cms-attributes',
    types.length === expected.length && expected.every((type) => types.includes(type)),
    'SIG_CONSTRAINTS_FAILURE',
    `signed attributes are ${types.join(' ')}`,
  );
}

/** ESS signing-certificate-v2 must name the very certificate the signature is checked with (RFC 5035 §5). */
function checkReference(signer: SignerInfo, certificate: Certificate): Check {
  const fail = (detail: string): Check => failed('cms-ess', 'SIG_CONSTRAINTS_FAILURE', detail);
  const reference = signer.signedAttributes?.signingCertificate;
  if (!reference) return fail('no signing-certificate-v2');
  let digest: DigestAlgorithm;
  try {
    digest = digestAlgorithm(reference.digestAlgorithm);
  } catch (error) {
    if (!isDomainError(error, 'unsupported-algorithm')) throw error;
    return failed('cms-ess', 'CRYPTO_CONSTRAINTS_FAILURE', error.detail);
  }
  if (!bytesEqual(reference.digest, digestOf(digest, certificate.der)))
    return fail('reference is to another certificate');
  const { issuerDer, serialDer } = reference;
  if (issuerDer && !bytesEqual(issuerDer, certificate.issuerDer)) return fail('issuer differs');
  if (serialDer && !bytesEqual(serialDer, certificate.serialDer)) return fail('serial differs');
  return passed('cms-ess');
}

function checkMessageDigest(sd: SignedData, signer: SignerInfo, expected: SignedContent): Check {
  const id = 'cms-message-digest';
  const attribute = signer.signedAttributes?.messageDigest;
  if (!attribute) return failed(id, 'FORMAT_FAILURE', 'no message digest');
  let digest: DigestAlgorithm;
  try {
    digest = digestAlgorithm(signer.digestAlgorithm);
  } catch (error) {
    if (!isDomainError(error, 'unsupported-algorithm')) throw error;
    return failed(id, 'CRYPTO_CONSTRAINTS_FAILURE', error.detail);
  }
  const content = expected.content ?? (expected.contentDigest ? undefined : sd.content);
  if (content === null) return failed(id, 'SIGNED_DATA_NOT_FOUND', 'detached, and nothing given');
  if (!content && digest !== 'sha256')
    return failed(id, 'CRYPTO_CONSTRAINTS_FAILURE', `signer digests with ${digest}`);
  const actual = content ? digestOf(digest, content) : expected.contentDigest!;
  return check(id, bytesEqual(attribute, actual), 'HASH_FAILURE', 'content has another digest');
}

function checkSignature(signer: SignerInfo, certificate: Certificate): Check {
  const id = 'cms-signature';
  if (!signer.signedAttributes) return unchecked(id);
  try {
    const digest = digestAlgorithm(signer.digestAlgorithm);
    const algorithm = signatureAlgorithm(signer.signatureAlgorithm, digest);
    // RFC 5754 §3: the signature's own digest is the signer's digest.
    if (algorithm !== 'ed25519' && !algorithm.endsWith(digest))
      return failed(id, 'CRYPTO_CONSTRAINTS_FAILURE', `${algorithm} over ${digest}`);
    return check(
      id,
      verifySignature(algorithm, certificate.spki, signer.signedAttributes.der, signer.signature),
      'SIG_CRYPTO_FAILURE',
      `${algorithm} signature does not verify`,
      { algorithm },
    );
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return failed(id, 'CRYPTO_CONSTRAINTS_FAILURE', error.detail);
  }
}
