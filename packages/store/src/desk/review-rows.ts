import { addSeconds } from '@mandate/core';
import type { ReviewRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';
import { texts } from './reconciliation-rows.js';

/** Role vault: uses and subjects a source's log is compared with. */
export const reviewRows = (db: Database): ReviewRecord => ({
  sample: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('samples')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    }),

  sealedUses: (institutionId, ids) =>
    guarded(async () => {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('redemptions as r')
        .innerJoin('authorizations as a', 'a.id', 'r.authorizationId')
        .innerJoin('dataKeys as k', 'k.authorizationId', 'r.authorizationId')
        .leftJoin('restrictions as x', 'x.authorizationId', 'r.authorizationId')
        .select(['r.id', 'r.authorizationId', 'a.institutionId', 'r.operator', 'r.box'])
        .select(['k.wrapped', 'x.id as restriction'])
        .where((e) => e('r.id', '=', e.fn.any(texts(ids))))
        .where('a.institutionId', '=', institutionId)
        .execute();
      return rows.map(({ restriction, ...row }) => ({ ...row, restricted: restriction !== null }));
    }),

  subjectKeys: (institutionId, authorizationIds) =>
    guarded(async () => {
      if (authorizationIds.length === 0) return new Map();
      const rows = await db
        .selectFrom('deskIndex as i')
        .leftJoin('restrictions as x', 'x.authorizationId', 'i.authorizationId')
        .select(['i.authorizationId', 'i.idKey'])
        .where('i.institutionId', '=', institutionId)
        .where((e) => e('i.authorizationId', '=', e.fn.any(texts(authorizationIds))))
        // restricted data are compared with nothing, as they are opened for nothing
        .where('x.id', 'is', null)
        .execute();
      return new Map(rows.map(({ authorizationId, idKey }) => [authorizationId, idKey]));
    }),

  // In steps, so that a log of a million queries holds nothing up.
  sweep: async (at) => {
    for (let all = 0; ;) {
      const { rows } = await guarded(() =>
        sql<{ done: number }>`SELECT sweep_reviews(${at}) AS done`.execute(db),
      );
      all += rows[0]!.done;
      if (rows[0]!.done === 0) return all;
    }
  },

  admitValues: ({ staff, at, values, limits }) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        if (values.length === 0) return new Set<string>();
        // two requests of one person at once count one after the other
        await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`compared/${staff}`}, 0))`.execute(
          tx,
        );
        const { rows } = await sql<{ about: string; value: string }>`
          WITH asked AS (
            SELECT * FROM unnest(${texts(values.map(({ authorizationId }) => authorizationId))},
              ${texts(values.map(({ about }) => about))}, ${texts(values.map(({ value }) => value))})
              WITH ORDINALITY AS t (authorization_id, about, value, nth)
          ), before AS (
            SELECT c.about, c.value, c.at FROM compared_values c
            WHERE c.staff_id = ${staff} AND c.about = ANY(${texts(values.map(({ about }) => about))})
          ), counts AS (
            SELECT about, count(*) AS in_all, count(*) FILTER (WHERE at > ${addSeconds(at, -86_400)}) AS a_day
            FROM before GROUP BY about
          ), new AS (
            SELECT a.*, row_number() OVER (PARTITION BY a.about ORDER BY a.nth) AS place FROM asked a
            WHERE NOT EXISTS (SELECT 1 FROM before b WHERE b.about = a.about AND b.value = a.value)
          ), kept AS (
            INSERT INTO compared_values (staff_id, authorization_id, about, value, at)
            SELECT ${staff}, n.authorization_id, n.about, n.value, ${at}
            FROM new n LEFT JOIN counts c ON c.about = n.about
            WHERE n.place + coalesce(c.in_all, 0) <= ${limits.inAll}
              AND n.place + coalesce(c.a_day, 0) <= ${limits.aDay}
            RETURNING about, value
          )
          SELECT about, value FROM kept UNION ALL SELECT about, value FROM before`.execute(tx);
        return new Set(rows.map(({ about, value }) => `${about} ${value}`));
      }),
    ),
});
