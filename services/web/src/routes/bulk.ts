import { DomainError, utf8 } from '@mandate/core';
import {
  BULK_FORMATS,
  BULK_LIMITS,
  BULK_STATES,
  bulkView,
  cancelBulk,
  completeBulk,
  createBulk,
  receiveBulk,
  ROW_KEYS,
  type BulkRow,
  type Institution,
  type RowOutcome,
} from '@mandate/ceremony';
import type { Request } from 'express';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { route, type WebParts } from '../web-parts.js';
import * as schema from './schemas.js';

const bulkId = z.object({ id: z.string().regex(/^blk_[0-9a-f-]{36}$/) });
const count = z.number().int();
const bulk = z
  .strictObject({
    id: z.string(),
    state: z
      .enum(BULK_STATES)
      .describe('receiving: the file is not complete; running: rows are worked off in order'),
    format: z.enum(BULK_FORMATS),
    rowKey: z.enum(ROW_KEYS),
    received: count.describe('bytes; an upload goes on here'),
    digest: schema.digest.nullable().describe('SHA-256 of the file; null until it is complete'),
    rows: count.nullable().describe('null until the file is complete'),
    done: count.describe('rows worked off: created, repeated and refused together'),
    created: count,
    repeated: count.describe('rows that an earlier import had, with its authorizations'),
    refused: count,
    createdAt: schema.time,
    endedAt: schema.time.nullable(),
  })
  .describe('An import of many requests');

/** The institution's own import; another's is as unknown as none. Throws `not-found`. */
async function ownBulk(parts: WebParts, institution: Institution, id: string): Promise<BulkRow> {
  const found = await parts.bulks.findBulk(institution.id, id);
  if (!found) throw new DomainError('not-found', 'no such import');
  return found;
}

/** What arrives of the body. Throws `invalid-request` when the connection ends early. */
async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw new DomainError('invalid-request', 'the body ended early', { cause });
  }
}

const outcomeLine = ({ row, reference, authorizationId, repeated, ...fault }: RowOutcome): string =>
  `${JSON.stringify({
    row,
    businessReference: reference,
    ...(authorizationId
      ? { authorization: authorizationId, ...(repeated ? { repeated } : {}) }
      : { problem: fault.problem, detail: fault.detail }),
  })}\n`;

