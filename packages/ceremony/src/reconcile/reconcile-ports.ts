import type { TemplateRow, TemplateVoteRow } from '../ports/template.js';
import type {
  ArchiveRow,
  AttemptRow,
  AuthorizationRow,
  ChallengeRow,
  ConfirmationRow,
  Institution,
} from '../ports.js';
import type { GrantRight, SignInMeans } from '@mandate/core';
import type { AgreementRow, KeptAgreement } from '../desk/agreement-ports.js';
import type {
  GrantApprovalRow,
  GrantRow,
  HoldVoteRow,
  OrderRow,
  ReportActRow,
  SealRow,
} from '../desk/case-ports.js';
import type { DrawnItem } from '../samples/draw-sample.js';
import type { SampleRow } from '../samples/sample-ports.js';
import type { ProposedOutcome } from '../desk/hold-votes.js';
import type { GenerationRow } from '../ports/generation.js';
import type { IdImageRow } from '../ports/id-image.js';
import type { PasskeyRow } from '../ports/passkey.js';
import type { ErasureRow, ReleaseRow, RestrictionRow } from '../ports/privacy.js';
import type { ReceiptRow } from '../ports/receipt.js';
import type { EndRow, HoldRow, WithdrawalRow } from '../ports/stop.js';
import type { RedemptionRow } from '../ports/use.js';
import type { RecordProblem } from './record-problem.js';

/** An event as it is stored, nothing of it believed. */
export interface StoredEvent {
  readonly version: number;
  readonly type: string;
  readonly body: string;
  readonly previous: string;
  readonly digest: string;
}

/** Rows of one authorization, by table. */
export interface AuthorizationRows {
  readonly events: readonly StoredEvent[];
  /** Without the boxes. */
  readonly personalData: readonly { readonly field: string }[];
  readonly dataKeys: readonly {
    readonly wrapped: Uint8Array | null;
    readonly shreddedAt: Date | null;
  }[];
  readonly accessEntries: readonly {
    readonly ordinal: number;
    readonly id: string;
    readonly body: string;
    readonly digest: string;
  }[];
  readonly challenges: readonly ChallengeRow[];
  readonly confirmations: readonly ConfirmationRow[];
  readonly attempts: readonly (AttemptRow & {
    readonly voidedAt: Date | null;
    readonly voidReason: string | null;
  })[];
  readonly archives: readonly ArchiveRow[];
  readonly bundleGenerations: readonly GenerationRow[];
  readonly scopes: readonly {
    readonly digest: string;
    readonly purpose: string;
    readonly items: readonly string[];
    readonly sources: readonly string[];
    readonly recipients: readonly string[];
    readonly fromAt: Date;
    readonly endAt: Date;
    readonly endEvent: string | null;
    readonly maxUses: number;
    readonly per: string | null;
  }[];
  readonly redemptions: readonly RedemptionRow[];
  readonly withdrawals: readonly WithdrawalRow[];
  readonly holds: readonly HoldRow[];
  readonly ends: readonly EndRow[];
  readonly subjectReleases: readonly ReleaseRow[];
  readonly restrictions: readonly RestrictionRow[];
  readonly erasures: readonly ErasureRow[];
  /** Without the boxes. */
  readonly idImages: readonly IdImageRow[];
  readonly passkeys: readonly PasskeyRow[];
  readonly subjectIndex: readonly object[];
  readonly inclusionProofs: readonly { readonly proof: string }[];
}

/** Some authorizations and everything that hangs on them. */
export interface RecordPage {
  readonly authorizations: readonly AuthorizationRow[];
  institution(id: string): Institution | undefined;
  rows(authorizationId: string): AuthorizationRows;
}

