import type { CaseKind } from '@mandate/core';
import type { AuthorizationStanding, CaseClock, CaseRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';
import { grantStandings } from './desk-grant-rows.js';
import { agreedCases } from './agreed-cases.js';
import { waitingDecisions } from './waiting-decisions.js';

export const CASE_COLUMNS = [
  ...(['id', 'number', 'kind', 'institutionId', 'holdId', 'openedBy', 'receivedAt'] as const),
  ...(['openedAt', 'dueAt', 'extendedAt', 'extensions', 'step', 'version', 'head'] as const),
] as const;
export const SEAL_COLUMNS = [
  ...(['id', 'caseId', 'legalBasis', 'until', 'askedBy', 'askedAt'] as const),
  ...(['approvedBy', 'approvedSession', 'approvedAt', 'agreementId', 'liftedAt'] as const),
] as const;

export const caseClockOf = (db: Database, kind: CaseKind): Promise<CaseClock> =>
  db
    .selectFrom('caseKinds')
    .select(['days', 'extensionDays', 'secondExtensionDays', 'received', 'basis', 'ownTarget'])
    .select(['ownDate', 'offered'])
    .where('kind', '=', kind)
    .executeTakeFirstOrThrow();

/** Role desk: reads cases and what is asked and agreed in them. */
export const caseRows = (db: Database): CaseRecord => ({
  caseClock: (kind) => guarded(() => caseClockOf(db, kind)),

  case: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('cases')
        .select(CASE_COLUMNS)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    }),

  caseAuthorizations: (id) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('caseAuthorizations')
        .select('authorizationId')
        .where('caseId', '=', id)
        .orderBy('authorizationId')
        .execute();
      return rows.map(({ authorizationId }) => authorizationId);
    }),

  standings: (ids) =>
    guarded(async () => {
      if (ids.length === 0) return [];
      const { rows } = await sql<AuthorizationStanding>`
        SELECT a.id AS authorization_id, a.letter_number, a.state,
               w.withdrawn, h.hold, r.restricted, e.at AS erased_at
        FROM authorizations a
        LEFT JOIN LATERAL (SELECT jsonb_build_object('by', x.by, 'at', x.at) AS withdrawn
          FROM withdrawals x WHERE x.authorization_id = a.id) w ON true
        LEFT JOIN LATERAL (SELECT jsonb_build_object('id', x.id, 'by', x.by, 'reason', x.reason,
            'openedAt', x.opened_at, 'outcome', x.outcome, 'resolvedAt', x.resolved_at) AS hold
          FROM holds x WHERE x.authorization_id = a.id ORDER BY x.opened_at DESC LIMIT 1) h ON true
        LEFT JOIN LATERAL (SELECT jsonb_build_object('why', x.by, 'at', x.at) AS restricted
          FROM restrictions x WHERE x.authorization_id = a.id ORDER BY x.at LIMIT 1) r ON true
        LEFT JOIN erasures e ON e.authorization_id = a.id
        WHERE a.id = ANY (${[...ids]}::text[]) ORDER BY a.id`.execute(db);
      return rows.map((row) => ({
        ...row,
        withdrawn: dated(row.withdrawn, 'at'),
        hold: dated(row.hold, 'openedAt', 'resolvedAt'),
        restricted: dated(row.restricted, 'at'),
      }));
    }),

  listCases: ({ state, institutionId, after, limit }) =>
    guarded(() => {
      const over = state === 'over';
      return db
        .selectFrom('cases')
        .select(CASE_COLUMNS)
        .where('step', over ? 'in' : 'not in', ['closed', 'rejected'])
        .$if(institutionId !== undefined, (q) => q.where('institutionId', '=', institutionId!))
        .$if(over && after !== undefined, (q) => q.where('id', '<', after!.id))
        .$if(!over && after !== undefined, (q) =>
          q.where(sql<boolean>`(due_at, id) > (${after?.dueAt}::timestamptz, ${after?.id})`),
        )
        .$if(!over, (q) => q.orderBy('dueAt'))
        .orderBy('id', over ? 'desc' : 'asc')
        .limit(limit)
        .execute();
    }),

  caseNumbered: (number, institutionId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('cases')
        .select(CASE_COLUMNS)
        .where('number', '=', number)
        .$if(institutionId !== undefined, (q) => q.where('institutionId', '=', institutionId!))
        .executeTakeFirst();
      return row ?? null;
    }),

  casesOf: (authorizationId) =>
    guarded(() =>
      db
        .selectFrom('cases')
        .select(CASE_COLUMNS)
        .where('id', 'in', (e) =>
          e
            .selectFrom('caseAuthorizations')
            .select('caseId')
            .where('authorizationId', '=', authorizationId),
        )
        .orderBy('openedAt', 'desc')
        .execute(),
    ),

  grantsOf: (caseId, at) => guarded(() => grantStandings(db, sql`g.case_id = ${caseId}`, at, 200)),

  waitingGrants: ({ institutionId, at, limit }) =>
    guarded(() =>
      grantStandings(
        db,
        sql`g.revoked_at IS NULL AND g.asked_at > ${at}::timestamptz - interval '7 days'
          AND NOT EXISTS (SELECT 1 FROM grant_span(g.id, ${at}))
          AND EXISTS (SELECT 1 FROM cases c WHERE c.id = g.case_id AND c.step NOT IN ('closed', 'rejected')
            AND (${institutionId ?? null}::text IS NULL OR c.institution_id = ${institutionId ?? null}))`,
        at,
        limit,
      ),
    ),

  brokenGlass: ({ institutionId, since, at, limit }) =>
    guarded(async () => {
      const grants = await grantStandings(
        db,
        sql`g.break_glass AND g.asked_at >= ${since}
          AND EXISTS (SELECT 1 FROM cases c WHERE c.id = g.case_id
            AND (${institutionId ?? null}::text IS NULL OR c.institution_id = ${institutionId ?? null}))`,
        at,
        limit,
        'desc',
      );
      if (grants.length === 0) return [];
      const { rows } = await sql<{ grant: string; openings: number }>`
        SELECT g.id AS grant, count(x.id)::int AS openings
        FROM grants g JOIN case_authorizations a ON a.case_id = g.case_id
        JOIN access_entries x ON x.authorization_id = a.authorization_id
          AND x.body LIKE '%"grant":"' || g.id || '"%'
        WHERE g.id = ANY (${grants.map(({ id }) => id)}::text[]) GROUP BY 1`.execute(db);
      const counts = new Map(rows.map(({ grant, openings }) => [grant, openings]));
      return grants.map((grant) => ({ ...grant, openings: counts.get(grant.id) ?? 0 }));
    }),

  sealsOf: (caseId) =>
    guarded(() =>
      db
        .selectFrom('accessSeals')
        .select(SEAL_COLUMNS)
        .where('caseId', '=', caseId)
        .orderBy('askedAt')
        .execute(),
    ),

  ...waitingDecisions(db),
  ...agreedCases(db),

  staffNames: (ids) =>
    guarded(async () => {
      if (ids.length === 0) return new Map();
      const rows = await db
        .selectFrom('staff')
        .select(['id', 'name'])
        .where('id', 'in', [...ids])
        .execute();
      return new Map(rows.map(({ id, name }) => [id, name]));
    }),
});

/** Moments inside JSON come as text. */
function dated<T extends object>(value: T | null, ...names: (keyof T)[]): T | null {
  if (!value) return null;
  const moments = names.map((name) => [name, value[name] && new Date(String(value[name]))]);
  return { ...value, ...(Object.fromEntries(moments) as Partial<T>) };
}
