import type { DoorRecord, StaffPasskeyRow } from '@mandate/ceremony';
import { sql } from 'kysely';
import { grantRows } from './desk-grant-rows.js';
import { guarded, type Database } from './connect.js';

const PASSKEY = ['credentialId', 'staffId', 'publicKey', 'counter'] as const;

/** Role vault as the desk's door: sign-ins, sessions, grants, openings. */
export const doorRows = (db: Database): DoorRecord => ({
  ...grantRows(db),

  beginSignIn: async (row) => {
    await guarded(() => db.insertInto('staffSignIns').values(row).execute());
    // What nobody answered is of no more use.
    await guarded(() =>
      db
        .deleteFrom('staffSignIns')
        .where('endsAt', '<', new Date(row.madeAt.getTime() - 86_400_000))
        .execute(),
    );
  },

  takeSignIn: (means, secretDigest, at) =>
    guarded(async () => {
      const row = await db
        .updateTable('staffSignIns')
        .set({ usedAt: at })
        .where('secretDigest', '=', secretDigest)
        .where('means', '=', means)
        .where('usedAt', 'is', null)
        .where('endsAt', '>', at)
        .returning(['id', 'means', 'challenge', 'secretDigest', 'staffId', 'madeAt', 'endsAt'])
        .executeTakeFirst();
      return row ?? null;
    }),

  invitation: (secretDigest, at, use = false) =>
    guarded(async () => {
      const { rows } = await (use
        ? sql<{ id: string; staffId: string; name: string }>`
            UPDATE staff_invitations i SET used_at = ${at} FROM staff s
            WHERE i.secret_digest = ${secretDigest} AND i.used_at IS NULL AND i.ends_at > ${at} AND s.id = i.staff_id
            RETURNING i.id, i.staff_id, s.name`.execute(db)
        : sql<{ id: string; staffId: string; name: string }>`
            SELECT i.id, i.staff_id, s.name FROM staff_invitations i JOIN staff s ON s.id = i.staff_id
            WHERE i.secret_digest = ${secretDigest} AND i.used_at IS NULL AND i.ends_at > ${at}`.execute(
            db,
          ));
      return rows[0] ?? null;
    }),

  addPasskey: async ({ credentialId, staffId, publicKey, counter, byWayOf, madeAt }) => {
    await guarded(() =>
      db
        .insertInto('staffPasskeys')
        .values({ credentialId, staffId, publicKey, counter, byWayOf, madeAt })
        .execute(),
    );
  },

  passkey: (credentialId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('staffPasskeys')
        .select(PASSKEY)
        .where('credentialId', '=', credentialId)
        .where('endedAt', 'is', null)
        .executeTakeFirst();
      return row ?? null;
    }),

  passkeysOf: (staffId) =>
    guarded(() =>
      db
        .selectFrom('staffPasskeys')
        .select(PASSKEY)
        .where('staffId', '=', staffId)
        .where('endedAt', 'is', null)
        .execute(),
    ),

  moveCounter: ({ credentialId }: StaffPasskeyRow, counter) =>
    guarded(async () => {
      const moved = await db
        .updateTable('staffPasskeys')
        .set({ counter })
        .where('credentialId', '=', credentialId)
        .where('endedAt', 'is', null)
        // Passkeys that spread do not count; those that do never go back.
        .where((e) =>
          e.or([e('counter', '<', counter), e.and([e('counter', '=', 0), e.val(counter === 0)])]),
        )
        .executeTakeFirst();
      return moved.numUpdatedRows === 1n;
    }),

  addRecoveryCodes: async (staffId, digests, at) => {
    await guarded(() =>
      db
        .insertInto('staffRecoveryCodes')
        .values(digests.map((digest) => ({ digest, staffId, madeAt: at })))
        .execute(),
    );
  },

  takeRecoveryCode: (digest, at) =>
    guarded(async () => {
      const row = await db
        .updateTable('staffRecoveryCodes')
        .set({ usedAt: at })
        .where('digest', '=', digest)
        .where('usedAt', 'is', null)
        .returning('staffId')
        .executeTakeFirst();
      return row?.staffId ?? null;
    }),

  staffByLogin: (issuer, subject) =>
    guarded(async () => {
      const row = await db
        .selectFrom('staffLogins')
        .select('staffId')
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst();
      return row?.staffId ?? null;
    }),

  staffRefusal: (staffId, at) =>
    guarded(async () => {
      const { rows } = await sql<{ why: string | null }>`
        SELECT staff_refusal(${staffId}, ${at}) AS why`.execute(db);
      return rows[0]!.why;
    }),

  openSession: async (row) => {
    await guarded(() =>
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('staffSessions')
          .values({ ...row, seenAt: row.openedAt })
          .execute();
        await tx
          .updateTable('staff')
          .set({ seenAt: row.openedAt })
          .where('id', '=', row.staffId)
          .execute();
      }),
    );
  },

  touchSession: (secretDigest, at) =>
    guarded(async () => {
      const live = await sql<{ staffId: string }>`
        UPDATE staff_sessions x SET seen_at = greatest(x.seen_at, ${at}::timestamptz)
        FROM live_session(${secretDigest}, ${at}) l WHERE x.id = l.session_id RETURNING x.staff_id`.execute(
        db,
      );
      if (live.rows.length === 0) return null;
      const row = await db
        .selectFrom('staffSessions as x')
        .innerJoin('staff as s', 's.id', 'x.staffId')
        .select(['x.id as session', 'x.means', 's.id as staff', 's.name', 's.institutionId'])
        .select('s.outsourced')
        .where('x.secretDigest', '=', secretDigest)
        .executeTakeFirstOrThrow();
      const roles = await db
        .selectFrom('staffRoles')
        .select('role')
        .where('staffId', '=', row.staff)
        .where('endedAt', 'is', null)
        .orderBy('role')
        .execute();
      return { ...row, roles: roles.map(({ role }) => role) };
    }),

  endSession: async (secretDigest, at) => {
    await guarded(() =>
      db
        .updateTable('staffSessions')
        .set({ endedAt: at })
        .where('secretDigest', '=', secretDigest)
        .where('endedAt', 'is', null)
        .execute(),
    );
  },
});
