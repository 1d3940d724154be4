import {
  confirmRedemption,
  listRedemptions,
  redeem,
  releaseRedemption,
  type ListedRedemption,
} from '@mandate/ceremony';
import { toBase64Url, toUtcSeconds } from '@mandate/core';
import { z } from 'zod';
import { creditCodeSchema, codeSchema, PURPOSE_CODES, textSchema } from '@mandate/terms';
import { idempotent } from '../idempotent.js';
import { route, useDeps, type WebParts } from '../web-parts.js';
import { ownAuthorization } from './authorizations.js';
import { EXAMPLES } from './examples.js';
import * as schema from './schemas.js';

const party = z.object({ creditCode: z.string() });
const person = z.strictObject({ id: textSchema(64), name: textSchema(60).optional() });

const redemption = z
  .object({
    redemption: z.string(),
    authorization: z.string(),
    state: z.enum(['reserved', 'confirmed', 'released']),
    purpose: z.string(),
    source: party,
    recipient: party,
    items: z.array(z.string()).readonly(),
    number: z
      .number()
      .int()
      .describe('which use it is; a source answers each number of a period once'),
    of: z.number().int().describe('how many there are, in each period where uses recur'),
    period: z.string().optional().describe('Beijing calendar: 2026-11, 2026-Q4 or 2026'),
    at: schema.time,
    reservedUntil: schema.time.optional().describe('unless confirmed before, the use comes back'),
    settledAt: schema.time.optional(),
    timedOut: z.boolean().optional(),
  })
  .describe('One use of an authorization');

const receipted = {
  timestamp: z
    .string()
    .nullable()
    .describe('RFC 3161 token over the receipt’s bytes, base64url; null until it is stamped'),
};

const listed = redemption.extend({
  operator: z.object({ id: z.string(), name: z.string().optional() }),
  approver: z.object({ id: z.string(), name: z.string().optional() }).optional(),
  businessReference: z.string().optional(),
  receipt: z.string().nullable(),
  ...receipted,
  operatorCommitment: z
    .object({
      commitment: z.string(),
      field: z.string(),
      salt: z.string(),
      value: z.string(),
    })
    .optional()
    .describe('what the receipt’s `operator` was made of: `mandate disclose` takes it'),
});

const one = z.object({
  id: schema.authorizationId.shape.id,
  redemption: z.string().regex(/^red_[0-9a-f-]{36}$/),
});

const idempotencyProblems = [
  'idempotency-key-missing',
  'idempotency-key-reused',
  'idempotency-in-progress',
] as const;

