import type { PasskeyAssertion, PasskeyRegistration } from '@mandate/core';
import { setLetters, type Visit } from '@mandate/ceremony';
import { DomainError, type State } from '@mandate/core';
import { z } from 'zod';
import { route, type WebParts } from '../web-parts.js';
import * as schema from './schemas.js';

/** WebAuthn Level 3 §5.1 in JSON; members that are not judged are dropped, not refused. */
const credential = {
  id: schema.bytes(1023),
  rawId: schema.bytes(1023),
  type: z.literal('public-key'),
};

const registration = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: schema.bytes(4000),
    attestationObject: schema.bytes(8000),
    transports: z.array(z.string().max(20)).max(10).default([]),
  }),
});

/** The passkey's answer in a confirmation. */
export const passkeyAssertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: schema.bytes(4000),
    authenticatorData: schema.bytes(4000),
    signature: schema.bytes(1000),
  }),
}) satisfies z.ZodType<PasskeyAssertion>;

const dictionary = z.record(z.string(), z.unknown());

/** Passkeys of the subject of this visit; nothing is told before the gate is passed. */
export const passkeyRoutes = (parts: WebParts) => {
  const subjectOf = async (visit: Visit) => {
    if (!visit.identified) throw new DomainError('step-out-of-order', 'pass the gate first');
    return { authorizationId: await provenBy(visit), visitId: visit.id };
  };
  /** In a set: a letter whose challenge is at hand, or that was signed. */
  const provenBy = async ({ authorizationId }: Visit): Promise<string> => {
    const set = await parts.record.setOf(authorizationId);
    const letters = set ? await setLetters(parts.record, set) : [];
    const inState = (state: State) =>
      letters.find(({ authorization }) => authorization.state === state)?.authorization.id;
    return inState('challenged') ?? inState('released') ?? authorizationId;
  };

  return [
    route({
      method: 'post',
      path: '/v1/signing/passkeys/options',
      auth: 'visit',
      tag: 'signing',
      summary: 'What the browser needs to use or register a passkey',
      body: z.strictObject({}),
      responses: {
        200: {
          description: 'Dictionaries for navigator.credentials, in WebAuthn’s JSON spelling',
          schema: z.object({
            registered: z.boolean(),
            request: dictionary.optional(),
            creation: dictionary,
          }),
        },
      },
      problems: ['step-out-of-order', 'challenge-missing'],
      handler: async ({ visit }) => {
        const { registered, request, creation } = await parts.authority.ra.passkeyOptions(
          await subjectOf(visit),
        );
        return {
          status: 200,
          body: {
            registered,
            creation: { ...creation },
            ...(request && { request: { ...request } }),
          },
        };
      },
    }),

    route({
      method: 'post',
      path: '/v1/signing/passkeys',
      auth: 'visit',
      tag: 'signing',
      summary:
        'Register a passkey: with the code of the live challenge, or after the ceremony is done',
      body: z.strictObject({
        code: z
          .string()
          .regex(/^\d{6,8}$/)
          .optional(),
        registration,
      }),
      responses: {
        200: { description: 'Registered', schema: z.object({ registeredAt: schema.time }) },
      },
      problems: [
        'step-out-of-order',
        'challenge-missing',
        'challenge-expired',
        'challenge-dead',
        'measure-missing',
        'code-wrong',
        'code-tries-exhausted',
        'passkey-invalid',
        'rate-limited',
      ],
      handler: async ({ visit, body }) => {
        const answer: PasskeyRegistration = body.registration;
        const { registeredAt } = await parts.authority.ra.registerPasskey({
          ...(await subjectOf(visit)),
          ...(body.code === undefined ? {} : { code: body.code }),
          registration: answer,
        });
        return { status: 200, body: { registeredAt } };
      },
    }),
  ];
};
