import type {
  AccessPurpose,
  CaseKind,
  CaseStep,
  GrantRight,
  NewPasskey,
  SignInMeans,
  StaffSession,
} from '@mandate/core';

export interface SignInRow {
  readonly id: string;
  readonly means: 'passkey' | 'oidc' | 'enrolment';
  readonly challenge: Uint8Array;
  readonly secretDigest: Uint8Array;
  readonly staffId: string | null;
  readonly madeAt: Date;
  readonly endsAt: Date;
}

export interface SessionRow {
  readonly id: string;
  readonly staffId: string;
  readonly secretDigest: Uint8Array;
  readonly means: SignInMeans;
  readonly openedAt: Date;
  readonly endsAt: Date;
}

export interface StaffPasskeyRow extends Pick<
  NewPasskey,
  'credentialId' | 'publicKey' | 'counter'
> {
  readonly staffId: string;
}

export interface GrantRow {
  readonly id: string;
  readonly caseId: string;
  readonly authorizationId: string;
  readonly requester: string;
  readonly legalBasis: string;
  readonly reason: string;
  readonly rights: readonly GrantRight[];
  readonly breakGlass: boolean;
  readonly askedAt: Date;
  readonly hours: number;
}

export interface GrantStanding extends GrantRow {
  readonly revokedAt: Date | null;
  readonly approvals: readonly { readonly staffId: string; readonly at: Date }[];
  readonly goodFrom: Date | null;
  readonly goodUntil: Date | null;
}

/** Why a grant opens nothing now, as the database says it. */
export const GRANT_REFUSALS = [
  'grant-unknown',
  'account-closed',
  'grant-revoked',
  'case-closed',
  'grant-unapproved',
  'grant-expired',
  'right-missing',
] as const;
export type GrantRefusal = (typeof GRANT_REFUSALS)[number];

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
}

/** Role vault, as the desk's door. What refuses a person is decided in the database. */
export interface DoorRecord {
  beginSignIn(row: SignInRow): Promise<void>;
  /** The try of that cookie, used up by asking. */
  takeSignIn(
    means: SignInRow['means'],
    secretDigest: Uint8Array,
    at: Date,
  ): Promise<SignInRow | null>;
  /** Whose invitation it is; with `use`, it is used up by asking. */
  invitation(
    secretDigest: Uint8Array,
    at: Date,
    use?: boolean,
  ): Promise<{ id: string; staffId: string; name: string } | null>;
  addPasskey(row: StaffPasskeyRow & { byWayOf: string; madeAt: Date }): Promise<void>;
  passkey(credentialId: Uint8Array): Promise<StaffPasskeyRow | null>;
  passkeysOf(staffId: string): Promise<readonly StaffPasskeyRow[]>;
  moveCounter(passkey: StaffPasskeyRow, counter: number): Promise<boolean>;
  addRecoveryCodes(staffId: string, digests: readonly Uint8Array[], at: Date): Promise<void>;
  /** Whose it was; null: unknown or used. */
  takeRecoveryCode(digest: Uint8Array, at: Date): Promise<string | null>;
  staffByLogin(issuer: string, subject: string): Promise<string | null>;
  /** `account-closed`, `account-dormant`, `review-overdue`; null: may work. */
  staffRefusal(staffId: string, at: Date): Promise<string | null>;
  openSession(row: SessionRow): Promise<void>;
  /** The live session, kept from idling out. */
  touchSession(secretDigest: Uint8Array, at: Date): Promise<StaffSession | null>;
  endSession(secretDigest: Uint8Array, at: Date): Promise<void>;

  caseFor(id: string): Promise<{ authorizationId: string; institutionId: string } | null>;
  /** Throws `illegal-transition` where the database refuses person or case. */
  addGrant(row: GrantRow): Promise<void>;
  approve(p: { grantId: string; staffId: string; sessionId: string; at: Date }): Promise<void>;
  revoke(p: { grantId: string; by: string; at: Date }): Promise<boolean>;
  grant(id: string, at: Date): Promise<GrantStanding | null>;
  grantRefusal(p: {
    grantId: string;
    staffId: string;
    authorizationId: string;
    right: GrantRight;
    at: Date;
  }): Promise<GrantRefusal | null>;
  /** Register and ledger queue, in one transaction. `entry` makes the ledger's bytes of the register's digest. */
  recordOpening(
    opening: CaseOpening,
    entry: (fact: string, letter: string) => string,
  ): Promise<void>;
  /** The opening's entry is in the tree. */
  openingEntered(accessId: string): Promise<boolean>;
}

export interface CaseRow {
  readonly id: string;
  readonly number: string;
  readonly kind: CaseKind;
  readonly authorizationId: string;
  readonly institutionId: string;
  readonly holdId: string | null;
  readonly openedBy: string;
  readonly openedAt: Date;
  readonly dueAt: Date;
  readonly extendedAt: Date | null;
  readonly step: CaseStep;
  readonly version: number;
  readonly head: string;
}

export interface CaseClock {
  readonly days: number;
  readonly extensionDays: number;
  /** Rule and article. */
  readonly basis: string;
}

/** One thing done in a case. */
export interface CaseEvent {
  readonly case: string;
  readonly version: number;
  readonly type: 'opened' | 'stepped' | 'noted' | 'extended';
  readonly step: CaseStep;
  readonly by: string;
  readonly at: string;
  readonly previous: string;
}

/** With the canonical text that its digest is over. */
export interface WrittenCaseEvent extends CaseEvent {
  readonly body: string;
  readonly digest: string;
}

/** Role desk. */
export interface CaseRecord {
  caseClock(kind: CaseKind): Promise<CaseClock>;
  nextCaseNumber(year: number): Promise<string>;
  /** Throws `case-open` when the dispute has its case. */
  openCase(row: CaseRow, event: WrittenCaseEvent, box?: Uint8Array): Promise<void>;
  /** Throws `version-conflict` when somebody was faster. */
  moveCase(
    seen: CaseRow,
    next: Pick<CaseRow, 'step' | 'version' | 'head' | 'dueAt' | 'extendedAt'>,
    event: WrittenCaseEvent,
    box?: Uint8Array,
  ): Promise<void>;
  case(id: string): Promise<CaseRow | null>;
  caseEvents(id: string): Promise<readonly (CaseEvent & { digest: string })[]>;
  caseBox(id: string, version: number): Promise<Uint8Array | null>;
  /** Soonest due first; `institutionId` limits to one institution. */
  openCases(p: {
    institutionId?: string | undefined;
    after?: { dueAt: Date; id: string } | undefined;
    limit: number;
  }): Promise<readonly CaseRow[]>;
  staffNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
