import { DomainError } from '@mandate/core';
import type { RaRecord } from '@mandate/ceremony';
import { append } from './append.js';
import { guarded, type Database } from './connect.js';
import { limits } from './limits.js';
import { indexSubject, ownRows } from './own-rows.js';
import { moveCounter, passkeyRows } from './passkey-rows.js';
import { commonReads, readBox } from './reads.js';
import { tellRows } from './tell-rows.js';

/** Role ra: challenges, codes, `confirmed`. */
export function raRecord(db: Database): RaRecord {
  return {
    ...commonReads(db),
    ...limits(db),
    ...tellRows(db),
    ...ownRows(db),
    personalData: (id, field) => readBox(db, id, field),

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

    createChallenge: (step, row, index) =>
      guarded(() =>
        db.transaction().execute(async (tx) => {
          await append(tx, 'ra', step);
          await indexSubject(tx, { authorizationId: row.authorizationId, ...index });
          await tx
            .updateTable('challenges')
            .set({ deadAt: step.at, sealedCode: null })
            .where('authorizationId', '=', row.authorizationId)
            .where('deadAt', 'is', null)
            .execute();
          await tx
            .insertInto('challenges')
            .values({ ...row, deadAt: null })
            .execute();
        }),
      ),

    countTry: (id, at, maxTries) =>
      guarded(async () => {
        const row = await db
          .updateTable('challenges')
          .set((e) => ({ tries: e('tries', '+', 1) }))
          .where('id', '=', id)
          .where('deadAt', 'is', null)
          .where('expiresAt', '>', at)
          .where('tries', '<', maxTries)
          .returning('tries')
          .executeTakeFirst();
        return row?.tries ?? null;
      }),

    countSend: (id, max) =>
      guarded(async () => {
        const counted = await db
          .updateTable('challenges')
          .set((e) => ({ sends: e('sends', '+', 1) }))
          .where('id', '=', id)
          .where('deadAt', 'is', null)
          .where('sends', '<', max)
          .executeTakeFirst();
        return counted.numUpdatedRows === 1n;
      }),

    killChallenge: async (id, at) => {
      await guarded(() =>
        db
          .updateTable('challenges')
          .set({ deadAt: at, sealedCode: null })
          .where('id', '=', id)
          .where('deadAt', 'is', null)
          .execute(),
      );
    },

    pausedAt: (subjectKey) =>
      guarded(async () => {
        const row = await db
          .selectFrom('pauses')
          .select('at')
          .where('subjectKey', '=', subjectKey)
          .orderBy('at', 'desc')
          .executeTakeFirst();
        return row?.at ?? null;
      }),

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

    confirm: (step, row, passkey) =>
      guarded(() =>
        db.transaction().execute(async (tx) => {
          await append(tx, 'ra', step);
          const used = await tx
            .updateTable('challenges')
            .set({ deadAt: row.confirmedAt, sealedCode: null })
            .where('id', '=', row.challengeId)
            .where('deadAt', 'is', null)
            .executeTakeFirst();
          if (used.numUpdatedRows !== 1n)
            throw new DomainError('challenge-dead', 'this code was used or replaced');
          await tx.insertInto('confirmations').values(row).execute();
          if (passkey) await moveCounter(tx, passkey);
        }),
      ),
  };
}
