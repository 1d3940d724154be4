import { kindDigestHex } from '@mandate/core';
import type { AgreedTo } from './agreements.js';
import type { GrantApprovalRow, GrantRow, OrderRow } from './case-ports.js';
import type { MacRow, RowMacs } from './row-macs.js';

/** All that a grant says; what may change later, its being taken back, only takes away. */
const said = (grant: GrantRow): MacRow => ({
  ...{ grant: grant.id, case: grant.caseId, requester: grant.requester, asked: grant.sessionId },
  ...{ legalBasis: grant.legalBasis, reason: grant.reason, rights: [...grant.rights].sort() },
  ...{ breakGlass: grant.breakGlass, askedAt: grant.askedAt, hours: grant.hours },
});

/** Over the approval, the grant it is for and what its case is about (`list`): changing any of them is seen. */
export const approvalCode = (
  macs: RowMacs,
  grant: GrantRow,
  list: string,
  approval: Omit<GrantApprovalRow, 'mac'>,
): Uint8Array => macs.of('grant_approvals', { ...said(grant), list, ...agreement(approval) });

export const approvalHolds = (
  macs: RowMacs,
  grant: GrantRow,
  list: string,
  approval: GrantApprovalRow,
): boolean =>
  macs.holds('grant_approvals', { ...said(grant), list, ...agreement(approval) }, approval.mac);

const agreement = ({
  staffId,
  sessionId,
  role,
  at,
  agreementId,
}: Omit<GrantApprovalRow, 'mac'>): MacRow => ({
  ...{ staff: staffId, session: sessionId, role, at },
  // Codes from before there were agreements are over the rest.
  ...(agreementId === null ? {} : { agreement: agreementId }),
});

/** What somebody agrees to, as what: all that the grant says, and what its case is about (`list`). */
export const agreedGrant = (
  grant: GrantRow,
  list: string,
  role: GrantApprovalRow['role'],
): AgreedTo => ({
  ...{ act: 'grant', subject: grant.id },
  digest: kindDigestHex('agreed', { act: 'grant', ...spelled(grant), list, role }),
});

/** The word an approval rests on. */
export const approvalsWord = (grant: GrantRow, list: string, approval: GrantApprovalRow) => ({
  ...agreedGrant(grant, list, approval.role),
  ...{ staffId: approval.staffId, sessionId: approval.sessionId, at: approval.at },
});

const spelled = (grant: GrantRow) => ({
  ...{ id: grant.id, case: grant.caseId, requester: grant.requester },
  ...{ legalBasis: grant.legalBasis, reason: grant.reason, rights: [...grant.rights].sort() },
  ...{ breakGlass: grant.breakGlass, hours: grant.hours, askedAt: grant.askedAt.toISOString() },
});

/** Over an order, the authorizations it names, and what its grant's case is about (`list`). */
export const orderCode = (
  macs: RowMacs,
  order: Omit<OrderRow, 'mac'>,
  list: string,
  authorizations: readonly string[],
): Uint8Array => macs.of('desk_orders', ordered(order, list, authorizations));

export const orderHolds = (
  macs: RowMacs,
  list: string,
  order: OrderRow & { readonly authorizations: readonly string[] },
): boolean => macs.holds('desk_orders', ordered(order, list, order.authorizations), order.mac);

const ordered = (
  order: Omit<OrderRow, 'mac'>,
  list: string,
  authorizations: readonly string[],
): MacRow => ({
  list,
  ...{ order: order.id, grant: order.grantId, requester: order.requester },
  ...{ session: order.sessionId, openedFor: order.openedFor, madeAt: order.madeAt },
  authorizations: [...authorizations].sort(),
});

/**
 * Digest, 64 hex, of a grant and of who had agreed to it at that moment and as what: it stands in each entry of the
 * access register, so that approvals are on record with what they opened.
 */
export const agreedDigest = (
  grant: GrantRow,
  approvals: readonly Omit<GrantApprovalRow, 'mac'>[],
  at: Date,
): string =>
  kindDigestHex('grant', {
    ...spelled(grant),
    approvals: approvals
      .filter((approval) => approval.at.getTime() <= at.getTime())
      .map((approval) => ({
        ...{ staff: approval.staffId, session: approval.sessionId, role: approval.role },
        at: approval.at.toISOString(),
      }))
      .sort((a, b) => (a.at + a.staff < b.at + b.staff ? -1 : 1)),
  });
