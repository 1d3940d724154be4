import { CASE_KINDS, CASE_STEPS, idPattern, toUtcSeconds } from '@mandate/core';
import type { CaseRow } from '@mandate/ceremony';
import { textSchema } from '@mandate/terms';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { route, type WebParts } from '../web-parts.js';
import { ownAuthorization } from './authorizations.js';
import { EXAMPLES } from './examples.js';
import * as schema from './schemas.js';

const text = textSchema(2000);
/** What others decide is taken in by staff alone; a complex complaint is one whose term is extended. */
const OWN_KINDS = CASE_KINDS.filter(
  (kind) => !['regulator-complaint', 'court-request', 'consumer-complaint-complex'].includes(kind),
);
const caseView = z.object({
  id: z.string(),
  number: z.string().describe('for people: C-2026-000123'),
  kind: z.enum(CASE_KINDS),
  step: z.enum(CASE_STEPS).describe('GB/T 39321: apply, accept, extract, verify, certify'),
  receivedAt: schema.time.describe('terms run from here'),
  openedAt: schema.time,
  dueAt: schema.time.describe('by the rule of its kind'),
});

/** An institution's own system hands a complaint to the disputes desk, and sees how far it is. */
export const caseRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/cases',
    auth: 'institution',
    scope: 'withdrawals:write',
    tag: 'uses',
    summary: 'Open a case at the disputes desk',
    description:
      'About 1 to 1,000 authorizations of your own, fixed from here on. It opens nobody’s data: two people of the ' +
      'desk agree to each opening. While it is open its evidence is kept. Texts are kept encrypted under a key of ' +
      'the case’s own.',
    headers: schema.idempotencyHeader,
    body: z.strictObject({
      kind: z.enum(OWN_KINDS),
      authorizations: z
        .array(z.string().regex(idPattern('authorization')))
        .min(1)
        .max(1000),
      applicant: text.optional().describe('who complains, and how they are reached'),
      request: text.optional().describe('what is to be found out'),
      documents: z.array(textSchema(200)).max(50).optional(),
      receivedAt: z.iso
        .datetime({ offset: true })
        .max(40)
        .optional()
        .describe('when you received it, at most 366 days ago: terms run from here, else from now'),
    }),
    example: EXAMPLES.case,
    responses: { 201: { description: 'Opened', schema: caseView } },
    problems: [
      ...(['not-found', 'idempotency-key-missing', 'idempotency-key-reused'] as const),
      'idempotency-in-progress',
    ],
    handler: async (call) =>
      idempotent(parts, call, { case: call.body }, async () => {
        const { kind, authorizations, applicant, request, documents, receivedAt } = call.body;
        const { id } = await parts.authority.vault.openInstitutionCase({
          institutionId: call.institution.id,
          requestKey: call.headers['idempotency-key']!,
          case: {
            ...{ kind, authorizations },
            ...(receivedAt ? { receivedAt } : {}),
            texts: {
              ...(applicant ? { applicant } : {}),
              ...(request ? { scope: request } : {}),
              ...(documents ? { documents } : {}),
            },
          },
        });
        const rows = await parts.record.casesOf(authorizations[0]!);
        return { status: 201 as const, body: viewOf(rows.find((row) => row.id === id)!) };
      }),
  }),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}/cases',
    auth: 'institution',
    scope: 'authorizations:read',
    tag: 'uses',
    summary: 'Cases of the disputes desk about it, newest first',
    params: schema.authorizationId,
    responses: {
      200: { description: 'All of them', schema: z.object({ items: z.array(caseView) }) },
    },
    problems: [],
    handler: async (call) => {
      const { id } = await ownAuthorization(parts, call);
      return { status: 200, body: { items: (await parts.record.casesOf(id)).map(viewOf) } };
    },
  }),
];

const viewOf = (row: CaseRow): z.output<typeof caseView> => ({
  ...{ id: row.id, number: row.number, kind: row.kind, step: row.step },
  receivedAt: toUtcSeconds(row.receivedAt),
  openedAt: toUtcSeconds(row.openedAt),
  dueAt: toUtcSeconds(row.dueAt),
});
