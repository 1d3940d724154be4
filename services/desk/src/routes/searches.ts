import { idPattern, MOST_SEARCHED, SEARCH_PURPOSES, STATES } from '@mandate/core';
import { z } from 'zod';
import { route, type DeskParts } from '../desk-parts.js';
import { letterView, letterViewOf } from '../letter-view.js';

const text = (most: number) => z.string().min(1).max(most);
const institution = z.string().regex(idPattern('institution'));
const criterion = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('authorization'), id: text(60) }),
  z.strictObject({ by: z.literal('letter-number'), number: text(60) }),
  z.strictObject({ by: z.literal('lookup-code'), code: text(40) }),
  z.strictObject({ by: z.literal('id-number'), idNumber: text(60) }),
  z.strictObject({ by: z.literal('phone'), phone: text(40) }),
  z.strictObject({
    by: z.literal('references'),
    institution,
    references: z.array(text(64)).min(1).max(MOST_SEARCHED),
  }),
  z.strictObject({
    by: z.literal('period'),
    institution,
    from: z.iso.datetime({ offset: true }).optional(),
    until: z.iso.datetime({ offset: true }).optional(),
    state: z.enum(STATES).optional(),
  }),
]);
const masks = z.object({ name: z.string(), idNumber: z.string(), phone: z.string() });

/** Search without opening anything. */
export const searchRoutes = ({ record, authority }: DeskParts) => [
  route({
    method: 'post',
    path: '/desk/api/searches',
    auth: 'staff',
    roles: ['officer', 'approver', 'auditor'],
    tag: 'searches',
    summary: 'Finds letters; the search stands in the access register before anything is shown',
    body: z.strictObject({
      purpose: z.enum(SEARCH_PURPOSES),
      caseNumber: text(40).optional().describe('Needed where the purpose is `case`'),
      criterion,
      before: z.string().regex(idPattern('authorization')).optional(),
    }),
    responses: {
      200: {
        description: 'What was found: masked, newest first, references in the order asked',
        schema: z.object({
          search: z.string(),
          items: z.array(
            letterView.extend({
              subject: masks.nullable(),
              altered: z
                .boolean()
                .describe('What it is found by was changed: it may be somebody else’s letter'),
            }),
          ),
          missing: z
            .array(z.string())
            .describe('References of the list without a letter, on its first page'),
          next: z.string().nullable().describe('`before` of the next page'),
        }),
      },
    },
    problems: ['forbidden', 'not-found', 'rate-limited'],
    handler: async ({ body, secret }) => {
      const { search, found, missing, next } = await authority.vault.search({ secret, ...body });
      const facts = await record.letterFacts(found.map(({ authorizationId }) => authorizationId));
      const byId = new Map(facts.map((row) => [row.id, row]));
      const items = found.flatMap(({ authorizationId, masks: subject, altered }) => {
        const row = byId.get(authorizationId);
        return row ? [{ ...letterViewOf(row), subject, altered }] : [];
      });
      return { status: 200, body: { search, items, missing: [...missing], next } };
    },
  }),
  route({
    method: 'get',
    path: '/desk/api/institutions',
    auth: 'staff',
    roles: ['officer', 'approver', 'auditor', 'template-author', 'template-approver'],
    tag: 'searches',
    summary: 'Institutions one works on: one’s own, or all of them',
    responses: {
      200: {
        description: 'By name',
        schema: z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }),
      },
    },
    problems: [],
    handler: async ({ institutionId }) => ({
      status: 200,
      body: { items: [...(await record.institutionNames(institutionId))] },
    }),
  }),
];
