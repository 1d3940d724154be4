import { DomainError, type ErrorCode } from '@mandate/core';
import type { ErasureRecord, ErasureRow, ErasureSweepRecord, VaultRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database, type Tx } from '../connect.js';
import { destroyImage, liveIdImages } from './id-image-rows.js';
import { lockAuthorization, notBefore, recordFact } from '../record-fact.js';

const REFUSALS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  'illegal-transition': ['illegal-transition', 'nothing is over yet'],
  'on-hold': ['on-hold', 'a dispute is open, and these are its evidence'],
  'case-open': ['case-open', 'a case is open, and these are its evidence'],
  'retention-runs': ['retention-runs', 'the law keeps these data for now'],
};

/** Throws why the data are not to be erased at that moment. */
async function checkErasable(db: Database | Tx, authorizationId: string, at: Date): Promise<void> {
  const { rows } = await sql<{ code: string | null }>`
    SELECT erasure_refusal(${authorizationId}, ${at}) AS code`.execute(db);
  const code = rows[0]?.code;
  if (code) throw new DomainError(...(REFUSALS[code] ?? (['forbidden', code] as const)));
}

async function checkAnnounced(tx: Tx, authorizationId: string, at: Date): Promise<void> {
  const mark = await tx
    .selectFrom('erasureMarks')
    .select('authorizationId')
    .where('authorizationId', '=', authorizationId)
    .where('actFrom', '<=', at)
    .executeTakeFirst();
  if (!mark) throw new DomainError('retention-runs', 'not announced long enough');
}

/** Role vault's one act that cannot be taken back. */
export const erasureRows = (
  db: Database,
  /** The next entry of the access register, inside the transaction. */
  addAccess: (tx: Tx, entry: Parameters<VaultRecord['recordAccess']>[0]) => Promise<string | null>,
): ErasureRecord => ({
  erase: ({ accessId, ...fields }, askedAt, record, recordImage) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const { authorizationId } = fields;
        const authorization = await lockAuthorization(tx, authorizationId);
        const old = await tx
          .selectFrom('erasures')
          .selectAll()
          .where('authorizationId', '=', authorizationId)
          .executeTakeFirst();
        if (old) return old;
        const at = notBefore(askedAt, authorization);
        await checkErasable(tx, authorizationId, at);
        await checkAnnounced(tx, authorizationId, at);
        const row: ErasureRow = { ...fields, ...(await whyNow(tx, authorizationId)), at };
        await sql`SELECT pg_advisory_xact_lock(hashtextextended(${authorizationId}, 0))`.execute(
          tx,
        );
        await addAccess(tx, {
          id: accessId,
          authorizationId,
          purpose: 'erase',
          actor: `vault/${row.askedBy}`,
          at,
        });
        const destroyed = await tx
          .updateTable('dataKeys')
          .set({ wrapped: null, shreddedAt: at })
          .where('authorizationId', '=', authorizationId)
          .where('wrapped', 'is not', null)
          .executeTakeFirst();
        if (destroyed.numUpdatedRows !== 1n)
          throw new DomainError('guard-refused', 'the data key is not there any more');
        for (const { id } of await liveIdImages(tx, authorizationId)) {
          const image = { id, authorizationId, why: 'erased', by: 'sweep' } as const;
          await destroyImage(tx, 'vault', image, at, recordImage);
        }
        await tx.insertInto('erasures').values(row).execute();
        await recordFact(tx, 'vault', {
          authorization: await lockAuthorization(tx, authorizationId),
          type: 'erased',
          dedupe: `shred:${row.id}`,
          recorded: record(authorization, row),
          at,
          wake: [{ topic: 'stamp-receipt', ref: row.id }],
        });
        return row;
      }),
    ),
});

async function whyNow(
  tx: Tx,
  authorizationId: string,
): Promise<Pick<ErasureRow, 'basis' | 'keptUntil' | 'askedBy' | 'approvedBy'>> {
  const { rows } = await sql<Pick<ErasureRow, 'basis' | 'keptUntil' | 'askedBy' | 'approvedBy'>>`
    SELECT r.basis, r.kept_until, m.asked_by, m.approved_by
    FROM retention(${authorizationId}) r JOIN erasure_marks m ON m.authorization_id = ${authorizationId}`.execute(
    tx,
  );
  return rows[0]!;
}

