import type { HoldRecord } from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';
import { holdRows } from './hold-rows.js';
import { commonReads } from './reads.js';

/** What role desk may: read authorizations, trails, inclusion proofs, and resolve holds. */
export interface DeskRecord extends HoldRecord {
  inclusionProof(authorizationId: string): Promise<string | null>;
}

export const deskRecord = (db: Database): DeskRecord => ({
  ...commonReads(db),
  ...holdRows(db),
  inclusionProof: (authorizationId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('inclusionProofs')
        .select('proof')
        .where('authorizationId', '=', authorizationId)
        .executeTakeFirst();
      return row?.proof ?? null;
    }),
});
