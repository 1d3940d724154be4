import { DomainError, toUtcSeconds } from '@mandate/core';
import type { ReportItemRow, ReportJobView } from '@mandate/ceremony';
import { REPORT_DEPTHS } from '@mandate/report';
import { z } from 'zod';
import type { Contexts, DeskParts } from './desk-parts.js';
import { visibleCase } from './routes/cases.js';

export const LANGUAGES = ['zh', 'en'] as const;
/** Items of a job told at a time. */
export const PAGE = 100;

export const jobView = z.object({
  id: z.string(),
  case: z.string(),
  madeAt: z.string(),
  languages: z.array(z.enum(LANGUAGES)),
  depth: z.enum(REPORT_DEPTHS),
  size: z.int(),
  done: z.int(),
  refused: z.int(),
  state: z
    .enum(['running', 'stopped', 'done'])
    .describe('`stopped`: its grant opens nothing more, or its list of evidence could not be made'),
  why: z.string().nullable(),
  changedAt: z.string(),
  orders: z
    .array(
      z.object({
        staff: z.string(),
        name: z.string(),
        at: z.string(),
        grant: z.string(),
        legalBasis: z.string(),
        reason: z.string(),
      }),
    )
    .describe('Who ordered it, by which grant and why; the first, and each by which it went on'),
});
export const verdict = z.object({ indication: z.string(), subIndication: z.string().nullable() });
export const itemView = z.object({
  no: z.int(),
  job: z.string(),
  authorization: z.string(),
  letterNumber: z.string(),
  state: z.enum(['waiting', 'stopped', 'done', 'refused']),
  why: z.string().nullable(),
  report: z.string().nullable(),
  madeAt: z.string().nullable(),
  verdict: verdict.nullable(),
  files: z.array(
    z.object({
      name: z.string(),
      size: z.int(),
      digest: z.string(),
      pages: z.int().nullable(),
    }),
  ),
});

export async function visibleJob(
  parts: DeskParts,
  call: Contexts['staff'],
  jobId: string,
): Promise<ReportJobView> {
  const job = await parts.jobs.job(jobId);
  if (!job) throw new DomainError('not-found', 'no such job');
  await visibleCase(parts, call, job.caseId);
  return job;
}

export async function visibleReport(
  parts: DeskParts,
  call: Contexts['staff'],
  reportId: string,
): Promise<{ readonly item: ReportItemRow; readonly job: ReportJobView }> {
  const item = await parts.jobs.report(reportId);
  if (!item) throw new DomainError('not-found', 'no such report');
  return { item, job: await visibleJob(parts, call, item.jobId) };
}

/** Throws `not-found` unless it is a grant of that case. */
export async function knownGrant(
  { cases, clock }: DeskParts,
  caseId: string,
  grantId: string,
): Promise<void> {
  const grants = await cases.grantsOf(caseId, clock.now());
  if (!grants.some((it) => it.id === grantId))
    throw new DomainError('not-found', 'this case has no such grant');
}

/** With names and reasons. */
export async function told({ cases, clock }: DeskParts, job: ReportJobView) {
  const grants = await cases.grantsOf(job.caseId, clock.now());
  const names = await cases.staffNames([...new Set(job.orders.map(({ staffId }) => staffId))]);
  return {
    ...{ id: job.id, case: job.caseId, madeAt: toUtcSeconds(job.madeAt) },
    ...{ languages: [...job.languages], depth: job.depth, size: job.size, done: job.done },
    ...{ refused: job.refused, state: job.state, why: job.why },
    changedAt: toUtcSeconds(job.changedAt),
    orders: job.orders.map(({ staffId, grantId, at }) => {
      const by = grants.find((it) => it.id === grantId);
      return {
        ...{ staff: staffId, name: names.get(staffId) ?? staffId, at: toUtcSeconds(at) },
        ...{ grant: grantId, legalBasis: by?.legalBasis ?? '', reason: by?.reason ?? '' },
      };
    }),
  };
}

export async function itemViews(
  { jobs }: DeskParts,
  rows: readonly ReportItemRow[],
  job?: Pick<ReportJobView, 'state' | 'why'>,
) {
  const done = rows.flatMap(({ state, reportId }) => (state === 'done' ? [reportId!] : []));
  const files = await jobs.files(done);
  const stopped = job?.state === 'stopped';
  return rows.map((row) => {
    const rests = stopped && row.state === 'waiting';
    return {
      ...{ no: row.ordinal, job: row.jobId, authorization: row.authorizationId },
      letterNumber: row.letterNumber,
      state: rests ? ('stopped' as const) : row.state,
      why: rests ? job.why : row.why,
      report: row.state === 'done' ? row.reportId : null,
      madeAt: row.madeAt && toUtcSeconds(row.madeAt),
      verdict: row.indication
        ? { indication: row.indication, subIndication: row.subIndication }
        : null,
      files: (files.get(row.reportId ?? '') ?? []).map(({ name, size, digest, pages }) => ({
        ...{ name, size, digest, pages },
      })),
    };
  });
}
