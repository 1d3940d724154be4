import type {
  AccessPurpose,
  CaseKind,
  CaseStep,
  CaseTrailEntry,
  GrantRight,
  ReportSaid,
} from '@mandate/core';
import type { HoldRow } from '../ports/stop.js';
import type { DeskFact } from './desk-facts.js';

export interface CaseRow {
  readonly id: string;
  /** For people: C-2026-000123. */
  readonly number: string;
  readonly kind: CaseKind;
  readonly institutionId: string;
  readonly holdId: string | null;
  readonly openedBy: string;
  /** Terms run from here. */
  readonly receivedAt: Date;
  readonly openedAt: Date;
  readonly dueAt: Date;
  /** The last time. */
  readonly extendedAt: Date | null;
  readonly extensions: number;
  readonly step: CaseStep;
  readonly version: number;
  readonly head: string;
}

export interface CaseClock {
  readonly days: number;
  readonly extensionDays: number;
  /** A second time; 0: only once. */
  readonly secondExtensionDays: number;
  /** Somebody else decides: taken in by staff, never refused. */
  readonly received: boolean;
  /** Rule and article: of the term, or of the duty alone. */
  readonly basis: string;
  /** The days are the operator's own. */
  readonly ownTarget: boolean;
  /** Whoever asks may name the day. */
  readonly ownDate: boolean;
  /** False: of this kind no more cases are opened. */
  readonly offered: boolean;
}

/** One thing done in a case. */
export interface CaseEvent {
  readonly case: string;
  readonly version: number;
  readonly type: CaseTrailEntry['type'];
  readonly step: CaseStep;
  readonly by: string;
  readonly at: string;
  readonly previous: string;
  /** Of `staff:…`: what role vault knew them by. */
  readonly session?: string;
  /** SHA-256 of the sealed texts. */
  readonly box?: string;
  /** `case_authorizations_digest`, with `opened`. */
  readonly authorizations?: string;
  /** Whose they are, with `opened`; events of before do not say. */
  readonly institution?: string;
  /** RFC 3339 with milliseconds, with `opened`. Cases from before have none: they begin with their opening. */
  readonly received?: string;
  /** The same, with `opened` and `extended`. */
  readonly due?: string;
}

/** What a case is about, and the first of its events, which says so. */
export interface CaseList {
  readonly authorizations: readonly string[];
  readonly opened: Pick<WrittenCaseEvent, 'body' | 'digest' | 'mac'>;
}

/** With the canonical text that its digest is over, and role vault's code. */
export interface WrittenCaseEvent extends CaseEvent {
  readonly body: string;
  readonly digest: string;
  readonly mac: Uint8Array;
}

/** Role vault: cases are written behind the door. */
export interface CaseDoorRecord {
  caseClock(kind: CaseKind): Promise<CaseClock>;
  nextCaseNumber(year: number): Promise<string>;
  /** Institutions of these authorizations, each once; null when one of them does not exist. */
  institutionsOf(authorizationIds: readonly string[]): Promise<readonly string[] | null>;
  caseFor(id: string): Promise<CaseRow | null>;
  /** Null: no such case. */
  caseList(id: string): Promise<CaseList | null>;
  caseByRequest(institutionId: string, requestKey: string): Promise<string | null>;
  /** Throws `case-open` when the dispute has its case, `illegal-transition`. */
  addCase(p: {
    row: CaseRow;
    requestKey?: string;
    authorizations: readonly string[];
    event: WrittenCaseEvent;
    box: Uint8Array | null;
    wrapped: Uint8Array;
  }): Promise<void>;
  /** `ended`: with the step that ends it. Throws `version-conflict` when somebody was faster, `illegal-transition`. */
  moveCase(
    seen: CaseRow,
    next: Pick<CaseRow, 'step' | 'version' | 'head' | 'dueAt' | 'extendedAt' | 'extensions'>,
    event: WrittenCaseEvent,
    box: Uint8Array | null,
    ended: DeskFact | null,
  ): Promise<void>;
  /** Null: the case's key was destroyed. */
  caseKey(id: string): Promise<Uint8Array | null>;
  caseTrail(id: string): Promise<readonly (WrittenCaseEvent & { sealed: Uint8Array | null })[]>;
  caseKeptUntil(id: string): Promise<Date | null>;
  /** Open disputes of subjects without a case. */
  disputesWithoutCase(
    limit: number,
  ): Promise<readonly { id: string; authorizationId: string; institutionId: string }[]>;
  sweepCaseKeys(at: Date): Promise<number>;
  holdFor(id: string): Promise<DisputeRow | null>;
  /** Proposing votes with that digest. */
  proposals(holdId: string, proposal: string): Promise<readonly HoldVoteRow[]>;
  /** Throws `illegal-transition`. */
  addVote(row: HoldVoteRow): Promise<void>;
  addSeal(
    row: Pick<SealRow, 'id' | 'caseId' | 'legalBasis' | 'until' | 'askedBy' | 'askedAt'> & {
      askedSession: string;
    },
  ): Promise<void>;
  seal(id: string): Promise<SealRow | null>;
  /** Throws `illegal-transition`; false: approved or lifted already. */
  approveSeal(p: {
    id: string;
    by: string;
    session: string;
    agreement: string;
    at: Date;
    mac: Uint8Array;
  }): Promise<boolean>;
  /** With its entry for the ledger. False: lifted already. */
  liftSeal(p: { id: string; by: string; at: Date; entered: DeskFact }): Promise<boolean>;
}

