import { DomainError } from '@mandate/core';
import type { LintError, TemplateRecord, TemplateRow, Waiver } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, violates, type Database } from '../connect.js';

const COLUMNS = [
  't.id',
  't.name',
  'v.version',
  'v.digest',
  'v.status',
  'v.authors',
  'v.assessment',
  'v.approver',
  'v.lintPack',
  'v.waivers',
  'v.createdAt',
  'v.submittedAt',
  'v.publishedAt',
  'v.retiredAt',
  'v.personSalt',
] as const;

/** What stands beside the version: the newest pack's errors and what was waived since, each as JSON text. */
const LINT = sql<
  string | null
>`(SELECT json_build_object('pack', l.pack, 'errors', l.errors, 'at', l.linted_at)::text
  FROM template_lints l WHERE l.template_id = v.template_id AND l.version = v.version
  ORDER BY l.pack DESC LIMIT 1)`.as('lint');
const LATER =
  sql<string>`coalesce((SELECT json_agg(json_build_object('rule', w.rule, 'path', w.path,
    'reason', w.reason, 'waivedBy', w.waived_by, 'pack', w.pack, 'at', w.at) ORDER BY w.path, w.rule)::text
  FROM template_waivers w WHERE w.template_id = v.template_id AND w.version = v.version), '[]')`.as(
    'laterWaivers',
  );

type Later = Omit<TemplateRow['laterWaivers'][number], 'at'> & { at: string };

const readRow = <T extends { waivers: string; lint: string | null; laterWaivers: string }>(
  row: T,
) => {
  const lint = row.lint && (JSON.parse(row.lint) as { pack: string; errors: string; at: string });
  const later = JSON.parse(row.laterWaivers) as Later[];
  return {
    ...row,
    waivers: JSON.parse(row.waivers) as Waiver[],
    laterWaivers: later.map((waiver) => ({ ...waiver, at: new Date(waiver.at) })),
    lint: lint
      ? {
          pack: lint.pack,
          errors: JSON.parse(lint.errors) as LintError[],
          lintedAt: new Date(lint.at),
        }
      : null,
  };
};

/** Versioned templates: drafts are rewritten, what was published is never changed. */
export function templateRows(db: Database): TemplateRecord {
  const step = (key: { id: string; version: number }) =>
    db
      .updateTable('templateVersions')
      .where('templateId', '=', key.id)
      .where('version', '=', key.version);
  return {
    createTemplate: ({ id, institutionId, name, body, digest, author, at }) =>
      guarded(() =>
        db.transaction().execute(async (tx) => {
          await tx
            .insertInto('templates')
            .values({ id, institutionId, name, createdAt: at })
            .execute()
            .catch((cause: unknown) => {
              if (!violates(cause, 'templates_institution_id_name_key')) throw cause;
              throw new DomainError('template-invalid', 'a template of that name exists', {
                cause,
              });
            });
          await tx
            .insertInto('templateVersions')
            .values({ templateId: id, version: 1, body, digest, authors: [author], createdAt: at })
            .execute();
        }),
      ),

    addTemplateVersion: ({ id, body, digest, author, at }) =>
      guarded(async () => {
        const newest = await db
          .selectFrom('templateVersions')
          .select('version')
          .where('templateId', '=', id)
          .orderBy('version', 'desc')
          .executeTakeFirstOrThrow();
        const version = newest.version + 1;
        await db
          .insertInto('templateVersions')
          .values({ templateId: id, version, body, digest, authors: [author], createdAt: at })
          .execute()
          .catch((cause: unknown) => {
            if (!violates(cause, 'template_versions_pkey')) throw cause;
            throw new DomainError(
              'version-conflict',
              'another version was added at the same time',
              { cause },
            );
          });
        return version;
      }),

    rewriteDraft: ({ id, version, body, digest, author, replaces }) =>
      guarded(async () => {
        // of the row as the update finds it: who wrote meanwhile stays an author
        const authors = sql<string[]>`CASE WHEN ${author} = ANY (authors) THEN authors
          ELSE array_append(authors, ${author}) END`;
        const done = await step({ id, version })
          .set({ status: 'draft', body, digest, authors, submittedAt: null })
          .where('status', 'in', ['draft', 'in-review'])
          .$if(replaces !== undefined, (q) => q.where('digest', '=', replaces!))
          .executeTakeFirst();
        return done.numUpdatedRows === 1n;
      }),

    submitTemplate: ({ id, version, assessment, at }) =>
      guarded(async () => {
        const done = await step({ id, version })
          .set({ status: 'in-review', submittedAt: at, ...(assessment ? { assessment } : {}) })
          .where('status', '=', 'draft')
          .executeTakeFirst();
        return done.numUpdatedRows === 1n;
      }),

    publishTemplate: ({ id, version, digest, approver, assessment, lintPack, waivers, at }) =>
      guarded(async () => {
        try {
          const done = await step({ id, version })
            .set({
              status: 'published',
              approver,
              assessment,
              lintPack,
              waivers: JSON.stringify(waivers),
              publishedAt: at,
            })
            .where('status', '=', 'in-review')
            .where('digest', '=', digest)
            .executeTakeFirst();
          return done.numUpdatedRows === 1n;
        } catch (cause) {
          if ((cause as { constraint?: unknown }).constraint !== 'template_versions_four_eyes')
            throw cause;
          throw new DomainError('template-own-work', `${approver} wrote on this version`, {
            cause,
          });
        }
      }),

    retireTemplate: ({ id, version, by, at }) =>
      guarded(async () => {
        const done = await step({ id, version })
          .set({ status: 'retired', retiredBy: by, retiredAt: at })
          .where('status', '=', 'published')
          .executeTakeFirst();
        return done.numUpdatedRows === 1n;
      }),

    addWaiver: ({ id, ...row }) =>
      guarded(async () => {
        await db
          .insertInto('templateWaivers')
          .values({ templateId: id, ...row })
          .onConflict((c) => c.doNothing())
          .execute();
      }),

    keepEvidence: ({ id, version, digest, body }) =>
      guarded(async () => {
        await db
          .insertInto('templateRecords')
          .values({ templateId: id, version, digest, body })
          .onConflict((c) => c.doNothing())
          .execute();
      }),

    findTemplate: (institutionId, idOrName, version, status) =>
      guarded(async () => {
        let query = db
          .selectFrom('templateVersions as v')
          .innerJoin('templates as t', 't.id', 'v.templateId')
          .select([...COLUMNS, 'v.body', LINT, LATER])
          .where('t.institutionId', '=', institutionId)
          .where((e) => e.or([e('t.id', '=', idOrName), e('t.name', '=', idOrName)]))
          .orderBy('v.version', 'desc');
        if (version !== undefined) query = query.where('v.version', '=', version);
        if (status !== undefined) query = query.where('v.status', '=', status);
        const row = await query.executeTakeFirst();
        return row ? (readRow(row) satisfies TemplateRow) : null;
      }),

    listTemplates: (institutionId) =>
      guarded(async () => {
        const rows = await db
          .selectFrom('templateVersions as v')
          .innerJoin('templates as t', 't.id', 'v.templateId')
          .select([...COLUMNS, LINT, LATER])
          .where('t.institutionId', '=', institutionId)
          .orderBy('t.id')
          .orderBy('v.version')
          .execute();
        return rows.map(readRow);
      }),
  };
}
