import { ALL_SCOPES, addSeconds, DomainError, newId, toUtcSeconds } from '@mandate/core';
import type { ApiKeyRow } from '@mandate/ceremony';
import { newKeySecret } from '@mandate/store';
import { textSchema } from '@mandate/terms';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { route, type WebParts } from '../web-parts.js';
import { EXAMPLES } from './examples.js';
import * as schema from './schemas.js';

const DAY = 86_400;
/** Longest life of a key made by a key, days. */
const LONGEST = 366;
/** How long the old key lives on beside the new one unless said otherwise, and at most, seconds. */
const GRACE = { usual: DAY, longest: 30 * DAY };

const keyId = z.object({ id: z.string().regex(/^key_[0-9a-f-]{36}$/) });
const scope = z.enum(ALL_SCOPES);
const days = z.number().int().min(1).max(LONGEST);

const key = z
  .object({
    id: z.string(),
    name: z.string(),
    person: z.string().describe('whose key it is; approvals count persons'),
    scopes: z.array(scope).readonly(),
    state: z.enum(['live', 'expired', 'revoked']),
    createdAt: schema.time,
    expiresAt: schema.time.nullable().describe('null: made by the operator without an end'),
    lastUsedOn: z.string().nullable().describe('day, UTC'),
    revokedAt: schema.time.nullable(),
    madeBy: z.string().nullable().describe('the key that made it; null: the operator'),
    replaces: z.string().nullable(),
  })
  .describe('An API key; its text is shown once, when it is made');
const withText = key.extend({
  text: z
    .string()
    .nullable()
    .describe('`mk_…`, shown this once; null when the request is repeated: replace the key'),
});

