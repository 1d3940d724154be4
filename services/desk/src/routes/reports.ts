import { DomainError, GRANT_RIGHTS, idPattern, type GrantRight } from '@mandate/core';
import type { ReportItemRow } from '@mandate/ceremony';
import { stampCopy } from '@mandate/letter';
import { REPORT_CHANGES } from '@mandate/report';
import { z } from 'zod';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';
import { visibleLetter } from '../letter-view.js';
import {
  itemView,
  itemViews,
  knownGrant,
  LANGUAGES,
  PAGE,
  verdict,
  visibleJob,
  visibleReport,
} from '../report-view.js';
import { fileOf, filingEntries } from '../reports/filing-download.js';
import { runAgain } from '../reports/run-again.js';
import { zipLength, zipStream } from '../reports/zip-stream.js';

const FACTS = ['stored', 'today'] as const;
const id = (kind: 'reportJob' | 'report' | 'authorization') =>
  z.strictObject({ id: z.string().regex(idPattern(kind)) });
const grant = z.string().regex(idPattern('grant'));
/** Who reads it, when and for which case: they stand behind what is shown. */
const marksView = z.object({
  reader: z.string(),
  at: z.string(),
  caseNumber: z.string(),
  access: z.string(),
});
const OPENING = [
  'not-found',
  'grant-refused',
  'erased',
  'ledger-behind',
  'object-corrupt',
  'object-missing',
] as const;

/** Reports that were made: read, taken away, made again and compared; each an opening. */
export function reportRoutes(parts: DeskParts) {
  const { jobs, cases } = parts;
  const { vault } = parts.authority;
  /** Throws `not-found` under another case's grant: what was made for one is not read for another. */
  const open = async (
    call: Contexts['staff'],
    { item, job }: Awaited<ReturnType<typeof visibleReport>>,
    asked: string,
    right: GrantRight,
  ) => {
    await knownGrant(parts, job.caseId, asked);
    const { authorizationId: authorization } = item;
    return vault.openForCase({ secret: call.secret, grant: asked, authorization, right });
  };

  return [
    route({
      method: 'post',
      path: '/desk/api/report-jobs/{id}/filing',
      auth: 'staff',
      roles: ['officer'],
      tag: 'reports',
      summary: 'The whole job as one file: list of evidence and reports',
      description:
        'ZIP. Each authorization in it is an opening of its own. `Range: bytes=N-` goes on where a download broke off. One report alone has no list of evidence: of such a job this is no filing.',
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
        // Whatever of it is sent: a list of evidence alone leaves under a grant too.
        const { secret } = call;
        const { grant } = call.body;
        await knownGrant(parts, job.caseId, grant);
        const [first] = await jobs.items(job.id, { after: 0, limit: 1 });
        await vault.checkGrant({
          ...{ secret, grant, right: 'download', authorizations: [first!.authorizationId] },
        });
        const entries = await filingEntries(parts, job.id, async (authorization) => {
          const { dataKey } = await vault.openForCase({
            ...{ secret, grant, authorization, right: 'download' },
          });
          return dataKey;
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
        const found = await visibleReport(parts, call, call.params.id);
        const { item } = found;
        const file = await fileNamed(parts, item, call.body.name);
        const { dataKey, access } = await open(call, found, call.body.grant, 'download');
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
        const found = await visibleReport(parts, call, call.params.id);
        const { item } = found;
        const file = await fileNamed(parts, item, `report.${language}.pdf`);
        const opened = await open(call, found, call.body.grant, right);
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
            marks: marksView,
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
        const found = await visibleReport(parts, call, call.params.id);
        const { item } = found;
        const opened = await open(call, found, call.body.grant, 'view');
        const { access, at, caseNumber, reader } = opened;
        const run = await runAgain(parts, item, opened.dataKey, call.body.facts);
        return {
          status: 200,
          headers: { 'Cache-Control': 'no-store', 'Mandate-Access': access },
          body: {
            ...run,
            before: bare(run.before),
            after: bare(run.after),
            changes: [...run.changes],
            marks: { reader: reader.name, at, caseNumber, access },
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

async function fileNamed({ jobs }: DeskParts, { reportId }: ReportItemRow, name: string) {
  const files = (await jobs.files([reportId!])).get(reportId!) ?? [];
  const file = files.find((it) => it.name === name);
  if (!file) throw new DomainError('not-found', 'this report has no such file');
  return file;
}
