import type { Combination, RegistryEntry, RegistryReads } from '@mandate/ceremony';
import { guarded, type Database, type Tx } from '../connect.js';

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

  combinationChanges: () =>
    guarded(() =>
      db
        .selectFrom('registryCombinationChanges')
        .select(['source', 'item', 'purpose', 'allowed', 'changedBy', 'reason', 'at'])
        .orderBy('id')
        .execute(),
    ),
});

/** What the operator writes, with the owner's login. */
export const registryWrites = (owner: Database) => ({
  ...registryReads(owner),

  registerParty: (entry: RegistryEntry): Promise<void> =>
    guarded(async () => {
      await owner.insertInto('registryEntries').values(entry).execute();
    }),

  /** True: it was not allowed before. */
  allowCombination: (row: Combination & CombinationNote): Promise<boolean> =>
    guarded(() =>
      owner.transaction().execute(async (tx) => {
        const { source, item, purpose, by, at } = row;
        const added = await tx
          .insertInto('registryCombinations')
          .values({ source, item, purpose, approver: by, addedAt: at })
          .onConflict((c) => c.doNothing())
          .executeTakeFirst();
        if (added.numInsertedOrUpdatedRows !== 1n) return false;
        await noteChange(tx, row, true);
        return true;
      }),
    ),

  /** True: it was allowed. Letters that name it stay as they are. */
  forbidCombination: (row: Combination & CombinationNote): Promise<boolean> =>
    guarded(() =>
      owner.transaction().execute(async (tx) => {
        const removed = await tx
          .deleteFrom('registryCombinations')
          .where('source', '=', row.source)
          .where('item', '=', row.item)
          .where('purpose', '=', row.purpose)
          .executeTakeFirst();
        if (removed.numDeletedRows !== 1n) return false;
        await noteChange(tx, row, false);
        return true;
      }),
    ),
});

/** Who changes what may be asked, and why. */
export interface CombinationNote {
  readonly by: string;
  readonly reason: string;
  readonly at: Date;
}

async function noteChange(
  tx: Tx,
  { source, item, purpose, by, reason, at }: Combination & CombinationNote,
  allowed: boolean,
): Promise<void> {
  await tx
    .insertInto('registryCombinationChanges')
    .values({ source, item, purpose, allowed, changedBy: by, reason, at })
    .execute();
}