/** Keys are made, replaced and revoked by keys with the scope `keys`. */
export const keyRoutes = (parts: WebParts) => {
  const { record, clock, random } = parts;

  const view = (row: ApiKeyRow) => {
    const over = row.expiresAt !== null && row.expiresAt <= clock.now();
    return {
      ...{ id: row.id, name: row.name, person: row.person, scopes: row.scopes },
      state: row.revokedAt ? ('revoked' as const) : over ? ('expired' as const) : ('live' as const),
      createdAt: toUtcSeconds(row.createdAt),
      expiresAt: row.expiresAt && toUtcSeconds(row.expiresAt),
      lastUsedOn: row.lastUsedOn,
      revokedAt: row.revokedAt && toUtcSeconds(row.revokedAt),
      ...{ madeBy: row.madeBy, replaces: row.replaces },
    };
  };

  /** Throws `forbidden`: the database would refuse it, too, without saying why. */
  const within = (maker: readonly string[], asked: readonly string[]): void => {
    const beyond = asked.find((one) => !maker.includes(one));
    if (beyond) throw new DomainError('forbidden', `this key has no scope ${beyond} to give`);
  };

  const make = async (
    maker: { institution: { id: string }; keyId: string; person: string },
    asked: Pick<ApiKeyRow, 'name' | 'scopes' | 'replaces'> & { days: number },
    oldUntil?: Date,
  ) => {
    const { text, digest } = newKeySecret(random);
    const now = clock.now();
    const end = addSeconds(now, asked.days * DAY);
    const { expiresAt: makerEnds } = await find(maker.institution, maker.keyId);
    const row = {
      id: newId('apiKey', clock, random),
      ...{ name: asked.name, person: maker.person, scopes: asked.scopes },
      ...{ createdAt: now },
      // no key puts off its own end
      expiresAt: makerEnds && makerEnds < end ? makerEnds : end,
      ...{ madeBy: maker.keyId, replaces: asked.replaces },
    };
    await record.createKey({ ...row, institutionId: maker.institution.id, digest }, oldUntil);
    return { text, body: view({ ...row, lastUsedOn: null, revokedAt: null }) };
  };

  /** The text beside the remembered answer, which would keep it. */
  const once = async (
    call: Parameters<typeof idempotent>[1],
    request: unknown,
    work: () => ReturnType<typeof make>,
  ) => {
    let text: string | null = null;
    const { body } = await idempotent(parts, call, request, async () => {
      const made = await work();
      text = made.text;
      return { status: 201 as const, body: made.body };
    });
    return { status: 201 as const, body: { ...body, text } };
  };

  const find = async (institution: { id: string }, id: string): Promise<ApiKeyRow> => {
    const row = await record.findKey(institution.id, id);
    if (!row) throw new DomainError('not-found', 'no such key');
    return row;
  };

  const problems = [
    'forbidden',
    'idempotency-key-missing',
    'idempotency-key-reused',
    'idempotency-in-progress',
  ] as const;

  return [
    route({
      method: 'post',
      path: '/v1/keys',
      auth: 'institution',
      scope: 'keys',
      tag: 'keys',
      summary: 'Make a key that can do less',
      description:
        'A key gives no scope it has not itself, and is the same person’s: keys of other people, who approve, are made by the operator. ' +
        'It ends with its maker at the latest (`expiresAt`), and is revoked with it.',
      headers: schema.idempotencyHeader,
      body: z.strictObject({
        name: textSchema(60),
        scopes: z.array(scope).min(1).max(ALL_SCOPES.length),
        days: days.default(90).describe('from now until it expires, with its maker at the latest'),
      }),
      example: EXAMPLES.key,
      responses: { 201: { description: 'With its text, shown this once', schema: withText } },
      problems: [...problems, 'text-forbidden-character'],
      handler: (call) =>
        once(call, { makeKey: call.body }, async () => {
          const scopes = ALL_SCOPES.filter((one) => call.body.scopes.includes(one));
          within(call.scopes, scopes);
          return make(call, { ...call.body, scopes, replaces: null });
        }),
    }),

    route({
      method: 'get',
      path: '/v1/keys',
      auth: 'institution',
      scope: 'keys',
      tag: 'keys',
      summary: 'List keys, newest first, also those that are over',
      query: z.object({
        cursor: keyId.shape.id.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(20),
      }),
      responses: {
        200: {
          description: 'One page',
          schema: z.object({ items: z.array(key), nextCursor: z.string().nullable() }),
        },
      },
      problems: [],
      handler: async ({ institution, query }) => {
        const page = { before: query.cursor, limit: query.limit + 1 };
        const rows = await record.listKeys(institution.id, page);
        const items = rows.slice(0, query.limit);
        return {
          status: 200,
          body: {
            items: items.map(view),
            nextCursor: rows.length > query.limit ? items.at(-1)!.id : null,
          },
        };
      },
    }),

    route({
      method: 'get',
      path: '/v1/keys/{id}',
      auth: 'institution',
      scope: 'keys',
      tag: 'keys',
      summary: 'Read one key',
      params: keyId,
      responses: { 200: { description: 'The key', schema: key } },
      problems: [],
      handler: async ({ institution, params }) => ({
        status: 200,
        body: view(await find(institution, params.id)),
      }),
    }),

    route({
      method: 'post',
      path: '/v1/keys/{id}/rotation',
      auth: 'institution',
      scope: 'keys',
      tag: 'keys',
      summary: 'Make a new key beside an old one, which ends after a time of grace',
      description:
        'Name and scopes are the old key’s; only keys of the same person. `expiresAt` of the old key says when it ends. ' +
        'The new key ends with the key that asks at the latest, and is revoked with it: who replaces the asking key itself ' +
        'lets it end by its grace, as revoking it ends the new one, too.',
      params: keyId,
      headers: schema.idempotencyHeader,
      body: z.strictObject({
        graceSeconds: z.number().int().min(0).max(GRACE.longest).default(GRACE.usual),
        days: days
          .default(90)
          .describe('from now until the new key expires, with the key that asks at the latest'),
      }),
      example: EXAMPLES.rotation,
      responses: {
        201: { description: 'The new key, with its text, shown this once', schema: withText },
      },
      problems: [...problems, 'illegal-transition'],
      handler: async (call) => {
        const old = await find(call.institution, call.params.id);
        return once(call, { rotate: old.id, ...call.body }, async () => {
          const now = clock.now();
          if (old.revokedAt || (old.expiresAt && old.expiresAt <= now))
            throw new DomainError('illegal-transition', 'this key is over; make another one');
          if (old.person !== call.person)
            throw new DomainError('forbidden', 'this key is another person’s');
          within(call.scopes, old.scopes);
          return make(
            call,
            { name: old.name, scopes: old.scopes, days: call.body.days, replaces: old.id },
            addSeconds(now, call.body.graceSeconds),
          );
        });
      },
    }),

    route({
      method: 'delete',
      path: '/v1/keys/{id}',
      auth: 'institution',
      scope: 'keys',
      tag: 'keys',
      summary: 'Revoke a key and all it made, from now on and for good',
      description:
        'With all keys it made, and all that these made (`madeBy`). Also the key that asks, and keys of other people.',
      params: keyId,
      responses: { 204: { description: 'Revoked, with all it made' } },
      problems: [],
      handler: async ({ institution, params }) => {
        if (!(await record.revokeKey(institution.id, params.id, clock.now())))
          throw new DomainError('not-found', 'no such key');
        return { status: 204 };
      },
    }),
  ];
};
