import {
  exportData,
  LIMITS,
  ORDER_REFERENCE,
  orderReference,
  orderState,
  privacyView,
  releaseSubjectData,
  restrict,
  type ExportDeps,
} from '@mandate/ceremony';
import { DomainError, isDomainError } from '@mandate/core';
import { SUBJECT_FIELDS, textSchema } from '@mandate/terms';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { limitAddress } from '../limit-address.js';
import { route, useDeps, type WebParts } from '../web-parts.js';
import { ownAuthorization } from './authorizations.js';
import { EXAMPLES } from './examples.js';
import { dataExport, privacyState } from './privacy-schemas.js';
import * as schema from './schemas.js';

const byReference = z.object({ reference: z.string().regex(ORDER_REFERENCE) });

const release = z.object({
  release: z.string(),
  authorization: z.string(),
  redemption: z.string(),
  recipient: z.object({ creditCode: z.string() }),
  key: z.string().describe('RFC 7638 thumbprint of the key that opens it'),
  fields: z.array(z.string()).readonly(),
  sealed: z.string().describe('JWE compact, ECDH-ES (P-256) with A256GCM'),
  receipt: z.string().describe('compact JWS, typ mandate-release+jwt'),
  timestamp: z.string().nullable().describe('RFC 3161 token over the receipt, base64url'),
  at: schema.time,
});

const proof = z.strictObject({
  kind: z.enum(['logged-in', 'call-recording', 'paper', 'in-person', 'other']),
  ref: textSchema(64).describe('where the institution keeps it; no personal data'),
});

export const exportDeps = (parts: WebParts): ExportDeps => ({
  ...useDeps(parts),
  vault: parts.authority.vault,
});

