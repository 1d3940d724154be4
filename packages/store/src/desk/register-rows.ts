import type { VaultRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database, type Tx } from '../connect.js';

/**
 * What stands in the registers after one id and up to another, in their order, at most so many: openings, and the
 * desk's searches and refusals. Each table is read along its own index.
 */
export async function registered(
  tx: Tx,
  after: string,
  until: string,
  limit: number,
): Promise<readonly { readonly id: string; readonly digest: string }[]> {
  const part = (table: 'access_entries' | 'desk_register') =>
    sql`(SELECT id, digest FROM ${sql.table(table)} WHERE id > ${after} AND id <= ${until} ORDER BY id LIMIT ${limit})`;
  const { rows } = await sql<{ id: string; digest: string }>`
    SELECT id, digest FROM (${part('access_entries')} UNION ALL ${part('desk_register')}) entries
    ORDER BY id LIMIT ${limit}`.execute(tx);
  return rows;
}

/** Role vault: anchors of the access registers. */
export const registerRows = (db: Database): Pick<VaultRecord, 'anchorRegister'> => ({
  anchorRegister: ({ untilId, limit, at }, anchor) =>
    guarded(async () => {
      try {
        return await db.transaction().execute(async (tx) => {
          const last = await tx
            .selectFrom('registerAnchors')
            .select(['number', 'untilId'])
            .orderBy('number', 'desc')
            .executeTakeFirst();
          const rows = await registered(tx, last?.untilId ?? '', untilId, limit);
          if (rows.length === 0) return 0;
          const number = (last?.number ?? 0) + 1;
          const { digest, ledgerEntry } = anchor(
            number,
            rows.map((row) => row.digest),
          );
          await tx
            .insertInto('registerAnchors')
            .values({
              ...{ number, digest, openings: rows.length, madeAt: at },
              // What it covers, whatever this clock says: nothing after it is skipped.
              untilId: rows.at(-1)!.id,
            })
            .execute();
          await tx
            .insertInto('ledgerQueue')
            .values({ dedupe: `register:${number}`, entry: ledgerEntry })
            .execute();
          return rows.length;
        });
      } catch (error) {
        // another vault was first
        if (violates(error, 'register_anchors_pkey') || violates(error, 'ledger_queue_dedupe_key'))
          return 0;
        throw error;
      }
    }),
});
