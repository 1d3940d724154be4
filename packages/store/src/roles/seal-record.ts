import { DomainError, ID_PREFIXES } from '@mandate/core';
import type { SealRecord, StoredFact } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';
import { AUTHORIZATION_COLUMNS } from '../authorizations/reads.js';
import { receiptRow, SCOPE_COLUMNS } from '../authorizations/use-reads.js';

const TABLES = {
  [ID_PREFIXES.redemption]: ['redemption', 'redemptions'],
  [ID_PREFIXES.withdrawal]: ['withdrawal', 'withdrawals'],
  [ID_PREFIXES.hold]: ['hold', 'holds'],
  [ID_PREFIXES.holdResolution]: ['hold-resolution', 'holds'],
  [ID_PREFIXES.end]: ['end', 'ends'],
  [ID_PREFIXES.release]: ['release', 'subjectReleases'],
  [ID_PREFIXES.restriction]: ['restriction', 'restrictions'],
  [ID_PREFIXES.erasure]: ['erasure', 'erasures'],
  [ID_PREFIXES.idImage]: ['id-image-destruction', 'idImages'],
} as const;

const isFact = (prefix: string | undefined): prefix is keyof typeof TABLES =>
  prefix !== undefined && Object.hasOwn(TABLES, prefix);

/** Role seal: reads facts for itself before it signs for them, and keeps the receipts. */
export const sealRecord = (db: Database): SealRecord => ({
  fact: (id) =>
    guarded(async () => {
      const prefix = id.split('_')[0];
      const missing = (): never => {
        throw new DomainError('not-found', 'no such fact');
      };
      if (!isFact(prefix)) return missing();
      const [kind, table] = TABLES[prefix];
      const row = await db
        .selectFrom(table as 'withdrawals')
        .selectAll()
        .where((kind === 'hold-resolution' ? 'resolutionId' : 'id') as 'id', '=', id)
        .executeTakeFirst();
      if (!row) return missing();
      const authorization = await db
        .selectFrom('authorizations')
        .select(AUTHORIZATION_COLUMNS)
        .where('id', '=', row.authorizationId)
        .executeTakeFirstOrThrow();
      const institution = await db
        .selectFrom('institutions')
        .select(['id', 'name', 'creditCode', 'contact', 'complaints'])
        .where('id', '=', authorization.institutionId)
        .executeTakeFirstOrThrow();
      const scope = await db
        .selectFrom('scopes')
        .select(SCOPE_COLUMNS)
        .where('authorizationId', '=', authorization.id)
        .executeTakeFirst();
      if (!scope && kind === 'redemption') return missing();
      return { kind, row, authorization, institution, scope } as unknown as StoredFact;
    }),

  receipt: (factId) => guarded(() => receiptRow(db, factId)),

  addReceipt: (row) =>
    guarded(async () => {
      await db
        .insertInto('receipts')
        .values({ ...row, token: null, operator: null })
        .onConflict((c) => c.doNothing())
        .execute();
      return (await receiptRow(db, row.factId))!;
    }),

  stampReceipt: (factId, token, operator) =>
    guarded(async () => {
      await db
        .updateTable('receipts')
        .set({ token, operator })
        .where('factId', '=', factId)
        .where('token', 'is', null)
        .execute();
      return (await receiptRow(db, factId))!;
    }),

  statuses: (from, to, at) =>
    guarded(async () => {
      const { rows } = await sql<{ index: number; status: 'invalid' | 'suspended' }>`
        SELECT * FROM (
          SELECT r.status_index AS index, CASE
            WHEN r.state = 'released' OR s.end_at <= ${at}
              OR EXISTS (SELECT 1 FROM withdrawals w WHERE w.authorization_id = r.authorization_id)
              OR EXISTS (SELECT 1 FROM ends e WHERE e.authorization_id = r.authorization_id)
              OR EXISTS (SELECT 1 FROM holds h WHERE h.authorization_id = r.authorization_id
                         AND h.resolved_at IS NOT NULL AND h.outcome = 'upheld')
              THEN 'invalid'
            WHEN EXISTS (SELECT 1 FROM holds h WHERE h.authorization_id = r.authorization_id
                         AND h.resolved_at IS NULL)
              THEN 'suspended' END AS status
          FROM redemptions r JOIN scopes s ON s.authorization_id = r.authorization_id
          WHERE r.status_index >= ${from} AND r.status_index < ${to}
        ) all_of_them WHERE status IS NOT NULL`.execute(db);
      return rows;
    }),
});
