import { isFramableOrigin, toUtcSeconds } from '@mandate/core';
import { createWayIn, type AuthorizationRow } from '@mandate/ceremony';
import { z } from 'zod';
import { enterDeps, route, type WebParts } from '../web-parts.js';
import { ownAuthorization } from './authorizations.js';
import { EXAMPLES } from './examples.js';
import * as schema from './schemas.js';
import { ticketUrl } from './visits.js';

const origin = z
  .string()
  .max(200)
  .refine(isFramableOrigin, 'an exact https origin (http on localhost only)');

/** Whom a ticket is for beside its authorization or set. */
export const ticketRequest = z.strictObject({
  origins: z.array(origin).max(5),
  returnUrl: z.string().min(1).max(300).optional(),
  state: z
    .string()
    .regex(/^[A-Za-z0-9._~-]{1,128}$/)
    .optional(),
});

export const linkAnswer = {
  201: {
    description: 'To be sent to the subject',
    schema: z.object({ url: z.string(), expiresAt: schema.time }),
  },
} as const;

export const ticketAnswer = {
  201: {
    description: 'To be handed to the page that embeds the widget',
    schema: z.object({
      ticket: z.string(),
      url: z.string().describe('the same ticket as an address for a full page or WebView'),
      expiresAt: schema.time,
    }),
  },
} as const;

/** A link through this letter. */
export async function makeLink(parts: WebParts, authorization: AuthorizationRow) {
  const way = await createWayIn(enterDeps(parts), authorization, { kind: 'link' });
  return {
    status: 201 as const,
    body: { url: `${parts.publicUrl}/s#${way.token}`, expiresAt: toUtcSeconds(way.expiresAt) },
  };
}

/** A ticket through this letter. */
export async function makeTicket(
  parts: WebParts,
  authorization: AuthorizationRow,
  asked: z.output<typeof ticketRequest>,
) {
  const way = await createWayIn(enterDeps(parts), authorization, {
    kind: 'ticket',
    origins: [...new Set(asked.origins)],
    returnUrl: asked.returnUrl ?? null,
    returnState: asked.state ?? null,
  });
  return {
    status: 201 as const,
    body: {
      ticket: way.token,
      url: ticketUrl(parts, way.id, way.secret),
      expiresAt: toUtcSeconds(way.expiresAt),
    },
  };
}

/** The subject's ways in. Tokens stand in fragments, which no server log and no referrer sees. */
export const wayInRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/authorizations/{id}/signing-links',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'signing links',
    summary: 'Make a signing link',
    params: schema.authorizationId,
    responses: linkAnswer,
    problems: ['illegal-transition'],
    handler: async (call) => makeLink(parts, await ownAuthorization(parts, call)),
  }),

  route({
    method: 'post',
    path: '/v1/authorizations/{id}/signing-tickets',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'signing links',
    summary: 'Make a single-use signing ticket for the widget',
    description:
      'For a subject the institution has logged in. Good once, for five minutes. `origins`: whose ' +
      'pages may frame it, none for a full page only. `returnUrl`: an https address on one of the ' +
      'allowed origins or an allowed app scheme, without query; the page adds `mandate`, ' +
      '`authorization` and `state` to it.',
    params: schema.authorizationId,
    body: ticketRequest,
    example: EXAMPLES.ticket,
    responses: ticketAnswer,
    problems: ['illegal-transition'],
    handler: async (call) => makeTicket(parts, await ownAuthorization(parts, call), call.body),
  }),
];
