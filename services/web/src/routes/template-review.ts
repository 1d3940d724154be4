import {
  findingsOf,
  previewTemplate,
  publishTemplate,
  waiveFinding,
  wrongState,
} from '@mandate/ceremony';
import { CURRENT_RULE_PACK, diffTemplates, parseTemplate, textSchema } from '@mandate/terms';
import { z } from 'zod';
import { idempotent, type IdempotentCall } from '../idempotent.js';
import { route, type WebParts } from '../web-parts.js';
import { EXAMPLES } from './examples.js';
import * as schema from './schemas.js';
import {
  foundTemplate,
  templateId,
  templateVersion,
  versionKey,
  versionSchema,
  waiver,
} from './template-schemas.js';

const finding = z.object({
  rule: z.string(),
  severity: z.enum(['error', 'warning']),
  article: z.string(),
  message: z.object({ zh: z.string(), en: z.string() }),
  path: z.string(),
  start: z.number().int(),
  end: z.number().int(),
  excerpt: z.string(),
});
const assessment = textSchema(100).describe('reference of the impact assessment');
const number = z
  .string()
  .regex(/^[1-9]\d{0,5}$/)
  .transform(Number);
const stepped = { 200: { description: 'The version', schema: versionSchema } };
const STEP_PROBLEMS = ['template-state', 'idempotency-key-missing'] as const;

