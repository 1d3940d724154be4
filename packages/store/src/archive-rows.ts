import type { ArchiveReads, ArchiveRow, WorkerRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database } from './connect.js';

export const archiveReads = (db: Database): ArchiveReads => ({
  newestArchive: (authorizationId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('archives')
        .selectAll()
        .where('authorizationId', '=', authorizationId)
        .orderBy('generation', 'desc')
        .executeTakeFirst();
      return row ?? null;
    }),
});

/** False when another worker has written that generation. */
export const addArchive = (db: Database, row: ArchiveRow): Promise<boolean> =>
  guarded(async () => {
    try {
      await db.insertInto('archives').values(row).execute();
      return true;
    } catch (error) {
      if (violates(error, 'archives_pkey')) return false;
      throw error;
    }
  });

/** What of the archives is to be done. */
export const archiveSchedule = (
  db: Database,
): Pick<WorkerRecord, 'unarchived' | 'overdueArchives'> => ({
  unarchived: ({ releasedBefore, at, limit }) =>
    guarded(async () => {
      const missing = await db
        .selectFrom('authorizations as a')
        .leftJoin('archives as r', 'r.authorizationId', 'a.id')
        .select('a.id')
        .where('a.state', '=', 'released')
        .where('a.updatedAt', '<', releasedBefore)
        .where('r.generation', 'is', null)
        .orderBy('a.updatedAt')
        .limit(limit)
        .execute();
      const due = await newest(db)
        .where('r.renewFrom', '<=', at)
        .orderBy('r.renewBy')
        .limit(limit)
        .select('r.authorizationId as id')
        .execute();
      return [...missing, ...due].slice(0, limit).map(({ id }) => id);
    }),

  overdueArchives: (at) =>
    guarded(async () => {
      const { count } = await newest(db)
        .where(sql<boolean>`r.renew_from + (r.renew_by - r.renew_from) / 2 <= ${at}`)
        .select((e) => e.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    }),
});

/** Each letter's newest generation. */
const newest = (db: Database) =>
  db
    .selectFrom('archives as r')
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('archives as later')
            .select('later.generation')
            .whereRef('later.authorizationId', '=', 'r.authorizationId')
            .whereRef('later.generation', '>', 'r.generation'),
        ),
      ),
    );
