import { DomainError, idPattern, newId, toUtcSeconds, utf8, type ReviewAct } from '@mandate/core';
import {
  LOG_FAULTS,
  LOG_LIMITS,
  QUERY_KINDS,
  RECONCILIATION_STATES,
  receiveQueryLog,
  USE_KINDS,
  type ReconciliationFinding,
  type ReconciliationRow,
} from '@mandate/ceremony';
import { z } from 'zod';
import { creditCodeSchema } from '@mandate/terms';
import { csvLine } from '../csv.js';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';
import { visible, workedInstitution } from '../visible-institution.js';

const ROLES = ['auditor', 'approver'] as const;
const KINDS = [...QUERY_KINDS, ...USE_KINDS] as const;
const PAGE = 100;
/** Read at once for the file. */
const EXPORT_PAGE = 2000;
/** The largest log on a line of 0.6 Mbit/s; one that stands still is cut like anything else. */
const LOG_TIME = { seconds: 3600, idleSeconds: 60 };
/** Within a day of its use a query has been made. */
const WINDOW = 1440;

const moment = z.iso.datetime({ offset: true }).max(40);
const runId = z.strictObject({ id: z.string().regex(idPattern('reconciliation')) });
const runView = z.object({
  id: z.string(),
  institution: z.string(),
  source: z.string(),
  from: z.string(),
  to: z.string(),
  windowMinutes: z.int(),
  state: z.enum(RECONCILIATION_STATES),
  madeBy: z.string(),
  madeAt: z.string(),
  received: z.int().describe('queries kept so far'),
  digest: z.string().nullable().describe('SHA-256 of the log'),
  endedAt: z.string().nullable(),
  sweptAt: z.string().nullable().describe('when the findings were destroyed; the figures stay'),
});
const finding = z.object({
  kind: z.enum(KINDS),
  line: z.int().nullable(),
  query: z.string().nullable(),
  at: z.string(),
  authorization: z.string().nullable(),
  redemption: z.string().nullable(),
});

