import { DomainError, type ErrorCode, type EventType } from '@mandate/core';
import type {
  AuthorizationRow,
  EndRow,
  HoldRow,
  ReceiptRow,
  Recorded,
  RedemptionRow,
  ScopeRow,
  UseParticulars,
  UseReads,
  UseRecord,
  WithdrawalRow,
} from '@mandate/ceremony';
import { sql } from 'kysely';
import { append } from './append.js';
import { guarded, type Database, type Tx } from './connect.js';
import { AUTHORIZATION_COLUMNS } from './reads.js';

/** What the predicate's refusals say to the caller. */
const REFUSALS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  'illegal-transition': ['illegal-transition', 'the authorization is not released'],
  withdrawn: ['withdrawn', 'the subject has withdrawn the authorization'],
  'on-hold': ['on-hold', 'the authorization is disputed'],
  'authorization-ended': ['authorization-ended', 'the authorization has ended'],
  'purpose-mismatch': ['purpose-mismatch', 'purpose: not the authorized one'],
  'source-mismatch': ['source-mismatch', 'source: not an authorized one'],
  'recipient-mismatch': ['recipient-mismatch', 'recipient: neither the institution nor accepted'],
  'scope-exceeded': ['scope-exceeded', 'items or time: beyond what was authorized'],
  'used-up': ['used-up', 'all uses of this period are made'],
};

function refuse(code: string | null | undefined): never {
  const [known, detail] = REFUSALS[code ?? ''] ?? ['not-found', 'no such authorization'];
  throw new DomainError(known, detail);
}

export const SCOPE_COLUMNS = ['digest', 'maxUses', 'per', 'endAt', 'endEvent'] as const;

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
  by: 'web' | 'worker' | 'desk',
  p: {
    authorization: AuthorizationRow;
    type: EventType;
    dedupe: string;
    recorded: Recorded;
    at: Date;
    wake?: readonly { topic: 'stamp-receipt' | 'tell-use'; ref: string }[];
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

const array = (values: readonly string[]) => sql<string[]>`${[...values]}::text[]`;

const refusalOf = (authorizationId: string, use: UseParticulars, at: Date) =>
  sql<string | null>`redeem_refusal(${authorizationId}, ${use.purpose}, ${use.source},
    ${use.recipient}, ${array(use.items)}, ${at})`;

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
        .selectAll()
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

  redemptions: (authorizationId, { before, limit }) =>
    guarded(() => {
      let query = db
        .selectFrom('redemptions')
        .selectAll()
        .where('authorizationId', '=', authorizationId)
        .orderBy('id', 'desc')
        .limit(limit);
      if (before) query = query.where('id', '<', before);
      return query.execute();
    }),

  holds: (authorizationId) => guarded(() => holdsOf(db, authorizationId)),
  receipt: (factId) => guarded(() => receiptRow(db, factId)),
});

export const holdsOf = (db: Database | Tx, authorizationId: string): Promise<HoldRow[]> =>
  db
    .selectFrom('holds')
    .selectAll()
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

