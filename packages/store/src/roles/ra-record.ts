import { DomainError } from '@mandate/core';
import type { RaRecord } from '@mandate/ceremony';
import { append } from '../append.js';
import { guarded, type Database } from '../connect.js';
import { countSend, countTry } from '../persons/count-tries.js';
import { identityRows } from '../persons/identity-rows.js';
import { counters, limits } from '../limits.js';
import { killChallenges } from '../persons/kill-challenges.js';
import { indexSubject, ownRows } from '../authorizations/own-rows.js';
import { moveCounter, passkeyRows } from '../persons/passkey-rows.js';
import { commonReads, latestConfirmation, readBox } from '../authorizations/reads.js';
import { inLockOrder, setReads } from '../authorizations/set-rows.js';
import { codeDeliveries } from '../persons/sms-rows.js';
import { tellRows } from '../persons/tell-rows.js';

/** Role ra: challenges, codes, `confirmed`. */
export function raRecord(db: Database): RaRecord {
  return {
    ...commonReads(db),
    ...limits(db),
    ...counters(db),
    ...codeDeliveries(db),
    ...tellRows(db),
    ...ownRows(db),
    ...setReads(db),
    personalData: (id, field) => readBox(db, id, field),
    latestConfirmation: (authorizationId) => latestConfirmation(db, authorizationId),

    latestChallenge: (authorizationId) =>
      guarded(async () => {
        const row = await db
          .selectFrom('challenges')
          .selectAll()
          .where('authorizationId', '=', authorizationId)
          .orderBy('ordinal', 'desc')
          .executeTakeFirst();
        return row ?? null;
      }),

    challenge: (id) =>
      guarded(async () => {
        const row = await db
          .selectFrom('challenges')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst();
        return row ?? null;
      }),

    challengeByDigest: (digest) =>
      guarded(async () => {
        const row = await db
          .selectFrom('challenges')
          .selectAll()
          .where('digest', '=', digest)
          .executeTakeFirst();
        return row ?? null;
      }),

    createChallenge: (step, row, index) => createChallenges(db, [{ step, row, index }]),
    createSetChallenge: (members) => createChallenges(db, members),

    countTry: (id, at, max) => countTry(db, 'challenges', { id, at, max }),
    countSend: (id, max) => countSend(db, 'challenges', { id, max }),

    killChallenge: async (id, at) => {
      await guarded(() =>
        db.transaction().execute(async (tx) => {
          const row = await tx
            .selectFrom('challenges')
            .select('authorizationId')
            .where('id', '=', id)
            .where('deadAt', 'is', null)
            .executeTakeFirst();
          if (row) await killChallenges(tx, [row.authorizationId], at);
        }),
      );
    },

    pausesOf: (subjectKey) =>
      guarded(() =>
        db
          .selectFrom('pauses')
          .innerJoin('authorizations', 'authorizations.id', 'pauses.authorizationId')
          .select(['pauses.ownerKey', 'authorizations.institutionId', 'pauses.at'])
          .where('pauses.subjectKey', '=', subjectKey)
          .execute(),
      ),

    notePause: async (row) => {
      await guarded(() =>
        db
          .insertInto('pauses')
          .values(row)
          .onConflict((c) => c.doNothing())
          .execute(),
      );
    },

    ...passkeyRows(db),
    ...identityRows(db),

    confirm: (step, row, passkey) => confirmAll(db, [{ step, row }], passkey),
    confirmSet: (members, passkey) => confirmAll(db, members, passkey),
  };
}

const createChallenges = (
  db: Database,
  members: Parameters<RaRecord['createSetChallenge']>[0],
): Promise<void> =>
  guarded(() =>
    db.transaction().execute(async (tx) => {
      for (const { step } of inLockOrder(members)) await append(tx, 'ra', step);
      await killChallenges(
        tx,
        members.map(({ row }) => row.authorizationId),
        members[0]!.row.madeAt,
      );
      for (const { row, index } of members) {
        await indexSubject(tx, { authorizationId: row.authorizationId, ...index });
        await tx
          .insertInto('challenges')
          .values({ ...row, deadAt: null })
          .execute();
      }
    }),
  );

const confirmAll = (
  db: Database,
  members: Parameters<RaRecord['confirmSet']>[0],
  passkey: Parameters<RaRecord['confirmSet']>[1],
): Promise<void> =>
  guarded(() =>
    db.transaction().execute(async (tx) => {
      for (const { step } of inLockOrder(members)) await append(tx, 'ra', step);
      for (const { row } of members) {
        const used = await tx
          .updateTable('challenges')
          .set({ deadAt: row.confirmedAt, sealedCode: null })
          .where('id', '=', row.challengeId)
          .where('deadAt', 'is', null)
          .executeTakeFirst();
        if (used.numUpdatedRows !== 1n)
          throw new DomainError('challenge-dead', 'this code was used or replaced');
        await tx.insertInto('confirmations').values(row).execute();
      }
      if (passkey) await moveCounter(tx, passkey, members[0]!.row.confirmedAt);
    }),
  );
