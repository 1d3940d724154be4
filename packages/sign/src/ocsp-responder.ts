import { DomainError, fromHex, isDomainError, type Clock, type SigningKey } from '@mandate/core';
import {
  assembleOcspResponse,
  certIdNames,
  certIdOf,
  ocspErrorResponse,
  ocspResponseData,
  parseCertificate,
  parseOcspRequest,
  type CertStatus,
  type OcspRequest,
  type SingleResponse,
} from '@mandate/pki';

/** What the record knows of one serial; null when it was never issued. */
export type SerialStatus = (
  serial: Uint8Array,
) => Promise<{ notAfter: Date; revokedAt: Date | null } | null>;

/** How long an answer may be kept, seconds; never beyond the certificate's own end. */
const FRESH_FOR = 300;
const MAX_CERT_IDS = 8;

/** Delegated responder of the scene CA (RFC 6960 §2.6): answers requests, and for one certificate unasked. */
export function ocspResponder(deps: {
  key: SigningKey;
  /** The scene CA's certificate, DER. */
  issuer: Uint8Array;
  status: SerialStatus;
  clock: Clock;
}) {
  const issuer = parseCertificate(deps.issuer);
  const responder = parseCertificate(deps.key.chain[0]!);

  async function single(certId: Uint8Array, serial: Uint8Array): Promise<SingleResponse> {
    const thisUpdate = deps.clock.now();
    const known = await deps.status(serial);
    if (!known) return { certId, thisUpdate, status: { kind: 'unknown' } };
    // superseded (RFC 5280 §5.3.1): a voided attempt's certificate, no breach
    const status: CertStatus = known.revokedAt
      ? { kind: 'revoked', at: known.revokedAt, reason: 4 }
      : { kind: 'good' };
    const until = Math.min(thisUpdate.getTime() + FRESH_FOR * 1000, known.notAfter.getTime());
    // Past its end a certificate has no next update: newer information is always at hand (§4.2.2.1).
    return until > thisUpdate.getTime()
      ? { certId, thisUpdate, status, nextUpdate: new Date(until) }
      : { certId, thisUpdate, status };
  }

  async function sign(responses: SingleResponse[], nonce: Uint8Array | null): Promise<Uint8Array> {
    const responseData = ocspResponseData({
      responder,
      producedAt: deps.clock.now(),
      responses,
      nonce,
    });
    return assembleOcspResponse({
      responseData,
      suite: deps.key.suite,
      signature: await deps.key.sign(responseData),
      certificates: [deps.key.chain[0]!],
    });
  }

  return {
    /** DER OCSPRequest → DER OCSPResponse; refusals are OCSP error responses. */
    async respond(der: Uint8Array): Promise<Uint8Array> {
      let request: OcspRequest;
      try {
        request = parseOcspRequest(der);
      } catch (error) {
        if (isDomainError(error)) return ocspErrorResponse('malformedRequest');
        throw error;
      }
      if (request.certIds.length > MAX_CERT_IDS) return ocspErrorResponse('malformedRequest');
      if (!request.certIds.every((id) => certIdNames(id, issuer)))
        return ocspErrorResponse('unauthorized');
      const responses: SingleResponse[] = [];
      for (const id of request.certIds) responses.push(await single(id.der, fromHex(id.serial)));
      return sign(responses, request.nonce);
    },

    /**
     * A response for one of our certificates, to be kept with the letter: it names the certificate by SHA-256
     * and by SHA-1, for validators of all ages. Throws `revocation-unavailable` unless it is good.
     */
    async answerFor(certificate: Uint8Array): Promise<Uint8Array> {
      const parsed = parseCertificate(certificate);
      const response = await single(certIdOf(parsed, issuer), fromHex(parsed.serial));
      if (response.status.kind !== 'good')
        throw new DomainError(
          'revocation-unavailable',
          `the certificate is ${response.status.kind}`,
        );
      const bySha1 = { ...response, certId: certIdOf(parsed, issuer, 'sha1') };
      return sign([response, bySha1], null);
    },
  };
}
