import { DomainError, STATES } from '@mandate/core';
import {
  archiveState,
  requestAuthorization,
  requestedAuthorization,
  type AuthorizationRow,
} from '@mandate/ceremony';
import { authorizationRequestSchema } from '@mandate/terms';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { enterDeps, requestDeps, route, type WebParts } from '../web-parts.js';
import { exampleAuthorization } from './examples.js';
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
    problems: [
      'idempotency-key-missing',
      'idempotency-key-reused',
      'idempotency-in-progress',
      'template-unknown',
      'terms-invalid',
      'term-in-past',
      'text-forbidden-character',
      'glyph-missing',
      'text-overflow',
    ],
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
    query: z.object({
      state: z.enum(STATES).optional(),
      cursor: z
        .string()
        .regex(/^aut_[0-9a-f-]{36}$/)
        .optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    responses: {
      200: {
        description: 'One page',
        schema: z.object({
          items: z.array(schema.authorization),
          nextCursor: z.string().nullable().describe('absent items follow; null at the end'),
        }),
      },
    },
    problems: [],
    handler: async ({ institution, query }) => {
      const rows = await parts.record.listAuthorizations(institution.id, {
        state: query.state,
        before: query.cursor,
        limit: query.limit + 1,
      });
      const page = rows.slice(0, query.limit);
      return {
        status: 200,
        body: {
          items: page.map(requestedAuthorization),
          nextCursor: rows.length > query.limit ? page.at(-1)!.id : null,
        },
      };
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
