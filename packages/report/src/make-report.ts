import { canonicalBytes, DomainError, sha256Hex, toUtcSeconds } from '@mandate/core';
import { findingText, type Finding, type TrustAnchors, type Verification } from '@mandate/verify';
import { evidenceLevel } from './evidence-level.js';
import { evidenceOf } from './evidence-list.js';
import { laterOf, usableOf } from './later-state.js';
import { courtPoints, signatureLimbs } from './legal-points.js';
import { maskedFacts, statementOf } from './masked-facts.js';
import { materialsOf } from './materials.js';
import { plainReasonOf } from './plain-reason.js';
import { printableDeep } from './printable.js';
import {
  BASIS,
  type Applicant,
  type Operation,
  type Report,
  type ReportFinding,
} from './report.js';
import { SECTION_IDS, sectionOf, worstStatus } from './sections.js';
import { timelineOf } from './timeline.js';
import { vouchersOf } from './vouchers.js';

export interface ReportInput {
  /** The file that was verified: a bundle, or a letter alone. */
  readonly bundle: Uint8Array;
  readonly verification: Verification;
  readonly reportId: string;
  readonly madeAt: Date;
  /** Origin without a trailing slash. */
  readonly publicUrl: string;
  /** Programs by name with their versions, e.g. `{ node: '20.20.0' }`. */
  readonly tools: Readonly<Record<string, string>>;
  /** Default: the operator's own; the honest thing to say when nobody knows better. */
  readonly timestamps?: Operation['timestamps'];
  /** Default: not named. */
  readonly applicant?: Applicant;
  /** What the file was held against; named among the materials. */
  readonly anchors?: TrustAnchors;
}

/**
 * The report on one verification: nothing in it that was not checked or read. A pure function.
 * Throws `invalid-request` when the verification is of another file.
 */
export function makeReport(input: ReportInput): Report {
  const { bundle, verification } = input;
  const { facts, findings, verdict } = verification;
  if (sha256Hex(bundle) !== verification.input.digest)
    throw new DomainError('invalid-request', 'the verification is of another file');
  const statement = statementOf(verification);
  const decisive = decisiveFinding(verification);
  const later = laterOf(facts);
  return printableDeep<Report>({
    format: 'mandate-report/v1',
    id: input.reportId,
    madeAt: toUtcSeconds(input.madeAt),
    publicUrl: input.publicUrl,
    tools: input.tools,
    operation: {
      certificates: 'self-operated',
      timestamps: input.timestamps ?? 'self-operated',
    },
    applicant: input.applicant ?? 'not-named',
    input: verification.input,
    materials: materialsOf(verification, input.anchors),
    basis: BASIS,
    judgedAt: verification.at,
    verdict,
    ...(decisive ? { reason: reportFinding(decisive), plainReason: plainReasonOf(decisive) } : {}),
    integrity: verification.integrity,
    claims: verification.claims,
    ...(statement ? { statement } : {}),
    evidenceLevel: evidenceLevel(verification),
    sections: SECTION_IDS.map((id) => {
      const own = findings.filter((finding) => sectionOf(finding) === id).map(reportFinding);
      return { id, status: worstStatus(own), findings: own };
    }),
    timeline: timelineOf(verification),
    trail: (facts.trail ?? []).map(({ version, type, at, by, digest }) => ({
      version,
      type,
      at,
      by,
      digest,
    })),
    ...(later ? { later } : {}),
    usable: usableOf(verification, later),
    courtPoints: courtPoints(findings),
    signatureLimbs: signatureLimbs(findings),
    evidence: evidenceOf(verification),
    vouchers: vouchersOf(verification),
    notChecked: verification.notChecked,
    facts: maskedFacts(facts),
  });
}

/** Canonical JSON, UTF-8. */
export const reportJson = (report: Report): Uint8Array => canonicalBytes(report);

function decisiveFinding({ findings, verdict }: Verification): Finding | undefined {
  if (verdict.indication === 'TOTAL-PASSED') return undefined;
  const status = verdict.indication === 'TOTAL-FAILED' ? 'failed' : 'indeterminate';
  return findings.find((finding) => finding.status === status);
}

/** Parameters that are words about the file; others may quote it, and with it personal data. */
const SHOWN_PARAMS = ['part', 'reason', 'detail', 'notAfter', 'pages'];

function reportFinding(finding: Finding): ReportFinding {
  const { id, status, subIndication, params } = finding;
  const shown = Object.entries(params ?? {}).filter(([name]) => SHOWN_PARAMS.includes(name));
  return {
    id,
    status,
    ...(subIndication ? { subIndication } : {}),
    ...(shown.length > 0 ? { params: Object.fromEntries(shown) } : {}),
    text: { zh: findingText(finding, 'zh'), en: findingText(finding, 'en') },
  };
}
