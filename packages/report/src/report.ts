import type { EventType, Measure } from '@mandate/core';
import type { SubIndication } from '@mandate/pki';
import type { Terms } from '@mandate/terms';
import type {
  CertificateFacts,
  Claim,
  ClaimResult,
  Facts,
  FindingId,
  LaterFact,
  LaterFacts,
  NotCheckedId,
  Status,
  Verification,
} from '@mandate/verify';
import type { CourtPointId, SignatureLimbId } from './legal-points.js';
import type { SectionId } from './sections.js';

/**
 * A verification told to people who were not there. Everything in it follows from one `Verification`;
 * names and numbers of the subject are masked, the salt of the terms is left out. Same arguments of
 * `makeReport`, same object, same bytes.
 */
export interface Report {
  readonly format: 'mandate-report/v1';
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly madeAt: string;
  /** Origin of the operator's site, where anchors are published. */
  readonly publicUrl: string;
  /** Programs that made the verification, by name. */
  readonly tools: Readonly<Record<string, string>>;
  readonly operation: Operation;
  /** Who asked for it. */
  readonly applicant: Applicant;
  readonly input: Verification['input'];
  /** What was handed in and what it was held against, each by its SHA-256. */
  readonly materials: readonly Material[];
  readonly basis: readonly BasisId[];
  /** The moment the file was judged for. */
  readonly judgedAt: string;
  readonly verdict: Verification['verdict'];
  /** Why the verdict is not TOTAL-PASSED: the finding that decided it. */
  readonly reason?: ReportFinding;
  /** The same for a reader without the trade's words. */
  readonly plainReason?: PlainReason;
  readonly integrity: Verification['integrity'];
  readonly claims: Readonly<Record<Claim, ClaimResult>>;
  readonly statement?: Statement;
  readonly evidenceLevel: EvidenceLevel;
  readonly sections: readonly ReportSection[];
  readonly timeline: readonly TimelinePoint[];
  readonly trail: readonly TrailRow[];
  /** What happened after signing, as the file tells it; absent when it tells nothing. */
  readonly later?: ReportLater;
  readonly usable: Usable;
  readonly courtPoints: readonly LegalPoint<CourtPointId>[];
  readonly signatureLimbs: readonly LegalPoint<SignatureLimbId>[];
  /** The list of evidence; on which page of the paper each is dealt with, the paper says. */
  readonly evidence: readonly EvidenceItem[];
  readonly vouchers: readonly Voucher[];
  readonly notChecked: readonly NotCheckedId[];
  readonly facts: ReportFacts;
}

/** Who runs the services the proof leans on; known to the operator, not told by the file. */
export interface Operation {
  readonly certificates: 'self-operated';
  readonly timestamps: 'self-operated' | 'other-operator';
}

export type Applicant = 'institution' | 'subject' | 'desk' | 'not-named';

export interface Material {
  readonly id: 'bundle' | 'file' | 'letter' | 'signed-letter' | AnchorId;
  /** SHA-256, hex; of a ledger's key the key itself, as it is published. */
  readonly digest: string;
  /** Bytes. */
  readonly size?: number;
}
/** Trust anchors by purpose. */
export type AnchorId = 'anchor-scene' | 'anchor-seal' | 'anchor-timestamp' | 'anchor-ledger';

/** Laws and standards a report rests on; the words of the paper name them in full. */
export const BASIS = [
  'signature-law',
  'internet-courts',
  'online-litigation',
  'jr-0299',
  'etsi-319102',
  'etsi-319142',
  'etsi-119102',
  'rfc-3161',
  'rfc-5280',
  'tlog',
] as const;
export type BasisId = (typeof BASIS)[number];

export interface PlainReason {
  readonly claim: Claim;
  /** Contradicted; otherwise only not shown. */
  readonly broken: boolean;
}

/** A point of law, the findings that answer it, and the worst of them. */
export interface LegalPoint<Id extends string = string> {
  readonly id: Id;
  readonly status: Status;
  readonly findings: readonly FindingId[];
}

