import { DomainError, sha256, type SigningKey } from '@mandate/core';
import { assembleSignedData, OID, parseCertificate, signedAttributes } from '@mandate/pki';

/**
 * The organisation's detached CAdES-T signature over a SHA-256 digest (ETSI EN 319 122-1): signed
 * attributes as in a letter, then a timestamp over the signature value. No token, no seal.
 */
export async function sealDigest(
  deps: { key: SigningKey; token: (digest: Uint8Array) => Promise<Uint8Array> },
  digest: Uint8Array,
): Promise<Uint8Array> {
  if (digest.length !== 32)
    throw new DomainError('invalid-request', 'a SHA-256 digest has 32 bytes');
  const { key } = deps;
  if (key.suite !== 'ecdsa-p256-sha256')
    throw new DomainError('key-unavailable', 'the seal key has the wrong suite');
  const certificate = parseCertificate(key.chain[0]!);
  const attributes = signedAttributes({
    contentType: OID.data,
    messageDigest: digest,
    signerCertificate: certificate,
  });
  const signature = await key.sign(attributes);
  return assembleSignedData({
    contentType: OID.data,
    certificates: key.chain,
    signer: certificate,
    signedAttributes: attributes,
    suite: key.suite,
    signature,
    unsignedTimestampToken: await deps.token(sha256(signature)),
  });
}
