import { DomainError } from '@mandate/core';
import {
  liveLetterOf,
  requestedSet,
  requestSet,
  SET_SIZE,
  type Institution,
  type SigningSet,
} from '@mandate/ceremony';
import { authorizationRequestSchema } from '@mandate/terms';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { requestDeps, route, type WebParts } from '../web-parts.js';
import { REQUEST_PROBLEMS } from './request-problems.js';
import * as schema from './schemas.js';
import { linkAnswer, makeLink, makeTicket, ticketAnswer, ticketRequest } from './ways-in.js';

const setView = z
  .object({
    id: z.string(),
    createdAt: schema.time,
    authorizations: z.array(schema.authorization.extend({ optional: z.boolean() })),
  })
  .describe('A signing set: its authorizations in the order in which they are read');

const member = authorizationRequestSchema.extend({
  optional: z.boolean().optional().describe('you can go on without it; the subject is told so'),
});

/** The institution's own set; another's is as unknown as none. Throws `not-found`. */
async function ownSet(parts: WebParts, institution: Institution, id: string): Promise<SigningSet> {
  const set = await parts.record.set(id);
  if (!set || set.institutionId !== institution.id)
    throw new DomainError('not-found', 'no such signing set');
  return set;
}

/** The letter through which a set is entered: the first that can still be signed. */
const entrance = async (parts: WebParts, institution: Institution, id: string) => {
  const { members } = await ownSet(parts, institution, id);
  return liveLetterOf(parts.record, members[0]!.authorizationId);
};

/** Several letters in one sitting, each accepted or refused by itself, with one code. */
export const signingSetRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/signing-sets',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'signing sets',
    summary: 'Request two to five authorizations for one sitting',
    description:
      'All are made or none. The same subject and language in all of them. Each stays an authorization ' +
      'of its own: state, events, letter, evidence and uses are found under its id.',
    headers: schema.idempotencyHeader,
    body: z.strictObject({
      authorizations: z.array(member).min(SET_SIZE.least).max(SET_SIZE.most),
    }),
    responses: { 201: { description: 'Requested', schema: setView } },
    problems: REQUEST_PROBLEMS,
    handler: (call) =>
      idempotent(parts, call, call.body, async (idempotencyKey) => ({
        status: 201 as const,
        body: mutable(
          await requestSet(requestDeps(parts), {
            institution: call.institution,
            requests: call.body.authorizations,
            idempotencyKey,
          }),
        ),
      })),
  }),

  route({
    method: 'get',
    path: '/v1/signing-sets/{id}',
    auth: 'institution',
    scope: 'authorizations:read',
    tag: 'signing sets',
    summary: 'Read one signing set',
    params: schema.setId,
    responses: { 200: { description: 'The set', schema: setView } },
    problems: [],
    handler: async ({ institution, params }) => {
      const set = await ownSet(parts, institution, params.id);
      return { status: 200, body: mutable(await requestedSet(parts, set)) };
    },
  }),

  route({
    method: 'post',
    path: '/v1/signing-sets/{id}/signing-links',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'signing sets',
    summary: 'Make a signing link for the whole set',
    params: schema.setId,
    responses: linkAnswer,
    problems: ['illegal-transition'],
    handler: async ({ institution, params }) =>
      makeLink(parts, await entrance(parts, institution, params.id)),
  }),

  route({
    method: 'post',
    path: '/v1/signing-sets/{id}/signing-tickets',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'signing sets',
    summary: 'Make a single-use signing ticket for the whole set',
    description: 'As for one authorization; `set` is added to the return address instead.',
    params: schema.setId,
    body: ticketRequest,
    responses: ticketAnswer,
    problems: ['illegal-transition'],
    handler: async ({ institution, params, body }) =>
      makeTicket(parts, await entrance(parts, institution, params.id), body),
  }),
];

const mutable = <T extends { readonly authorizations: readonly unknown[] }>(view: T) => ({
  ...view,
  authorizations: [...view.authorizations] as T['authorizations'][number][],
});
