import { guarded, type Database } from '../connect.js';

/** Signing codes and codes that enter one's own authorizations: two tables, one way of counting. */
type Challenges = 'challenges' | 'ownChallenges';

/** How many it makes, if the challenge is alive and tries are left; null otherwise. One conditional UPDATE. */
export const countTry = (
  db: Database,
  table: Challenges,
  { id, at, max }: { readonly id: string; readonly at: Date; readonly max: number },
): Promise<number | null> =>
  guarded(async () => {
    const row = await db
      .updateTable(table)
      .set((e) => ({ tries: e('tries', '+', 1) }))
      .where('id', '=', id)
      .where('deadAt', 'is', null)
      .where('expiresAt', '>', at)
      .where('tries', '<', max)
      .returning('tries')
      .executeTakeFirst();
    return row?.tries ?? null;
  });

/** Counts one more delivery; false when `max` is reached or the challenge is dead. */
export const countSend = (
  db: Database,
  table: Challenges,
  { id, max }: { readonly id: string; readonly max: number },
): Promise<boolean> =>
  guarded(async () => {
    const counted = await db
      .updateTable(table)
      .set((e) => ({ sends: e('sends', '+', 1) }))
      .where('id', '=', id)
      .where('deadAt', 'is', null)
      .where('sends', '<', max)
      .executeTakeFirst();
    return counted.numUpdatedRows === 1n;
  });