/** From draft to published and retired; what a reviewer looks at. */
export const templateReviewRoutes = (parts: WebParts) => {
  /** One step of a version, once per Idempotency-Key, and the version after it. */
  const step = (
    call: IdempotentCall & { params: { id: string; version: number } },
    name: string,
    body: unknown,
    work: (found: Awaited<ReturnType<typeof foundTemplate>>) => Promise<void>,
  ) =>
    foundTemplate(parts, call.institution.id, call.params.id, call.params.version).then((found) =>
      idempotent(
        parts,
        call,
        { step: name, id: found.id, version: found.version, body },
        async () => {
          await work(found);
          const now = await foundTemplate(parts, call.institution.id, found.id, found.version);
          return { status: 200 as const, body: templateVersion(now) };
        },
      ),
    );

  return [
    route({
      method: 'post',
      path: '/v1/templates/{id}/versions/{version}/submit',
      auth: 'institution',
      scope: 'templates:author',
      tag: 'templates',
      summary: 'Submit a draft for review',
      params: versionKey,
      headers: schema.idempotencyHeader,
      body: z.strictObject({ assessment: assessment.optional() }),
      responses: stepped,
      problems: STEP_PROBLEMS,
      handler: (call) =>
        step(call, 'submit', call.body, async ({ id, version, status }) => {
          const done = await parts.record.submitTemplate({
            id,
            version,
            assessment: call.body.assessment ?? null,
            at: parts.clock.now(),
          });
          if (!done) throw wrongState(status, 'draft');
        }),
    }),

    route({
      method: 'post',
      path: '/v1/templates/{id}/versions/{version}/approve',
      auth: 'institution',
      scope: 'templates:approve',
      tag: 'templates',
      summary: 'Approve and publish',
      description:
        'By a person who did not write on the version. It needs the reference of an impact assessment, here or at submission, and no error of the rule pack that is not waived here with a reason.',
      params: versionKey,
      headers: schema.idempotencyHeader,
      body: z.strictObject({
        assessment: assessment.optional(),
        waivers: z.array(waiver).max(20).default([]),
      }),
      responses: stepped,
      problems: [
        ...STEP_PROBLEMS,
        'template-own-work',
        'assessment-missing',
        'template-lint-failed',
      ],
      handler: (call) =>
        step(call, 'approve', call.body, (found) =>
          publishTemplate(parts.record, found, {
            ...call.body,
            approver: call.person,
            at: parts.clock.now(),
          }),
        ),
    }),

    route({
      method: 'post',
      path: '/v1/templates/{id}/versions/{version}/waivers',
      auth: 'institution',
      scope: 'templates:approve',
      tag: 'templates',
      summary: 'Let pass what a newer rule pack finds',
      description:
        'One open error of a published version, by a person who did not write on it. It stands, with its reason, in the evidence of every later letter. At publication waivers are given with the approval.',
      params: versionKey,
      headers: schema.idempotencyHeader,
      body: waiver,
      example: EXAMPLES.waiver,
      responses: stepped,
      problems: [...STEP_PROBLEMS, 'template-own-work'],
      handler: (call) =>
        step(call, 'waive', call.body, (found) =>
          waiveFinding(parts.record, found, {
            by: call.person,
            waiver: call.body,
            at: parts.clock.now(),
          }),
        ),
    }),

    route({
      method: 'post',
      path: '/v1/templates/{id}/versions/{version}/retire',
      auth: 'institution',
      scope: 'templates:approve',
      tag: 'templates',
      summary: 'Retire a published version',
      description: 'No new letter is made under it; what was signed stays as it is.',
      params: versionKey,
      headers: schema.idempotencyHeader,
      responses: stepped,
      problems: STEP_PROBLEMS,
      handler: (call) =>
        step(call, 'retire', {}, async ({ id, version, status }) => {
          const retired = { id, version, by: call.person, at: parts.clock.now() };
          if (!(await parts.record.retireTemplate(retired))) throw wrongState(status, 'published');
        }),
    }),

    route({
      method: 'get',
      path: '/v1/templates/{id}/versions/{version}/findings',
      auth: 'institution',
      scope: 'templates:read',
      tag: 'templates',
      summary: 'What the newest rule pack finds',
      description: 'Of any version: a new pack is asked about what was published, too.',
      params: versionKey,
      responses: {
        200: {
          description: 'In the order of the template',
          schema: z.object({ pack: z.string(), items: z.array(finding) }),
        },
      },
      problems: [],
      handler: async ({ institution, params }) => {
        const found = await foundTemplate(parts, institution.id, params.id, params.version);
        return { status: 200, body: { pack: CURRENT_RULE_PACK.version, items: findingsOf(found) } };
      },
    }),

    route({
      method: 'get',
      path: '/v1/templates/{id}/versions/{version}/preview',
      auth: 'institution',
      scope: 'templates:read',
      tag: 'templates',
      summary: 'A letter for a made-up person',
      description: 'Marked 样张 SAMPLE on every page, without a signature field.',
      params: versionKey,
      query: z.object({ language: z.enum(['zh', 'en']).default('zh') }),
      responses: { 200: { description: 'PDF', contentType: 'application/pdf' } },
      problems: ['terms-invalid', 'glyph-missing'],
      handler: async ({ institution, params, query }) => {
        const template = await foundTemplate(parts, institution.id, params.id, params.version);
        const { language } = query;
        return {
          status: 200,
          bytes: await previewTemplate(parts, { institution, template, language }),
        };
      },
    }),

    route({
      method: 'get',
      path: '/v1/templates/{id}/diff',
      auth: 'institution',
      scope: 'templates:read',
      tag: 'templates',
      summary: 'What differs between two versions',
      params: templateId,
      description: 'Without numbers: the newest version and the one before it.',
      query: z.object({ from: number.optional(), to: number.optional() }),
      responses: {
        200: {
          description: 'Changes by path; an absent side means new or gone',
          schema: z.object({
            items: z.array(
              z.object({
                path: z.string(),
                before: z.unknown().optional(),
                after: z.unknown().optional(),
              }),
            ),
          }),
        },
      },
      problems: [],
      handler: async ({ institution, params, query }) => {
        const read = (version?: number) => foundTemplate(parts, institution.id, params.id, version);
        const to = await read(query.to);
        const from = await read(query.from ?? Math.max(1, to.version - 1));
        const bodyOf = ({ body }: { body: string }) => parseTemplate(JSON.parse(body));
        return {
          status: 200,
          body: { items: diffTemplates(bodyOf(from), bodyOf(to)) },
        };
      },
    }),
  ];
};
