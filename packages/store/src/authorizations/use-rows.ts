import { DomainError, toUtcSeconds, type ErrorCode } from '@mandate/core';
import type { RedemptionRow, ScopeRow, UseParticulars, UseRecord } from '@mandate/ceremony';
import type { UseScope } from '@mandate/terms';
import { sql } from 'kysely';
import { guarded, type Database, type Tx } from '../connect.js';
import { lockAuthorization, notBefore, recordFact } from '../record-fact.js';
import { proposalRows } from './hold-rows.js';
import { stopRows } from './stop-rows.js';
import { redemptionByKey, useReads } from './use-reads.js';

type NewUse = Parameters<UseRecord['redeem']>[0];

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
  'source-expired': ['source-expired', 'source: its licence has ended'],
  'recipient-expired': ['recipient-expired', 'recipient: its licence has ended'],
  'used-up': ['used-up', 'all uses of this period are made'],
};

function refuse(code: string | null | undefined, instead?: string): never {
  const [known, detail] = REFUSALS[code ?? ''] ?? ['not-found', 'no such authorization'];
  throw new DomainError(known, instead ?? detail);
}

/** What had been asked for rightly; codes of the template, told to the institution that asked under it. */
async function authorized(
  db: Database,
  authorizationId: string,
  code: string | null | undefined,
): Promise<string | undefined> {
  const scope = await db
    .selectFrom('scopes')
    .select(['purpose', 'items', 'sources', 'recipients', 'fromAt', 'endAt'])
    .where('authorizationId', '=', authorizationId)
    .executeTakeFirst();
  if (!scope) return undefined;
  const { purpose, items, sources, recipients, fromAt, endAt } = scope;
  const told: Readonly<Record<string, string>> = {
    'purpose-mismatch': `purpose: ${purpose} was authorized`,
    'source-mismatch': `source: authorized are ${sources.join(', ')}`,
    'recipient-mismatch': `recipient: authorized are ${recipients.join(', ')}`,
    'scope-exceeded': `authorized are ${items.join(', ')}, from ${toUtcSeconds(fromAt)} to ${toUtcSeconds(endAt)}`,
  };
  return told[code ?? ''];
}

const array = (values: readonly string[]) => sql<string[]>`${[...values]}::text[]`;

const refusalOf = (authorizationId: string, use: UseParticulars, at: Date) =>
  sql<string | null>`redeem_refusal(${authorizationId}, ${use.purpose}, ${use.source},
    ${use.recipient}, ${array(use.items)}, ${at})`;

/** Role web: uses, withdrawal, disputes and ends. */
export const useRows = (db: Database): UseRecord => ({
  ...useReads(db),
  ...stopRows(db),
  ...proposalRows(db),

  agreement: (authorizationId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('authorizations as a')
        .innerJoin('scopes as s', 's.authorizationId', 'a.id')
        .innerJoin('personalData as p', (j) =>
          j.onRef('p.authorizationId', '=', 'a.id').on('p.field', '=', 'terms'),
        )
        .innerJoin('events as r', (j) => j.onRef('r.stream', '=', 'a.id').on('r.version', '=', 1))
        .innerJoin('events as e', (j) =>
          j.onRef('e.stream', '=', 'a.id').on('e.type', '=', 'signed'),
        )
        .selectAll('s')
        .select(['a.termsDigest', 'p.box', 'r.body as requested', 'e.body as signed'])
        .where('a.id', '=', authorizationId)
        .executeTakeFirst();
      if (!row) throw new DomainError('not-found', 'nothing was signed');
      const said = (body: string, name: string): string =>
        (JSON.parse(body) as { data: Record<string, string> }).data[name]!;
      return {
        termsBox: row.box,
        authorizationTerms: row.termsDigest,
        requestedTerms: said(row.requested, 'terms'),
        scope: {
          format: 'mandate-scope/v1',
          purpose: row.purpose as UseScope['purpose'],
          items: row.items,
          sources: row.sources,
          recipients: row.recipients,
          from: toUtcSeconds(row.fromAt),
          end: toUtcSeconds(row.endAt),
          endEvent: row.endEvent,
          maxUses: row.maxUses,
          per: row.per,
        },
        scopeRowDigest: row.digest,
        signedScope: said(row.signed, 'scope'),
        sealedScope: row.sealed,
      };
    }),

  checkRedeemable: (authorizationId, use, at) =>
    guarded(async () => {
      const row = await db
        .selectFrom('authorizations')
        .select([refusalOf(authorizationId, use, at).as('refusal')])
        .where('id', '=', authorizationId)
        .executeTakeFirst();
      if (!row || row.refusal)
        refuse(row?.refusal, await authorized(db, authorizationId, row?.refusal));
    }),

  redeem: (use, holdSeconds, askedAt, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const { id, authorizationId } = use;
        const authorization = await lockAuthorization(tx, authorizationId);
        const at = notBefore(askedAt, authorization);
        const next = await nextUse(tx, use, at);
        if (next?.repeated) {
          const row = (await redemptionByKey(tx, authorizationId, use.requestKey))!;
          if (row.requestDigest === use.requestDigest) return row;
          throw new DomainError(
            'idempotency-key-reused',
            'this Idempotency-Key was used with another request',
          );
        }
        if (!next?.number) return refuse(await refusal(tx, use, at));
        const { period, number, repeated: _, ...scope } = next;
        const reservedUntil =
          holdSeconds === null ? null : new Date(at.getTime() + holdSeconds * 1000);
        const recorded = record({ authorization, scope, period, number, at, reservedUntil });
        const made = await insertUse(tx, {
          ...use,
          ...recorded,
          period,
          number,
          at,
          reservedUntil,
        });
        if (!made) return refuse(await refusal(tx, use, at));
        await recordFact(tx, 'web', {
          authorization,
          type: 'redeemed',
          dedupe: `redemption:${id}:made`,
          recorded,
          at,
          // Told now, reserved or not: from here on the receipt opens the source's door.
          wake: [
            { topic: 'stamp-receipt', ref: id },
            { topic: 'tell-use', ref: id },
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
        });
        return row;
      }),
    ),
});

