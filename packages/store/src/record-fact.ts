import { DomainError, type EventType } from '@mandate/core';
import type { AuthorizationRow, Recorded } from '@mandate/ceremony';
import { append } from './append.js';
import type { Tx } from './connect.js';
import { AUTHORIZATION_COLUMNS } from './authorizations/reads.js';

/** The authorization, locked: whatever else happens to it waits, and it is read as it stands now. */
export async function lockAuthorization(tx: Tx, id: string): Promise<AuthorizationRow> {
  const row = await tx
    .selectFrom('authorizations')
    .select(AUTHORIZATION_COLUMNS)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new DomainError('not-found', 'no such authorization');
  return row;
}

/** Clocks of several processes differ a little; a trail's time does not run backwards. */
export const notBefore = (at: Date, authorization: AuthorizationRow): Date =>
  at < authorization.updatedAt ? authorization.updatedAt : at;

/** Event, ledger entry and wake-ups of one fact. The fact's own row is written before. */
export async function recordFact(
  tx: Tx,
  by: 'web' | 'worker' | 'desk' | 'vault',
  p: {
    authorization: AuthorizationRow;
    type: EventType;
    dedupe: string;
    recorded: Recorded;
    at: Date;
    wake?: readonly {
      topic: 'stamp-receipt' | 'tell-use' | 'tell-hold' | 'end-passkeys';
      ref: string;
    }[];
  },
): Promise<void> {
  const { authorization, type, dedupe, recorded, at, wake = [] } = p;
  await append(tx, by, {
    authorization,
    type,
    data: recorded.data,
    at,
    outbox: [{ topic: 'integrate-ledger', ref: authorization.id }, ...wake],
  });
  await tx.insertInto('ledgerQueue').values({ dedupe, entry: recorded.ledgerEntry }).execute();
}
