import { DomainError } from '@mandate/core';
import type { AuthorizationRow, HoldRow, UseRecord } from '@mandate/ceremony';
import { guarded, type Database, type Tx } from '../connect.js';
import { lockAuthorization, notBefore, recordFact } from '../record-fact.js';
import { holdsOf } from './use-reads.js';

/** Role web: what stops a released authorization. Each stands once; asked again it is as it was. */
export const stopRows = (db: Database): Pick<UseRecord, 'withdraw' | 'hold' | 'end'> => ({
  withdraw: (fields, askedAt, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const authorization = await lockReleased(tx, fields.authorizationId);
        const old = await tx
          .selectFrom('withdrawals')
          .selectAll()
          .where('authorizationId', '=', authorization.id)
          .executeTakeFirst();
        if (old) return old;
        const row = { ...fields, at: notBefore(askedAt, authorization) };
        await tx.insertInto('withdrawals').values(row).execute();
        await recordFact(tx, 'web', {
          authorization,
          type: 'withdrawn',
          dedupe: `withdrawal:${row.id}`,
          recorded: record(authorization, row),
          at: row.at,
          wake: [{ topic: 'stamp-receipt', ref: row.id }],
        });
        return row;
      }),
    ),

  hold: (fields, askedAt, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const authorization = await lockReleased(tx, fields.authorizationId);
        const old = (await holdsOf(tx, authorization.id)).find(
          ({ resolvedAt, outcome }) => !resolvedAt || outcome === 'upheld',
        );
        if (old) return old;
        const row: HoldRow = {
          ...fields,
          openedAt: notBefore(askedAt, authorization),
          ...{ outcome: null, proposedBy: null, proposedAt: null },
          ...{ resolvedBy: null, resolvedAt: null, grounds: null },
          ...{ resolutionId: null, resolutionSalt: null },
        };
        await tx.insertInto('holds').values(row).execute();
        await recordFact(tx, 'web', {
          authorization,
          type: 'held',
          dedupe: `hold:${row.id}:opened`,
          recorded: record(authorization, row),
          at: row.openedAt,
          wake: [
            { topic: 'stamp-receipt', ref: row.id },
            { topic: 'tell-hold', ref: row.id },
          ],
        });
        return row;
      }),
    ),

  end: (fields, askedAt, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const authorization = await lockReleased(tx, fields.authorizationId);
        const old = await tx
          .selectFrom('ends')
          .selectAll()
          .where('authorizationId', '=', authorization.id)
          .executeTakeFirst();
        if (old) return old;
        const row = { ...fields, at: notBefore(askedAt, authorization) };
        await tx.insertInto('ends').values(row).execute();
        await recordFact(tx, 'web', {
          authorization,
          type: 'ended',
          dedupe: `end:${row.id}`,
          recorded: record(authorization, row),
          at: row.at,
          wake: [{ topic: 'stamp-receipt', ref: row.id }],
        });
        return row;
      }),
    ),
});

async function lockReleased(tx: Tx, id: string): Promise<AuthorizationRow> {
  const authorization = await lockAuthorization(tx, id);
  if (authorization.state !== 'released')
    throw new DomainError(
      'illegal-transition',
      `the authorization is ${authorization.state}, not released`,
    );
  return authorization;
}
