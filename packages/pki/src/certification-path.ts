import { isDomainError } from '@mandate/core/errors';
import { candidateChains, type BuildingBudget } from './candidate-chains.js';
import { KNOWN_EXTENSIONS, type Certificate, type KeyUsage } from './certificate.js';
import {
  authorityFault,
  criticalFault,
  isOutcomeKnown,
  isSelfIssued,
  signatureFault,
  signatureOutcome,
  validAt,
  validityFault,
  type Fault,
} from './chain-checks.js';
import { failed, noneFailed, passed, unchecked, type Check } from './check.js';
import { issuanceFault } from './issuance-rules.js';
import type { AlgorithmRange } from './legacy-algorithms.js';
import { nameText } from './name.js';
import { nameConstraintsOf, NameSpace } from './name-constraints.js';
import { OID } from './oids.js';
import { processPolicies, type PolicyInputs } from './policy-checks.js';
import {
  checkRevocation,
  MAX_REVOCATION_WORK,
  type RevocationMaterial,
  type RevocationRun,
  type RevocationStatus,
} from './revocation.js';

/** Ids of the checks, in order. */
export const CERTIFICATION_PATH_CHECKS = [
  'path-chain',
  'path-signatures',
  'path-validity',
  'path-authorities',
  'path-critical-extensions',
  'path-key-usage',
  'path-purpose',
  'path-names',
  'path-policies',
  'path-issuance',
  'path-revocation',
] as const;
type PathCheckId = (typeof CERTIFICATION_PATH_CHECKS)[number];

/** Extensions full path validation acts upon, beside those of the strict profile. */
const PROCESSED: ReadonlySet<string> = new Set([
  ...KNOWN_EXTENSIONS,
  OID.nameConstraints,
  OID.policyMappings,
  OID.policyConstraints,
  OID.inhibitAnyPolicy,
  OID.subjectAltName,
  OID.issuerAltName,
  OID.crlDistributionPoints,
  OID.freshestCrl,
  OID.ocspNoCheck,
]);

export interface CertificationPathRequest {
  readonly leaf: Certificate;
  /** Whatever certificates are at hand; the right ones are found among them. */
  readonly candidates: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  /** The instant at which the path must be valid. */
  readonly at: Date;
  /** At least one of these must stand in the leaf's keyUsage, if it has one. Left out: not checked. */
  readonly keyUsage?: readonly KeyUsage[];
  /** Extended key usage OIDs, one of which leaf and authorities must allow if they limit theirs. Left out: not checked. */
  readonly purposes?: readonly string[];
  readonly policies?: PolicyInputs;
  /** `current` unless said. */
  readonly algorithms?: AlgorithmRange;
  /**
   * Anchors are keys and names (§6.1.1 d): `key` takes them at that. `certificate`, the default,
   * holds an anchor to its own validity as well. Its constraints count in any case (RFC 5937).
   */
  readonly anchorsAs?: 'certificate' | 'key';
  /** Also require what §4 obliges issuers to; see `issuanceFault`. */
  readonly issuanceRules?: boolean;
  /** Left out: revocation is not checked. */
  readonly revocation?: RevocationMaterial;
  readonly budget?: Partial<BuildingBudget>;
}

export interface CertificationPathResult {
  /** Leaf first, anchor last; null unless every check passed. */
  readonly chain: readonly Certificate[] | null;
  /** One per id of `CERTIFICATION_PATH_CHECKS`, for the chain found or else the most promising one. */
  readonly checks: readonly Check[];
  /** The chain those checks are about, null if none could be built. */
  readonly tried: readonly Certificate[] | null;
  /** Policies the path is valid for; `anyPolicy` alone stands for all. */
  readonly policies: readonly string[];
  /** One per certificate of `tried` below the anchor, leaf first; empty if not checked. */
  readonly revocation: readonly RevocationStatus[];
  /** True if the budget ended the search: without a chain, nothing is proven either way. */
  readonly exhausted: boolean;
}

const BUDGET: BuildingBudget = { length: 12, chains: 32, steps: 2000, links: 20_000 };
/** Signatures verified while building, over all chains. */
const MAX_SIGNATURES = 400;

/** Path building and validation by RFC 5280 §6, policies by RFC 9618. Never throws on bad certificates. */
export const validateCertificationPath = (
  request: CertificationPathRequest,
): CertificationPathResult =>
  searchPath(request, {
    search: searchPath,
    request,
    work: { left: MAX_REVOCATION_WORK },
    asking: new Set(),
  });

/** The same within a run of revocation checks that asks for the path of whoever signed a list. */
function searchPath(
  request: CertificationPathRequest,
  run: RevocationRun,
): CertificationPathResult {
  let best: Judgement | undefined;
  const outcome = { exhausted: false };
  for (const mayIssue of linkRules(request, outcome)) {
    const { leaf, candidates: intermediates, anchors } = request;
    const budget = { ...BUDGET, ...request.budget };
    const search = { leaf, intermediates, anchors, mayIssue, budget };
    for (const chain of candidateChains(search, outcome)) {
      const judgement = judge(chain, request, run);
      if (noneFailed(judgement.checks))
        return { ...judgement, chain, tried: chain, exhausted: false };
      // The first chain to fail is the shortest; one that only fails later says more.
      if (!best || progress(judgement) > progress(best)) best = judgement;
    }
    if (best) break;
  }
  if (best) return { ...best, chain: null, exhausted: outcome.exhausted };
  const detail = outcome.exhausted ? 'search given up within budget' : 'no chain to a trust anchor';
  return {
    chain: null,
    tried: null,
    policies: [],
    revocation: [],
    exhausted: outcome.exhausted,
    checks: CERTIFICATION_PATH_CHECKS.map((id) =>
      id === 'path-chain' ? failed(id, 'NO_CERTIFICATE_CHAIN_FOUND', detail) : unchecked(id),
    ),
  };
}