/** The whole record as it stood at one moment, read in pages; nothing is written. */
export interface RecordReader {
  /** The next authorizations after `after`, by id; none at the end. */
  page(after: string, limit: number): Promise<RecordPage>;
  /** By the key under which they were queued. `placed`: as it stands in the tree, null while it waits. */
  entries(
    dedupes: readonly string[],
  ): Promise<
    readonly { readonly dedupe: string; readonly entry: string; readonly placed: string | null }[]
  >;
  /** Leaves `first …` of the tree. */
  leaves(
    first: number,
    count: number,
  ): Promise<readonly { readonly index: number; readonly entry: string }[]>;
  /** Signed heads with `after < size ≤ until`. */
  heads(
    after: number,
    until: number,
  ): Promise<
    readonly { readonly size: number; readonly root: Uint8Array; readonly note: string }[]
  >;
  /** Those nodes that the record has otherwise or not at all, as `level/index`. */
  otherNodes(
    nodes: readonly { readonly level: number; readonly index: number; readonly hash: Uint8Array }[],
  ): Promise<readonly string[]>;
  /** What the ledger says of its own length. */
  lengths(): Promise<{
    readonly head: number;
    readonly newest: number;
    readonly published: number;
  }>;
  /** Where letters stand in the tree. */
  places(
    authorizationIds: readonly string[],
  ): Promise<
    readonly { readonly id: string; readonly entry: string; readonly index: number | null }[]
  >;
  receipts(factIds: readonly string[]): Promise<readonly ReceiptRow[]>;
  /** Published versions of templates. */
  templates(): Promise<
    readonly { readonly name: string; readonly body: string; readonly digest: string }[]
  >;
  templateRecords(): AsyncIterable<{ readonly digest: string; readonly body: string }>;
  /** Searches and refusals at the desk, person by person, each person's in order. */
  deskRegister(): AsyncIterable<DeskRegisterRow>;
  deskCases(): AsyncIterable<DeskCaseRows>;
  /** Entries of the access registers for cases, and what they rest on. */
  deskOpenings(): AsyncIterable<DeskOpeningRows>;
  /** Whether anything was opened under them or not. */
  deskGrants(): AsyncIterable<DeskGrantRows>;
  /** The register of changes of accounts, in its order. */
  deskChanges(): AsyncIterable<{ readonly number: number; readonly body: string }>;
  deskSessions(): AsyncIterable<DeskSessionRow>;
  /** Answers that agreed to something. */
  deskWords(): AsyncIterable<DeskWordRow>;
  /** Of what was done at the desk, what the ledger has an entry of; of each one member, of what stands there still. */
  deskFacts(): AsyncIterable<DeskFactRows>;
  /** Versions that somebody of the desk approved, waived a finding of or retired, and what was said of them. */
  deskTemplates(): AsyncIterable<DeskTemplateRows>;
  deskSeals(): AsyncIterable<SealRow & { readonly mac: Uint8Array | null }>;
  /** What people's authenticators answered, by the ids of the agreements. */
  deskAgreements(ids: readonly string[]): Promise<ReadonlyMap<string, KeptAgreement>>;
  /** Since when agreeing takes somebody's own word; before, it was a click. */
  agreementsSince(): Promise<Date>;
  /** Migrations dated later than the first row that only their rules let in. */
  misdated(): Promise<readonly string[]>;
  /** Disputes that ended since votes are entered, and the votes. */
  deskDisputes(): AsyncIterable<DeskDisputeRows>;
  /** Reports that ended at the desk since role vault enters what they are, and numbers it entered one under. */
  deskReports(): AsyncIterable<DeskReportRows>;
  /** Anchors of the access registers, and the digests of the entries each covers, in the order of their ids. */
  anchors(): AsyncIterable<{
    readonly number: number;
    readonly openings: number;
    readonly digest: string;
    readonly madeAt: Date;
    digests(): Promise<readonly string[]>;
  }>;
  /** Rows that nothing explains, at most so many of each kind. */
  strays(most: number): Promise<readonly RecordProblem[]>;
  /** Names of the objects that rows name, in the order of their bytes. */
  objectNames(): AsyncIterable<NamedObject>;
}

export interface DeskRegisterRow {
  readonly staff: string;
  readonly ordinal: number;
  readonly id: string;
  readonly body: string;
  readonly digest: string;
}

/** A case, what it is about, and its events in their order. */
export interface DeskCaseRows {
  readonly id: string;
  readonly institutionId: string;
  readonly openedBy: string;
  readonly receivedAt: Date;
  readonly dueAt: Date;
  readonly step: string;
  readonly version: number;
  readonly head: string;
  /** Sorted. */
  readonly authorizations: readonly string[];
  readonly events: readonly {
    readonly version: number;
    readonly body: string;
    readonly digest: string;
    readonly mac: Uint8Array;
    /** SHA-256 of the sealed text. */
    readonly box: string | null;
  }[];
}

