import { sql } from 'kysely';
import { DomainError } from '@mandate/core';
import type {
  AuthorizationRow,
  CommonReads,
  ConfirmationRow,
  TemplateVersion,
} from '@mandate/ceremony';
import { guarded, type Database } from '../connect.js';

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

/** Versions never change, so what was read once need not be read again. */
const TEMPLATES_KEPT = 500;

/** The reads all ceremony roles share. */
export function commonReads(db: Database): CommonReads {
  const templates = new Map<string, Promise<TemplateVersion>>();
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
    presentations: (id, upTo = 2 ** 31 - 1) =>
      guarded(async () => {
        const rows = await db
          .selectFrom('events as e')
          .innerJoin('personalData as p', (join) =>
            join
              .onRef('p.authorizationId', '=', 'e.stream')
              .on('p.field', '=', sql<string>`'presentation/' || e.version`),
          )
          .select(['e.version', 'e.body', 'p.box'])
          .where('e.stream', '=', id)
          .where('e.type', '=', 'presented')
          .where('e.version', '<=', upTo)
          .orderBy('e.version')
          .execute();
        return rows.map(({ version, body, box }) => {
          const event = JSON.parse(body) as { at: string; data: { presentation: string } };
          return { version, box, digest: event.data.presentation, at: new Date(event.at) };
        });
      }),
    template: (id, version) => {
      const key = `${id}/${version}`;
      const known = templates.get(key);
      if (known) return known;
      const reading = guarded(async () => {
        const row = await db
          .selectFrom('templateVersions as v')
          .innerJoin('templates as t', 't.id', 'v.templateId')
          .select(['t.id', 't.name', 'v.version', 'v.digest', 'v.body'])
          .where('v.templateId', '=', id)
          .where('v.version', '=', version)
          .executeTakeFirst();
        return row ?? missing('template');
      });
      if (templates.size >= TEMPLATES_KEPT) templates.clear();
      templates.set(key, reading);
      reading.catch(() => templates.delete(key));
      return reading;
    },
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

export const latestConfirmation = (
  db: Database,
  authorizationId: string,
): Promise<ConfirmationRow | null> =>
  guarded(async () => {
    const row = await db
      .selectFrom('confirmations')
      .selectAll()
      .where('authorizationId', '=', authorizationId)
      .orderBy('confirmedAt', 'desc')
      .executeTakeFirst();
    return row ?? null;
  });

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
