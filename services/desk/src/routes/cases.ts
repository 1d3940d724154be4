import { CASE_KINDS, CASE_STEPS, DomainError, idPattern, toUtcSeconds } from '@mandate/core';
import { moveCase, openCase, type CaseRow } from '@mandate/ceremony';
import { z } from 'zod';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';

const caseId = z.strictObject({ id: z.string().regex(idPattern('case')) });
const caseView = z.object({
  id: z.string(),
  number: z.string(),
  kind: z.enum(CASE_KINDS),
  authorization: z.string(),
  institution: z.string(),
  dispute: z.string().nullable(),
  openedBy: z.string(),
  openedAt: z.string(),
  dueAt: z.string(),
  extendedAt: z.string().nullable(),
  step: z.enum(CASE_STEPS),
  version: z.int(),
});
const one = { 200: { description: 'The case', schema: caseView } } as const;

/** What a member of staff may see: their institution's, or all of them. Throws `not-found`. */
export async function visibleCase(
  { cases }: DeskParts,
  { institutionId }: Contexts['staff'],
  id: string,
): Promise<CaseRow> {
  const row = await cases.case(id);
  if (!row || (institutionId && row.institutionId !== institutionId))
    throw new DomainError('not-found', 'no such case');
  return row;
}

/** Cases: opened, moved on step by step, each under the clock of its kind. */
export function caseRoutes(parts: DeskParts) {
  const { cases, record, clock, random } = parts;
  const deps = { record: cases, clock, random };
  return [
    route({
      method: 'get',
      path: '/desk/api/cases',
      auth: 'staff',
      roles: ['officer', 'approver', 'auditor'],
      tag: 'cases',
      summary: 'Open cases, soonest due first',
      query: z.object({
        after: z
          .string()
          .regex(/^[0-9TZ:.-]{20,30}~cas_[0-9a-f-]{36}$/)
          .optional(),
      }),
      responses: {
        200: {
          description: 'A page of them',
          schema: z.object({ items: z.array(caseView), next: z.string().nullable() }),
        },
      },
      problems: [],
      handler: async ({ query, institutionId }) => {
        const [dueAt, id] = query.after?.split('~') ?? [];
        const limit = 50;
        const rows = await cases.openCases({
          institutionId: institutionId ?? undefined,
          ...(dueAt && id ? { after: { dueAt: new Date(dueAt), id } } : {}),
          limit,
        });
        const last = rows.length === limit ? rows.at(-1)! : null;
        const next = last && `${last.dueAt.toISOString()}~${last.id}`;
        return { status: 200, body: { items: rows.map(viewOf), next } };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/cases',
      auth: 'staff',
      roles: ['officer'],
      tag: 'cases',
      summary: 'Opens a case about one authorization',
      body: z.strictObject({
        kind: z.enum(CASE_KINDS),
        authorization: z.string().regex(idPattern('authorization')),
        dispute: z.string().regex(idPattern('hold')).optional(),
      }),
      responses: { 201: { description: 'Opened', schema: caseView } },
      problems: ['not-found', 'case-open'],
      handler: async ({ body, staff, institutionId }) => {
        const authorization = await record.authorization(body.authorization);
        if (institutionId && authorization.institutionId !== institutionId)
          throw new DomainError('not-found', 'no such authorization');
        const holds = body.dispute ? await record.holds(authorization.id) : [];
        if (body.dispute && !holds.some(({ id }) => id === body.dispute))
          throw new DomainError('not-found', 'no such dispute');
        const opened = await openCase(deps, {
          ...{ kind: body.kind, authorization, by: `staff:${staff}` },
          ...(body.dispute ? { holdId: body.dispute } : {}),
        });
        return { status: 201, body: viewOf(opened) };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/cases/{id}',
      auth: 'staff',
      roles: ['officer', 'approver', 'auditor'],
      tag: 'cases',
      summary: 'A case and what was done in it',
      params: caseId,
      responses: {
        200: {
          description: 'The case',
          schema: caseView.extend({
            clock: z.object({ days: z.int(), extensionDays: z.int(), basis: z.string() }),
            events: z.array(
              z.object({ type: z.string(), step: z.string(), by: z.string(), at: z.string() }),
            ),
          }),
        },
      },
      problems: ['not-found'],
      handler: async (call) => {
        const row = await visibleCase(parts, call, call.params.id);
        const events = await cases.caseEvents(row.id);
        return {
          status: 200,
          body: {
            ...viewOf(row),
            clock: await cases.caseClock(row.kind),
            events: events.map(({ type, step, by, at }) => ({ type, step, by, at })),
          },
        };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/cases/{id}/steps',
      auth: 'staff',
      roles: ['officer'],
      tag: 'cases',
      summary: 'The next step: accept, reject, extract, verify, certify, close',
      params: caseId,
      body: z.strictObject({ to: z.enum(CASE_STEPS) }),
      responses: one,
      problems: ['not-found', 'illegal-transition', 'version-conflict'],
      handler: async (call) => {
        const row = await visibleCase(parts, call, call.params.id);
        const by = `staff:${call.staff}`;
        const moved = await moveCase(deps, row, { type: 'stepped', to: call.body.to, by });
        return { status: 200, body: viewOf(moved) };
      },
    }),
  ];
}

const viewOf = (row: CaseRow) => ({
  ...{ id: row.id, number: row.number, kind: row.kind, step: row.step, version: row.version },
  ...{ authorization: row.authorizationId, institution: row.institutionId },
  ...{ dispute: row.holdId, openedBy: row.openedBy },
  openedAt: toUtcSeconds(row.openedAt),
  dueAt: toUtcSeconds(row.dueAt),
  extendedAt: row.extendedAt && toUtcSeconds(row.extendedAt),
});
