import type { RecipientKey } from '@mandate/ceremony';
import { DomainError } from '@mandate/core';
import { guarded, violates, type Database } from '../connect.js';

/** What the operator says of recipients' keys, with the owner's login. */
export const recipientKeys = (owner: Database) => ({
  registerRecipientKey: (row: Omit<RecipientKey, 'revokedAt'>): Promise<void> =>
    guarded(async () => {
      try {
        await owner
          .insertInto('recipientKeys')
          .values({ ...row, revokedAt: null })
          .execute();
      } catch (cause) {
        if (!violates(cause, 'recipient_keys_credit_code_thumbprint_key')) throw cause;
        throw new DomainError(
          'invalid-request',
          'this key is registered for that recipient already',
          {
            cause,
          },
        );
      }
    }),

  /** False: no such living key. */
  revokeRecipientKey: (id: string, at: Date): Promise<boolean> =>
    guarded(async () => {
      const done = await owner
        .updateTable('recipientKeys')
        .set({ revokedAt: at })
        .where('id', '=', id)
        .where('revokedAt', 'is', null)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),

  listRecipientKeys: (): Promise<readonly RecipientKey[]> =>
    guarded(() =>
      owner.selectFrom('recipientKeys').selectAll().orderBy('creditCode').orderBy('id').execute(),
    ),
});
