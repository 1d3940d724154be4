import {
  dispute,
  DISPUTE_REASONS,
  endAuthorization,
  HOLD_OUTCOMES,
  holdView,
  proposeResolution,
  withdraw,
} from '@mandate/ceremony';
import { z } from 'zod';
import { textSchema } from '@mandate/terms';
import { idempotent } from '../idempotent.js';
import { route, useDeps, type WebParts } from '../web-parts.js';
import { ownAuthorization } from './authorizations.js';
import { EXAMPLES } from './examples.js';
import * as schema from './schemas.js';

const by = z.enum(['subject', 'institution']);
const channel = z.enum(['page', 'app', 'phone', 'branch', 'letter', 'other']);
const proof = z
  .strictObject({
    kind: z.enum(['logged-in', 'call-recording', 'paper', 'in-person', 'other']),
    ref: textSchema(64).describe('where the institution keeps it; no personal data'),
  })
  .describe('how the institution knows that the subject wants it');

const hold = z.object({
  hold: z.string(),
  authorization: z.string(),
  by,
  reason: z.string(),
  openedAt: schema.time,
  state: z.enum(['open', 'proposed', ...HOLD_OUTCOMES]),
  proposed: z.enum(HOLD_OUTCOMES).optional().describe('by one person; a second one must agree'),
  resolvedAt: schema.time.optional(),
  resolution: z.string().optional(),
});

const problems = [
  'idempotency-key-missing',
  'idempotency-key-reused',
  'idempotency-in-progress',
  'illegal-transition',
] as const;

/** What ends or stops a released authorization, as its institution hears of it. */
export const withdrawalRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/authorizations/{id}/withdrawals',
    auth: 'institution',
    scope: 'withdrawals:write',
    tag: 'uses',
    summary: 'The subject withdraws, told to the institution',
    description:
      'In force from the answer on, and in the ledger; seal and timestamp follow. Uses made before stand. ' +
      'After the last use it still stops further processing. Repeated: the first one stands.',
    params: schema.authorizationId,
    headers: schema.idempotencyHeader,
    body: z.strictObject({ by: by.default('subject'), channel, proof }),
    example: EXAMPLES.withdrawal,
    responses: {
      201: {
        description: 'Withdrawn',
        schema: z.object({
          withdrawal: z.string(),
          authorization: z.string(),
          by,
          channel: z.string(),
          at: schema.time,
        }),
      },
    },
    problems,
    handler: async (call) => {
      const { id: authorizationId } = await ownAuthorization(parts, call);
      return idempotent(parts, call, { withdraw: authorizationId, ...call.body }, async () => ({
        status: 201 as const,
        body: await withdraw(useDeps(parts), { authorizationId, ...call.body }),
      }));
    },
  }),

  route({
    method: 'post',
    path: '/v1/authorizations/{id}/holds',
    auth: 'institution',
    scope: 'withdrawals:write',
    tag: 'uses',
    summary: 'The subject disputes the signature, told to the institution',
    description:
      'Freezes any released authorization, also a used, ended or withdrawn one, from the answer on. Two ' +
      'people of the disputes desk resolve it. Repeated: the same hold.',
    params: schema.authorizationId,
    headers: schema.idempotencyHeader,
    body: z.strictObject({
      by: by.default('subject'),
      reason: z.enum(DISPUTE_REASONS).default('not-signed-by-me'),
      proof,
    }),
    example: EXAMPLES.hold,
    responses: {
      201: {
        description: 'On hold',
        schema: hold,
      },
    },
    problems,
    handler: async (call) => {
      const { id: authorizationId } = await ownAuthorization(parts, call);
      return idempotent(parts, call, { dispute: authorizationId, ...call.body }, async () => ({
        status: 201 as const,
        body: await dispute(useDeps(parts), { authorizationId, ...call.body }),
      }));
    },
  }),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}/holds',
    auth: 'institution',
    scope: 'redemptions:read',
    tag: 'uses',
    summary: 'Disputes over it, oldest first, with their receipts',
    params: schema.authorizationId,
    responses: {
      200: {
        description: 'All of them',
        schema: z.object({
          items: z.array(
            hold.extend({
              receipt: z.string().nullable().describe('compact JWS, typ mandate-hold+jwt'),
              resolutionReceipt: z
                .string()
                .nullable()
                .describe('compact JWS, typ mandate-hold-resolution+jwt'),
            }),
          ),
        }),
      },
    },
    problems: [],
    handler: async (call) => {
      const { id } = await ownAuthorization(parts, call);
      const receiptOf = async (factId: string | null): Promise<string | null> =>
        factId === null ? null : ((await parts.record.receipt(factId))?.jws ?? null);
      const items = (await parts.record.holds(id)).map(async (row) => ({
        ...holdView(row),
        receipt: await receiptOf(row.id),
        resolutionReceipt: await receiptOf(row.resolutionId),
      }));
      return { status: 200, body: { items: await Promise.all(items) } };
    },
  }),

  route({
    method: 'post',
    path: '/v1/authorizations/{id}/holds/{hold}/proposal',
    auth: 'institution',
    scope: 'withdrawals:write',
    tag: 'uses',
    summary: 'Say how a dispute should end',
    description:
      'The institution’s word, once, as long as nobody has proposed anything. It decides nothing: the disputes ' +
      'desk agrees or proposes another outcome, and that takes two people.',
    params: z.object({
      id: schema.authorizationId.shape.id,
      hold: z.string().regex(/^hld_[0-9a-f-]{36}$/),
    }),
    headers: schema.idempotencyHeader,
    body: z.strictObject({
      outcome: z.enum(HOLD_OUTCOMES),
      grounds: textSchema(200).describe('where you keep the reasons; no personal data'),
    }),
    example: EXAMPLES.proposal,
    responses: { 200: { description: 'Proposed', schema: hold } },
    problems: [...problems, 'guard-refused'],
    handler: async (call) => {
      const { id: authorizationId } = await ownAuthorization(parts, call);
      const about = { authorizationId, holdId: call.params.hold };
      return idempotent(parts, call, { propose: about, ...call.body }, async () => ({
        status: 200 as const,
        body: await proposeResolution(useDeps(parts), {
          ...about,
          ...call.body,
          person: `institution:${call.institution.id}/${call.person}`,
        }),
      }));
    },
  }),

  route({
    method: 'post',
    path: '/v1/authorizations/{id}/end',
    auth: 'institution',
    scope: 'withdrawals:write',
    tag: 'uses',
    summary: 'Report the event that was agreed as the end',
    description:
      'Only the event that the letter names; a letter that ends on a date alone has none. Repeated: the first one stands.',
    params: schema.authorizationId,
    headers: schema.idempotencyHeader,
    body: z.strictObject({
      event: z.enum(['loan-settled']),
      at: z.iso.datetime({ offset: true }).max(40).describe('when it happened; not in the future'),
    }),
    example: EXAMPLES.end,
    responses: {
      201: {
        description: 'Ended',
        schema: z.object({
          end: z.string(),
          authorization: z.string(),
          event: z.string(),
          happenedAt: schema.time,
          at: schema.time,
        }),
      },
    },
    problems: [...problems, 'event-mismatch'],
    handler: async (call) => {
      const { id: authorizationId } = await ownAuthorization(parts, call);
      const { event, at } = call.body;
      return idempotent(parts, call, { end: authorizationId, event, at }, async () => ({
        status: 201 as const,
        body: await endAuthorization(useDeps(parts), {
          authorizationId,
          event,
          happenedAt: new Date(at),
        }),
      }));
    },
  }),
];
