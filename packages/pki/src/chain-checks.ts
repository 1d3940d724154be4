import { toUtcSeconds } from '@mandate/core';
import { toBase64Url } from '@mandate/core/encoding';
import type { Certificate } from './certificate.js';
import type { SubIndication } from './check.js';
import { namesEqual } from './compare-names.js';
import { verifyWithin, type AlgorithmRange, type SignatureOutcome } from './legacy-algorithms.js';

/** What is wrong with a chain: the sub-indication and words for experts. */
export type Fault = readonly [SubIndication, string];

/** Subject and issuer are the same (RFC 5280 §3.2); such a certificate counts neither for length nor policy. */
export const isSelfIssued = ({ subjectDer, issuerDer }: Certificate): boolean =>
  namesEqual(subjectDer, issuerDer);

const outcomes = new WeakMap<Certificate, Map<string, SignatureOutcome>>();

const outcomeKey = ({ spki }: Certificate, range: AlgorithmRange): string =>
  `${range} ${toBase64Url(spki)}`;

/** True if `signatureOutcome` has the answer already: asking costs nothing. */
export const isOutcomeKnown = (
  certificate: Certificate,
  issuer: Certificate,
  range: AlgorithmRange,
): boolean => outcomes.get(certificate)?.has(outcomeKey(issuer, range)) ?? false;

/** Whether `issuer`'s key signed `certificate`. Building and checking ask the same: kept per key. */
export function signatureOutcome(
  certificate: Certificate,
  issuer: Certificate,
  range: AlgorithmRange,
): SignatureOutcome {
  const known = outcomes.get(certificate) ?? new Map<string, SignatureOutcome>();
  outcomes.set(certificate, known);
  const key = outcomeKey(issuer, range);
  let outcome = known.get(key);
  if (!outcome) {
    const { tbs, algorithm, signature } = certificate;
    outcome = verifyWithin({ algorithm, message: tbs, signature }, issuer.spki, range);
    known.set(key, outcome);
  }
  return outcome;
}

/** Each certificate is signed by the next one's key. The anchor's own signature says nothing. */
export function signatureFault(
  chain: readonly Certificate[],
  range: AlgorithmRange,
): Fault | undefined {
  for (let i = 0; i + 1 < chain.length; i++) {
    const outcome = signatureOutcome(chain[i]!, chain[i + 1]!, range);
    if (outcome === 'wrong')
      return ['CERTIFICATE_CHAIN_GENERAL_FAILURE', `signature of certificate ${i} is wrong`];
    if (outcome === 'unsupported')
      return [
        'CRYPTO_CONSTRAINTS_FAILURE',
        `certificate ${i}: signature ${chain[i]!.algorithm.oid}`,
      ];
  }
  return undefined;
}

/** Certificates know whole seconds: the last second belongs to them entirely. */
export const validAt = ({ notBefore, notAfter }: Certificate, at: Date): boolean =>
  at >= notBefore && at.getTime() < notAfter.getTime() + 1000;

export function validityFault(chain: readonly Certificate[], at: Date): Fault | undefined {
  for (const [i, certificate] of chain.entries()) {
    if (validAt(certificate, at)) continue;
    const { notBefore, notAfter } = certificate;
    return at < notBefore
      ? ['NOT_YET_VALID', `certificate ${i} begins ${toUtcSeconds(notBefore)}`]
      : ['EXPIRED', `certificate ${i} ended ${toUtcSeconds(notAfter)}`];
  }
  return undefined;
}

const constraint = (i: number, what: string): Fault => [
  'CHAIN_CONSTRAINTS_FAILURE',
  `certificate ${i} ${what}`,
];

/**
 * basicConstraints, path length and keyCertSign of everything above the leaf (§6.1.4 k–n).
 * `strict`: keyCertSign must be said, the anchor is judged like any authority, and the leaf must
 * not be one; otherwise an anchor may be silent, but not say that it is no authority.
 */
export function authorityFault(
  chain: readonly Certificate[],
  options: { strict: boolean },
): Fault | undefined {
  if (options.strict && chain[0]!.basicConstraints?.ca) return constraint(0, 'is an authority');
  let below = 0;
  for (const [i, certificate] of chain.entries()) {
    if (i === 0) continue;
    const { basicConstraints, keyUsage } = certificate;
    const silent = !options.strict && i === chain.length - 1 && !basicConstraints;
    if (!silent && !basicConstraints?.ca) return constraint(i, 'is no authority');
    if (!(keyUsage ?? (options.strict ? [] : ['keyCertSign'])).includes('keyCertSign'))
      return constraint(i, 'may not sign certificates');
    if (below > (basicConstraints?.pathLength ?? Infinity))
      return constraint(i, 'allows no such length');
    // Self-issued certificates do not count (§6.1.4 l).
    if (!isSelfIssued(certificate)) below++;
  }
  return undefined;
}

export function criticalFault(
  chain: readonly Certificate[],
  known: ReadonlySet<string>,
): Fault | undefined {
  for (const [i, { extensions }] of chain.entries())
    for (const { oid, critical } of extensions)
      if (critical && !known.has(oid)) return constraint(i, `has critical extension ${oid}`);
  return undefined;
}
