import { newId } from '@mandate/core';
import type { RegisterEntry, RegisterFilter, RegisterReads } from '@mandate/ceremony';
import { sql, type RawBuilder } from 'kysely';
import { guarded, type Database } from '../connect.js';

/** The first id there can be of a moment: entries are in the order of their ids, and ids begin with the time. */
export const firstId = (kind: 'access' | 'authorization' | 'challenge', at: Date): string =>
  newId(kind, { now: () => at }, { bytes: (length) => new Uint8Array(length) });

/**
 * Role desk: openings, searches and refusals as one list. Each part comes in the order of its own index and no longer
 * than the page, whatever the register holds.
 */
export const registerReads = (db: Database): RegisterReads => ({
  registerEntries: (filter, { before, limit }) =>
    guarded(async () => {
      const parts = [
        ...(filter.kind === undefined || filter.kind === 'opening' ? [openings(filter)] : []),
        ...(filter.kind === 'opening' ? [] : [noted(filter)]),
      ].map(({ from, id, where }) => {
        const all = [
          ...where,
          ...(before ? [sql`${id} < ${before}`] : []),
          ...(filter.from ? [sql`${id} >= ${firstId('access', filter.from)}`] : []),
          ...(filter.until ? [sql`${id} < ${firstId('access', filter.until)}`] : []),
        ];
        const narrowed = all.length > 0 ? sql`WHERE ${sql.join(all, sql` AND `)}` : sql``;
        return sql`(${from} ${narrowed} ORDER BY ${id} DESC LIMIT ${limit})`;
      });
      const { rows } = await sql<RegisterEntry>`
        SELECT e.*, c.number AS case_number
        FROM (${sql.join(parts, sql` UNION ALL `)}) e LEFT JOIN cases c ON c.id = e.case_id
        ORDER BY e.id DESC LIMIT ${limit}`.execute(db);
      return rows;
    }),

  lookedUp: ({ staffId, authorizationId, since, everyCase }) =>
    guarded(async () => {
      const { rows } = await sql<{ known: boolean }>`
        SELECT EXISTS (SELECT 1 FROM case_authorizations x JOIN cases c ON c.id = x.case_id
                       WHERE x.authorization_id = ${authorizationId}
                         AND (${everyCase} OR c.step NOT IN ('closed', 'rejected')))
          OR EXISTS (SELECT 1 FROM desk_register
                     WHERE found @> ARRAY[${authorizationId}]::text[] AND staff_id = ${staffId} AND kind = 'search'
                       AND id >= ${firstId('access', since)}) AS known`.execute(db);
      return rows[0]!.known;
    }),
});

interface Part {
  readonly from: RawBuilder<unknown>;
  readonly id: RawBuilder<unknown>;
  readonly where: readonly RawBuilder<unknown>[];
}

function openings({ institutionId, authorizationId, ...filter }: RegisterFilter): Part {
  return {
    id: sql`x.id`,
    from: sql`SELECT x.id, 'opening' AS kind, x.authorization_id, a.letter_number, a.institution_id,
        x.body::jsonb->>'case' AS case_id, x.body
      FROM access_entries x JOIN authorizations a ON a.id = x.authorization_id`,
    where: [
      authorizationId
        ? sql`x.authorization_id = ${authorizationId}`
        : // the words of the partial index
          sql`(x.body::jsonb->>'purpose') = 'case'`,
      ...(institutionId ? [sql`a.institution_id = ${institutionId}`] : []),
      ...(filter.staffId ? [sql`x.body::jsonb->>'actor' = ${`staff:${filter.staffId}`}`] : []),
      ...(filter.caseId ? [sql`x.body::jsonb->>'case' = ${filter.caseId}`] : []),
      ...(filter.purpose ? [sql`x.body::jsonb->>'purpose' = ${filter.purpose}`] : []),
    ],
  };
}

function noted({ institutionId, authorizationId, kind, ...filter }: RegisterFilter): Part {
  return {
    id: sql`r.id`,
    from: sql`SELECT r.id, r.kind, CASE WHEN r.kind = 'refusal' THEN r.found[1] END AS authorization_id,
        a.letter_number, r.institution_id, ${institutionId ? toldTo(institutionId) : sql`r.case_id, r.body`}
      FROM desk_register r
      LEFT JOIN authorizations a ON r.kind = 'refusal' AND a.id = r.found[1]`,
    where: [
      ...(authorizationId ? [sql`r.found @> ARRAY[${authorizationId}]::text[]`] : []),
      ...(institutionId ? [ofInstitution(institutionId, authorizationId, filter.caseId)] : []),
      ...(kind ? [sql`r.kind = ${kind}`] : []),
      ...(filter.staffId ? [sql`r.staff_id = ${filter.staffId}`] : []),
      ...(filter.caseId ? [sql`r.case_id = ${filter.caseId}`] : []),
      ...(filter.purpose ? [sql`r.body::jsonb->>'purpose' = ${filter.purpose}`] : []),
    ],
  };
}

/** Entries of that institution, and those of the operator's people in which its letters were found. */
function ofInstitution(
  institutionId: string,
  authorizationId: string | undefined,
  caseId: string | undefined,
): RawBuilder<unknown> {
  const own = sql`r.institution_id = ${institutionId}`;
  // cases are one institution's
  if (caseId) return own;
  if (authorizationId)
    return sql`(${own} OR EXISTS (SELECT 1 FROM authorizations o
      WHERE o.id = ${authorizationId} AND o.institution_id = ${institutionId}))`;
  return sql`(${own} OR EXISTS (SELECT 1 FROM unnest(r.found) f (id) JOIN authorizations o ON o.id = f.id
    WHERE o.institution_id = ${institutionId}))`;
}

/** Case and words of an entry; of one that is not the institution's, its own letters are counted and no others. */
const toldTo = (institutionId: string): RawBuilder<unknown> => sql`
  CASE WHEN r.institution_id = ${institutionId} THEN r.case_id END AS case_id,
  CASE WHEN r.institution_id = ${institutionId} THEN r.body
    ELSE ((r.body::jsonb - 'grant' - 'case') || CASE WHEN r.body::jsonb ? 'results'
      THEN jsonb_build_object('results', (SELECT count(*) FROM unnest(r.found) f (id)
        JOIN authorizations o ON o.id = f.id WHERE o.institution_id = ${institutionId}))
      ELSE '{}' END)::text END AS body`;
