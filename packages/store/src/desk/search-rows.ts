import { canonicalize, FIRST_PREVIOUS, kindDigestHex, type DeskIndex } from '@mandate/core';
import type { DeskEntry, FoundLetter, IndexQuery, SearchRecord } from '@mandate/ceremony';
import { sql, type SelectQueryBuilder } from 'kysely';
import { guarded, type Database } from '../connect.js';
import { limits } from '../limits.js';
import { firstId } from './register-reads.js';
import type { Tables } from '../tables.js';

type Letters = SelectQueryBuilder<
  { a: Tables['authorizations']; x: Tables['deskIndex'] },
  'a' | 'x',
  object
>;

/** Role vault: the desk's searches, each criterion by its own index, and the register's chain of each person. */
export const searchRows = (db: Database): SearchRecord => ({
  ...limits(db),

  findLetters: (query, { institutionId, before, limit }) =>
    guarded(async (): Promise<FoundLetter[]> => {
      const letters = db
        .selectFrom('authorizations as a')
        .leftJoin('deskIndex as x', 'x.authorizationId', 'a.id')
        .select(['a.id', 'a.businessReference', 'x.idKey', 'x.phoneKey', 'x.lookupKey', 'x.masks'])
        .$if(institutionId !== null, (q) => q.where('a.institutionId', '=', institutionId!))
        .$if(before !== undefined, (q) => q.where('a.id', '<', before!));
      const rows = (await matching(letters as unknown as Letters, query)
        .orderBy('a.id', 'desc')
        .limit(limit)
        .execute()) as (Omit<FoundLetter, 'index'> & (DeskIndex | { masks: null }))[];
      return rows.map(({ id, businessReference, ...index }) => ({
        ...{ id, businessReference, index: index.masks ? index : null },
      }));
    }),

  knownReferences: (references, institutionId) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('authorizations')
        .select('businessReference')
        .distinct()
        .where('businessReference', 'in', [...references])
        .$if(institutionId !== null, (q) => q.where('institutionId', '=', institutionId!))
        .execute();
      return new Set(rows.map(({ businessReference }) => businessReference));
    }),

  caseByNumber: (number) =>
    guarded(async () => {
      const row = await db
        .selectFrom('cases')
        .select(['id', 'institutionId'])
        .where('number', '=', number)
        .executeTakeFirst();
      return row ?? null;
    }),

  hasReadCase: ({ staffId, caseId, since }) =>
    guarded(async () => {
      const row = await db
        .selectFrom('deskRegister')
        .select('id')
        .where('caseId', '=', caseId)
        .where('id', '>=', firstId('access', since))
        .where('staffId', '=', staffId)
        .where('kind', '=', 'case-read')
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    }),

  institutionExists: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('institutions')
        .select('id')
        .where('id', '=', id)
        .executeTakeFirst();
      return row !== undefined;
    }),

  addDeskEntry: (entry, found, fact) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        // One person's searches stand in the register one after another.
        await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`desk-register/${entry.staff}`}, 0))`.execute(
          tx,
        );
        const last = await tx
          .selectFrom('deskRegister')
          .select(['ordinal', 'digest'])
          .where('staffId', '=', entry.staff)
          .orderBy('ordinal', 'desc')
          .limit(1)
          .executeTakeFirst();
        const body: DeskEntry & { ordinal: number; previous: string } = {
          ...entry,
          ordinal: (last?.ordinal ?? 0) + 1,
          previous: last?.digest ?? FIRST_PREVIOUS,
        };
        await tx
          .insertInto('deskRegister')
          .values({
            ...{ staffId: entry.staff, ordinal: body.ordinal, id: entry.id, kind: entry.kind },
            ...{ institutionId: entry.institution, caseId: entry.case, found: [...found] },
            body: canonicalize({ ...body }),
            digest: kindDigestHex('desk-register', { ...body }),
          })
          .execute();
        // said twice it is the same
        if (fact)
          await tx
            .insertInto('ledgerQueue')
            .values(fact)
            .onConflict((c) => c.column('dedupe').doNothing())
            .execute();
      }),
    ),
});

function matching(letters: Letters, query: IndexQuery): Letters {
  switch (query.by) {
    case 'authorization':
      return letters.where('a.id', '=', query.text);
    case 'letter-number':
      return letters.where('a.letterNumber', '=', query.text);
    case 'lookup-code':
      return letters.where('x.lookupKey', '=', query.key);
    case 'id-number':
      return letters.where('x.idKey', '=', query.key);
    case 'phone':
      return letters.where('x.phoneKey', '=', query.key);
    case 'references':
      return letters.where('a.businessReference', 'in', [...query.references]);
    case 'period':
      return letters
        .$if(query.state !== undefined, (q) => q.where('a.state', '=', query.state!))
        .$if(query.from !== undefined, (q) => q.where('a.createdAt', '>=', query.from!))
        .$if(query.until !== undefined, (q) => q.where('a.createdAt', '<', query.until!));
  }
}
