import { fromBase64Url, STAFF_ROLES, type OpenedSession } from '@mandate/core';
import type { Request } from 'express';
import { z } from 'zod';
import { route, type DeskParts } from '../desk-parts.js';
import { staffCookie } from '../staff-cookie.js';

const secret = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const base64url = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/)
  .max(20_000);
const session = z.object({
  staff: z.string(),
  name: z.string(),
  institution: z.string().nullable(),
  outsourced: z.boolean(),
  roles: z.array(z.enum(STAFF_ROLES)),
  means: z.string(),
  endsAt: z.string().describe('At the latest; half an hour without a request ends it sooner'),
});
/** The browser's answer to `navigator.credentials.get`. */
export const assertion = z.strictObject({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  response: z.strictObject({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.optional(),
  }),
});
const registration = z.strictObject({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  response: z.strictObject({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(40)).max(10).optional(),
  }),
});
const opened = { 200: { description: 'Signed in', schema: session } } as const;
const PROBLEMS = ['unauthenticated', 'session-ended', 'account-locked', 'rate-limited'] as const;

/** Coming to the desk and leaving it. Everything is proven to role vault; this only carries cookies. */
export function signInRoutes(parts: DeskParts) {
  const { vault } = parts.authority;
  const cookie = staffCookie(parts.deskUrl);
  const signedIn = ({ secret: made, session: who, endsAt }: OpenedSession) => ({
    status: 200 as const,
    body: viewOf(who),
    headers: { 'Set-Cookie': cookie.write('session', made, new Date(endsAt)) },
  });
  /** Who sets up a passkey: invited, or come in by a recovery code. */
  const enrolling = (invitation: string | undefined, request: Request) =>
    invitation === undefined
      ? { session: cookie.read('session', request) }
      : { invitation: fromBase64Url(invitation) };
  return [
    route({
      method: 'post',
      path: '/desk/api/sign-in',
      auth: 'none',
      tag: 'sign-in',
      summary: 'Begins a sign-in: what the browser has to answer',
      body: z.strictObject({
        means: z.enum(['passkey', 'oidc', 'enrolment']),
        invitation: secret.optional(),
      }),
      responses: {
        200: {
          description: 'The try',
          schema: z.object({
            options: z.record(z.string(), z.unknown()).optional(),
            address: z.string().optional(),
            endsAt: z.string(),
          }),
        },
      },
      problems: [...PROBLEMS, 'authority-unavailable'],
      handler: async ({ body: { means, invitation }, req }) => {
        const tried = parts.random.bytes(32);
        const { options, address, endsAt } = await vault.beginSignIn({
          ...{ secret: tried, means },
          ...(means === 'enrolment' ? enrolling(invitation, req) : {}),
        });
        return {
          status: 200,
          body: { ...(options ? { options } : {}), ...(address ? { address } : {}), endsAt },
          headers: { 'Set-Cookie': cookie.write('try', tried, new Date(endsAt)) },
        };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/sign-in/passkey',
      auth: 'none',
      tag: 'sign-in',
      summary: 'The passkey’s answer',
      body: z.strictObject({ answer: assertion }),
      responses: opened,
      problems: PROBLEMS,
      handler: async ({ body, req }) =>
        signedIn(
          await vault.signInByPasskey({
            ...{ secret: cookie.read('try', req), answer: body.answer as never },
          }),
        ),
    }),
    route({
      method: 'post',
      path: '/desk/api/sign-in/provider',
      auth: 'none',
      tag: 'sign-in',
      summary: 'What the identity provider sent the browser back with',
      body: z.strictObject({ query: z.string().max(4000) }),
      responses: opened,
      problems: [...PROBLEMS, 'authority-unavailable'],
      handler: async ({ body, req }) =>
        signedIn(
          await vault.signInByProvider({ secret: cookie.read('try', req), query: body.query }),
        ),
    }),
    route({
      method: 'post',
      path: '/desk/api/sign-in/recovery-code',
      auth: 'none',
      tag: 'sign-in',
      summary: 'One of the ten codes, once',
      body: z.strictObject({ code: z.string().min(16).max(40) }),
      responses: opened,
      problems: PROBLEMS,
      handler: async ({ body }) => signedIn(await vault.signInByRecoveryCode(body)),
    }),
    route({
      method: 'post',
      path: '/desk/api/sign-in/enrolment',
      auth: 'none',
      tag: 'sign-in',
      summary:
        'A new passkey by invitation, or in a session by recovery code; the new recovery codes are told this once',
      body: z.strictObject({ invitation: secret.optional(), answer: registration }),
      responses: {
        200: {
          description: 'Signed in',
          schema: session.extend({ recoveryCodes: z.array(z.string()) }),
        },
      },
      problems: [...PROBLEMS, 'passkey-invalid'],
      handler: async ({ body, req }) => {
        const made = await vault.enrol({
          secret: cookie.read('try', req),
          ...enrolling(body.invitation, req),
          answer: body.answer as never,
        });
        const reply = signedIn(made);
        return { ...reply, body: { ...reply.body, recoveryCodes: [...made.recoveryCodes] } };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/session',
      auth: 'staff',
      roles: 'any',
      tag: 'sign-in',
      summary: 'Who is signed in',
      responses: opened,
      problems: [],
      handler: async (call) => ({ status: 200, body: viewOf(call) }),
    }),
    route({
      method: 'delete',
      path: '/desk/api/session',
      auth: 'staff',
      roles: 'any',
      tag: 'sign-in',
      summary: 'Signs out',
      responses: { 204: { description: 'Signed out' } },
      problems: [],
      handler: async (call) => {
        await vault.endSession({ secret: call.secret });
        const over = cookie.write('session', new Uint8Array(32), new Date(0));
        return { status: 204, headers: { 'Set-Cookie': over } };
      },
    }),
  ];
}

const viewOf = (who: OpenedSession['session']) => ({
  ...{ staff: who.staff, name: who.name, institution: who.institutionId },
  ...{ outsourced: who.outsourced, roles: [...who.roles], means: who.means },
  endsAt: who.endsAt,
});
