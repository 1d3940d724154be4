import { DomainError } from '@mandate/core';
import type {
  EndRow,
  HoldRow,
  ReceiptRow,
  RedemptionRow,
  ScopeRow,
  UseReads,
  WithdrawalRow,
} from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database, type Tx } from '../connect.js';

/** Without how often the subject was told. */
export const HOLD_COLUMNS = [
  'id',
  'authorizationId',
  'by',
  'reason',
  'proofKind',
  'proofRef',
  'salt',
  'openedAt',
  'outcome',
  'proposedBy',
  'proposedAt',
  'grounds',
  'resolvedBy',
  'resolvedAt',
  'resolutionId',
  'resolutionSalt',
] as const;

export const SCOPE_COLUMNS = ['digest', 'maxUses', 'per', 'fromAt', 'endAt', 'endEvent'] as const;

/** Reads of uses, withdrawal, hold and end, for every role that may. */
export const useReads = (db: Database | Tx): UseReads => ({
  condition: (authorizationId, at) =>
    guarded(async () => {
      const scope = await db
        .selectFrom('scopes')
        .select(SCOPE_COLUMNS)
        .select(
          sql<number>`max_uses - (SELECT count(*) FROM redemptions r
            WHERE r.authorization_id = scopes.authorization_id AND r.state <> 'released'
              AND r.period = use_period(scopes.per, ${at}))`.as('usesLeft'),
        )
        .where('authorizationId', '=', authorizationId)
        .executeTakeFirst();
      const of = <T extends 'withdrawals' | 'ends'>(table: T) =>
        db
          .selectFrom(table as 'withdrawals')
          .selectAll()
          .where('authorizationId', '=', authorizationId)
          .executeTakeFirst();
      const hold = await db
        .selectFrom('holds')
        .select(HOLD_COLUMNS)
        .where('authorizationId', '=', authorizationId)
        .where((e) => e.or([e('resolvedAt', 'is', null), e('outcome', '=', 'upheld')]))
        .orderBy('openedAt', 'desc')
        .executeTakeFirst();
      const { usesLeft = 0, ...rest } = scope ?? {};
      return {
        scope: scope ? (rest as ScopeRow) : null,
        usesLeft: Number(usesLeft),
        withdrawal: ((await of('withdrawals')) as WithdrawalRow | undefined) ?? null,
        hold: (hold as HoldRow | undefined) ?? null,
        end: ((await of('ends')) as unknown as EndRow | undefined) ?? null,
      };
    }),

  redemption: (authorizationId, id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('redemptions')
        .selectAll()
        .where('id', '=', id)
        .where('authorizationId', '=', authorizationId)
        .executeTakeFirst();
      if (!row) throw new DomainError('not-found', 'no such redemption');
      return row;
    }),

  redemptionByKey: (authorizationId, requestKey) =>
    guarded(() => redemptionByKey(db, authorizationId, requestKey)),

  redemptions: (authorizationId, { before, limit, state, source, from, to }) =>
    guarded(() => {
      let query = db
        .selectFrom('redemptions')
        .selectAll()
        .where('authorizationId', '=', authorizationId)
        .orderBy('id', 'desc')
        .limit(limit);
      if (before) query = query.where('id', '<', before);
      if (state) query = query.where('state', '=', state);
      if (source) query = query.where('source', '=', source);
      if (from) query = query.where('at', '>=', from);
      if (to) query = query.where('at', '<', to);
      return query.execute();
    }),

  holds: (authorizationId) => guarded(() => holdsOf(db, authorizationId)),
  receipt: (factId) => guarded(() => receiptRow(db, factId)),
});

export const holdsOf = (db: Database | Tx, authorizationId: string): Promise<HoldRow[]> =>
  db
    .selectFrom('holds')
    .select(HOLD_COLUMNS)
    .where('authorizationId', '=', authorizationId)
    .orderBy('openedAt')
    .execute();

export async function receiptRow(db: Database | Tx, factId: string): Promise<ReceiptRow | null> {
  const row = await db
    .selectFrom('receipts')
    .selectAll()
    .where('factId', '=', factId)
    .executeTakeFirst();
  return row ?? null;
}

export async function redemptionByKey(
  db: Database | Tx,
  authorizationId: string,
  requestKey: string,
): Promise<RedemptionRow | null> {
  const row = await db
    .selectFrom('redemptions')
    .selectAll()
    .where('authorizationId', '=', authorizationId)
    .where('requestKey', '=', requestKey)
    .executeTakeFirst();
  return row ?? null;
}
