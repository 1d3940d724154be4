import { canonicalize, FIRST_PREVIOUS, kindDigestHex, type AccessEntry } from '@mandate/core';
import type { VaultRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database, type Tx } from './connect.js';
import { erasureRows } from './erasure-rows.js';
import { registerRows } from './register-rows.js';

/** Role vault: wrapped data keys and the register of who opened them. */
export function vaultRecord(db: Database): VaultRecord {
  return {
    ...erasureRows(db, addEntry),
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
          const { at, purpose, actor } = JSON.parse(body) as AccessEntry;
          return { ordinal, at, purpose, actor };
        });
      }),

    recordAccess: (entry) =>
      guarded(async () => {
        if (await addEntry(db, entry)) return;
        // Somebody opened the same data at the same moment: now by turns.
        let added = false;
        while (!added)
          added = await db.transaction().execute(async (tx) => {
            await sql`SELECT pg_advisory_xact_lock(hashtextextended(${entry.authorizationId}, 0))`.execute(
              tx,
            );
            return addEntry(tx, entry);
          });
      }),
  };
}

/** The next entry of the authorization's chain; false when another one has just taken its place. */
async function addEntry(
  db: Database | Tx,
  entry: Parameters<VaultRecord['recordAccess']>[0],
): Promise<boolean> {
  const last = await db
    .selectFrom('accessEntries')
    .select(['ordinal', 'digest'])
    .where('authorizationId', '=', entry.authorizationId)
    .orderBy('ordinal', 'desc')
    .executeTakeFirst();
  const body = {
    authorization: entry.authorizationId,
    id: entry.id,
    ordinal: (last?.ordinal ?? 0) + 1,
    purpose: entry.purpose,
    actor: entry.actor,
    at: entry.at.toISOString(),
    previous: last?.digest ?? FIRST_PREVIOUS,
  };
  const added = await db
    .insertInto('accessEntries')
    .values({
      authorizationId: entry.authorizationId,
      ordinal: body.ordinal,
      id: entry.id,
      body: canonicalize(body),
      digest: kindDigestHex('access', body),
    })
    .onConflict((c) => c.columns(['authorizationId', 'ordinal']).doNothing())
    .executeTakeFirst();
  return added.numInsertedOrUpdatedRows === 1n;
}
