import { toUtcSeconds } from '@mandate/core';
import { textSchema } from '@mandate/terms';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { route, type WebParts } from '../web-parts.js';
import { ownAuthorization } from './authorizations.js';
import * as schema from './schemas.js';

/** The institution's own word for its customer. */
export const assertionRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/authorizations/{id}/assertions',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'authorizations',
    summary: 'Vouch for the subject',
    description:
      'Where the template’s identity policy asks for checks: who at the institution vouches, when they saw it and ' +
      'how they know. A note: it stands in the evidence as the institution’s word and meets no requirement.',
    params: schema.authorizationId,
    headers: schema.idempotencyHeader,
    body: z.strictObject({
      reference: z
        .string()
        .regex(/^[A-Za-z0-9._:-]{1,64}$/)
        .describe('the institution’s own number of this assertion, never the same twice'),
      vouchedBy: textSchema(60).describe('system or office; no personal data of the subject'),
      how: textSchema(200).describe('how they know; no personal data of the subject'),
      at: z.iso
        .datetime({ offset: true })
        .max(40)
        .describe('when they saw it; minutes ago at most'),
    }),
    example: {
      reference: 'login-20261121-0001',
      vouchedBy: 'mobile banking',
      how: 'logged in with password and device key',
      at: toUtcSeconds(parts.clock.now()),
    },
    responses: {
      201: {
        description: 'Recorded',
        schema: z.object({
          authorization: z.string(),
          digest: z.string().describe('of the result, as trail and scene name it; hex'),
          at: schema.time,
          freshUntil: schema.time.describe('after that it is named no more'),
        }),
      },
    },
    problems: [
      'idempotency-key-missing',
      'idempotency-key-reused',
      'idempotency-in-progress',
      'step-out-of-order',
      'identity-unavailable',
    ],
    handler: async (call) => {
      const { id: authorizationId } = await ownAuthorization(parts, call);
      return idempotent(parts, call, { assert: authorizationId, ...call.body }, async () => ({
        status: 201 as const,
        body: {
          authorization: authorizationId,
          ...(await parts.authority.ra.assertIdentity({
            authorizationId,
            institutionId: call.institution.id,
            ...call.body,
          })),
        },
      }));
    },
  }),
];
