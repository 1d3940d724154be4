import { canonicalize, DomainError, newId } from '@mandate/core';
import { parseTemplate, templateBodySchema, templateDigest } from '@mandate/terms';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { route, type WebParts } from '../web-parts.js';
import { EXAMPLES } from './examples.js';
import * as schema from './schemas.js';

const templateId = z.object({ id: z.string().regex(/^[a-z][A-Za-z0-9_-]{0,63}$/) });
const version = z.object({
  id: z.string(),
  name: z.string(),
  version: z.number().int(),
  digest: schema.digest,
});

/** Versioned templates of the calling institution; a version never changes. */
export const templateRoutes = (parts: WebParts) => [
  route({
    method: 'get',
    path: '/v1/templates',
    auth: 'institution',
    tag: 'templates',
    summary: 'List templates and their versions',
    responses: {
      200: { description: 'All of them', schema: z.object({ items: z.array(version) }) },
    },
    problems: [],
    handler: async ({ institution }) => ({
      status: 200,
      body: { items: [...(await parts.record.listTemplates(institution.id))] },
    }),
  }),

  route({
    method: 'post',
    path: '/v1/templates',
    auth: 'institution',
    tag: 'templates',
    summary: 'Create a template',
    headers: schema.idempotencyHeader,
    body: templateBodySchema,
    example: EXAMPLES.template,
    responses: { 201: { description: 'Version 1', schema: version } },
    problems: ['template-invalid', 'idempotency-key-missing', 'idempotency-key-reused'],
    handler: ({ institution, body, headers }) =>
      idempotent(
        parts,
        { institutionId: institution.id, key: headers['idempotency-key'], request: body },
        async () => {
          const template = parseTemplate(body);
          const digest = templateDigest(template);
          const id = newId('template', parts.clock, parts.random);
          await parts.record.createTemplate({
            id,
            institutionId: institution.id,
            name: template.name,
            body: canonicalize(template),
            digest,
            at: parts.clock.now(),
          });
          return { status: 201, body: { id, name: template.name, version: 1, digest } };
        },
      ),
  }),

  route({
    method: 'post',
    path: '/v1/templates/{id}/versions',
    auth: 'institution',
    tag: 'templates',
    summary: 'Add a version',
    params: templateId,
    headers: schema.idempotencyHeader,
    body: templateBodySchema,
    responses: { 201: { description: 'The new version', schema: version } },
    problems: ['template-invalid', 'version-conflict', 'idempotency-key-missing'],
    handler: async ({ institution, params, body, headers }) => {
      const found = await parts.record.findTemplate(institution.id, params.id);
      if (!found) throw new DomainError('not-found', 'no such template');
      return idempotent(
        parts,
        {
          institutionId: institution.id,
          key: headers['idempotency-key'],
          request: { id: found.id, body },
        },
        async () => {
          const template = parseTemplate(body);
          if (template.name !== found.name)
            throw new DomainError('template-invalid', 'a version keeps the name of its template');
          const digest = templateDigest(template);
          const added = await parts.record.addTemplateVersion({
            id: found.id,
            body: canonicalize(template),
            digest,
            at: parts.clock.now(),
          });
          return { status: 201, body: { id: found.id, name: found.name, version: added, digest } };
        },
      );
    },
  }),

  route({
    method: 'get',
    path: '/v1/templates/{id}',
    auth: 'institution',
    tag: 'templates',
    summary: 'Read the newest version of a template',
    params: templateId,
    responses: {
      200: { description: 'With its body', schema: version.extend({ body: templateBodySchema }) },
    },
    problems: [],
    handler: async ({ institution, params }) => {
      const found = await parts.record.findTemplate(institution.id, params.id);
      if (!found) throw new DomainError('not-found', 'no such template');
      return { status: 200, body: { ...found, body: parseTemplate(JSON.parse(found.body)) } };
    },
  }),
];
