import type { StaffRefusal, StaffRoleRow, StaffRow } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';

export interface StaffAccount extends StaffRow {
  readonly institutionName: string | null;
  readonly seenAt: Date | null;
  readonly reviewedAt: Date;
  readonly wokenAt: Date | null;
  readonly movedAt: Date | null;
  readonly closedAt: Date | null;
  /** Why they may not work now. */
  readonly refusal: StaffRefusal | null;
  /** Held now. */
  readonly roles: readonly StaffRoleRow[];
}

export interface StaffChange {
  readonly number: number;
  readonly staffId: string;
  readonly act: string;
  /** Canonical: number, at, act, staff, by, approver, detail, previous. */
  readonly body: string;
  readonly digest: string;
  readonly mac: Uint8Array;
}

/** Who works at the desk and what was done to their accounts; for the desk, the command and the doctor. */
export const staffPeople = (db: Database) => ({
  /** Oldest first. `institutionId`: of that institution only. */
  staffAccounts: (
    at: Date,
    p: {
      institutionId?: string | null;
      ids?: readonly string[];
      after?: string;
      limit?: number;
    } = {},
  ): Promise<readonly StaffAccount[]> =>
    guarded(async () => {
      const people = await db
        .selectFrom('staff as s')
        .leftJoin('institutions as i', 'i.id', 's.institutionId')
        .select(['s.id', 's.name', 's.institutionId', 's.team', 's.outsourced', 's.contractUntil'])
        .select(['s.openedAt', 's.seenAt', 's.reviewedAt', 's.wokenAt', 's.movedAt', 's.closedAt'])
        .select(['s.change', 's.mac', 'i.name as institutionName'])
        .select(sql<StaffRefusal | null>`staff_refusal(s.id, ${at})`.as('refusal'))
        .$if(Boolean(p.institutionId), (q) => q.where('s.institutionId', '=', p.institutionId!))
        .$if(p.ids !== undefined, (q) => q.where('s.id', 'in', [...p.ids!, '']))
        .where('s.id', '>', p.after ?? '')
        .orderBy('s.id')
        .limit(p.limit ?? 1_000_000)
        .execute();
      const roles = await db
        .selectFrom('staffRoles')
        .select(['staffId', 'role', 'givenAt', 'givenBy', 'approvedBy', 'change', 'mac'])
        .where('endedAt', 'is', null)
        .where('staffId', 'in', [...people.map(({ id }) => id), ''])
        .orderBy('role')
        .execute();
      return people.map((person) => ({
        ...person,
        roles: roles.filter(({ staffId }) => staffId === person.id),
      }));
    }),

  /** The register of changes, oldest first. */
  staffChanges: (
    p: { staffId?: string; after?: number; limit?: number } = {},
  ): Promise<readonly StaffChange[]> =>
    guarded(() =>
      db
        .selectFrom('staffChanges')
        .select(['number', 'staffId', 'act', 'body', 'digest', 'mac'])
        .$if(p.staffId !== undefined, (q) => q.where('staffId', '=', p.staffId!))
        .where('number', '>', p.after ?? 0)
        .orderBy('number')
        .limit(p.limit ?? 1_000_000)
        .execute(),
    ),

  /** Passkeys set up, sign-ins linked and resets since then, newest first. `institutionId`: of its people only. */
  newWaysIn: (p: {
    institutionId: string | null;
    since: Date;
    limit: number;
  }): Promise<readonly (StaffChange & { readonly name: string })[]> =>
    guarded(() =>
      db
        .selectFrom('staffChanges as c')
        .innerJoin('staff as s', 's.id', 'c.staffId')
        .select(['c.number', 'c.staffId', 'c.act', 'c.body', 'c.digest', 'c.mac', 's.name'])
        .where('c.act', 'in', ['enrolled', 'linked', 'reset'])
        .where(sql<boolean>`(c.body::jsonb->>'at')::timestamptz >= ${p.since}`)
        .$if(p.institutionId !== null, (q) => q.where('s.institutionId', '=', p.institutionId))
        .orderBy('c.number', 'desc')
        .limit(p.limit)
        .execute(),
    ),
});
export type StaffPeople = ReturnType<typeof staffPeople>;
