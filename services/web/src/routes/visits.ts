import {
  handOver,
  LIMITS,
  openWayIn,
  outcomeOf,
  outcomeOfAll,
  setLetters,
  visitByHandOver,
} from '@mandate/ceremony';
import { toUtcSeconds } from '@mandate/core';
import { z } from 'zod';
import { shownVisit } from '../authenticate.js';
import { limitAddress } from '../limit-address.js';
import { signingView } from '../signing-view.js';
import { visitCookies } from '../visit-cookies.js';
import { enterDeps, route, type WebParts } from '../web-parts.js';
import * as schema from './schemas.js';

const handOverSecret = schema.bytes(32).describe('from the answer of `open`, in a frame');

/** How a visit begins, moves from a frame to a full page, and is seen to end. */
export const visitRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/signing/open',
    auth: 'none',
    tag: 'signing',
    summary: 'Trade the token of a link or ticket for a visit (cookie)',
    body: z.strictObject({
      token: z.string().min(1).max(100),
      framed: z.boolean().optional().describe('the page stands in a frame'),
    }),
    responses: {
      200: {
        description: 'The next step',
        schema: schema.signingView.extend({ handOver: handOverSecret.optional() }),
      },
    },
    problems: ['link-invalid', 'link-expired', 'ticket-used', 'forbidden', 'restricted', 'erased'],
    handler: async ({ body, req }) => {
      await limitAddress(parts, req, 'open-address', LIMITS.opensPerAddress);
      const { framed = false } = body;
      const { visit, cookie, handOver, expiresAt } = await openWayIn(enterDeps(parts), body.token, {
        framed,
        shown: await shownVisit(parts, req, framed),
      });
      const view = await signingView(parts, visit);
      return {
        status: 200 as const,
        body: { ...view, ...(handOver === undefined ? {} : { handOver }) },
        ...(cookie === undefined
          ? {}
          : {
              headers: {
                'Set-Cookie': visitCookies(parts.publicUrl).write({
                  framed,
                  secret: cookie,
                  expiresAt,
                }),
              },
            }),
      };
    },
  }),

  route({
    method: 'post',
    path: '/v1/signing/hand-over',
    auth: 'none',
    tag: 'signing',
    summary: 'From a frame: a single-use address to go on as a full page',
    description: 'By the secret `open` gave the frame. The new address cannot be framed.',
    body: z.strictObject({ handOver: handOverSecret }),
    responses: {
      200: {
        description: 'To be opened by the subject’s tap',
        schema: z.object({ url: z.string(), expiresAt: schema.time }),
      },
    },
    problems: ['visit-invalid', 'illegal-transition', 'rate-limited'],
    handler: async ({ body }) => {
      const visit = await visitByHandOver(enterDeps(parts), body.handOver);
      const { id, secret, expiresAt } = await handOver(enterDeps(parts), visit);
      return {
        status: 200,
        body: { url: ticketUrl(parts, id, secret), expiresAt: toUtcSeconds(expiresAt) },
      };
    },
  }),

  route({
    method: 'post',
    path: '/v1/signing/outcome',
    auth: 'none',
    tag: 'signing',
    summary: 'From a frame that handed over: how did it end?',
    body: z.strictObject({ handOver: handOverSecret }),
    responses: {
      200: {
        description: 'Nothing but the end',
        schema: z.object({
          authorization: z.string(),
          outcome: z.enum(['running', 'success', 'declined', 'lapsed', 'failed']),
        }),
      },
    },
    problems: ['visit-invalid'],
    handler: async ({ body }) => {
      const visit = await visitByHandOver(enterDeps(parts), body.handOver);
      const { id, state } = await parts.record.authorization(visit.authorizationId);
      const set = await parts.record.setOf(id);
      const letters = set && (await setLetters(parts.record, set));
      const outcome = letters
        ? outcomeOfAll(letters.map(({ authorization }) => authorization.state))
        : outcomeOf(state);
      return { status: 200, body: { authorization: id, outcome } };
    },
  }),
];

/** The page of a ticket; the secret stands in the fragment, which no log and no referrer sees. */
export const ticketUrl = (parts: Pick<WebParts, 'publicUrl'>, id: string, secret: string): string =>
  `${parts.publicUrl}/w/${id}#${secret}`;
