import { toUtcSeconds } from '@mandate/core';
import { unchecked, validatePath, type Certificate } from '@mandate/pki';
import { check, fail, findingsOf, pass } from '../finding.js';
import type { Finding } from '../verification.js';

export interface SceneCertificateJudgement {
  readonly findings: readonly Finding[];
  /** Leaf first, anchor last; null when no chain holds. */
  readonly chain: readonly Certificate[] | null;
}

/** Longest life of a scene certificate, seconds; the profile is ten minutes. */
const MAXIMUM_LIFE = 600;

/**
 * Past-signature validation (EN 319 102-1 §5.6.2): a scene certificate lives for minutes, so its path
 * is validated at the moment the signature is proven to have existed; without such proof, at `at`,
 * where an expired certificate cannot be judged.
 */
export function checkCertificate(input: {
  readonly certificate: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  readonly existedAt: Date | null;
  readonly at: Date;
}): SceneCertificateJudgement {
  const { certificate, intermediates, anchors, existedAt, at } = input;
  const instant = existedAt ?? at;
  const { chain, checks } = validatePath({
    leaf: certificate,
    intermediates,
    anchors,
    at: instant,
    purpose: 'scene',
  });
  const expired = at.getTime() >= certificate.notAfter.getTime() + 1000;
  const path = findingsOf(
    'certificate',
    checks.map((it) =>
      !existedAt && it.subIndication === 'EXPIRED' ? unchecked(it.id, it.detail) : it,
    ),
  );
  const existence = existedAt
    ? pass('proof-of-existence', { at: existedAt.toISOString() })
    : expired
      ? fail('proof-of-existence', 'OUT_OF_BOUNDS_NO_POE', {
          notAfter: toUtcSeconds(certificate.notAfter),
        })
      : fail('proof-of-existence', 'NO_POE');
  return { findings: [...path, existence, checkProfile(certificate)], chain };
}

/** What makes a certificate a scene certificate beside the path rules: short life, and says so. */
function checkProfile(certificate: Certificate): Finding {
  const life = (certificate.notAfter.getTime() - certificate.notBefore.getTime()) / 1000;
  return check(
    'certificate-profile',
    certificate.validityAssuredShortTerm && life <= MAXIMUM_LIFE,
    'CHAIN_CONSTRAINTS_FAILURE',
    { seconds: String(life) },
  );
}
