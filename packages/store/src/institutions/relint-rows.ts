import type { RelintRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';

/** Role worker: what newer rule packs say of what was published. */
export const relintRows = (db: Database): RelintRecord => ({
  unlinted: (pack, limit) =>
    guarded(() =>
      db
        .selectFrom('templateVersions as v')
        .select(['v.templateId as id', 'v.version', 'v.body'])
        .where('v.status', '=', 'published')
        .where('v.lintPack', '<>', pack)
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('templateLints as l')
                .select('l.pack')
                .whereRef('l.templateId', '=', 'v.templateId')
                .whereRef('l.version', '=', 'v.version')
                .where('l.pack', '=', pack),
            ),
          ),
        )
        .orderBy('v.templateId')
        .orderBy('v.version')
        .limit(limit)
        .execute(),
    ),

  addLint: ({ id, version, pack, errors, at }) =>
    guarded(async () => {
      await db
        .insertInto('templateLints')
        .values({
          ...{ templateId: id, version, pack },
          errors: JSON.stringify(errors),
          lintedAt: at,
        })
        .onConflict((c) => c.doNothing())
        .execute();
    }),

  failingTemplates: () =>
    guarded(async () => {
      const { rows } = await sql<{ failing: number }>`
        SELECT count(*)::int AS failing FROM template_versions v
        JOIN LATERAL (SELECT l.errors FROM template_lints l
          WHERE l.template_id = v.template_id AND l.version = v.version
          ORDER BY l.pack DESC LIMIT 1) newest ON true
        WHERE v.status = 'published' AND EXISTS (
          SELECT 1 FROM jsonb_array_elements(newest.errors::jsonb) e
          WHERE NOT EXISTS (SELECT 1 FROM template_waivers w
              WHERE w.template_id = v.template_id AND w.version = v.version
                AND w.rule = e->>'rule' AND w.path = e->>'path')
            AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(v.waivers::jsonb) p
              WHERE p->>'rule' = e->>'rule' AND p->>'path' = e->>'path'))`.execute(db);
      return rows[0]!.failing;
    }),
});
