import { DomainError } from '@mandate/core';
import type { CaseDoorRecord, CaseEvent, WrittenCaseEvent } from '@mandate/ceremony';
import { sql } from 'kysely';
import { CASE_COLUMNS, caseClockOf, SEAL_COLUMNS } from './case-rows.js';
import { guarded, violates, type Database, type Tx } from '../connect.js';

/** Role vault: cases and what was done in them, disputes' votes, a court's seals. */
export const caseDoorRows = (db: Database): CaseDoorRecord => ({
  caseClock: (kind) => guarded(() => caseClockOf(db, kind)),

  nextCaseNumber: (year) =>
    guarded(async () => {
      const { rows } = await sql<{ nth: number }>`SELECT nextval('case_numbers') AS nth`.execute(
        db,
      );
      return `C-${year}-${String(rows[0]!.nth).padStart(6, '0')}`;
    }),

  institutionsOf: (ids) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('authorizations')
        .select('institutionId')
        .where('id', 'in', [...ids])
        .execute();
      if (rows.length !== ids.length) return null;
      return [...new Set(rows.map(({ institutionId }) => institutionId))];
    }),

  caseFor: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('cases')
        .select(CASE_COLUMNS)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    }),

  caseList: (caseId) =>
    guarded(async () => {
      const opened = await db
        .selectFrom('caseEvents')
        .select(['body', 'digest', 'mac'])
        .where('caseId', '=', caseId)
        .where('version', '=', 1)
        .executeTakeFirst();
      if (!opened) return null;
      const named = await db
        .selectFrom('caseAuthorizations')
        .select('authorizationId')
        .where('caseId', '=', caseId)
        .execute();
      return { opened, authorizations: named.map(({ authorizationId }) => authorizationId) };
    }),

  caseByRequest: (institutionId, requestKey) =>
    guarded(async () => {
      const row = await db
        .selectFrom('cases')
        .select('id')
        .where('institutionId', '=', institutionId)
        .where('requestKey', '=', requestKey)
        .executeTakeFirst();
      return row?.id ?? null;
    }),

  addCase: ({ row, requestKey = null, authorizations, event, box, wrapped }) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        try {
          await tx
            .insertInto('cases')
            .values({ ...row, requestKey })
            .execute();
        } catch (cause) {
          if (violates(cause, 'cases_hold_id_key'))
            throw new DomainError('case-open', 'this dispute has its case already', { cause });
          // The same request at the same moment: the caller asks again and finds it.
          if (violates(cause, 'cases_once_asked'))
            throw new DomainError('version-conflict', 'asked for twice at once', { cause });
          throw cause;
        }
        await tx
          .insertInto('caseAuthorizations')
          .values(authorizations.map((authorizationId) => ({ caseId: row.id, authorizationId })))
          .execute();
        await tx
          .insertInto('caseKeys')
          .values({ caseId: row.id, wrapped, destroyedAt: null })
          .execute();
        await addEvent(tx, event, box);
      }),
    ),

  moveCase: (seen, next, event, box, ended) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const moved = await tx
          .updateTable('cases')
          .set(next)
          .where('id', '=', seen.id)
          .where('version', '=', seen.version)
          .executeTakeFirst();
        if (moved.numUpdatedRows !== 1n) throw faster();
        await addEvent(tx, event, box);
        if (ended) await tx.insertInto('ledgerQueue').values(ended).execute();
      }),
    ),

  caseKey: (caseId) =>
    guarded(async () => {
      const row = await db
        .selectFrom('caseKeys')
        .select('wrapped')
        .where('caseId', '=', caseId)
        .executeTakeFirst();
      return row?.wrapped ?? null;
    }),

  caseTrail: (caseId) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('caseEvents as e')
        .leftJoin('caseBoxes as b', (join) =>
          join.onRef('b.caseId', '=', 'e.caseId').onRef('b.version', '=', 'e.version'),
        )
        .select(['e.body', 'e.digest', 'e.mac', 'b.box as sealed'])
        .where('e.caseId', '=', caseId)
        .orderBy('e.version')
        .execute();
      return rows.map((row) => ({ ...(JSON.parse(row.body) as CaseEvent), ...row }));
    }),

  caseKeptUntil: (caseId) =>
    guarded(async () => {
      const { rows } = await sql<{ until: Date | null }>`
        SELECT case_kept_until(${caseId}) AS until`.execute(db);
      return rows[0]!.until;
    }),

  disputesWithoutCase: (limit) =>
    guarded(() =>
      db
        .selectFrom('holds as h')
        .innerJoin('authorizations as a', 'a.id', 'h.authorizationId')
        .select(['h.id', 'h.authorizationId', 'a.institutionId'])
        .where('h.by', '=', 'subject')
        .where('h.resolvedAt', 'is', null)
        .where((e) =>
          e.not(
            e.exists(e.selectFrom('cases as c').select('c.id').whereRef('c.holdId', '=', 'h.id')),
          ),
        )
        .orderBy('h.openedAt')
        .limit(limit)
        .execute(),
    ),

  sweepCaseKeys: (at) =>
    guarded(async () => {
      const row = await db
        .updateTable('caseKeys')
        .set({ wrapped: null, destroyedAt: at })
        .where('wrapped', 'is not', null)
        .where(sql<boolean>`case_kept_until(case_id) <= ${at}`)
        .executeTakeFirst();
      return Number(row.numUpdatedRows);
    }),

  holdFor: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('holds as h')
        .innerJoin('authorizations as a', 'a.id', 'h.authorizationId')
        .select(['h.id', 'h.authorizationId', 'a.institutionId', 'h.outcome', 'h.proposedBy'])
        .select(['h.openedAt', 'h.proposedAt', 'h.grounds', 'h.resolvedAt'])
        .where('h.id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    }),

  proposals: (holdId, proposal) =>
    guarded(() =>
      db
        .selectFrom('holdVotes')
        .selectAll()
        .where('holdId', '=', holdId)
        .where('act', '=', 'propose')
        .where('proposal', '=', proposal)
        .execute(),
    ),

  addVote: async (row) => {
    await guarded(() => db.insertInto('holdVotes').values(row).execute());
  },

  addSeal: async (row) => {
    await guarded(() => db.insertInto('accessSeals').values(row).execute());
  },

  seal: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('accessSeals')
        .select(SEAL_COLUMNS)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    }),

  approveSeal: ({ id, by, session, agreement, at, mac }) =>
    guarded(async () => {
      const row = await db
        .updateTable('accessSeals')
        .set({
          ...{ approvedBy: by, approvedSession: session, approvedAt: at },
          ...{ agreementId: agreement, mac },
        })
        .where('id', '=', id)
        .where('approvedBy', 'is', null)
        .where('liftedAt', 'is', null)
        .executeTakeFirst();
      return row.numUpdatedRows === 1n;
    }),

  liftSeal: ({ id, by, at, entered }) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('accessSeals')
          .set({ liftedAt: at, liftedBy: by })
          .where('id', '=', id)
          .where('liftedAt', 'is', null)
          .executeTakeFirst();
        if (row.numUpdatedRows !== 1n) return false;
        await tx.insertInto('ledgerQueue').values(entered).execute();
        return true;
      }),
    ),
});

const faster = (cause?: unknown): DomainError =>
  new DomainError('version-conflict', 'somebody else has just worked on this case', { cause });

async function addEvent(
  tx: Tx,
  { version, type, body, digest, previous, mac, ...event }: WrittenCaseEvent,
  box: Uint8Array | null,
): Promise<void> {
  const caseId = event.case;
  try {
    await tx
      .insertInto('caseEvents')
      .values({ caseId, version, type, body, digest, previous, mac })
      .execute();
  } catch (cause) {
    if (!violates(cause, 'case_events_pkey')) throw cause;
    throw faster(cause);
  }
  if (box) await tx.insertInto('caseBoxes').values({ caseId, version, box }).execute();
}
