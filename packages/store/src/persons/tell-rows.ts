import { ID_PREFIXES } from '@mandate/core';
import type { UseMessageRecord } from '@mandate/ceremony';
import { guarded, type Database } from '../connect.js';

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

  countHoldTell: (factId, max) =>
    guarded(async () => {
      const resolution = factId.startsWith(`${ID_PREFIXES.holdResolution}_`);
      const tells = resolution ? 'resolutionTells' : 'tells';
      const row = await db
        .updateTable('holds')
        .set((e) => ({ [tells]: e(tells, '+', 1) }))
        .where(resolution ? 'resolutionId' : 'id', '=', factId)
        .where(tells, '<', max)
        .returning(['authorizationId', 'by', 'outcome', 'openedAt', 'resolvedAt'])
        .executeTakeFirst();
      if (!row) return null;
      const { authorizationId, by } = row;
      return resolution
        ? { authorizationId, by, outcome: row.outcome, at: row.resolvedAt! }
        : { authorizationId, by, outcome: null, at: row.openedAt };
    }),
});
