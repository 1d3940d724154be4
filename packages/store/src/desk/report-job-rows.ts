import { DomainError } from '@mandate/core';
import { LIST_FAILED, type ReportJobRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database } from '../connect.js';
import { reportItemRows } from './report-item-rows.js';
import { reportJobReads } from './report-job-reads.js';

/** Role desk: jobs that make reports. */
export const reportJobRows = (db: Database): ReportJobRecord => ({
  ...reportJobReads(db),
  ...reportItemRows(db),

  addJob: async ({ languages, ...job }, order, authorizations) => {
    const add = () =>
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('reportJobs')
          .values({
            ...job,
            ...{ languages: [...languages], state: 'running', changedAt: job.madeAt },
          })
          .execute();
        await tx
          .insertInto('reportJobOrders')
          .values({ jobId: job.id, nth: 1, ...order })
          .execute();
        await tx
          .insertInto('reportItems')
          .values(
            authorizations.map((authorizationId, i) => ({
              ...{ jobId: job.id, ordinal: i + 1, authorizationId, state: 'waiting' as const },
            })),
          )
          .execute();
        return true;
      });
    return guarded(() =>
      add().catch((error: unknown) => {
        if (violates(error, 'report_job_orders_order_id_key')) return false;
        throw error;
      }),
    );
  },

  restJob: async ({ jobId, until }) => {
    await guarded(() =>
      db
        .updateTable('reportJobs')
        .set({ leasedUntil: until })
        .where('id', '=', jobId)
        .where('state', '=', 'running')
        .execute(),
    );
  },

  stopJob: ({ jobId, orderId, why, at }) =>
    guarded(async () => {
      const { numAffectedRows } = await sql`
        UPDATE report_jobs SET state = 'stopped', why = ${why}, changed_at = ${at}
        WHERE id = ${jobId} AND state = 'running' AND ${orderId} = (
          SELECT o.order_id FROM report_job_orders o WHERE o.job_id = ${jobId} ORDER BY o.nth DESC LIMIT 1)`.execute(
        db,
      );
      return numAffectedRows === 1n;
    }),

  resumeJob: async (jobId, order) => {
    await guarded(() =>
      db.transaction().execute(async (tx) => {
        const moved = await tx
          .updateTable('reportJobs')
          .set({ state: 'running', why: null, changedAt: order.at, leasedUntil: null })
          .where('id', '=', jobId)
          .where('state', '=', 'stopped')
          .executeTakeFirst();
        if (moved.numUpdatedRows !== 1n)
          throw new DomainError('illegal-transition', 'this job is not stopped');
        const last = await tx
          .selectFrom('reportJobOrders')
          .select((e) => e.fn.max('nth').as('nth'))
          .where('jobId', '=', jobId)
          .executeTakeFirstOrThrow();
        await tx
          .insertInto('reportJobOrders')
          .values({ jobId, nth: last.nth + 1, ...order })
          .execute();
      }),
    );
  },

  endStopped: (at, jobId) =>
    guarded(async () => {
      const { rows } = await sql<{ id: string }>`
        UPDATE report_jobs j SET state = 'running', why = NULL, changed_at = ${at}, leased_until = NULL
        WHERE j.state = 'stopped'
          AND CASE WHEN ${jobId ?? null}::text IS NULL THEN j.why <> ${LIST_FAILED} ELSE j.id = ${jobId ?? null} END
          AND NOT EXISTS (SELECT 1 FROM report_items i WHERE i.job_id = j.id AND i.state = 'waiting')
        RETURNING j.id`.execute(db);
      return rows.map(({ id }) => id);
    }),

  claimFiling: ({ jobId, worker, at, until }) =>
    guarded(async () => {
      const done = await db
        .updateTable('reportJobs')
        .set({ worker, leasedUntil: until })
        .where('id', '=', jobId)
        .where('state', '=', 'running')
        .where((e) => e.or([e('leasedUntil', 'is', null), e('leasedUntil', '<=', at)]))
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('reportItems')
                .select('ordinal')
                .where('jobId', '=', jobId)
                .where('state', '=', 'waiting'),
            ),
          ),
        )
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),

  finishJob: ({ jobId, worker, files, at }) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const done = await tx
          .updateTable('reportJobs')
          .set({ state: 'done', changedAt: at, leasedUntil: null })
          .where('id', '=', jobId)
          .where('state', '=', 'running')
          .where('worker', '=', worker)
          .executeTakeFirst();
        if (done.numUpdatedRows !== 1n) return false;
        if (files.length > 0)
          await tx
            .insertInto('reportFilings')
            .values(files.map((file) => ({ jobId, madeAt: at, ...file })))
            .execute();
        return true;
      }),
    ),

  holdFiling: async ({ jobId, worker, until }) => {
    await guarded(() =>
      db
        .updateTable('reportJobs')
        .set({ leasedUntil: until })
        .where('id', '=', jobId)
        .where('worker', '=', worker)
        .where('state', '=', 'running')
        .execute(),
    );
  },
});
