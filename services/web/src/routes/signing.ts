import { evidenceBundle, letterForVisit, passGate, visitTo } from '@mandate/ceremony';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { z } from 'zod';
import { enterDeps, route, type WebParts } from '../web-parts.js';
import * as schema from './schemas.js';
import { nextStep, show, visitToOne } from './signing-steps.js';

/** What the signing page reads, and the gate before it. Needs `X-Requested-With: mandate`. */
export const signingRoutes = (parts: WebParts) => [
  route({
    method: 'get',
    path: '/v1/signing',
    auth: 'visit',
    tag: 'signing',
    summary: 'Where the ceremony stands',
    query: z.object({
      authorization: schema.memberLetter.optional().describe('read this letter of the set again'),
    }),
    responses: nextStep,
    problems: [],
    handler: async ({ visit, query: { authorization } }) => {
      if (authorization !== undefined) await visitTo(enterDeps(parts), visit, authorization);
      return show(parts, visit, authorization);
    },
  }),

  route({
    method: 'post',
    path: '/v1/signing/identify',
    auth: 'visit',
    tag: 'signing',
    summary: 'Pass the gate with the last six characters of the ID number',
    body: z.strictObject({ lastSix: z.string().min(1).max(20) }),
    responses: nextStep,
    problems: ['gate-mismatch', 'gate-locked'],
    handler: async ({ visit, body }) => {
      await passGate(enterDeps(parts), visit, body.lastSix);
      return show(parts, { ...visit, identified: true, gate: visit.gate ?? 'last-six' });
    },
  }),

  route({
    method: 'get',
    path: '/v1/signing/letter',
    auth: 'visit',
    tag: 'signing',
    summary: 'The letter: exactly the bytes to be signed',
    query: z.object({ authorization: schema.memberLetter.optional() }),
    responses: { 200: { description: 'PDF', contentType: 'application/pdf' } },
    problems: ['step-out-of-order'],
    handler: async ({ visit, query }) => ({
      status: 200,
      bytes: await letterForVisit(
        enterDeps(parts),
        await visitToOne(parts, visit, query.authorization),
      ),
    }),
  }),

  route({
    method: 'get',
    path: '/v1/signing/copy',
    auth: 'visit',
    tag: 'signing',
    summary: 'The subject’s copy of the signed letter',
    // A download is a navigation and cannot carry a header.
    query: z.object({
      visit: z.string().max(60).optional(),
      authorization: schema.memberLetter.optional(),
    }),
    responses: { 200: { description: 'PDF', contentType: 'application/pdf' } },
    problems: ['illegal-transition'],
    handler: async ({ visit, query }) => {
      const { authorizationId } = await visitToOne(parts, visit, query.authorization);
      const authorization = await parts.record.authorization(authorizationId);
      const bundle = await evidenceBundle(enterDeps(parts), authorization, {
        purpose: 'download',
        actor: `visit:${visit.id}`,
      });
      return {
        status: 200,
        bytes: partOf(readBundle(bundle), PART.signedLetter),
        headers: {
          'Content-Disposition': `attachment; filename="${authorization.letterNumber}.pdf"`,
        },
      };
    },
  }),
];
