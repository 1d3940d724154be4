import { DomainError } from '@mandate/core';
import type { SampleFinding, SampleRecord, SampleRow, SettledSeed } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database } from '../connect.js';
import { idAt } from './reconciliation-rows.js';

const PAGE = 5000;
/** Ids are ordered by time, and made a little before what they name. */
const MARGIN = 86_400_000;

/** Role desk: samples, what was drawn and what was found. */
export const sampleRows = (db: Database): SampleRecord => ({
  createSample: (row) =>
    guarded(async () => {
      try {
        await db.insertInto('samples').values(row).execute();
      } catch (cause) {
        if (!violates(cause, 'samples_institution_id_fkey')) throw cause;
        throw new DomainError('not-found', 'no such institution', { cause });
      }
    }),

  sample: (id) =>
    guarded(async () => {
      const row = await db
        .selectFrom('samples')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    }),

  samples: ({ institutionId, before, limit }) =>
    guarded(() =>
      db
        .selectFrom('samples')
        .selectAll()
        .$if(institutionId !== undefined, (q) => q.where('institutionId', '=', institutionId!))
        .$if(before !== undefined, (q) => q.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    ),

  population: (sample) => samplePopulation(db, sample),

  settledSeed: (id) =>
    guarded(async () => {
      const { rows } = await sql<SettledSeed>`SELECT * FROM sample_seed(${id})`.execute(db);
      return rows[0] ?? null;
    }),

  keepDrawn: ({ id, by, at, seed: { seed, seedSize }, drawn }) =>
    guarded(() =>
      db.transaction().execute(async (tx) => {
        const { rowCount } = await lockUndrawn(tx, id);
        if (rowCount !== 1) return false;
        if (drawn.items.length > 0)
          await tx
            .insertInto('sampleItems')
            .values(
              drawn.items.map((item, i) => ({
                ...{ sampleId: id, ordinal: i + 1, itemId: item.id },
                authorizationId: item.authorizationId,
              })),
            )
            .execute();
        const { population, populationDigest } = drawn;
        await tx
          .updateTable('samples')
          .set({ drawnBy: by, drawnAt: at, population, populationDigest, seed, seedSize })
          .where('id', '=', id)
          .execute();
        return true;
      }),
    ),

  sampleItems: (id) =>
    guarded(async () => {
      const items = await db
        .selectFrom('sampleItems')
        .select(['ordinal', 'itemId', 'authorizationId'])
        .where('sampleId', '=', id)
        .orderBy('ordinal')
        .execute();
      const findings = await db
        .selectFrom('sampleFindings')
        .select(['ordinal', 'finding', 'note', 'staffId', 'at'])
        .where('sampleId', '=', id)
        .orderBy('ordinal')
        .orderBy('number')
        .execute();
      return items.map(({ itemId, ...item }) => ({
        ...{ ...item, id: itemId },
        findings: findings
          .filter(({ ordinal }) => ordinal === item.ordinal)
          .map(({ ordinal: _, ...rest }) => ({ ...rest, finding: rest.finding as SampleFinding })),
      }));
    }),

  addSampleFinding: ({ sampleId, ordinal, finding, note, staffId, at }) =>
    guarded(async () => {
      try {
        await sql`
          INSERT INTO sample_findings (sample_id, ordinal, number, finding, note, staff_id, at)
          SELECT ${sampleId}, ${ordinal}::int, 1 + count(*), ${finding}, ${note}, ${staffId}, ${at}::timestamptz
          FROM sample_findings WHERE sample_id = ${sampleId} AND ordinal = ${ordinal}`.execute(db);
      } catch (cause) {
        if (violates(cause, 'sample_findings_pkey'))
          throw new DomainError('version-conflict', 'somebody else was faster', { cause });
        if (violates(cause, 'sample_findings_sample_id_ordinal_fkey'))
          throw new DomainError('not-found', 'no such item', { cause });
        throw cause;
      }
    }),
});

const lockUndrawn = async (db: Database, id: string): Promise<{ rowCount: number }> => {
  const rows = await db
    .selectFrom('samples')
    .select('id')
    .where('id', '=', id)
    .where('drawnAt', 'is', null)
    .forUpdate()
    .execute();
  return { rowCount: rows.length };
};

/** What a sample is drawn from, in ascending order of ids. */
export async function* samplePopulation(
  db: Database,
  { institutionId, kind, from, to }: SampleRow,
): AsyncGenerator<readonly { id: string; authorizationId: string }[]> {
  const uses = kind === 'redemptions';
  const prefix = uses ? 'red' : 'aut';
  const end = idAt(prefix, to.getTime() + MARGIN);
  let after = idAt(prefix, from.getTime() - MARGIN);
  for (;;) {
    const page = await guarded(() =>
      uses
        ? db
            .selectFrom('redemptions as r')
            .innerJoin('authorizations as a', 'a.id', 'r.authorizationId')
            .select(['r.id', 'r.authorizationId', 'r.at'])
            .where('r.id', '>', after)
            .where('r.id', '<', end)
            .$if(institutionId !== null, (q) => q.where('a.institutionId', '=', institutionId!))
            .orderBy('r.id')
            .limit(PAGE)
            .execute()
        : db
            .selectFrom('authorizations as a')
            .select(['a.id', 'a.id as authorizationId', 'a.createdAt as at'])
            .where('a.id', '>', after)
            .where('a.id', '<', end)
            .$if(institutionId !== null, (q) => q.where('a.institutionId', '=', institutionId!))
            .orderBy('a.id')
            .limit(PAGE)
            .execute(),
    );
    yield page
      .filter(({ at }) => at >= from && at < to)
      .map(({ id, authorizationId }) => ({ id, authorizationId }));
    if (page.length < PAGE) return;
    after = page.at(-1)!.id;
  }
}
