import { addSeconds, DomainError, isDomainError, newId, toUtcSeconds } from '@mandate/core';
import { checkWebhookUrl } from '@mandate/adapters';
import { LIMITS, startOfHour } from '@mandate/ceremony';
import type { WebhookDelivery, WebhookEndpoint, WebhookEvent } from '@mandate/store';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { route, type WebParts } from '../web-parts.js';
import { EXAMPLES } from './examples.js';
import * as schema from './schemas.js';

/** What an institution can be told. */
export const WEBHOOK_TYPES = [
  'authorization.presented',
  'authorization.declined',
  'authorization.lapsed',
  'authorization.failed',
  'authorization.released',
  'authorization.redeemed',
  'authorization.redemption-released',
  'authorization.withdrawn',
  'authorization.held',
  'authorization.hold-resolved',
  'authorization.data-released',
  'authorization.restricted',
  'authorization.erased',
  'authorization.id-image-destroyed',
  'authorization.ended',
  'authorization.glass-broken',
  'template.lint-failed',
] as const;
/** While a secret is being replaced, deliveries carry both signatures for a day. */
const ROTATION_SECONDS = 86_400;

const webhookId = z.object({ id: z.string().regex(/^whe_[0-9a-f-]{36}$/) });
const webhook = z
  .object({
    id: z.string(),
    url: z.string(),
    types: z.array(z.string()).nullable().describe('null: all'),
    createdAt: schema.time,
    failingSince: schema.time.nullable().describe('no delivery has succeeded since'),
    disabledAt: schema.time.nullable(),
    disabledReason: z
      .enum(['gone', 'failing', 'by-institution'])
      .nullable()
      .describe('gone: it answered 410; failing: five days without a success'),
  })
  .describe('Where events are delivered to');
const withSecret = webhook.extend({
  secret: z
    .string()
    .nullable()
    .describe('`whsec_…`, shown this once; null when the request is repeated: make a new one'),
});
const about = {
  authorization: z.string().optional(),
  template: z.string().optional().describe('instead, of `template.…` events'),
};
const aboutView = (row: Pick<WebhookEvent, 'authorizationId' | 'templateId'>) => ({
  ...(row.authorizationId === null ? {} : { authorization: row.authorizationId }),
  ...(row.templateId === null ? {} : { template: row.templateId }),
});
const event = z.object({
  id: z.number().int(),
  type: z.string(),
  ...about,
  version: z.number().int().optional().describe('of the template'),
  at: schema.time,
});
const delivery = z.object({
  id: z.number().int(),
  event: z.number().int(),
  type: z.string(),
  ...about,
  state: z.enum(['waiting', 'delivered', 'given-up']),
  tries: z.number().int(),
  nextAt: schema.time.nullable(),
  lastAt: schema.time.nullable(),
  lastStatus: z.number().int().nullable(),
  lastFault: z
    .string()
    .nullable()
    .describe('url-refused, address-refused, name-unknown, timeout, tls, connection'),
});

const cursor = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const limit = z.coerce.number().int().min(1).max(100).default(20);
const moment = (at: Date | null) => (at ? toUtcSeconds(at) : null);

const webhookView = (row: WebhookEndpoint) => ({
  id: row.id,
  url: row.url,
  types: row.types && [...row.types],
  createdAt: toUtcSeconds(row.createdAt),
  failingSince: moment(row.failingSince),
  disabledAt: moment(row.disabledAt),
  disabledReason: row.disabledReason,
});
const eventView = (row: WebhookEvent) => ({
  id: row.id,
  type: row.type,
  ...aboutView(row),
  ...(row.templateId === null ? {} : { version: row.version }),
  at: toUtcSeconds(row.at),
});
const deliveryView = (row: WebhookDelivery) => ({
  id: row.id,
  event: row.event,
  type: row.type,
  ...aboutView(row),
  state: row.deliveredAt
    ? ('delivered' as const)
    : row.nextAt
      ? ('waiting' as const)
      : ('given-up' as const),
  tries: row.tries,
  nextAt: row.deliveredAt ? null : moment(row.nextAt),
  lastAt: moment(row.lastAt),
  lastStatus: row.lastStatus,
  lastFault: row.lastFault,
});

