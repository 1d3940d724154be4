import { toUtcSeconds } from '@mandate/core';
import { checkOcsp, parseOcspResponse, type Certificate, type OcspResponse } from '@mandate/pki';
import { check, findingsOf, pass } from '../finding.js';
import { refusal } from '../refusal.js';
import type { Finding } from '../verification.js';

/** Without a response: the certificate itself must assure that it needs none (EN 319 412-1 §5.2), if that is enough. */
export const checkRevocationAssured = (certificate: Certificate, required: boolean): Finding =>
  check('revocation-assured', !required && certificate.validityAssuredShortTerm, 'TRY_LATER');

export interface OcspJudgement {
  readonly findings: readonly Finding[];
  readonly response: OcspResponse | null;
}

/**
 * The frozen response: for this certificate, good, and collected after the timestamp. `stampedAt` is
 * the token's genTime even where the token is not trusted; that is reported elsewhere.
 */
export function checkFrozenOcsp(input: {
  readonly der: Uint8Array;
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly stampedAt: Date | null;
  readonly at: Date;
}): OcspJudgement {
  const { der, certificate, issuer, stampedAt, at } = input;
  let response: OcspResponse;
  try {
    response = parseOcspResponse(der);
  } catch (error) {
    const rule = { unsupported: 'CRYPTO_CONSTRAINTS_FAILURE', ownProfile: false } as const;
    return { findings: [refusal('ocsp-readable', error, rule)], response: null };
  }
  const checks = checkOcsp({ response, certificate, issuer, at: stampedAt ?? at, now: at });
  const findings = [pass('ocsp-readable'), ...findingsOf('ocsp', checks)];
  if (stampedAt) {
    // Whole seconds on one side, fractions on the other: "after" means in a later second.
    const later =
      response.producedAt.getTime() >= Math.floor(stampedAt.getTime() / 1000 + 1) * 1000;
    findings.push(
      check('ocsp-after-timestamp', later, 'TRY_LATER', {
        producedAt: toUtcSeconds(response.producedAt),
      }),
    );
  }
  return { findings, response };
}