/**
 * Which links to follow, best first: those that can be part of a valid path; if there is no such
 * chain, those whose signatures verify, then those that fit by name, so that the reason can be told.
 */
function linkRules(
  request: CertificationPathRequest,
  outcome: { exhausted: boolean },
): ((issuer: Certificate, subject: Certificate) => boolean)[] {
  const { at, anchors, algorithms = 'current' } = request;
  const isAnchor = new Set(anchors);
  let signatures = 0;
  const signed = (issuer: Certificate, subject: Certificate): boolean => {
    if (!isOutcomeKnown(subject, issuer, algorithms) && signatures++ >= MAX_SIGNATURES) {
      outcome.exhausted = true;
      return false;
    }
    return signatureOutcome(subject, issuer, algorithms) === 'verified';
  };
  const sound = (issuer: Certificate): boolean =>
    isAnchor.has(issuer) ||
    (validAt(issuer, at) &&
      (issuer.basicConstraints?.ca ?? false) &&
      (issuer.keyUsage?.includes('keyCertSign') ?? true));
  return [(issuer, subject) => sound(issuer) && signed(issuer, subject), signed, () => true];
}

type Judgement = Pick<CertificationPathResult, 'checks' | 'tried' | 'policies' | 'revocation'>;

const progress = ({ checks }: Judgement): number => checks.findIndex(({ ok }) => ok === false);

function judge(
  chain: readonly Certificate[],
  request: CertificationPathRequest,
  run: RevocationRun,
): Judgement {
  const checks: Check[] = [];
  const one = (id: PathCheckId, find: () => Fault | undefined): boolean => {
    const fault = guarded(find);
    checks.push(fault ? failed(id, fault[0], fault[1]) : passed(id));
    return !fault;
  };
  const { at, keyUsage, purposes, algorithms = 'current' } = request;
  const bound = request.anchorsAs === 'key' ? chain.slice(0, -1) : chain;
  const subjects = chain.map(({ subject }) => nameText(subject));
  checks.push(passed('path-chain', { subjects, serials: chain.map(({ serial }) => serial) }));
  one('path-signatures', () => signatureFault(chain, algorithms));
  one('path-validity', () => validityFault(bound, at));
  one('path-authorities', () => authorityFault(chain, { strict: false }));
  one('path-critical-extensions', () => criticalFault(chain, PROCESSED));
  if (keyUsage) one('path-key-usage', () => keyUsageFault(chain[0]!, keyUsage));
  else checks.push(unchecked('path-key-usage'));
  if (purposes) one('path-purpose', () => purposeFault(chain, purposes));
  else checks.push(unchecked('path-purpose'));
  one('path-names', () => nameFault(chain));
  let policies: readonly string[] = [];
  one('path-policies', () => {
    const result = processPolicies(chain, request.policies ?? {});
    if ('fault' in result) return result.fault;
    policies = result.policies;
    return undefined;
  });
  if (request.issuanceRules) one('path-issuance', () => issuanceFault(chain));
  else checks.push(unchecked('path-issuance'));
  // Asking about a chain that does not hold would be asking the wrong authorities.
  if (!request.revocation || !noneFailed(checks)) {
    checks.push(unchecked('path-revocation'));
    return { checks, tried: chain, policies, revocation: [] };
  }
  const { statuses, fault } = checkRevocation(chain, request.revocation, run);
  checks.push(fault ? failed('path-revocation', ...fault) : passed('path-revocation'));
  return { checks, tried: chain, policies, revocation: statuses };
}

/** What a hostile extension throws is a fault of its chain. */
function guarded(find: () => Fault | undefined): Fault | undefined {
  try {
    return find();
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return ['CHAIN_CONSTRAINTS_FAILURE', error.message];
  }
}

function keyUsageFault({ keyUsage }: Certificate, wanted: readonly KeyUsage[]): Fault | undefined {
  if (!keyUsage || keyUsage.some((usage) => wanted.includes(usage))) return undefined;
  return ['CHAIN_CONSTRAINTS_FAILURE', `key usage is ${keyUsage.join(' ') || 'empty'}`];
}

/** A certificate that limits its key's purposes limits those it issues as well. */
function purposeFault(chain: readonly Certificate[], wanted: readonly string[]): Fault | undefined {
  for (const [i, { extendedKeyUsage }] of chain.entries()) {
    if (!extendedKeyUsage) continue;
    const allows = (oid: string): boolean =>
      wanted.includes(oid) || oid === OID.anyExtendedKeyUsage;
    if (!extendedKeyUsage.purposes.some(allows))
      return ['CHAIN_CONSTRAINTS_FAILURE', `certificate ${i} is not for this purpose`];
  }
  return undefined;
}

/** Names of every certificate within the space its issuers left (§6.1.3 b–c); the anchor's limits count. */
function nameFault(chain: readonly Certificate[]): Fault | undefined {
  const space = new NameSpace();
  for (let i = chain.length - 1; i >= 0; i--) {
    const certificate = chain[i]!;
    const judged = i < chain.length - 1 && (i === 0 || !isSelfIssued(certificate));
    const fault = judged ? space.fault(certificate) : undefined;
    if (fault) return ['CHAIN_CONSTRAINTS_FAILURE', `certificate ${i}: ${fault}`];
    const constraints = nameConstraintsOf(certificate);
    if (constraints && i > 0) space.narrow(constraints);
  }
  return undefined;
}
