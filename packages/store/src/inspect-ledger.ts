import { DomainError } from '@mandate/core';
import type { LedgerStandingReads } from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';

/** How the ledger stands in the database, each figure read for itself. */
export interface LedgerStanding {
  /** What the sequencer believes. */
  readonly head: number;
  /** Entries there are. */
  readonly entries: number;
  /** Newest signed head and when it was signed. */
  readonly checkpoint: {
    readonly size: number;
    readonly note: string;
    readonly madeAt: Date;
  } | null;
  /** Entries that wait to be integrated. */
  readonly waiting: number;
}

/** With the owner's login. */
export const inspectLedger = (owner: Database): Promise<LedgerStanding> =>
  guarded(async () => {
    const count = (table: 'ledgerEntries' | 'ledgerQueue') =>
      owner.selectFrom(table).select((e) => e.fn.countAll<string>().as('n'));
    const head = await owner.selectFrom('ledgerHead').select('size').executeTakeFirst();
    const checkpoint = await owner
      .selectFrom('ledgerCheckpoints')
      .select(['size', 'note', 'madeAt'])
      .orderBy('size', 'desc')
      .executeTakeFirst();
    const entries = await count('ledgerEntries').executeTakeFirstOrThrow();
    const waiting = await count('ledgerQueue')
      .where('leafIndex', 'is', null)
      .executeTakeFirstOrThrow();
    return {
      head: Number(head?.size ?? 0),
      entries: Number(entries.n),
      checkpoint: checkpoint ? { ...checkpoint, size: Number(checkpoint.size) } : null,
      waiting: Number(waiting.n),
    };
  });

/** Entries as they were hashed, from index `first` on. */
export const readLedgerEntries = (
  owner: Database,
  first: number,
  count: number,
): Promise<readonly string[]> =>
  guarded(async () => {
    const rows = await owner
      .selectFrom('ledgerEntries')
      .select('entry')
      .where('leafIndex', '>=', first)
      .where('leafIndex', '<', first + count)
      .orderBy('leafIndex')
      .execute();
    return rows.map(({ entry }) => entry);
  });

/** For roles that must not go on behind what was published. */
export const ledgerStandingReads = (db: Database): LedgerStandingReads => ({
  signedSize: () =>
    guarded(async () => {
      const row = await db
        .selectFrom('ledgerCheckpoints')
        .select((e) => e.fn.max('size').as('size'))
        .executeTakeFirst();
      return Number(row?.size ?? 0);
    }),
  publishedSize: () =>
    guarded(async () => {
      const row = await db.selectFrom('ledgerPublished').select('size').executeTakeFirstOrThrow();
      return Number(row.size);
    }),
  entries: async (first, count) => {
    const entries = await readLedgerEntries(db, first, count);
    if (entries.length !== count) throw new DomainError('ledger-behind', 'an entry is missing');
    return entries;
  },
});
