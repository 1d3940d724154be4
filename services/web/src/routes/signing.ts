import { DomainError, fromBase64Url, toBase64Url, type Authority } from '@mandate/core';
import {
  checkChosenHere,
  decline,
  DECLINE_REASONS,
  evidenceBundle,
  letterForVisit,
  passGate,
  recordPresentation,
  refuseLetter,
  SET_SIZE,
  settleRefusals,
  visitTo,
  visitToLetter,
  type SigningSet,
  type Visit,
} from '@mandate/ceremony';
import { PART, partOf, readBundle } from '@mandate/evidence';
import { z } from 'zod';
import { publishedPageBuild } from '../page-build.js';
import { isCompleting } from '../set-view.js';
import { policyOf, signingView } from '../signing-view.js';
import { enterDeps, route, type WebParts } from '../web-parts.js';
import * as schema from './schemas.js';
import { passkeyAssertion } from './signing-passkeys.js';

const view = { 200: { description: 'The next step', schema: schema.signingView } } as const;
const key = { publicKey: schema.bytes(120), proof: schema.bytes(80) };

const keyOf = (given: { readonly publicKey: string; readonly proof: string }) => ({
  publicKey: fromBase64Url(given.publicKey),
  proof: fromBase64Url(given.proof),
});

/** The subject's steps, as the signing page takes them. Needs `X-Requested-With: mandate`. */
export const signingRoutes = (parts: WebParts) => {
  const show = async (visit: Visit, named?: string) => ({
    status: 200 as const,
    body: await signingView(parts, visit, named),
  });
  /** The visit to one letter of its set, or to its only one. */
  const to = (visit: Visit, authorization: string | undefined): Promise<Visit> =>
    visitTo(enterDeps(parts), identified(visit), authorization);
  /** Refusals are final now; then one code for what was accepted. */
  const askForSet = async (
    set: SigningSet,
    visit: Visit,
    asked: Omit<Parameters<Authority['ra']['challengeSet']>[0], 'setId'>,
  ): Promise<void> => {
    if (await isCompleting(parts, set))
      throw new DomainError('step-out-of-order', 'a signature is being completed; please wait');
    for (const { authorizationId, refusedAt } of set.members)
      if (!refusedAt) await checkChosenHere(enterDeps(parts), { ...visit, authorizationId });
    await settleRefusals(enterDeps(parts), visit, set);
    await parts.authority.ra.challengeSet({ setId: set.id, ...asked });
  };
  const identified = (visit: Visit): Visit => {
    if (!visit.identified) throw new DomainError('step-out-of-order', 'pass the gate first');
    return visit;
  };

  return [
    route({
      method: 'get',
      path: '/v1/signing',
      auth: 'visit',
      tag: 'signing',
      summary: 'Where the ceremony stands',
      query: z.object({
        authorization: schema.memberLetter.optional().describe('read this letter of the set again'),
      }),
      responses: view,
      problems: [],
      handler: async ({ visit, query: { authorization } }) => {
        if (authorization !== undefined) await visitTo(enterDeps(parts), visit, authorization);
        return show(visit, authorization);
      },
    }),

    route({
      method: 'post',
      path: '/v1/signing/identify',
      auth: 'visit',
      tag: 'signing',
      summary: 'Pass the gate with the last six characters of the ID number',
      body: z.strictObject({ lastSix: z.string().min(1).max(20) }),
      responses: view,
      problems: ['gate-mismatch', 'gate-locked'],
      handler: async ({ visit, body }) => {
        await passGate(enterDeps(parts), visit, body.lastSix);
        return show({ ...visit, identified: true, gate: visit.gate ?? 'last-six' });
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
        bytes: await letterForVisit(enterDeps(parts), await to(visit, query.authorization)),
      }),
    }),

    route({
      method: 'post',
      path: '/v1/signing/presentation',
      auth: 'visit',
      tag: 'signing',
      summary: 'The letter was shown, its key clauses acknowledged one by one',
      description:
        'Optional items and third-party recipients are accepted in `choices` or refused. May be ' +
        'repeated until the confirmation: with other choices codes sent before are dead, with the ' +
        'same nothing changes.',
      body: z.strictObject({ letterDigest: schema.digest, record: schema.presentation }),
      responses: view,
      problems: ['step-out-of-order', 'illegal-transition', 'rate-limited'],
      handler: async ({ visit, body }) => {
        const there = await visitToLetter(enterDeps(parts), identified(visit), body.letterDigest);
        const authorization = await parts.record.authorization(there.authorizationId);
        const policy = await policyOf(parts, authorization);
        await recordPresentation(enterDeps(parts), there, body, {
          minimumReadingSeconds: policy.minimumReadingSeconds,
          pageBuild: await publishedPageBuild(parts),
        });
        return show(visit);
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
      responses: view,
      problems: ['step-out-of-order', 'illegal-transition', 'guard-refused'],
      handler: async ({ visit, body }) => {
        await refuseLetter(enterDeps(parts), identified(visit), body.letterDigest);
        return show(visit);
      },
    }),

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
      responses: view,
      problems: [
        'step-out-of-order',
        'pause-running',
        'resend-too-soon',
        'resend-limit',
        'link-expired',
      ],
      handler: async ({ visit, body }) => {
        const { authorizationId, gate } = identified(visit);
        const asked = {
          gate: gate ?? 'last-six',
          ...(body.channel ? { channel: body.channel } : {}),
          ...(body.enrol ? { enrol: true } : {}),
        };
        const set = await parts.record.setOf(authorizationId);
        if (set) await askForSet(set, visit, asked);
        else {
          await checkChosenHere(enterDeps(parts), visit);
          await parts.authority.ra.challenge({ authorizationId, ...asked });
        }
        return show(visit);
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
        publicKey: key.publicKey.optional(),
        proof: key.proof.optional(),
        keys: z
          .array(z.strictObject({ authorization: schema.memberLetter, ...key }))
          .min(1)
          .max(SET_SIZE.most)
          .optional()
          .describe('in a signing set, instead of `publicKey` and `proof`: one for each letter'),
      }),
      responses: view,
      problems: [
        'challenge-missing',
        'challenge-expired',
        'challenge-dead',
        'measure-missing',
        'code-wrong',
        'passkey-invalid',
        'passkey-unknown',
        'pause-running',
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
        return show(visit);
      },
    }),

    route({
      method: 'post',
      path: '/v1/signing/attempts',
      auth: 'visit',
      tag: 'signing',
      summary: 'Get a scene certificate and what is to be signed',
      body: z.strictObject({ authorization: schema.memberLetter.optional(), ...key }),
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
        const { authorizationId } = await to(visit, body.authorization);
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
      responses: view,
      problems: [
        'key-origin-refused',
        'step-out-of-order',
        'confirmation-expired',
        'timestamp-unavailable',
      ],
      handler: async ({ visit, body }) => {
        const { authorizationId } = await to(visit, body.authorization);
        await parts.authority.ca.signOnce({ authorizationId, visitId: visit.id });
        return show(visit);
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
      responses: view,
      problems: ['attempt-void', 'signature-invalid', 'step-out-of-order', 'timestamp-unavailable'],
      handler: async ({ visit, params, body }) => {
        const { authorizationId } = await to(visit, body.authorization);
        await parts.authority.ca.complete({
          authorizationId,
          attemptId: params.attemptId,
          signature: fromBase64Url(body.signature),
        });
        return show(visit);
      },
    }),

    route({
      method: 'post',
      path: '/v1/signing/decline',
      auth: 'visit',
      tag: 'signing',
      summary: 'Stop; the institution learns that signing stopped, not why',
      body: z.strictObject({ reason: z.enum(DECLINE_REASONS) }),
      responses: view,
      problems: ['illegal-transition'],
      handler: async ({ visit, body }) => {
        await decline(enterDeps(parts), visit, body.reason);
        return show(visit);
      },
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
        const { authorizationId } = await to(visit, query.authorization);
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
};
