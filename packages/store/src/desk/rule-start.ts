import { sql, type RawBuilder } from 'kysely';

/** Since when the rules of a migration hold: when it was applied, or since the first row that only they have. */
export const sinceThen = (migration: string, first: RawBuilder<unknown>) =>
  sql`least((SELECT applied_at FROM migrations WHERE name LIKE ${sql.lit(migration)}), (${first}))`;
