import { DomainError } from '@mandate/core';
import { sql } from 'kysely';
import type { EntryQueue, LedgerRecord, LedgerRound } from '@mandate/ceremony';
import { append } from '../append.js';
import { guarded, type Database, type Tx } from '../connect.js';
import { ledgerStandingReads } from '../inspect/inspect-ledger.js';
import { stampRows } from './stamp-rows.js';
import { AUTHORIZATION_COLUMNS } from '../authorizations/reads.js';

/** For roles that enter something of their own. */
export const entryQueue = (db: Database): EntryQueue => ({
  queue: (dedupe, entry) =>
    guarded(async () => {
      const queued = await db
        .insertInto('ledgerQueue')
        .values({ dedupe, entry })
        .onConflict((c) => c.column('dedupe').doNothing())
        .executeTakeFirst();
      return queued.numInsertedOrUpdatedRows === 1n;
    }),
});

/** Role ledger: the only sequencer, and the only writer of `released`. */
export function ledgerRecord(db: Database): LedgerRecord {
  return {
    ...ledgerStandingReads(db),
    ...stampRows(db),
    ...entryQueue(db),
    round: (work) =>
      guarded(() =>
        db.transaction().execute(async (tx) => {
          // The head row's lock is the fence: a second sequencer waits here and then sees the new size.
          const head = await tx
            .selectFrom('ledgerHead')
            .select('size')
            .forUpdate()
            .executeTakeFirstOrThrow();
          return work(ledgerRound(tx, Number(head.size)));
        }),
      ),
    newestCheckpoint: (wanted) =>
      guarded(async () => {
        const quorum = wanted === 'any' ? 0 : wanted;
        const row = await db
          .selectFrom('ledgerCheckpoints as c')
          .select(['c.note', 'c.size'])
          .$if(wanted !== 'any', (q) =>
            q.where('c.size', '<=', (e) => e.selectFrom('ledgerPublished').select('size')),
          )
          .where(
            (e) =>
              e
                .selectFrom('ledgerCosignatures as s')
                .select((s) => s.fn.countAll<number>().as('n'))
                .whereRef('s.size', '=', 'c.size'),
            '>=',
            quorum,
          )
          .orderBy('c.size', 'desc')
          .limit(1)
          .executeTakeFirst();
        return row ? cosigned(db, row) : null;
      }),
    oldestCheckpoint: (index, quorum) =>
      guarded(async () => {
        const row = await db
          .selectFrom('ledgerCheckpoints as c')
          .select(['c.note', 'c.size'])
          .where('c.size', '>', index)
          .where('c.size', '<=', (e) => e.selectFrom('ledgerPublished').select('size'))
          .where(
            (e) =>
              e
                .selectFrom('ledgerCosignatures as s')
                .select((s) => s.fn.countAll<number>().as('n'))
                .whereRef('s.size', '=', 'c.size'),
            '>=',
            quorum,
          )
          .orderBy('c.size')
          .limit(1)
          .executeTakeFirst();
        return row ? cosigned(db, row) : null;
      }),
    markPublished: (size) =>
      guarded(async () => {
        await db
          .updateTable('ledgerPublished')
          .set({ size })
          .where('size', '<', size)
          .executeTakeFirst();
      }),
    nodes: (level, first, count) =>
      guarded(async () => {
        const rows = await db
          .selectFrom('ledgerNodes')
          .select('hash')
          .where('level', '=', level)
          .where('index', '>=', first)
          .where('index', '<', first + count)
          .orderBy('index')
          .execute();
        if (rows.length !== count)
          throw new DomainError('ledger-behind', 'a node of the tree is missing');
        return rows.map(({ hash }) => hash);
      }),
    node: (level, index) => guarded(() => readNode(db, level, index)),
    cosignedSize: (witness) =>
      guarded(async () => {
        const row = await db
          .selectFrom('ledgerCosignatures')
          .select('size')
          .where('witness', '=', witness)
          .orderBy('size', 'desc')
          .limit(1)
          .executeTakeFirst();
        return Number(row?.size ?? 0);
      }),
    keepCosignature: ({ at, ...cosignature }) =>
      guarded(async () => {
        await db
          .insertInto('ledgerCosignatures')
          .values({ ...cosignature, madeAt: at })
          .onConflict((c) => c.columns(['size', 'witness']).doNothing())
          .execute();
      }),
  };
}

