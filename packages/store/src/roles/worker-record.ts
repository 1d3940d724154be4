import { DomainError } from '@mandate/core';
import type { WorkerRecord } from '@mandate/ceremony';
import { append } from '../append.js';
import { archiveSchedule } from '../authorizations/archive-rows.js';
import { guarded, type Database } from '../connect.js';
import { erasureSweep } from '../persons/erasure-rows.js';
import { idImageSweep } from '../persons/id-image-rows.js';
import { generationSchedule } from '../authorizations/generation-rows.js';
import { smsNotes } from '../persons/sms-rows.js';
import { AUTHORIZATION_COLUMNS, commonReads } from '../authorizations/reads.js';
import { relintRows } from '../institutions/relint-rows.js';
import { reservationRows } from '../authorizations/reservation-rows.js';

/** Role worker: drains the outbox, lets requests lapse. */
export function workerRecord(db: Database): WorkerRecord {
  return {
    authorization: commonReads(db).authorization,
    ...archiveSchedule(db),
    ...generationSchedule(db),
    ...reservationRows(db),
    ...smsNotes(db),
    ...erasureSweep(db),
    ...idImageSweep(db),
    ...relintRows(db),

    outbox: (limit) =>
      guarded(async () => {
        const rows = await db
          .selectFrom('outbox')
          .select(['id', 'topic', 'ref'])
          .where('relayedAt', 'is', null)
          .orderBy('id')
          .limit(limit)
          .execute();
        return rows.map(({ id, ...row }) => ({ id: String(id), ...row }));
      }),

    relayed: async (ids, at) => {
      if (!ids.length) return;
      await guarded(() =>
        db
          .updateTable('outbox')
          .set({ relayedAt: at })
          .where('id', 'in', [...ids])
          .execute(),
      );
    },

    overdue: (at, limit) =>
      guarded(() =>
        db
          .selectFrom('authorizations as a')
          .select(AUTHORIZATION_COLUMNS)
          .where('state', 'in', ['requested', 'presented', 'challenged', 'confirmed'])
          .where('signBy', '<', at)
          .where((e) =>
            e.not(
              e.exists(
                e
                  .selectFrom('attempts')
                  .select('attempts.id')
                  .whereRef('attempts.authorizationId', '=', 'a.id')
                  .where('attempts.state', 'not in', ['committed', 'voided']),
              ),
            ),
          )
          .orderBy('signBy')
          .limit(limit)
          .execute(),
      ),

    advance: (step) =>
      guarded(async () => {
        if (step.to && step.to !== 'lapsed')
          throw new DomainError(
            'illegal-transition',
            'the worker lets requests lapse and nothing else',
          );
        await db.transaction().execute((tx) => append(tx, 'worker', step));
      }),

    unsentChallenges: ({ madeBefore, at, limit }) =>
      guarded(async () => {
        const rows = await db
          .selectFrom('challenges')
          .select('id')
          .where('deadAt', 'is', null)
          .where('withCode', '=', true)
          .where('sends', '=', 0)
          .where('expiresAt', '>', at)
          .where('madeAt', '<', madeBefore)
          .orderBy('expiresAt')
          .limit(limit)
          .execute();
        return rows.map(({ id }) => id);
      }),

    unfinishedAttempts: () =>
      guarded(async () => {
        const rows = await db
          .selectFrom('attempts')
          .select('id')
          .where('state', 'not in', ['committed', 'voided'])
          .execute();
        return rows.map(({ id }) => id);
      }),
  };
}
