import type { SignatureSuite } from '@mandate/core';
import { DomainError } from '@mandate/core/errors';
import { readAlgorithm, suiteIdentifier, type AlgorithmIdentifier } from './algorithms.js';
import { readExtensions, readSignature } from './certificate-fields.js';
import { nameKeys } from './compare-names.js';
import { parseCertificate, type Certificate } from './certificate.js';
import { der, readDer, TAG, type DerBytes, type DerNode } from './der.js';
import { asFormat } from './format.js';
import { nonceExtension, readCertId, readNonce, type CertId } from './ocsp-request.js';
import { OID } from './oids.js';
import type { Reading } from './reading.js';

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
export function parseOcspResponse(bytes: Uint8Array, reading: Reading = 'strict'): OcspResponse {
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
    const signature = readSignature(basic.next(), reading);
    const bag = basic.optional(0xa0)?.only(0xa0).expect(TAG.sequence).children ?? [];
    basic.end();
    return {
      der: bytes,
      responseData: data.bytes,
      ...readResponseData(data, reading),
      algorithm,
      signature,
      certificates: bag.map((node) => parseCertificate(node.bytes, reading)),
    };
  });
}

function readResponseData(
  data: DerNode,
  reading: Reading,
): Pick<OcspResponse, 'responder' | 'producedAt' | 'responses' | 'nonce'> {
  const fields = data.fields();
  // version [0] DEFAULT v1: only foreign responders write the default out.
  if (reading === 'foreign') fields.optional(0xa0)?.only(0xa0).expect(TAG.integer);
  const id = fields.next();
  const responder =
    id.tag === 0xa1
      ? { kind: 'name' as const, nameDer: readResponderName(id.only(0xa1)) }
      : { kind: 'key' as const, keyDigest: id.only(0xa2).octets() };
  const producedAt = fields.next().generalizedTime();
  const list = fields.next(TAG.sequence).children;
  const extensions = readExtensions(fields.optional(0xa1)?.only(0xa1), reading);
  fields.end();
  const responses = list.map((node) => {
    const parts = node.fields();
    const certId = readCertId(parts.next(), reading);
    const status = readStatus(parts.next());
    const thisUpdate = parts.next().generalizedTime();
    const nextUpdate = parts.optional(0xa0)?.only(0xa0).generalizedTime() ?? null;
    const single = readExtensions(parts.optional(0xa1)?.only(0xa1), reading);
    parts.end();
    if (single.some(({ critical }) => critical))
      throw new DomainError('format-revocation', 'critical extension in response');
    return { certId, status, thisUpdate, nextUpdate };
  });
  return { responder, producedAt, responses, nonce: readNonce(extensions) };
}

function readResponderName(node: DerNode): DerBytes {
  nameKeys(node.bytes);
  return node.bytes;
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
