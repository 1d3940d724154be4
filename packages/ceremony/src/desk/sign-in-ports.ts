import type { NewPasskey, SignInMeans, StaffRole } from '@mandate/core';
import type { WithMac } from './coded-rows.js';
import type { EnteredChange, StaffChangeRow } from './staff-change.js';

export interface SignInRow extends WithMac {
  readonly id: string;
  readonly means: 'passkey' | 'oidc' | 'enrolment';
  readonly challenge: Uint8Array;
  readonly secretDigest: Uint8Array;
  readonly staffId: string | null;
  readonly madeAt: Date;
  readonly endsAt: Date;
}

export interface SessionRow extends WithMac {
  readonly id: string;
  readonly staffId: string;
  readonly secretDigest: Uint8Array;
  readonly means: SignInMeans;
  readonly openedAt: Date;
  readonly endsAt: Date;
  /** When the identity provider last saw the person, epoch seconds, as it said then; null: not by it, or not kept. */
  readonly authTime: number | null;
}

/** What proved who comes in. */
export type SessionProof =
  | { readonly means: 'passkey'; readonly credentialId: Uint8Array }
  | {
      readonly means: 'oidc';
      readonly issuer: string;
      readonly subject: string;
      readonly authTime: number;
    }
  | { readonly means: 'recovery-code'; readonly digest: Uint8Array };

export interface StaffPasskeyRow
  extends Pick<NewPasskey, 'credentialId' | 'publicKey' | 'counter'>, WithMac {
  readonly staffId: string;
  /** Id of the invitation, or of the session by recovery code. */
  readonly byWayOf: string;
  readonly madeAt: Date;
}

export interface RecoveryCodeRow extends WithMac {
  readonly digest: Uint8Array;
  readonly staffId: string;
  readonly madeAt: Date;
}

export interface InvitationRow extends WithMac {
  readonly id: string;
  readonly staffId: string;
  readonly secretDigest: Uint8Array;
  readonly madeAt: Date;
  readonly madeBy: string;
  readonly approvedBy: string;
  readonly endsAt: Date;
  readonly change: number;
}

export interface LoginRow extends WithMac {
  readonly issuer: string;
  readonly subject: string;
  readonly staffId: string;
  readonly madeAt: Date;
  readonly madeBy: string;
  readonly approvedBy: string;
  readonly change: number;
}

export interface StaffRow extends WithMac {
  readonly id: string;
  readonly name: string;
  readonly institutionId: string | null;
  readonly team: string;
  readonly outsourced: boolean;
  readonly contractUntil: Date | null;
  readonly openedAt: Date;
  readonly change: number;
}

export interface StaffRoleRow extends WithMac {
  readonly staffId: string;
  readonly role: StaffRole;
  readonly givenAt: Date;
  readonly givenBy: string;
  readonly approvedBy: string;
  readonly change: number;
}

/** Why somebody may not work now, as the database says it. */
export type StaffRefusal =
  'account-closed' | 'contract-over' | 'account-dormant' | 'review-overdue';

/** Role vault, as the place where people come in. What is kept here is proven by its codes only. */
export interface SignInRecord {
  /** What is over is cleared away with it: no number of strangers fills the table, and none is turned away for others. */
  beginSignIn(row: SignInRow): Promise<void>;
  /** The try of that cookie, used up by asking. */
  takeSignIn(
    means: SignInRow['means'],
    secretDigest: Uint8Array,
    at: Date,
  ): Promise<SignInRow | null>;
  /** While it is good. */
  invitation(secretDigest: Uint8Array, at: Date): Promise<InvitationRow | null>;
  passkey(credentialId: Uint8Array): Promise<StaffPasskeyRow | null>;
  moveCounter(passkey: StaffPasskeyRow, counter: number): Promise<boolean>;
  noteFailure(staffId: string, at: Date): Promise<void>;
  failuresSince(staffId: string, at: Date): Promise<number>;
  /** While it is unused. */
  recoveryCode(digest: Uint8Array): Promise<RecoveryCodeRow | null>;
  login(issuer: string, subject: string): Promise<LoginRow | null>;
  /**
   * A passkey and its codes in the place of all there were: older passkeys, codes and sessions of the account end with
   * it, and `change` makes the entry that says so. What opened the way, the invitation or the session by recovery code
   * `byWayOf`, is looked at once more under the account's lock, and used up; false when it was over by then.
   */
  enrol(p: {
    passkey: StaffPasskeyRow;
    codes: readonly RecoveryCodeRow[];
    invitation?: string;
    change: (last: Pick<StaffChangeRow, 'number' | 'digest'> | null) => EnteredChange;
  }): Promise<boolean>;
  /** Account and roles held now, and why they may not work; null: no such account. */
  staffStanding(
    staffId: string,
    at: Date,
  ): Promise<{
    readonly account: StaffRow;
    readonly roles: readonly StaffRoleRow[];
    readonly refusal: StaffRefusal | null;
  } | null>;
  /** What was done to the account, oldest first; `whole`: no number is missing, and the ledger has no later one. */
  staffChanges(staffId: string): Promise<{
    readonly changes: readonly StaffChangeRow[];
    readonly whole: boolean;
  }>;
  /** Which of these keys of entries (`deskFactKey`) are in the ledger or on their way there. */
  entered(dedupes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Under the account's lock, by what is still good then; a recovery code is used up. False: it was over by then. */
  openSession(row: SessionRow, proof: SessionProof): Promise<boolean>;
  /** The live session, kept from idling out unless `quiet`. */
  touchSession(secretDigest: Uint8Array, at: Date, quiet?: boolean): Promise<SessionRow | null>;
  endSession(secretDigest: Uint8Array, at: Date): Promise<void>;
}
