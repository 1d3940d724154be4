import {
  destroyIdImage,
  ID_IMAGE_PURPOSES,
  idImageView,
  keepIdImage,
  LIMITS,
  readIdImage,
  startOfHour,
  type KeepIdImageDeps,
} from '@mandate/ceremony';
import { DomainError, sha256Hex } from '@mandate/core';
import { textSchema } from '@mandate/terms';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { route, type WebParts } from '../web-parts.js';
import { ownAuthorization } from './authorizations.js';
import { idImage, idImageList, imageBody, imageQuery, KEEP_PROBLEMS } from './id-image-schemas.js';
import * as schema from './schemas.js';

export const idImageDeps = (parts: WebParts): KeepIdImageDeps & Pick<WebParts, 'record'> => ({
  clock: parts.clock,
  random: parts.random,
  record: parts.record,
  vault: parts.authority.vault,
  redraw: parts.redraw,
  days: parts.idImageDays,
});

export const imageParams = schema.authorizationId.extend({
  image: z.string().regex(/^img_[0-9a-f-]{36}$/),
});

/** Nothing between us and whoever asked keeps it, and nothing opens it as anything else. */
export const imageHeaders = (id: string) => ({
  'Cache-Control': 'no-store',
  'Content-Disposition': `attachment; filename="${id}.jpg"`,
  'Cross-Origin-Resource-Policy': 'same-origin',
});

/** Pictures of identity documents: kept for a while, with their purpose over them. */
export const idImageRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/authorizations/{id}/id-images',
    auth: 'institution',
    scope: 'id-images:write',
    tag: 'personal data',
    summary: 'Have a picture of the subject’s identity document kept for a while',
    description:
      'Only where it was shown in person or a source demands it. The picture is drawn anew: no metadata and no byte ' +
      'of the file comes through, and over all of it stands who may use it, for what, under which letter and since ' +
      'when. The original is written nowhere. At most 1600 pixels long, a JPEG whatever was sent. It is destroyed at ' +
      '`keepUntil`, sooner when the authorization is over. JPEG or PNG of at least 200 and at most 50 million pixels; ' +
      '`image-refused` says why in `reason`: `not-jpeg-or-png`, `too-large`, `too-small`, `animated`, `damaged`.',
    params: schema.authorizationId,
    headers: schema.idempotencyHeader,
    query: z.object({ reason: z.enum(['in-person', 'source-demand']), ...imageQuery }),
    bytesBody: imageBody,
    responses: { 201: { description: 'Kept', schema: idImage } },
    problems: [
      'idempotency-key-missing',
      'idempotency-key-reused',
      'idempotency-in-progress',
      ...KEEP_PROBLEMS,
    ],
    handler: async (call) => {
      const authorization = await ownAuthorization(parts, call);
      const { bytes, query, institution } = call;
      const request = { idImage: authorization.id, ...query, picture: sha256Hex(bytes) };
      return idempotent(parts, call, request, async (idempotencyKey) => {
        const counted = await parts.record.count({
          scope: 'id-images',
          key: institution.id,
          windowStart: startOfHour(parts.clock.now()),
          max: LIMITS.idImagesPerInstitution,
        });
        if (!counted) throw new DomainError('rate-limited', 'no more pictures this hour');
        const actor = `institution:${institution.id}`;
        const input = { authorization, by: 'institution', bytes, ...query } as const;
        const kept = await keepIdImage(idImageDeps(parts), { ...input, actor, idempotencyKey });
        return { status: 201 as const, body: kept };
      });
    },
  }),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}/id-images',
    auth: 'institution',
    scope: 'id-images:read',
    tag: 'personal data',
    summary: 'Which pictures are kept, and what became of those that were',
    params: schema.authorizationId,
    responses: { 200: { description: 'All of them', schema: idImageList } },
    problems: [],
    handler: async (call) => {
      const { id } = await ownAuthorization(parts, call);
      return {
        status: 200,
        body: { items: (await parts.record.idImages(id)).map(idImageView) },
      };
    },
  }),

  route({
    method: 'get',
    path: '/v1/authorizations/{id}/id-images/{image}',
    auth: 'institution',
    scope: 'id-images:read',
    tag: 'personal data',
    summary: 'Look at a picture, for a purpose',
    description:
      'Purpose and reference stand in the access register before the picture leaves; the subject sees that. 410 ' +
      '`erased` once it is destroyed, and from `keepUntil` on.',
    params: imageParams,
    query: z.object({
      purpose: z.enum(ID_IMAGE_PURPOSES),
      reference: textSchema(64).describe('the case it is looked at for; no personal data'),
    }),
    responses: { 200: { description: 'The picture', contentType: 'image/jpeg' } },
    problems: ['erased', 'restricted'],
    handler: async (call) => {
      const { id: authorizationId } = await ownAuthorization(parts, call);
      const { institution, query, params } = call;
      const { jpeg } = await readIdImage(idImageDeps(parts), {
        authorizationId,
        imageId: params.image,
        actor: `institution:${institution.id}/${query.purpose}/${query.reference}`,
      });
      return { status: 200, headers: imageHeaders(params.image), bytes: jpeg };
    },
  }),

  route({
    method: 'delete',
    path: '/v1/authorizations/{id}/id-images/{image}',
    auth: 'institution',
    scope: 'id-images:write',
    tag: 'personal data',
    summary: 'Destroy a picture before its time',
    description:
      'Bytes and key are gone with the answer; the destruction is an event, an entry in the ledger and a receipt. Not ' +
      'while a dispute is open (`on-hold`): then it goes at `keepUntil`. Again: as it is.',
    params: imageParams,
    responses: { 200: { description: 'Destroyed', schema: idImage } },
    problems: ['on-hold'],
    handler: async (call) => {
      const { id: authorizationId } = await ownAuthorization(parts, call);
      const image = { id: call.params.image, authorizationId, by: 'institution' } as const;
      return { status: 200, body: await destroyIdImage(idImageDeps(parts), image) };
    },
  }),
];
