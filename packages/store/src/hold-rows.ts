import { DomainError } from '@mandate/core';
import type { HoldRecord, HoldRow } from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';
import { lockAuthorization, notBefore, recordFact } from './record-fact.js';
import { holdsOf } from './use-reads.js';

const moved = (): DomainError =>
  new DomainError('guard-refused', 'somebody else has just decided about this hold');

/** Role desk: an outcome is proposed by one person and becomes one by a second. */
export const holdRows = (db: Database): Pick<HoldRecord, 'holds' | 'propose' | 'resolve'> => ({
  holds: (authorizationId) => guarded(() => holdsOf(db, authorizationId)),

  propose: (holdId, { outcome, by, at }) =>
    guarded(async () => {
      const row = await db
        .updateTable('holds')
        .set({ outcome, proposedBy: by, proposedAt: at })
        .where('id', '=', holdId)
        .where('resolvedAt', 'is', null)
        .returningAll()
        .executeTakeFirst();
      if (!row) throw moved();
      return row;
    }),

  resolve: (seen, by, askedAt, record) =>
    guarded(() =>
      db.transaction().execute(async (tx): Promise<HoldRow> => {
        const authorization = await lockAuthorization(tx, seen.authorizationId);
        const at = notBefore(askedAt, authorization);
        const row = await tx
          .updateTable('holds')
          .set({ resolvedBy: by, resolvedAt: at })
          .where('id', '=', seen.id)
          .where('resolvedAt', 'is', null)
          .where('outcome', '=', seen.outcome)
          .where('proposedBy', '=', seen.proposedBy)
          .where('proposedAt', '=', seen.proposedAt)
          .returningAll()
          .executeTakeFirst();
        if (!row) throw moved();
        await recordFact(tx, 'desk', {
          authorization,
          type: 'hold-resolved',
          dedupe: `hold:${row.id}:resolved`,
          recorded: record(authorization, row),
          at,
          ...(row.outcome === 'upheld'
            ? { wake: [{ topic: 'end-passkeys' as const, ref: authorization.id }] }
            : {}),
        });
        return row;
      }),
    ),
});
