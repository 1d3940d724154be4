import type { ClaimedReport, ReportJobRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';
import { itemsWithLetters } from './report-job-reads.js';

/** One report of a job, from its claim by a worker to its end; who lost the lease changes nothing. */
export const reportItemRows = (
  db: Database,
): Pick<
  ReportJobRecord,
  | 'claimItem'
  | 'holdItem'
  | 'keepFacts'
  | 'finishItem'
  | 'refuseItem'
  | 'redrawItem'
  | 'releaseItem'
> => ({
  claimItem: ({ jobId, worker, reportId, at, until }) =>
    guarded(async () => {
      const { rows } = await sql<{ reportId: string }>`
        UPDATE report_items SET worker = ${worker}, leased_until = ${until}, tries = tries + 1,
          report_id = coalesce(report_id, ${reportId}), made_at = coalesce(made_at, ${at})
        WHERE (job_id, ordinal) = (
          SELECT i.job_id, i.ordinal FROM report_items i JOIN report_jobs j ON j.id = i.job_id
          WHERE i.job_id = ${jobId} AND i.state = 'waiting' AND j.state = 'running'
            AND (i.leased_until IS NULL OR i.leased_until <= ${at})
            AND (j.leased_until IS NULL OR j.leased_until <= ${at})
          ORDER BY i.ordinal LIMIT 1 FOR UPDATE OF i SKIP LOCKED)
        RETURNING report_id`.execute(db);
      if (!rows[0]) return null;
      const row = await itemsWithLetters(db)
        .where('i.reportId', '=', rows[0].reportId)
        .select((e) =>
          e
            .selectFrom('reportJobOrders as o')
            .select('o.orderId')
            .whereRef('o.jobId', '=', 'i.jobId')
            .orderBy('o.nth', 'desc')
            .limit(1)
            .as('orderId'),
        )
        .executeTakeFirstOrThrow();
      return row as ClaimedReport;
    }),

  holdItem: async ({ reportId, worker, until }) => {
    await guarded(() =>
      db
        .updateTable('reportItems')
        .set({ leasedUntil: until })
        .where('reportId', '=', reportId)
        .where('worker', '=', worker)
        .where('state', '=', 'waiting')
        .execute(),
    );
  },

  keepFacts: ({ reportId, worker, facts, anchors }) =>
    guarded(async () => {
      await db
        .insertInto('reportAnchors')
        .values(anchors)
        .onConflict((c) => c.column('digest').doNothing())
        .execute();
      const done = await db
        .updateTable('reportItems')
        .set({ facts })
        .where('reportId', '=', reportId)
        .where('worker', '=', worker)
        .where('state', '=', 'waiting')
        .where('facts', 'is', null)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),

  finishItem: ({ reportId, worker, files, indication, subIndication, at }) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const done = await tx
          .updateTable('reportItems')
          .set({ state: 'done', indication, subIndication, endedAt: at, leasedUntil: null })
          .where('reportId', '=', reportId)
          .where('worker', '=', worker)
          .where('state', '=', 'waiting')
          .executeTakeFirst();
        if (done.numUpdatedRows !== 1n) return false;
        await tx
          .insertInto('reportFiles')
          .values(files.map((file) => ({ reportId, ...file })))
          .execute();
        return true;
      }),
    ),

  refuseItem: ({ reportId, worker, why, at }) =>
    guarded(async () => {
      const done = await db
        .updateTable('reportItems')
        .set({ state: 'refused', why, endedAt: at, leasedUntil: null })
        .where('reportId', '=', reportId)
        .where('worker', '=', worker)
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),

  redrawItem: async ({ reportId, worker, unopened = false }) => {
    await guarded(() =>
      db
        .updateTable('reportItems')
        .set((e) => ({
          ...{ reportId: null, madeAt: null, facts: null, leasedUntil: null },
          ...(unopened ? { tries: e('tries', '-', 1) } : {}),
        }))
        .where('reportId', '=', reportId)
        .where('worker', '=', worker)
        .where('state', '=', 'waiting')
        .execute(),
    );
  },

  releaseItem: async ({ reportId, worker, unopened = false }) => {
    await guarded(() =>
      db
        .updateTable('reportItems')
        .set((e) => ({ leasedUntil: null, ...(unopened ? { tries: e('tries', '-', 1) } : {}) }))
        .where('reportId', '=', reportId)
        .where('worker', '=', worker)
        .where('state', '=', 'waiting')
        .execute(),
    );
  },
});
