import { DomainError, IDENTITY_CHECKS } from '@mandate/core';
import { checkReadHere, setLetters } from '@mandate/ceremony';
import { z } from 'zod';
import { openIdentity } from '../identity-view.js';
import { enterDeps, route, type WebParts } from '../web-parts.js';
import { identified, nextStep, show } from './signing-steps.js';

/** Only where the template's policy asks who the subject is. */
export const signingIdentityRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/signing/identity',
    auth: 'visit',
    tag: 'signing',
    summary: 'Have a provider check who the subject is',
    description:
      'The view’s `identity` names the checks that are asked for, whom they are made by and what the subject ' +
      'adds. Nothing but result and receipt comes back, and no picture. A provider that fails is no failure of ' +
      'the person: `identity-unavailable` takes no try away.',
    body: z.strictObject({
      check: z.enum(IDENTITY_CHECKS),
      input: z
        .string()
        .regex(/^[\x21-\x7e]{1,512}$/)
        .optional()
        .describe('a card number, or the one-time text of the provider’s own application'),
    }),
    responses: nextStep,
    problems: [
      'step-out-of-order',
      'link-expired',
      'identity-failed',
      'identity-exhausted',
      'identity-unavailable',
    ],
    handler: async ({ visit, body }) => {
      const { authorizationId } = identified(visit);
      const { input } = body;
      const set = await parts.record.setOf(authorizationId);
      if (!set) await checkReadHere(enterDeps(parts), visit);
      const letters = set
        ? (await setLetters(parts.record, set))
            .filter(({ choice }) => choice === 'accepted')
            .map(({ authorization }) => authorization)
        : [await parts.record.authorization(authorizationId)];
      const open = await openIdentity(
        parts,
        letters.filter(({ state }) => ['presented', 'challenged', 'confirmed'].includes(state)),
      );
      if (!open) throw new DomainError('step-out-of-order', 'no check is asked for now');
      await parts.authority.ra.identify({
        authorizationId: open.authorizationId,
        check: body.check,
        ...(input === undefined ? {} : { input }),
      });
      return show(parts, visit);
    },
  }),
];