/** Role worker: what is due. */
export const erasureSweep = (db: Database): ErasureSweepRecord => ({
  markErasures: ({ at, limit }) =>
    guarded(async () => {
      // The age is a cheap sieve before the predicate: nothing younger than the shortest rule of its kind is due,
      // unless its subject asked. Told as moments, so that the planner knows how few are that old.
      const { rows: ages } = await sql<{ signed: boolean; before: Date }>`
        SELECT purpose <> 'not-signed' AS signed, ${at}::timestamptz - make_interval(months => min(months)) AS before
        FROM retention_rules GROUP BY 1`.execute(db);
      const old = (states: readonly string[], signed: boolean) => sql`
        SELECT a.id FROM authorizations a WHERE a.state = ANY (${[...states]}::text[])
          AND a.created_at <= ${ages.find((age) => age.signed === signed)?.before ?? null}::timestamptz`;
      const { rows } = await sql`
        INSERT INTO erasure_marks (authorization_id, marked_at)
        SELECT a.id, ${at}::timestamptz
        FROM (${old(['released'], true)}
              UNION ${old(['declined', 'lapsed', 'failed'], false)}
              UNION SELECT x.authorization_id FROM restrictions x WHERE x.own) c
        JOIN authorizations a ON a.id = c.id
        WHERE a.state IN ('released', 'declined', 'lapsed', 'failed')
          AND NOT EXISTS (SELECT 1 FROM erasure_marks m WHERE m.authorization_id = a.id)
          AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.authorization_id = a.id)
          AND erasure_refusal(a.id, ${at}) IS NULL
        ORDER BY a.created_at LIMIT ${limit}
        ON CONFLICT DO NOTHING RETURNING authorization_id`.execute(db);
      return rows.length;
    }),

  dueErasures: (at, limit) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('erasureMarks as m')
        .select('m.authorizationId')
        .where('m.actFrom', '<=', at)
        // What is kept after all, by a dispute say, does not stand in the way of the others.
        .where(sql<boolean>`erasure_refusal(m.authorization_id, ${at}) IS NULL`)
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('erasures')
                .select('erasures.id')
                .whereRef('erasures.authorizationId', '=', 'm.authorizationId'),
            ),
          ),
        )
        .orderBy('m.actFrom')
        .limit(limit)
        .execute();
      return rows.map(({ authorizationId }) => authorizationId);
    }),
});

/** What two people of the operator say by command: erase this one now, without the notice. */
export const erasureRequests = (owner: Database) => ({
  /** Throws `not-found`, `retention-runs`, `on-hold`, `illegal-transition`. */
  requestErasure: (row: {
    authorizationId: string;
    askedBy: string;
    approvedBy: string;
    at: Date;
  }): Promise<void> =>
    guarded(() =>
      owner.transaction().execute(async (tx) => {
        const { at, ...mark } = row;
        await lockAuthorization(tx, row.authorizationId);
        await checkErasable(tx, row.authorizationId, at);
        await tx
          .insertInto('erasureMarks')
          .values({ ...mark, markedAt: at, actFrom: at })
          .onConflict((c) =>
            c.column('authorizationId').doUpdateSet({
              askedBy: mark.askedBy,
              approvedBy: mark.approvedBy,
              markedAt: at,
              actFrom: at,
            }),
          )
          .execute();
      }),
    ),

  /** Noted and not done yet, soonest first. */
  waitingErasures: () =>
    guarded(() =>
      owner
        .selectFrom('erasureMarks as m')
        .leftJoin('erasures as e', 'e.authorizationId', 'm.authorizationId')
        .select(['m.authorizationId', 'm.markedAt', 'm.actFrom', 'm.askedBy', 'm.approvedBy'])
        .where('e.id', 'is', null)
        .orderBy('m.actFrom')
        .execute(),
    ),
});
