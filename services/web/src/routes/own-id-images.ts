import { destroyIdImage, keepIdImage, LIMITS, readIdImage, startOfDay } from '@mandate/ceremony';
import { DomainError, type OwnVisit } from '@mandate/core';
import { z } from 'zod';
import { ownActor, ownDetailOf, openableAuthorization } from '../own-view.js';
import { route, type WebParts } from '../web-parts.js';
import { imageBody, imageQuery, KEEP_PROBLEMS } from './id-image-schemas.js';
import { idImageDeps, imageHeaders, imageParams } from './id-images.js';
import { ownDetail } from './own-schemas.js';
import * as schema from './schemas.js';

/** Somebody let in on an institution's word sees that there are pictures, and no more. */
function requireSelf({ means }: OwnVisit): void {
  if (means === 'own-link')
    throw new DomainError('forbidden', 'only for who entered by code or passkey');
}

/** Pictures of one's own identity document. Needs `X-Requested-With: mandate` to change anything. */
export const ownIdImageRoutes = (parts: WebParts) => [
  route({
    method: 'post',
    path: '/v1/own/{id}/id-images',
    auth: 'own',
    tag: 'own authorizations',
    summary: 'Give the institution a picture of one’s identity document, for a while',
    description:
      'As `POST /v1/authorizations/{id}/id-images`. At most ' +
      `${LIMITS.idImagesPerOwn} a day for one authorization.`,
    params: schema.authorizationId,
    query: z.object({
      reason: z.enum(['provided', 'source-demand']).default('provided'),
      ...imageQuery,
    }),
    bytesBody: imageBody,
    responses: { 201: { description: 'Kept; all of the authorization', schema: ownDetail } },
    problems: ['forbidden', ...KEEP_PROBLEMS],
    handler: async ({ own, params, query, bytes }) => {
      requireSelf(own);
      const authorization = await openableAuthorization(parts, own, params.id);
      const counted = await parts.record.count({
        scope: 'own-id-images',
        key: authorization.id,
        windowStart: startOfDay(parts.clock.now()),
        max: LIMITS.idImagesPerOwn,
      });
      if (!counted) throw new DomainError('rate-limited', 'no more pictures of this one today');
      const input = { authorization, by: 'subject', bytes, ...query } as const;
      await keepIdImage(idImageDeps(parts), { ...input, actor: ownActor(own) });
      const after = await parts.record.authorization(authorization.id);
      return { status: 201, body: await ownDetailOf(parts, own, after) };
    },
  }),

  route({
    method: 'get',
    path: '/v1/own/{id}/id-images/{image}',
    auth: 'own',
    tag: 'own authorizations',
    summary: 'Look at a picture of one’s identity document',
    params: imageParams,
    responses: { 200: { description: 'The picture', contentType: 'image/jpeg' } },
    problems: ['forbidden', 'rate-limited'],
    handler: async ({ own, params }) => {
      requireSelf(own);
      const { id: authorizationId } = await openableAuthorization(parts, own, params.id);
      const { jpeg } = await readIdImage(idImageDeps(parts), {
        authorizationId,
        imageId: params.image,
        actor: ownActor(own),
      });
      return { status: 200, headers: imageHeaders(params.image), bytes: jpeg };
    },
  }),

  route({
    method: 'post',
    path: '/v1/own/{id}/id-images/{image}/destruction',
    auth: 'own',
    tag: 'own authorizations',
    summary: 'Have a picture of one’s identity document destroyed',
    description: 'Gone with the answer; not while a dispute is open (`on-hold`).',
    params: imageParams,
    responses: { 200: { description: 'All of the authorization', schema: ownDetail } },
    problems: ['forbidden', 'on-hold', 'rate-limited'],
    handler: async ({ own, params }) => {
      requireSelf(own);
      const { id: authorizationId } = await openableAuthorization(parts, own, params.id);
      const image = { id: params.image, authorizationId, by: 'subject' } as const;
      await destroyIdImage(idImageDeps(parts), image);
      const after = await parts.record.authorization(authorizationId);
      return { status: 200, body: await ownDetailOf(parts, own, after) };
    },
  }),
];
