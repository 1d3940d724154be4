import { DomainError, type EventType } from '@mandate/core';
import type { AuthorizationRow, HoldRow, StateOnce, UseRecord } from '@mandate/ceremony';
import { guarded, type Database, type Tx } from '../connect.js';
import { lockAuthorization, notBefore, recordFact } from '../record-fact.js';
import { holdsOf } from './use-reads.js';

/** Role web: what stops a released authorization. Each stands once; asked again it is as it was. */
export const stopRows = (db: Database): Pick<UseRecord, 'withdraw' | 'hold' | 'end'> => ({
  withdraw: stateOnce(db, 'withdrawn', 'withdrawal', {
    standing: (tx, id) =>
      tx.selectFrom('withdrawals').selectAll().where('authorizationId', '=', id).executeTakeFirst(),
    insert: (tx, row) => tx.insertInto('withdrawals').values(row).execute(),
  }),

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

  end: stateOnce(db, 'ended', 'end', {
    standing: (tx, id) =>
      tx.selectFrom('ends').selectAll().where('authorizationId', '=', id).executeTakeFirst(),
    insert: (tx, row) => tx.insertInto('ends').values(row).execute(),
  }),
});

type Stated = { readonly id: string; readonly authorizationId: string; readonly at: Date };

/** Of what is stated once for good: the row of the authorization, or else row, event and ledger entry together. */
function stateOnce<Row extends Stated>(
  db: Database,
  type: EventType,
  /** Names the entry in the ledger's queue, before the row's id. */
  prefix: string,
  rows: {
    standing(tx: Tx, authorizationId: string): Promise<Row | undefined>;
    insert(tx: Tx, row: Row): Promise<unknown>;
  },
): StateOnce<Omit<Row, 'at'>, Row> {
  return (fields, askedAt, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const authorization = await lockReleased(tx, fields.authorizationId);
        const old = await rows.standing(tx, authorization.id);
        if (old) return old;
        const row = { ...fields, at: notBefore(askedAt, authorization) } as Row;
        await rows.insert(tx, row);
        await recordFact(tx, 'web', {
          authorization,
          type,
          dedupe: `${prefix}:${row.id}`,
          recorded: record(authorization, row),
          at: row.at,
          wake: [{ topic: 'stamp-receipt', ref: row.id }],
        });
        return row;
      }),
    );
}

async function lockReleased(tx: Tx, id: string): Promise<AuthorizationRow> {
  const authorization = await lockAuthorization(tx, id);
  if (authorization.state !== 'released')
    throw new DomainError(
      'illegal-transition',
      `the authorization is ${authorization.state}, not released`,
    );
  return authorization;
}
