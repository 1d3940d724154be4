import { CASE_KINDS, CASE_STEPS, GRANT_RIGHTS, idPattern, toUtcSeconds } from '@mandate/core';
import type { AuthorizationStanding, CaseClock, CaseRow } from '@mandate/ceremony';
import { z } from 'zod';

const text = z.string().trim().min(1).max(4000);
/** Free text of people: never in the database in clear. */
export const caseTexts = z.strictObject({
  applicant: text.optional(),
  standing: text.optional(),
  documents: z.array(z.string().trim().min(1).max(200)).max(50).optional(),
  legalBasis: text.optional(),
  scope: text.optional(),
  note: text.optional(),
  decision: text.optional(),
});
export const caseIdParams = z.strictObject({ id: z.string().regex(idPattern('case')) });

/** `name` next to `by`: of staff, as the register of accounts has it; null for all others. */
const person = { by: z.string(), name: z.string().nullable() };

export const caseView = z.object({
  id: z.string(),
  number: z.string(),
  kind: z.enum(CASE_KINDS),
  institution: z.string(),
  dispute: z.string().nullable(),
  openedBy: z.string(),
  receivedAt: z.string(),
  openedAt: z.string(),
  dueAt: z.string(),
  extendedAt: z.string().nullable(),
  extensions: z.int(),
  step: z.enum(CASE_STEPS),
  version: z.int(),
});

export const standingView = z.object({
  authorization: z.string(),
  letterNumber: z.string(),
  state: z.string(),
  withdrawn: z.object({ by: z.string(), at: z.string() }).nullable(),
  hold: z
    .object({
      id: z.string(),
      by: z.string(),
      reason: z.string(),
      openedAt: z.string(),
      outcome: z.string().nullable(),
      resolvedAt: z.string().nullable(),
    })
    .nullable(),
  restricted: z.object({ askedBy: z.string(), at: z.string() }).nullable(),
  erasedAt: z.string().nullable(),
});

export const clockView = z.object({
  days: z.int(),
  extensionDays: z.int(),
  secondExtensionDays: z.int(),
  received: z.boolean(),
  basis: z.string().describe('Rule and article: of the term, or of the duty alone'),
  ownTarget: z.boolean().describe('The days are the operator’s own'),
  ownDate: z.boolean().describe('Whoever asks may name the day'),
  offered: z.boolean().describe('False: of this kind no more cases are opened'),
});

export const trailView = z.array(
  z.object({
    version: z.int(),
    type: z.string(),
    step: z.string(),
    ...person,
    at: z.string(),
    digest: z.string(),
    texts: z
      .object({ ...caseTexts.shape, documents: z.array(z.string()).readonly().optional() })
      .nullable()
      .optional(),
  }),
);

export const grantView = z.object({
  id: z.string(),
  caseId: z.string(),
  caseNumber: z.string(),
  letters: z.int().describe('How many the case is about'),
  requester: z.string(),
  requesterName: z.string().nullable(),
  legalBasis: z.string(),
  reason: z.string(),
  rights: z.array(z.enum(GRANT_RIGHTS)),
  hours: z.int(),
  breakGlass: z.boolean(),
  askedAt: z.string(),
  approvals: z.array(
    z.object({
      staff: z.string(),
      name: z.string().nullable(),
      role: z.enum(['approver', 'custodian']),
      at: z.string(),
    }),
  ),
  good: z.object({ from: z.string(), until: z.string() }).optional(),
  revokedAt: z.string().optional(),
});

export const sealView = z.object({
  id: z.string(),
  caseId: z.string(),
  legalBasis: z.string(),
  until: z.string(),
  askedBy: z.string(),
  askedAt: z.string(),
  approvedBy: z.string().optional(),
  approvedAt: z.string().optional(),
  liftedAt: z.string().optional(),
});

export const caseViewOf = (row: CaseRow): z.output<typeof caseView> => ({
  ...{ id: row.id, number: row.number, kind: row.kind, step: row.step, version: row.version },
  ...{ institution: row.institutionId, dispute: row.holdId, openedBy: row.openedBy },
  receivedAt: toUtcSeconds(row.receivedAt),
  openedAt: toUtcSeconds(row.openedAt),
  extensions: row.extensions,
  dueAt: toUtcSeconds(row.dueAt),
  extendedAt: row.extendedAt && toUtcSeconds(row.extendedAt),
});

export const clockViewOf = ({ days, extensionDays, received, basis, ...it }: CaseClock) => ({
  ...{ days, extensionDays, secondExtensionDays: it.secondExtensionDays, received, basis },
  ...{ ownTarget: it.ownTarget, ownDate: it.ownDate, offered: it.offered },
});

export const standingViewOf = (it: AuthorizationStanding): z.output<typeof standingView> => ({
  ...{ authorization: it.authorizationId, letterNumber: it.letterNumber, state: it.state },
  withdrawn: it.withdrawn && { by: it.withdrawn.by, at: toUtcSeconds(it.withdrawn.at) },
  hold: it.hold && {
    ...{ id: it.hold.id, by: it.hold.by, reason: it.hold.reason, outcome: it.hold.outcome },
    openedAt: toUtcSeconds(it.hold.openedAt),
    resolvedAt: it.hold.resolvedAt && toUtcSeconds(it.hold.resolvedAt),
  },
  restricted: it.restricted && { askedBy: it.restricted.why, at: toUtcSeconds(it.restricted.at) },
  erasedAt: it.erasedAt && toUtcSeconds(it.erasedAt),
});
