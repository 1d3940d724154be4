import { DomainError, idPattern, toUtcSeconds } from '@mandate/core';
import {
  approveResolution,
  HOLD_OUTCOMES,
  holdProposal,
  holdView,
  proposeResolution,
  sealOf,
  type HoldRow,
} from '@mandate/ceremony';
import { z } from 'zod';
import { route, type Contexts, type DeskParts } from '../desk-parts.js';
import { agreementProof, proofOf } from './agreements.js';
import { caseIdParams, sealView } from './case-schemas.js';
import { visibleCase } from './cases.js';

const text = z
  .string()
  .regex(/^\S(?:.{0,198}\S)?$/su)
  .describe('1 to 200 characters, no personal data');
const sealId = z.strictObject({ id: z.string().regex(idPattern('accessSeal')) });
const outcome = z.enum(HOLD_OUTCOMES);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const PROBLEMS = ['not-found', 'grant-refused', 'own-request', 'forbidden'] as const;
const hold = z.object({
  hold: z.string(),
  authorization: z.string(),
  by: z.string(),
  reason: z.string(),
  openedAt: z.string(),
  state: z.enum(['open', 'proposed', ...HOLD_OUTCOMES]),
  proposed: outcome.optional(),
  /** What is agreed with: by whom it is, and where they keep the reasons. */
  proposal: z
    .object({ digest, by: z.string(), at: z.string(), grounds: z.string().nullable() })
    .optional(),
  resolvedAt: z.string().optional(),
  resolution: z.string().optional(),
});
const theHold = { 200: { description: 'The dispute as it stands', schema: hold } } as const;
const theSeal = { 200: { description: 'The seal as it stands', schema: sealView } } as const;

/** With what somebody has to agree with, as long as nobody has. */
function disputeView(row: HoldRow) {
  const digestOf = row.resolvedAt ? null : holdProposal(row);
  if (!digestOf) return holdView(row);
  const { proposedBy, proposedAt, grounds } = row;
  const proposal = { digest: digestOf, by: proposedBy!, at: toUtcSeconds(proposedAt!), grounds };
  return { ...holdView(row), proposal };
}

/** What takes two people beside openings: how a dispute ends, and what a court has hidden from its subject. */
export function decisionRoutes(parts: DeskParts) {
  const { record, cases } = parts;
  const { vault } = parts.authority;
  const disputeOf = async (call: Contexts['staff'] & { params: { id: string } }) => {
    const { id, holdId } = await visibleCase(parts, call, call.params.id);
    for (const authorizationId of holdId ? await cases.caseAuthorizations(id) : [])
      for (const row of await record.holds(authorizationId))
        if (row.id === holdId) return { authorizationId, holdId, row };
    throw new DomainError('not-found', 'this case is about no dispute');
  };
  return [
    route({
      method: 'get',
      path: '/desk/api/cases/{id}/dispute',
      auth: 'staff',
      roles: ['officer', 'approver', 'auditor'],
      tag: 'disputes',
      summary: 'The dispute a case is about',
      params: caseIdParams,
      responses: theHold,
      problems: ['not-found'],
      handler: async (call) => ({ status: 200, body: disputeView((await disputeOf(call)).row) }),
    }),
    route({
      method: 'post',
      path: '/desk/api/cases/{id}/dispute/proposal',
      auth: 'staff',
      roles: ['officer'],
      tag: 'disputes',
      summary: 'Says how it is to end, and where the reasons are kept',
      params: caseIdParams,
      body: z.strictObject({ outcome, grounds: text }),
      responses: theHold,
      problems: [...PROBLEMS, 'guard-refused'],
      handler: async (call) => {
        const { authorizationId, holdId } = await disputeOf(call);
        const { outcome, grounds } = call.body;
        const { person, at } = await vault.voteOnHold({
          ...{ secret: call.secret, holdId, outcome, said: { act: 'propose', grounds } },
        });
        const proposal = { authorizationId, holdId, outcome, grounds, person, at: new Date(at) };
        await proposeResolution(parts, proposal);
        return { status: 200, body: disputeView((await disputeOf(call)).row) };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/cases/{id}/dispute/approval',
      auth: 'staff',
      roles: ['approver'],
      tag: 'disputes',
      summary: 'Agrees; only then the dispute ends',
      params: caseIdParams,
      body: z.strictObject({ outcome, proposal: digest, proof: agreementProof }),
      responses: theHold,
      problems: [...PROBLEMS, 'guard-refused', 'agreement-refused'],
      handler: async (call) => {
        const { authorizationId, holdId } = await disputeOf(call);
        const { outcome, proposal } = call.body;
        const proof = proofOf(call.body.proof);
        const { person } = await vault.voteOnHold({
          ...{ secret: call.secret, holdId, outcome, said: { act: 'approve', proposal, proof } },
        });
        const approval = { authorizationId, holdId, outcome, person };
        return { status: 200, body: await approveResolution(parts, approval) };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/cases/{id}/seals',
      auth: 'staff',
      roles: ['officer', 'approver', 'auditor'],
      tag: 'seals',
      summary: 'What a court has hidden from its subject, until when',
      params: caseIdParams,
      responses: {
        200: { description: 'All of them', schema: z.object({ items: z.array(sealView) }) },
      },
      problems: ['not-found'],
      handler: async (call) => {
        const { id } = await visibleCase(parts, call, call.params.id);
        return { status: 200, body: { items: (await cases.sealsOf(id)).map(sealOf) } };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/cases/{id}/seals',
      auth: 'staff',
      roles: ['officer'],
      tag: 'seals',
      summary:
        'Asks that the subject not see openings for this case, by a court’s order and for a stated time',
      params: caseIdParams,
      body: z.strictObject({ legalBasis: text, until: z.iso.datetime({ precision: 0 }) }),
      responses: { 201: { description: 'Asked', schema: sealView } },
      problems: PROBLEMS,
      handler: async (call) => {
        const { id } = await visibleCase(parts, call, call.params.id);
        const asked = { secret: call.secret, caseId: id, ...call.body };
        return { status: 201, body: await vault.askSeal(asked) };
      },
    }),
    route({
      method: 'post',
      path: '/desk/api/seals/{id}/approvals',
      auth: 'staff',
      roles: ['approver'],
      tag: 'seals',
      summary: 'Agrees; from here on it hides',
      params: sealId,
      body: z.strictObject({ proof: agreementProof }),
      responses: theSeal,
      problems: [...PROBLEMS, 'agreement-refused'],
      handler: async ({ secret, params, body }) => ({
        status: 200,
        body: await vault.approveSeal({
          ...{ secret, seal: params.id, proof: proofOf(body.proof) },
        }),
      }),
    }),
    route({
      method: 'delete',
      path: '/desk/api/seals/{id}',
      auth: 'staff',
      roles: ['officer', 'approver'],
      tag: 'seals',
      summary: 'Lifts it before its time',
      params: sealId,
      responses: theSeal,
      problems: PROBLEMS,
      handler: async ({ secret, params }) => ({
        status: 200,
        body: await vault.liftSeal({ secret, seal: params.id }),
      }),
    }),
  ];
}
