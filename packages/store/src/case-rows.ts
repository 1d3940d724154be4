import { DomainError } from '@mandate/core';
import type { CaseEvent, CaseRecord, WrittenCaseEvent } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database, type Tx } from './connect.js';

/** Role desk: cases and what was done in them. */
export const caseRows = (db: Database): CaseRecord => ({
  caseClock: (kind) =>
    guarded(() =>
      db
        .selectFrom('caseKinds')
        .select(['days', 'extensionDays', 'basis'])
        .where('kind', '=', kind)
        .executeTakeFirstOrThrow(),
    ),

  nextCaseNumber: (year) =>
    guarded(async () => {
      const { rows } = await sql<{ nth: number }>`SELECT nextval('case_numbers') AS nth`.execute(
        db,
      );
      return `C-${year}-${String(rows[0]!.nth).padStart(6, '0')}`;
    }),

  openCase: (row, event, box) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        try {
          await tx.insertInto('cases').values(row).execute();
        } catch (cause) {
          if (!violates(cause, 'cases_hold_id_key')) throw cause;
          throw new DomainError('case-open', 'this dispute has its case already', { cause });
        }
        await addEvent(tx, event, box);
      }),
    ),

  moveCase: (seen, next, event, box) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const moved = await tx
          .updateTable('cases')
          .set(next)
          .where('id', '=', seen.id)
          .where('version', '=', seen.version)
          .executeTakeFirst();
        if (moved.numUpdatedRows !== 1n)
          throw new DomainError('version-conflict', 'somebody else has just worked on this case');
        await addEvent(tx, event, box);
      }),
    ),

  case: (id) =>
    guarded(async () => {
      const row = await db.selectFrom('cases').selectAll().where('id', '=', id).executeTakeFirst();
      return row ?? null;
    }),

  caseEvents: (id) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('caseEvents')
        .select(['body', 'digest'])
        .where('caseId', '=', id)
        .orderBy('version')
        .execute();
      return rows.map(({ body, digest }) => ({ ...(JSON.parse(body) as CaseEvent), digest }));
    }),

  caseBox: (caseId, version) =>
    guarded(async () => {
      const row = await db
        .selectFrom('caseBoxes')
        .select('box')
        .where('caseId', '=', caseId)
        .where('version', '=', version)
        .executeTakeFirst();
      return row?.box ?? null;
    }),

  openCases: ({ institutionId, after, limit }) =>
    guarded(() =>
      db
        .selectFrom('cases')
        .selectAll()
        .where('step', 'not in', ['closed', 'rejected'])
        .$if(institutionId !== undefined, (q) => q.where('institutionId', '=', institutionId!))
        .$if(after !== undefined, (q) =>
          q.where(sql<boolean>`(due_at, id) > (${after?.dueAt}::timestamptz, ${after?.id})`),
        )
        .orderBy('dueAt')
        .orderBy('id')
        .limit(limit)
        .execute(),
    ),

  staffNames: (ids) =>
    guarded(async () => {
      if (ids.length === 0) return new Map();
      const rows = await db
        .selectFrom('staff')
        .select(['id', 'name'])
        .where('id', 'in', [...ids])
        .execute();
      return new Map(rows.map(({ id, name }) => [id, name]));
    }),
});

async function addEvent(tx: Tx, event: WrittenCaseEvent, box?: Uint8Array): Promise<void> {
  const { version, type, body, digest, previous } = event;
  await tx
    .insertInto('caseEvents')
    .values({ caseId: event.case, version, type, body, digest, previous })
    .execute();
  if (box) await tx.insertInto('caseBoxes').values({ caseId: event.case, version, box }).execute();
}
