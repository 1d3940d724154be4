import {
  canonicalize,
  DomainError,
  idPattern,
  isDomainError,
  newId,
  sha256Hex,
  utf8,
} from '@mandate/core';
import { orderRequestKey } from '@mandate/ceremony';
import { REPORT_DEPTHS } from '@mandate/report';
import { z } from 'zod';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';
import {
  itemView,
  itemViews,
  jobView,
  knownGrant,
  LANGUAGES,
  PAGE,
  told,
  visibleJob,
} from '../report-view.js';
import { visibleCase } from './cases.js';

const caseId = z.strictObject({ id: z.string().regex(idPattern('case')) });
const jobId = z.strictObject({ id: z.string().regex(idPattern('reportJob')) });
const grant = z.string().regex(idPattern('grant'));
/** The same order posted twice is one. */
const keyHeader = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{8,128}$/, '8 to 128 visible ASCII characters')
    .optional(),
});
const KEYED = ['idempotency-key-missing', 'idempotency-key-reused'] as const;
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

  /** The job that the same person ordered, or let go on, with the same key. Throws `idempotency-key-reused`, `…-missing`. */
  const askedBefore = async (
    { staff, headers }: Contexts['staff'] & { headers: z.output<typeof keyHeader> },
    asks: object,
  ) => {
    const key = headers['idempotency-key'];
    if (!key) throw new DomainError('idempotency-key-missing', 'send an Idempotency-Key');
    const request = sha256Hex(utf8(canonicalize(asks)));
    const before = await jobs.askedJob(orderRequestKey(staff, key));
    if (before && before.request !== request)
      throw new DomainError('idempotency-key-reused', 'this key was used with another order');
    return { key, request, jobId: before?.jobId ?? null };
  };

  /** Posted twice at once: the other one let it go on, by this very order. */
  const unlessResumed = async (
    call: Parameters<typeof askedBefore>[0],
    asks: object,
    error: unknown,
  ): Promise<void> => {
    const before = isDomainError(error, 'illegal-transition') && (await askedBefore(call, asks));
    if (!before || before.jobId === null) throw error;
  };

  return [
    route({
      method: 'post',
      path: '/desk/api/cases/{id}/report-jobs',
      auth: 'staff',
      roles: ['officer'],
      tag: 'reports',
      summary: 'Orders reports on authorizations of a case, by a grant of one’s own',
      params: caseId,
      headers: keyHeader,
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
      problems: ['not-found', 'grant-refused', ...KEYED],
      handler: async (call) => {
        const { body, secret } = call;
        const row = await visibleCase(parts, call, call.params.id);
        await knownGrant(parts, row.id, body.grant);
        const all = await cases.caseAuthorizations(row.id);
        const asked = [...new Set(body.authorizations ?? all)];
        if (asked.some((it) => !all.includes(it)))
          throw new DomainError('not-found', 'this case is not about all of these');
        const asks = { case: row.id, ...body, authorizations: body.authorizations ? asked : null };
        const { key, request, jobId } = await askedBefore(call, asks);
        if (jobId) return { status: 201, body: await told(parts, (await jobs.job(jobId))!) };
        const { order } = await vault.orderReports({
          ...{ secret, grant: body.grant, authorizations: asked, files: false, requestKey: key },
        });
        const at = clock.now();
        const job = {
          ...{ id: newId('reportJob', clock, random), caseId: row.id, madeAt: at },
          ...{ institutionId: row.institutionId, size: asked.length, depth: body.depth },
          languages: [...new Set(body.languages)],
        };
        const by = { orderId: order, grantId: body.grant, staffId: call.staff, at, request };
        // Posted twice at once: the other one's job.
        if (!(await jobs.addJob(job, by, asked))) {
          const { jobId: theirs } = await askedBefore(call, asks);
          return { status: 201, body: await told(parts, (await jobs.job(theirs!))!) };
        }
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
      headers: keyHeader,
      body: z.strictObject({ grant }),
      responses: { 200: oneJob },
      problems: ['not-found', 'grant-refused', 'illegal-transition', ...KEYED],
      handler: async (call) => {
        const job = await visibleJob(parts, call, call.params.id);
        await knownGrant(parts, job.caseId, call.body.grant);
        const asks = { job: job.id, ...call.body };
        const { key, request, jobId } = await askedBefore(call, asks);
        if (jobId) return { status: 200, body: await told(parts, job) };
        if (job.state !== 'stopped') {
          const refusal = new DomainError('illegal-transition', 'this job is not stopped');
          await unlessResumed(call, asks, refusal);
          return { status: 200, body: await told(parts, (await jobs.job(job.id))!) };
        }
        const due = await jobs.dueAtStop(job.id);
        // What it stopped for was made after all: nothing is opened for its end.
        if (!due.some(({ state }) => state === 'waiting'))
          await jobs.endStopped(clock.now(), job.id);
        else {
          const { order } = await vault.orderReports({
            ...{ secret: call.secret, grant: call.body.grant, files: false, requestKey: key },
            // Posted again after a crash it is the same list, whatever came to its end meanwhile.
            authorizations: due.map(({ authorizationId }) => authorizationId),
          });
          const by = { orderId: order, grantId: call.body.grant, staffId: call.staff, request };
          await jobs
            .resumeJob(job.id, { ...by, at: clock.now() })
            .catch((error: unknown) => unlessResumed(call, asks, error));
        }
        await wake(job.id);
        return { status: 200, body: await told(parts, (await jobs.job(job.id))!) };
      },
    }),
  ];
}
