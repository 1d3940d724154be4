import { addSeconds, DomainError, idPattern, STAFF_ROLES, toUtcSeconds } from '@mandate/core';
import type { StaffAccount } from '@mandate/store';
import { z } from 'zod';
import { route, type DeskParts } from '../desk-parts.js';

/** Seconds between two reviews: a quarter. */
const QUARTER = 92 * 86_400;
const PAGE = 100;
/** Seconds for which everybody is told of a new way in: as of broken glass. */
const TOLD = 90 * 86_400;

const account = z.object({
  staff: z.string(),
  name: z.string(),
  institution: z.string().nullable(),
  institutionName: z.string().nullable(),
  team: z.string(),
  outsourced: z.boolean(),
  contractUntil: z.string().nullable(),
  roles: z.array(
    z.object({
      role: z.enum(STAFF_ROLES),
      givenAt: z.string(),
      givenBy: z.string(),
      approvedBy: z.string(),
    }),
  ),
  openedAt: z.string(),
  seenAt: z.string().nullable(),
  reviewedAt: z.string(),
  reviewDueAt: z.string(),
  movedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  locked: z.string().nullable().describe('Why this person may not work now'),
});

/** Who works here: read only; accounts are written by command, with two people. */
export function peopleRoutes({ people, clock }: DeskParts) {
  return [
    route({
      method: 'get',
      path: '/desk/api/people',
      auth: 'staff',
      roles: ['auditor', 'operator'],
      tag: 'people',
      summary: 'Accounts, oldest first: roles, who gave them, when each is to be reviewed',
      query: z.object({ after: z.string().regex(idPattern('staff')).optional() }),
      responses: {
        200: {
          description: 'A page of them',
          schema: z.object({ items: z.array(account), next: z.string().nullable() }),
        },
      },
      problems: [],
      handler: async ({ query, institutionId }) => {
        const rows = await people.staffAccounts(clock.now(), {
          ...{ institutionId, limit: PAGE },
          ...(query.after ? { after: query.after } : {}),
        });
        const next = rows.length === PAGE ? rows.at(-1)!.id : null;
        return { status: 200, body: { items: rows.map(viewOf), next } };
      },
    }),
    route({
      method: 'get',
      path: '/desk/api/people/{id}/changes',
      auth: 'staff',
      roles: ['auditor', 'operator'],
      tag: 'people',
      summary: 'What was done to an account, by whom and with whom, oldest first',
      params: z.strictObject({ id: z.string().regex(idPattern('staff')) }),
      responses: {
        200: {
          description: 'Its part of the register of changes',
          schema: z.object({
            items: z.array(
              z.object({
                number: z.int(),
                at: z.string(),
                act: z.string(),
                by: z.string(),
                approver: z.string().nullable(),
                detail: z.record(z.string(), z.unknown()),
              }),
            ),
          }),
        },
      },
      problems: ['not-found'],
      handler: async ({ params: { id }, institutionId }) => {
        const [found] = await people.staffAccounts(clock.now(), { institutionId, ids: [id] });
        if (!found) throw new DomainError('not-found', 'no such account');
        const rows = await people.staffChanges({ staffId: id });
        const items = rows.map(({ body }) => {
          const { number, at, act, by, approver, detail } = JSON.parse(body) as Entry;
          const named = detail['institution'] === found.institutionId;
          const institution = named ? found.institutionName : detail['institution'];
          const told = 'institution' in detail ? { ...detail, institution } : detail;
          return { number, at, act, by, approver, detail: told };
        });
        return { status: 200, body: { items } };
      },
    }),
  ];
}

/** How somebody can come in who could not before, or no more: told to everybody of the desk. */
export function waysInRoute({ people, clock }: DeskParts) {
  return route({
    method: 'get',
    path: '/desk/api/ways-in',
    auth: 'staff',
    roles: 'any',
    tag: 'people',
    summary:
      'Passkeys set up, sign-ins linked and resets of the last 90 days; staff of an institution: of its people',
    responses: {
      200: {
        description: 'Newest first, at most a hundred',
        schema: z.object({
          items: z.array(
            z.object({
              number: z.int(),
              at: z.string(),
              act: z.enum(['enrolled', 'linked', 'reset']),
              staff: z.string(),
              name: z.string(),
              byWayOf: z.enum(['invitation', 'recovery-code']).nullable(),
              passkey: z.string().nullable().describe('SHA-256 of its credential id'),
              by: z.string(),
              approver: z.string().nullable(),
            }),
          ),
        }),
      },
    },
    problems: [],
    handler: async ({ institutionId }) => {
      const since = addSeconds(clock.now(), -TOLD);
      const rows = await people.newWaysIn({ institutionId, since, limit: PAGE });
      const items = rows.map(({ staffId, name, body }) => {
        const { number, at, act, by, approver, detail } = JSON.parse(body) as Entry;
        const way = detail['byWayOf'];
        const invited = typeof way === 'string' && idPattern('staffInvitation').test(way);
        return {
          ...{ number, at, act: act as 'enrolled' | 'linked' | 'reset', staff: staffId, name },
          byWayOf: way ? (invited ? ('invitation' as const) : ('recovery-code' as const)) : null,
          passkey: typeof detail['passkey'] === 'string' ? detail['passkey'] : null,
          ...{ by, approver },
        };
      });
      return { status: 200, body: { items } };
    },
  });
}

/** As it stands in the register of changes. */
interface Entry {
  readonly number: number;
  readonly at: string;
  readonly act: string;
  readonly by: string;
  readonly approver: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

const viewOf = (row: StaffAccount) => ({
  ...{ staff: row.id, name: row.name, institution: row.institutionId },
  ...{ institutionName: row.institutionName, team: row.team },
  ...{ outsourced: row.outsourced, contractUntil: moment(row.contractUntil) },
  roles: row.roles.map(({ role, givenAt, givenBy, approvedBy }) => ({
    ...{ role, givenAt: toUtcSeconds(givenAt), givenBy, approvedBy },
  })),
  ...{ openedAt: toUtcSeconds(row.openedAt), seenAt: moment(row.seenAt) },
  reviewedAt: toUtcSeconds(row.reviewedAt),
  reviewDueAt: toUtcSeconds(addSeconds(row.reviewedAt, QUARTER)),
  ...{ movedAt: moment(row.movedAt), closedAt: moment(row.closedAt), locked: row.refusal },
});

const moment = (at: Date | null): string | null => at && toUtcSeconds(at);
