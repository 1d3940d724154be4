import { idPattern } from '@mandate/core';
import { REGISTER_KINDS, visible, type RegisterFilter, type Sees } from '@mandate/ceremony';
import { z } from 'zod';
import { csvFile } from '../csv.js';
import { route, type DeskParts } from '../desk-parts.js';
import { registerView, registerViews, type RegisterView } from '../register-view.js';

const PAGE = 50;
/** On one printed list, and in one file; more is another period. */
const MOST_PRINTED = 1000;
const MOST_EXPORTED = 20_000;

const moment = z.iso.datetime({ offset: true });
const filter = z.object({
  person: z.string().regex(idPattern('staff')).optional(),
  case: z
    .string()
    .regex(/^C-\d{4}-\d{6,}$/)
    .optional()
    .describe('Its number'),
  authorization: z.string().regex(idPattern('authorization')).optional(),
  purpose: z
    .string()
    .regex(/^[a-z-]{2,40}$/)
    .optional(),
  kind: z.enum(REGISTER_KINDS).optional(),
  from: moment.optional(),
  until: moment.optional().describe('Not included'),
});
type Asked = z.output<typeof filter>;
const READERS = ['auditor', 'approver'] as const;

/** The access register (调阅登记簿): openings, searches and refusals, of all institutions or of one's own. */
export function registerRoutes(parts: DeskParts) {
  const { record, cases } = parts;
  const filterOf = async ({ institutionId }: Sees, asked: Asked): Promise<RegisterFilter> => {
    const about = asked.case && (await cases.caseNumbered(asked.case));
    const caseId = asked.case && visible({ institutionId }, about || null, 'case').id;
    return {
      ...{ institutionId, staffId: asked.person, authorizationId: asked.authorization },
      ...{ purpose: asked.purpose, kind: asked.kind, caseId: caseId || undefined },
      ...{ from: asked.from && new Date(asked.from), until: asked.until && new Date(asked.until) },
    } as RegisterFilter;
  };
  const upTo = async (asked: RegisterFilter, most: number) => {
    const entries = await record.registerEntries(asked, { limit: most + 1 });
    return {
      items: await registerViews(parts, entries.slice(0, most)),
      whole: entries.length <= most,
    };
  };
  return [
    route({
      method: 'get',
      path: '/desk/api/register',
      auth: 'staff',
      roles: READERS,
      tag: 'register',
      summary: 'The access register, newest first',
      description: 'With `authorization` openings of every purpose, otherwise the desk’s.',
      query: filter.extend({ before: z.string().regex(idPattern('access')).optional() }),
      responses: {
        200: {
          description: 'A page of it',
          schema: z.object({ items: z.array(registerView), next: z.string().nullable() }),
        },
      },
      problems: ['not-found'],
      handler: async (call) => {
        const { before, ...asked } = call.query;
        const entries = await record.registerEntries(await filterOf(call, asked), {
          ...{ before, limit: PAGE },
        });
        const items = await registerViews(parts, entries);
        const next = entries.length === PAGE ? entries.at(-1)!.id : null;
        return { status: 200, body: { items, next } };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/register/print',
      auth: 'staff',
      roles: READERS,
      tag: 'register',
      summary: `The same as one list for paper, at most ${MOST_PRINTED} entries`,
      query: filter,
      responses: {
        200: {
          description: 'The list; `whole`: nothing was left out',
          schema: z.object({ items: z.array(registerView), whole: z.boolean() }),
        },
      },
      problems: ['not-found'],
      handler: async (call) => ({
        status: 200,
        body: await upTo(await filterOf(call, call.query), MOST_PRINTED),
      }),
    }),
    route({
      method: 'get',
      path: '/desk/api/register.csv',
      auth: 'staff',
      roles: READERS,
      tag: 'register',
      summary: `The same as a file, at most ${MOST_EXPORTED} entries; the last line says when more there is`,
      query: filter,
      responses: { 200: { description: 'CSV, UTF-8', contentType: 'text/csv' } },
      problems: ['not-found'],
      handler: async (call) => {
        const { items, whole } = await upTo(await filterOf(call, call.query), MOST_EXPORTED);
        return {
          status: 200,
          bytes: csvFile([
            [...COLUMNS],
            ...items.map(rowOf),
            ...(whole ? [] : [['more entries there are: choose a shorter period']]),
          ]),
          headers: {
            'Cache-Control': 'no-store',
            'Content-Disposition': 'attachment; filename="access-register.csv"',
          },
        };
      },
    }),
  ];
}

const COLUMNS = [
  ...['id', 'at', 'kind', 'actor', 'actor_id', 'actor_name', 'purpose', 'case', 'institution'],
  ...['authorization', 'letter_number', 'grant', 'right', 'refused_because', 'searched_by'],
  ...['searched_digest', 'values', 'results', 'act', 'about'],
] as const;

const rowOf = (entry: RegisterView): (string | number | null)[] => [
  ...[entry.id, entry.at, entry.kind, entry.by.kind, entry.by.id, entry.by.name, entry.purpose],
  ...[entry.case?.number ?? null, entry.institution, entry.authorization, entry.letterNumber],
  ...[entry.grant, entry.right, entry.why, entry.searchedBy, entry.searched],
  ...[entry.values, entry.results, entry.act, entry.about],
];