async function redemptionByKey(
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

/** Role web: uses, withdrawal, disputes and ends. */
export const useRows = (db: Database): UseRecord => ({
  ...useReads(db),

  checkRedeemable: (authorizationId, use, at) =>
    guarded(async () => {
      const row = await db
        .selectFrom('authorizations')
        .select([refusalOf(authorizationId, use, at).as('refusal')])
        .where('id', '=', authorizationId)
        .executeTakeFirst();
      if (!row || row.refusal) refuse(row?.refusal);
    }),

  redeem: ({ requestKey, requestDigest, ...use }, holdSeconds, askedAt, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const { id, authorizationId } = use;
        const authorization = await lockAuthorization(tx, authorizationId);
        const repeated = await redemptionByKey(tx, authorizationId, requestKey);
        if (repeated) {
          if (repeated.requestDigest !== requestDigest)
            throw new DomainError(
              'idempotency-key-reused',
              'this Idempotency-Key was used with another request',
            );
          return repeated;
        }
        const at = notBefore(askedAt, authorization);
        const { rows } = await sql<
          ScopeRow & { refusal: string | null; period: string; number: number | null }
        >`
          SELECT ${refusalOf(authorizationId, use, at)} AS refusal, p.period,
            (SELECT min(n) FROM generate_series(1, s.max_uses) n WHERE NOT EXISTS (
              SELECT 1 FROM redemptions r WHERE r.authorization_id = s.authorization_id
                AND r.period = p.period AND r.number = n AND r.state <> 'released')) AS number,
            s.digest, s.max_uses, s.per, s.end_at, s.end_event
          FROM scopes s CROSS JOIN LATERAL (SELECT use_period(s.per, ${at}) AS period) p
          WHERE s.authorization_id = ${authorizationId}`.execute(tx);
        const next = rows[0];
        if (!next) return refuse('illegal-transition');
        if (next.refusal || next.number === null) return refuse(next.refusal ?? 'used-up');
        const { refusal: _, period, number, ...scope } = next;
        const reservedUntil =
          holdSeconds === null ? null : new Date(at.getTime() + holdSeconds * 1000);
        const slot = { authorization, scope, period, number, at, reservedUntil };
        const { digest, ledgerDigest, ...recorded } = record(slot);
        const state = reservedUntil ? ('reserved' as const) : ('confirmed' as const);
        // One conditional INSERT decides: no row unless the predicate still holds, no second row with the
        // same number of the same period, whatever stands above.
        const made = await tx
          .insertInto('redemptions')
          .columns([
            ...['id', 'authorizationId', 'state', 'period', 'number', 'purpose', 'source'],
            ...['recipient', 'items', 'operator', 'box', 'digest', 'ledgerEntry', 'requestKey'],
            ...['requestDigest', 'at', 'reservedUntil', 'settledAt'],
          ] as never)
          .expression(
            sql`SELECT ${id}::text, ${authorizationId}::text, ${state}::text, ${period}::text,
              ${number}::int, ${use.purpose}::text, ${use.source}::text, ${use.recipient}::text,
              ${array(use.items)}, ${use.operator}::text, ${use.box}::bytea, ${digest}::text,
              ${ledgerDigest}::text, ${requestKey}::text, ${requestDigest}::text,
              ${at}::timestamptz, ${reservedUntil}::timestamptz,
              ${reservedUntil ? null : at}::timestamptz
              WHERE ${refusalOf(authorizationId, use, at)} IS NULL` as never,
          )
          .returningAll()
          .executeTakeFirst();
        if (!made) return refuse('used-up');
        await recordFact(tx, 'web', {
          authorization,
          type: 'redeemed',
          dedupe: `redemption:${id}:made`,
          recorded,
          at,
          wake: [
            { topic: 'stamp-receipt', ref: id },
            ...(reservedUntil ? [] : [{ topic: 'tell-use' as const, ref: id }]),
          ],
        });
        return made;
      }),
    ),

  settle: ({ id, authorizationId }, to, askedAt, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const authorization = await lockAuthorization(tx, authorizationId);
        const at = notBefore(askedAt, authorization);
        const row = await tx
          .updateTable('redemptions')
          .set({ state: to, settledAt: at, settledBy: 'institution' })
          .where('id', '=', id)
          .where('authorizationId', '=', authorizationId)
          .where('state', '=', 'reserved')
          .where((e) => (to === 'confirmed' ? e('reservedUntil', '>', at) : e.val(true)))
          .returningAll()
          .executeTakeFirst();
        if (!row) {
          const now = await useReads(tx).redemption(authorizationId, id);
          if (now.state === to) return now;
          throw new DomainError(
            'illegal-transition',
            now.state === 'reserved' ? 'the reservation’s time is over' : `it is ${now.state}`,
          );
        }
        await recordFact(tx, 'web', {
          authorization,
          type: `redemption-${to}`,
          dedupe: `redemption:${id}:${to}`,
          recorded: record(authorization, row),
          at,
          ...(to === 'confirmed' ? { wake: [{ topic: 'tell-use', ref: id }] } : {}),
        });
        return row;
      }),
    ),

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
          ...{ resolvedBy: null, resolvedAt: null },
        };
        await tx.insertInto('holds').values(row).execute();
        await recordFact(tx, 'web', {
          authorization,
          type: 'held',
          dedupe: `hold:${row.id}:opened`,
          recorded: record(authorization, row),
          at: row.openedAt,
          wake: [{ topic: 'stamp-receipt', ref: row.id }],
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
