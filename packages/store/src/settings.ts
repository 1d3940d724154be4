import { guarded, type Database } from './connect.js';

/** A value fixed at first start, null before it. Every role may read settings. */
export const setting = (db: Database, name: string): Promise<string | null> =>
  guarded(async () => {
    const row = await db
      .selectFrom('settings')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.value ?? null;
  });