/** A source's log of its queries, compared with the uses of an institution. */
export function reconciliationRoutes(parts: DeskParts) {
  const { clock, random } = parts;
  const { reconciliations: record } = parts;
  const noted = (who: Contexts['staff'], act: ReviewAct, run: ReconciliationRow) =>
    parts.authority.vault.noteReview({
      ...{ secret: who.secret, act, about: run.id, institutionId: run.institutionId },
    });
  const seen = async (call: Contexts['staff'] & { params: { id: string } }) =>
    visible(call, await record.run(call.params.id));
  /** The log is sent in and given up by whoever began: what it holds decides what the others read. */
  const ones = async (call: Parameters<typeof seen>[0]) => {
    const run = await seen(call);
    if (run.madeBy !== call.staff)
      throw new DomainError('not-its-maker', 'somebody else began this reconciliation');
    return run;
  };
  return [
    route({
      method: 'post',
      path: '/desk/api/reconciliations',
      auth: 'staff',
      roles: ROLES,
      tag: 'reconciliation',
      summary: 'Begins a reconciliation: whose uses, of which source, in which time',
      body: z.strictObject({
        institution: z.string().regex(idPattern('institution')).optional(),
        source: creditCodeSchema,
        from: moment,
        to: moment.describe('not included'),
      }),
      responses: { 201: { description: 'It waits for its log', schema: runView } },
      problems: ['not-found', 'invalid-request'],
      handler: async (call) => {
        const { institution, from, to, ...asked } = call.body;
        const period = { from: new Date(from), to: new Date(to) };
        if (period.from >= period.to) throw new DomainError('invalid-request', 'from: before to');
        const row: ReconciliationRow = {
          ...{ ...asked, ...period, id: newId('reconciliation', clock, random) },
          institutionId: workedInstitution(call, institution),
          ...{ state: 'receiving', madeBy: call.staff, madeAt: clock.now() },
          ...{ received: 0, chain: '', digest: null, bytes: null, reached: '' },
          ...{ windowMinutes: WINDOW, faults: [], endedAt: null, sweptAt: null },
        };
        await record.createRun(row);
        return { status: 201, body: runOf(row) };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/reconciliations',
      auth: 'staff',
      roles: ROLES,
      tag: 'reconciliation',
      summary: 'Reconciliations, newest first',
      query: z.object({ before: z.string().regex(idPattern('reconciliation')).optional() }),
      responses: {
        200: {
          description: 'A page of them',
          schema: z.object({ items: z.array(runView), next: z.string().nullable() }),
        },
      },
      problems: [],
      handler: async ({ institutionId, query }) => {
        const rows = await record.runs({
          ...{ institutionId: institutionId ?? undefined, before: query.before, limit: PAGE },
        });
        const next = rows.length === PAGE ? rows.at(-1)!.id : null;
        return { status: 200, body: { items: rows.map(runOf), next } };
      },
    }),
    route({
      method: 'put',
      path: '/desk/api/reconciliations/{id}/log',
      auth: 'staff',
      roles: ROLES,
      tag: 'reconciliation',
      summary: 'The source’s log',
      description:
        'CSV, as it comes. Broken off, it is sent again whole and goes on behind what was kept.',
      params: runId,
      bytesBody: {
        ...{ contentTypes: ['text/csv'], maxBytes: LOG_LIMITS.bytes, streamed: true },
        time: LOG_TIME,
      },
      responses: { 200: { description: 'Received; the work begins', schema: runView } },
      problems: [
        ...(['not-found', 'log-refused', 'log-differs', 'illegal-transition'] as const),
        ...(['not-its-maker', 'version-conflict', 'payload-too-large'] as const),
      ],
      handler: async (call) => {
        const run = await ones(call);
        await noted(call, 'log-sent', run);
        const { vault } = parts.authority;
        await receiveQueryLog(
          { record, vault, clock },
          { run, secret: call.secret, pieces: call.req as AsyncIterable<Uint8Array> },
        );
        return { status: 200, body: runOf((await record.run(run.id))!) };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/reconciliations/{id}/abandonment',
      auth: 'staff',
      roles: ROLES,
      tag: 'reconciliation',
      summary: 'Ends a reconciliation that is not over; what was found so far stays',
      params: runId,
      responses: { 200: { description: 'Ended', schema: runView } },
      problems: ['not-found', 'not-its-maker', 'illegal-transition'],
      handler: async (call) => {
        const run = await ones(call);
        await noted(call, 'log-abandoned', run);
        if (!(await record.abandonRun(run.id, clock.now())))
          throw new DomainError('illegal-transition', 'the reconciliation is over');
        return { status: 200, body: runOf((await record.run(run.id))!) };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/reconciliations/{id}',
      auth: 'staff',
      roles: ROLES,
      tag: 'reconciliation',
      summary: 'How far it is, and how many queries turned out to be what',
      params: runId,
      responses: {
        200: {
          description: 'As it stands',
          schema: runView.extend({
            counts: z.partialRecord(z.enum(KINDS), z.int()),
            own: z.boolean().describe('begun by whoever asks'),
            faults: z
              .array(z.object({ line: z.int(), fault: z.enum(LOG_FAULTS) }))
              .describe('why the log was refused'),
          }),
        },
      },
      problems: ['not-found'],
      handler: async (call) => {
        const run = await seen(call);
        const { faults } = run;
        const counts = await record.counts(run.id);
        return {
          status: 200,
          body: { ...runOf(run), counts, own: run.madeBy === call.staff, faults: [...faults] },
        };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/reconciliations/{id}/findings',
      auth: 'staff',
      roles: ROLES,
      tag: 'reconciliation',
      summary: 'Queries that are not matched, by line, then uses without a query',
      params: runId,
      query: z.object({
        kind: z.enum(KINDS).optional(),
        after: z
          .string()
          .regex(/^(\d{1,7}|red_[0-9a-f-]{36})$/)
          .optional(),
      }),
      responses: {
        200: {
          description: 'A page of them',
          schema: z.object({ items: z.array(finding), next: z.string().nullable() }),
        },
      },
      problems: ['not-found'],
      handler: async (call) => {
        const run = await seen(call);
        await noted(call, 'findings-read', run);
        const { items, next } = await record.findings({
          ...{ ...call.query, runId: run.id, limit: PAGE },
        });
        return { status: 200, body: { items: items.map(findingOf), next } };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/reconciliations/{id}/findings.csv',
      auth: 'staff',
      roles: ROLES,
      tag: 'reconciliation',
      summary: 'All findings as CSV, for a spreadsheet',
      params: runId,
      responses: { 200: { description: 'UTF-8 with a byte order mark', contentType: 'text/csv' } },
      problems: ['not-found', 'illegal-transition'],
      handler: async (call) => {
        const run = await seen(call);
        if (run.state !== 'done')
          throw new DomainError('illegal-transition', `the reconciliation is ${run.state}`);
        if (run.sweptAt) throw new DomainError('illegal-transition', 'its findings were destroyed');
        await noted(call, 'findings-exported', run);
        return {
          status: 200,
          stream: findingLines(parts, run.id),
          headers: {
            'Content-Disposition': `attachment; filename="${run.id}.csv"`,
            'Cache-Control': 'no-store',
          },
        };
      },
    }),
  ];
}

async function* findingLines(
  { reconciliations }: DeskParts,
  runId: string,
): AsyncGenerator<Uint8Array> {
  const heading = ['kind', 'line', 'query', 'time', 'authorization', 'redemption'];
  yield utf8(`\ufeff${csvLine(heading)}`);
  let after: string | null = '';
  while (after !== null) {
    const page: { items: readonly ReconciliationFinding[]; next: string | null } =
      await reconciliations.findings({
        ...{ runId, limit: EXPORT_PAGE },
        ...(after ? { after } : {}),
      });
    const lines = page.items.map((each) => {
      const { kind, line, query, at, authorization, redemption } = findingOf(each);
      return csvLine([kind, line, query, at, authorization, redemption]);
    });
    if (lines.length > 0) yield utf8(lines.join(''));
    after = page.next;
  }
}

const runOf = (row: ReconciliationRow) => ({
  ...{ id: row.id, institution: row.institutionId, source: row.source },
  ...{ from: toUtcSeconds(row.from), to: toUtcSeconds(row.to), windowMinutes: row.windowMinutes },
  ...{ state: row.state, madeBy: row.madeBy },
  ...{ madeAt: toUtcSeconds(row.madeAt), received: row.received, digest: row.digest },
  endedAt: row.endedAt && toUtcSeconds(row.endedAt),
  sweptAt: row.sweptAt && toUtcSeconds(row.sweptAt),
});

const findingOf = (row: ReconciliationFinding) => ({
  ...{ kind: row.kind, line: row.line, query: row.query, at: toUtcSeconds(row.at) },
  ...{ authorization: row.authorizationId, redemption: row.redemptionId },
});
