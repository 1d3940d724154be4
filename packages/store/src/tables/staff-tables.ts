import type { AgreementRow, SessionRow, SignInRow } from '@mandate/ceremony';
import type { StaffAct, StaffRole } from '@mandate/core';
import type { ColumnType } from 'kysely';
import type { Fixed } from './fixed.js';

/** The desk’s people and how they sign in. */
export interface StaffTables {
  staff: {
    id: Fixed<string>;
    name: string;
    institutionId: string | null;
    team: string;
    outsourced: boolean;
    contractUntil: Date | null;
    openedAt: Fixed<Date>;
    openingUndertaking: Fixed<string>;
    reviewedAt: Date;
    seenAt: ColumnType<Date | null, undefined, Date>;
    wokenAt: ColumnType<Date | null, undefined, Date>;
    movedAt: ColumnType<Date | null, undefined, Date>;
    closedAt: ColumnType<Date | null, undefined, Date>;
    closedBy: ColumnType<string | null, undefined, string>;
    closingUndertaking: ColumnType<string | null, undefined, string>;
    change: number;
    mac: Uint8Array;
  };
  staffChanges: {
    number: Fixed<number>;
    staffId: Fixed<string>;
    act: Fixed<StaffAct>;
    body: Fixed<string>;
    digest: Fixed<string>;
    mac: Fixed<Uint8Array>;
  };
  staffReviews: {
    staffId: Fixed<string>;
    at: Fixed<Date>;
    by: Fixed<string>;
    institutionId: Fixed<string | null>;
    team: Fixed<string>;
    roles: Fixed<string[]>;
    change: Fixed<number>;
  };
  staffRoles: {
    staffId: Fixed<string>;
    role: Fixed<StaffRole>;
    givenAt: Fixed<Date>;
    givenBy: Fixed<string>;
    approvedBy: Fixed<string>;
    endedAt: ColumnType<Date | null, undefined, Date>;
    endedBy: ColumnType<string | null, undefined, string>;
    change: Fixed<number>;
    mac: Fixed<Uint8Array>;
  };
  staffLogins: {
    issuer: Fixed<string>;
    subject: Fixed<string>;
    staffId: Fixed<string>;
    madeAt: Fixed<Date>;
    madeBy: Fixed<string>;
    approvedBy: Fixed<string>;
    endedAt: ColumnType<Date | null, undefined, Date>;
    change: Fixed<number>;
    mac: Fixed<Uint8Array>;
  };
  staffInvitations: {
    id: Fixed<string>;
    staffId: Fixed<string>;
    secretDigest: Fixed<Uint8Array>;
    madeAt: Fixed<Date>;
    madeBy: Fixed<string>;
    approvedBy: Fixed<string>;
    endsAt: Fixed<Date>;
    usedAt: ColumnType<Date | null, undefined, Date>;
    change: Fixed<number>;
    mac: Fixed<Uint8Array>;
  };
  staffPasskeys: {
    credentialId: Fixed<Uint8Array>;
    staffId: Fixed<string>;
    byWayOf: Fixed<string>;
    publicKey: Fixed<Uint8Array>;
    counter: number;
    madeAt: Fixed<Date>;
    endedAt: ColumnType<Date | null, undefined, Date>;
    mac: Fixed<Uint8Array>;
  };
  staffRecoveryCodes: {
    digest: Fixed<Uint8Array>;
    staffId: Fixed<string>;
    madeAt: Fixed<Date>;
    usedAt: ColumnType<Date | null, undefined, Date>;
    mac: Fixed<Uint8Array>;
  };
  staffSignIns: { [K in keyof SignInRow]: Fixed<SignInRow[K]> } & {
    usedAt: ColumnType<Date | null, undefined, Date>;
  };
  staffAgreements: {
    [K in Exclude<keyof AgreementRow, 'answeredAt' | 'proof' | 'mac'>]: Fixed<AgreementRow[K]>;
  } & {
    answeredAt: Date | null;
    proof: string | null;
    authTime: ColumnType<number | null, undefined, number | null>;
    mac: Uint8Array;
  };
  staffFailures: { staffId: Fixed<string>; at: Fixed<Date> };
  staffSessions: { [K in keyof SessionRow]: Fixed<SessionRow[K]> } & {
    seenAt: Date;
    endedAt: ColumnType<Date | null, undefined, Date>;
  };
}
