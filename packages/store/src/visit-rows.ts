import type { WebRecord } from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';

type VisitRows = Pick<
  WebRecord,
  'createLink' | 'linkByToken' | 'useTicket' | 'createVisit' | 'visitByCookie' | 'identifyVisit'
>;

/** Signing links, tickets and visits; only digests of their tokens are kept. */
export function visitRows(db: Database): VisitRows {
  return {
    createLink: async ({ at, origins, ...row }) => {
      await guarded(() =>
        db
          .insertInto('signingLinks')
          .values({ ...row, origins: [...origins], createdAt: at, usedAt: null })
          .execute(),
      );
    },

    linkByToken: (tokenDigest) =>
      guarded(async () => {
        const row = await db
          .selectFrom('signingLinks')
          .select(['id', 'authorizationId', 'kind', 'origins', 'expiresAt'])
          .where('tokenDigest', '=', tokenDigest)
          .executeTakeFirst();
        return row ?? null;
      }),

    useTicket: (id, at) =>
      guarded(async () => {
        const used = await db
          .updateTable('signingLinks')
          .set({ usedAt: at })
          .where('id', '=', id)
          .where('usedAt', 'is', null)
          .executeTakeFirst();
        return used.numUpdatedRows === 1n;
      }),

    createVisit: async ({ at, ...row }) => {
      await guarded(() =>
        db
          .insertInto('visits')
          .values({ ...row, createdAt: at, identifiedAt: null, gate: null })
          .execute(),
      );
    },

    visitByCookie: (cookieDigest) =>
      guarded(async () => {
        const row = await db
          .selectFrom('visits')
          .select(['id', 'authorizationId', 'expiresAt', 'identifiedAt', 'gate'])
          .where('cookieDigest', '=', cookieDigest)
          .executeTakeFirst();
        return row ?? null;
      }),

    identifyVisit: async (id, at, gate) => {
      await guarded(() =>
        db
          .updateTable('visits')
          .set({ identifiedAt: at, gate })
          .where('id', '=', id)
          .where('identifiedAt', 'is', null)
          .execute(),
      );
    },
  };
}
