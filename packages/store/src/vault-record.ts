import { canonicalize, FIRST_PREVIOUS, kindDigestHex } from '@mandate/core';
import type { VaultRecord } from '@mandate/ceremony';
import { guarded, violates, type Database } from './connect.js';

/** Role vault: wrapped data keys and the register of who opened them. */
export function vaultRecord(db: Database): VaultRecord {
  return {
    createKey: (authorizationId, wrapped, at) =>
      guarded(async () => {
        const made = await db
          .insertInto('dataKeys')
          .values({ authorizationId, wrapped, madeAt: at, shreddedAt: null })
          .onConflict((c) => c.doNothing())
          .executeTakeFirst();
        return made.numInsertedOrUpdatedRows === 1n;
      }),

    key: (authorizationId) =>
      guarded(async () => {
        const row = await db
          .selectFrom('dataKeys')
          .select('wrapped')
          .where('authorizationId', '=', authorizationId)
          .executeTakeFirst();
        return row ?? null;
      }),

    recordAccess: (entry) =>
      guarded(async () => {
        // Concurrent openings take the next ordinal by turns.
        for (;;) {
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
          try {
            await db
              .insertInto('accessEntries')
              .values({
                authorizationId: entry.authorizationId,
                ordinal: body.ordinal,
                id: entry.id,
                body: canonicalize(body),
                digest: kindDigestHex('access', body),
              })
              .execute();
            return;
          } catch (error) {
            if (!violates(error, 'access_entries_pkey')) throw error;
          }
        }
      }),
  };
}
