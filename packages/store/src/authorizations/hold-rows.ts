import { DomainError } from '@mandate/core';
import type { HoldRecord, HoldRow } from '@mandate/ceremony';
import { guarded, type Database } from '../connect.js';
import { lockAuthorization, notBefore, recordFact } from '../record-fact.js';
import { HOLD_COLUMNS, holdsOf } from './use-reads.js';

const moved = (): DomainError =>
  new DomainError('guard-refused', 'somebody else has just decided about this hold');

/** Roles desk and web: the first person's word. */
export const proposalRows = (db: Database): Pick<HoldRecord, 'propose'> => ({
  propose: (holdId, { outcome, grounds, by, at }) =>
    guarded(async () => {
      const row = await db
        .updateTable('holds')
        .set({ outcome, grounds, proposedBy: by, proposedAt: at })
        .where('id', '=', holdId)
        .where('resolvedAt', 'is', null)
        .returning(HOLD_COLUMNS)
        .executeTakeFirst();
      if (!row) throw moved();
      return row;
    }),
});

/** Role desk: an outcome is proposed by one person and becomes one by a second. */
export const holdRows = (db: Database): Pick<HoldRecord, 'holds' | 'propose' | 'resolve'> => ({
  ...proposalRows(db),
  holds: (authorizationId) => guarded(() => holdsOf(db, authorizationId)),

  resolve: (seen, resolution, record) =>
    guarded(() =>
      db.transaction().execute(async (tx): Promise<HoldRow> => {
        const authorization = await lockAuthorization(tx, seen.authorizationId);
        const at = notBefore(resolution.at, authorization);
        const row = await tx
          .updateTable('holds')
          .set({
            resolvedBy: resolution.by,
            resolvedAt: at,
            resolutionId: resolution.id,
            resolutionSalt: resolution.salt,
          })
          .where('id', '=', seen.id)
          .where('resolvedAt', 'is', null)
          .where('outcome', '=', seen.outcome)
          .where('proposedBy', '=', seen.proposedBy)
          .where('proposedAt', '=', seen.proposedAt)
          .where('grounds', '=', seen.grounds)
          .returning(HOLD_COLUMNS)
          .executeTakeFirst();
        if (!row) throw moved();
        await recordFact(tx, 'desk', {
          authorization,
          type: 'hold-resolved',
          dedupe: `hold:${row.id}:resolved`,
          recorded: record(authorization, row),
          at,
          wake: [
            { topic: 'stamp-receipt', ref: resolution.id },
            { topic: 'tell-hold', ref: resolution.id },
            ...(row.outcome === 'upheld'
              ? [{ topic: 'end-passkeys' as const, ref: authorization.id }]
              : []),
          ],
        });
        return row;
      }),
    ),
});