/** Uses of a released authorization. */
export const redemptionRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/authorizations/{id}/redemptions',
    auth: 'institution',
    scope: 'redemptions:write',
    tag: 'uses',
    summary: 'Use an authorization once',
    description:
      'Decided under one lock, so that used once means once. The receipt is a compact JWS the data source ' +
      'checks offline with `/.well-known/mandate-keys.json` before it answers. With `hold` the use is only ' +
      'reserved, for ten minutes: confirm it when the source has answered, release it when it has not. ' +
      'Repeat 503 with the same Idempotency-Key: it finds the same use.',
    params: schema.authorizationId,
    headers: schema.idempotencyHeader,
    body: z.strictObject({
      purpose: z.enum(PURPOSE_CODES),
      source: z.strictObject({ creditCode: creditCodeSchema }),
      recipient: z
        .strictObject({ creditCode: creditCodeSchema })
        .optional()
        .describe('default: the institution itself'),
      items: z.array(codeSchema).min(1).max(20),
      operator: person.optional().describe('who makes the use; refused without'),
      approver: person.optional(),
      businessReference: textSchema(64).optional(),
      hold: z.boolean().optional(),
    }),
    example: EXAMPLES.redemption,
    responses: {
      201: {
        description: 'Used, or reserved',
        schema: redemption.extend({
          receipt: z.string().describe('compact JWS, typ mandate-receipt+jwt'),
          ...receipted,
          usesLeft: z.number().int(),
        }),
      },
    },
    problems: [
      'restricted',
      'erased',
      ...idempotencyProblems,
      'illegal-transition',
      'withdrawn',
      'on-hold',
      'authorization-ended',
      'used-up',
      'purpose-mismatch',
      'source-mismatch',
      'recipient-mismatch',
      'scope-exceeded',
      'source-expired',
      'recipient-expired',
      'terms-changed',
      'operator-missing',
    ],
    handler: async (call) => {
      const { institution, params, body } = call;
      const authorization = await ownAuthorization(parts, call);
      return idempotent(parts, call, { redeem: params.id, ...body }, async (idempotencyKey) => ({
        status: 201 as const,
        body: await redeem(useDeps(parts), {
          authorization,
          institution,
          request: body,
          idempotencyKey,
        }),
      }));
    },
  }),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}/redemptions',
    auth: 'institution',
    scope: 'redemptions:read',
    tag: 'uses',
    summary: 'The register of uses, newest first',
    params: schema.authorizationId,
    query: z.object({
      state: z.enum(['reserved', 'confirmed', 'released']).optional(),
      source: creditCodeSchema.optional(),
      from: schema.moment.optional(),
      to: schema.moment.optional().describe('not included'),
      cursor: one.shape.redemption.optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    responses: {
      200: {
        description: 'One page',
        schema: z.object({ items: z.array(listed).readonly(), nextCursor: z.string().nullable() }),
      },
    },
    problems: ['restricted', 'erased'],
    handler: async (call) => {
      const { institution } = call;
      const { cursor, limit, ...narrowed } = call.query;
      const authorization = await ownAuthorization(parts, call);
      const rows = await listRedemptions(useDeps(parts), {
        authorizationId: authorization.id,
        actor: `institution:${institution.id}`,
        ...narrowed,
        before: cursor,
        limit: limit + 1,
        opened: true,
      });
      const items: ListedRedemption[] = rows.slice(0, limit);
      return {
        status: 200,
        body: {
          items,
          nextCursor: rows.length > limit ? items.at(-1)!.redemption : null,
        },
      };
    },
  }),

  ...(['confirmation', 'release'] as const).map((act) =>
    route({
      method: 'post',
      path: `/v1/authorizations/{id}/redemptions/{redemption}/${act}`,
      auth: 'institution',
      scope: 'redemptions:write',
      tag: 'uses',
      summary:
        act === 'confirmation'
          ? 'The source has answered: the reserved use is made'
          : 'The source has not answered: the reserved use comes back',
      params: one,
      headers: schema.idempotencyHeader,
      responses: { 200: { description: 'Settled', schema: redemption } },
      problems: [...idempotencyProblems, 'illegal-transition'],
      handler: async (call) => {
        const { id: authorizationId } = await ownAuthorization(parts, call);
        const redemptionId = call.params.redemption;
        const settle = act === 'confirmation' ? confirmRedemption : releaseRedemption;
        return idempotent(parts, call, { [act]: redemptionId }, async () => ({
          status: 200 as const,
          body: await settle(useDeps(parts), { authorizationId, redemptionId }),
        }));
      },
    }),
  ),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}/condition',
    auth: 'institution',
    scope: 'authorizations:read',
    tag: 'uses',
    summary: 'Whether and how often an authorization can still be used, as of now',
    params: schema.authorizationId,
    responses: {
      200: {
        description: 'The condition',
        schema: z.object({
          authorization: z.string(),
          redeemable: z.boolean().describe('within its scope, as far as state and time go'),
          usesLeft: z.number().int().describe('in the current period where uses recur'),
          withdrawnAt: schema.time.nullable(),
          onHoldSince: schema.time.nullable(),
          endedAt: schema.time.nullable().describe('reported end, or the agreed one once passed'),
          withdrawalReceipt: z.string().nullable().describe('compact JWS, once sealed'),
          withdrawalTimestamp: z.string().nullable(),
        }),
      },
    },
    problems: [],
    handler: async (call) => {
      const { id, state } = await ownAuthorization(parts, call);
      const now = parts.clock.now();
      const { scope, usesLeft, withdrawal, hold, end } = await parts.record.condition(id, now);
      const over = scope && scope.endAt <= now ? scope.endAt : null;
      const receipt = withdrawal && (await parts.record.receipt(withdrawal.id));
      const moment = (at: Date | null | undefined): string | null => (at ? toUtcSeconds(at) : null);
      return {
        status: 200,
        body: {
          authorization: id,
          redeemable: state === 'released' && usesLeft > 0 && !withdrawal && !hold && !end && !over,
          usesLeft,
          withdrawnAt: moment(withdrawal?.at),
          onHoldSince: moment(hold?.openedAt),
          endedAt: moment(end?.at ?? over),
          withdrawalReceipt: receipt?.jws ?? null,
          withdrawalTimestamp: receipt?.token ? toBase64Url(receipt.token) : null,
        },
      };
    },
  }),
];
