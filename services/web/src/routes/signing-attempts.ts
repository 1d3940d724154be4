import { fromBase64Url, toBase64Url } from '@mandate/core';
import { z } from 'zod';
import { route, type WebParts } from '../web-parts.js';
import * as schema from './schemas.js';
import { keyOf, nextStep, oneTimeKey, show, visitToOne } from './signing-steps.js';

/** Certificate, signature, and the one-call key where a template allows it. */
export const signingAttemptRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/signing/attempts',
    auth: 'visit',
    tag: 'signing',
    summary: 'Get a scene certificate and what is to be signed',
    body: z.strictObject({ authorization: schema.memberLetter.optional(), ...oneTimeKey }),
    responses: {
      200: {
        description: 'Material the browser checks before it signs',
        schema: z.object({
          attemptId: z.string(),
          certificate: z.string(),
          issuer: z.string(),
          update: z.string(),
          signedAttributes: z.string(),
          notAfter: schema.time,
        }),
      },
    },
    problems: [
      'step-out-of-order',
      'confirmation-expired',
      'proof-of-possession-invalid',
      'key-origin-refused',
      'key-reused',
    ],
    handler: async ({ visit, body }) => {
      const { authorizationId } = await visitToOne(parts, visit, body.authorization);
      const material = await parts.authority.ca.issue({
        authorizationId,
        visitId: visit.id,
        ...keyOf(body),
      });
      return {
        status: 200,
        body: {
          attemptId: material.attemptId,
          certificate: toBase64Url(material.certificate),
          issuer: toBase64Url(material.issuer),
          update: toBase64Url(material.update),
          signedAttributes: toBase64Url(material.signedAttributes),
          notAfter: material.notAfter,
        },
      };
    },
  }),

  route({
    method: 'post',
    path: '/v1/signing/attempts/software',
    auth: 'visit',
    tag: 'signing',
    summary: 'Sign with a one-call key, where the template allows it',
    body: z.strictObject({ authorization: schema.memberLetter.optional() }),
    responses: nextStep,
    problems: [
      'key-origin-refused',
      'step-out-of-order',
      'confirmation-expired',
      'timestamp-unavailable',
    ],
    handler: async ({ visit, body }) => {
      const { authorizationId } = await visitToOne(parts, visit, body.authorization);
      await parts.authority.ca.signOnce({ authorizationId, visitId: visit.id });
      return show(parts, visit);
    },
  }),

  route({
    method: 'post',
    path: '/v1/signing/attempts/{attemptId}/signature',
    auth: 'visit',
    tag: 'signing',
    summary: 'Hand in the signature',
    params: z.object({ attemptId: z.string().regex(/^att_[0-9a-f-]{36}$/) }),
    body: z.strictObject({
      authorization: schema.memberLetter.optional(),
      signature: schema.bytes(80),
    }),
    responses: nextStep,
    problems: ['attempt-void', 'signature-invalid', 'step-out-of-order', 'timestamp-unavailable'],
    handler: async ({ visit, params, body }) => {
      const { authorizationId } = await visitToOne(parts, visit, body.authorization);
      await parts.authority.ca.complete({
        authorizationId,
        attemptId: params.attemptId,
        signature: fromBase64Url(body.signature),
      });
      return show(parts, visit);
    },
  }),
];
