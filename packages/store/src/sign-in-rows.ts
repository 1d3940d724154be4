import type { SignInRecord, StaffPasskeyRow, StaffRefusal } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from './connect.js';

const DAY = 86_400_000;
const SIGN_IN = [
  ...(['id', 'means', 'challenge', 'secretDigest', 'staffId', 'madeAt', 'endsAt'] as const),
  'mac',
] as const;
const SESSION = [
  ...(['id', 'staffId', 'secretDigest', 'means', 'openedAt', 'endsAt'] as const),
  'mac',
] as const;
const INVITATION = [
  ...(['id', 'staffId', 'secretDigest', 'madeAt', 'madeBy', 'approvedBy', 'endsAt'] as const),
  ...(['change', 'mac'] as const),
] as const;

/** Role vault: tries to come in, what proves people, and their sessions. */
export const signInRows = (db: Database): SignInRecord => ({
  triesSince: (at) =>
    guarded(async () => {
      const row = await db
        .selectFrom('staffSignIns')
        .select((e) => e.fn.countAll<number>().as('n'))
        .where('madeAt', '>', at)
        .executeTakeFirstOrThrow();
      return Number(row.n);
    }),

  beginSignIn: async (row) => {
    await guarded(() => db.insertInto('staffSignIns').values(row).execute());
    // What nobody answered is of no more use.
    const before = new Date(row.madeAt.getTime() - DAY);
    await guarded(() => db.deleteFrom('staffSignIns').where('endsAt', '<', before).execute());
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
        .returning(SIGN_IN)
        .executeTakeFirst();
      return row ?? null;
    }),

  invitation: (secretDigest, at) =>
    guarded(async () => {
      const row = await db
        .selectFrom('staffInvitations')
        .select(INVITATION)
        .where('secretDigest', '=', secretDigest)
        .where('usedAt', 'is', null)
        .where('endsAt', '>', at)
        .executeTakeFirst();
      return row ?? null;
    }),

  passkey: (credentialId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('staffPasskeys')
        .select(['credentialId', 'staffId', 'byWayOf', 'publicKey', 'counter', 'madeAt', 'mac'])
        .where('credentialId', '=', credentialId)
        .where('endedAt', 'is', null)
        .executeTakeFirst();
      return row ?? null;
    }),

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

  noteFailure: async (staffId, at) => {
    await guarded(() => db.insertInto('staffFailures').values({ staffId, at }).execute());
    const before = new Date(at.getTime() - DAY);
    await guarded(() => db.deleteFrom('staffFailures').where('at', '<', before).execute());
  },

  failuresSince: (staffId, at) =>
    guarded(async () => {
      const row = await db
        .selectFrom('staffFailures')
        .select((e) => e.fn.countAll<number>().as('n'))
        .where('staffId', '=', staffId)
        .where('at', '>', at)
        .executeTakeFirstOrThrow();
      return Number(row.n);
    }),

  recoveryCode: (digest) =>
    guarded(async () => {
      const row = await db
        .selectFrom('staffRecoveryCodes')
        .select(['digest', 'staffId', 'madeAt', 'mac'])
        .where('digest', '=', digest)
        .where('usedAt', 'is', null)
        .executeTakeFirst();
      return row ?? null;
    }),

  useRecoveryCode: (digest, at) =>
    guarded(async () => {
      const used = await db
        .updateTable('staffRecoveryCodes')
        .set({ usedAt: at })
        .where('digest', '=', digest)
        .where('usedAt', 'is', null)
        .executeTakeFirst();
      return used.numUpdatedRows === 1n;
    }),

  login: (issuer, subject) =>
    guarded(async () => {
      const row = await db
        .selectFrom('staffLogins')
        .select(['issuer', 'subject', 'staffId', 'madeAt', 'madeBy', 'approvedBy'])
        .select(['change', 'mac'])
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .where('endedAt', 'is', null)
        .executeTakeFirst();
      return row ?? null;
    }),

  enrol: ({ passkey, codes, invitation }) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const { staffId, madeAt } = passkey;
        if (invitation) {
          const used = await tx
            .updateTable('staffInvitations')
            .set({ usedAt: madeAt })
            .where('id', '=', invitation)
            .where('usedAt', 'is', null)
            .executeTakeFirst();
          if (used.numUpdatedRows !== 1n) return false;
        }
        for (const table of ['staffPasskeys', 'staffSessions'] as const)
          await tx
            .updateTable(table)
            .set({ endedAt: madeAt })
            .where('staffId', '=', staffId)
            .where('endedAt', 'is', null)
            .execute();
        await tx
          .updateTable('staffRecoveryCodes')
          .set({ usedAt: madeAt })
          .where('staffId', '=', staffId)
          .where('usedAt', 'is', null)
          .execute();
        await tx.insertInto('staffPasskeys').values(passkey).execute();
        await tx
          .insertInto('staffRecoveryCodes')
          .values([...codes])
          .execute();
        return true;
      }),
    ),

  staffStanding: (staffId, at) =>
    guarded(async () => {
      const account = await db
        .selectFrom('staff')
        .select(['id', 'name', 'institutionId', 'team', 'outsourced', 'contractUntil'])
        .select(['openedAt', 'change', 'mac'])
        .select(sql<StaffRefusal | null>`staff_refusal(id, ${at})`.as('refusal'))
        .where('id', '=', staffId)
        .executeTakeFirst();
      if (!account) return null;
      const roles = await db
        .selectFrom('staffRoles')
        .select(['staffId', 'role', 'givenAt', 'givenBy', 'approvedBy', 'change', 'mac'])
        .where('staffId', '=', staffId)
        .where('endedAt', 'is', null)
        .orderBy('role')
        .execute();
      const { refusal, ...row } = account;
      return { account: row, roles, refusal };
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
      const row = await db
        .updateTable('staffSessions')
        .set({ seenAt: sql<Date>`greatest(seen_at, ${at}::timestamptz)` })
        .where('secretDigest', '=', secretDigest)
        .where(
          'id',
          'in',
          sql<string>`(SELECT session_id FROM live_session(${secretDigest}, ${at}))`,
        )
        .returning(SESSION)
        .executeTakeFirst();
      return row ?? null;
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
