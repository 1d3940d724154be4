import { GRANT_RIGHTS, idPattern, MOST_GRANT_HOURS, type Grant } from '@mandate/core';
import { grantOf } from '@mandate/ceremony';
import { z } from 'zod';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';
import { agreementProof, proofOf } from './agreements.js';
import { caseIdParams, grantView } from './case-schemas.js';
import { visibleCase } from './cases.js';

const text = z
  .string()
  .regex(/^\S(?:.{0,198}\S)?$/su)
  .describe('1 to 200 characters, no personal data');
export const grantIdParams = z.strictObject({ id: z.string().regex(idPattern('grant')) });
const one = { 200: { description: 'The grant as it stands', schema: grantView } } as const;
const many = {
  200: { description: 'As they stand', schema: z.object({ items: z.array(grantView) }) },
} as const;
const PROBLEMS = ['not-found', 'grant-refused', 'own-request'] as const;
const READERS = ['officer', 'approver', 'auditor', 'custodian'] as const;
/** Milliseconds: how long a broken glass is shown to everybody. */
const TOLD = 90 * 24 * 3_600_000;

/** Four eyes before anybody opens anything. */
export function grantRoutes(parts: DeskParts) {
  const { cases, clock } = parts;
  const { vault } = parts.authority;
  const named = async <G extends Grant>(grants: readonly G[]) => {
    const people = grants.flatMap((g) => [g.requester, ...g.approvals.map(({ staff }) => staff)]);
    const names = await cases.staffNames([...new Set(people)]);
    return grants.map((grant) => ({
      ...grant,
      rights: [...grant.rights],
      requesterName: names.get(grant.requester) ?? null,
      approvals: grant.approvals.map((it) => ({ ...it, name: names.get(it.staff) ?? null })),
    }));
  };
  const moved = async (grant: Promise<Grant>) => ({
    status: 200 as const,
    body: (await named([await grant]))[0]!,
  });
  return [
    route({
      method: 'post',
      path: '/desk/api/cases/{id}/grants',
      auth: 'staff',
      roles: ['officer'],
      tag: 'grants',
      summary: 'Asks to open the evidence of a case',
      params: caseIdParams,
      body: z.strictObject({
        legalBasis: text,
        reason: text,
        rights: z.array(z.enum(GRANT_RIGHTS)).min(1).max(3),
        hours: z.int().min(1).max(MOST_GRANT_HOURS),
        breakGlass: z.boolean(),
      }),
      responses: { 201: { description: 'Asked', schema: grantView } },
      problems: PROBLEMS,
      handler: async (call) => {
        const { id } = await visibleCase(parts, call, call.params.id);
        const grant = { ...call.body, caseId: id };
        const asked = await vault.requestGrant({ secret: call.secret, grant });
        return { status: 201, body: (await named([asked]))[0]! };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/cases/{id}/grants',
      auth: 'staff',
      roles: READERS,
      tag: 'grants',
      summary: 'What was asked for in a case, and who has agreed',
      params: caseIdParams,
      responses: {
        200: {
          description: 'As they stand',
          schema: z.object({
            items: z.array(grantView),
            caseEnded: z.boolean().describe('Then none of them opens anything'),
          }),
        },
      },
      problems: ['not-found'],
      handler: async (call) => {
        const { id, step } = await visibleCase(parts, call, call.params.id);
        const grants = await cases.grantsOf(id, clock.now());
        const caseEnded = step === 'closed' || step === 'rejected';
        return { status: 200, body: { items: await named(grants.map(grantOf)), caseEnded } };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/grants',
      auth: 'staff',
      roles: READERS,
      tag: 'grants',
      summary: 'What waits for somebody to agree, oldest first',
      responses: many,
      problems: [],
      handler: async ({ institutionId }) => {
        const grants = await cases.waitingGrants({
          ...{ institutionId: institutionId ?? undefined, at: clock.now(), limit: 100 },
        });
        return { status: 200, body: { items: await named(grants.map(grantOf)) } };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/broken-glass',
      auth: 'staff',
      roles: READERS,
      tag: 'grants',
      summary:
        'Where the glass was broken in the last 90 days: told to everybody who agrees, keeps keys or looks on',
      responses: {
        200: {
          description: 'Newest first',
          schema: z.object({ items: z.array(grantView.extend({ openings: z.int() })) }),
        },
      },
      problems: [],
      handler: async ({ institutionId }) => {
        const at = clock.now();
        const since = new Date(at.getTime() - TOLD);
        const rows = await cases.brokenGlass({
          ...{ institutionId: institutionId ?? undefined, since, at, limit: 100 },
        });
        const grants = rows.map((row) => ({ ...grantOf(row), openings: row.openings }));
        return { status: 200, body: { items: await named(grants) } };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/grants/{id}/approvals',
      auth: 'staff',
      roles: ['approver', 'custodian'],
      tag: 'grants',
      summary: 'Agrees to it, by a fresh word of their own',
      params: grantIdParams,
      body: z.strictObject({ proof: agreementProof }),
      responses: one,
      problems: [...PROBLEMS, 'agreement-refused'],
      handler: async (call) =>
        moved(vault.approveGrant({ ...asked(call), proof: proofOf(call.body.proof) })),
    }),
    route({
      method: 'delete',
      path: '/desk/api/grants/{id}',
      auth: 'staff',
      roles: ['officer', 'approver', 'custodian'],
      tag: 'grants',
      summary: 'Takes it back',
      params: grantIdParams,
      responses: one,
      problems: PROBLEMS,
      handler: async (call) => moved(vault.revokeGrant(asked(call))),
    }),
  ];
}

const asked = (call: Contexts['staff'] & { params: { id: string } }) => ({
  ...{ secret: call.secret, grant: call.params.id },
});
