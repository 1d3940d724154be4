import {
  DomainError,
  GRANT_RIGHTS,
  idPattern,
  isDomainError,
  newId,
  toUtcSeconds,
  type GrantRight,
} from '@mandate/core';
import type { ReportItemRow, ReportJobView } from '@mandate/ceremony';
import { stampCopy } from '@mandate/letter';
import { REPORT_CHANGES, REPORT_DEPTHS } from '@mandate/report';
import { z } from 'zod';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';
import { visibleLetter } from '../letter-view.js';
import { fileOf, filingEntries } from '../reports/filing-download.js';
import { runAgain } from '../reports/run-again.js';
import { zipLength, zipStream } from '../reports/zip-stream.js';
import { visibleCase } from './cases.js';

const LANGUAGES = ['zh', 'en'] as const;
const FACTS = ['stored', 'today'] as const;
/** Items of a job told at a time. */
const PAGE = 100;

const id = (kind: 'case' | 'reportJob' | 'report' | 'authorization') =>
  z.strictObject({ id: z.string().regex(idPattern(kind)) });
const grant = z.string().regex(idPattern('grant'));
const jobView = z.object({
  id: z.string(),
  case: z.string(),
  madeAt: z.string(),
  languages: z.array(z.enum(LANGUAGES)),
  depth: z.enum(REPORT_DEPTHS),
  size: z.int(),
  done: z.int(),
  refused: z.int(),
  state: z.enum(['running', 'stopped', 'done']).describe('`stopped`: its grant opens nothing more'),
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
const verdict = z.object({ indication: z.string(), subIndication: z.string().nullable() });
const itemView = z.object({
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
const oneJob = { description: 'The job as it stands', schema: jobView } as const;
const OPENING = [
  'not-found',
  'grant-refused',
  'erased',
  'ledger-behind',
  'object-corrupt',
  'object-missing',
] as const;

/** Reports of a case: ordered, watched, read, taken away, made again and compared. */
export function reportRoutes(parts: DeskParts) {
  const { jobs, cases, clock, random, queue } = parts;
  const { vault } = parts.authority;
  const open = (
    call: Contexts['staff'],
    item: Pick<ReportItemRow, 'authorizationId'>,
    asked: string,
    right: GrantRight,
  ) =>
    vault.openForCase({
      ...{ secret: call.secret, grant: asked, authorization: item.authorizationId, right },
    });
  /** The record has it: a wake-up that is lost only makes it later. */
  const wake = (jobId: string): Promise<void> =>
    queue.wake('make-reports', jobId).catch((error: unknown) => {
      if (!isDomainError(error, 'queue-unavailable')) throw error;
    });

  return [
    route({
      method: 'post',
      path: '/desk/api/cases/{id}/report-jobs',
      auth: 'staff',
      roles: ['officer'],
      tag: 'reports',
      summary: 'Orders reports on authorizations of a case, by a grant of one’s own',
      params: id('case'),
      body: z.strictObject({
        grant,
        authorizations: z
          .array(z.string().regex(idPattern('authorization')))
          .min(1)
          .max(1000)
          .optional()
          .describe('All of the case, unless some are named'),
        languages: z.array(z.enum(LANGUAGES)).min(1).max(2),
        depth: z.enum(REPORT_DEPTHS),
      }),
      responses: { 201: oneJob },
      problems: ['not-found', 'grant-refused'],
      handler: async (call) => {
        const { body, secret } = call;
        const row = await visibleCase(parts, call, call.params.id);
        await knownGrant(parts, row.id, body.grant);
        const all = await cases.caseAuthorizations(row.id);
        const asked = [...new Set(body.authorizations ?? all)];
        if (asked.some((it) => !all.includes(it)))
          throw new DomainError('not-found', 'this case is not about all of these');
        const { order } = await vault.orderReports({
          ...{ secret, grant: body.grant, authorizations: asked, files: false },
        });
        const at = clock.now();
        const job = {
          ...{ id: newId('reportJob', clock, random), caseId: row.id, madeAt: at },
          ...{ institutionId: row.institutionId, size: asked.length, depth: body.depth },
          languages: [...new Set(body.languages)],
        };
        const by = { orderId: order, grantId: body.grant, staffId: call.staff, at };
        await jobs.addJob(job, by, asked);
        await wake(job.id);
        return { status: 201, body: await told(parts, (await jobs.job(job.id))!) };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/cases/{id}/report-jobs',
      auth: 'staff',
      roles: ['officer', 'approver', 'auditor'],
      tag: 'reports',
      summary: 'Reports of a case, newest first: who ordered them, and why',
      params: id('case'),
      responses: {
        200: { description: 'Its jobs', schema: z.object({ items: z.array(jobView) }) },
      },
      problems: ['not-found'],
      handler: async (call) => {
        const row = await visibleCase(parts, call, call.params.id);
        const items = await Promise.all((await jobs.jobsOf(row.id)).map((it) => told(parts, it)));
        return { status: 200, body: { items } };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/report-jobs/{id}',
      auth: 'staff',
      roles: ['officer', 'approver', 'auditor'],
      tag: 'reports',
      summary: 'How far a job has come, and what came out',
      params: id('reportJob'),
      query: z.object({ after: z.coerce.number().int().min(0).max(1000).default(0) }),
      responses: {
        200: {
          description: 'The job with a page of its reports',
          schema: jobView.extend({
            caseNumber: z.string(),
            items: z.array(itemView),
            next: z.int().nullable(),
            filing: z.array(z.object({ name: z.string(), size: z.int(), digest: z.string() })),
          }),
        },
      },
      problems: ['not-found'],
      handler: async (call) => {
        const job = await visibleJob(parts, call, call.params.id);
        const rows = await jobs.items(job.id, { after: call.query.after, limit: PAGE });
        const { number } = (await cases.case(job.caseId))!;
        const filing = (await jobs.filing(job.id)).map(({ name, bytes, digest }) => ({
          ...{ name, size: bytes.length, digest },
        }));
        const next = rows.length === PAGE ? rows.at(-1)!.ordinal : null;
        return {
          status: 200,
          body: {
            ...(await told(parts, job)),
            ...{ caseNumber: number, items: await itemViews(parts, rows, job), next, filing },
          },
        };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/report-jobs/{id}/resumption',
      auth: 'staff',
      roles: ['officer'],
      tag: 'reports',
      summary: 'What waits of a stopped job goes on, under a new grant of one’s own',
      params: id('reportJob'),
      body: z.strictObject({ grant }),
      responses: { 200: oneJob },
      problems: ['not-found', 'grant-refused', 'illegal-transition'],
      handler: async (call) => {
        const job = await visibleJob(parts, call, call.params.id);
        await knownGrant(parts, job.caseId, call.body.grant);
        if (job.state !== 'stopped')
          throw new DomainError('illegal-transition', 'this job is not stopped');
        const { order } = await vault.orderReports({
          ...{ secret: call.secret, grant: call.body.grant, files: false },
          authorizations: await jobs.waiting(job.id),
        });
        await jobs.resumeJob(job.id, {
          ...{ orderId: order, grantId: call.body.grant, staffId: call.staff, at: clock.now() },
        });
        await wake(job.id);
        return { status: 200, body: await told(parts, (await jobs.job(job.id))!) };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/report-jobs/{id}/filing',
      auth: 'staff',
      roles: ['officer'],
      tag: 'reports',
      summary: 'The whole job as one file: list of evidence and reports',
      description:
        'ZIP. Each authorization in it is an opening of its own. `Range: bytes=N-` goes on where a download broke off.',
      params: id('reportJob'),
      headers: z.object({
        range: z
          .string()
          .regex(/^bytes=\d{1,10}-$/)
          .optional(),
      }),
      body: z.strictObject({ grant }),
      responses: {
        200: { description: 'The file', contentType: 'application/zip' },
        206: { description: 'From that byte on', contentType: 'application/zip' },
      },
      problems: [...OPENING, 'illegal-transition', 'budget-exceeded'],
      handler: async (call) => {
        const job = await visibleJob(parts, call, call.params.id);
        if (job.state !== 'done')
          throw new DomainError('illegal-transition', 'some reports still wait');
        const entries = await filingEntries(parts, job.id, async (authorizationId) => {
          const opened = await open(call, { authorizationId }, call.body.grant, 'download');
          return opened.dataKey;
        });
        const length = zipLength(entries);
        const from = Number(call.headers.range?.slice(6, -1) ?? 0);
        if (from >= length) throw new DomainError('invalid-request', `it has ${length} bytes`);
        const { number } = (await cases.case(job.caseId))!;
        const headers = {
          ...attached(`${number}-${job.id.slice(-8)}.zip`),
          'Content-Length': String(length - from),
          'Accept-Ranges': 'bytes',
        };
        const stream = zipStream(entries, from);
        if (!call.headers.range) return { status: 200, headers, stream };
        const range = { 'Content-Range': `bytes ${from}-${length - 1}/${length}` };
        return { status: 206, headers: { ...headers, ...range }, stream };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/reports/{id}/file',
      auth: 'staff',
      roles: ['officer'],
      tag: 'reports',
      summary: 'One file of a report, to take away; an opening of its own',
      params: id('report'),
      body: z.strictObject({ grant, name: z.string().regex(/^[a-z]{1,12}(?:\.[a-z]{2,6}){1,2}$/) }),
      responses: {
        200: { description: 'The bytes', contentType: 'application/octet-stream' },
      },
      problems: OPENING,
      handler: async (call) => {
        const item = await visibleReport(parts, call, call.params.id);
        const file = await fileNamed(parts, item, call.body.name);
        const { dataKey, access } = await open(call, item, call.body.grant, 'download');
        return {
          status: 200,
          headers: {
            ...attached(`${item.letterNumber}-${file.name}`),
            'Mandate-Access': access,
          },
          bytes: await fileOf(parts, item, file, dataKey),
        };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/reports/{id}/reading',
      auth: 'staff',
      roles: ['officer'],
      tag: 'reports',
      summary: 'A copy for the screen: who reads it, when and for which case stands on every page',
      params: id('report'),
      body: z.strictObject({
        grant,
        language: z.enum(LANGUAGES),
        right: z.enum(GRANT_RIGHTS).exclude(['download']).default('view'),
      }),
      responses: { 200: { description: 'The copy', contentType: 'application/pdf' } },
      problems: OPENING,
      handler: async (call) => {
        const { language, right } = call.body;
        const item = await visibleReport(parts, call, call.params.id);
        const file = await fileNamed(parts, item, `report.${language}.pdf`);
        const opened = await open(call, item, call.body.grant, right);
        const { access, at, caseNumber, reader } = opened;
        const marks = { reader: reader.name, at: new Date(at), caseNumber, access, language };
        const report = await fileOf(parts, item, file, opened.dataKey);
        return {
          status: 200,
          headers: { 'Cache-Control': 'no-store', 'Mandate-Access': access },
          bytes: await stampCopy(report, marks),
        };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/reports/{id}/run',
      auth: 'staff',
      roles: ['officer'],
      tag: 'reports',
      summary: 'The same report again: on its stored facts, or on today’s with what has changed',
      params: id('report'),
      body: z.strictObject({ grant, facts: z.enum(FACTS) }),
      responses: {
        200: {
          description: 'What came out',
          schema: z.object({
            facts: z.enum(FACTS),
            programs: z
              .enum(['same', 'changed'])
              .describe(
                '`changed`: it names other programs than run here; other bytes say nothing',
              ),
            same: z.boolean(),
            before: verdict,
            after: verdict,
            digests: z.object({ before: z.string(), after: z.string() }),
            changes: z.array(
              z.object({
                what: z.enum(REPORT_CHANGES),
                id: z.string().optional(),
                before: z.string().nullable(),
                after: z.string().nullable(),
                at: z.string().optional(),
                text: z.object({ zh: z.string(), en: z.string() }),
              }),
            ),
          }),
        },
      },
      problems: [...OPENING, 'budget-exceeded'],
      handler: async (call) => {
        const item = await visibleReport(parts, call, call.params.id);
        const { dataKey } = await open(call, item, call.body.grant, 'view');
        const run = await runAgain(parts, item, dataKey, call.body.facts);
        return {
          status: 200,
          body: {
            ...run,
            before: bare(run.before),
            after: bare(run.after),
            changes: [...run.changes],
          },
        };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/authorizations/{id}/reports',
      auth: 'staff',
      roles: ['officer', 'approver', 'auditor'],
      tag: 'reports',
      summary: 'Reports made at the desk on one authorization, newest first',
      params: id('authorization'),
      responses: {
        200: { description: 'Up to 100', schema: z.object({ items: z.array(itemView) }) },
      },
      problems: ['not-found'],
      handler: async (call) => {
        await visibleLetter(parts, call, call.params.id);
        const rows = await jobs.reportsOn(call.params.id, PAGE);
        return { status: 200, body: { items: await itemViews(parts, rows) } };
      },
    }),
  ];
}

const attached = (name: string) => ({
  'Content-Disposition': `attachment; filename="${name}"`,
  'Cache-Control': 'no-store',
});

const bare = ({ indication, subIndication }: { indication: string; subIndication?: string }) => ({
  ...{ indication, subIndication: subIndication ?? null },
});

async function knownGrant(
  { cases, clock }: DeskParts,
  caseId: string,
  grantId: string,
): Promise<void> {
  const grants = await cases.grantsOf(caseId, clock.now());
  if (!grants.some((it) => it.id === grantId))
    throw new DomainError('not-found', 'this case has no such grant');
}

async function visibleJob(
  parts: DeskParts,
  call: Contexts['staff'],
  jobId: string,
): Promise<ReportJobView> {
  const job = await parts.jobs.job(jobId);
  if (!job) throw new DomainError('not-found', 'no such job');
  await visibleCase(parts, call, job.caseId);
  return job;
}

async function visibleReport(
  parts: DeskParts,
  call: Contexts['staff'],
  reportId: string,
): Promise<ReportItemRow> {
  const item = await parts.jobs.report(reportId);
  if (!item) throw new DomainError('not-found', 'no such report');
  await visibleJob(parts, call, item.jobId);
  return item;
}

async function fileNamed({ jobs }: DeskParts, { reportId }: ReportItemRow, name: string) {
  const files = (await jobs.files([reportId!])).get(reportId!) ?? [];
  const file = files.find((it) => it.name === name);
  if (!file) throw new DomainError('not-found', 'this report has no such file');
  return file;
}

/** With names and reasons. */
async function told({ cases, clock }: DeskParts, job: ReportJobView) {
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

async function itemViews(
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
