import { DomainError, type Authority } from '@mandate/core';
import {
  checkReadHere,
  SET_SIZE,
  settleRefusals,
  type SigningSet,
  type Visit,
} from '@mandate/ceremony';
import { z } from 'zod';
import { limitCodes } from '../limit-codes.js';
import { isCompleting } from '../set-view.js';
import { enterDeps, route, type WebParts } from '../web-parts.js';
import * as schema from './schemas.js';
import { passkeyAssertion } from './signing-passkeys.js';
import { identified, keyOf, nextStep, oneTimeKey, show } from './signing-steps.js';

/** Asking for a code, and answering with what the measures demand. */
export const signingConfirmationRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/signing/challenge',
    auth: 'visit',
    tag: 'signing',
    summary: 'Ask for a code',
    body: z.strictObject({
      channel: z.enum(['sms', 'voice']).optional(),
      enrol: z
        .boolean()
        .optional()
        .describe('a code although no measure asks for one, to register a passkey'),
    }),
    responses: nextStep,
    problems: [
      'step-out-of-order',
      'pause-running',
      'resend-too-soon',
      'resend-limit',
      'link-expired',
    ],
    handler: async ({ visit, body, req }) => {
      const { authorizationId, gate } = identified(visit);
      await limitCodes(parts, req);
      const asked = {
        gate: gate ?? 'last-six',
        ...(body.channel ? { channel: body.channel } : {}),
        ...(body.enrol ? { enrol: true } : {}),
      };
      const set = await parts.record.setOf(authorizationId);
      if (set) await askForSet(parts, set, visit, asked);
      else {
        await checkReadHere(enterDeps(parts), visit);
        await parts.authority.ra.challenge({ authorizationId, ...asked });
      }
      return show(parts, visit);
    },
  }),

  route({
    method: 'post',
    path: '/v1/signing/confirmation',
    auth: 'visit',
    tag: 'signing',
    summary: 'Confirm with what the measures demand and prove the one-time key',
    body: z.strictObject({
      code: z
        .string()
        .regex(/^\d{6,8}$/)
        .optional(),
      passkey: passkeyAssertion.optional(),
      publicKey: oneTimeKey.publicKey.optional(),
      proof: oneTimeKey.proof.optional(),
      keys: z
        .array(z.strictObject({ authorization: schema.memberLetter, ...oneTimeKey }))
        .min(1)
        .max(SET_SIZE.most)
        .optional()
        .describe('in a signing set, instead of `publicKey` and `proof`: one for each letter'),
    }),
    responses: nextStep,
    problems: [
      'challenge-missing',
      'challenge-expired',
      'challenge-dead',
      'measure-missing',
      'code-wrong',
      'passkey-invalid',
      'passkey-unknown',
      'passkey-revoked',
      'passkey-waiting',
      'code-tries-exhausted',
      'proof-of-possession-invalid',
    ],
    handler: async ({ visit, body }) => {
      const { authorizationId } = identified(visit);
      const answer = {
        visitId: visit.id,
        ...(body.code === undefined ? {} : { code: body.code }),
        ...(body.passkey ? { passkey: body.passkey } : {}),
      };
      const { publicKey, proof, keys } = body;
      const set = await parts.record.setOf(authorizationId);
      if (set && keys && publicKey === undefined && proof === undefined)
        await parts.authority.ra.confirmSet({
          setId: set.id,
          ...answer,
          keys: keys.map(({ authorization, ...each }) => ({
            authorizationId: authorization,
            ...keyOf(each),
          })),
        });
      else if (!set && !keys && publicKey !== undefined && proof !== undefined)
        await parts.authority.ra.confirm({
          authorizationId,
          ...answer,
          ...keyOf({ publicKey, proof }),
        });
      else
        throw new DomainError(
          'invalid-request',
          'send publicKey and proof, or in a signing set keys',
        );
      return show(parts, visit);
    },
  }),
];

/** Refusals are final now; then one code for what was accepted. */
async function askForSet(
  parts: WebParts,
  set: SigningSet,
  visit: Visit,
  asked: Omit<Parameters<Authority['ra']['challengeSet']>[0], 'setId'>,
): Promise<void> {
  if (await isCompleting(parts, set))
    throw new DomainError('step-out-of-order', 'a signature is being completed; please wait');
  for (const { authorizationId, refusedAt } of set.members)
    if (!refusedAt) await checkReadHere(enterDeps(parts), { ...visit, authorizationId });
  await settleRefusals(enterDeps(parts), visit, set);
  await parts.authority.ra.challengeSet({ setId: set.id, ...asked });
}
