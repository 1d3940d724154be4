import type { ReservationRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';
import { lockAuthorization, notBefore, recordFact } from '../record-fact.js';

/** Role worker: lets reservations time out, looks for receipts that wait for seal or stamp. */
export const reservationRows = (db: Database): ReservationRecord => ({
  overdueReservations: (at, limit) =>
    guarded(() =>
      db
        .selectFrom('redemptions')
        .select(['id', 'authorizationId', 'digest'])
        .where('state', '=', 'reserved')
        .where('reservedUntil', '<=', at)
        .orderBy('reservedUntil')
        .limit(limit)
        .execute(),
    ),

  timeOut: ({ id, authorizationId }, askedAt, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const authorization = await lockAuthorization(tx, authorizationId);
        const at = notBefore(askedAt, authorization);
        const { numUpdatedRows } = await tx
          .updateTable('redemptions')
          .set({ state: 'released', settledAt: at, settledBy: 'time-out' })
          .where('id', '=', id)
          .where('state', '=', 'reserved')
          .where('reservedUntil', '<=', at)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) return false;
        await recordFact(tx, 'worker', {
          authorization,
          type: 'redemption-released',
          dedupe: `redemption:${id}:released`,
          recorded: record(authorization, at),
          at,
        });
        return true;
      }),
    ),

  unstamped: (before, limit) =>
    guarded(async () => {
      const { rows } = await sql<{ id: string }>`
        SELECT id FROM unstamped_facts WHERE at < ${before} ORDER BY at LIMIT ${limit}`.execute(db);
      return rows.map(({ id }) => id);
    }),
});
