import { DomainError } from '@mandate/core';
import {
  BULK_LIMITS,
  tooManyBulks,
  type BulkRecord,
  type BulkRow,
  type RowOutcome,
} from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database, type Tx } from '../connect.js';
import { answerWith, insertAuthorization } from '../authorizations/insert-authorization.js';

const COLUMNS = [
  ...(['id', 'institutionId', 'format', 'rowKey', 'state', 'received', 'pieces'] as const),
  ...(['digest', 'rows', 'columns', 'readTo', 'done', 'created', 'repeated', 'refused'] as const),
  ...(['createdAt', 'updatedAt', 'endedAt'] as const),
] as const;
const OUTCOME = ['row', 'reference', 'authorizationId', 'repeated', 'problem', 'detail'] as const;

async function countOpen(db: Database | Tx, institutionId: string): Promise<number> {
  const { open } = await db
    .selectFrom('bulks')
    .select((e) => e.fn.countAll<number>().as('open'))
    .where('institutionId', '=', institutionId)
    .where('endedAt', 'is', null)
    .executeTakeFirstOrThrow();
  return open;
}

/** Imports of many requests at once, for role web. */
export const bulkRows = (db: Database): BulkRecord => ({
  openBulks: (institutionId) => guarded(() => countOpen(db, institutionId)),

  createBulk: (row, answer) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        // two at once would both count too few
        await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`bulk/${row.institutionId}`}, 0))`.execute(
          tx,
        );
        const open = await countOpen(tx, row.institutionId);
        if (open >= BULK_LIMITS.open) throw tooManyBulks(open);
        await tx
          .insertInto('bulks')
          .values({ ...row, updatedAt: row.createdAt })
          .execute();
        await answerWith(tx, row.institutionId, answer);
      }),
    ),

  findBulk: (institutionId, id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('bulks')
        .select(COLUMNS)
        .where('id', '=', id)
        .where('institutionId', '=', institutionId)
        .executeTakeFirst();
      return row ?? null;
    }),

  listBulks: (institutionId, { before, limit }) =>
    guarded(() => {
      const query = db
        .selectFrom('bulks')
        .select(COLUMNS)
        .where('institutionId', '=', institutionId)
        .orderBy('id', 'desc')
        .limit(limit);
      return (before ? query.where('id', '<', before) : query).execute();
    }),

  addPiece: ({ id, start, size, box, at }) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const grown = await tx
          .updateTable('bulks')
          .set((e) => ({ received: start + size, pieces: e('pieces', '+', 1), updatedAt: at }))
          .where('id', '=', id)
          .where('state', '=', 'receiving')
          .where('received', '=', start)
          .where('pieces', '<', BULK_LIMITS.pieces)
          .where((e) => e.or([e('leasedUntil', 'is', null), e('leasedUntil', '<=', at)]))
          .executeTakeFirst();
        if (grown.numUpdatedRows !== 1n) return false;
        await tx.insertInto('bulkPieces').values({ bulkId: id, start, size, box }).execute();
        return true;
      }),
    ),

  pieceAfter: (id, offset) =>
    guarded(async () => {
      const row = await db
        .selectFrom('bulkPieces')
        .select(['start', 'size', 'box'])
        .where('bulkId', '=', id)
        // one step in the index, however many pieces come before
        .where('start', '<=', offset)
        .orderBy('start', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && row.start + row.size > offset ? row : null;
    }),

  beginCompletion: ({ id, received, at, until }) =>
    guarded(async () => {
      const done = await db
        .updateTable('bulks')
        .set({ leasedUntil: until })
        .where('id', '=', id)
        .where('state', '=', 'receiving')
        .where('received', '=', received)
        .where((e) => e.or([e('leasedUntil', 'is', null), e('leasedUntil', '<=', at)]))
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),

  leaveCompletion: async (id, until) => {
    await guarded(() =>
      db
        .updateTable('bulks')
        .set({ leasedUntil: null })
        .where('id', '=', id)
        .where('state', '=', 'receiving')
        .where('leasedUntil', '=', until)
        .execute(),
    );
  },

  startBulk: ({ id, received, digest, rows, columns, readTo, at }) =>
    guarded(async () => {
      const done = await db
        .updateTable('bulks')
        .set({
          ...{ state: 'running', digest, rows, readTo, updatedAt: at },
          columns: columns && [...columns],
          leasedUntil: null,
        })
        .where('id', '=', id)
        .where('state', '=', 'receiving')
        .where('received', '=', received)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),

  cancelBulk: (id, at, only) =>
    guarded(async () => {
      const done = await db
        .updateTable('bulks')
        .set({ state: 'cancelled', endedAt: at, updatedAt: at })
        .where('id', '=', id)
        .where('endedAt', 'is', null)
        .$if(only !== undefined, (q) => q.where('state', '=', only!))
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),

  cancelAbandoned: (before, at) =>
    guarded(async () => {
      const rows = await db
        .updateTable('bulks')
        .set({ state: 'cancelled', endedAt: at, updatedAt: at })
        .where('state', '=', 'receiving')
        .where('updatedAt', '<', before)
        .returning('id')
        .execute();
      return rows.map(({ id }) => id);
    }),

  outcomes: (id, { after, limit }) =>
    guarded(() =>
      db
        .selectFrom('bulkOutcomes')
        .select(OUTCOME)
        .where('bulkId', '=', id)
        .where('row', '>', after)
        .orderBy('row')
        .limit(limit)
        .execute(),
    ) as Promise<readonly RowOutcome[]>,

  claimBulk: ({ worker, at, until }) =>
    guarded(async () => {
      const { rows } = await sql<{ id: string }>`
        UPDATE bulks SET worker = ${worker}, leased_until = ${until}, served_at = ${at} WHERE id = (
          SELECT b.id FROM bulks b WHERE b.state = 'running' AND (b.leased_until IS NULL OR b.leased_until < ${at})
          ORDER BY (SELECT max(o.served_at) FROM bulks o WHERE o.institution_id = b.institution_id) NULLS FIRST, b.id
          LIMIT 1 FOR UPDATE OF b SKIP LOCKED)
        RETURNING id`.execute(db);
      if (!rows[0]) return null;
      const bulk: BulkRow = await db
        .selectFrom('bulks')
        .select(COLUMNS)
        .where('id', '=', rows[0].id)
        .executeTakeFirstOrThrow();
      const institution = await db
        .selectFrom('institutions')
        .select(['id', 'name', 'creditCode', 'contact', 'complaints'])
        .where('id', '=', bulk.institutionId)
        .executeTakeFirstOrThrow();
      return { bulk, institution };
    }),

  earlierRow: (institutionId, key) =>
    guarded(async () => {
      const row = await db
        .selectFrom('bulkOutcomes')
        .select(['authorizationId', 'requestDigest'])
        .where('institutionId', '=', institutionId)
        .where('key', '=', key)
        .where('authorizationId', 'is not', null)
        .where('repeated', '=', false)
        .executeTakeFirst();
      return row
        ? { authorizationId: row.authorizationId!, requestDigest: row.requestDigest! }
        : null;
    }),

  commitRows: ({ bulk, worker, rows, readTo, at, until }) =>
    guarded(async () => {
      try {
        return await db.transaction().execute(async (tx) => {
          const repeated = rows.filter((row) => row.repeated).length;
          const refused = rows.filter((row) => row.problem).length;
          const moved = await tx
            .updateTable('bulks')
            .set((e) => ({
              ...{ readTo, done: bulk.done + rows.length, updatedAt: at, leasedUntil: until },
              created: e('created', '+', rows.length - repeated - refused),
              repeated: e('repeated', '+', repeated),
              refused: e('refused', '+', refused),
            }))
            .where('id', '=', bulk.id)
            .where('state', '=', 'running')
            .where('worker', '=', worker)
            .where('done', '=', bulk.done)
            .executeTakeFirst();
          if (moved.numUpdatedRows !== 1n) return false;
          for (const { authorization } of rows)
            if (authorization) await insertAuthorization(tx, authorization);
          const common = { bulkId: bulk.id, institutionId: bulk.institutionId };
          await tx
            .insertInto('bulkOutcomes')
            .values(rows.map(({ authorization: _, ...row }) => ({ ...common, ...row })))
            .execute();
          // a piece goes with its last row
          await tx
            .deleteFrom('bulkPieces')
            .where('bulkId', '=', bulk.id)
            .where('start', '<', readTo)
            .where((e) => e(sql<number>`start + size`, '<=', readTo))
            .execute();
          return true;
        });
      } catch (cause) {
        if (violates(cause, 'bulk_row_once'))
          throw new DomainError('version-conflict', 'another import was faster', { cause });
        throw cause;
      }
    }),

  finishBulk: (id, worker, at) =>
    guarded(async () => {
      const done = await db
        .updateTable('bulks')
        .set({ state: 'done', endedAt: at, updatedAt: at })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .where('worker', '=', worker)
        .whereRef('done', '=', 'rows')
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),

  releaseBulk: async (id, worker) => {
    await guarded(() =>
      db
        .updateTable('bulks')
        .set({ leasedUntil: null })
        .where('id', '=', id)
        .where('worker', '=', worker)
        .where('endedAt', 'is', null)
        .execute(),
    );
  },
});
