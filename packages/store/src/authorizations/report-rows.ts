import type { ReportRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';

/** Reports that were made; roles web and desk. */
export const reportRows = (db: Database): ReportRecord => ({
  addReport: ({ id, authorizationId, at }, entry) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const added = await tx
          .insertInto('reports')
          .values({ id, authorizationId, createdAt: at })
          .onConflict((c) => c.column('id').doNothing())
          .executeTakeFirst();
        if (added.numInsertedOrUpdatedRows !== 1n) {
          const { rows } = await sql<{ entry: string | null }>`
            SELECT report_entry(${id}) AS entry`.execute(tx);
          return rows[0]?.entry === entry;
        }
        await tx
          .insertInto('ledgerQueue')
          .values({ dedupe: `report:${id}`, entry })
          .execute();
        return true;
      }),
    ),
});
