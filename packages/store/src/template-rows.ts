import { DomainError } from '@mandate/core';
import type { WebRecord } from '@mandate/ceremony';
import { guarded, violates, type Database } from './connect.js';

type TemplateRows = Pick<
  WebRecord,
  'createTemplate' | 'addTemplateVersion' | 'findTemplate' | 'listTemplates'
>;

/** Versioned templates; a version is never changed. */
export function templateRows(db: Database): TemplateRows {
  return {
    createTemplate: ({ id, institutionId, name, body, digest, at }) =>
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
            .values({ templateId: id, version: 1, body, digest, createdAt: at })
            .execute();
        }),
      ),

    addTemplateVersion: ({ id, body, digest, at }) =>
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
          .values({ templateId: id, version, body, digest, createdAt: at })
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

    findTemplate: (institutionId, idOrName, version) =>
      guarded(async () => {
        let query = db
          .selectFrom('templateVersions as v')
          .innerJoin('templates as t', 't.id', 'v.templateId')
          .select(['t.id', 't.name', 'v.version', 'v.digest', 'v.body'])
          .where('t.institutionId', '=', institutionId)
          .where((e) => e.or([e('t.id', '=', idOrName), e('t.name', '=', idOrName)]))
          .orderBy('v.version', 'desc');
        if (version !== undefined) query = query.where('v.version', '=', version);
        return (await query.executeTakeFirst()) ?? null;
      }),

    listTemplates: (institutionId) =>
      guarded(() =>
        db
          .selectFrom('templateVersions as v')
          .innerJoin('templates as t', 't.id', 'v.templateId')
          .select(['t.id', 't.name', 'v.version', 'v.digest'])
          .where('t.institutionId', '=', institutionId)
          .orderBy('t.id')
          .orderBy('v.version')
          .execute(),
      ),
  };
}
