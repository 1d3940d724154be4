import {
  keptName,
  previewTemplate,
  publishTemplate,
  waiveFinding,
  wrongState,
  type TemplateRow,
} from '@mandate/ceremony';
import { diffTemplates, parseTemplate } from '@mandate/terms';
import { z } from 'zod';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';
import { workedInstitution } from '../visible-institution.js';
import { agreementProof, proofOf } from './agreements.js';
import {
  assessment,
  foundTemplate,
  ofInstitution,
  templateParams,
  versionParams,
  versionQuery,
  versionView,
  versionViews,
  waiver,
  waivers,
  written,
} from './template-schemas.js';

const READERS = ['template-author', 'template-approver', 'auditor'] as const;
const APPROVERS = ['template-approver'] as const;
const one = { 200: { description: 'The version', schema: versionView } } as const;
const PROBLEMS = ['not-found', 'template-state'] as const;
const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('of the text that was looked at');

type Call = Contexts['staff'] & {
  params: { id: string; version: number };
  query: { institution?: string | undefined };
};

/** From draft to published and retired; what a second person looks at before. */
export function templateReviewRoutes(parts: DeskParts) {
  const { clock, templates, institutions } = parts;
  const { vault } = parts.authority;
  /** Which version, as role vault is asked about it. */
  const named = (call: Call) => ({
    institutionId: workedInstitution(call, call.query.institution),
    template: call.params.id,
    version: call.params.version,
  });
  const step = async (call: Call, work: (found: TemplateRow) => Promise<void>) => {
    const { institution } = call.query;
    await work(await foundTemplate(parts, call, institution, call.params));
    const now = await foundTemplate(parts, call, institution, call.params);
    return { status: 200 as const, body: (await versionViews(parts, call, [now]))[0]! };
  };
  return [
    route({
      method: 'post',
      path: '/desk/api/templates/{id}/versions/{version}/submission',
      auth: 'staff',
      roles: ['template-author'],
      tag: 'templates',
      summary: 'Submits a draft for review',
      params: versionParams,
      query: ofInstitution,
      body: z.strictObject({ assessment: assessment.optional() }),
      responses: one,
      problems: PROBLEMS,
      handler: (call) =>
        step(call, async ({ id, version, status }) => {
          const given = call.body.assessment ?? null;
          const done = await templates.submitTemplate({
            ...{ id, version, assessment: given, at: clock.now() },
          });
          if (!done) throw wrongState(status, 'draft');
        }),
    }),
    route({
      method: 'post',
      path: '/desk/api/templates/{id}/versions/{version}/approval',
      auth: 'staff',
      roles: APPROVERS,
      tag: 'templates',
      summary: 'Approves and publishes, by somebody who did not write on it',
      params: versionParams,
      query: ofInstitution,
      body: z.strictObject({
        digest,
        assessment: assessment.optional(),
        waivers: waivers.default([]),
        proof: agreementProof,
      }),
      responses: one,
      problems: [
        ...([
          ...PROBLEMS,
          'template-own-work',
          'assessment-missing',
          'template-lint-failed',
        ] as const),
        ...(['version-conflict', 'agreement-refused'] as const),
      ],
      handler: (call) =>
        step(call, async (found) => {
          const { proof, ...given } = call.body;
          const { assessment, waivers } = given;
          const { person, at } = await vault.agreeToTemplate({
            ...{ secret: call.secret, agreed: { ...named(call), ...given }, proof: proofOf(proof) },
          });
          const approval = { assessment, waivers, approver: person, at: new Date(at) };
          await publishTemplate(templates, found, approval);
        }),
    }),
    route({
      method: 'post',
      path: '/desk/api/templates/{id}/versions/{version}/waivers',
      auth: 'staff',
      roles: APPROVERS,
      tag: 'templates',
      summary: 'Lets pass what a newer rule pack finds in a published version',
      params: versionParams,
      query: ofInstitution,
      body: waiver.extend({ digest, proof: agreementProof }),
      responses: one,
      problems: [...PROBLEMS, 'template-own-work', 'version-conflict', 'agreement-refused'],
      handler: (call) =>
        step(call, async (found) => {
          const { proof, digest: looked, ...given } = call.body;
          const agreed = { ...named(call), digest: looked, waivers: [given] };
          const { person, at } = await vault.agreeToTemplate({
            ...{ secret: call.secret, agreed, proof: proofOf(proof) },
          });
          await waiveFinding(templates, found, { by: person, waiver: given, at: new Date(at) });
        }),
    }),
    route({
      method: 'post',
      path: '/desk/api/templates/{id}/versions/{version}/retirement',
      auth: 'staff',
      roles: APPROVERS,
      tag: 'templates',
      summary: 'Retires a published version; what was signed under it stays',
      params: versionParams,
      query: ofInstitution,
      responses: one,
      problems: PROBLEMS,
      handler: (call) =>
        step(call, async ({ id, version, status }) => {
          const { person, at } = await vault.retireTemplate({
            ...{ secret: call.secret, ...named(call) },
          });
          const retired = { id, version, by: person, at: new Date(at) };
          if (!(await templates.retireTemplate(retired))) throw wrongState(status, 'published');
        }),
    }),
    route({
      method: 'get',
      path: '/desk/api/templates/{id}/versions/{version}/preview',
      auth: 'staff',
      roles: READERS,
      tag: 'templates',
      summary: 'A letter for a made-up person, marked 样张 SAMPLE on every page',
      params: versionParams,
      query: ofInstitution.extend({ language: z.enum(['zh', 'en']).default('zh') }),
      responses: { 200: { description: 'PDF', contentType: 'application/pdf' } },
      problems: ['not-found', 'terms-invalid', 'glyph-missing'],
      handler: async (call) => {
        const { language, institution: named } = call.query;
        const template = await foundTemplate(parts, call, named, call.params);
        const institution = await institutions.read(workedInstitution(call, named));
        return {
          status: 200,
          bytes: await previewTemplate(parts, { institution, template, language }),
          headers: { 'Cache-Control': 'no-store' },
        };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/templates/{id}/versions/{version}/preview',
      auth: 'staff',
      roles: ['template-author'],
      tag: 'templates',
      summary: 'The same letter of a text that is not saved',
      params: versionParams,
      query: ofInstitution,
      body: written.extend({ language: z.enum(['zh', 'en']) }),
      responses: { 200: { description: 'PDF', contentType: 'application/pdf' } },
      problems: ['not-found', 'template-invalid', 'terms-invalid', 'glyph-missing'],
      handler: async (call) => {
        const { language, body: json } = call.body;
        const named = call.query.institution;
        const found = await foundTemplate(parts, call, named, call.params);
        const template = { ...found, ...keptName(json, found) };
        const institution = await institutions.read(workedInstitution(call, named));
        return {
          status: 200,
          bytes: await previewTemplate(parts, { institution, template, language }),
          headers: { 'Cache-Control': 'no-store' },
        };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/templates/{id}/differences',
      auth: 'staff',
      roles: READERS,
      tag: 'templates',
      summary:
        'What differs between two versions; the newest and the one before it where none is named',
      params: templateParams,
      query: versionQuery,
      responses: {
        200: {
          description: 'By path; an absent side means new or gone',
          schema: z.object({
            from: z.int(),
            to: z.int(),
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
      problems: ['not-found'],
      handler: async (call) => {
        const { id } = call.params;
        const read = (version?: number) =>
          foundTemplate(parts, call, call.query.institution, {
            ...{ id, ...(version === undefined ? {} : { version }) },
          });
        const to = await read(call.query.to);
        const from = await read(call.query.from ?? Math.max(1, to.version - 1));
        const bodyOf = ({ body }: { body: string }) => parseTemplate(JSON.parse(body));
        const items = diffTemplates(bodyOf(from), bodyOf(to));
        return { status: 200, body: { from: from.version, to: to.version, items } };
      },
    }),
  ];
}