/** A dispute as far as it matters to who decides it. */
export interface DisputeRow extends Pick<
  HoldRow,
  | 'id'
  | 'authorizationId'
  | 'openedAt'
  | 'outcome'
  | 'proposedBy'
  | 'proposedAt'
  | 'grounds'
  | 'resolvedAt'
> {
  readonly institutionId: string;
}

export interface HoldVoteRow {
  readonly holdId: string;
  readonly act: 'propose' | 'approve';
  readonly outcome: 'upheld' | 'rejected' | 'retracted';
  /** `holdProposal`: what they propose or agree with. */
  readonly proposal: string;
  readonly staffId: string;
  readonly sessionId: string;
  readonly at: Date;
  /** The approver's own word; null for a proposal, or from before there were agreements. */
  readonly agreementId: string | null;
  readonly mac: Uint8Array;
}

export interface SealRow {
  readonly id: string;
  readonly caseId: string;
  readonly legalBasis: string;
  readonly until: Date;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly approvedBy: string | null;
  readonly approvedSession: string | null;
  readonly approvedAt: Date | null;
  readonly agreementId: string | null;
  readonly liftedAt: Date | null;
}

export interface GrantRow {
  readonly id: string;
  readonly caseId: string;
  readonly requester: string;
  readonly sessionId: string;
  readonly legalBasis: string;
  readonly reason: string;
  readonly rights: readonly GrantRight[];
  readonly breakGlass: boolean;
  readonly askedAt: Date;
  readonly hours: number;
}

export interface GrantApprovalRow {
  readonly staffId: string;
  readonly sessionId: string;
  readonly role: 'approver' | 'custodian';
  readonly at: Date;
  /** The approver's own word; null: from before there were agreements, counts no more. */
  readonly agreementId: string | null;
  readonly mac: Uint8Array;
}

export interface GrantStanding extends GrantRow {
  readonly caseNumber: string;
  /** Authorizations of its case. */
  readonly letters: number;
  readonly revokedAt: Date | null;
  /** In their order. */
  readonly approvals: readonly GrantApprovalRow[];
  readonly goodFrom: Date | null;
  readonly goodUntil: Date | null;
}

/** Why a grant opens nothing now: as the database says it, or because a code over an approval does not hold. */
export type GrantRefusal =
  | 'grant-unknown'
  | 'account-closed'
  | 'grant-revoked'
  | 'case-closed'
  | 'grant-unapproved'
  | 'grant-expired'
  | 'right-missing'
  | 'grant-altered';

export interface OrderRow {
  readonly id: string;
  readonly grantId: string;
  readonly requester: string;
  readonly sessionId: string;
  readonly openedFor: 'view' | 'download';
  readonly madeAt: Date;
  readonly mac: Uint8Array;
}

/** An opening for a case, as the access register has it. */
export interface CaseOpening {
  readonly id: string;
  readonly authorizationId: string;
  readonly purpose: Extract<AccessPurpose, 'case'>;
  readonly actor: string;
  readonly at: Date;
  readonly caseId: string;
  readonly grant: string;
  readonly right: GrantRight;
  /** Digest of the grant and who had agreed to it, as what. */
  readonly agreed: string;
  /** In which session, or by which order. */
  readonly within: { readonly session: string } | { readonly order: string };
}

/** Role vault: who may open whose data for a case, and that it was opened. */
export interface GrantDoorRecord {
  /** Throws `illegal-transition` where the database refuses person or case. */
  addGrant(row: GrantRow): Promise<void>;
  /** Throws `illegal-transition`. Who has agreed has agreed. */
  approve(grantId: string, row: GrantApprovalRow): Promise<void>;
  /** False: it was taken back already. */
  revoke(p: { grantId: string; by: string; at: Date; entered: DeskFact }): Promise<boolean>;
  grant(id: string, at: Date): Promise<GrantStanding | null>;
  grantRefusal(p: {
    grantId: string;
    staffId: string;
    authorizationId: string;
    right: GrantRight;
    at: Date;
  }): Promise<GrantRefusal | null>;
  /** False: somebody was faster with the same `requestKey`. Throws `illegal-transition`. */
  addOrder(
    row: OrderRow & { readonly requestKey: string | null },
    authorizations: readonly string[],
  ): Promise<boolean>;
  /** The order that was given with that key. */
  orderAsked(requestKey: string): Promise<string | null>;
  order(id: string): Promise<(OrderRow & { authorizations: readonly string[] }) | null>;
  /** Register and ledger queue, in one transaction. `entry` makes the ledger's bytes of the register's digest. */
  recordOpening(
    opening: CaseOpening,
    entry: (fact: string, letter: string) => string,
  ): Promise<void>;
  /** Where the opening's entry is to be in the tree; null: not there yet. */
  openingLeaf(accessId: string): Promise<number | null>;
  /** How often an authorization was opened under an order. */
  openingsUnder(orderId: string, authorizationId: string): Promise<number>;
  /** An opening under an order; null where the register has none of that id. */
  orderOpening(
    accessId: string,
  ): Promise<{ order: string; authorizationId: string; at: Date } | null>;
  reportAct(reportId: string, act: ReportActRow['act']): Promise<ReportActRow | null>;
  /** False: that was said already. Throws `illegal-transition`. */
  addReportAct(row: ReportActRow): Promise<boolean>;
}

