import { sha256 } from '@mandate/core';
import { assembleSignedData, OID, signedAttributes } from '@mandate/pki';
import type { TestAuthority, TestIdentity } from './authority.js';
import { makeToken } from './build-bundle.js';

/**
 * A detached CMS over a digest with its timestamp, at seconds after START; as role seal makes it. `stamped` gives
 * another token over the signature value, or none.
 */
export function sealDigest(
  digest: Uint8Array,
  signer: TestIdentity,
  { stamp }: TestAuthority,
  seconds = 3700,
  stamped: (signature: Uint8Array) => Uint8Array | null = (signature) =>
    makeToken(stamp, sha256(signature), seconds).token,
): Uint8Array {
  const attributes = signedAttributes({
    contentType: OID.data,
    messageDigest: digest,
    signerCertificate: signer.certificate,
  });
  const signature = signer.sign(attributes);
  const unsignedTimestampToken = stamped(signature);
  return assembleSignedData({
    contentType: OID.data,
    certificates: [signer.certificate.der],
    signer: signer.certificate,
    signedAttributes: attributes,
    suite: 'ecdsa-p256-sha256',
    signature,
    ...(unsignedTimestampToken ? { unsignedTimestampToken } : {}),
  });
}
