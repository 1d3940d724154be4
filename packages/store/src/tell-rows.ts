import type { UseMessageRecord } from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';

/** Role ra: which uses the subject has been told of. */
export const tellRows = (db: Database): UseMessageRecord => ({
  countTell: (redemptionId, max) =>
    guarded(async () => {
      const row = await db
        .updateTable('redemptions')
        .set((e) => ({ tells: e('tells', '+', 1) }))
        .where('id', '=', redemptionId)
        .where('tells', '<', max)
        .returning(['authorizationId', 'source', 'number', 'at'])
        .executeTakeFirst();
      if (!row) return null;
      const { maxUses } = await db
        .selectFrom('scopes')
        .select('maxUses')
        .where('authorizationId', '=', row.authorizationId)
        .executeTakeFirstOrThrow();
      return { ...row, of: maxUses };
    }),
});
