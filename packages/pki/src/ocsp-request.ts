import { createHash } from 'node:crypto';
import { bytesEqual } from '@mandate/core/encoding';
import { DomainError } from '@mandate/core/errors';
import { readAlgorithm } from './algorithms.js';
import { readExtensions, readSerial } from './certificate-fields.js';
import type { Certificate } from './certificate.js';
import { der, readDer, TAG, type DerBytes, type DerNode } from './der.js';
import { extension, publicKeyBits } from './extensions.js';
import { asFormat } from './format.js';
import { OID } from './oids.js';
import type { Reading } from './reading.js';

/** CertID (RFC 6960 §4.1.1). SHA-1 names an issuer here, nothing is signed with it. */
export interface CertId {
  readonly der: DerBytes;
  readonly digestAlgorithm: string;
  readonly issuerNameDigest: Uint8Array;
  readonly issuerKeyDigest: Uint8Array;
  /** Magnitude as lower-case hex, as in `Certificate.serial`. */
  readonly serial: string;
}

export interface OcspRequest {
  readonly certIds: readonly CertId[];
  /** Content of the nonce extension's OCTET STRING. */
  readonly nonce: Uint8Array | null;
}

const CERT_ID_DIGESTS: Readonly<Record<string, string>> = {
  [OID.sha1]: 'sha1',
  [OID.sha256]: 'sha256',
};
const NONCE_MIN = 1;
/** RFC 9654 §2.1 allows up to 128 octets. */
const NONCE_MAX = 128;

/** CertID of a certificate; older software recognises issuers by SHA-1 alone. */
export const certIdOf = (
  certificate: Pick<Certificate, 'serialDer'>,
  issuer: Pick<Certificate, 'subjectDer' | 'spki'>,
  digest: 'sha256' | 'sha1' = 'sha256',
): DerBytes =>
  der.sequence(
    der.sequence(der.oid(OID[digest]), der.null()),
    der.octets(digestWith(digest, issuer.subjectDer)),
    der.octets(digestWith(digest, publicKeyBits(issuer.spki))),
    certificate.serialDer,
  );

const digestWith = (algorithm: string, bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash(algorithm).update(bytes).digest());

/** True if `certId` names `issuer` as the issuer, by SHA-1 or SHA-256. */
export function certIdNames(
  certId: CertId,
  issuer: Pick<Certificate, 'subjectDer' | 'spki'>,
): boolean {
  const algorithm = CERT_ID_DIGESTS[certId.digestAlgorithm];
  return (
    algorithm !== undefined &&
    bytesEqual(certId.issuerNameDigest, digestWith(algorithm, issuer.subjectDer)) &&
    bytesEqual(certId.issuerKeyDigest, digestWith(algorithm, publicKeyBits(issuer.spki)))
  );
}

/** OCSPRequest for one certificate, unsigned. */
export const ocspRequest = (p: {
  certificate: Certificate;
  issuer: Certificate;
  nonce?: Uint8Array;
}): DerBytes =>
  der.sequence(
    der.sequence(
      der.sequence(der.sequence(certIdOf(p.certificate, p.issuer))),
      ...(p.nonce ? [der.context(2, der.sequence(nonceExtension(p.nonce)))] : []),
    ),
  );

/** The nonce extension. */
export const nonceExtension = (nonce: Uint8Array): DerBytes =>
  extension(OID.ocspNonce, false, der.octets(nonce));

/** Throws `format-revocation` (answer `malformedRequest`). Signatures on requests are ignored. */
export function parseOcspRequest(bytes: Uint8Array): OcspRequest {
  return asFormat('format-revocation', () => {
    const outer = readDer(bytes, { bytes: 16 << 10, nodes: 1000 }).fields();
    const fields = outer.next(TAG.sequence).fields();
    outer.optional(0xa0);
    outer.end();
    fields.optional(0xa0); // version: v1 is the only one
    fields.optional(0xa1); // requestorName
    const list = fields.next(TAG.sequence).children;
    const extensions = readExtensions(fields.optional(0xa2)?.only(0xa2));
    fields.end();
    if (list.length === 0) throw new DomainError('format-revocation', 'asks for nothing');
    return {
      certIds: list.map((request) => {
        const parts = request.fields();
        const certId = readCertId(parts.next());
        parts.optional(0xa0);
        parts.end();
        return certId;
      }),
      nonce: readNonce(extensions),
    };
  });
}

/** CertID as it stands. Throws `format-der`. */
export function readCertId(node: DerNode, reading: Reading = 'strict'): CertId {
  const fields = node.fields();
  const digestAlgorithm = readAlgorithm(fields.next()).oid;
  const issuerNameDigest = fields.next().octets();
  const issuerKeyDigest = fields.next().octets();
  const serial = readSerial(fields.next(), reading);
  fields.end();
  return { der: node.bytes, digestAlgorithm, issuerNameDigest, issuerKeyDigest, serial };
}

/** Nonce among extensions, null if none. Throws `format-revocation`. */
export function readNonce(extensions: ReturnType<typeof readExtensions>): Uint8Array | null {
  const value = extensions.find(({ oid }) => oid === OID.ocspNonce)?.value;
  if (!value) return null;
  const nonce = readDer(value).octets();
  if (nonce.length < NONCE_MIN || nonce.length > NONCE_MAX)
    throw new DomainError('format-revocation', 'nonce has an odd length');
  return nonce;
}
