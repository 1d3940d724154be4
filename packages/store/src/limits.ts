import { sql } from 'kysely';
import type { Counted, Limited } from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';

/** Counters outside the trail. The database decides, so that a lost cache changes nothing. */
export const limits = (db: Database): Limited => ({
  count: ({ scope, key, windowStart, max }) =>
    guarded(async () => {
      if (max < 1) return false;
      const { rows } = await sql`
        INSERT INTO limits AS l (scope, key, window_start, count)
        VALUES (${scope}, ${key}, ${windowStart}, 1)
        ON CONFLICT (scope, key, window_start) DO UPDATE SET count = l.count + 1
        WHERE l.count < ${max}
        RETURNING count`.execute(db);
      return rows.length === 1;
    }),
});

/** Role ra alone: what was counted so far. */
export const counters = (db: Database): Counted => ({
  counted: (scope, key, since) =>
    guarded(async () => {
      const { rows } = await sql<{ total: number }>`
        SELECT coalesce(sum(count), 0)::int AS total FROM limits
        WHERE scope = ${scope} AND key = ${key} AND window_start >= ${since}`.execute(db);
      return rows[0]!.total;
    }),
});