/** A grant, who agreed to it, and what was ordered under it. */
export interface DeskGrantRows {
  readonly grant: GrantRow;
  /** What its case is about, sorted. */
  readonly authorizations: readonly string[];
  readonly approvals: readonly GrantApprovalRow[];
  readonly orders: readonly (OrderRow & { readonly authorizations: readonly string[] })[];
}

/** What the ledger has an entry of, as it stands now. */
export interface DeskFactRows {
  /** `deskFactKey`. */
  readonly dedupe: string;
  readonly change: { readonly number: number; readonly digest: string; readonly at: Date } | null;
  /** `revoked`: null where it is not. */
  readonly grant: {
    readonly id: string;
    readonly revoked: { readonly by: string; readonly at: Date } | null;
  } | null;
  /** Its newest event; `over`: closed or rejected. */
  readonly ended: {
    readonly caseId: string;
    readonly over: boolean;
    readonly digest: string;
    readonly at: Date;
  } | null;
  /** A court's seal; `at` null: lifted no more. */
  readonly lifted: { readonly id: string; readonly at: Date | null } | null;
  /** `head`: the first published one that covers the entry. */
  readonly sample: {
    readonly row: SampleRow;
    readonly head: { readonly size: number; readonly note: string } | null;
    /** What was drawn, by ordinals. */
    readonly items: readonly (DrawnItem & { readonly ordinal: number })[];
    /** What there is to draw from now, as `SampleRecord.population`. */
    readonly population: () => AsyncIterable<readonly DrawnItem[]>;
  } | null;
}

/** A session of the desk, whether it has ended or not. */
export interface DeskSessionRow {
  readonly id: string;
  readonly staffId: string;
  readonly means: SignInMeans;
  readonly openedAt: Date;
  readonly endsAt: Date;
}

/** Somebody's answer by which they agreed, as the row is: nothing of it was looked at. */
export interface DeskWordRow extends AgreementRow {
  readonly answeredAt: Date;
}

/** A dispute that has ended. */
export interface DeskDisputeRows {
  readonly hold: ProposedOutcome;
  readonly resolvedBy: string;
  readonly votes: readonly HoldVoteRow[];
}

/** A report of the desk as its own rows have it, and what role vault entered. */
export interface DeskReportRows {
  readonly reportId: string;
  /** Null, as all of its row: its number stands in none. */
  readonly state: 'waiting' | 'done' | 'refused' | null;
  readonly authorizationId: string | null;
  readonly madeAt: Date | null;
  readonly facts: string | null;
  readonly indication: string | null;
  readonly subIndication: string | null;
  /** A job with an order it was entered under wants a report on its authorization, under whatever number. */
  readonly wanted: boolean;
  /** SHA-256 by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly acts: readonly ReportActRow[];
}

/** A template version with the words it rests on. */
export interface DeskTemplateRows extends Pick<
  TemplateRow,
  'id' | 'version' | 'digest' | 'lintPack' | 'assessment' | 'approver' | 'publishedAt' | 'retiredAt'
> {
  /** JSON text, as the row has it. */
  readonly waivers: string;
  readonly retiredBy: string | null;
  readonly laterWaivers: TemplateRow['laterWaivers'];
  readonly votes: readonly TemplateVoteRow[];
  /** What is older has no words. */
  readonly since: Date;
}

/** One opening for a case. Grant and order are null where they are gone. */
export interface DeskOpeningRows {
  readonly id: string;
  readonly digest: string;
  readonly letter: string;
  /** Whose letter it is. */
  readonly institutionId: string;
  readonly said: {
    readonly at: string;
    readonly actor: string;
    readonly case: string;
    readonly grant: string;
    readonly right: GrantRight;
    readonly agreed: string;
    readonly session?: string;
    readonly order?: string;
  };
  /** Whether the authorization is one the grant's case is about. */
  readonly ofCase: boolean;
  /** When the grant was taken back, and its case ended; null: not. */
  readonly revokedAt: Date | null;
  readonly overAt: Date | null;
  readonly grant: GrantRow | null;
  readonly approvals: readonly GrantApprovalRow[];
  readonly order: (OrderRow & { readonly authorizations: readonly string[] }) | null;
}

/** An object that the record names. */
export interface NamedObject {
  readonly name: string;
  /** Bytes; null: not known. */
  readonly size: number | null;
  /** SHA-256 of its bytes; null: not known, or part of its name. */
  readonly digest: string | null;
}
