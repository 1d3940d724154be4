import type {
  GenerationReads,
  GenerationRecord,
  GenerationRow,
  WorkerRecord,
} from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database } from '../connect.js';

/** What has been added to bundles, for every role that hands them out. */
export const generationReads = (db: Database): GenerationReads => ({
  generations: (authorizationId) =>
    guarded(async () => {
      const rows: readonly GenerationRow[] = await db
        .selectFrom('bundleGenerations')
        .selectAll()
        .where('authorizationId', '=', authorizationId)
        .orderBy('generation')
        .execute();
      return rows;
    }),
  inclusionProof: (authorizationId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('inclusionProofs')
        .select('proof')
        .where('authorizationId', '=', authorizationId)
        .executeTakeFirst();
      return row?.proof ?? null;
    }),
});

/** Role ca. */
export const generationRows = (db: Database): GenerationRecord => ({
  ...generationReads(db),

  archive: (authorizationId, generation) =>
    guarded(async () => {
      const row = await db
        .selectFrom('archives')
        .selectAll()
        .where('authorizationId', '=', authorizationId)
        .where('generation', '=', generation)
        .executeTakeFirst();
      return row ?? null;
    }),

  bundleChanges: (authorizationId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('bundleChanges')
        .select('changes')
        .where('authorizationId', '=', authorizationId)
        .executeTakeFirst();
      return row?.changes ?? 0;
    }),

  laterEntries: (authorizationId) =>
    guarded(async () => {
      const { rows } = await sql<{
        leafIndex: number | null;
        entry: string;
        factId: string | null;
      }>`
        SELECT leaf_index, entry, fact_id FROM later_entries(${authorizationId})`.execute(db);
      return rows.map(({ leafIndex: index, ...row }) => ({ index, ...row }));
    }),

  addGeneration: (row, told) =>
    guarded(async () => {
      try {
        await db.transaction().execute(async (tx) => {
          await tx.insertInto('bundleGenerations').values(row).execute();
          await tell(tx, row.authorizationId, told);
        });
        return true;
      } catch (error) {
        if (violates(error, 'bundle_generations_pkey')) return false;
        throw error;
      }
    }),

  tellChanges: (authorizationId, told) => guarded(() => tell(db, authorizationId, told)),
});

/** Never lowers it. */
async function tell(
  db: Pick<Database, 'updateTable'>,
  authorizationId: string,
  told: number,
): Promise<void> {
  await db
    .updateTable('bundleChanges')
    .set({ told })
    .where('authorizationId', '=', authorizationId)
    .where('told', '<', told)
    .execute();
}

/** Role worker: bundles that something is to be added to, and whose pause is over. */
export const generationSchedule = (db: Database): Pick<WorkerRecord, 'growingBundles'> => ({
  growingBundles: ({ at, pause: { seconds, growing }, most, reserved, limit }) =>
    guarded(async () => {
      const { rows } = await sql<{ id: string }>`
        SELECT c.authorization_id AS id FROM bundle_changes c
        LEFT JOIN LATERAL (
          SELECT generation, made_at, archive_generation FROM bundle_generations g
          WHERE g.authorization_id = c.authorization_id ORDER BY generation DESC LIMIT 1) g ON true
        CROSS JOIN LATERAL (
          SELECT EXISTS (SELECT 1 FROM archives r WHERE r.authorization_id = c.authorization_id
            AND r.generation > coalesce(g.archive_generation, 0)) AS pending) renewal
        WHERE c.changes > c.told
          AND c.changed_at <= ${at}::timestamptz - make_interval(secs => ${seconds})
          AND coalesce(g.generation, 0) < ${most}::int - CASE WHEN renewal.pending THEN 0 ELSE ${reserved}::int END
          AND (renewal.pending OR g.made_at IS NULL OR g.made_at <= ${at}::timestamptz
            - make_interval(secs => ${seconds} + ${growing} * power(g.generation + 1, 3)))
          AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.authorization_id = c.authorization_id)
        ORDER BY c.changed_at LIMIT ${limit}`.execute(db);
      return rows.map(({ id }) => id);
    }),
});
