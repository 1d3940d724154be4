import { DomainError, idPattern, isDomainError, newId } from '@mandate/core';
import { REPORT_DEPTHS } from '@mandate/report';
import { z } from 'zod';
import { route, type DeskParts } from '../desk-parts.js';
import { itemView, itemViews, jobView, LANGUAGES, PAGE, told, visibleJob } from '../report-view.js';
import { visibleCase } from './cases.js';

const caseId = z.strictObject({ id: z.string().regex(idPattern('case')) });
const jobId = z.strictObject({ id: z.string().regex(idPattern('reportJob')) });
const grant = z.string().regex(idPattern('grant'));
const oneJob = { description: 'The job as it stands', schema: jobView } as const;

/** Reports of a case: ordered and watched. */
export function reportJobRoutes(parts: DeskParts) {
  const { jobs, cases, clock, random, queue } = parts;
  const { vault } = parts.authority;
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
      params: caseId,
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
      params: caseId,
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
      params: jobId,
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
      params: jobId,
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
  ];
}

async function knownGrant(
  { cases, clock }: DeskParts,
  caseId: string,
  grantId: string,
): Promise<void> {
  const grants = await cases.grantsOf(caseId, clock.now());
  if (!grants.some((it) => it.id === grantId))
    throw new DomainError('not-found', 'this case has no such grant');
}
