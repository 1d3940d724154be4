import { bytesEqual } from '@mandate/core/encoding';
import type { Certificate } from './certificate.js';
import { failed, noneFailed, unchecked, type Check } from './check.js';
import { checkChain, PATH_CHECKS, type PathPurpose } from './path-checks.js';

export type { PathPurpose } from './path-checks.js';

/** Longest chain, anchor included, and how many chains are tried, whatever the bag holds. */
const MAX_LENGTH = 6;
const MAX_CHAINS = 16;
const MAX_STEPS = 256;

export interface PathResult {
  /** Leaf first, anchor last; null unless every check passed. */
  readonly chain: readonly Certificate[] | null;
  /** One per id of `PATH_CHECKS`, for the chain found or else the first one tried. */
  readonly checks: readonly Check[];
}

/**
 * Path building and validation (RFC 5280 §6) in the strict profile of our own PKI: names and
 * anchors are compared by bytes, the anchor itself is checked like a CA, unknown critical
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
  for (const chain of candidateChains(p.leaf, p.intermediates, p.anchors)) {
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

/** Chains that fit by names and key identifiers and end in an anchor; no signature is checked yet. */
function* candidateChains(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  anchors: readonly Certificate[],
): Generator<Certificate[]> {
  const stack: Certificate[][] = [[leaf]];
  let [steps, found] = [0, 0];
  while (stack.length > 0 && found < MAX_CHAINS && steps++ < MAX_STEPS) {
    const chain = stack.pop()!;
    const last = chain[chain.length - 1]!;
    for (const anchor of anchors)
      if (mayIssue(anchor, last) && !chain.some((link) => bytesEqual(link.der, anchor.der))) {
        found++;
        yield [...chain, anchor];
      }
    if (chain.length + 1 >= MAX_LENGTH) continue;
    for (const next of intermediates)
      if (mayIssue(next, last) && !chain.some((link) => bytesEqual(link.der, next.der)))
        stack.push([...chain, next]);
  }
}

function mayIssue(issuer: Certificate, subject: Certificate): boolean {
  if (!bytesEqual(issuer.subjectDer, subject.issuerDer)) return false;
  const [wanted, own] = [subject.authorityKeyId, issuer.subjectKeyId];
  return !wanted || !own || bytesEqual(wanted, own);
}
