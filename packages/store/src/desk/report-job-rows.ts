import { DomainError } from '@mandate/core';
import type {
  ClaimedReport,
  ReportFileRow,
  ReportItemRow,
  ReportJobRecord,
  ReportJobRow,
  ReportJobView,
} from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database } from '../connect.js';

const ITEM = [
  'i.jobId',
  'i.ordinal',
  'i.authorizationId',
  'i.state',
  'i.why',
  'i.reportId',
  'i.madeAt',
  'i.facts',
  'i.tries',
  'i.indication',
  'i.subIndication',
  'i.endedAt',
  'a.letterNumber',
] as const;

const items = (db: Database) =>
  db
    .selectFrom('reportItems as i')
    .innerJoin('authorizations as a', 'a.id', 'i.authorizationId')
    .select(ITEM);

/** Role desk: jobs that make reports. */
export const reportJobRows = (db: Database): ReportJobRecord => ({
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

  askedJob: (requestKey) =>
    guarded(async () => {
      const row = await db
        .selectFrom('reportJobOrders as t')
        .innerJoin('deskOrders as o', 'o.id', 't.orderId')
        .select(['t.jobId', 't.request'])
        .where('o.requestKey', '=', requestKey)
        .executeTakeFirst();
      return row ?? null;
    }),

  job: (id) => guarded(async () => (await views(db, 'id', id))[0] ?? null),
  jobsOf: (caseId) => guarded(() => views(db, 'caseId', caseId)),

  items: (jobId, { after, limit }) =>
    guarded(() =>
      items(db)
        .where('i.jobId', '=', jobId)
        .where('i.ordinal', '>', after)
        .orderBy('i.ordinal')
        .limit(limit)
        .execute(),
    ),

  waiting: (jobId) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('reportItems')
        .select('authorizationId')
        .where('jobId', '=', jobId)
        .where('state', '=', 'waiting')
        .orderBy('ordinal')
        .execute();
      return rows.map(({ authorizationId }) => authorizationId);
    }),

  report: (reportId) =>
    guarded(async () => {
      const row = await items(db).where('i.reportId', '=', reportId).executeTakeFirst();
      return row?.state === 'done' ? row : null;
    }),

  reportsOn: (authorizationId, limit) =>
    guarded(() =>
      items(db)
        .where('i.authorizationId', '=', authorizationId)
        .where('i.state', '=', 'done')
        .orderBy('i.madeAt', 'desc')
        .limit(limit)
        .execute(),
    ),

  files: (reportIds) =>
    guarded(async () => {
      const found = new Map<string, ReportFileRow[]>();
      if (reportIds.length === 0) return found;
      const rows = await db
        .selectFrom('reportFiles')
        .selectAll()
        .where('reportId', 'in', [...reportIds])
        .orderBy('name')
        .execute();
      for (const { reportId, ...file } of rows)
        found.set(reportId, [...(found.get(reportId) ?? []), file]);
      return found;
    }),

  anchors: (digest) =>
    guarded(async () => {
      const row = await db
        .selectFrom('reportAnchors')
        .select('body')
        .where('digest', '=', digest)
        .executeTakeFirst();
      return row?.body ?? null;
    }),

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
      const row = await items(db)
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
        WHERE j.state = 'stopped' AND (${jobId ?? null}::text IS NULL OR j.id = ${jobId ?? null})
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

  releaseFiling: async ({ jobId, worker }) => {
    await guarded(() =>
      db
        .updateTable('reportJobs')
        .set({ leasedUntil: null })
        .where('id', '=', jobId)
        .where('worker', '=', worker)
        .where('state', '=', 'running')
        .execute(),
    );
  },

  filing: (jobId) =>
    guarded(() =>
      db
        .selectFrom('reportFilings')
        .select(['name', 'bytes', 'digest', 'crc'])
        .where('jobId', '=', jobId)
        .orderBy('name')
        .execute(),
    ),

  unheldJobs: (at, limit) =>
    guarded(async () => {
      const { rows } = await sql<{ id: string }>`
        SELECT j.id FROM report_jobs j
        WHERE j.state = 'running' AND (j.leased_until IS NULL OR j.leased_until <= ${at})
          AND NOT EXISTS (SELECT 1 FROM report_items i WHERE i.job_id = j.id AND i.state = 'waiting'
                          AND i.leased_until > ${at})
        ORDER BY j.changed_at LIMIT ${limit}`.execute(db);
      return rows.map(({ id }) => id);
    }),
});

async function views(
  db: Database,
  by: 'id' | 'caseId',
  value: string,
): Promise<readonly ReportJobView[]> {
  const jobs = await db
    .selectFrom('reportJobs')
    .selectAll()
    .where(by, '=', value)
    .orderBy('madeAt', 'desc')
    .orderBy('id', 'desc')
    .execute();
  if (jobs.length === 0) return [];
  const ids = jobs.map(({ id }) => id);
  const orders = await db
    .selectFrom('reportJobOrders')
    .selectAll()
    .where('jobId', 'in', ids)
    .orderBy('nth')
    .execute();
  const counts = await db
    .selectFrom('reportItems')
    .select((e) => [
      ...(['jobId', 'state'] as const),
      sql<number>`${e.fn.countAll()}::integer`.as('count'),
    ])
    .where('jobId', 'in', ids)
    .groupBy(['jobId', 'state'])
    .execute();
  const count = (id: string, state: ReportItemRow['state']): number =>
    counts.find((it) => it.jobId === id && it.state === state)?.count ?? 0;
  return jobs.map(({ worker: _, leasedUntil: __, ...job }) => ({
    ...(job as ReportJobRow),
    orders: orders
      .filter(({ jobId }) => jobId === job.id)
      .map(({ orderId, grantId, staffId, at }) => ({ orderId, grantId, staffId, at })),
    done: count(job.id, 'done'),
    refused: count(job.id, 'refused'),
  }));
}