/** A checkpoint with the lines of its witnesses. */
async function cosigned(
  db: Database,
  { note, size }: { readonly note: string; readonly size: number },
): Promise<string> {
  const lines = await db
    .selectFrom('ledgerCosignatures')
    .select('line')
    .where('size', '=', size)
    .orderBy('witness')
    .execute();
  return note + lines.map(({ line }) => line).join('');
}

async function readNode(db: Database | Tx, level: number, index: number): Promise<Uint8Array> {
  const row = await db
    .selectFrom('ledgerNodes')
    .select('hash')
    .where('level', '=', level)
    .where('index', '=', index)
    .executeTakeFirst();
  if (!row) throw new DomainError('ledger-behind', 'a node of the tree is missing');
  return row.hash;
}

function ledgerRound(tx: Tx, size: number): LedgerRound {
  return {
    size,
    queued: async (limit) => {
      const rows = await tx
        .selectFrom('ledgerQueue')
        .select(['id', 'entry', 'authorizationId'])
        .where('leafIndex', 'is', null)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id, ...row }) => ({ queueId: String(id), ...row }));
    },
    node: (level, index) => readNode(tx, level, index),
    signedLetters: async (within, limit) => {
      // the few that wait come first, by their own index: the queue holds every entry there ever was
      const rows = await tx
        .with(
          (cte) => cte('signed').materialized(),
          (q) => q.selectFrom('authorizations').select('id').where('state', '=', sql.lit('signed')),
        )
        .selectFrom('signed as a')
        .innerJoin('ledgerQueue as q', 'q.authorizationId', 'a.id')
        .select(['a.id', 'q.entry', 'q.leafIndex'])
        .where('q.leafIndex', '<', within)
        .orderBy('q.leafIndex')
        .limit(limit)
        .execute();
      return rows.map(({ id, entry, leafIndex }) => ({
        authorizationId: id,
        index: Number(leafIndex),
        entry,
      }));
    },
    save: async ({ entries, nodes, size: newSize, root, note, at }) => {
      const ids = entries.map(({ queueId }) => queueId);
      const indexes = entries.map(({ index }) => index);
      await sql`UPDATE ledger_queue SET leaf_index = place.index
        FROM unnest(${ids}::bigint[], ${indexes}::bigint[]) AS place (id, index)
        WHERE ledger_queue.id = place.id`.execute(tx);
      // as arrays: one statement, however many rows a round has
      const texts = entries.map(({ entry }) => entry);
      await sql`INSERT INTO ledger_entries (leaf_index, entry, queue_id)
        SELECT * FROM unnest(${indexes}::bigint[], ${texts}::text[], ${ids}::bigint[])`.execute(tx);
      const [levels, places] = [nodes.map(({ level }) => level), nodes.map(({ index }) => index)];
      const hashes = nodes.map(({ hash }) => hash);
      await sql`INSERT INTO ledger_nodes (level, index, hash)
        SELECT * FROM unnest(${levels}::integer[], ${places}::bigint[], ${hashes}::bytea[])`.execute(
        tx,
      );
      await tx
        .insertInto('ledgerCheckpoints')
        .values({ size: newSize, root, note, madeAt: at })
        .execute();
      const moved = await tx
        .updateTable('ledgerHead')
        .set({ size: newSize })
        .where('size', '=', size)
        .executeTakeFirst();
      if (moved.numUpdatedRows !== 1n)
        throw new DomainError('version-conflict', 'the ledger has moved on');
    },
    release: async (authorizationId, proof, data, at) => {
      const authorization = await tx
        .selectFrom('authorizations')
        .select(AUTHORIZATION_COLUMNS)
        .where('id', '=', authorizationId)
        .executeTakeFirstOrThrow();
      await append(tx, 'ledger', {
        authorization,
        to: 'released',
        type: 'released',
        data,
        at,
        outbox: [{ topic: 'archive-letter', ref: authorizationId }],
      });
      await tx.insertInto('inclusionProofs').values({ authorizationId, proof }).execute();
    },
  };
}
