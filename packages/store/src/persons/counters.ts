import { sql } from 'kysely';
import type { Counted } from '@mandate/ceremony';
import { guarded, type Database } from '../connect.js';

/** Role ra: what its counters stand at. */
export const counters = (db: Database): Counted => ({
  counted: (scope, key, since) =>
    guarded(async () => {
      const { rows } = await sql<{ total: number }>`
        SELECT coalesce(sum(count), 0)::integer AS total FROM limits
        WHERE scope = ${scope} AND key = ${key} AND window_start >= ${since}`.execute(db);
      return rows[0]!.total;
    }),
});
