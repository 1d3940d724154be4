import {
  askedClaims,
  claimText,
  findingText,
  notCheckedText,
  statusText,
  subIndicationText,
  type Finding,
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
  /** Of a check that did not pass: its name and what it saw, for experts. */
  readonly detail?: string;
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
      claims: askedClaims(verification).map((claim) => ({
        status: claims[claim].status,
        statusText: statusText(claims[claim].status, language),
        text: claimText(claim, language, verification.input),
        ...reasonOf(claims[claim].subIndication),
      })),
      findings: findings.map((finding) => ({
        status: finding.status,
        statusText: statusText(finding.status, language),
        text: findingText(finding, language),
        ...reasonOf(finding.subIndication),
        ...(finding.status === 'passed' ? {} : { detail: detailOf(finding) }),
      })),
      notChecked: notChecked.map((id) => notCheckedText(id, language)),
    },
  };
}

/** Hostile files choose parts of these strings: nothing invisible or turning gets through. */
const detailOf = ({ id, params }: Finding): string =>
  [id, ...Object.entries(params ?? {}).map(([name, value]) => `${name}: ${value}`)]
    .join(' · ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
    .slice(0, 300);
