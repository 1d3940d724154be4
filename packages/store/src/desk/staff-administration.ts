import { codeOf, rowMacs, staffChange, type RowMacs, type StaffDeed } from '@mandate/ceremony';
import { AGREEING_ROLES, DomainError, type StaffRole } from '@mandate/core';
import { sql } from 'kysely';
import { appendStaffChange } from './append-staff-change.js';
import { guarded, violates, type Database, type Tx } from '../connect.js';

/** Who did it, and who agreed; ids of accounts or names as the personnel office writes them. */
interface Done {
  readonly by: string;
  readonly approver: string;
  readonly at: Date;
}
/** Where somebody works. `contractUntil`: of outsourced staff, and only of them. */
interface Place {
  readonly institutionId: string | null;
  readonly team: string;
  readonly outsourced: boolean;
  readonly contractUntil: Date | null;
}

/**
 * Accounts of the desk: the owner's, by command, beside role vault's secret `wrapping`. Every act is
 * entered in the register of changes with who did it; giving takes two people, taking away one. All throw `not-found`
 * for an unknown account, `illegal-transition` for what the database's rules refuse.
 */
export const staffAdministration = (owner: Database, vaultSecret: Uint8Array) => {
  const macs = rowMacs(vaultSecret);
  const act = <T>(staffId: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
    guarded(() =>
      owner.transaction().execute(async (tx) => {
        const found = await tx
          .selectFrom('staff')
          .select('closedAt')
          .where('id', '=', staffId)
          .forUpdate()
          .executeTakeFirst();
        if (!found) throw new DomainError('not-found', 'no such account');
        if (found.closedAt) throw new DomainError('illegal-transition', 'the account is closed');
        return work(tx);
      }),
    );
  const enter = (tx: Tx, deed: StaffDeed & { name?: string }): Promise<number> =>
    enterChange(tx, macs, deed);

  return {
    openStaff: (
      row: { id: string; name: string; undertaking: string } & Place & Done,
    ): Promise<void> =>
      guarded(() =>
        owner.transaction().execute(async (tx) => {
          const { id, name, institutionId, team, outsourced, contractUntil, at } = row;
          const place = { institutionId, team, outsourced, contractUntil };
          const change = await enter(tx, {
            ...{ ...row, staffId: id, act: 'opened' },
            detail: { name, ...told(place), undertaking: row.undertaking },
          });
          const account = { id, name, ...place, openedAt: at, change };
          await placed(() =>
            tx
              .insertInto('staff')
              .values({
                ...account,
                openingUndertaking: row.undertaking,
                reviewedAt: at,
                mac: codeOf(macs, 'staff', account),
              })
              .execute(),
          );
        }),
      ),

    giveRole: ({ staffId, role, ...done }: { staffId: string; role: StaffRole } & Done) =>
      act(staffId, async (tx) => {
        const { by: givenBy, approver: approvedBy, at: givenAt } = done;
        const change = await enter(tx, { ...done, staffId, act: 'role-given', detail: { role } });
        const row = { staffId, role, givenAt, givenBy, approvedBy, change };
        await tx
          .insertInto('staffRoles')
          .values({ ...row, mac: codeOf(macs, 'staff_roles', row) })
          .execute();
        if (!AGREEING_ROLES.includes(role)) return;
        await tx
          .updateTable('staffRecoveryCodes')
          .set({ usedAt: givenAt })
          .where('staffId', '=', staffId)
          .where('usedAt', 'is', null)
          .execute();
      }),

    /** True when it was held. */
    endRole: ({
      staffId,
      role,
      by,
      at,
    }: {
      staffId: string;
      role: StaffRole;
      by: string;
      at: Date;
    }) =>
      act(staffId, async (tx) => {
        const ended = await tx
          .updateTable('staffRoles')
          .set({ endedAt: at, endedBy: by })
          .where('staffId', '=', staffId)
          .where('role', '=', role)
          .where('endedAt', 'is', null)
          .executeTakeFirst();
        if (ended.numUpdatedRows === 0n) return false;
        await enter(tx, { staffId, act: 'role-ended', by, at, detail: { role } });
        return true;
      }),

    /** Refused to who has a way in already: that takes `resetStaff` first. */
    inviteStaff: (
      p: { id: string; staffId: string; secretDigest: Uint8Array; endsAt: Date } & Done,
    ) =>
      act(p.staffId, async (tx) => {
        const { id, staffId, secretDigest, endsAt, by, approver, at } = p;
        const change = await enter(tx, { ...p, act: 'invited', detail: { invitation: id } });
        const row = {
          ...{ id, staffId, secretDigest, madeAt: at, madeBy: by, approvedBy: approver },
          ...{ endsAt, change },
        };
        await tx
          .insertInto('staffInvitations')
          .values({ ...row, mac: codeOf(macs, 'staff_invitations', row) })
          .execute();
      }),

    /** As `inviteStaff`. */
    linkLogin: (p: { issuer: string; subject: string; staffId: string } & Done) =>
      act(p.staffId, async (tx) => {
        const { issuer, subject, staffId, by: madeBy, approver: approvedBy, at: madeAt } = p;
        const change = await enter(tx, { ...p, act: 'linked', detail: { issuer, subject } });
        const row = { issuer, subject, staffId, madeAt, madeBy, approvedBy, change };
        try {
          await tx
            .insertInto('staffLogins')
            .values({ ...row, mac: codeOf(macs, 'staff_logins', row) })
            .execute();
        } catch (cause) {
          if (!violates(cause, 'staff_logins_live')) throw cause;
          throw new DomainError('illegal-transition', 'that sign-in is somebody else’s', { cause });
        }
      }),

    /** Ends every passkey, recovery code, login, invitation and session there is. */
    resetStaff: ({ staffId, ...done }: { staffId: string } & Done) =>
      act(staffId, async (tx) => {
        await enter(tx, { ...done, staffId, act: 'reset' });
        await sql`SELECT end_ways_in(${staffId}, ${done.at})`.execute(tx);
      }),

    /** To another institution or team: every role ends and is given anew. Also: a contract that goes on. */
    moveStaff: ({ staffId, by, approver, at, ...place }: { staffId: string } & Place & Done) =>
      act(staffId, async (tx) => {
        const detail = told(place);
        const change = await enter(tx, { staffId, act: 'moved', by, approver, at, detail });
        const { id, name, openedAt } = await tx
          .selectFrom('staff')
          .select(['id', 'name', 'openedAt'])
          .where('id', '=', staffId)
          .executeTakeFirstOrThrow();
        const row = { id, name, openedAt, ...place, change };
        await placed(() =>
          tx
            .updateTable('staff')
            .set({ ...place, change, movedAt: at, mac: codeOf(macs, 'staff', row) })
            .where('id', '=', staffId)
            .execute(),
        );
      }),

    /**
     * The quarterly look at somebody's roles and place, by somebody else: what was looked at must be what there is,
     * else `illegal-transition` and nothing is reviewed.
     */
    reviewStaff: (p: {
      staffId: string;
      institutionId: string | null;
      team: string;
      roles: readonly StaffRole[];
      by: string;
      at: Date;
    }) =>
      act(p.staffId, async (tx) => {
        const { staffId, institutionId, team, by, at } = p;
        const roles = [...p.roles].sort();
        const detail = { institution: institutionId, team, roles };
        const change = await enter(tx, { staffId, act: 'reviewed', by, at, detail });
        await tx
          .insertInto('staffReviews')
          .values({ staffId, at, by, institutionId, team, roles, change })
          .execute();
      }),

    /** Opens an account that slept for 90 days. */
    wakeStaff: ({ staffId, ...done }: { staffId: string } & Done) =>
      act(staffId, async (tx) => {
        await enter(tx, { ...done, staffId, act: 'woken' });
        await tx.updateTable('staff').set({ wokenAt: done.at }).where('id', '=', staffId).execute();
      }),

    /** Every session, passkey, login, invitation, code and role ends with it, and no approval counts any more. */
    closeStaff: (p: { staffId: string; by: string; undertaking: string; at: Date }) =>
      act(p.staffId, async (tx) => {
        const { staffId, by, undertaking, at } = p;
        await enter(tx, { staffId, act: 'closed', by, at, detail: { undertaking } });
        await tx
          .updateTable('staff')
          .set({ closedAt: at, closedBy: by, closingUndertaking: undertaking })
          .where('id', '=', staffId)
          .execute();
      }),
  };
};
export type StaffAdministration = ReturnType<typeof staffAdministration>;

/** As people write names: width, case and spaces do not matter. */
const sameName = (name: string): string =>
  name.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().toLowerCase();

/**
 * Id and name of whoever is said to have done it. Names are what the operator states; an id of the desk's form must be
 * of an open account. Throws `illegal-transition`.
 */
async function calledBy(tx: Tx, said: string): Promise<readonly string[]> {
  if (!said.startsWith('stf_')) return [sameName(said)];
  const account = await tx
    .selectFrom('staff')
    .select('name')
    .where('id', '=', said)
    .where('closedAt', 'is', null)
    .executeTakeFirst();
  if (!account) throw new DomainError('illegal-transition', 'no open account has that id');
  return [said, sameName(account.name)];
}

/** Enters it. Throws `illegal-transition` unless they are two people, neither of them the one it is about. */
async function enterChange(
  tx: Tx,
  macs: RowMacs,
  deed: StaffDeed & { name?: string },
): Promise<number> {
  const about = deed.name ?? (await nameOf(tx, deed.staffId));
  const names = [deed.by, ...(deed.approver === undefined ? [] : [deed.approver])];
  const people = [[deed.staffId, sameName(about)]];
  for (const name of names) {
    const called = await calledBy(tx, name);
    if (people.some((other) => other.some((it) => called.includes(it))))
      throw new DomainError(
        'illegal-transition',
        'two people, neither of them the one it is about',
      );
    people.push([...called]);
  }
  return appendStaffChange(tx, (last) => staffChange(macs, last, deed));
}

async function nameOf(tx: Tx, staffId: string): Promise<string> {
  const { name } = await tx
    .selectFrom('staff')
    .select('name')
    .where('id', '=', staffId)
    .executeTakeFirstOrThrow();
  return name;
}

const told = ({ institutionId, team, outsourced, contractUntil }: Place) => ({
  ...{ institution: institutionId, team, outsourced },
  contractUntil: contractUntil?.toISOString() ?? null,
});

async function placed(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (violates(cause, 'staff_institution_id_fkey'))
      throw new DomainError('not-found', 'no such institution', { cause });
    if ((cause as { code?: unknown }).code === '23514')
      throw new DomainError(
        'illegal-transition',
        'outsourced staff, and only they, have a contract that ends within a year',
        { cause },
      );
    throw cause;
  }
}
