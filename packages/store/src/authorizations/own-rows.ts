import { DomainError } from '@mandate/core';
import type { OwnRecord, SubjectIndexRow } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database, type Tx } from '../connect.js';
import { countSend, countTry } from '../persons/count-tries.js';
import { moveCounter } from '../persons/passkey-rows.js';

/** Whose an authorization is; the first row stays. */
export async function indexSubject(db: Database | Tx, row: SubjectIndexRow): Promise<void> {
  await db
    .insertInto('subjectIndex')
    .values(row)
    .onConflict((c) => c.doNothing())
    .execute();
}

/** Role ra: entries, links and visits to one's own authorizations. */
export const ownRows = (db: Database): OwnRecord => ({
  subjectIndex: (authorizationId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('subjectIndex')
        .selectAll()
        .where('authorizationId', '=', authorizationId)
        .executeTakeFirst();
      return row ?? null;
    }),

  indexSubject: (row) => guarded(() => indexSubject(db, row)),

  findOwn: ({ personKey, phoneKey }) =>
    guarded(async () => {
      const row = await db
        .selectFrom('subjectIndex')
        .select('authorizationId')
        .where('personKey', '=', personKey)
        .where('phoneKey', '=', phoneKey)
        .orderBy('authorizationId', 'desc')
        .executeTakeFirst();
      return row?.authorizationId ?? null;
    }),

  createOwnChallenge: (row, wake) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('ownChallenges')
          .values({ ...row, deadAt: null })
          .execute();
        if (wake.length > 0)
          await tx
            .insertInto('outbox')
            .values(wake.map(({ topic, ref }) => ({ topic, ref, createdAt: row.madeAt })))
            .execute();
      }),
    ),

  ownChallenge: (by) =>
    guarded(async () => {
      const rows = db.selectFrom('ownChallenges').selectAll();
      const row = await (
        'id' in by ? rows.where('id', '=', by.id) : rows.where('secretDigest', '=', by.secretDigest)
      ).executeTakeFirst();
      return row ?? null;
    }),

  countOwnTry: (id, at, max) => countTry(db, 'ownChallenges', { id, at, max }),
  countOwnSend: (id, max) => countSend(db, 'ownChallenges', { id, max }),

  killOwnChallenge: async (id, at) => {
    await guarded(() =>
      db
        .updateTable('ownChallenges')
        .set({ deadAt: at, sealedCode: null })
        .where('id', '=', id)
        .where('deadAt', 'is', null)
        .execute(),
    );
  },

  openOwnVisit: (by, row) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        if ('linkId' in by) await useLink(tx, by.linkId, row.createdAt);
        else await useChallenge(tx, by.challengeId, row.createdAt);
        await tx.insertInto('ownVisits').values(row).execute();
        if ('passkey' in by && by.passkey) await moveCounter(tx, by.passkey, row.createdAt);
      }),
    ),

  createOwnLink: async (row) => {
    await guarded(() =>
      db
        .insertInto('ownLinks')
        .values({ ...row, usedAt: null })
        .execute(),
    );
  },

  ownLink: (secretDigest) =>
    guarded(async () => {
      const row = await db
        .selectFrom('ownLinks')
        .selectAll()
        .where('secretDigest', '=', secretDigest)
        .executeTakeFirst();
      return row ?? null;
    }),

  ownVouching: (ownLinkId) =>
    guarded(() =>
      db
        .selectFrom('ownLinks')
        .select(['institutionId', 'vouchedBy as by', 'how'])
        .where('id', '=', ownLinkId)
        .executeTakeFirstOrThrow(),
    ),

  touchOwnVisit: (secretDigest, at, until) =>
    guarded(async () => {
      const row = await db
        .updateTable('ownVisits')
        .set({ expiresAt: sql<Date>`least(${until}::timestamptz, ends_at)` })
        .where('secretDigest', '=', secretDigest)
        .where('expiresAt', '>', at)
        .returningAll()
        .executeTakeFirst();
      return row ?? null;
    }),

  endOwnVisit: async (secretDigest, at) => {
    await guarded(() =>
      db
        .updateTable('ownVisits')
        .set({ expiresAt: at })
        .where('secretDigest', '=', secretDigest)
        .where('expiresAt', '>', at)
        .execute(),
    );
  },

  purgeEntries: (at) =>
    guarded(async () => {
      const { rows } = await sql<{ purged: number }>`
        SELECT purge_entries(${at}::timestamptz) AS purged`.execute(db);
      return rows[0]!.purged;
    }),

  ownAuthorizations: (visitId) =>
    guarded(async () => {
      const { rows } = await sql<{ id: string }>`
        SELECT id FROM own_authorizations(${visitId}) AS id`.execute(db);
      return rows.map(({ id }) => id);
    }),
});

async function useChallenge(tx: Tx, id: string, at: Date): Promise<void> {
  const used = await tx
    .updateTable('ownChallenges')
    .set({ deadAt: at, sealedCode: null })
    .where('id', '=', id)
    .where('deadAt', 'is', null)
    .executeTakeFirst();
  if (used.numUpdatedRows !== 1n) throw new DomainError('challenge-dead', 'this code was used');
}

async function useLink(tx: Tx, id: string, at: Date): Promise<void> {
  const used = await tx
    .updateTable('ownLinks')
    .set({ usedAt: at })
    .where('id', '=', id)
    .where('usedAt', 'is', null)
    .executeTakeFirst();
  if (used.numUpdatedRows !== 1n) throw new DomainError('ticket-used', 'this link was used');
}
