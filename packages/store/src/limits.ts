import { sql } from 'kysely';
import type { Limited } from '@mandate/ceremony';
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

  lease: ({ scope, key, windowStart, max, share }) =>
    guarded(async () => {
      const { rows } = await sql<{ count: number }>`
        INSERT INTO limits AS l (scope, key, window_start, count)
        VALUES (${scope}, ${key}, ${windowStart}, ${share})
        ON CONFLICT (scope, key, window_start) DO UPDATE SET count = l.count + ${share}
        WHERE l.count < ${max}
        RETURNING count`.execute(db);
      // the last share may reach beyond the quota: what lies beyond is not granted
      const taken = rows[0]?.count;
      if (taken === undefined) return { granted: 0, free: 0 };
      const before = taken - share;
      return {
        granted: Math.min(share, Math.max(0, max - before)),
        free: Math.max(0, max - taken),
      };
    }),
});
