import { isDomainError } from '@mandate/core';
import type { StampRecord } from '@mandate/ceremony';
import { guarded, type Database } from '../connect.js';

/** Stamps of the ledger's heads; role ledger alone. */
export const stampRows = (db: Database): StampRecord => ({
  stampStanding: () =>
    guarded(async () => {
      const newest = await db
        .selectFrom('ledgerCheckpoints')
        .select(['size', 'note'])
        .where('size', '<=', (e) => e.selectFrom('ledgerPublished').select('size'))
        .orderBy('size', 'desc')
        .limit(1)
        .executeTakeFirst();
      const last = await db
        .selectFrom('ledgerStamps')
        .select(['number', 'size', 'stampedAt as at'])
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      return { newest: newest ?? null, last: last ?? null };
    }),
  addStamp: async ({ at, ...stamp }) => {
    try {
      await guarded(() =>
        db
          .insertInto('ledgerStamps')
          .values({ ...stamp, stampedAt: at, published: false })
          .execute(),
      );
      return true;
    } catch (error) {
      // another one was faster
      if (isDomainError(error, 'version-conflict') || isTaken(error)) return false;
      throw error;
    }
  },
  unpublishedStamps: () =>
    guarded(() =>
      db
        .selectFrom('ledgerStamps as s')
        .innerJoin('ledgerCheckpoints as c', 'c.size', 's.size')
        .select(['s.number', 's.size', 'c.note', 's.token'])
        .where('s.published', '=', false)
        .orderBy('s.number')
        .execute(),
    ),
  markStampPublished: (number) =>
    guarded(async () => {
      await db
        .updateTable('ledgerStamps')
        .set({ published: true })
        .where('number', '=', number)
        .where('published', '=', false)
        .execute();
    }),
});

const isTaken = (error: unknown): boolean => (error as { code?: unknown }).code === '23505';
