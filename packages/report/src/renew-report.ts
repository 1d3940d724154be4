import { bytesEqual, DomainError, type Random, type TimestampAuthority } from '@mandate/core';
import { readPdf, readSignatures } from '@mandate/pdf';
import { findSigner, parseTimestampResponse, parseToken, timestampRequest } from '@mandate/pki';
import { archiveReport, type ReportArchive } from './archive-report.js';

export interface ReportRenewal {
  readonly anchors: Pick<ReportArchive['anchors'], 'seal' | 'timestamp'>;
  /** Revocation lists of the newest timestamp's authority, DER; without any only who asks for none is content. */
  readonly crls: readonly Uint8Array[];
  readonly authority: Pick<TimestampAuthority, 'stamp'>;
  readonly random: Random;
}

/**
 * A handed-out report with one more archive timestamp, only appended: to be done before the newest one's authority
 * ends. Whether the token is one to be trusted, the verifier says of the result. Throws `format-pdf`,
 * `format-timestamp`, `timestamp-unavailable`.
 */
export const renewReport = (
  report: Uint8Array,
  { anchors, crls, authority, random }: ReportRenewal,
): Promise<Uint8Array> =>
  archiveReport(report, {
    anchors: { ...anchors, crls },
    stamp: async (digest) => {
      const nonce = random.bytes(8);
      // positive and of full length: an integer's leading zeros would not come back
      nonce[0] = (nonce[0]! & 0x7f) | 0x40;
      const request = timestampRequest({ digest, nonce, certReq: true });
      const { token } = parseTimestampResponse(await authority.stamp(request));
      if (!token) throw new DomainError('timestamp-unavailable', 'the timestamp authority refused');
      const answered = parseToken(token).info.nonce;
      if (!answered || !bytesEqual(answered, nonce))
        throw new DomainError('format-timestamp', 'the token answers another request');
      return token;
    },
  });

/** When the certificate ends that made a report's newest archive timestamp. Throws `format-pdf`, `format-timestamp`. */
export function newestStampEnd(report: Uint8Array): Date {
  const newest = readSignatures(readPdf(report)).find(({ coversWholeFile }) => coversWholeFile);
  if (newest?.subFilter !== 'ETSI.RFC3161')
    throw new DomainError('format-pdf', 'the report has no archive timestamp');
  const { signedData } = parseToken(newest.contents);
  const [signer] = signedData.signers;
  const certificate = signer && findSigner(signedData, signer);
  if (!certificate) throw new DomainError('format-timestamp', 'no certificate of the signer');
  return certificate.notAfter;
}
