import { DomainError, type GrantRight } from '@mandate/core';
import type {
  GrantApprovalRow,
  GrantDoorRecord,
  GrantRefusal,
  GrantRow,
  GrantStanding,
} from '@mandate/ceremony';
import { sql, type RawBuilder } from 'kysely';
import { addAccess } from '../persons/access-rows.js';
import { guarded, violates, type Database, type Tx } from '../connect.js';

/** Role vault: who may open whose data for a case, and that it was opened. */
export const grantRows = (db: Database): GrantDoorRecord => ({
  addGrant: async (row) => {
    await guarded(() =>
      db
        .insertInto('grants')
        .values({ ...row, rights: [...row.rights] })
        .execute(),
    );
  },

  approve: async (grantId, row) => {
    await guarded(async () => {
      try {
        await db
          .insertInto('grantApprovals')
          .values({ grantId, ...row })
          .execute();
      } catch (cause) {
        // Who has agreed has agreed.
        if (!violates(cause, 'grant_approvals_pkey')) throw cause;
      }
    });
  },

  revoke: ({ grantId, by, at, entered }) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('grants')
          .set({ revokedAt: at, revokedBy: by })
          .where('id', '=', grantId)
          .where('revokedAt', 'is', null)
          .executeTakeFirst();
        if (row.numUpdatedRows !== 1n) return false;
        await tx.insertInto('ledgerQueue').values(entered).execute();
        return true;
      }),
    ),

  grant: (id, at) =>
    guarded(async () => (await grantStandings(db, sql`g.id = ${id}`, at, 1))[0] ?? null),

  grantRefusal: ({ grantId, staffId, authorizationId, right, at }) =>
    guarded(async () => {
      const { rows } = await sql<{ why: GrantRefusal | null }>`
        SELECT grant_refusal(${grantId}, ${staffId}, ${authorizationId}, ${right}, ${at}) AS why`.execute(
        db,
      );
      return rows[0]!.why;
    }),

  addOrder: (row, authorizations) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const added = await tx
          .insertInto('deskOrders')
          .values(row)
          .onConflict((c) => c.column('requestKey').doNothing())
          .executeTakeFirst();
        if (added.numInsertedOrUpdatedRows !== 1n) return false;
        await tx
          .insertInto('deskOrderAuthorizations')
          .values(authorizations.map((authorizationId) => ({ orderId: row.id, authorizationId })))
          .execute();
        return true;
      }),
    ),

  orderAsked: (requestKey) =>
    guarded(async () => {
      const row = await db
        .selectFrom('deskOrders')
        .select('id')
        .where('requestKey', '=', requestKey)
        .executeTakeFirst();
      return row?.id ?? null;
    }),

  order: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('deskOrders')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      if (!row) return null;
      const named = await db
        .selectFrom('deskOrderAuthorizations')
        .select('authorizationId')
        .where('orderId', '=', id)
        .execute();
      return { ...row, authorizations: named.map(({ authorizationId }) => authorizationId) };
    }),

  recordOpening: ({ caseId, grant, right, agreed, within, ...access }, entry) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const letter = await tx
          .selectFrom('authorizations')
          .select('letterDigest')
          .where('id', '=', access.authorizationId)
          .executeTakeFirst();
        if (!letter) throw new DomainError('not-found', 'no such authorization');
        // Openings of the same data stand in the register one after another.
        await sql`SELECT pg_advisory_xact_lock(hashtextextended(${access.authorizationId}, 0))`.execute(
          tx,
        );
        const more = { case: caseId, grant, right, agreed, ...within };
        const digest = await addAccess(tx, access, more);
        if (!digest) throw new DomainError('version-conflict', 'opened by somebody else just now');
        await tx
          .insertInto('ledgerQueue')
          .values({ dedupe: `opening:${access.id}`, entry: entry(digest, letter.letterDigest) })
          .execute();
      }),
    ),

  openingLeaf: (accessId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('ledgerQueue')
        .select('leafIndex')
        .where('dedupe', '=', `opening:${accessId}`)
        .executeTakeFirst();
      const place = row?.leafIndex ?? null;
      return place === null ? null : Number(place);
    }),

  openingsUnder: (orderId, authorizationId) =>
    guarded(async () => {
      const { rows } = await sql<{ count: number }>`
        SELECT count(*)::integer AS count FROM access_entries
        WHERE authorization_id = ${authorizationId} AND body::jsonb->>'order' = ${orderId}`.execute(
        db,
      );
      return rows[0]!.count;
    }),

  orderOpening: (accessId) =>
    guarded(async () => {
      const { rows } = await sql<{ order: string; authorizationId: string; at: string }>`
        SELECT authorization_id, body::jsonb->>'order' AS order, body::jsonb->>'at' AS at FROM access_entries
        WHERE id = ${accessId} AND body::jsonb ? 'order'`.execute(db);
      const row = rows[0];
      return row ? { ...row, at: new Date(row.at) } : null;
    }),

  reportAct: (reportId, act) =>
    guarded(async () => {
      const row = await db
        .selectFrom('reportActs')
        .selectAll()
        .where('reportId', '=', reportId)
        .where('act', '=', act)
        .executeTakeFirst();
      return row ?? null;
    }),

  addReportAct: (row) =>
    guarded(async () => {
      const added = await db
        .insertInto('reportActs')
        .values(row)
        .onConflict((c) => c.doNothing())
        .executeTakeFirst();
      return added.numInsertedOrUpdatedRows === 1n;
    }),
});

/** Grants `g` of that condition as they stand at that moment, by when they were asked for. */
export async function grantStandings(
  db: Database | Tx,
  condition: RawBuilder<unknown>,
  at: Date,
  limit: number,
  order: 'asc' | 'desc' = 'asc',
): Promise<readonly GrantStanding[]> {
  const { rows } = await sql<
    Omit<GrantRow, 'rights'> & {
      rights: string[];
      revokedAt: Date | null;
      goodFrom: Date | null;
      goodUntil: Date | null;
      caseNumber: string;
      letters: number;
    }
  >`
    SELECT g.id, g.case_id, g.requester, g.session_id, g.legal_basis, g.reason, g.rights, g.break_glass, g.asked_at,
           g.hours, g.revoked_at, s.good_from, s.good_until, c.number AS case_number,
           (SELECT count(*)::int FROM case_authorizations x WHERE x.case_id = g.case_id) AS letters
    FROM grants g JOIN cases c ON c.id = g.case_id LEFT JOIN LATERAL grant_span(g.id, ${at}) s ON true
    WHERE ${condition} ORDER BY g.asked_at ${sql.raw(order)}, g.id LIMIT ${limit}`.execute(db);
  const approvals = new Map<string, GrantApprovalRow[]>();
  if (rows.length > 0) {
    const agreed = await db
      .selectFrom('grantApprovals')
      .select(['grantId', 'staffId', 'sessionId', 'role', 'at', 'agreementId', 'mac'])
      .where(
        'grantId',
        'in',
        rows.map(({ id }) => id),
      )
      .orderBy('at')
      .orderBy('staffId')
      .execute();
    for (const { grantId, ...approval } of agreed)
      approvals.set(grantId, [...(approvals.get(grantId) ?? []), approval]);
  }
  return rows.map((row) => ({
    ...row,
    rights: row.rights as GrantRight[],
    approvals: approvals.get(row.id) ?? [],
  }));
}