/** The lowest free number of the period, in the words of the locked record; null when there is none. */
async function nextUse(tx: Tx, use: NewUse, at: Date) {
  const { rows } = await sql<
    ScopeRow & { period: string; number: number | null; repeated: boolean }
  >`
    SELECT p.period, s.digest, s.max_uses, s.per, s.from_at, s.end_at, s.end_event,
      (SELECT min(n) FROM generate_series(1, s.max_uses) n WHERE NOT EXISTS (
        SELECT 1 FROM redemptions r WHERE r.authorization_id = s.authorization_id
          AND r.period = p.period AND r.number = n AND r.state <> 'released')) AS number,
      EXISTS (SELECT 1 FROM redemptions r WHERE r.authorization_id = s.authorization_id
        AND r.request_key = ${use.requestKey}) AS repeated
    FROM scopes s CROSS JOIN LATERAL (SELECT use_period(s.per, ${at}) AS period) p
    WHERE s.authorization_id = ${use.authorizationId}`.execute(tx);
  return rows[0];
}

/**
 * One conditional INSERT decides: no row unless the predicate holds, and by `one_use` no second row with the
 * same number of the same period, whatever was read before.
 */
async function insertUse(
  tx: Tx,
  row: NewUse &
    Pick<RedemptionRow, 'period' | 'number' | 'at' | 'reservedUntil' | 'digest'> & {
      ledgerDigest: string;
    },
): Promise<RedemptionRow | undefined> {
  const { at, reservedUntil } = row;
  const { rows } = await sql<RedemptionRow>`
    INSERT INTO redemptions (id, authorization_id, state, period, number, purpose, source, recipient, items,
      operator, box, digest, ledger_entry, request_key, request_digest, at, reserved_until, settled_at)
    SELECT ${row.id}, ${row.authorizationId}, ${reservedUntil ? 'reserved' : 'confirmed'}, ${row.period},
      ${row.number}::int, ${row.purpose}, ${row.source}, ${row.recipient}, ${array(row.items)},
      ${row.operator}, ${row.box}::bytea, ${row.digest}, ${row.ledgerDigest}, ${row.requestKey},
      ${row.requestDigest}, ${at}::timestamptz, ${reservedUntil}::timestamptz,
      ${reservedUntil ? null : at}::timestamptz
    WHERE ${refusalOf(row.authorizationId, row, at)} IS NULL
    RETURNING id, authorization_id, state, period, number, purpose, source, recipient, items, operator, box, digest,
      ledger_entry, request_key, request_digest, status_index, at, reserved_until, settled_at, settled_by`.execute(
    tx,
  );
  return rows[0];
}

async function refusal(tx: Tx, use: NewUse, at: Date): Promise<string | null> {
  const { rows } = await sql<{ code: string | null }>`
    SELECT ${refusalOf(use.authorizationId, use, at)} AS code`.execute(tx);
  return rows[0]!.code ?? 'used-up';
}
