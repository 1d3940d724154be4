import type { SessionProof, SignInRecord, StaffPasskeyRow, StaffRefusal } from '@mandate/ceremony';
import { sql } from 'kysely';
import { appendStaffChange } from './append-staff-change.js';
import { guarded, type Database, type Tx } from '../connect.js';

const DAY = 86_400_000;
const MINUTE = 60_000;
const SIGN_IN = [
  ...(['id', 'means', 'challenge', 'secretDigest', 'staffId', 'madeAt', 'endsAt'] as const),
  'mac',
] as const;
const SESSION = [
  ...(['id', 'staffId', 'secretDigest', 'means', 'openedAt', 'endsAt'] as const),
  ...(['authTime', 'mac'] as const),
] as const;
const INVITATION = [
  ...(['id', 'staffId', 'secretDigest', 'madeAt', 'madeBy', 'approvedBy', 'endsAt'] as const),
  ...(['change', 'mac'] as const),
] as const;

/** Role vault: tries to come in, what proves people, and their sessions. */
export const signInRows = (db: Database): SignInRecord => ({
  beginSignIn: async (row) => {
    await guarded(() => db.insertInto('staffSignIns').values(row).execute());
    // What is over is of no more use; clocks of two processes may differ a little.
    const before = new Date(row.madeAt.getTime() - MINUTE);
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

  enrol: ({ passkey, codes, invitation, change }) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const { staffId, byWayOf, madeAt } = passkey;
        await lockAccount(tx, staffId);
        if (!invitation) {
          const open = await tx
            .selectFrom('staffSessions')
            .select('id')
            .where('id', '=', byWayOf)
            .where('staffId', '=', staffId)
            .where('endedAt', 'is', null)
            .executeTakeFirst();
          if (!open) return false;
        } else {
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
        if (codes.length > 0)
          await tx
            .insertInto('staffRecoveryCodes')
            .values([...codes])
            .execute();
        await appendStaffChange(tx, change);
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

  staffChanges: (staffId) =>
    guarded(async () => {
      const changes = await db
        .selectFrom('staffChanges')
        .selectAll()
        .where('staffId', '=', staffId)
        .orderBy('number')
        .execute();
      const { rows } = await sql<{ whole: boolean }>`
        SELECT n = last AND NOT EXISTS (SELECT 1 FROM ledger_queue WHERE dedupe = 'desk:change:' || last + 1) AS whole
        FROM (SELECT count(*) AS n, coalesce(max(number), 0) AS last FROM staff_changes) r`.execute(
        db,
      );
      return { changes, whole: rows[0]!.whole };
    }),

  entered: (dedupes) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('ledgerQueue')
        .select('dedupe')
        .where('dedupe', 'in', [...dedupes])
        .execute();
      return new Set(rows.map(({ dedupe }) => dedupe));
    }),

  openSession: (row, proof) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        await lockAccount(tx, row.staffId);
        if (!(await stillProves(tx, row, proof))) return false;
        await tx
          .insertInto('staffSessions')
          .values({ ...row, seenAt: row.openedAt })
          .execute();
        await tx
          .updateTable('staff')
          .set({ seenAt: row.openedAt })
          .where('id', '=', row.staffId)
          .execute();
        return true;
      }),
    ),

  touchSession: (secretDigest, at, quiet = false) =>
    guarded(async () => {
      const live = sql<string>`(SELECT session_id FROM live_session(${secretDigest}, ${at}))`;
      if (quiet) {
        const row = await db
          .selectFrom('staffSessions')
          .select(SESSION)
          .where('secretDigest', '=', secretDigest)
          .where('id', 'in', live)
          .executeTakeFirst();
        return row ?? null;
      }
      const row = await db
        .updateTable('staffSessions')
        .set({ seenAt: sql<Date>`greatest(seen_at, ${at}::timestamptz)` })
        .where('secretDigest', '=', secretDigest)
        .where('id', 'in', live)
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

/** Whoever resets or closes an account holds it too: ways in are used before or after that, never beside it. */
const lockAccount = (tx: Tx, staffId: string) =>
  tx.selectFrom('staff').select('id').where('id', '=', staffId).forUpdate().execute();

async function stillProves(
  tx: Tx,
  { staffId, openedAt }: { staffId: string; openedAt: Date },
  proof: SessionProof,
): Promise<boolean> {
  if (proof.means === 'recovery-code') {
    const used = await tx
      .updateTable('staffRecoveryCodes')
      .set({ usedAt: openedAt })
      .where('digest', '=', proof.digest)
      .where('staffId', '=', staffId)
      .where('usedAt', 'is', null)
      .executeTakeFirst();
    return used.numUpdatedRows === 1n;
  }
  const found =
    proof.means === 'passkey'
      ? await tx
          .selectFrom('staffPasskeys')
          .select('staffId')
          .where('credentialId', '=', proof.credentialId)
          .where('staffId', '=', staffId)
          .where('endedAt', 'is', null)
          .executeTakeFirst()
      : await tx
          .selectFrom('staffLogins')
          .select('staffId')
          .where('issuer', '=', proof.issuer)
          .where('subject', '=', proof.subject)
          .where('staffId', '=', staffId)
          .where('endedAt', 'is', null)
          .executeTakeFirst();
  return found !== undefined;
}
