import { bytesEqual, isDomainError } from '@mandate/core';
import {
  OID,
  readAlgorithm,
  TAG,
  type Certificate,
  type DerNode,
  type SubIndication,
} from '@mandate/pki';
import { FOREIGN_OID, type ForeignSigner } from './foreign-cms.js';
import {
  digestName,
  digestWith,
  isSignatureAlgorithm,
  verifyForeign,
  type SignatureResult,
} from './foreign-algorithms.js';

/** What is wrong: the sub-indication, a stable id and words for experts. */
export interface Fault {
  readonly id: string;
  readonly subIndication: SubIndication;
  readonly detail: string;
}

export const fault = (id: string, subIndication: SubIndication, detail: string): Fault => ({
  id,
  subIndication,
  detail,
});

/** Attributes with one meaning, so with one value (RFC 5652 §11, RFC 5035, ETSI EN 319 122-1 §5.2). */
const SINGLE: ReadonlySet<string> = new Set([
  OID.contentType,
  OID.messageDigest,
  OID.signingTime,
  OID.signingCertificateV2,
  FOREIGN_OID.signingCertificate,
  FOREIGN_OID.algorithmProtection,
  '1.2.840.113549.1.9.16.2.15', // signature-policy-identifier
  '1.2.840.113549.1.9.16.2.17', // signer-location
  '1.2.840.113549.1.9.16.2.18', // signer-attributes
  '0.4.0.19122.1.1', // signer-attributes-v2
]);

/** Format and cryptography of one signer over `content` (pieces in order). */
export function checkSigner(p: {
  signer: ForeignSigner;
  certificate: Certificate | undefined;
  contentType: string;
  content: readonly Uint8Array[];
  /** Accept attributes signed out of DER order: what PKCS #7 signers did before CAdES forbade it. */
  anyOrder?: boolean;
}): { readonly faults: Fault[]; readonly result: SignatureResult | undefined } {
  const { signer, certificate, content } = p;
  const faults: Fault[] = [];
  const digest = digestName(signer.digestAlgorithm);
  const { oid } = signer.digestAlgorithm;
  if (isSignatureAlgorithm(oid))
    faults.push(fault('cms-digest', 'FORMAT_FAILURE', `${oid} is no digest`));
  else if (!digest) faults.push(fault('cms-digest', 'CRYPTO_CONSTRAINTS_FAILURE', `digest ${oid}`));
  for (const [type, values] of signer.signed)
    if (SINGLE.has(type) && values.length !== 1)
      faults.push(fault('cms-attributes', 'FORMAT_FAILURE', `${type} has ${values.length} values`));
  const attribute = (type: string): DerNode | undefined => one(signer, type);
  if (signer.signedDer) {
    const type = attribute(OID.contentType);
    if (type?.tag !== TAG.oid || type.oid() !== p.contentType)
      faults.push(fault('cms-content-type', 'FORMAT_FAILURE', 'content type differs'));
    const expected = attribute(OID.messageDigest);
    if (expected?.tag !== TAG.octets)
      faults.push(fault('cms-message-digest', 'SIG_CONSTRAINTS_FAILURE', 'no message digest'));
    else if (digest && !bytesEqual(expected.octets(), digestWith(digest, ...content)))
      faults.push(fault('cms-message-digest', 'HASH_FAILURE', 'content has another digest'));
    const contradiction = contradicts(signer, attribute(FOREIGN_OID.algorithmProtection));
    if (contradiction) faults.push(fault('cms-algorithms', 'SIG_CRYPTO_FAILURE', contradiction));
  } else
    faults.push(fault('cms-signed-attributes', 'SIG_CONSTRAINTS_FAILURE', 'no signed attributes'));
  if (!certificate) {
    faults.push(
      fault('cms-signer', 'NO_SIGNING_CERTIFICATE_FOUND', 'no certificate, or two, for the signer'),
    );
    return { faults, result: undefined };
  }
  const reference = referenceFault(signer, certificate);
  if (reference) faults.push(fault('cms-ess', 'SIG_CONSTRAINTS_FAILURE', reference));
  const verified = (message: Uint8Array): SignatureResult =>
    verifyForeign({
      algorithm: signer.signatureAlgorithm,
      digestAlgorithm: signer.digestAlgorithm,
      message,
      signature: signer.signature,
      spki: certificate.spki,
    });
  let result = verified(signer.signedDer ?? join(content));
  if (result.outcome === 'wrong' && p.anyOrder && signer.signedAsIs)
    result = verified(signer.signedAsIs);
  const crypto = signatureFault(result);
  if (crypto) faults.push(crypto);
  else if (result.demanded && result.demanded !== digest) {
    const detail = `digest ${digest}, the algorithm demands ${result.demanded}`;
    faults.push(fault('cms-digest', 'CRYPTO_CONSTRAINTS_FAILURE', detail));
  }
  return { faults, result };
}

function signatureFault({ outcome, digest }: SignatureResult): Fault | undefined {
  const id = 'cms-signature';
  if (outcome === 'verified') return undefined;
  if (outcome === 'wrong') return fault(id, 'SIG_CRYPTO_FAILURE', 'signature does not verify');
  // Broken digests are refused as such, before anybody asks what they were meant to agree with.
  if (outcome === 'contradictory' && digest !== 'md5')
    return fault(id, 'SIG_CRYPTO_FAILURE', `signature over ${digest}, another digest is declared`);
  return fault(id, 'CRYPTO_CONSTRAINTS_FAILURE', 'algorithm or key is not supported');
}

/** The only value of an attribute, if it has exactly one. */
function one(signer: ForeignSigner, type: string): DerNode | undefined {
  const values = signer.signed.get(type);
  return values?.length === 1 ? values[0] : undefined;
}

/** CMSAlgorithmProtection (RFC 6211 §3): what the signer says it used must be what stands there. */
function contradicts(signer: ForeignSigner, protection: DerNode | undefined): string | undefined {
  if (!protection) return undefined;
  const fields = protection.fields();
  if (readAlgorithm(fields.next()).oid !== signer.digestAlgorithm.oid)
    return 'protected digest algorithm differs';
  const own = fields.optional(0xa1);
  if (own && readAlgorithm(own.as(TAG.sequence)).oid !== signer.signatureAlgorithm.oid)
    return 'protected signature algorithm differs';
  return undefined;
}

/** ESS signing-certificate, version 1 or 2 (RFC 5035): if it is there it must name this certificate. */
function referenceFault(signer: ForeignSigner, certificate: Certificate): string | undefined {
  const second = signer.signed.get(OID.signingCertificateV2);
  const first = signer.signed.get(FOREIGN_OID.signingCertificate);
  for (const [values, legacy] of [
    [second, false],
    [first, true],
  ] as const) {
    if (!values) continue;
    const [value] = values;
    if (!value || values.length > 1) return 'not exactly one reference';
    try {
      const [id] = value.fields().next(TAG.sequence).children;
      if (!id) return 'empty reference';
      const fields = id.fields();
      const algorithm = legacy ? undefined : fields.optional(TAG.sequence);
      const name = legacy ? 'sha1' : algorithm ? digestName(readAlgorithm(algorithm)) : 'sha256';
      if (!name) return 'reference by an unknown digest';
      if (!bytesEqual(fields.next().octets(), digestWith(name, certificate.der)))
        return 'reference is to another certificate';
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return 'reference cannot be read';
    }
  }
  return undefined;
}

/** Whether a signer refers to its certificate at all. */
export const hasReference = ({ signed }: ForeignSigner): boolean =>
  signed.has(OID.signingCertificateV2) || signed.has(FOREIGN_OID.signingCertificate);

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
