import { DomainError } from '@mandate/core';
import type { LoggedUse, ReconciliationRecord, UsedAuthorization } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database, type Tx } from '../connect.js';
import { reconciliationFindings } from './reconciliation-findings.js';

const RUN = [
  ...(['id', 'institutionId', 'source', 'from', 'to', 'windowMinutes'] as const),
  ...(['state', 'madeBy', 'madeAt', 'received', 'chain', 'digest', 'bytes', 'reached'] as const),
  ...(['faults', 'endedAt', 'sweptAt'] as const),
] as const;
/** Leases in which a run's work did not move: what none of them got over is in the log, not in the worker. */
const MOST_ATTEMPTS = 3;
/** Ids are ordered by time, and made a little before what they name. */
const MARGIN = 86_400_000;

/** As one parameter, so that lists of every length are one statement. */
export const texts = (values: readonly string[]) => sql<string[]>`${[...values]}::text[]`;

/** Role desk: sources' query logs compared with uses. */
export const reconciliationRows = (db: Database): ReconciliationRecord => ({
  ...reconciliationFindings(db),

  createRun: (row) =>
    guarded(async () => {
      try {
        await db
          .insertInto('reconciliations')
          .values({ ...row, faults: JSON.stringify(row.faults), updatedAt: row.madeAt })
          .execute();
      } catch (cause) {
        if (!violates(cause, 'reconciliations_institution_id_fkey')) throw cause;
        throw new DomainError('not-found', 'no such institution', { cause });
      }
    }),

  run: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('reconciliations')
        .select(RUN)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    }),

  runs: ({ institutionId, before, limit }) =>
    guarded(() =>
      db
        .selectFrom('reconciliations')
        .select(RUN)
        .$if(institutionId !== undefined, (q) => q.where('institutionId', '=', institutionId!))
        .$if(before !== undefined, (q) => q.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    ),

  namedAuthorizations: (institutionId, { id, letter, reference }) =>
    guarded(() =>
      db
        .selectFrom('authorizations as a')
        .leftJoin('scopes as s', 's.authorizationId', 'a.id')
        .select(['a.id', 'a.letterNumber', 'a.businessReference', 'a.createdAt'])
        .select(['s.purpose', 's.fromAt', 's.endAt'])
        .where('a.institutionId', '=', institutionId)
        .where((e) =>
          e.or([
            e('a.id', '=', e.fn.any(texts(id))),
            e('a.letterNumber', '=', e.fn.any(texts(letter))),
            e('a.businessReference', '=', e.fn.any(texts(reference))),
          ]),
        )
        .execute(),
    ),

  usesNear: (authorizationIds, source, from, to) =>
    guarded(() =>
      db
        .selectFrom('redemptions')
        .select(['id', 'authorizationId', 'at'])
        .where((e) => e('authorizationId', '=', e.fn.any(texts(authorizationIds))))
        .where('source', '=', source)
        .where('at', '>=', from)
        .where('at', '<=', to)
        .orderBy('id')
        .execute(),
    ),

  addQueries: ({ run, rows, chain, at }) =>
    guarded(async () => {
      try {
        return await byIndex(db, async (tx) => {
          const grown = await tx
            .updateTable('reconciliations')
            .set({ received: run.received + rows.length, chain, updatedAt: at })
            .where('id', '=', run.id)
            .where('state', '=', 'receiving')
            .where('received', '=', run.received)
            .executeTakeFirst();
          if (grown.numUpdatedRows !== 1n) return { kept: false, repeated: [] };
          const kept = await tx
            .insertInto('reconciliationQueries')
            .values(
              rows.map(({ agreeing, withheld, ...row }) => ({
                ...{ ...row, runId: run.id, agreeing: [...agreeing], redemptionId: null },
                withheld: [...withheld],
              })),
            )
            .onConflict((c) => c.columns(['runId', 'query']).doNothing())
            .returning('line')
            .execute();
          if (kept.length < rows.length) throw new Repeated(rows, kept);
          return { kept: true, repeated: [] };
        });
      } catch (error) {
        if (error instanceof Repeated) return { kept: false, repeated: error.lines };
        throw error;
      }
    }),

  completeLog: ({ run, digest, bytes, at }) =>
    guarded(async () => {
      const done = await db
        .updateTable('reconciliations')
        .set({ state: 'matching', digest, bytes, updatedAt: at })
        .where('id', '=', run.id)
        .where('state', '=', 'receiving')
        .where('received', '=', run.received)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),

  refuseRun: async (id, faults, at) => {
    await guarded(() =>
      db.transaction().execute(async (tx) => {
        await tx
          .updateTable('reconciliations')
          .set({
            ...{ state: 'refused', faults: JSON.stringify(faults) },
            ...{ endedAt: at, updatedAt: at },
          })
          .where('id', '=', id)
          .where('state', '=', 'receiving')
          .execute();
        await tx.deleteFrom('reconciliationQueries').where('runId', '=', id).execute();
      }),
    );
  },

  abandonRun: (id, at) =>
    guarded(async () => {
      const ended = await db
        .updateTable('reconciliations')
        .set({ state: 'abandoned', endedAt: at, updatedAt: at, leasedUntil: null, worker: null })
        .where('id', '=', id)
        .where('endedAt', 'is', null)
        .executeTakeFirst();
      return ended.numUpdatedRows === 1n;
    }),

  claimRun: ({ worker, at, until }) =>
    guarded(async () => {
      await sql`
        UPDATE reconciliations SET state = 'failed', ended_at = ${at}, updated_at = ${at}, leased_until = NULL
        WHERE state IN ('matching', 'searching') AND attempts >= ${MOST_ATTEMPTS} AND leased_until < ${at}`.execute(
        db,
      );
      const { rows } = await sql<{ id: string }>`
        UPDATE reconciliations SET worker = ${worker}, leased_until = ${until}, attempts = attempts + 1 WHERE id = (
          SELECT r.id FROM reconciliations r
          WHERE r.state IN ('matching', 'searching') AND (r.leased_until IS NULL OR r.leased_until < ${at})
            AND NOT EXISTS (
              SELECT 1 FROM reconciliations o
              WHERE o.state IN ('matching', 'searching') AND o.id <> r.id
                AND o.institution_id = r.institution_id AND o.source = r.source
                AND (o.id < r.id OR o.leased_until >= ${at}))
          ORDER BY r.id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id`.execute(db);
      if (!rows[0]) return null;
      return db
        .selectFrom('reconciliations')
        .select(RUN)
        .where('id', '=', rows[0].id)
        .executeTakeFirstOrThrow();
    }),

  nextAuthorizations: ({ id: runId, source }, after, limit) =>
    guarded(async () => {
      const rows = (tx: Database) =>
        tx
          .selectFrom('reconciliationQueries')
          .select(['authorizationId', 'line', 'query', 'at', 'purpose', 'agreeing'])
          .select(['subjectDiffers', 'withheld'])
          .where('runId', '=', runId);
      const found = await byIndex(db, async (tx) => {
        const next = await rows(tx)
          .where('authorizationId', '>', after)
          .orderBy('runId')
          .orderBy('authorizationId')
          .limit(limit)
          .execute();
        if (next.length < limit) return next;
        // the last one may go on behind what was read
        const last = next.at(-1)!.authorizationId;
        const whole = next.filter(({ authorizationId }) => authorizationId !== last);
        return whole.length > 0 ? whole : rows(tx).where('authorizationId', '=', last).execute();
      });
      const grouped = new Map<string, typeof found>();
      for (const query of found) {
        const same = grouped.get(query.authorizationId!);
        if (same) same.push(query);
        else grouped.set(query.authorizationId!, [query]);
      }
      const ids = [...grouped.keys()];
      if (ids.length === 0) return [];
      const known = await byIndex(db, (tx) => knownAuthorizations(tx, ids, { id: runId, source }));
      return ids.map((id) => ({
        ...{ id, known: known.get(id)! },
        queries: grouped.get(id)!.map((query) => ({ ...query, at: query.at.getTime() })),
      }));
    }),

  nameQueries: ({ run, worker, outcomes, reached, at, until }) =>
    guarded(() =>
      byIndex(db, async (tx) => {
        const moved = await tx
          .updateTable('reconciliations')
          .set(
            reached === null
              ? { state: 'searching', reached: '', updatedAt: at, leasedUntil: until, attempts: 0 }
              : { reached, updatedAt: at, leasedUntil: until, attempts: 0 },
          )
          .where('id', '=', run.id)
          .where('state', '=', 'matching')
          .where('worker', '=', worker)
          .where('reached', '=', run.reached)
          .executeTakeFirst();
        if (moved.numUpdatedRows !== 1n) return false;
        if (outcomes.length > 0)
          await sql`
            UPDATE reconciliation_queries q SET kind = o.kind, redemption_id = o.redemption
            FROM unnest(${outcomes.map(({ line }) => line)}::int[], ${outcomes.map(({ kind }) => kind)}::text[],
              ${outcomes.map(({ redemption }) => redemption)}::text[]) AS o (line, kind, redemption)
            WHERE q.run_id = ${run.id} AND q.line = o.line`.execute(tx);
        return true;
      }),
    ),

  noteUnqueried: ({ run, worker, limit, at, until }) =>
    guarded(() =>
      byIndex(db, async (tx) => {
        const window = run.windowMinutes * 60_000;
        const before = run.from.getTime() - window;
        const first = run.reached || idAt('red', before - MARGIN);
        const end = new Date(run.to.getTime() - window);
        const { rows } = await sql<{ id: string; due: boolean; late: boolean }>`
          SELECT r.id, r.at > ${end} AS late,
            (r.source = ${run.source} AND r.state <> 'released' AND r.at >= ${new Date(before)} AND r.at < ${run.to}
              AND (SELECT bool_or(q.run_id = ${run.id} OR ${countsFor(run)})
                   FROM reconciliation_queries q WHERE q.redemption_id = r.id) IS NOT TRUE
              AND (r.at >= ${run.from} OR EXISTS (
                SELECT 1 FROM reconciliation_unqueried u JOIN reconciliations o ON o.id = u.run_id
                WHERE u.redemption_id = r.id AND u.late AND o.state = 'done' AND o."to" >= ${run.from}
                  AND ${believedBy(run)}))) AS due
          FROM redemptions r JOIN authorizations a ON a.id = r.authorization_id
          WHERE a.institution_id = ${run.institutionId} AND r.id > ${first}
            AND r.id < ${idAt('red', run.to.getTime() + MARGIN)}
          ORDER BY r.id LIMIT ${limit}`.execute(tx);
        const last = rows.at(-1)?.id;
        const moved = await tx
          .updateTable('reconciliations')
          .set(
            last === undefined
              ? { state: 'done', endedAt: at, updatedAt: at, leasedUntil: null, worker: null }
              : { reached: last, updatedAt: at, leasedUntil: until, attempts: 0 },
          )
          .where('id', '=', run.id)
          .where('state', '=', 'searching')
          .where('worker', '=', worker)
          .where('reached', '=', run.reached)
          .executeTakeFirst();
        if (moved.numUpdatedRows !== 1n) return 'lost';
        const due = rows.filter((row) => row.due);
        if (due.length > 0)
          await tx
            .insertInto('reconciliationUnqueried')
            .values(due.map(({ id, late }) => ({ runId: run.id, redemptionId: id, late })))
            .execute();
        return last === undefined ? 'done' : 'moved';
      }),
    ),

  leaveRun: async (id, worker) => {
    await guarded(() =>
      db
        .updateTable('reconciliations')
        .set({ leasedUntil: null, attempts: 0 })
        .where('id', '=', id)
        .where('worker', '=', worker)
        .where('endedAt', 'is', null)
        .execute(),
    );
  },
});

