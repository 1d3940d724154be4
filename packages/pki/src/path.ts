import { bytesEqual } from '@mandate/core/encoding';
import { candidateChains } from './candidate-chains.js';
import type { Certificate } from './certificate.js';
import { failed, noneFailed, unchecked, type Check } from './check.js';
import { checkChain, PATH_CHECKS, type PathPurpose } from './path-checks.js';

export type { PathPurpose } from './path-checks.js';

const BUDGET = { length: 6, chains: 16, steps: 256, links: 4096 };

export interface PathResult {
  /** Leaf first, anchor last; null unless every check passed. */
  readonly chain: readonly Certificate[] | null;
  /** One per id of `PATH_CHECKS`, for the chain found or else the first one tried. */
  readonly checks: readonly Check[];
}

/**
 * Path validation in the strict profile of our own PKI, narrower than RFC 5280 §6 (which is
 * `validateCertificationPath`): names and anchors are compared by bytes, the anchor itself is checked like a CA, unknown critical
 * extensions, name constraints and policy constraints are refused. Revocation is separate.
 * `at` is the instant at which every certificate, anchor included, must be valid.
 */
export function validatePath(p: {
  leaf: Certificate;
  intermediates: readonly Certificate[];
  anchors: readonly Certificate[];
  at: Date;
  purpose: PathPurpose;
}): PathResult {
  let first: Check[] | undefined;
  for (const chain of candidateChains({ ...p, mayIssue, budget: BUDGET })) {
    const checks = checkChain(chain, p.at, p.purpose);
    if (noneFailed(checks)) return { chain, checks };
    first ??= checks;
  }
  if (first) return { chain: null, checks: first };
  const detail = 'no chain to a trust anchor';
  return {
    chain: null,
    checks: PATH_CHECKS.map((id) =>
      id === 'path-chain' ? failed(id, 'NO_CERTIFICATE_CHAIN_FOUND', detail) : unchecked(id),
    ),
  };
}

function mayIssue(issuer: Certificate, subject: Certificate): boolean {
  if (!bytesEqual(issuer.subjectDer, subject.issuerDer)) return false;
  const [wanted, own] = [subject.authorityKeyId, issuer.subjectKeyId];
  return !wanted || !own || bytesEqual(wanted, own);
}