/** What was said of a report at the desk, as role vault entered it. */
export interface ReportActRow {
  readonly reportId: string;
  readonly act: ReportSaid['act'];
  readonly authorizationId: string;
  readonly orderId: string;
  readonly accessId: string;
  /** Canonical JSON of the rest of `ReportSaid`. */
  readonly said: string;
  readonly at: Date;
  readonly mac: Uint8Array;
}

/** Where an authorization stands, for whoever works on its case: what ended or stopped it, why, and since when. */
export interface AuthorizationStanding {
  readonly authorizationId: string;
  readonly letterNumber: string;
  readonly state: string;
  readonly withdrawn: { readonly by: string; readonly at: Date } | null;
  readonly hold: {
    readonly id: string;
    readonly by: string;
    readonly reason: string;
    readonly openedAt: Date;
    readonly outcome: string | null;
    readonly resolvedAt: Date | null;
  } | null;
  readonly restricted: { readonly why: string; readonly at: Date } | null;
  readonly erasedAt: Date | null;
}

/** What somebody proposed for a dispute. */
export interface WaitingOutcome {
  readonly holdId: string;
  readonly caseId: string;
  readonly caseNumber: string;
  readonly institutionId: string;
  readonly outcome: HoldVoteRow['outcome'];
  /** `desk:stf_…`, or `institution:ins_…`. */
  readonly proposedBy: string;
  readonly proposedAt: Date;
}

/** Role desk: reads cases, writes none. */
export interface CaseRecord {
  caseClock(kind: CaseKind): Promise<CaseClock>;
  case(id: string): Promise<CaseRow | null>;
  /** Sorted by id. */
  caseAuthorizations(id: string): Promise<readonly string[]>;
  standings(authorizationIds: readonly string[]): Promise<readonly AuthorizationStanding[]>;
  /** Open ones, soonest due first; or those that are over, newest first; `institutionId` limits to one institution. */
  listCases(p: {
    state: 'open' | 'over';
    institutionId?: string | undefined;
    after?: { dueAt: Date; id: string } | undefined;
    limit: number;
  }): Promise<readonly CaseRow[]>;
  /** Null: no case has that number; with `institutionId`, none of that institution's. */
  caseNumbered(number: string, institutionId?: string): Promise<CaseRow | null>;
  /** Newest first, closed ones too. */
  casesOf(authorizationId: string): Promise<readonly CaseRow[]>;
  grantsOf(caseId: string, at: Date): Promise<readonly GrantStanding[]>;
  /** One more may be told to agree: grants that somebody's approval is missing to, oldest first. */
  waitingGrants(p: {
    institutionId?: string | undefined;
    at: Date;
    limit: number;
  }): Promise<readonly GrantStanding[]>;
  /** Where the glass was broken since that moment, newest first, and how often it opened something. */
  brokenGlass(p: {
    institutionId?: string | undefined;
    since: Date;
    at: Date;
    limit: number;
  }): Promise<readonly (GrantStanding & { readonly openings: number })[]>;
  sealsOf(caseId: string): Promise<readonly SealRow[]>;
  /** Of each grant, dispute, seal or template that was agreed to: its institution, and its case if it has one. */
  agreedAbout(subjects: readonly string[]): Promise<
    ReadonlyMap<
      string,
      {
        readonly institutionId: string;
        readonly caseId: string | null;
        readonly caseNumber: string | null;
      }
    >
  >;
  /** How disputes are to end, which nobody has agreed to, in cases that go on; oldest first. */
  waitingOutcomes(p: {
    institutionId?: string | undefined;
    limit: number;
  }): Promise<readonly WaitingOutcome[]>;
  /** Seals that were asked for and nobody has agreed to, while they can be; oldest first. */
  waitingSeals(p: {
    institutionId?: string | undefined;
    at: Date;
    limit: number;
  }): Promise<readonly (SealRow & { readonly caseNumber: string })[]>;
  staffNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
