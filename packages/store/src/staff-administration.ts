import { DomainError, type StaffRole } from '@mandate/core';
import { guarded, violates, type Database } from './connect.js';

export interface StaffAccount {
  readonly id: string;
  readonly name: string;
  readonly institutionId: string | null;
  readonly outsourced: boolean;
  readonly openedAt: Date;
  readonly seenAt: Date | null;
  readonly reviewedAt: Date;
  readonly closedAt: Date | null;
  readonly roles: readonly StaffRole[];
}

/** Accounts of the desk: the owner's, by command, each act with two people. */
export const staffAdministration = (owner: Database) => ({
  /** Throws `not-found` for an unknown institution. */
  openStaff: async (row: {
    id: string;
    name: string;
    institutionId: string | null;
    outsourced: boolean;
    openedBy: string;
    approvedBy: string;
    undertaking: string;
    at: Date;
  }): Promise<void> => {
    const { at, undertaking, ...rest } = row;
    await guarded(async () => {
      try {
        await owner
          .insertInto('staff')
          .values({
            ...rest,
            openedAt: at,
            openingUndertaking: undertaking,
            reviewedAt: at,
            reviewedBy: row.approvedBy,
          })
          .execute();
      } catch (cause) {
        if (!violates(cause, 'staff_institution_id_fkey')) throw cause;
        throw new DomainError('not-found', 'no such institution', { cause });
      }
    });
  },

  /** Throws `illegal-transition` where one person may not hold it. */
  giveRole: async (row: {
    staffId: string;
    role: StaffRole;
    givenBy: string;
    approvedBy: string;
    at: Date;
  }): Promise<void> => {
    const { at, ...rest } = row;
    await guarded(() =>
      owner
        .insertInto('staffRoles')
        .values({ ...rest, givenAt: at })
        .execute(),
    );
  },

  /** True when it was held. */
  endRole: (row: { staffId: string; role: StaffRole; endedBy: string; at: Date }) =>
    guarded(async () => {
      const ended = await owner
        .updateTable('staffRoles')
        .set({ endedAt: row.at, endedBy: row.endedBy })
        .where('staffId', '=', row.staffId)
        .where('role', '=', row.role)
        .where('endedAt', 'is', null)
        .executeTakeFirst();
      return ended.numUpdatedRows === 1n;
    }),

  inviteStaff: async (row: {
    id: string;
    staffId: string;
    secretDigest: Uint8Array;
    madeAt: Date;
    endsAt: Date;
  }): Promise<void> => {
    await guarded(() => owner.insertInto('staffInvitations').values(row).execute());
  },

  linkLogin: async (row: {
    issuer: string;
    subject: string;
    staffId: string;
    madeAt: Date;
  }): Promise<void> => {
    await guarded(() => owner.insertInto('staffLogins').values(row).execute());
  },

  /** Every session, passkey, invitation and role ends with it. True when it was open. */
  closeStaff: (row: { staffId: string; closedBy: string; undertaking: string; at: Date }) =>
    guarded(async () => {
      const closed = await owner
        .updateTable('staff')
        .set({ closedAt: row.at, closedBy: row.closedBy, closingUndertaking: row.undertaking })
        .where('id', '=', row.staffId)
        .where('closedAt', 'is', null)
        .executeTakeFirst();
      return closed.numUpdatedRows === 1n;
    }),

  /** The quarterly look at somebody's roles and place, by somebody else. */
  reviewStaff: (row: { staffId: string; reviewedBy: string; at: Date }) =>
    guarded(async () => {
      const reviewed = await owner
        .updateTable('staff')
        .set({ reviewedAt: row.at, reviewedBy: row.reviewedBy })
        .where('id', '=', row.staffId)
        .where('closedAt', 'is', null)
        .executeTakeFirst();
      return reviewed.numUpdatedRows === 1n;
    }),

  /** Oldest first. */
  staffAccounts: (): Promise<readonly StaffAccount[]> =>
    guarded(async () => {
      const people = await owner
        .selectFrom('staff')
        .select(['id', 'name', 'institutionId', 'outsourced', 'openedAt', 'seenAt', 'reviewedAt'])
        .select('closedAt')
        .orderBy('id')
        .execute();
      const roles = await owner
        .selectFrom('staffRoles')
        .select(['staffId', 'role'])
        .where('endedAt', 'is', null)
        .orderBy('role')
        .execute();
      return people.map((person) => ({
        ...person,
        roles: roles.filter(({ staffId }) => staffId === person.id).map(({ role }) => role),
      }));
    }),
});
