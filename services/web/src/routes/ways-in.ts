import { toUtcSeconds } from '@mandate/core';
import { createWayIn } from '@mandate/ceremony';
import { z } from 'zod';
import { enterDeps, route, type WebParts } from '../web-parts.js';
import { ownAuthorization } from './authorizations.js';
import * as schema from './schemas.js';

const origin = z
  .string()
  .max(200)
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text && isSecure(new URL(text)),
    'an exact https origin (http on localhost only)',
  );

/** A frame in an insecure page has no `crypto.subtle`, so nothing could be signed there. */
const isSecure = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname));

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
    params: schema.authorizationId,
    body: z.strictObject({ origins: z.array(origin).min(1).max(5) }),
    responses: {
      201: {
        description: 'To be handed to the page that embeds the widget',
        schema: z.object({ ticket: z.string(), expiresAt: schema.time }),
      },
    },
    problems: ['illegal-transition'],
    handler: async ({ institution, params, body }) => {
      const authorization = await ownAuthorization(parts, institution, params.id);
      const way = await createWayIn(enterDeps(parts), authorization, {
        kind: 'ticket',
        origins: body.origins,
      });
      return {
        status: 201,
        body: { ticket: way.token, expiresAt: toUtcSeconds(way.expiresAt) },
      };
    },
  }),
];
