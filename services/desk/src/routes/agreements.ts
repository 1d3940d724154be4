import { idPattern, type AgreementProof } from '@mandate/core';
import { HOLD_OUTCOMES } from '@mandate/ceremony';
import { z } from 'zod';
import { route, type DeskParts } from '../desk-parts.js';
import { assertion } from './sign-in.js';
import { assessment, waivers } from './template-schemas.js';

const agreement = z.string().regex(idPattern('agreement'));
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const asked = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('grant'), grant: z.string().regex(idPattern('grant')) }),
  z.strictObject({
    act: z.literal('outcome'),
    holdId: z.string().regex(idPattern('hold')),
    outcome: z.enum(HOLD_OUTCOMES),
    proposal: digest,
  }),
  z.strictObject({ act: z.literal('seal'), seal: z.string().regex(idPattern('accessSeal')) }),
  z.strictObject({
    act: z.literal('template'),
    institutionId: z.string().regex(idPattern('institution')),
    template: z.string().regex(idPattern('template')),
    version: z.int().min(1),
    digest,
    assessment: assessment.optional(),
    waivers,
  }),
]);

/** The body's `proof` of every route by which a second person agrees. */
export const agreementProof = z
  .union([
    z.strictObject({ agreement, answer: assertion }),
    z.strictObject({ agreement, query: z.string().max(4000) }),
  ])
  .describe('The passkey’s answer, or what the identity provider sent the browser back with');
/** As role vault takes it. */
export const proofOf = (proof: z.infer<typeof agreementProof>): AgreementProof =>
  proof as AgreementProof;

const PAGE = 50;

/** Before somebody agrees: what their authenticator has to answer. Afterwards: what it was. */
export function agreementRoutes({ authority: { vault }, cases }: DeskParts) {
  return [
    route({
      method: 'get',
      path: '/desk/api/agreements/own',
      auth: 'staff',
      roles: 'any',
      tag: 'agreements',
      summary: 'What the signed-in person agreed to in the last 90 days, newest first',
      query: z.object({ before: agreement.optional() }),
      responses: {
        200: {
          description: 'A page of them',
          schema: z.object({
            items: z.array(
              z.object({
                agreement: z.string(),
                act: z.enum(['grant', 'outcome', 'seal', 'template']),
                subject: z.string(),
                at: z.string(),
                means: z.enum(['passkey', 'oidc']),
                unaltered: z.boolean().describe('Role vault wrote it so'),
                institution: z.string().nullable(),
                caseId: z.string().nullable(),
                caseNumber: z.string().nullable(),
              }),
            ),
            next: z.string().nullable(),
          }),
        },
      },
      problems: [],
      handler: async ({ secret, query }) => {
        const asked = { secret, before: query.before, limit: PAGE };
        const { items, next } = await vault.ownAgreements(asked);
        const about = await cases.agreedAbout(items.map(({ subject }) => subject));
        const told = items.map((it) => {
          const { institutionId, caseId, caseNumber } = about.get(it.subject) ?? {};
          return {
            ...{ ...it, institution: institutionId ?? null },
            ...{ caseId: caseId ?? null, caseNumber: caseNumber ?? null },
          };
        });
        return { status: 200, body: { items: told, next } };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/agreements',
      auth: 'staff',
      roles: ['approver', 'custodian', 'template-approver'],
      tag: 'agreements',
      summary: 'Asks for the person’s own word over exactly what they are about to agree to',
      body: asked,
      responses: {
        201: {
          description: 'For five minutes, once',
          schema: z.object({
            agreement: z.string(),
            endsAt: z.string(),
            options: z.record(z.string(), z.unknown()).optional(),
            address: z.string().optional(),
            state: z.string().optional(),
          }),
        },
      },
      problems: [
        ...(['not-found', 'own-request', 'grant-refused', 'guard-refused', 'forbidden'] as const),
        ...(['agreement-refused', 'authority-unavailable'] as const),
        ...(['version-conflict', 'template-state', 'template-own-work'] as const),
        ...(['assessment-missing', 'template-lint-failed'] as const),
      ],
      handler: async ({ secret, body }) => {
        const begun = await vault.beginAgreement({ secret, asked: body });
        const { options, ...rest } = begun;
        return { status: 201, body: { ...rest, ...(options ? { options: { ...options } } : {}) } };
      },
    }),
  ];
}
