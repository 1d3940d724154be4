import type { CaseKind, CaseStep, GrantRight } from '../desk.js';
import type { AgreementProof } from './agreements.js';

/**
 * What was said in a case. Personal data: under a key of the case's own that role vault keeps and destroys with the
 * case's retention. Each text at most 4,000 characters, `documents` at most 50 of 200.
 */
export interface CaseTexts {
  /** Who asks, and how they are reached. */
  readonly applicant?: string | undefined;
  /** By what right: the person concerned, somebody they empowered, a court. */
  readonly standing?: string | undefined;
  /** What was handed in, one each. */
  readonly documents?: readonly string[] | undefined;
  readonly legalBasis?: string | undefined;
  /** What is to be found out, and from which data. */
  readonly scope?: string | undefined;
  readonly note?: string | undefined;
  /** What was decided, and why. */
  readonly decision?: string | undefined;
}

export interface NewCase {
  readonly kind: CaseKind;
  /** 1 to 1,000, of one institution; fixed from here on. */
  readonly authorizations: readonly string[];
  /** Open dispute over one of them. */
  readonly dispute?: string;
  /**
   * RFC 3339: when it was received, at most 366 days ago; terms run from here. Without it: when the subject opened the
   * dispute, or now.
   */
  readonly receivedAt?: string;
  /** RFC 3339, at most 366 days ahead: the day that whoever asks has set, where the kind knows that. */
  readonly dueAt?: string;
  readonly texts: CaseTexts;
}

export type CaseAct =
  /** `accepted` takes standing, legal basis and scope; `rejected`, `certified` and `closed` before that a decision. */
  | { readonly type: 'stepped'; readonly to: CaseStep; readonly texts: CaseTexts }
  | { readonly type: 'noted'; readonly texts: CaseTexts }
  /** As often as the kind's rule knows it; the reasons in `note`. */
  | { readonly type: 'extended'; readonly texts: CaseTexts };

export interface CaseTrailEntry {
  readonly version: number;
  readonly type: 'opened' | CaseAct['type'];
  readonly step: CaseStep;
  /** `staff:stf_…`, `institution:ins_…`, or `subject`. */
  readonly by: string;
  readonly at: string;
  readonly digest: string;
  /** Absent where nothing was said; null once the case's key was destroyed. */
  readonly texts?: CaseTexts | null;
}

/** Cases, behind the door: who did what in them is known by their session. */
export interface CaseDoor {
  /**
   * By an officer. Throws `session-ended`, `forbidden`, `not-found` for authorizations that are not all of one
   * institution they may see, `case-open` when the dispute has its case, `illegal-transition`,
   * `invalid-request` for a moment that cannot be.
   */
  openCase(request: { secret: Uint8Array; case: NewCase }): Promise<{ id: string }>;
  /**
   * By an institution's own system, about its own authorizations. The same `requestKey` is the same case. Throws
   * `not-found`, `illegal-transition` for kinds that staff alone take in.
   */
  openInstitutionCase(request: {
    institutionId: string;
    requestKey: string;
    case: NewCase;
  }): Promise<{ id: string }>;
  /** For each dispute of a subject without a case. Resolves to how many. */
  openDisputes(request: Record<string, never>): Promise<{ opened: number }>;
  /**
   * The next thing done in a case that stands at `version`. Whoever opened a case neither accepts nor rejects it. Throws
   * `session-ended`, `not-found`, `forbidden`, `illegal-transition`, `version-conflict`, `dispute-open` where the case
   * would end before its dispute, `invalid-request` where a text is missing.
   */
  actOnCase(request: {
    secret: Uint8Array;
    caseId: string;
    version: number;
    act: CaseAct;
  }): Promise<{ version: number }>;
  /**
   * What was done and said, oldest first. Who reads stands in the register, once an hour, and is counted as a search.
   * Throws `session-ended`, `not-found`, `forbidden`, `rate-limited`.
   */
  readCase(request: {
    secret: Uint8Array;
    caseId: string;
  }): Promise<{ trail: readonly CaseTrailEntry[]; keptUntil: string | null }>;
  /** Destroys keys of cases that nothing keeps any more. Resolves to how many. */
  sweepCases(request: Record<string, never>): Promise<{ destroyed: number }>;

  /**
   * An officer's or approver's word on how a dispute is to end; what it does, the desk enters, as of `at`. An officer
   * says where the reasons are kept, an approver which proposal (its digest) they agree with. Throws `session-ended`,
   * `not-found` where no such dispute is open, `guard-refused` when something else is proposed, `forbidden` to whoever
   * proposed it, `grant-refused` with `not-allowed`, or `grant-altered` when the proposal is nobody's word,
   * `agreement-refused`.
   */
  voteOnHold(request: {
    secret: Uint8Array;
    holdId: string;
    outcome: 'upheld' | 'rejected' | 'retracted';
    said:
      | { readonly act: 'propose'; readonly grounds: string }
      | {
          readonly act: 'approve';
          readonly proposal: string;
          readonly proof: AgreementProof;
        };
  }): Promise<{ person: string; at: string }>;

