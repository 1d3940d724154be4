import { DomainError, type Objects } from '@mandate/core';
import { ledgerGate, type LedgerStandingReads } from '@mandate/ceremony';
import { guarded, type Database } from '../connect.js';

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
  /** Heads stamped by timestamp authorities. */
  readonly stamps: {
    readonly count: number;
    readonly newest: { readonly size: number; readonly stampedAt: Date } | null;
    /** When the oldest head that no stamp covers was signed; null: all are covered. */
    readonly waitingSince: Date | null;
  };
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
    const newest = await owner
      .selectFrom('ledgerStamps')
      .select(['number', 'size', 'stampedAt'])
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    const uncovered = await owner
      .selectFrom('ledgerCheckpoints')
      .select('madeAt')
      .where('size', '>', newest?.size ?? 0)
      .orderBy('size')
      .limit(1)
      .executeTakeFirst();
    return {
      stamps: {
        count: newest ? newest.number + 1 : 0,
        newest: newest ? { size: newest.size, stampedAt: newest.stampedAt } : null,
        waitingSince: uncovered?.madeAt ?? null,
      },
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

/** What roles ca and ledger ask before they start. Throws `ledger-behind`, and what the object store throws. */
export const checkPublished = (db: Database, objects: Objects): Promise<void> =>
  ledgerGate({ record: ledgerStandingReads(db), objects }).open();
