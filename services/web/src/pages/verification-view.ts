import {
  CLAIMS,
  claimText,
  findingText,
  notCheckedText,
  statusText,
  subIndicationText,
  type Status,
  type Verification,
} from '@mandate/verify';
import type { Language } from './words/index.js';

/** A line of the result in words. */
export interface Line {
  readonly status: Status;
  /** The status in words. */
  readonly statusText: string;
  readonly text: string;
  /** Why not, in words. */
  readonly reason?: string;
}

/** Answer of `POST /verify`: the verifier's result as it is, and the same in one language's words. */
export interface VerificationView {
  readonly verification: Verification;
  readonly words: {
    readonly reason?: string;
    readonly claims: readonly Line[];
    readonly findings: readonly Line[];
    readonly notChecked: readonly string[];
  };
}

/** Puts words beside a verification; the verification itself is not touched. */
export function verificationView(verification: Verification, language: Language): VerificationView {
  const reasonOf = (sub?: Parameters<typeof subIndicationText>[0]) =>
    sub === undefined ? {} : { reason: subIndicationText(sub, language) };
  const { verdict, claims, findings, notChecked } = verification;
  return {
    verification,
    words: {
      ...reasonOf(verdict.subIndication),
      claims: CLAIMS.map((claim) => ({
        status: claims[claim].status,
        statusText: statusText(claims[claim].status, language),
        text: claimText(claim, language),
        ...reasonOf(claims[claim].subIndication),
      })),
      findings: findings.map((finding) => ({
        status: finding.status,
        statusText: statusText(finding.status, language),
        text: findingText(finding, language),
        ...reasonOf(finding.subIndication),
      })),
      notChecked: notChecked.map((id) => notCheckedText(id, language)),
    },
  };
}
