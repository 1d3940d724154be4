import {
  decline,
  DECLINE_REASONS,
  recordPresentation,
  refuseLetter,
  visitToLetter,
} from '@mandate/ceremony';
import { z } from 'zod';
import { publishedPageBuild } from '../page-build.js';
import { policyOf } from '../signing-view.js';
import { enterDeps, route, type WebParts } from '../web-parts.js';
import * as schema from './schemas.js';
import { identified, nextStep, show } from './signing-steps.js';

/** What the subject was shown and chose, up to stopping altogether. */
export const signingPresentationRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/signing/presentation',
    auth: 'visit',
    tag: 'signing',
    summary: 'The letter was shown, its key clauses acknowledged one by one',
    description:
      'Optional items and third-party recipients are accepted in `choices` or refused; who refuses a necessary recipient refuses the letter (`choice-necessary`). May be ' +
      'repeated until the confirmation: with other choices codes sent before are dead, with the ' +
      'same nothing changes.',
    body: z.strictObject({ letterDigest: schema.digest, record: schema.presentation }),
    responses: nextStep,
    problems: ['choice-necessary', 'step-out-of-order', 'illegal-transition', 'rate-limited'],
    handler: async ({ visit, body }) => {
      const there = await visitToLetter(enterDeps(parts), identified(visit), body.letterDigest);
      const authorization = await parts.record.authorization(there.authorizationId);
      const policy = await policyOf(parts, authorization);
      await recordPresentation(enterDeps(parts), there, body, {
        minimumReadingSeconds: policy.minimumReadingSeconds,
        pageBuild: await publishedPageBuild(parts),
        logo: (await parts.record.logoOf(authorization.institutionId))?.digest ?? null,
      });
      return show(parts, visit);
    },
  }),

  route({
    method: 'post',
    path: '/v1/signing/refuse-letter',
    auth: 'visit',
    tag: 'signing',
    summary: 'Refuse one letter of a signing set; the others go on',
    description:
      'Until the code is asked for it can be taken back by accepting the letter after all. When ' +
      'nothing is left to sign, signing has ended.',
    body: z.strictObject({ letterDigest: schema.digest }),
    responses: nextStep,
    problems: ['step-out-of-order', 'illegal-transition', 'guard-refused'],
    handler: async ({ visit, body }) => {
      await refuseLetter(enterDeps(parts), identified(visit), body.letterDigest);
      return show(parts, visit);
    },
  }),

  route({
    method: 'post',
    path: '/v1/signing/decline',
    auth: 'visit',
    tag: 'signing',
    summary: 'Stop; the institution learns that signing stopped, not why',
    body: z.strictObject({ reason: z.enum(DECLINE_REASONS) }),
    responses: nextStep,
    problems: ['illegal-transition'],
    handler: async ({ visit, body }) => {
      await decline(enterDeps(parts), visit, body.reason);
      return show(parts, visit);
    },
  }),
];
