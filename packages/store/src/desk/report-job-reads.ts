import type {
  ReportFileRow,
  ReportItemRow,
  ReportJobRecord,
  ReportJobRow,
  ReportJobView,
} from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';

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

/** Reports of jobs, each with the number of its letter. */
export const itemsWithLetters = (db: Database) =>
  db
    .selectFrom('reportItems as i')
    .innerJoin('authorizations as a', 'a.id', 'i.authorizationId')
    .select(ITEM);

/** Jobs, their reports and what came of them. */
export const reportJobReads = (
  db: Database,
): Pick<
  ReportJobRecord,
  | 'askedJob'
  | 'job'
  | 'jobsOf'
  | 'items'
  | 'dueAtStop'
  | 'report'
  | 'reportsOn'
  | 'files'
  | 'anchors'
  | 'filing'
  | 'unheldJobs'
> => ({
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
      itemsWithLetters(db)
        .where('i.jobId', '=', jobId)
        .where('i.ordinal', '>', after)
        .orderBy('i.ordinal')
        .limit(limit)
        .execute(),
    ),

  dueAtStop: (jobId) =>
    guarded(() =>
      db
        .selectFrom('reportItems as i')
        .innerJoin('reportJobs as j', 'j.id', 'i.jobId')
        .select(['i.authorizationId', 'i.state'])
        .where('i.jobId', '=', jobId)
        .where((e) => e.or([e('i.endedAt', 'is', null), e('i.endedAt', '>', e.ref('j.changedAt'))]))
        .orderBy('i.ordinal')
        .execute(),
    ),

  report: (reportId) =>
    guarded(async () => {
      const row = await itemsWithLetters(db).where('i.reportId', '=', reportId).executeTakeFirst();
      return row?.state === 'done' ? row : null;
    }),

  reportsOn: (authorizationId, limit) =>
    guarded(() =>
      itemsWithLetters(db)
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
