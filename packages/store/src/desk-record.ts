import type { CommonReads } from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';
import { commonReads } from './reads.js';

/** What role desk may read: authorizations, trails, inclusion proofs. It writes nothing. */
export interface DeskRecord extends CommonReads {
  inclusionProof(authorizationId: string): Promise<string | null>;
}

export const deskRecord = (db: Database): DeskRecord => ({
  ...commonReads(db),
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
