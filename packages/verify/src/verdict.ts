import { placeOf, type FindingId } from './catalogue.js';
import {
  CLAIMS,
  type Claim,
  type ClaimResult,
  type Finding,
  type Indication,
  type Status,
  type Verification,
} from './verification.js';

/** Worst first. */
const ORDER: readonly Status[] = ['failed', 'indeterminate', 'passed', 'not-checked'];

const worst = <T extends { readonly status: Status }>(items: readonly T[]): T | undefined =>
  ORDER.map((status) => items.find((item) => item.status === status)).find(Boolean);

/** A claim is as good as the worst finding it rests on; the first of the worst names the reason. */
export function claimsOf(findings: readonly Finding[]): Record<Claim, ClaimResult> {
  const result = (claim: Claim): ClaimResult => {
    const own = findings.filter(({ id }) => placeOf(id).claim === claim);
    const decisive = worst(own);
    return {
      status: decisive?.status ?? 'not-checked',
      ...(decisive?.subIndication ? { subIndication: decisive.subIndication } : {}),
      findings: own.map(({ id }) => id),
    };
  };
  return Object.fromEntries(CLAIMS.map((claim) => [claim, result(claim)])) as Record<
    Claim,
    ClaimResult
  >;
}

const INDICATIONS: Readonly<Record<Status, Indication>> = {
  failed: 'TOTAL-FAILED',
  indeterminate: 'INDETERMINATE',
  passed: 'TOTAL-PASSED',
  'not-checked': 'INDETERMINATE',
};

/** Combines findings: the verdict is the worst claim's, its reason the first finding that says so. */
export function judge(
  findings: readonly Finding[],
): Pick<Verification, 'verdict' | 'integrity' | 'claims'> {
  const claims = claimsOf(findings);
  const decisive = worst(findings);
  return {
    verdict: {
      indication: INDICATIONS[decisive?.status ?? 'not-checked'],
      ...(decisive?.subIndication ? { subIndication: decisive.subIndication } : {}),
    },
    integrity: claims.integrity.status === 'failed' ? 'broken' : 'sound',
    claims,
  };
}

/** Where somebody's signature over a file, or over what vouches for it, is found to hold: one for each kind of file. */
const SIGNED: readonly FindingId[] = [
  'signature/cms-signature',
  'seal/cms-signature',
  'pdf-signature-cryptography',
  'receipt-signature',
  'ledger-checkpoint',
  'filing-seal',
  'report-sealed',
];

/** As `judge`, of a whole file: what nobody signed never passes, however little there is to object to. */
export function judgeFile(findings: readonly Finding[]): ReturnType<typeof judge> {
  const judged = judge(findings);
  const signed = findings.some(({ id, status }) => status === 'passed' && SIGNED.includes(id));
  if (signed || judged.verdict.indication !== 'TOTAL-PASSED') return judged;
  return {
    ...judged,
    verdict: { indication: 'INDETERMINATE', subIndication: 'NO_SIGNING_CERTIFICATE_FOUND' },
  };
}

/** The claims to be told: of letters and bundles all, of anything else those it has findings for. */
export const askedClaims = ({ input, claims }: Pick<Verification, 'input' | 'claims'>): Claim[] =>
  CLAIMS.filter(
    (claim) =>
      input.kind === 'bundle' || input.profile === 'letter' || claims[claim].findings.length > 0,
  );

/**
 * Exit code of the command: 0 TOTAL-PASSED, 1 TOTAL-FAILED, 2 INDETERMINATE,
 * 3 when there was nothing to judge (neither PDF nor ASiC-E, no signature).
 */
export function exitCode({ findings, verdict }: Verification): 0 | 1 | 2 | 3 {
  const nothing = findings.some(
    ({ id, status }) =>
      (id === 'input-recognised' || id === 'signature-present') && status !== 'passed',
  );
  if (nothing) return 3;
  return verdict.indication === 'TOTAL-PASSED' ? 0 : verdict.indication === 'TOTAL-FAILED' ? 1 : 2;
}