/** Who gets personal data for a use, the subject's copy of all of them, and how they end. */
export const privacyRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/authorizations/{id}/redemptions/{redemption}/subject-data',
    auth: 'institution',
    scope: 'subject-data',
    tag: 'personal data',
    summary: 'Release the subject’s data for one use, sealed for its recipient',
    description:
      'The answer opens with the key the recipient registered, and with no other: whoever carries it reads ' +
      'nothing. Only what the items of the use need is in it. Once for each use: repeated it is the same ' +
      'message, so no Idempotency-Key is asked for. Refused while the use is not confirmed (`hold`), and once the ' +
      'authorization is withdrawn, disputed, over or restricted.',
    params: z.object({
      id: schema.authorizationId.shape.id,
      redemption: z.string().regex(/^red_[0-9a-f-]{36}$/),
    }),
    body: z.strictObject({
      fields: z
        .array(z.enum(SUBJECT_FIELDS))
        .min(1)
        .max(SUBJECT_FIELDS.length)
        .optional()
        .describe('fewer than the items need'),
    }),
    example: {},
    responses: { 200: { description: 'Released', schema: release } },
    problems: [
      'illegal-transition',
      'withdrawn',
      'on-hold',
      'authorization-ended',
      'scope-exceeded',
      'recipient-key-missing',
      'guard-refused',
      'restricted',
      'erased',
    ],
    handler: async (call) => ({
      status: 200,
      body: await releaseSubjectData(useDeps(parts), {
        authorization: await ownAuthorization(parts, call),
        institution: call.institution,
        redemptionId: call.params.redemption,
        fields: call.body.fields,
      }),
    }),
  }),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}/order-reference',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'personal data',
    summary: 'What a seller holds instead of personal data, also as a QR code',
    description:
      'The same on every call. By it anybody learns whether the order is signed, and nothing else.',
    params: schema.authorizationId,
    responses: {
      200: {
        description: 'The reference',
        schema: z.object({
          reference: z.string(),
          url: z.string(),
          qr: z.string().describe('SVG of the address'),
        }),
      },
    },
    problems: [],
    handler: async (call) => {
      const authorization = await ownAuthorization(parts, call);
      return {
        status: 200,
        body: await orderReference(
          { ...useDeps(parts), publicUrl: parts.publicUrl },
          authorization,
        ),
      };
    },
  }),

  route({
    method: 'get',
    path: '/v1/orders/{reference}',
    auth: 'none',
    tag: 'personal data',
    summary: 'Where an order stands, for whoever holds its reference',
    params: byReference,
    responses: {
      200: {
        description: 'One word',
        schema: z.object({
          reference: z.string(),
          state: z.enum(['not-signed', 'signed', 'not-granted', 'over']),
        }),
      },
    },
    problems: ['rate-limited'],
    handler: async ({ params, req }) => {
      await limitAddress(parts, req, 'order-address', LIMITS.ordersPerAddress);
      const state = await orderState(useDeps(parts), params.reference);
      return { status: 200, body: { reference: params.reference, state } };
    },
  }),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}/privacy',
    auth: 'institution',
    scope: 'authorizations:read',
    tag: 'personal data',
    summary: 'How long the personal data are kept, and whether they still are',
    params: schema.authorizationId,
    responses: { 200: { description: 'As of now', schema: privacyState } },
    problems: [],
    handler: async (call) => {
      const { id } = await ownAuthorization(parts, call);
      return { status: 200, body: privacyView(id, await parts.record.privacy(id)) };
    },
  }),

  route({
    method: 'post',
    path: '/v1/authorizations/{id}/restriction',
    auth: 'institution',
    scope: 'withdrawals:write',
    tag: 'personal data',
    summary: 'The subject wants the data deleted, told to the institution',
    description:
      'From the answer on the data are kept for what the law keeps them for, and read for nothing but the ' +
      'subject’s own access, renewal of the evidence and disputes; they are erased when nothing keeps them: the ' +
      'institution’s word shortens no time, the subject’s own, on their page, does where no law keeps the data. ' +
      'Possible once the authorization is over; withdraw it first. Repeated: the first one stands.',
    params: schema.authorizationId,
    headers: schema.idempotencyHeader,
    body: z.strictObject({ by: z.enum(['subject', 'institution']).default('subject'), proof }),
    example: { by: 'subject', proof: EXAMPLES.withdrawal.proof },
    responses: { 200: { description: 'Restricted', schema: privacyState } },
    problems: [
      'idempotency-key-missing',
      'idempotency-key-reused',
      'idempotency-in-progress',
      'illegal-transition',
    ],
    handler: async (call) => {
      const { id: authorizationId } = await ownAuthorization(parts, call);
      return idempotent(parts, call, { restrict: authorizationId, ...call.body }, async () => ({
        status: 200 as const,
        body: await restrict(useDeps(parts), { authorizationId, ...call.body }),
      }));
    },
  }),

  route({
    method: 'post',
    path: '/v1/authorizations/{id}/export',
    auth: 'institution',
    scope: 'evidence:read',
    tag: 'personal data',
    summary: 'The subject’s copy of everything, asked for through the institution',
    description:
      'Names how it is known that the subject asked; that stands in the access register, which the subject sees. ' +
      'Not once the data are restricted: then the subject gets the copy on their own page, at `subjectPage` of the refusal. ' +
      'The answer is not kept, so no Idempotency-Key is asked for.',
    params: schema.authorizationId,
    body: z.strictObject({ proof }),
    example: { proof: EXAMPLES.withdrawal.proof },
    responses: { 200: { description: 'The copy', schema: dataExport } },
    problems: ['erased', 'restricted'],
    handler: async (call) => ({
      status: 200,
      headers: { 'Cache-Control': 'no-store' },
      body: (await exportData(
        exportDeps(parts),
        await ownAuthorization(parts, call),
        `institution:${call.institution.id}/${call.body.proof.kind}/${call.body.proof.ref}`,
      ).catch((error: unknown) => {
        throw isDomainError(error, 'restricted') ? toSubjectPage(parts, error) : error;
      })) as unknown as z.input<typeof dataExport>,
    }),
  }),
];

/**
 * The subject's right to a copy (个人信息保护法 art. 45) goes on under a restriction, the institution's reading does not:
 * it is told where the subject gets it.
 */
const toSubjectPage = (parts: WebParts, cause: DomainError): DomainError =>
  new DomainError('restricted', 'the subject alone gets the copy now, on their own page', {
    cause,
    extensions: { subjectPage: `${parts.publicUrl}/my` },
  });
