import type {
  CaseClock,
  CaseRow,
  DeskEntry,
  GrantApprovalRow,
  GrantRow,
  HoldVoteRow,
  OrderRow,
} from '@mandate/ceremony';
import type { CaseKind, DeskIndex } from '@mandate/core';
import type { ColumnType } from 'kysely';
import type { Fixed } from './fixed.js';

/** Cases, grants, openings and the desk’s registers. */
export interface CaseTables {
  caseKinds: { kind: CaseKind } & CaseClock;
  cases: { [K in keyof CaseRow]: CaseRow[K] } & { requestKey: Fixed<string | null> };
  caseAuthorizations: { caseId: Fixed<string>; authorizationId: Fixed<string> };
  caseEvents: {
    caseId: Fixed<string>;
    version: Fixed<number>;
    type: Fixed<string>;
    body: Fixed<string>;
    digest: Fixed<string>;
    previous: Fixed<string>;
    mac: Fixed<Uint8Array>;
  };
  caseBoxes: { caseId: Fixed<string>; version: Fixed<number>; box: Fixed<Uint8Array> };
  caseKeys: { caseId: Fixed<string>; wrapped: Uint8Array | null; destroyedAt: Date | null };
  holdVotes: { [K in keyof HoldVoteRow]: Fixed<HoldVoteRow[K]> };
  grants: { [K in Exclude<keyof GrantRow, 'rights'>]: Fixed<GrantRow[K]> } & {
    rights: Fixed<string[]>;
    revokedAt: ColumnType<Date | null, undefined, Date>;
    revokedBy: ColumnType<string | null, undefined, string>;
  };
  grantApprovals: { grantId: Fixed<string> } & {
    [K in keyof GrantApprovalRow]: Fixed<GrantApprovalRow[K]>;
  };
  deskOrders: { [K in keyof OrderRow]: Fixed<OrderRow[K]> } & { requestKey: Fixed<string | null> };
  deskOrderAuthorizations: { orderId: Fixed<string>; authorizationId: Fixed<string> };
  accessSeals: {
    id: Fixed<string>;
    caseId: Fixed<string>;
    legalBasis: Fixed<string>;
    until: Fixed<Date>;
    askedBy: Fixed<string>;
    askedSession: Fixed<string>;
    askedAt: Fixed<Date>;
    approvedBy: ColumnType<string | null, undefined, string>;
    approvedSession: ColumnType<string | null, undefined, string>;
    approvedAt: ColumnType<Date | null, undefined, Date>;
    agreementId: ColumnType<string | null, undefined, string>;
    mac: ColumnType<Uint8Array | null, undefined, Uint8Array>;
    liftedAt: ColumnType<Date | null, undefined, Date>;
    liftedBy: ColumnType<string | null, undefined, string>;
  };
  deskIndex: {
    authorizationId: Fixed<string>;
    institutionId: Fixed<string>;
  } & { [K in keyof DeskIndex]: Fixed<DeskIndex[K]> };
  deskRegister: {
    staffId: Fixed<string>;
    ordinal: Fixed<number>;
    id: Fixed<string>;
    kind: Fixed<DeskEntry['kind']>;
    institutionId: Fixed<string | null>;
    caseId: Fixed<string | null>;
    found: Fixed<string[]>;
    body: Fixed<string>;
    digest: Fixed<string>;
  };
}
