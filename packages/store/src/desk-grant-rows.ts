import { DomainError, type GrantRight } from '@mandate/core';
import type { DoorRecord, GrantRefusal } from '@mandate/ceremony';
import { sql } from 'kysely';
import { addAccess } from './access-rows.js';
import { guarded, violates, type Database } from './connect.js';

type Grants = Pick<
  DoorRecord,
  | 'caseFor'
  | 'addGrant'
  | 'approve'
  | 'revoke'
  | 'grant'
  | 'grantRefusal'
  | 'recordOpening'
  | 'openingEntered'
>;

/** Role vault: who may open whose data for a case, and that it was opened. */
export const grantRows = (db: Database): Grants => ({
  caseFor: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('cases')
        .select(['authorizationId', 'institutionId'])
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    }),

  addGrant: async (row) => {
    await guarded(() =>
      db
        .insertInto('grants')
        .values({ ...row, rights: [...row.rights] })
        .execute(),
    );
  },

  approve: async (row) => {
    await guarded(async () => {
      try {
        await db.insertInto('grantApprovals').values(row).execute();
      } catch (cause) {
        // Who has agreed has agreed.
        if (!violates(cause, 'grant_approvals_pkey')) throw cause;
      }
    });
  },

  revoke: ({ grantId, by, at }) =>
    guarded(async () => {
      const row = await db
        .updateTable('grants')
        .set({ revokedAt: at, revokedBy: by })
        .where('id', '=', grantId)
        .where('revokedAt', 'is', null)
        .executeTakeFirst();
      return row.numUpdatedRows === 1n;
    }),

  grant: (id, at) =>
    guarded(async () => {
      const row = await db
        .selectFrom('grants as g')
        .selectAll('g')
        .where('g.id', '=', id)
        .executeTakeFirst();
      if (!row) return null;
      const approvals = await db
        .selectFrom('grantApprovals')
        .select(['staffId', 'at'])
        .where('grantId', '=', id)
        .orderBy('at')
        .execute();
      const { rows } = await sql<{ goodFrom: Date; goodUntil: Date }>`
        SELECT good_from, good_until FROM grant_span(${id}, ${at})`.execute(db);
      const { revokedBy: _, ...grant } = row;
      return {
        ...grant,
        rights: grant.rights as GrantRight[],
        approvals,
        goodFrom: rows[0]?.goodFrom ?? null,
        goodUntil: rows[0]?.goodUntil ?? null,
      };
    }),

  grantRefusal: ({ grantId, staffId, authorizationId, right, at }) =>
    guarded(async () => {
      const { rows } = await sql<{ why: GrantRefusal | null }>`
        SELECT grant_refusal(${grantId}, ${staffId}, ${authorizationId}, ${right}, ${at}) AS why`.execute(
        db,
      );
      return rows[0]!.why;
    }),

  recordOpening: (opening, entry) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const { caseId, grant, right, ...access } = opening;
        const letter = await tx
          .selectFrom('authorizations')
          .select('letterDigest')
          .where('id', '=', opening.authorizationId)
          .executeTakeFirst();
        if (!letter) throw new DomainError('not-found', 'no such authorization');
        // Openings of the same data stand in the register one after another.
        await sql`SELECT pg_advisory_xact_lock(hashtextextended(${opening.authorizationId}, 0))`.execute(
          tx,
        );
        const digest = await addAccess(tx, access, { case: caseId, grant, right });
        if (!digest) throw new DomainError('version-conflict', 'opened by somebody else just now');
        await tx
          .insertInto('ledgerQueue')
          .values({ dedupe: `access:${opening.id}`, entry: entry(digest, letter.letterDigest) })
          .execute();
      }),
    ),

  openingEntered: (accessId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('ledgerQueue')
        .select('leafIndex')
        .where('dedupe', '=', `access:${accessId}`)
        .executeTakeFirst();
      return row !== undefined && row.leafIndex !== null;
    }),
});
