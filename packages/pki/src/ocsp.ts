import { createHash } from 'node:crypto';
import type { SignatureSuite } from '@mandate/core';
import { bytesEqual, toHex } from '@mandate/core/encoding';
import { DomainError } from '@mandate/core/errors';
import { readAlgorithm, suiteIdentifier, type AlgorithmIdentifier } from './algorithms.js';
import { readExtensions } from './certificate-fields.js';
import { parseCertificate, type Certificate } from './certificate.js';
import { der, readDer, TAG, type DerBytes, type DerNode } from './der.js';
import { extension, publicKeyBits } from './extensions.js';
import { asFormat } from './format.js';
import { OID } from './oids.js';

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

/** CertID of a certificate, SHA-256. */
export const certIdOf = (
  certificate: Pick<Certificate, 'serialDer'>,
  issuer: Pick<Certificate, 'subjectDer' | 'spki'>,
): DerBytes =>
  der.sequence(
    der.sequence(der.oid(OID.sha256), der.null()),
    der.octets(digestWith('sha256', issuer.subjectDer)),
    der.octets(digestWith('sha256', publicKeyBits(issuer.spki))),
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

const nonceExtension = (nonce: Uint8Array): DerBytes =>
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

function readCertId(node: DerNode): CertId {
  const fields = node.fields();
  const digestAlgorithm = readAlgorithm(fields.next()).oid;
  const issuerNameDigest = fields.next().octets();
  const issuerKeyDigest = fields.next().octets();
  const serial = toHex(fields.next().unsigned());
  fields.end();
  return { der: node.bytes, digestAlgorithm, issuerNameDigest, issuerKeyDigest, serial };
}

function readNonce(extensions: ReturnType<typeof readExtensions>): Uint8Array | null {
  const value = extensions.find(({ oid }) => oid === OID.ocspNonce)?.value;
  if (!value) return null;
  const nonce = readDer(value).octets();
  if (nonce.length < NONCE_MIN || nonce.length > NONCE_MAX)
    throw new DomainError('format-revocation', 'nonce has an odd length');
  return nonce;
}

export type CertStatus =
  | { readonly kind: 'good' }
  | { readonly kind: 'revoked'; readonly at: Date; readonly reason?: number }
  | { readonly kind: 'unknown' };

export interface SingleResponse {
  /** From the request, or `certIdOf`. */
  readonly certId: DerBytes;
  readonly status: CertStatus;
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
}

/** ResponseData to be signed (RFC 6960 §4.2.1), responder by name. Sub-seconds are cut. */
export const ocspResponseData = (p: {
  responder: Certificate;
  producedAt: Date;
  responses: readonly SingleResponse[];
  /** As in the request. */
  nonce?: Uint8Array | null;
}): DerBytes =>
  der.sequence(
    der.context(1, p.responder.subjectDer),
    der.generalizedTime(p.producedAt),
    der.sequence(
      ...p.responses.map((it) =>
        der.sequence(
          it.certId,
          writeStatus(it.status),
          der.generalizedTime(it.thisUpdate),
          ...(it.nextUpdate ? [der.context(0, der.generalizedTime(it.nextUpdate))] : []),
        ),
      ),
    ),
    ...(p.nonce ? [der.context(1, der.sequence(nonceExtension(p.nonce)))] : []),
  );

function writeStatus(status: CertStatus): DerBytes {
  if (status.kind === 'good') return der.implicit(0, der.null());
  if (status.kind === 'unknown') return der.implicit(2, der.null());
  const reason = status.reason === undefined ? [] : [der.context(0, der.enumerated(status.reason))];
  return der.context(1, der.generalizedTime(status.at), ...reason);
}

/** Successful OCSPResponse with a BasicOCSPResponse. `certificates`: a delegated responder's, DER. */
export const assembleOcspResponse = (p: {
  responseData: DerBytes;
  suite: SignatureSuite;
  signature: Uint8Array;
  certificates?: readonly Uint8Array[];
}): DerBytes => {
  const basic = der.sequence(
    p.responseData,
    suiteIdentifier(p.suite),
    der.bits(p.signature),
    ...(p.certificates?.length ? [der.context(0, der.sequence(...p.certificates))] : []),
  );
  return der.sequence(
    der.enumerated(0),
    der.context(0, der.sequence(der.oid(OID.ocspBasic), der.octets(basic))),
  );
};

/** OCSPResponseStatus other than successful. */
export const OCSP_ERRORS = {
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const;
export type OcspError = keyof typeof OCSP_ERRORS;

/** Unsigned error response. */
export const ocspErrorResponse = (error: OcspError): DerBytes =>
  der.sequence(der.enumerated(OCSP_ERRORS[error]));

export interface OcspResponse {
  readonly der: DerBytes;
  /** The signed bytes. */
  readonly responseData: DerBytes;
  readonly responder:
    | { readonly kind: 'name'; readonly nameDer: DerBytes }
    /** SHA-1 of the responder's key. */
    | { readonly kind: 'key'; readonly keyDigest: Uint8Array };
  readonly producedAt: Date;
  readonly responses: readonly {
    readonly certId: CertId;
    readonly status: CertStatus;
    readonly thisUpdate: Date;
    readonly nextUpdate: Date | null;
  }[];
  readonly nonce: Uint8Array | null;
  readonly algorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly certificates: readonly Certificate[];
}

/**
 * Reads a successful response. Throws `revocation-unavailable` naming the status for an error
 * response, `format-revocation` for anything malformed.
 */
export function parseOcspResponse(bytes: Uint8Array): OcspResponse {
  return asFormat('format-revocation', () => {
    const outer = readDer(bytes, { bytes: 256 << 10, nodes: 20_000 }).fields();
    const status = outer.next().enumerated();
    const wrapped = outer.optional(0xa0);
    outer.end();
    if (status !== 0) {
      const name = Object.entries(OCSP_ERRORS).find(([, n]) => n === status)?.[0];
      throw new DomainError('revocation-unavailable', `OCSP says ${name ?? status}`);
    }
    if (!wrapped) throw new DomainError('format-revocation', 'successful without a response');
    const typed = wrapped.only(0xa0).fields();
    if (typed.next().oid() !== OID.ocspBasic)
      throw new DomainError('format-revocation', 'unknown response type');
    const basic = readDer(typed.next().octets(), { nodes: 20_000 }).fields();
    typed.end();
    const data = basic.next(TAG.sequence);
    const algorithm = readAlgorithm(basic.next());
    const signature = basic.next().bits();
    const bag = basic.optional(0xa0)?.only(0xa0).expect(TAG.sequence).children ?? [];
    basic.end();
    return {
      der: bytes,
      responseData: data.bytes,
      ...readResponseData(data),
      algorithm,
      signature,
      certificates: bag.map((node) => parseCertificate(node.bytes)),
    };
  });
}

function readResponseData(
  data: DerNode,
): Pick<OcspResponse, 'responder' | 'producedAt' | 'responses' | 'nonce'> {
  const fields = data.fields();
  const id = fields.next();
  const responder =
    id.tag === 0xa1
      ? { kind: 'name' as const, nameDer: id.only(0xa1).bytes }
      : { kind: 'key' as const, keyDigest: id.only(0xa2).octets() };
  const producedAt = fields.next().generalizedTime();
  const list = fields.next(TAG.sequence).children;
  const extensions = readExtensions(fields.optional(0xa1)?.only(0xa1));
  fields.end();
  const responses = list.map((node) => {
    const parts = node.fields();
    const certId = readCertId(parts.next());
    const status = readStatus(parts.next());
    const thisUpdate = parts.next().generalizedTime();
    const nextUpdate = parts.optional(0xa0)?.only(0xa0).generalizedTime() ?? null;
    const single = readExtensions(parts.optional(0xa1)?.only(0xa1));
    parts.end();
    if (single.some(({ critical }) => critical))
      throw new DomainError('format-revocation', 'critical extension in response');
    return { certId, status, thisUpdate, nextUpdate };
  });
  return { responder, producedAt, responses, nonce: readNonce(extensions) };
}

function readStatus(node: DerNode): CertStatus {
  switch (node.tag) {
    case 0x80:
      node.as(TAG.null);
      return { kind: 'good' };
    case 0x82:
      node.as(TAG.null);
      return { kind: 'unknown' };
    default: {
      const fields = node.fields(0xa1);
      const at = fields.next().generalizedTime();
      const reason = fields.optional(0xa0)?.only(0xa0).enumerated();
      fields.end();
      return reason === undefined ? { kind: 'revoked', at } : { kind: 'revoked', at, reason };
    }
  }
}
