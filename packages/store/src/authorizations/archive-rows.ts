import type { ArchiveReads, ArchiveRow, WorkerRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database, type Tx } from '../connect.js';

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

/** A generation and its ledger entry together; false when another worker has written that generation. */
export const addArchive = (
  db: Database,
  row: ArchiveRow,
  enqueue: (tx: Tx) => Promise<void>,
): Promise<boolean> =>
  guarded(async () => {
    try {
      await db.transaction().execute(async (tx) => {
        await tx.insertInto('archives').values(row).execute();
        await enqueue(tx);
      });
      return true;
    } catch (error) {
      if (violates(error, 'archives_pkey')) return false;
      throw error;
    }
  });

/** What of the archives is to be done. */
export const archiveSchedule = (
  db: Database,
): Pick<WorkerRecord, 'unarchived' | 'waitingArchives' | 'overdueArchives'> => ({
  unarchived: ({ releasedBefore, at, limit }) =>
    guarded(async () => {
      const missing = await waiting(db, releasedBefore)
        .select('a.id')
        .orderBy('a.updatedAt')
        .limit(limit)
        .execute();
      const due = await newest(db)
        .where('r.renewFrom', '<=', at)
        .orderBy('r.renewBy')
        .limit(limit)
        .select('r.authorizationId as id')
        .execute();
      const { rows: aged } = await sql<{ id: string }>`
        SELECT g.authorization_id AS id ${agedSeals(at)} ORDER BY g.renew_by LIMIT ${limit}`.execute(
        db,
      );
      // What is due has a last day; what waits may wait for an operator that nobody has configured yet.
      return [...new Set([...due, ...aged, ...missing].map(({ id }) => id))];
    }),

  waitingArchives: (releasedBefore) =>
    guarded(async () => {
      const { count } = await waiting(db, releasedBefore)
        .select((e) => e.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    }),

  overdueArchives: (at) =>
    guarded(async () => {
      const { count } = await newest(db)
        .where('r.renewFrom', '<=', at) // implied by the next line, and found by index
        .where(sql<boolean>`r.renew_from + (r.renew_by - r.renew_from) / 2 <= ${at}`)
        .select((e) => e.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      const { rows } = await sql<{ count: number }>`
        SELECT count(*)::int AS count ${agedSeals(at)}
          AND g.renew_from + (g.renew_by - g.renew_from) / 2 <= ${at}`.execute(db);
      return Number(count) + rows[0]!.count;
    }),
});

/** Last generations whose seal is due, of archived letters that were not renewed since. */
const agedSeals = (at: Date) => sql`
  FROM bundle_generations g
  WHERE g.renew_from <= ${at}
    AND NOT EXISTS (SELECT 1 FROM bundle_generations n
      WHERE n.authorization_id = g.authorization_id AND n.generation > g.generation)
    AND NOT EXISTS (SELECT 1 FROM archives r
      WHERE r.authorization_id = g.authorization_id AND r.generation > g.archive_generation)
    AND EXISTS (SELECT 1 FROM archives r WHERE r.authorization_id = g.authorization_id)
    AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.authorization_id = g.authorization_id)`;

/** Released letters without any generation. */
const waiting = (db: Database, releasedBefore: Date) =>
  db
    .selectFrom('authorizations as a')
    .leftJoin('archives as r', 'r.authorizationId', 'a.id')
    .where('a.state', '=', 'released')
    .where('a.updatedAt', '<', releasedBefore)
    .where('r.generation', 'is', null);

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
