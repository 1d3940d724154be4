import type { AccessEntry } from '@mandate/core';
import type { VaultRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';
import { keptAgreements } from '../desk/agreement-rows.js';
import { addAccess } from '../persons/access-rows.js';
import { SEAL_COLUMNS } from '../desk/case-rows.js';
import { erasureRows } from '../persons/erasure-rows.js';
import { registerRows } from '../desk/register-rows.js';

/** Role vault: wrapped data keys and the register of who opened them. */
export function vaultRecord(db: Database): VaultRecord {
  return {
    ...erasureRows(db, addAccess),
    ...registerRows(db),

    createKey: (authorizationId, wrapped, at) =>
      guarded(async () => {
        const made = await db
          .insertInto('dataKeys')
          .values({ authorizationId, wrapped, madeAt: at, shreddedAt: null })
          .onConflict((c) => c.doNothing())
          .executeTakeFirst();
        return made.numInsertedOrUpdatedRows === 1n;
      }),

    sweepKeys: (at) =>
      guarded(async () => {
        const { rows } = await sql<{ deleted: number }>`
          SELECT sweep_orphan_keys(${at}::timestamptz) AS deleted`.execute(db);
        return rows[0]!.deleted;
      }),

    key: (authorizationId) =>
      guarded(async () => {
        const row = await db
          .selectFrom('dataKeys')
          .leftJoin('restrictions as r', 'r.authorizationId', 'dataKeys.authorizationId')
          .select(['dataKeys.wrapped', 'r.id as restriction'])
          .where('dataKeys.authorizationId', '=', authorizationId)
          .executeTakeFirst();
        return row ? { wrapped: row.wrapped, restricted: row.restriction !== null } : null;
      }),

    accesses: (authorizationId) =>
      guarded(async () => {
        const rows = await db
          .selectFrom('accessEntries')
          .select(['ordinal', 'body'])
          .where('authorizationId', '=', authorizationId)
          .orderBy('ordinal')
          .execute();
        return rows.map(({ ordinal, body }) => {
          const said = JSON.parse(body) as AccessEntry & { case?: string };
          const { at, purpose, actor } = said;
          return { ordinal, at, purpose, actor, ...(said.case ? { caseId: said.case } : {}) };
        });
      }),

    accessSeals: (authorizationId, at) =>
      guarded(async () => {
        const seals = await db
          .selectFrom('accessSeals as s')
          .innerJoin('caseAuthorizations as c', 'c.caseId', 's.caseId')
          .select(SEAL_COLUMNS.map((column) => `s.${column}` as const))
          .select('s.mac')
          .where('c.authorizationId', '=', authorizationId)
          .where('s.liftedAt', 'is', null)
          .where('s.until', '>', at)
          .where('s.mac', 'is not', null)
          // What was lifted stays so, whatever its row says by now.
          .where(
            sql<boolean>`NOT EXISTS (SELECT 1 FROM ledger_queue q WHERE q.dedupe = 'desk:lifted:' || s.id)`,
          )
          .$narrowType<{ mac: Uint8Array }>()
          .execute();
        const ids = seals.flatMap(({ agreementId }) => agreementId ?? []);
        const kept = await keptAgreements(db, ids);
        return seals.map((seal) => ({ ...seal, agreement: kept.get(seal.agreementId ?? '') }));
      }),

    recordAccess: (entry) =>
      guarded(async () => {
        if (await addAccess(db, entry)) return;
        // Somebody opened the same data at the same moment: now by turns.
        let added: string | null = null;
        while (added === null)
          added = await db.transaction().execute(async (tx) => {
            await sql`SELECT pg_advisory_xact_lock(hashtextextended(${entry.authorizationId}, 0))`.execute(
              tx,
            );
            return addAccess(tx, entry);
          });
      }),
  };
}
