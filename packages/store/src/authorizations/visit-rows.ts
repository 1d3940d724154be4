import type { WebRecord } from '@mandate/ceremony';
import { guarded, type Database } from '../connect.js';

type VisitRows = Pick<
  WebRecord,
  | 'createLink'
  | 'linkByToken'
  | 'linkById'
  | 'useTicket'
  | 'waysInAllowed'
  | 'createVisit'
  | 'visit'
  | 'visitByCookie'
  | 'visitByHandOver'
  | 'identifyVisit'
>;

const LINK = [
  'id',
  'authorizationId',
  'kind',
  'origins',
  'returnUrl',
  'returnState',
  'handedOverFrom',
  'expiresAt',
] as const;
const VISIT = [
  'id',
  'authorizationId',
  'linkId',
  'continues',
  'framed',
  'createdAt',
  'expiresAt',
  'identifiedAt',
  'gate',
] as const;

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
          .select(LINK)
          .where('tokenDigest', '=', tokenDigest)
          .executeTakeFirst();
        return row ?? null;
      }),

    linkById: (id) =>
      guarded(async () => {
        const row = await db
          .selectFrom('signingLinks')
          .select(LINK)
          .where('id', '=', id)
          .executeTakeFirst();
        return row ?? null;
      }),

    waysInAllowed: (institutionId) =>
      guarded(async () => {
        const rows = await db
          .selectFrom('waysInAllowed')
          .select(['kind', 'value'])
          .where('institutionId', '=', institutionId)
          .orderBy('value')
          .execute();
        const of = (kind: 'origin' | 'scheme') =>
          rows.filter((row) => row.kind === kind).map(({ value }) => value);
        return { origins: of('origin'), schemes: of('scheme') };
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

    visit: (id) =>
      guarded(async () => {
        const row = await db
          .selectFrom('visits')
          .select(VISIT)
          .where('id', '=', id)
          .executeTakeFirst();
        return row ?? null;
      }),

    visitByCookie: (cookieDigest) =>
      guarded(async () => {
        const row = await db
          .selectFrom('visits')
          .select(VISIT)
          .where('cookieDigest', '=', cookieDigest)
          .executeTakeFirst();
        return row ?? null;
      }),

    visitByHandOver: (handOverDigest) =>
      guarded(async () => {
        const row = await db
          .selectFrom('visits')
          .select(VISIT)
          .where('handOverDigest', '=', handOverDigest)
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
