import { DomainError } from '@mandate/core';
import type { RaRecord } from '@mandate/ceremony';
import { append } from './append.js';
import { guarded, violates, type Database, type Tx } from './connect.js';

export const passkeyRows = (
  db: Database,
): Pick<RaRecord, 'latestConfirmation' | 'passkeysOf' | 'passkey' | 'registerPasskey'> => ({
  latestConfirmation: (authorizationId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('confirmations')
        .selectAll()
        .where('authorizationId', '=', authorizationId)
        .orderBy('confirmedAt', 'desc')
        .executeTakeFirst();
      return row ?? null;
    }),

  passkeysOf: (subjectKey) =>
    guarded(() =>
      db
        .selectFrom('passkeys')
        .selectAll()
        .where('subjectKey', '=', subjectKey)
        .where('revokedAt', 'is', null)
        .orderBy('createdAt')
        .execute(),
    ),

  passkey: (credentialId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('passkeys')
        .selectAll()
        .where('credentialId', '=', credentialId)
        .executeTakeFirst();
      return row ?? null;
    }),

  registerPasskey: (step, row, ledgerEntry) =>
    guarded(async () => {
      try {
        await db.transaction().execute(async (tx) => {
          await append(tx, 'ra', step);
          // Not under the authorization's id: that would be the entry that releases it.
          await tx
            .insertInto('ledgerQueue')
            .values({
              dedupe: `credential:${row.id}`,
              entry: ledgerEntry,
              authorizationId: null,
              leafIndex: null,
            })
            .execute();
          await tx.insertInto('passkeys').values(row).execute();
        });
      } catch (error) {
        if (violates(error, 'passkeys_credential_id_key'))
          throw new DomainError('passkey-invalid', 'this passkey is registered already');
        throw error;
      }
    }),
});

/**
 * Two answers at once cannot both move it, and none moves it back. Authenticators that do not count stay
 * at zero. Throws `passkey-invalid`.
 */
export async function moveCounter(
  tx: Tx,
  { id, counter }: { readonly id: string; readonly counter: number },
): Promise<void> {
  const moved = await tx
    .updateTable('passkeys')
    .set({ counter })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .where((e) =>
      e.or([e('counter', '<', counter), e.and([e('counter', '=', 0), e.val(counter === 0)])]),
    )
    .executeTakeFirst();
  if (moved.numUpdatedRows !== 1n)
    throw new DomainError('passkey-invalid', 'this passkey was used elsewhere meanwhile');
}
