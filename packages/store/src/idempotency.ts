import {
  canonicalBytes,
  canonicalize,
  DomainError,
  hmacSha256,
  sha256Hex,
  toHex,
  utf8,
} from '@mandate/core';
import { guarded, type Database, type Tx } from './connect.js';

/** The answer a repeated request gets again. */
export interface Answer {
  readonly key: string;
  readonly status: number;
  readonly body: unknown;
}

/** How long a crashed request holds its idempotency key before a retry may take over. */
const TAKE_OVER_AFTER_MS = 30_000;

export type Remembered = { readonly status: number; readonly body: string };

/**
 * Idempotency keys (product design): same key and body → the same answer, other body →
 * `idempotency-key-reused`, still running → `idempotency-in-progress`. A refused request forgets its key.
 */
export const rememberedAnswers = (db: Database) => ({
  async begin(row: {
    institutionId: string;
    key: string;
    request: unknown;
    at: Date;
  }): Promise<Remembered | null> {
    // Requests hold personal data that could be guessed from a plain digest: it is keyed with the
    // Idempotency-Key, of which only a digest is kept.
    const requestDigest = toHex(hmacSha256(utf8(row.key), canonicalBytes(row.request)));
    const key = sha256Hex(utf8(row.key));
    return guarded(async () => {
      const inserted = await db
        .insertInto('idempotency')
        .values({
          institutionId: row.institutionId,
          key,
          requestDigest,
          responseStatus: null,
          responseBody: null,
          startedAt: row.at,
        })
        .onConflict((c) => c.doNothing())
        .executeTakeFirst();
      if (inserted.numInsertedOrUpdatedRows === 1n) return null;
      const old = await db
        .selectFrom('idempotency')
        .selectAll()
        .where('institutionId', '=', row.institutionId)
        .where('key', '=', key)
        .executeTakeFirst();
      if (!old)
        throw new DomainError(
          'idempotency-in-progress',
          'a request with this key has just ended; repeat it',
        );
      if (old.requestDigest !== requestDigest)
        throw new DomainError(
          'idempotency-key-reused',
          'this Idempotency-Key was used with another request',
        );
      if (old.responseStatus !== null)
        return { status: old.responseStatus, body: old.responseBody! };
      const taken = await db
        .updateTable('idempotency')
        .set({ startedAt: row.at })
        .where('institutionId', '=', row.institutionId)
        .where('key', '=', key)
        .where('responseStatus', 'is', null)
        .where('startedAt', '=', old.startedAt)
        .where('startedAt', '<', new Date(row.at.getTime() - TAKE_OVER_AFTER_MS))
        .executeTakeFirst();
      if (taken.numUpdatedRows === 1n) return null;
      throw new DomainError(
        'idempotency-in-progress',
        'the first request with this key is still running',
      );
    });
  },

  async finish(row: Answer & { institutionId: string }): Promise<void> {
    await guarded(() => writeAnswer(db, row));
  },

  async forget(row: { institutionId: string; key: string }): Promise<void> {
    await guarded(() =>
      db
        .deleteFrom('idempotency')
        .where('institutionId', '=', row.institutionId)
        .where('key', '=', sha256Hex(utf8(row.key)))
        .where('responseStatus', 'is', null)
        .execute(),
    );
  },
});

/**
 * Written in the transaction of the effect where there is one, so that a crash cannot part them.
 * False when the key has its answer already or was forgotten: the first answer stays.
 */
export async function writeAnswer(
  db: Database | Tx,
  row: Answer & { institutionId: string },
): Promise<boolean> {
  const written = await db
    .updateTable('idempotency')
    .set({ responseStatus: row.status, responseBody: canonicalize(row.body) })
    .where('institutionId', '=', row.institutionId)
    .where('key', '=', sha256Hex(utf8(row.key)))
    .where('responseStatus', 'is', null)
    .executeTakeFirst();
  return written.numUpdatedRows === 1n;
}
