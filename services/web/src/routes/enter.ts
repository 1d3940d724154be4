import { enterByNumber } from '@mandate/ceremony';
import { isDomainError } from '@mandate/core';
import { z } from 'zod';
import { shownVisit } from '../authenticate.js';
import { callerAddress } from '../caller-address.js';
import { signingView } from '../signing-view.js';
import { visitCookies } from '../visit-cookies.js';
import { untilMilliseconds } from '../until-milliseconds.js';
import { enterDeps, route, type WebParts } from '../web-parts.js';
import * as schema from './schemas.js';

/**
 * Every mismatch takes at least this long, milliseconds: a letter that exists costs an unwrapped key more than
 * one that does not, and that must not be heard.
 */
const MISMATCH_TAKES = 400;

/** The way in without tapping a link: `/s` and the number that stands on the letter. */
export const enterRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/signing/enter',
    auth: 'none',
    tag: 'signing',
    summary: 'Begin a visit with letter number and the last six characters of the ID number',
    body: z.strictObject({
      letterNumber: z.string().min(1).max(40),
      lastSix: z.string().min(1).max(20),
    }),
    responses: { 200: { description: 'The next step', schema: schema.signingView } },
    problems: ['gate-mismatch', 'gate-locked', 'restricted', 'erased'],
    handler: async ({ body, req }) => {
      const since = performance.now();
      try {
        const address = callerAddress(req);
        const shown = await shownVisit(parts, req, false);
        const way = await enterByNumber(enterDeps(parts), { ...body, address, shown });
        const { visit, cookie, expiresAt } = way;
        const secret = cookie!;
        return {
          status: 200 as const,
          body: await signingView(parts, visit),
          headers: {
            'Set-Cookie': visitCookies(parts.publicUrl).write({
              framed: false,
              secret,
              expiresAt,
            }),
          },
        };
      } catch (error) {
        if (isDomainError(error, 'gate-mismatch')) await untilMilliseconds(since + MISMATCH_TAKES);
        throw error;
      }
    },
  }),
];
