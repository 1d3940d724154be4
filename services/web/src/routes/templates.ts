import { canonicalize, newId } from '@mandate/core';
import { keptName, wrongState, type TemplateRow } from '@mandate/ceremony';
import { parseTemplate, templateBodySchema, templateDigest } from '@mandate/terms';
import { z } from 'zod';
import { idempotent } from '../idempotent.js';
import { route, type WebParts } from '../web-parts.js';
import { EXAMPLES } from './examples.js';
import * as schema from './schemas.js';
import {
  foundTemplate,
  templateId,
  templateVersion,
  versionKey,
  versionSchema,
} from './template-schemas.js';

const created = z.object({
  id: z.string(),
  name: z.string(),
  version: z.number().int(),
  digest: schema.digest,
  status: z.literal('draft'),
});
const withBody = versionSchema.extend({ body: templateBodySchema });
const readable = (found: TemplateRow) => ({
  ...templateVersion(found),
  body: parseTemplate(JSON.parse(found.body)),
});

/** Versioned templates of the calling institution: drafts. A version that was published never changes. */
export const templateRoutes = (parts: WebParts) => [
  route({
    method: 'get',
    path: '/v1/templates',
    auth: 'institution',
    scope: 'templates:read',
    tag: 'templates',
    summary: 'List templates and their versions',
    responses: {
      200: { description: 'All of them', schema: z.object({ items: z.array(versionSchema) }) },
    },
    problems: [],
    handler: async ({ institution }) => ({
      status: 200,
      body: { items: (await parts.record.listTemplates(institution.id)).map(templateVersion) },
    }),
  }),

  route({
    method: 'post',
    path: '/v1/templates',
    auth: 'institution',
    scope: 'templates:author',
    tag: 'templates',
    summary: 'Create a template',
    description: 'Version 1 is a draft: submit it, then a second person approves it.',
    headers: schema.idempotencyHeader,
    body: templateBodySchema,
    example: EXAMPLES.template,
    responses: { 201: { description: 'Version 1, a draft', schema: created } },
    problems: ['template-invalid', 'idempotency-key-missing', 'idempotency-key-reused'],
    handler: (call) =>
      idempotent(parts, call, call.body, async () => {
        const template = parseTemplate(call.body);
        const digest = templateDigest(template);
        const id = newId('template', parts.clock, parts.random);
        await parts.record.createTemplate({
          id,
          institutionId: call.institution.id,
          name: template.name,
          body: canonicalize(template),
          digest,
          author: call.person,
          at: parts.clock.now(),
        });
        return {
          status: 201,
          body: { id, name: template.name, version: 1, digest, status: 'draft' as const },
        };
      }),
  }),

  route({
    method: 'post',
    path: '/v1/templates/{id}/versions',
    auth: 'institution',
    scope: 'templates:author',
    tag: 'templates',
    summary: 'Add a version',
    description: 'A draft. What is published goes on being used until this one is.',
    params: templateId,
    headers: schema.idempotencyHeader,
    body: templateBodySchema,
    responses: { 201: { description: 'The new version, a draft', schema: created } },
    problems: ['template-invalid', 'version-conflict', 'idempotency-key-missing'],
    handler: async (call) => {
      const { body } = call;
      const found = await foundTemplate(parts, call.institution.id, call.params.id);
      return idempotent(parts, call, { id: found.id, body }, async () => {
        const kept = keptName(body, found);
        const version = await parts.record.addTemplateVersion({
          ...{ ...kept, id: found.id, author: call.person, at: parts.clock.now() },
        });
        const { digest } = kept;
        return {
          status: 201,
          body: { id: found.id, name: found.name, version, digest, status: 'draft' as const },
        };
      });
    },
  }),

  route({
    method: 'put',
    path: '/v1/templates/{id}/versions/{version}',
    auth: 'institution',
    scope: 'templates:author',
    tag: 'templates',
    summary: 'Rewrite a draft',
    description:
      'What lies in review becomes a draft again. Whoever writes on a version cannot approve it.',
    params: versionKey,
    body: templateBodySchema,
    responses: { 200: { description: 'The draft', schema: versionSchema } },
    problems: ['template-invalid', 'template-state'],
    handler: async ({ institution, person, params, body }) => {
      const found = await foundTemplate(parts, institution.id, params.id, params.version);
      const { id, version } = found;
      const row = { ...keptName(body, found), id, version, author: person };
      if (!(await parts.record.rewriteDraft(row))) throw wrongState(found.status, 'draft');
      const now = await foundTemplate(parts, institution.id, id, version);
      return { status: 200, body: templateVersion(now) };
    },
  }),

  route({
    method: 'get',
    path: '/v1/templates/{id}',
    auth: 'institution',
    scope: 'templates:read',
    tag: 'templates',
    summary: 'Read the newest version of a template',
    params: templateId,
    responses: { 200: { description: 'With its body', schema: withBody } },
    problems: [],
    handler: async ({ institution, params }) => ({
      status: 200,
      body: readable(await foundTemplate(parts, institution.id, params.id)),
    }),
  }),

  route({
    method: 'get',
    path: '/v1/templates/{id}/versions/{version}',
    auth: 'institution',
    scope: 'templates:read',
    tag: 'templates',
    summary: 'Read one version',
    params: versionKey,
    responses: { 200: { description: 'With its body', schema: withBody } },
    problems: [],
    handler: async ({ institution, params }) => ({
      status: 200,
      body: readable(await foundTemplate(parts, institution.id, params.id, params.version)),
    }),
  }),
];
