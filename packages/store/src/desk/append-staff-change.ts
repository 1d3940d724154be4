import type { EnteredChange, StaffChangeRow } from '@mandate/ceremony';
import { sql } from 'kysely';
import type { Tx } from '../connect.js';

/**
 * The next entry of the register of changes of accounts, which `make` makes after the last, with its entry for the
 * ledger; its number.
 */
export async function appendStaffChange(
  tx: Tx,
  make: (last: Pick<StaffChangeRow, 'number' | 'digest'> | null) => EnteredChange,
): Promise<number> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('staff_changes', 0))`.execute(tx);
  const last = await tx
    .selectFrom('staffChanges')
    .select(['number', 'digest'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const { row, entered } = make(last ?? null);
  await tx.insertInto('staffChanges').values(row).execute();
  await tx.insertInto('ledgerQueue').values(entered).execute();
  return row.number;
}
