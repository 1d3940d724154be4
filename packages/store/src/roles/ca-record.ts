import { DomainError, toHex } from '@mandate/core';
import type {
  AttemptRow,
  CaRecord,
  GenerationRecord,
  JournalStep,
  Voiding,
} from '@mandate/ceremony';
import { append } from '../append.js';
import { addArchive, archiveReads } from '../authorizations/archive-rows.js';
import { guarded, violates, type Database, type Tx } from '../connect.js';
import { generationRows } from '../authorizations/generation-rows.js';
import { identityReads } from '../persons/identity-rows.js';
import { ledgerStandingReads } from '../inspect/inspect-ledger.js';
import { commonReads, latestConfirmation, readBox } from '../authorizations/reads.js';
import { addScope } from '../authorizations/scope-row.js';

const FINAL = ['committed', 'voided'] as const;

/** Role ca: attempts, their journal, `signed`. */
export function caRecord(db: Database): CaRecord & GenerationRecord {
  const enqueue = async (tx: Tx, dedupe: string, entry: string, authorizationId: string | null) => {
    await tx
      .insertInto('ledgerQueue')
      .values({ dedupe, entry, authorizationId, leafIndex: null })
      .execute();
  };
  /** False when the attempt has left the state it was seen in. */
  const writeVoid = async (tx: Tx, { attempt: seen, reason, at, ledgerEntry }: Voiding) => {
    const voided = await tx
      .updateTable('attempts')
      .set({ state: 'voided', voidedAt: at, voidReason: reason })
      .where('id', '=', seen.id)
      .where('state', '=', seen.state)
      .where('state', 'not in', FINAL)
      .returning('serial')
      .executeTakeFirst();
    if (voided) await enqueue(tx, `void:${toHex(voided.serial)}`, ledgerEntry, null);
    return voided !== undefined;
  };
  const attempt = (id: string): Promise<AttemptRow | null> =>
    guarded(async () => {
      const row = await db
        .selectFrom('attempts')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    });

  return {
    ...commonReads(db),
    ...archiveReads(db),
    ...generationRows(db),
    ...identityReads(db),
    ...ledgerStandingReads(db),
    addArchive: (row, ledgerEntry) =>
      addArchive(db, row, (tx) =>
        // Not under the authorization's id: that would be the entry that releases it.
        enqueue(tx, `renewal:${row.authorizationId}:${row.generation}`, ledgerEntry, null),
      ),
    personalData: (id, field) => readBox(db, id, field),

    templateEvidence: (digest) =>
      guarded(async () => {
        const row = await db
          .selectFrom('templateRecords')
          .select('body')
          .where('digest', '=', digest)
          .executeTakeFirst();
        if (!row) throw new DomainError('not-found', 'no such record of a template');
        return row.body;
      }),

    attempt,

    committedAttempt: (authorizationId) =>
      guarded(async () => {
        const row = await db
          .selectFrom('attempts')
          .selectAll()
          .where('authorizationId', '=', authorizationId)
          .where('state', '=', 'committed')
          .executeTakeFirst();
        if (!row) throw new DomainError('not-found', 'no attempt has signed this letter');
        return row;
      }),

    latestConfirmation: (authorizationId) => latestConfirmation(db, authorizationId),

    confirmation: (challengeId) =>
      guarded(async () => {
        const row = await db
          .selectFrom('confirmations')
          .selectAll()
          .where('challengeId', '=', challengeId)
          .executeTakeFirst();
        if (!row) throw new DomainError('not-found', 'no such confirmation');
        return row;
      }),

    challenge: (id) =>
      guarded(async () => {
        const row = await db
          .selectFrom('challenges')
          .select(['digest', 'scene', 'sceneDigest', 'serverNonce', 'ordinal'])
          .where('id', '=', id)
          .executeTakeFirst();
        if (!row) throw new DomainError('challenge-missing', 'no such challenge');
        return row;
      }),

    openAttempts: (authorizationId) =>
      guarded(() => {
        const query = db
          .selectFrom('attempts')
          .selectAll()
          .where('state', 'not in', FINAL)
          .orderBy('createdAt');
        return (
          authorizationId ? query.where('authorizationId', '=', authorizationId) : query
        ).execute();
      }),

    intend: (step, row, box, ledgerEntry, superseded) =>
      guarded(async () => {
        try {
          await db.transaction().execute(async (tx) => {
            await append(tx, 'ca', step);
            for (const voiding of superseded)
              if (!(await writeVoid(tx, voiding)))
                throw new DomainError('step-out-of-order', 'a signature has just arrived');
            await tx
              .insertInto('attempts')
              .values({ ...row, state: 'intended', voidedAt: null, voidReason: null })
              .execute();
            await tx
              .insertInto('attemptJournal')
              .values({ attemptId: row.id, step: 'intent', box, at: row.createdAt })
              .execute();
            await enqueue(tx, `intent:${toHex(row.serial)}`, ledgerEntry, null);
          });
        } catch (cause) {
          if (violates(cause, 'attempts_key_digest_key'))
            throw new DomainError('key-reused', 'a one-time key signs one letter', { cause });
          throw cause;
        }
      }),

    journal: (attemptId, step, box, at, to) =>
      guarded(() =>
        db.transaction().execute(async (tx) => {
          // The row lock makes the first writer win and keeps a sweeper from voiding in between.
          const row = await tx
            .selectFrom('attempts')
            .select('state')
            .where('id', '=', attemptId)
            .forUpdate()
            .executeTakeFirst();
          if (!row || row.state === 'voided')
            throw new DomainError('attempt-void', 'this signing attempt has ended; sign again');
          const written = await tx
            .selectFrom('attemptJournal')
            .select('box')
            .where('attemptId', '=', attemptId)
            .where('step', '=', step)
            .executeTakeFirst();
          if (written) return written.box;
          await tx.insertInto('attemptJournal').values({ attemptId, step, box, at }).execute();
          if (to)
            await tx
              .updateTable('attempts')
              .set({ state: to })
              .where('id', '=', attemptId)
              .execute();
          return box;
        }),
      ),

    journaled: (attemptId) =>
      guarded(async () => {
        const rows = await db
          .selectFrom('attemptJournal')
          .select(['step', 'box'])
          .where('attemptId', '=', attemptId)
          .execute();
        return new Map(rows.map(({ step, box }) => [step as JournalStep, box]));
      }),

    voidAttempt: (voiding) =>
      guarded(() => db.transaction().execute((tx) => writeVoid(tx, voiding))),

    fail: (step, voiding) =>
      guarded(() =>
        db.transaction().execute(async (tx) => {
          await append(tx, 'ca', step);
          if (!(await writeVoid(tx, voiding)))
            throw new DomainError('step-out-of-order', 'the attempt has moved on');
        }),
      ),

    commit: (step, attemptId, ledgerEntry, scope, sealed) =>
      guarded(() =>
        db.transaction().execute(async (tx) => {
          await append(tx, 'ca', step);
          const committed = await tx
            .updateTable('attempts')
            .set({ state: 'committed' })
            .where('id', '=', attemptId)
            .where('state', '=', 'stored')
            .executeTakeFirst();
          if (committed.numUpdatedRows !== 1n)
            throw new DomainError(
              'guard-refused',
              'the attempt is not stored or was committed already',
            );
          await enqueue(tx, `letter:${step.authorization.id}`, ledgerEntry, step.authorization.id);
          await addScope(tx, step.authorization.id, scope, sealed);
        }),
      ),

    bySerial: (serial) =>
      guarded(async () => {
        const row = await db
          .selectFrom('attempts')
          .select(['state', 'notBefore', 'notAfter', 'voidedAt', 'createdAt'])
          .where('serial', '=', serial)
          .executeTakeFirst();
        return row ?? null;
      }),

    // A certificate that has ended needs no revocation entry (RFC 5280 §5.1.2.6 allows dropping it).
    revoked: (at) =>
      guarded(async () => {
        const rows = await db
          .selectFrom('attempts')
          .select(['serial', 'voidedAt'])
          .where('state', '=', 'voided')
          .where('notAfter', '>', at)
          .execute();
        return rows.map(({ serial, voidedAt }) => ({ serial, voidedAt: voidedAt! }));
      }),
  };
}
