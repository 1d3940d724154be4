import { DomainError, STATES } from '@mandate/core';
import {
  archiveState,
  requestAuthorization,
  requestedAuthorization,
  type AuthorizationFilter,
  type AuthorizationRow,
  type Institution,
} from '@mandate/ceremony';
import { authorizationRequestSchema, cleanValue, textSchema } from '@mandate/terms';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { enterDeps, requestDeps, route, type WebParts } from '../web-parts.js';
import { exampleAuthorization, EXAMPLES } from './examples.js';
import { REQUEST_PROBLEMS } from './request-problems.js';
import * as schema from './schemas.js';

/** The institution's own authorization; another's is as unknown as none. Throws `not-found`. */
export async function ownAuthorization(
  parts: WebParts,
  call: { readonly institution: { readonly id: string }; readonly params: { readonly id: string } },
): Promise<AuthorizationRow> {
  const found = await parts.record.findAuthorization(call.institution.id, call.params.id);
  if (!found) throw new DomainError('not-found', 'no such authorization');
  return found;
}

const filter = {
  state: z.enum(STATES).optional(),
  template: z.string().min(1).max(64).optional().describe('id or name'),
  businessReference: textSchema(64).optional(),
  letterNumber: z
    .string()
    .regex(/^M\d{8}-[0-9A-Z]{8}$/)
    .optional(),
  createdFrom: schema.moment.optional(),
  createdTo: schema.moment.optional().describe('not included'),
  cursor: z
    .string()
    .regex(/^aut_[0-9a-f-]{36}$/)
    .optional(),
};
const page = z.object({
  items: z.array(schema.authorization),
  nextCursor: z.string().nullable().describe('null at the end'),
});
const subjectSchema = authorizationRequestSchema.shape.subject.omit({ phone: true });

async function pageOf(
  parts: WebParts,
  institution: Institution,
  asked: AuthorizationFilter & { cursor?: string | undefined; limit: number },
) {
  const { cursor, limit, ...narrowed } = asked;
  const rows = await parts.record.listAuthorizations(institution.id, {
    ...narrowed,
    before: cursor,
    limit: limit + 1,
  });
  const items = rows.slice(0, limit);
  return {
    items: items.map(requestedAuthorization),
    nextCursor: rows.length > limit ? items.at(-1)!.id : null,
  };
}

export const authorizationRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/authorizations',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'authorizations',
    summary: 'Request an authorization',
    description: 'Builds the terms, renders the letter once and keeps both encrypted.',
    headers: schema.idempotencyHeader,
    body: authorizationRequestSchema,
    example: exampleAuthorization(parts.clock.now()),
    responses: { 201: { description: 'Requested', schema: schema.authorization } },
    problems: REQUEST_PROBLEMS,
    handler: (call) =>
      idempotent(parts, call, call.body, async (idempotencyKey) => ({
        status: 201,
        body: await requestAuthorization(requestDeps(parts), {
          institution: call.institution,
          request: call.body,
          idempotencyKey,
        }),
      })),
  }),

  route({
    method: 'get',
    path: '/v1/authorizations',
    auth: 'institution',
    scope: 'authorizations:read',
    tag: 'authorizations',
    summary: 'List authorizations, newest first',
    description:
      'Everything given must hold. A page follows the last one whatever was added since.',
    query: z.object({
      ...filter,
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    responses: { 200: { description: 'One page', schema: page } },
    problems: [],
    handler: async ({ institution, query }) => ({
      status: 200,
      body: await pageOf(parts, institution, query),
    }),
  }),

  route({
    method: 'post',
    path: '/v1/authorizations/search',
    auth: 'institution',
    scope: 'authorizations:read',
    tag: 'authorizations',
    summary: 'List one person’s authorizations, newest first',
    description:
      'By what stands in the letter: kind and number of the document and the name, all three. In the body, ' +
      'because addresses stand in logs. Nothing is opened: the record holds a keyed digest, another one for ' +
      'each institution. After erasure nothing is found.',
    body: z.strictObject({
      subject: subjectSchema,
      ...filter,
      limit: z.number().int().min(1).max(100).default(20),
    }),
    example: EXAMPLES.search,
    responses: { 200: { description: 'One page', schema: page } },
    problems: ['text-forbidden-character'],
    handler: async ({ institution, body: { subject, ...query } }) => {
      const person = cleanValue(subject, 'subject') as typeof subject;
      const { searchKey } = await parts.authority.vault.searchKey({
        institutionId: institution.id,
        person,
      });
      return { status: 200, body: await pageOf(parts, institution, { ...query, searchKey }) };
    },
  }),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}',
    auth: 'institution',
    scope: 'authorizations:read',
    tag: 'authorizations',
    summary: 'Read one authorization',
    params: schema.authorizationId,
    responses: { 200: { description: 'The authorization', schema: schema.authorization } },
    problems: [],
    handler: async (call) => {
      const authorization = await ownAuthorization(parts, call);
      const archive = await archiveState(enterDeps(parts), authorization);
      return {
        status: 200,
        body: { ...requestedAuthorization(authorization), ...archive },
      };
    },
  }),
];
