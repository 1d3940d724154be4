import { DomainError } from '@mandate/core';
import type { AuthorizationRow, CommonReads } from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';

export const AUTHORIZATION_COLUMNS = [
  'id',
  'institutionId',
  'templateId',
  'templateVersion',
  'businessReference',
  'letterNumber',
  'language',
  'termsDigest',
  'letterDigest',
  'letterSize',
  'state',
  'version',
  'head',
  'endAt',
  'signBy',
  'createdAt',
  'updatedAt',
] as const;

const missing = (what: string): never => {
  throw new DomainError('not-found', `no such ${what}`);
};

/** The reads all ceremony roles share. */
export function commonReads(db: Database): CommonReads {
  return {
    authorization: (id): Promise<AuthorizationRow> =>
      guarded(async () => {
        const row = await db
          .selectFrom('authorizations')
          .select(AUTHORIZATION_COLUMNS)
          .where('id', '=', id)
          .executeTakeFirst();
        return row ?? missing('authorization');
      }),
    trail: (id, upTo = 2 ** 31 - 1) =>
      guarded(() =>
        db
          .selectFrom('events')
          .select(['body', 'digest'])
          .where('stream', '=', id)
          .where('version', '<=', upTo)
          .orderBy('version')
          .execute(),
      ),
    template: (id, version) =>
      guarded(async () => {
        const row = await db
          .selectFrom('templateVersions as v')
          .innerJoin('templates as t', 't.id', 'v.templateId')
          .select(['t.id', 't.name', 'v.version', 'v.digest', 'v.body'])
          .where('v.templateId', '=', id)
          .where('v.version', '=', version)
          .executeTakeFirst();
        return row ?? missing('template');
      }),
    institution: (id) =>
      guarded(async () => {
        const row = await db
          .selectFrom('institutions')
          .select(['id', 'name', 'creditCode', 'contact', 'complaints'])
          .where('id', '=', id)
          .executeTakeFirst();
        return row ?? missing('institution');
      }),
  };
}

export const readBox = (
  db: Database,
  authorizationId: string,
  field: string,
): Promise<Uint8Array> =>
  guarded(async () => {
    const row = await db
      .selectFrom('personalData')
      .select('box')
      .where('authorizationId', '=', authorizationId)
      .where('field', '=', field)
      .executeTakeFirst();
    return row?.box ?? missing('personal data');
  });