/**
 * A run's rows are new and many: what the planner remembers of their tables is older, and it would read all of them for
 * each of some hundred steps.
 */
const byIndex = <T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> =>
  db.transaction().execute(async (tx) => {
    await sql`SET LOCAL enable_seqscan = off`.execute(tx);
    return work(tx);
  });

class Repeated extends Error {
  readonly lines: number[];
  constructor(rows: readonly { line: number }[], kept: readonly { line: number }[]) {
    super('repeated');
    const there = new Set(kept.map(({ line }) => line));
    this.lines = rows.map(({ line }) => line).filter((line) => !there.has(line));
  }
}

/**
 * Whether what another run found says anything to this one: to the operator's only what its own people sent in, since an
 * institution could hide a use behind a log it made up; to an institution's also what its own people sent in.
 */
const believedBy = ({ id }: { readonly id: string }, other = 'o') => {
  const madeFor = sql.ref(`${other}.made_for`);
  return sql`(${madeFor} IS NULL OR ${madeFor} = (SELECT t.made_for FROM reconciliations t WHERE t.id = ${id}))`;
};

/**
 * Whether query `q` of another log still stands for its use: a query that is in this run's log is paired anew, and one
 * that a later run paired with another use has that one. Each look is a scalar, which no plan turns into whole logs.
 */
