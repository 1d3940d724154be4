import { DomainError, fromBase64Url, type PasskeyRecord } from '@mandate/core';
import type { PasskeyRows } from '@mandate/ceremony';
import { sql } from 'kysely';
import { append } from '../append.js';
import { guarded, violates, type Database, type Tx } from '../connect.js';
import { lockAuthorization, notBefore } from '../record-fact.js';

/** Role ra: passkeys, from their registration to their end. */
export const passkeyRows = (db: Database): PasskeyRows => ({
  passkeysOf: (subjectKey) =>
    guarded(() =>
      db
        .selectFrom('passkeys')
        .selectAll()
        .where('subjectKey', '=', subjectKey)
        .orderBy('createdAt')
        .execute(),
    ),

  // A registration names the challenge it was proven by: in a set the first letter's, for all of them.
  passkeysIn: (authorizationId) =>
    guarded(async () => {
      const registered = await db
        .selectFrom('passkeys')
        .selectAll()
        .where('challengeDigest', 'in', (e) =>
          e
            .selectFrom('challenges')
            .select(sql<string>`unnest(coalesce(set_challenges, ARRAY[digest]))`.as('digest'))
            .where('authorizationId', '=', authorizationId),
        )
        .execute();
      const confirmed = await db
        .selectFrom('confirmations')
        .select('passkey')
        .where('authorizationId', '=', authorizationId)
        .where('passkey', 'is not', null)
        .execute();
      const used = confirmed.map(({ passkey }) =>
        fromBase64Url((JSON.parse(passkey!) as PasskeyRecord).credentialId),
      );
      const others = used.length
        ? await db.selectFrom('passkeys').selectAll().where('credentialId', 'in', used).execute()
        : [];
      return [...new Map([...registered, ...others].map((row) => [row.id, row])).values()];
    }),

  ownPasskeys: (visitId) =>
    guarded(() =>
      db
        .selectFrom('passkeys')
        .selectAll()
        .where('id', 'in', sql<string>`(SELECT id FROM own_passkeys(${visitId}))`)
        .orderBy('createdAt', 'desc')
        .orderBy('id', 'desc')
        .execute(),
    ),

  upheldHold: (authorizationId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('holds')
        .select('id')
        .where('authorizationId', '=', authorizationId)
        .where('outcome', '=', 'upheld')
        .where('resolvedAt', 'is not', null)
        .executeTakeFirst();
      return row?.id ?? null;
    }),

  passkey: (credentialId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('passkeys')
        .selectAll()
        .where('credentialId', '=', credentialId)
        .executeTakeFirst();
      return row ?? null;
    }),

  registerPasskey: (step, row, ledgerEntry) =>
    guarded(async () => {
      try {
        await db.transaction().execute(async (tx) => {
          await append(tx, 'ra', step);
          await enqueue(tx, `credential:${row.id}`, ledgerEntry);
          await tx.insertInto('passkeys').values(row).execute();
        });
      } catch (error) {
        if (violates(error, 'passkeys_credential_id_key'))
          throw new DomainError('passkey-invalid', 'this passkey is registered already');
        throw error;
      }
    }),

  endPasskey: ({ passkey, why, at: asked, exceptVisit }, record) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const authorization = await lockAuthorization(tx, passkey.authorizationId);
        const at = notBefore(asked, authorization);
        const ended = await tx
          .updateTable('passkeys')
          .set({ revokedAt: at, revokedWhy: why })
          .where('id', '=', passkey.id)
          .where('revokedAt', 'is', null)
          .executeTakeFirst();
        if (ended.numUpdatedRows !== 1n) return false;
        const { data, ledgerEntry } = record(at);
        await append(tx, 'ra', {
          authorization,
          type: 'passkey-revoked',
          data,
          at,
          outbox: [{ topic: 'integrate-ledger', ref: passkey.id }],
        });
        await enqueue(tx, `credential-end:${passkey.id}`, ledgerEntry);
        await tx
          .updateTable('ownVisits')
          .set({ expiresAt: at })
          .where('credentialId', '=', passkey.credentialId)
          .where('expiresAt', '>', at)
          .where('id', '<>', exceptVisit ?? '')
          .execute();
        return true;
      }),
    ),

  countPasskeyTell: (id, max) =>
    guarded(async () => {
      const row = await db
        .updateTable('passkeys')
        .set((e) => ({ tells: e('tells', '+', 1) }))
        .where('id', '=', id)
        .where('tells', '<', max)
        .returning(['authorizationId', 'createdAt'])
        .executeTakeFirst();
      return row ?? null;
    }),
});

// Not under the authorization's id: that would be the entry that releases it.
const enqueue = async (tx: Tx, dedupe: string, entry: string): Promise<void> => {
  await tx
    .insertInto('ledgerQueue')
    .values({ dedupe, entry, authorizationId: null, leafIndex: null })
    .execute();
};

/**
 * Two answers at once cannot both move it, and none moves it back. Authenticators that do not count stay
 * at zero. Throws `passkey-invalid`.
 */
export async function moveCounter(
  tx: Tx,
  { id, counter }: { readonly id: string; readonly counter: number },
  at: Date,
): Promise<void> {
  const moved = await tx
    .updateTable('passkeys')
    .set({ counter, lastUsedAt: sql<Date>`greatest(last_used_at, ${at}::timestamptz)` })
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .where((e) =>
      e.or([e('counter', '<', counter), e.and([e('counter', '=', 0), e.val(counter === 0)])]),
    )
    .executeTakeFirst();
  if (moved.numUpdatedRows !== 1n)
    throw new DomainError(
      'passkey-invalid',
      'this passkey was used elsewhere or removed meanwhile',
    );
}
