import {
  USE_KINDS,
  type QueryKind,
  type ReconciliationRecord,
  type UseKind,
} from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';

const isUseKind = (kind: QueryKind | UseKind | undefined): kind is UseKind =>
  (USE_KINDS as readonly (string | undefined)[]).includes(kind);

/** What a reconciliation found, to read. */
export const reconciliationFindings = (
  db: Database,
): Pick<ReconciliationRecord, 'counts' | 'findings'> => ({
  counts: (runId) =>
    guarded(async () => {
      const kept = await db
        .selectFrom('reconciliations')
        .select('sweptCounts')
        .where('id', '=', runId)
        .executeTakeFirst();
      if (kept?.sweptCounts) return kept.sweptCounts;
      const { rows } = await sql<{ kind: string; n: number }>`
        SELECT kind, count(*) AS n FROM reconciliation_queries
        WHERE run_id = ${runId} AND kind IS NOT NULL GROUP BY kind
        UNION ALL SELECT CASE WHEN late THEN 'no-query-yet' ELSE 'no-query' END, count(*)
        FROM reconciliation_unqueried WHERE run_id = ${runId} GROUP BY late`.execute(db);
      return Object.fromEntries(rows.map(({ kind, n }) => [kind, n]));
    }),

  findings: ({ runId, kind, after, limit }) =>
    guarded(async () => {
      // `line` of a query, or the redemption a query is missing for
      const behind = Number(/^\d+$/.exec(after ?? '0')?.[0] ?? NaN);
      const queries =
        isUseKind(kind) || Number.isNaN(behind)
          ? []
          : await db
              .selectFrom('reconciliationQueries')
              .select(['kind', 'line', 'query', 'at', 'authorizationId', 'redemptionId'])
              .where('runId', '=', runId)
              .where('line', '>', behind)
              .where('kind', 'is not', null)
              .$if(kind === undefined, (q) => q.where('kind', '<>', 'matched'))
              .$if(kind !== undefined, (q) => q.where('kind', '=', kind as QueryKind))
              .orderBy('line')
              .limit(limit)
              .execute();
      const found = queries.map((row) => ({ ...row, kind: row.kind! }));
      if (found.length === limit) return { items: found, next: String(found.at(-1)!.line) };
      const wanted = kind === undefined || isUseKind(kind);
      const unqueried = wanted
        ? await db
            .selectFrom('reconciliationUnqueried as u')
            .innerJoin('redemptions as r', 'r.id', 'u.redemptionId')
            .select(['r.id as redemptionId', 'r.authorizationId', 'r.at', 'u.late'])
            .where('u.runId', '=', runId)
            .where('u.redemptionId', '>', Number.isNaN(behind) ? after! : '')
            .$if(kind !== undefined, (q) => q.where('u.late', '=', kind === 'no-query-yet'))
            .orderBy('u.redemptionId')
            .limit(limit - found.length)
            .execute()
        : [];
      const items = [
        ...found,
        ...unqueried.map(({ late, ...row }) => ({
          ...{ ...row, kind: late ? ('no-query-yet' as const) : ('no-query' as const) },
          ...{ line: null, query: null },
        })),
      ];
      const next = items.length === limit ? (items.at(-1)!.redemptionId ?? null) : null;
      return { items, next: unqueried.length > 0 ? next : null };
    }),
});