const countsFor = (run: { readonly id: string }) => sql`(
  SELECT o.state = 'done' AND ${believedBy(run)}
    AND (SELECT 1 FROM reconciliation_queries m WHERE m.run_id = ${run.id} AND m.query = q.query) IS NULL
    AND (SELECT 1 FROM reconciliation_queries n
         WHERE n.query = q.query AND n.redemption_id IS NOT NULL AND n.redemption_id <> q.redemption_id
           AND (SELECT l.state = 'done' AND l.institution_id = o.institution_id AND l.source = o.source
                  AND ${believedBy(run, 'l')} AND (l.ended_at, l.id) > (o.ended_at, o.id)
                FROM reconciliations l WHERE l.id = n.run_id)
         LIMIT 1) IS NULL
  FROM reconciliations o WHERE o.id = q.run_id)`;

/** The least UUIDv7 of that moment. */
export function idAt(prefix: string, milliseconds: number): string {
  const hex = Math.max(0, milliseconds).toString(16).padStart(12, '0');
  return `${prefix}_${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** What is known of these authorizations now. */
async function knownAuthorizations(
  db: Database,
  ids: readonly string[],
  run: { readonly id: string; readonly source: string },
): Promise<Map<string, UsedAuthorization>> {
  const found = await db
    .selectFrom('authorizations as a')
    .leftJoin('scopes as s', 's.authorizationId', 'a.id')
    .leftJoin('withdrawals as w', 'w.authorizationId', 'a.id')
    .leftJoin('ends as e', 'e.authorizationId', 'a.id')
    .select(['a.id', 's.purpose', 's.sources', 's.fromAt', 's.endAt'])
    .select(['w.at as withdrawnAt', 'e.at as endedAt'])
    .where((e) => e('a.id', '=', e.fn.any(texts(ids))))
    .execute();
  const holds = await db
    .selectFrom('holds')
    .select(['authorizationId', 'openedAt', 'resolvedAt', 'outcome'])
    .where((e) => e('authorizationId', '=', e.fn.any(texts(ids))))
    .execute();
  const uses = await db
    .selectFrom('redemptions')
    .select(['id', 'authorizationId', 'at', 'state'])
    .where((e) => e('authorizationId', '=', e.fn.any(texts(ids))))
    .where('source', '=', run.source)
    .execute();
  // use by use: the planner would rather read whole logs
  const { rows: others } = await sql<{ id: string }>`
    SELECT u.id FROM unnest(${texts(uses.map(({ id }) => id))}) AS u (id)
    WHERE (SELECT bool_or(${countsFor(run)}) FROM reconciliation_queries q
           WHERE q.redemption_id = u.id AND q.run_id <> ${run.id} AND q.kind = 'matched')`.execute(
    db,
  );
  const elsewhere = new Set(others.map(({ id }) => id));
  const usesOf = new Map<string, LoggedUse[]>(ids.map((id) => [id, []]));
  for (const { id, authorizationId, at, state } of uses)
    usesOf.get(authorizationId)!.push({
      ...{ id, at: at.getTime(), state },
      elsewhere: elsewhere.has(id),
    });
  return new Map(
    found.map(({ id, purpose, sources, fromAt, endAt, withdrawnAt, endedAt }) => [
      id,
      {
        scope:
          purpose !== null && sources && fromAt && endAt
            ? {
                ...{ purpose, sources, from: fromAt.getTime() },
                end: Math.min(endAt.getTime(), endedAt?.getTime() ?? Infinity),
              }
            : null,
        withdrawnAt: withdrawnAt?.getTime() ?? null,
        holds: holds
          .filter(({ authorizationId }) => authorizationId === id)
          .map(({ openedAt, resolvedAt, outcome }) => ({
            from: openedAt.getTime(),
            // upheld: it stands
            until: outcome === 'upheld' ? null : (resolvedAt?.getTime() ?? null),
          })),
        uses: usesOf.get(id)!,
      },
    ]),
  );
}
