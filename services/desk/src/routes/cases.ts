import { CASE_KINDS, CASE_STEPS, idPattern } from '@mandate/core';
import { visible, type CaseRow, type Sees } from '@mandate/ceremony';
import { z } from 'zod';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';
import {
  caseIdParams,
  caseTexts,
  caseView,
  caseViewOf,
  clockView,
  clockViewOf,
  standingView,
  standingViewOf,
  trailView,
} from './case-schemas.js';

const one = { 200: { description: 'The case', schema: caseView } } as const;
const READERS = ['officer', 'approver', 'auditor'] as const;
const PAGE = 50;
const moment = z.iso.datetime({ offset: true }).max(40);
const ACT_PROBLEMS = [
  ...(['not-found', 'own-request', 'illegal-transition', 'version-conflict'] as const),
  ...(['forbidden', 'erased', 'dispute-open'] as const),
] as const;

/** What a member of staff may see: their institution's, or all of them. Throws `not-found`. */
export async function visibleCase(
  { cases }: Pick<DeskParts, 'cases'>,
  who: Sees,
  id: string,
): Promise<CaseRow> {
  return visible(who, await cases.case(id), 'case');
}

/** Cases: opened, moved on step by step, each under the clock of its kind. */
export function caseRoutes(parts: DeskParts) {
  const { cases, authority } = parts;
  const { vault } = authority;
  const version = z.int().min(1).describe('As it was seen: somebody faster is told');
  const acted = async (call: Contexts['staff'] & { params: { id: string } }) => ({
    status: 200 as const,
    body: caseViewOf(await visibleCase(parts, call, call.params.id)),
  });
  return [
    route({
      method: 'get',
      path: '/desk/api/cases',
      auth: 'staff',
      roles: READERS,
      tag: 'cases',
      summary: 'Open cases, soonest due first; or those that are over, newest first',
      query: z.object({
        state: z.enum(['open', 'over']).default('open'),
        number: z
          .string()
          .trim()
          .toUpperCase()
          .regex(/^C-\d{4}-\d{6,}$/)
          .optional()
          .describe('The one case of that number, open or over'),
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
        const own = institutionId ?? undefined;
        if (query.number) {
          const found = await cases.caseNumbered(query.number, own);
          return { status: 200, body: { items: found ? [caseViewOf(found)] : [], next: null } };
        }
        const [dueAt, id] = query.after?.split('~') ?? [];
        const rows = await cases.listCases({
          ...{ state: query.state, institutionId: own },
          ...(dueAt && id ? { after: { dueAt: new Date(dueAt), id } } : {}),
          limit: PAGE,
        });
        const last = rows.length === PAGE ? rows.at(-1)! : null;
        const next = last && `${last.dueAt.toISOString()}~${last.id}`;
        return { status: 200, body: { items: rows.map(caseViewOf), next } };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/case-kinds',
      auth: 'staff',
      roles: READERS,
      tag: 'cases',
      summary: 'Kinds of cases, their days and the rule each comes from',
      responses: {
        200: {
          description: 'All of them',
          schema: z.object({
            items: z.array(clockView.extend({ kind: z.enum(CASE_KINDS) })),
          }),
        },
      },
      problems: [],
      handler: async () => {
        const items = CASE_KINDS.map(async (kind) => ({
          ...{ kind, ...clockViewOf(await cases.caseClock(kind)) },
        }));
        return { status: 200, body: { items: await Promise.all(items) } };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/cases',
      auth: 'staff',
      roles: ['officer'],
      tag: 'cases',
      summary: 'Opens a case about 1 to 1,000 authorizations of one institution',
      body: z.strictObject({
        kind: z.enum(CASE_KINDS),
        authorizations: z
          .array(z.string().regex(idPattern('authorization')))
          .min(1)
          .max(1000),
        dispute: z.string().regex(idPattern('hold')).optional(),
        receivedAt: moment
          .optional()
          .describe('When it was received, at most 366 days ago: terms run from here'),
        dueAt: moment.optional().describe('The day a court has set; of kinds with `ownDate`'),
        texts: caseTexts.default({}),
      }),
      responses: { 201: { description: 'Opened', schema: caseView } },
      problems: ['not-found', 'case-open', 'illegal-transition', 'invalid-request'],
      handler: async ({ body, secret, ...call }) => {
        const { dispute, receivedAt, dueAt, ...asked } = body;
        const { id } = await vault.openCase({
          secret,
          case: {
            ...asked,
            ...(dispute ? { dispute } : {}),
            ...(receivedAt ? { receivedAt } : {}),
            ...(dueAt ? { dueAt } : {}),
          },
        });
        return { status: 201, body: caseViewOf(await visibleCase(parts, call, id)) };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/cases/{id}',
      auth: 'staff',
      roles: READERS,
      tag: 'cases',
      summary: 'A case: what was done and said in it, and how its authorizations stand',
      params: caseIdParams,
      responses: {
        200: {
          description: 'The case',
          schema: caseView.extend({
            clock: clockView,
            authorizations: z.array(standingView),
            events: trailView,
            keptUntil: z.string().nullable(),
          }),
        },
      },
      problems: ['not-found', 'rate-limited'],
      handler: async (call) => {
        const row = await visibleCase(parts, call, call.params.id);
        const { trail, keptUntil } = await vault.readCase({ secret: call.secret, caseId: row.id });
        const names = await cases.staffNames(
          trail.flatMap(({ by }) => (by.startsWith('staff:') ? [by.slice(6)] : [])),
        );
        const standings = await cases.standings(await cases.caseAuthorizations(row.id));
        const events = trail.map((event) => ({
          ...event,
          name: names.get(event.by.slice(6)) ?? null,
        }));
        return {
          status: 200,
          body: {
            ...caseViewOf(row),
            clock: clockViewOf(await cases.caseClock(row.kind)),
            authorizations: standings.map(standingViewOf),
            events,
            keptUntil,
          },
        };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/cases/{id}/steps',
      auth: 'staff',
      roles: ['officer', 'approver'],
      tag: 'cases',
      summary:
        'The next step: accept or reject (not by who opened it), extract, verify, certify, close',
      params: caseIdParams,
      body: z.strictObject({ to: z.enum(CASE_STEPS), version, texts: caseTexts.default({}) }),
      responses: one,
      problems: ACT_PROBLEMS,
      handler: async (call) => {
        const { to, texts } = call.body;
        const act = { type: 'stepped', to, texts } as const;
        await visibleCase(parts, call, call.params.id);
        const at = { caseId: call.params.id, version: call.body.version };
        await vault.actOnCase({ secret: call.secret, ...at, act });
        return acted(call);
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/cases/{id}/notes',
      auth: 'staff',
      roles: ['officer'],
      tag: 'cases',
      summary: 'A note, or more time with its reasons, as often as the rule has it',
      params: caseIdParams,
      body: z.strictObject({
        type: z.enum(['noted', 'extended']),
        version,
        texts: caseTexts,
      }),
      responses: one,
      problems: ACT_PROBLEMS,
      handler: async (call) => {
        const { type, texts } = call.body;
        await visibleCase(parts, call, call.params.id);
        const at = { caseId: call.params.id, version: call.body.version };
        await vault.actOnCase({ secret: call.secret, ...at, act: { type, texts } });
        return acted(call);
      },
    }),
  ];
}