/**
 * Webhooks by the Standard Webhooks specification: thin messages without personal data; the API has
 * the truth. Deliveries may come twice and out of order.
 */
export const webhookRoutes = (parts: WebParts) => {
  const { webhooks, clock, authority } = parts;
  const shownSecret = async (endpointId: string): Promise<string | null> => {
    try {
      return (await authority.seal.webhookSecret({ endpointId })).secret;
    } catch (error) {
      if (isDomainError(error, 'not-found')) return null;
      throw error;
    }
  };
  return [
    route({
      method: 'post',
      path: '/v1/webhooks',
      auth: 'institution',
      scope: 'webhooks',
      tag: 'webhooks',
      summary: 'Have events delivered to an address',
      headers: schema.idempotencyHeader,
      body: z.strictObject({
        url: z.string().min(1).max(500),
        types: z.array(z.enum(WEBHOOK_TYPES)).min(1).max(WEBHOOK_TYPES.length).optional(),
      }),
      example: EXAMPLES.webhook,
      responses: { 201: { description: 'With its secret, shown this once', schema: withSecret } },
      problems: ['webhook-url-refused', 'idempotency-key-missing', 'idempotency-key-reused'],
      handler: async (call) => {
        const made = await idempotent(parts, call, call.body, async () => {
          const url = checkWebhookUrl(call.body.url, { loopback: !parts.production });
          const row = await webhooks.create({
            id: newId('webhook', clock, parts.random),
            institutionId: call.institution.id,
            url: url.href,
            types: call.body.types ?? null,
            at: clock.now(),
          });
          return { status: 201 as const, body: webhookView(row) };
        });
        // Beside the remembered answer, which would keep it.
        return { ...made, body: { ...made.body, secret: await shownSecret(made.body.id) } };
      },
    }),

    route({
      method: 'get',
      path: '/v1/webhooks',
      auth: 'institution',
      scope: 'webhooks',
      tag: 'webhooks',
      summary: 'List webhooks',
      responses: { 200: { description: 'All', schema: z.object({ items: z.array(webhook) }) } },
      problems: [],
      handler: async ({ institution }) => ({
        status: 200,
        body: { items: (await webhooks.list(institution.id)).map(webhookView) },
      }),
    }),

    route({
      method: 'get',
      path: '/v1/webhooks/{id}',
      auth: 'institution',
      scope: 'webhooks',
      tag: 'webhooks',
      summary: 'Read one webhook',
      params: webhookId,
      responses: { 200: { description: 'The webhook', schema: webhook } },
      problems: [],
      handler: async ({ institution, params }) => ({
        status: 200,
        body: webhookView(await webhooks.find(institution.id, params.id)),
      }),
    }),

    route({
      method: 'delete',
      path: '/v1/webhooks/{id}',
      auth: 'institution',
      scope: 'webhooks',
      tag: 'webhooks',
      summary: 'Deliver there no more',
      params: webhookId,
      responses: { 204: { description: 'Gone' } },
      problems: [],
      handler: async ({ institution, params }) => {
        await webhooks.remove(institution.id, params.id, clock.now());
        return { status: 204 };
      },
    }),

    route({
      method: 'post',
      path: '/v1/webhooks/{id}/secret',
      auth: 'institution',
      scope: 'webhooks',
      tag: 'webhooks',
      summary: 'Make a new secret',
      description: 'For a day deliveries are signed with the former secret as well.',
      params: webhookId,
      responses: {
        201: { description: 'With the new secret, shown this once', schema: withSecret },
      },
      problems: [],
      handler: async ({ institution, params }) => {
        const until = addSeconds(clock.now(), ROTATION_SECONDS);
        const row = await webhooks.rotate(institution.id, params.id, until);
        return { status: 201, body: { ...webhookView(row), secret: await shownSecret(row.id) } };
      },
    }),

    route({
      method: 'post',
      path: '/v1/webhooks/{id}/enable',
      auth: 'institution',
      scope: 'webhooks',
      tag: 'webhooks',
      summary: 'Switch on again',
      params: webhookId,
      responses: { 200: { description: 'The webhook', schema: webhook } },
      problems: [],
      handler: async ({ institution, params }) => ({
        status: 200,
        body: webhookView(await webhooks.enable(institution.id, params.id)),
      }),
    }),

    route({
      method: 'post',
      path: '/v1/webhooks/{id}/disable',
      auth: 'institution',
      scope: 'webhooks',
      tag: 'webhooks',
      summary: 'Switch off for now',
      params: webhookId,
      responses: { 200: { description: 'The webhook', schema: webhook } },
      problems: [],
      handler: async ({ institution, params }) => ({
        status: 200,
        body: webhookView(await webhooks.disable(institution.id, params.id, clock.now())),
      }),
    }),

    route({
      method: 'get',
      path: '/v1/webhooks/{id}/deliveries',
      auth: 'institution',
      scope: 'webhooks',
      tag: 'webhooks',
      summary: 'What became of deliveries, newest first',
      params: webhookId,
      query: z.object({ cursor, limit, open: z.enum(['true', 'false']).optional() }),
      responses: {
        200: {
          description: 'One page',
          schema: z.object({ items: z.array(delivery), nextCursor: z.string().nullable() }),
        },
      },
      problems: [],
      handler: async ({ institution, params, query }) => {
        const { id } = await webhooks.find(institution.id, params.id);
        const rows = await webhooks.deliveries(id, {
          before: query.cursor,
          open: query.open === 'true',
          limit: query.limit + 1,
        });
        const page = rows.slice(0, query.limit);
        return {
          status: 200,
          body: {
            items: page.map(deliveryView),
            nextCursor: rows.length > query.limit ? String(page.at(-1)!.id) : null,
          },
        };
      },
    }),

    route({
      method: 'post',
      path: '/v1/webhooks/{id}/deliveries',
      auth: 'institution',
      scope: 'webhooks',
      tag: 'webhooks',
      summary: 'Deliver an event once more',
      params: webhookId,
      body: z.strictObject({ event: z.number().int().min(1) }),
      responses: { 202: { description: 'On its way' } },
      problems: ['rate-limited'],
      handler: async ({ institution, params, body }) => {
        const counted = await parts.record.count({
          scope: 'webhook-resend',
          key: institution.id,
          windowStart: startOfHour(clock.now()),
          max: LIMITS.webhookResends,
        });
        if (!counted)
          throw new DomainError('rate-limited', 'too many; follow /v1/events instead', {
            extensions: { retryAfterSeconds: 3600 },
          });
        await webhooks.resend(institution.id, params.id, body.event, clock.now());
        return { status: 202 };
      },
    }),

    route({
      method: 'get',
      path: '/v1/events',
      auth: 'institution',
      scope: 'events:read',
      tag: 'webhooks',
      summary: 'What happened, oldest first, delivered or not',
      description:
        'Everything given must hold. With a filter `nextCursor` still is the place to go on from: new ' +
        'events that match come after it.',
      query: z.object({
        type: z.enum(WEBHOOK_TYPES).optional(),
        authorization: schema.authorizationId.shape.id.optional(),
        from: schema.moment.optional(),
        to: schema.moment.optional().describe('not included'),
        ...{ cursor, limit },
      }),
      responses: {
        200: {
          description: 'One page; ask again with `nextCursor` to follow',
          schema: z.object({ items: z.array(event), nextCursor: z.string() }),
        },
      },
      problems: [],
      handler: async ({ institution, query }) => {
        const { cursor: after = 0, ...narrowed } = query;
        const rows = await webhooks.events(institution.id, { after, ...narrowed });
        return {
          status: 200,
          body: { items: rows.map(eventView), nextCursor: String(rows.at(-1)?.id ?? after) },
        };
      },
    }),
  ];
};