export interface TimelinePoint {
  readonly what:
    | EventType
    | 'code-delivered'
    | 'code-not-delivered'
    | 'signature-stamped'
    | 'status-answered'
    | 'bundle-sealed'
    | 'in-ledger'
    | 'archived';
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** Whose word the moment is. */
  readonly by: 'operator' | 'timestamp';
}

/** Whether the authorization can still be used, and why that is known or not. */
export interface Usable {
  readonly answer: 'yes' | 'no' | 'not-told';
  readonly reason:
    | 'open'
    | 'not-told'
    | 'not-established'
    | 'not-begun'
    | 'ended'
    | 'withdrawn'
    | 'on-hold'
    | 'used-up'
    | 'upheld'
    | 'restricted';
  /** RFC 3339: since when, or as of when. */
  readonly at?: string;
}

/** The state after signing as the operator stated it, and the receipts it rests on. */
export interface ReportLater {
  readonly generation: number;
  /** RFC 3339. */
  readonly asOf: string;
  readonly uses: {
    readonly allowed: number;
    readonly per: 'month' | 'quarter' | 'year' | null;
    readonly counted: number;
    readonly reserved: number;
  };
  readonly withdrawn: boolean;
  readonly hold: 'none' | 'open' | 'upheld';
  readonly ended: boolean;
  readonly restricted: boolean;
  readonly facts: readonly LaterRow[];
  readonly accesses: readonly {
    readonly at: string;
    readonly actor: string;
    readonly purpose: string;
  }[];
  /** Of the passkey that answered, where the ledger's proof of its registration holds. */
  readonly registration?: LaterFacts['registration'];
}

export interface LaterRow {
  readonly id: string;
  readonly kind: LaterKind;
  /** RFC 3339. */
  readonly at: string;
  /** Who used, received or asked for it, by name where the letter names it. */
  readonly who?: string;
  readonly source?: string;
  readonly items?: readonly string[];
  /** How a dispute ended, or by which event. */
  readonly outcome?: string;
  /** A use that was given back counts no more. */
  readonly counts?: boolean;
  /** Set aside and neither confirmed nor given back: no use yet. */
  readonly reserved?: true;
  /** Of a recurring use, as its fact names it: `2026-11`, `2026-Q4`, `2026`. */
  readonly period?: string;
  /** `kindDigest('receipt', fact)`, hex. */
  readonly digest: string;
  /** Its entry's place in the ledger. */
  readonly index?: number;
  /** The receipt is signed under a key the verifier trusts. */
  readonly receipt: 'verified' | 'not-checked';
}
export type LaterKind = LaterFact['kind'];

export const EVIDENCE = [
  'signed-letter',
  'certificate',
  'token',
  'status',
  'presentation',
  'code-record',
  'delivery',
  'passkey',
  'identity',
  'possession',
  'trail',
  'template',
  'builds',
  'seal',
  'ledger-proof',
  'later',
  'bundle',
] as const;
export type EvidenceId = (typeof EVIDENCE)[number];

export interface EvidenceItem {
  readonly id: EvidenceId;
  /** Name of the part in the bundle, or of the file. */
  readonly name: string;
  /** SHA-256, hex. */
  readonly digest?: string;
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
  | 'passkey-enrolled-before'
  | 'passkey-person-not-shown'
  | 'not-established';

/** E1–E4 as computed from the file, null when identity or intent is not established at all. */
export interface EvidenceLevel {
  readonly level: 'E1' | 'E2' | 'E3' | 'E4' | null;
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
  | 'ledger'
  | 'ledger-witnessed';

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
  'terms' | 'trail' | 'timestamp' | 'seal' | 'authorization' | 'later'
> {
  readonly authorization?: Omit<NonNullable<Facts['authorization']>, 'measures'> & {
    readonly measures: readonly (Measure | string)[];
  };
  readonly timestamp?: ReportTimestamp;
  readonly seal?: { readonly certificate: CertificateFacts; readonly timestamp?: ReportTimestamp };
}
