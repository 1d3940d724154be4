import type { ReviewRecord } from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';
import { texts } from './reconciliation-rows.js';

/** Role vault: uses and subjects a source's log is compared with. */
export const reviewRows = (db: Database): ReviewRecord => ({
  sealedUses: (institutionId, ids) =>
    guarded(async () => {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('redemptions as r')
        .innerJoin('authorizations as a', 'a.id', 'r.authorizationId')
        .innerJoin('dataKeys as k', 'k.authorizationId', 'r.authorizationId')
        .leftJoin('restrictions as x', 'x.authorizationId', 'r.authorizationId')
        .select(['r.id', 'r.authorizationId', 'a.institutionId', 'r.operator', 'r.box'])
        .select(['k.wrapped', 'x.id as restriction'])
        .where((e) => e('r.id', '=', e.fn.any(texts(ids))))
        .where('a.institutionId', '=', institutionId)
        .execute();
      return rows.map(({ restriction, ...row }) => ({ ...row, restricted: restriction !== null }));
    }),

  subjectKeys: (institutionId, authorizationIds) =>
    guarded(async () => {
      if (authorizationIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('deskIndex')
        .select(['authorizationId', 'idKey'])
        .where('institutionId', '=', institutionId)
        .where((e) => e('authorizationId', '=', e.fn.any(texts(authorizationIds))))
        .execute();
      return new Map(rows.map(({ authorizationId, idKey }) => [authorizationId, idKey]));
    }),
});
