import { isFramableOrigin, toUtcSeconds } from '@mandate/core';
import { createWayIn } from '@mandate/ceremony';
import { z } from 'zod';
import { enterDeps, route, type WebParts } from '../web-parts.js';
import { ownAuthorization } from './authorizations.js';
import * as schema from './schemas.js';
import { ticketUrl } from './visits.js';

const origin = z
  .string()
  .max(200)
  .refine(isFramableOrigin, 'an exact https origin (http on localhost only)');

/** The subject's ways in. Tokens stand in fragments, which no server log and no referrer sees. */
export const wayInRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/authorizations/{id}/signing-links',
    auth: 'institution',
    tag: 'signing links',
    summary: 'Make a signing link',
    params: schema.authorizationId,
    responses: {
      201: {
        description: 'To be sent to the subject',
        schema: z.object({ url: z.string(), expiresAt: schema.time }),
      },
    },
    problems: ['illegal-transition'],
    handler: async ({ institution, params }) => {
      const authorization = await ownAuthorization(parts, institution, params.id);
      const way = await createWayIn(enterDeps(parts), authorization, { kind: 'link' });
      return {
        status: 201,
        body: { url: `${parts.publicUrl}/s#${way.token}`, expiresAt: toUtcSeconds(way.expiresAt) },
      };
    },
  }),

  route({
    method: 'post',
    path: '/v1/authorizations/{id}/signing-tickets',
    auth: 'institution',
    tag: 'signing links',
    summary: 'Make a single-use signing ticket for the widget',
    description:
      'For a subject the institution has logged in. Good once, for five minutes. `origins`: whose ' +
      'pages may frame it, none for a full page only. `returnUrl`: an https address on one of the ' +
      'allowed origins or an allowed app scheme, without query; the page adds `mandate`, ' +
      '`authorization` and `state` to it.',
    params: schema.authorizationId,
    body: z.strictObject({
      origins: z.array(origin).max(5),
      returnUrl: z.string().min(1).max(300).optional(),
      state: z
        .string()
        .regex(/^[A-Za-z0-9._~-]{1,128}$/)
        .optional(),
    }),
    responses: {
      201: {
        description: 'To be handed to the page that embeds the widget',
        schema: z.object({
          ticket: z.string(),
          url: z.string().describe('the same ticket as an address for a full page or WebView'),
          expiresAt: schema.time,
        }),
      },
    },
    problems: ['illegal-transition'],
    handler: async ({ institution, params, body }) => {
      const authorization = await ownAuthorization(parts, institution, params.id);
      const way = await createWayIn(enterDeps(parts), authorization, {
        kind: 'ticket',
        origins: [...new Set(body.origins)],
        returnUrl: body.returnUrl ?? null,
        returnState: body.state ?? null,
      });
      return {
        status: 201,
        body: {
          ticket: way.token,
          url: ticketUrl(parts, way.id, way.secret),
          expiresAt: toUtcSeconds(way.expiresAt),
        },
      };
    },
  }),
];
