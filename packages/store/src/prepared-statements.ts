import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';

/** Names per pool; statements beyond (lists of ever new lengths) are planned each time, as all are without this. */
const MOST_NAMES = 500;

/**
 * A pool whose statements the server parses and plans once per connection: for a short transaction planning is the
 * larger part of the work. Statements that name no columns (`*`) are left out: their plan would not survive a
 * migration that adds one.
 */
export function preparingPool(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    let name = names.get(text);
    if (name === undefined && names.size < MOST_NAMES) {
      name = `s${names.size}`;
      names.set(text, name);
    }
    return name;
  };
  const prepared = (text: string, values: readonly unknown[]): pg.QueryConfig => {
    const name = values.length > 0 && !text.includes('*') ? nameOf(text) : undefined;
    return { text, values: [...values], ...(name === undefined ? {} : { name }) };
  };
  return {
    connect: async () => {
      const client = await pool.connect();
      const query = (text: string, values: readonly unknown[]) =>
        client.query(prepared(text, values));
      return { query, release: () => client.release() } as unknown as PostgresPoolClient;
    },
    end: () => pool.end(),
  };
}
