import { DomainError, type ApiScope } from '@mandate/core';
import type { ApiKeyRecord, ApiKeyRow, NewApiKey } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database, type Tx } from './connect.js';

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
    guarded(async () => {
      const done = await db
        .updateTable('apiKeys')
        .set({ revokedAt: sql<Date>`coalesce(revoked_at, ${at}::timestamptz)` })
        .where('institutionId', '=', institutionId)
        .where('id', '=', id)
        .executeTakeFirst();
      return done.numUpdatedRows === 1n;
    }),
});
