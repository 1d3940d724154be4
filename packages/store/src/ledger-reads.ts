import { guarded, type Database } from './connect.js';

/** What of the ledger is public: everything. Rows of a tile, in order; fewer when the tree ends there. */
export interface LedgerReads {
  /** Hashes of perfect subtrees, from number `first` of that level of the tree on. */
  nodes(level: number, first: number, count: number): Promise<readonly Uint8Array[]>;
  /** Entries as they were hashed, from index `first` on. */
  entries(first: number, count: number): Promise<readonly string[]>;
  /** Number of entries of the newest checkpoint. */
  size(): Promise<number>;
}

export const ledgerReads = (db: Database): LedgerReads => ({
  nodes: (level, first, count) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('ledgerNodes')
        .select('hash')
        .where('level', '=', level)
        .where('index', '>=', first)
        .where('index', '<', first + count)
        .orderBy('index')
        .execute();
      return rows.map(({ hash }) => hash);
    }),
  entries: (first, count) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('ledgerEntries')
        .select('entry')
        .where('leafIndex', '>=', first)
        .where('leafIndex', '<', first + count)
        .orderBy('leafIndex')
        .execute();
      return rows.map(({ entry }) => entry);
    }),
  size: () =>
    guarded(async () => {
      const row = await db
        .selectFrom('ledgerCheckpoints')
        .select('size')
        .orderBy('size', 'desc')
        .executeTakeFirst();
      return Number(row?.size ?? 0);
    }),
});
