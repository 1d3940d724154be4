import { sql } from 'kysely';
import type { Quotas } from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';

/** How often rows of windows long over are thrown away, milliseconds. */
const SWEEP_EVERY = 600_000;

/** What was handed out of each quota's current window: one row each. */
export function quotas(db: Database): Quotas {
  let swept = 0;
  const sweep = async (windowStart: Date): Promise<void> => {
    if (windowStart.getTime() - swept < SWEEP_EVERY) return;
    swept = windowStart.getTime();
    await db
      .deleteFrom('quotas')
      .where('windowStart', '<', new Date(swept - SWEEP_EVERY))
      .execute();
  };
  return {
    lease: ({ scope, key, windowStart, max, share }) =>
      guarded(async () => {
        await sweep(windowStart);
        // a process whose clock is behind takes from the window that has begun for the others
        const { rows } = await sql<{ count: number }>`
          INSERT INTO quotas AS q (scope, key, window_start, count)
          VALUES (${scope}, ${key}, ${windowStart}, ${share})
          ON CONFLICT (scope, key) DO UPDATE SET
            count = CASE WHEN q.window_start < excluded.window_start THEN ${share} ELSE q.count + ${share} END,
            window_start = greatest(q.window_start, excluded.window_start)
          WHERE q.window_start < excluded.window_start OR q.count < ${max}
          RETURNING count`.execute(db);
        const taken = rows[0]?.count;
        if (taken === undefined) return { granted: 0, free: 0 };
        // the last share may reach beyond the quota: what lies beyond is not granted
        return {
          granted: Math.min(share, max - (taken - share)),
          free: Math.max(0, max - taken),
        };
      }),
  };
}
