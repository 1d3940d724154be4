import { canonicalize, DomainError, isDomainError, newId } from '@mandate/core';
import { findingsOf, keptName, wrongState, type TemplateRow } from '@mandate/ceremony';
import {
  CURRENT_RULE_PACK,
  lintTemplate,
  parseTemplate,
  SAMPLE_TEMPLATES,
  TEMPLATE_FAULTS,
  templateBodySchema,
  templateDigest,
  templateFaults,
} from '@mandate/terms';
import { z } from 'zod';
import { route, type DeskParts } from '../desk-parts.js';
import { workedInstitution } from '../visible-institution.js';
import {
  finding,
  foundTemplate,
  ofInstitution,
  templateParams,
  versionParams,
  versionView,
  versionViews,
  written,
} from './template-schemas.js';

const READERS = ['template-author', 'template-approver', 'auditor'] as const;
const AUTHORS = ['template-author'] as const;
const withBody = versionView.extend({
  body: templateBodySchema,
  pack: z.string(),
  findings: z.array(finding),
});
const one = { 200: { description: 'The version', schema: versionView } } as const;
const made = { 201: { description: 'A draft', schema: versionView } } as const;

/** Templates as they are written: drafts, and what the rule pack says while one writes. */
export function templateRoutes(parts: DeskParts) {
  const { clock, random, templates, institutions } = parts;
  const view = async (who: Parameters<typeof versionViews>[1], row: TemplateRow) =>
    (await versionViews(parts, who, [row]))[0]!;
  return [
    route({
      method: 'get',
      path: '/desk/api/templates',
      auth: 'staff',
      roles: READERS,
      tag: 'templates',
      summary: 'Templates and their versions',
      query: ofInstitution,
      responses: {
        200: { description: 'All of them', schema: z.object({ items: z.array(versionView) }) },
      },
      problems: ['not-found', 'invalid-request'],
      handler: async (call) => {
        const rows = await templates.listTemplates(workedInstitution(call, call.query.institution));
        return { status: 200, body: { items: await versionViews(parts, call, rows) } };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/template-samples',
      auth: 'staff',
      roles: AUTHORS,
      tag: 'templates',
      summary: 'Templates to start from',
      responses: {
        200: { description: 'Bodies', schema: z.object({ items: z.array(templateBodySchema) }) },
      },
      problems: [],
      handler: async () => ({ status: 200, body: { items: [...SAMPLE_TEMPLATES] } }),
    }),
    route({
      method: 'get',
      path: '/desk/api/template-form',
      auth: 'staff',
      roles: READERS,
      tag: 'templates',
      summary: 'What stands in a template, and how long or many it may be, for forms to be made of',
      responses: {
        200: { description: 'JSON Schema', schema: z.record(z.string(), z.unknown()) },
      },
      problems: [],
      handler: async () => ({ status: 200, body: z.toJSONSchema(templateBodySchema) }),
    }),
    route({
      method: 'post',
      path: '/desk/api/template-findings',
      auth: 'staff',
      roles: READERS,
      tag: 'templates',
      summary: 'What the rule pack finds in a text that is not saved',
      body: written,
      responses: {
        200: {
          description: 'In the order of the template',
          schema: z.object({
            invalid: z.string().nullable().describe('why it is no template at all'),
            faults: z
              .array(z.object({ path: z.string(), code: z.enum(TEMPLATE_FAULTS) }))
              .describe('the same, each with its place'),
            pack: z.string(),
            items: z.array(finding),
          }),
        },
      },
      problems: [],
      handler: async ({ body }) => ({
        status: 200,
        body: { pack: CURRENT_RULE_PACK.version, ...linted(body.body) },
      }),
    }),
    route({
      method: 'post',
      path: '/desk/api/templates',
      auth: 'staff',
      roles: AUTHORS,
      tag: 'templates',
      summary: 'A new template: version 1, a draft',
      query: ofInstitution,
      body: written,
      responses: made,
      problems: ['template-invalid', 'not-found'],
      handler: async (call) => {
        const institutionId = workedInstitution(call, call.query.institution);
        await institutions.read(institutionId);
        const body = parseTemplate(call.body.body);
        const id = newId('template', clock, random);
        await templates.createTemplate({
          ...{ id, institutionId, name: body.name, body: canonicalize(body) },
          ...{ digest: templateDigest(body), author: call.staff, at: clock.now() },
        });
        const found = await foundTemplate(parts, call, institutionId, { id });
        return { status: 201, body: await view(call, found) };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/templates/{id}/versions',
      auth: 'staff',
      roles: AUTHORS,
      tag: 'templates',
      summary: 'The next version, a draft; what is published goes on being used',
      params: templateParams,
      query: ofInstitution,
      body: written,
      responses: made,
      problems: ['template-invalid', 'version-conflict', 'not-found'],
      handler: async (call) => {
        const { institution } = call.query;
        const found = await foundTemplate(parts, call, institution, call.params);
        const row = keptName(call.body.body, found);
        const version = await templates.addTemplateVersion({
          ...{ ...row, id: found.id, author: call.staff, at: clock.now() },
        });
        const now = await foundTemplate(parts, call, institution, { id: found.id, version });
        return { status: 201, body: await view(call, now) };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/templates/{id}/versions/{version}',
      auth: 'staff',
      roles: READERS,
      tag: 'templates',
      summary: 'A version with its text and what the newest rule pack finds in it',
      params: versionParams,
      query: ofInstitution,
      responses: { 200: { description: 'With its body', schema: withBody } },
      problems: ['not-found'],
      handler: async (call) => {
        const found = await foundTemplate(parts, call, call.query.institution, call.params);
        return {
          status: 200,
          body: {
            ...(await view(call, found)),
            body: parseTemplate(JSON.parse(found.body)),
            pack: CURRENT_RULE_PACK.version,
            findings: findingsOf(found),
          },
        };
      },
    }),
    route({
      method: 'put',
      path: '/desk/api/templates/{id}/versions/{version}',
      auth: 'staff',
      roles: AUTHORS,
      tag: 'templates',
      summary: 'Rewrites a draft, or what lies in review, which is a draft then',
      params: versionParams,
      query: ofInstitution,
      body: written.extend({ digest: z.string().regex(/^[0-9a-f]{64}$/) }),
      responses: one,
      problems: ['template-invalid', 'template-state', 'version-conflict', 'not-found'],
      handler: async (call) => {
        const { institution } = call.query;
        const found = await foundTemplate(parts, call, institution, call.params);
        const { id, version, status } = found;
        const replaces = call.body.digest;
        const row = {
          ...keptName(call.body.body, found),
          id,
          version,
          author: call.staff,
          replaces,
        };
        // in one step with the writing: of two who save at once one is told
        if (!(await templates.rewriteDraft(row)))
          throw status === 'draft' || status === 'in-review'
            ? new DomainError('version-conflict', 'somebody else has rewritten it meanwhile')
            : wrongState(status, 'draft');
        const now = await foundTemplate(parts, call, institution, { id, version });
        return { status: 200, body: await view(call, now) };
      },
    }),
  ];
}

function linted(json: unknown) {
  try {
    return { invalid: null, faults: [], items: lintTemplate(parseTemplate(json)) };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { invalid: error.detail, faults: templateFaults(json), items: [] };
  }
}
