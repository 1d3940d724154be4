import { bytesEqual } from '@mandate/core/encoding';
import type { Certificate } from './certificate.js';
import { nameId } from './compare-names.js';

/** What path building may cost, whatever the bag holds. */
export interface BuildingBudget {
  /** Longest chain, anchor included. */
  readonly length: number;
  /** Chains handed out. */
  readonly chains: number;
  /** Chains begun, complete or not. */
  readonly steps: number;
  /** Links examined; a link costs up to one signature check. */
  readonly links: number;
}

export interface ChainSearch {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  /** Whether one certificate may have issued another; names have been compared already. */
  readonly mayIssue: (issuer: Certificate, subject: Certificate) => boolean;
  readonly budget: BuildingBudget;
}

/** Set by the search when it gave up before it had tried everything. */
export interface SearchOutcome {
  exhausted: boolean;
}

/**
 * Chains from the leaf to an anchor, shortest first. No chain holds two certificates of one name and
 * key, so loops end (RFC 4158 §5.2), and nothing is tried that leads to no anchor by its names.
 */
export function* candidateChains(
  search: ChainSearch,
  outcome: SearchOutcome = { exhausted: false },
): Generator<Certificate[]> {
  const { leaf, budget, mayIssue } = search;
  const anchors = bySubject(search.anchors);
  const authorities = bySubject(search.intermediates.filter((it) => !isSame(it, leaf)));
  const distance = distances(anchors, authorities);
  const reachable = (certificate: Certificate): number =>
    distance.get(nameId(certificate.issuerDer)) ?? Infinity;
  const queue: Certificate[][] = reachable(leaf) < Infinity ? [[leaf]] : [];
  let [found, steps, links] = [0, 0, 0];
  for (let chain = queue.shift(); chain; chain = queue.shift()) {
    if (steps++ >= budget.steps || links >= budget.links) return void (outcome.exhausted = true);
    const last = chain[chain.length - 1]!;
    const issuer = nameId(last.issuerDer);
    const used = chain;
    const fits = (next: Certificate): boolean => {
      if (used.some((link) => isSame(link, next))) return false;
      if (links++ >= budget.links) return false;
      return mayIssue(next, last);
    };
    for (const anchor of anchors.get(issuer) ?? [])
      if (fits(anchor)) {
        if (found++ >= budget.chains) return void (outcome.exhausted = true);
        yield [...chain, anchor];
      }
    for (const next of byKeyId(authorities.get(issuer) ?? [], last))
      if (chain.length + 1 + reachable(next) <= budget.length && fits(next))
        queue.push([...chain, next]);
  }
}

/** Same certificate, or the same name with the same key: nothing new on a chain. */
const isSame = (a: Certificate, b: Certificate): boolean =>
  a === b ||
  bytesEqual(a.der, b.der) ||
  (bytesEqual(a.spki, b.spki) && nameId(a.subjectDer) === nameId(b.subjectDer));

function bySubject(certificates: readonly Certificate[]): Map<string, Certificate[]> {
  const groups = new Map<string, Certificate[]>();
  const seen = new Set<string>();
  for (const certificate of certificates) {
    // A bag may hold one certificate many times.
    const id = Buffer.from(certificate.der).toString('latin1');
    if (seen.has(id)) continue;
    seen.add(id);
    const subject = nameId(certificate.subjectDer);
    const group = groups.get(subject);
    if (group) group.push(certificate);
    else groups.set(subject, [certificate]);
  }
  return groups;
}

/** For every issuer name: how many certificates at least lie from it to an anchor, that included. */
function distances(
  anchors: Map<string, Certificate[]>,
  authorities: Map<string, Certificate[]>,
): Map<string, number> {
  const distance = new Map([...anchors.keys()].map((name) => [name, 1]));
  const issuedBy = new Map<string, Set<string>>();
  for (const [subject, certificates] of authorities)
    for (const { issuerDer } of certificates) {
      const issuer = nameId(issuerDer);
      issuedBy.set(issuer, (issuedBy.get(issuer) ?? new Set()).add(subject));
    }
  const queue = [...distance.keys()];
  for (const name of queue)
    for (const subject of issuedBy.get(name) ?? [])
      if (!distance.has(subject)) {
        distance.set(subject, distance.get(name)! + 1);
        queue.push(subject);
      }
  return distance;
}

/** Those whose key identifier is the one asked for come first (§4.2.1.1); it is a hint, no proof. */
function byKeyId(
  candidates: readonly Certificate[],
  { authorityKeyId }: Certificate,
): readonly Certificate[] {
  if (!authorityKeyId) return candidates;
  const asked = ({ subjectKeyId }: Certificate): boolean =>
    subjectKeyId !== null && bytesEqual(subjectKeyId, authorityKeyId);
  return [...candidates.filter(asked), ...candidates.filter((it) => !asked(it))];
}
