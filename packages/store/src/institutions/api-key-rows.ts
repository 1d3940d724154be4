import { DomainError, type ApiScope } from '@mandate/core';
import type { ApiKeyRecord, ApiKeyRow, NewApiKey } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database, type Tx } from '../connect.js';

const COLUMNS = [
  'id',
  'name',
  'person',
  'scopes',
  'createdAt',
  'expiresAt',
  'lastUsedOn',
  'revokedAt',
  'madeBy',
  'replaces',
] as const;

const asRow = <T extends { scopes: string[] }>(row: T) => ({
  ...row,
  scopes: row.scopes as ApiScope[],
});

/** Throws `not-found` for an unknown institution. */
export async function insertKey(db: Database | Tx, row: NewApiKey): Promise<void> {
  try {
    await db
      .insertInto('apiKeys')
      .values({ ...row, scopes: [...row.scopes] })
      .execute();
  } catch (cause) {
    if (!violates(cause, 'api_keys_institution_id_fkey')) throw cause;
    throw new DomainError('not-found', 'no such institution', { cause });
  }
}

/** Newest first. */
export const keysOf = (
  db: Database,
  institutionId: string,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<ApiKeyRow[]> =>
  guarded(async () => {
    const rows = await db
      .selectFrom('apiKeys')
      .select(COLUMNS)
      .where('institutionId', '=', institutionId)
      .$if(before !== undefined, (q) => q.where('id', '<', before!))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(asRow);
  });

/** An end that is nearer stays. */
export const endKey = (db: Database | Tx, id: string, at: Date) =>
  db
    .updateTable('apiKeys')
    .set({ expiresAt: sql<Date>`least(expires_at, ${at}::timestamptz)` })
    .where('id', '=', id)
    .executeTakeFirst();

/**
 * Ends a key and all it made, and these made. Their rows are locked until the transaction ends: what is being made by
 * one of them at this moment waits, and is refused, or was written before and is found by looking once more.
 * Returns how many were alive.
 */
export async function revokeWithMade(tx: Tx, id: string, at: Date): Promise<number> {
  for (let revoked = 0; ;) {
    const { numAffectedRows = 0n } = await sql`
      UPDATE api_keys SET revoked_at = ${at} WHERE revoked_at IS NULL AND id IN (
        WITH RECURSIVE made AS (
          SELECT id FROM api_keys WHERE id = ${id}
          UNION SELECT k.id FROM api_keys k JOIN made ON k.made_by = made.id)
        SELECT id FROM made)`.execute(tx);
    if (numAffectedRows === 0n) return revoked;
    revoked += Number(numAffectedRows);
  }
}

export const apiKeyRows = (db: Database): ApiKeyRecord => ({
  institutionByKey: (digest, at) =>
    guarded(async () => {
      const row = await db
        .selectFrom('apiKeys as k')
        .innerJoin('institutions as i', 'i.id', 'k.institutionId')
        .select([
          'k.id as keyId',
          'k.person',
          'k.scopes',
          'k.lastUsedOn',
          'i.requestsPerMinute',
          'i.id',
          'i.name',
          'i.creditCode',
          'i.contact',
          'i.complaints',
        ])
        .where('k.digest', '=', digest)
        .where('k.revokedAt', 'is', null)
        .where((e) => e.or([e('k.expiresAt', 'is', null), e('k.expiresAt', '>', at)]))
        .executeTakeFirst();
      if (!row) return null;
      const { keyId, person, scopes, lastUsedOn, requestsPerMinute, ...institution } = asRow(row);
      return { keyId, person, scopes, lastUsedOn, requestsPerMinute, institution };
    }),

  noteKeyUse: async (id, day) => {
    await guarded(() =>
      db
        .updateTable('apiKeys')
        .set({ lastUsedOn: day })
        .where('id', '=', id)
        .where((e) => e.or([e('lastUsedOn', 'is', null), e('lastUsedOn', '<', day)]))
        .execute(),
    );
  },

  listKeys: (institutionId, page) => keysOf(db, institutionId, page),

  findKey: (institutionId, id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('apiKeys')
        .select(COLUMNS)
        .where('institutionId', '=', institutionId)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? asRow(row) : null;
    }),

  createKey: (row, oldUntil) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        await insertKey(tx, row);
        if (row.replaces && oldUntil) await endKey(tx, row.replaces, oldUntil);
      }),
    ),

  revokeKey: (institutionId, id, at) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const found = await tx
          .selectFrom('apiKeys')
          .select('id')
          .where('institutionId', '=', institutionId)
          .where('id', '=', id)
          .executeTakeFirst();
        if (!found) return false;
        await revokeWithMade(tx, id, at);
        return true;
      }),
    ),
});
