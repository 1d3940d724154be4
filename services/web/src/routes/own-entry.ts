import { DomainError, toBase64Url, type OpenedOwnVisit } from '@mandate/core';
import { LIMITS, startOfHour } from '@mandate/ceremony';
import type { Request } from 'express';
import { z } from 'zod';
import { callerAddress } from '../caller-address.js';
import { ownCookie, secretOf } from '../own-cookie.js';
import { ownRowOf } from '../own-view.js';
import { untilMilliseconds } from '../until-milliseconds.js';
import { route, type WebParts } from '../web-parts.js';
import { ownList, ownPerson } from './own-schemas.js';
import * as schema from './schemas.js';
import { passkeyAssertion } from './signing-passkeys.js';

/** Every answer to an entry takes at least this long, milliseconds: what was found is not to be heard. */
const ENTRY_TAKES = 500;

/** How a subject comes to see their own authorizations. Needs `X-Requested-With: mandate`. */
export const ownEntryRoutes = (parts: WebParts) => {
  const cookie = ownCookie(parts.publicUrl);
  const { ra } = parts.authority;

  const count = async (request: Request, what: 'entries' | 'answers'): Promise<void> => {
    const counted = await parts.record.count({
      scope: `own-${what}-address`,
      key: await parts.record.counterKey(callerAddress(request)),
      windowStart: startOfHour(parts.clock.now()),
      max: what === 'entries' ? LIMITS.ownEntriesPerAddress : LIMITS.ownAnswersPerAddress,
    });
    if (!counted)
      throw new DomainError('rate-limited', 'too many tries; please wait', {
        extensions: { retryAfterSeconds: 3600 },
      });
  };

  const opened = async (visit: OpenedOwnVisit) => ({
    status: 200 as const,
    body: await ownListOf(parts, visit),
    headers: { 'Set-Cookie': cookie.write(toBase64Url(visit.secret), visit.endsAt) },
  });

  return [
    route({
      method: 'post',
      path: '/v1/own/enter',
      auth: 'none',
      tag: 'own authorizations',
      summary: 'Ask for a code to see one’s own authorizations',
      description:
        'The answer is the same for everybody. A code is sent only where number, name and identity ' +
        'document belong to one authorization.',
      body: ownPerson,
      responses: {
        202: {
          description: 'If these belong together, a code is on its way',
          schema: z.object({ expiresAt: schema.time }),
        },
      },
      problems: ['rate-limited'],
      handler: async ({ body, req }) => {
        const since = performance.now();
        await count(req, 'entries');
        const { secret, expiresAt } = await ra.enterOwn({
          ...body,
          address: await parts.record.counterKey(callerAddress(req)),
        });
        await untilMilliseconds(since + ENTRY_TAKES);
        return {
          status: 202,
          body: { expiresAt },
          headers: { 'Set-Cookie': cookie.write(toBase64Url(secret), expiresAt) },
        };
      },
    }),

    route({
      method: 'post',
      path: '/v1/own/passkey-options',
      auth: 'none',
      tag: 'own authorizations',
      summary: 'What the browser needs to enter by passkey',
      responses: {
        200: {
          description: 'A dictionary for navigator.credentials.get, in WebAuthn’s JSON spelling',
          schema: z.object({ request: z.record(z.string(), z.unknown()) }),
        },
      },
      problems: ['rate-limited'],
      handler: async ({ req }) => {
        await count(req, 'entries');
        const { secret, expiresAt, request } = await ra.ownPasskeyOptions({});
        return {
          status: 200,
          body: { request: { ...request } },
          headers: { 'Set-Cookie': cookie.write(toBase64Url(secret), expiresAt) },
        };
      },
    }),

    route({
      method: 'post',
      path: '/v1/own/confirm',
      auth: 'none',
      tag: 'own authorizations',
      summary: 'Answer with the code, or with a passkey',
      body: z.union([
        z.strictObject({ code: z.string().regex(/^\d{6,8}$/) }),
        z.strictObject({ passkey: passkeyAssertion }),
      ]),
      responses: { 200: { description: 'Entered', schema: ownList } },
      problems: [
        'challenge-missing',
        'challenge-expired',
        'challenge-dead',
        'code-wrong',
        'code-tries-exhausted',
        'passkey-unknown',
        'passkey-invalid',
        'passkey-revoked',
        'rate-limited',
      ],
      handler: async ({ body, req }) => {
        const secret = secretOf(cookie.read(req));
        if (!secret) throw new DomainError('challenge-missing', 'ask for a code first');
        await count(req, 'answers');
        return opened(await ra.confirmOwn({ secret, ...body }));
      },
    }),

    route({
      method: 'post',
      path: '/v1/own/open',
      auth: 'none',
      tag: 'own authorizations',
      summary: 'Enter by a link an institution made for a subject who lost the number',
      body: z.strictObject({ token: z.string().min(1).max(100) }),
      responses: { 200: { description: 'Entered', schema: ownList } },
      problems: ['link-invalid', 'link-expired', 'ticket-used', 'rate-limited'],
      handler: async ({ body, req }) => {
        await count(req, 'answers');
        const secret = secretOf(body.token);
        if (!secret) throw new DomainError('link-invalid', 'this link is not complete');
        return opened(await ra.openOwnLink({ secret }));
      },
    }),

    route({
      method: 'post',
      path: '/v1/own/leave',
      auth: 'none',
      tag: 'own authorizations',
      summary: 'End the visit',
      responses: { 200: { description: 'Over', schema: z.object({ left: z.boolean() }) } },
      problems: [],
      handler: async ({ req }) => {
        const secret = secretOf(cookie.read(req));
        if (secret) await ra.leaveOwn({ secret });
        return {
          status: 200,
          body: { left: true },
          headers: { 'Set-Cookie': cookie.write('', '1970-01-01T00:00:00Z') },
        };
      },
    }),

    route({
      method: 'post',
      path: '/v1/authorizations/{id}/own-links',
      auth: 'institution',
      scope: 'own-links:write',
      tag: 'own authorizations',
      summary: 'Vouch for a subject who lost the number: a single-use way in',
      description:
        'The institution has made sure who is there. The link opens this subject’s authorizations with ' +
        'this institution, no others, once, for an hour; data are not erased and passkeys not removed by it. ' +
        'Whoever makes one could read by it, so the key needs the scope `evidence:read`, too. Making it stands in ' +
        'the access register.',
      params: schema.authorizationId,
      body: z.strictObject({
        vouchedBy: z
          .string()
          .regex(/^[\x21-\x7e]{1,64}$/, '1 to 64 visible ASCII characters')
          .describe('who of the institution’s staff; no personal data of the subject'),
        how: z.enum(['in-person', 'video-call', 'call-back', 'identity-check', 'other']),
      }),
      responses: {
        201: {
          description: 'To be handed to the subject',
          schema: z.object({ url: z.string(), expiresAt: schema.time }),
        },
      },
      problems: [],
      handler: async ({ institution, scopes, params, body }) => {
        if (!scopes.includes('evidence:read'))
          throw new DomainError(
            'scope-missing',
            'this API key needs the scope evidence:read, too',
            {
              extensions: { scope: 'evidence:read' },
            },
          );
        const { secret, expiresAt } = await ra.ownLink({
          authorizationId: params.id,
          institutionId: institution.id,
          ...body,
        });
        return {
          status: 201,
          body: { url: `${parts.publicUrl}/my#${toBase64Url(secret)}`, expiresAt },
        };
      },
    }),
  ];
};

/** The list as a visit sees it. */
export async function ownListOf(
  parts: WebParts,
  { means, expiresAt, endsAt, authorizations, passkeys }: Omit<OpenedOwnVisit, 'secret'>,
): Promise<z.input<typeof ownList>> {
  const rows = await Promise.all(
    authorizations.map(async (id) => ownRowOf(parts, await parts.record.authorization(id))),
  );
  return {
    means,
    expiresAt,
    endsAt,
    authorizations: rows,
    passkeys: await Promise.all(
      passkeys.map(async ({ authorizationId, ...passkey }) => {
        const { institutionId, letterNumber } = await parts.record.authorization(authorizationId);
        const { name } = await parts.record.institution(institutionId);
        return { ...passkey, institution: name, letterNumber };
      }),
    ),
  };
}
