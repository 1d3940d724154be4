import { fail, pass } from '../finding.js';
import type { Trust } from '../trust.js';
import type { Facts, Finding, Verification } from '../verification.js';
import type { Artefact } from './artefact.js';

/** What comparing two artefacts says. */
export interface Comparison {
  readonly findings: readonly Finding[];
  readonly facts?: Partial<NonNullable<Facts['receipt']>>;
}

/** What comparing needs beside the two. */
export interface ComparisonContext {
  readonly trust: Trust;
  readonly at: Date;
  /** The whole verification of a file for another moment. */
  readonly verifyAt: (bytes: Uint8Array, at: Date) => Verification;
}

export const isLetter = ({ kind, profile }: Artefact): boolean =>
  kind === 'bundle' || profile === 'letter';

/** The other must be good itself, or belonging to it says nothing. */
export function valid({ findings }: Artefact): Finding {
  const open = worst(findings);
  return open
    ? fail('beside-verified', open.subIndication!, { check: open.id })
    : pass('beside-verified');
}

/** What is wrong with it, failures first. */
export const worst = (findings: readonly Finding[]): Finding | undefined =>
  findings.find(({ status }) => status === 'failed') ??
  findings.find(({ status }) => status === 'indeterminate');