  /** An officer asks that openings for a case stay hidden from their subject, by a court's order. Throws as a grant's. */
  askSeal(request: {
    secret: Uint8Array;
    caseId: string;
    legalBasis: string;
    /** UTC seconds, at most 366 days ahead. */
    until: string;
  }): Promise<AccessSeal>;
  /**
   * Somebody else agrees: from here on it hides. Throws `own-request`, `forbidden`, `not-found`, `agreement-refused`.
   */
  approveSeal(request: {
    secret: Uint8Array;
    seal: string;
    proof: AgreementProof;
  }): Promise<AccessSeal>;
  /** By the officer who asked, or an approver. */
  liftSeal(request: { secret: Uint8Array; seal: string }): Promise<AccessSeal>;
}

/** A court's word that the subject is not to see, for a time, that their data were opened for a case. */
export interface AccessSeal {
  readonly id: string;
  readonly caseId: string;
  readonly legalBasis: string;
  readonly until: string;
  readonly askedBy: string;
  readonly askedAt: string;
  readonly approvedBy?: string;
  readonly approvedAt?: string;
  readonly liftedAt?: string;
}

/** One release of a data key for a case: an entry of the register and of the ledger, made before. */
export interface Opening {
  readonly dataKey: Uint8Array;
  readonly authorizationId: string;
  /** Id of the register's entry. */
  readonly access: string;
  readonly at: string;
  readonly right: GrantRight;
  readonly grant: string;
  readonly caseId: string;
  /** For people: C-2026-000123. */
  readonly caseNumber: string;
  readonly reader: { readonly staff: string; readonly name: string };
}

/** Four eyes before data are opened, and six where the glass is broken. */
export interface GrantDoor {
  /** Throws `session-ended`, `not-found`, `grant-refused` with `not-allowed`, `invalid-request`. */
  requestGrant(request: { secret: Uint8Array; grant: NewGrant }): Promise<Grant>;
  /**
   * One more agrees. Throws `session-ended`, `own-request`, `grant-refused`, `not-found`, `agreement-refused`.
   */
  approveGrant(request: {
    secret: Uint8Array;
    grant: string;
    proof: AgreementProof;
  }): Promise<Grant>;
  /** By the requester, an approver, or a custodian: once. */
  revokeGrant(request: { secret: Uint8Array; grant: string }): Promise<Grant>;
  /**
   * The data key of one authorization of the grant's case. Before it leaves, the opening stands in the access register
   * and in the ledger's tree, and session, grant and key are looked at once more. Throws `session-ended`,
   * `grant-refused` with `why`, `erased`, `not-found`, `ledger-behind`.
   */
  openForCase(request: {
    secret: Uint8Array;
    grant: string;
    authorization: string;
    right: GrantRight;
  }): Promise<Opening>;
  /**
   * Whether `openForCase` would open all of these now, for what leaves beside opened data and tells of them. Nothing is
   * opened. Throws as `openForCase`.
   */
  checkGrant(request: {
    secret: Uint8Array;
    grant: string;
    authorizations: readonly string[];
    right: GrantRight;
  }): Promise<{ opens: true }>;
  /**
   * The grant's requester says which authorizations' data a job is to open for reports, without a session of its own.
   * `files`: reports that leave as files, which takes the right `download`. The same person's order with the same
   * `requestKey` is the same order. Throws as `openForCase`, and `idempotency-key-reused` where it asked for something
   * else.
   */
  orderReports(request: {
    secret: Uint8Array;
    grant: string;
    authorizations: readonly string[];
    files: boolean;
    requestKey?: string;
  }): Promise<{ order: string }>;
  /**
   * Like `openForCase`, for an order: whether grant and requester are still good is asked anew each time. Throws
   * `budget-exceeded` with `why` `openings-spent` after `MOST_ORDER_OPENINGS` of one authorization.
   */
  openForOrder(request: { order: string; authorization: string }): Promise<Opening>;
  /**
   * Notes for a report's number, after an opening under its order, what it is made from, and later what came out: once
   * each, under a code of role vault's. Saying the same again changes nothing. Throws `not-found` without such an
   * opening, `guard-refused` when its moment is not that opening's, `version-conflict` when something else was said.
   */
  settleReport(request: {
    order: string;
    /** `Opening.access`. */
    access: string;
    report: string;
    said: ReportSaid;
  }): Promise<{ at: string }>;
}

/** Openings of one authorization under one order: tries that fail do not fill the register. */
export const MOST_ORDER_OPENINGS = 6;

/** What the desk says of a report it makes. */
export type ReportSaid =
  | {
      readonly act: 'facts';
      /** RFC 3339 with milliseconds. */
      readonly madeAt: string;
      /** Canonical JSON, at most 8,000 bytes. */
      readonly facts: string;
    }
  | {
      readonly act: 'result';
      readonly indication: string;
      readonly subIndication: string | null;
      /** SHA-256 of each, by name. */
      readonly files: Readonly<Record<string, string>>;
    };

export interface NewGrant {
  readonly caseId: string;
  readonly legalBasis: string;
  readonly reason: string;
  readonly rights: readonly GrantRight[];
  /** 1 to 72. */
  readonly hours: number;
  readonly breakGlass: boolean;
}

export interface Grant extends NewGrant {
  readonly id: string;
  /** For people: C-2026-000123. */
  readonly caseNumber: string;
  /** How many the case is about. */
  readonly letters: number;
  readonly requester: string;
  readonly askedAt: string;
  readonly approvals: readonly {
    readonly staff: string;
    readonly role: 'approver' | 'custodian';
    readonly at: string;
  }[];
  /** Absent while somebody's approval is missing, and after it was revoked. */
  readonly good?: { readonly from: string; readonly until: string };
  readonly revokedAt?: string;
}
