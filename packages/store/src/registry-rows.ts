import type { Combination, RegistryEntry, RegistryReads } from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';

/** Reads of the registry: of each party the newest entry. */
export const registryReads = (db: Database): RegistryReads => ({
  registryEntries: (kind, creditCodes) =>
    guarded(() => {
      const query = db
        .selectFrom('registryEntries')
        .distinctOn(['creditCode'])
        .selectAll()
        .where('kind', '=', kind)
        .orderBy('creditCode')
        .orderBy('registeredAt', 'desc')
        .orderBy('id', 'desc');
      return (creditCodes ? query.where('creditCode', 'in', [...creditCodes]) : query).execute();
    }),

  registryCombinations: (sources) =>
    guarded(() => {
      const query = db
        .selectFrom('registryCombinations')
        .select(['source', 'item', 'purpose'])
        .orderBy('source')
        .orderBy('purpose')
        .orderBy('item');
      return (sources ? query.where('source', 'in', [...sources]) : query).execute();
    }),
});

/** What the operator writes, with the owner's login. */
export const registryWrites = (owner: Database) => ({
  ...registryReads(owner),

  registerParty: (entry: RegistryEntry): Promise<void> =>
    guarded(async () => {
      await owner.insertInto('registryEntries').values(entry).execute();
    }),

  /** True: it was not allowed before. */
  allowCombination: (row: Combination & { approver: string; at: Date }): Promise<boolean> =>
    guarded(async () => {
      const { at, ...combination } = row;
      const added = await owner
        .insertInto('registryCombinations')
        .values({ ...combination, addedAt: at })
        .onConflict((c) => c.doNothing())
        .executeTakeFirst();
      return added.numInsertedOrUpdatedRows === 1n;
    }),

  /** True: it was allowed. Letters that name it stay as they are. */
  forbidCombination: ({ source, item, purpose }: Combination): Promise<boolean> =>
    guarded(async () => {
      const removed = await owner
        .deleteFrom('registryCombinations')
        .where('source', '=', source)
        .where('item', '=', item)
        .where('purpose', '=', purpose)
        .executeTakeFirst();
      return removed.numDeletedRows === 1n;
    }),
});
