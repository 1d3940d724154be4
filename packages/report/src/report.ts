import type { EventType, Measure } from '@mandate/core';
import type { SubIndication } from '@mandate/pki';
import type { Terms } from '@mandate/terms';
import type {
  CertificateFacts,
  Claim,
  ClaimResult,
  Facts,
  FindingId,
  NotCheckedId,
  Status,
  Verification,
} from '@mandate/verify';
import type { SectionId } from './sections.js';

/**
 * A verification told to people who were not there. Everything in it follows from one `Verification`;
 * names and numbers of the subject are masked, the salt of the terms is left out. Same arguments of
 * `makeReport`, same object, same bytes.
 */
export interface Report {
  readonly format: 'mandate-report/v0';
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly madeAt: string;
  /** Origin of the operator's site, where anchors are published. */
  readonly publicUrl: string;
  /** Programs that made the verification, by name. */
  readonly tools: Readonly<Record<string, string>>;
  readonly operation: Operation;
  readonly input: Verification['input'];
  /** The moment the file was judged for. */
  readonly judgedAt: string;
  readonly verdict: Verification['verdict'];
  /** Why the verdict is not TOTAL-PASSED: the finding that decided it. */
  readonly reason?: ReportFinding;
  readonly integrity: Verification['integrity'];
  readonly claims: Readonly<Record<Claim, ClaimResult>>;
  readonly statement?: Statement;
  readonly evidenceLevel: EvidenceLevel;
  readonly sections: readonly ReportSection[];
  readonly trail: readonly TrailRow[];
  readonly vouchers: readonly Voucher[];
  readonly notChecked: readonly NotCheckedId[];
  readonly facts: ReportFacts;
}

/** Who runs the services the proof leans on; known to the operator, not told by the file. */
export interface Operation {
  readonly certificates: 'self-operated';
  readonly timestamps: 'self-operated' | 'other-operator';
}

export interface ReportFinding {
  readonly id: FindingId;
  readonly status: Status;
  readonly subIndication?: SubIndication;
  readonly params?: Readonly<Record<string, string>>;
  readonly text: { readonly zh: string; readonly en: string };
}

export interface ReportSection {
  readonly id: SectionId;
  /** The worst of its findings. */
  readonly status: Status;
  readonly findings: readonly ReportFinding[];
}

/** What the letter says, as far as a third party needs it. */
export interface Statement {
  /** True when integrity, identity and scope passed: the subject signed exactly this. */
  readonly proven: boolean;
  readonly letterNumber: string;
  readonly businessReference: string;
  readonly language: Terms['language'];
  readonly institution: { readonly name: string; readonly creditCode: string };
  /** Masked. */
  readonly subject: Terms['subject'];
  readonly purpose: Terms['purpose'];
  /** The purpose and the data in plain words, in the letter's language. */
  readonly plain: { readonly purpose: string; readonly data: string };
  /** What is granted: everything necessary, and of the rest what was accepted at signing. */
  readonly items: readonly string[];
  readonly sources: readonly string[];
  readonly recipients: readonly string[];
  /** Optional items and third-party recipients that were refused at signing. */
  readonly refused: readonly string[];
  /** The same where the file does not hold the choice: a letter without its bundle. */
  readonly undecided: readonly string[];
  readonly from: string;
  readonly end: Terms['end'];
  readonly uses: Terms['uses'];
  /** genTime of the signature timestamp; absent when there is none that proves anything. */
  readonly signedAt?: string;
}

export type LevelReason =
  | 'operator-word'
  | 'browser-key'
  | 'software-key'
  | 'sms-not-independent'
  | 'no-identity-provider'
  | 'identity-key-missing'
  | 'identity-compared'
  | 'identity-present'
  | 'identity-asserted'
  | 'no-enrolled-passkey'
  | 'passkey-enrolment-not-shown'
  | 'not-established';

/** E1–E4 as computed from the file, null when identity or intent is not established at all. */
export interface EvidenceLevel {
  readonly level: 'E1' | 'E2' | 'E3' | null;
  readonly reasons: readonly LevelReason[];
}

export interface TrailRow {
  readonly version: number;
  readonly type: EventType;
  readonly at: string;
  readonly by: string;
  readonly digest: string;
}

export type VoucherId =
  | 'content'
  | 'time'
  | 'key-holder'
  | 'personal-details'
  | 'gate-last-six'
  | 'gate-institution'
  | 'code'
  | 'passkey'
  | 'identity-provider'
  | 'identity-institution'
  | 'identity-simulated'
  | 'key-origin'
  | 'shown'
  | 'ledger';

/** One statement and whose word it is; only for claims that passed. */
export interface Voucher {
  readonly id: VoucherId;
  /** The party by name, where the file names one. */
  readonly name?: string;
}

export interface ReportTimestamp {
  /** RFC 3339, UTC, milliseconds. */
  readonly genTime: string;
  readonly accuracyMilliseconds?: number;
  readonly policy: string;
  readonly serial: string;
  readonly authority?: CertificateFacts;
}

/** For recomputation: `Facts` without personal data. */
export interface ReportFacts extends Omit<
  Facts,
  'terms' | 'trail' | 'timestamp' | 'seal' | 'authorization'
> {
  readonly authorization?: Omit<NonNullable<Facts['authorization']>, 'measures'> & {
    readonly measures: readonly (Measure | string)[];
  };
  readonly timestamp?: ReportTimestamp;
  readonly seal?: { readonly certificate: CertificateFacts; readonly timestamp?: ReportTimestamp };
}
