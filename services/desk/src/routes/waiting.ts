import { HOLD_OUTCOMES, sealOf } from '@mandate/ceremony';
import { z } from 'zod';
import { actorsOf, actorView } from '../actors.js';
import { route, type DeskParts } from '../desk-parts.js';
import { sealView } from './case-schemas.js';

const MOST = 100;
const ofCase = { caseId: z.string(), caseNumber: z.string() };
const waitingOutcome = z.object({
  ...ofCase,
  institution: z.string(),
  hold: z.string(),
  outcome: z.enum(HOLD_OUTCOMES),
  by: actorView,
  at: z.string(),
});
const waitingSeal = sealView.extend({ ...ofCase, by: actorView });

/** What waits for a second person beside grants: how disputes are to end, and seals that were asked for. */
export const waitingRoutes = (parts: DeskParts) => [
  route({
    method: 'get',
    path: '/desk/api/waiting',
    auth: 'staff',
    roles: ['officer', 'approver', 'auditor'],
    tag: 'disputes',
    summary: 'Proposed outcomes and asked-for seals that wait for somebody to agree, oldest first',
    responses: {
      200: {
        description: 'At most a hundred of each',
        schema: z.object({ outcomes: z.array(waitingOutcome), seals: z.array(waitingSeal) }),
      },
    },
    problems: [],
    handler: async ({ institutionId }) => {
      const { cases, clock } = parts;
      const own = { institutionId: institutionId ?? undefined, limit: MOST };
      const outcomes = await cases.waitingOutcomes(own);
      const seals = await cases.waitingSeals({ ...own, at: clock.now() });
      // A proposal names its person as `desk:stf_…`.
      const proposer = (by: string): string => by.replace(/^desk:/, 'staff:');
      const actors = await actorsOf(parts, [
        ...outcomes.map(({ proposedBy }) => proposer(proposedBy)),
        ...seals.map(({ askedBy }) => `staff:${askedBy}`),
      ]);
      return {
        status: 200,
        body: {
          outcomes: outcomes.map((it) => ({
            ...{ caseId: it.caseId, caseNumber: it.caseNumber, institution: it.institutionId },
            ...{ hold: it.holdId, outcome: it.outcome, by: actors(proposer(it.proposedBy)) },
            at: it.proposedAt.toISOString(),
          })),
          seals: seals.map((it) => ({
            ...sealOf(it),
            ...{ caseNumber: it.caseNumber, by: actors(`staff:${it.askedBy}`) },
          })),
        },
      };
    },
  }),
];