/** Creation of many authorizations from one file: begun, uploaded as it comes, completed by digest, worked off. */
export const bulkRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/bulk',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'bulk',
    summary: 'Begin an import of many requests',
    description:
      `Then upload the file (\`PUT /v1/bulk/{id}/rows\`) and complete it with its digest. At most ${BULK_LIMITS.rows} rows, ` +
      `${BULK_LIMITS.bytes} bytes, ${BULK_LIMITS.rowBytes} bytes a row, and ${BULK_LIMITS.open} imports at a time. ` +
      'A row is a request as `POST /v1/authorizations` takes it: one JSON object a line, or CSV with a heading ' +
      '(`template,businessReference,subject.name,subject.idType,subject.idNumber,subject.phone,end.kind,end.at`, …).',
    headers: schema.idempotencyHeader,
    body: z.strictObject({
      format: z.enum(BULK_FORMATS),
      rowKey: z
        .enum(ROW_KEYS)
        .default('business-reference')
        .describe(
          'business-reference: a row whose template and businessReference an earlier import had gives that ' +
            'authorization again (other content: `idempotency-key-reused`); row: every row stands for itself',
        ),
    }),
    example: { format: 'ndjson' },
    responses: { 201: { description: 'Nothing has arrived yet', schema: bulk } },
    problems: ['bulk-limit', 'idempotency-key-missing', 'idempotency-key-reused'],
    handler: (call) =>
      idempotent(parts, call, call.body, async (idempotencyKey) => {
        const { institution, body } = call;
        const made = await createBulk(bulkDeps(parts), { institution, ...body, idempotencyKey });
        return { status: 201 as const, body: made };
      }),
  }),

  route({
    method: 'get',
    path: '/v1/bulk',
    auth: 'institution',
    scope: 'authorizations:read',
    tag: 'bulk',
    summary: 'List imports, newest first',
    query: z.object({
      cursor: z
        .string()
        .regex(/^blk_[0-9a-f-]{36}$/)
        .optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    responses: {
      200: {
        description: 'One page',
        schema: z.object({ items: z.array(bulk), nextCursor: z.string().nullable() }),
      },
    },
    problems: [],
    handler: async ({ institution, query: { cursor, limit } }) => {
      const rows = await parts.bulks.listBulks(institution.id, {
        before: cursor,
        limit: limit + 1,
      });
      const page = rows.slice(0, limit);
      return {
        status: 200,
        body: {
          items: page.map(bulkView),
          nextCursor: rows.length > limit ? page.at(-1)!.id : null,
        },
      };
    },
  }),

  route({
    method: 'get',
    path: '/v1/bulk/{id}',
    auth: 'institution',
    scope: 'authorizations:read',
    tag: 'bulk',
    summary: 'Progress of an import',
    params: bulkId,
    responses: { 200: { description: 'As it stands', schema: bulk } },
    problems: [],
    handler: async ({ institution, params }) => ({
      status: 200,
      body: bulkView(await ownBulk(parts, institution, params.id)),
    }),
  }),

  route({
    method: 'put',
    path: '/v1/bulk/{id}/rows',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'bulk',
    summary: 'Upload the file, or the rest of it',
    description:
      'Any part of the file, from `offset` on; it may end in the middle of a row. What has arrived is kept ' +
      `when the connection breaks: go on at \`received\`. At most ${BULK_LIMITS.pieces} parts.`,
    params: bulkId,
    query: z.object({
      offset: z.coerce
        .number()
        .int()
        .min(0)
        .max(BULK_LIMITS.bytes)
        .default(0)
        .describe('where in the file this part begins: as many bytes as have been received'),
    }),
    bytesBody: {
      contentTypes: ['application/x-ndjson', 'text/csv', 'application/octet-stream'],
      maxBytes: BULK_LIMITS.bytes,
      streamed: true,
    },
    responses: { 200: { description: 'Stored, encrypted', schema: bulk } },
    problems: ['bulk-state', 'bulk-offset', 'bulk-limit', 'version-conflict'],
    handler: async ({ institution, params, query: { offset }, req }) => {
      const found = await ownBulk(parts, institution, params.id);
      const input = { bulk: found, offset, stream: bodyOf(req) };
      return { status: 200, body: await receiveBulk(bulkDeps(parts), input) };
    },
  }),

  route({
    method: 'post',
    path: '/v1/bulk/{id}/completion',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'bulk',
    summary: 'The file is complete: work off its rows',
    description:
      'Nothing is created before. Repeating it with the same digest is fine. A file with another digest, or that ' +
      'cannot be read as rows, ends its import: what arrived is destroyed. `version-conflict`: it is being completed.',
    params: bulkId,
    body: z.strictObject({ digest: schema.digest.describe('SHA-256 of the whole file, hex') }),
    responses: { 200: { description: 'Its rows are worked off', schema: bulk } },
    problems: ['bulk-state', 'bulk-digest-mismatch', 'bulk-format', 'version-conflict'],
    handler: async ({ institution, params, body }) => {
      const found = await ownBulk(parts, institution, params.id);
      const { digest } = body;
      return { status: 200, body: await completeBulk(bulkDeps(parts), { bulk: found, digest }) };
    },
  }),

  route({
    method: 'post',
    path: '/v1/bulk/{id}/cancellation',
    auth: 'institution',
    scope: 'authorizations:write',
    tag: 'bulk',
    summary: 'Stop an import',
    description: 'What was created stays; the other rows are destroyed. Repeating it is fine.',
    params: bulkId,
    responses: { 200: { description: 'Cancelled', schema: bulk } },
    problems: ['bulk-state'],
    handler: async ({ institution, params }) => ({
      status: 200,
      body: await cancelBulk(bulkDeps(parts), await ownBulk(parts, institution, params.id)),
    }),
  }),

  route({
    method: 'get',
    path: '/v1/bulk/{id}/outcomes',
    auth: 'institution',
    scope: 'authorizations:read',
    tag: 'bulk',
    summary: 'What became of each row',
    description:
      'One JSON object a line, in the order of the rows: `{row, businessReference, authorization}`, with ' +
      '`repeated: true` where an earlier import had it, or `{row, businessReference, problem, detail}`. ' +
      'Fewer lines than `limit`: no more are worked off yet.',
    params: bulkId,
    query: z.object({
      after: z.coerce
        .number()
        .int()
        .min(0)
        .max(BULK_LIMITS.rows)
        .default(0)
        .describe('number of the last row one has'),
      limit: z.coerce.number().int().min(1).max(10_000).default(1000),
    }),
    responses: { 200: { description: 'NDJSON', contentType: 'application/x-ndjson' } },
    problems: [],
    handler: async ({ institution, params, query }) => {
      const { id } = await ownBulk(parts, institution, params.id);
      const rows = await parts.bulks.outcomes(id, query);
      return { status: 200, bytes: utf8(rows.map(outcomeLine).join('')) };
    },
  }),
];

const bulkDeps = (parts: WebParts) => ({
  clock: parts.clock,
  random: parts.random,
  vault: parts.authority.vault,
  record: parts.bulks,
});
