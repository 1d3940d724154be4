import type { AuthorizationFilter, WebRecord } from '@mandate/ceremony';
import type { Database } from '../connect.js';
import { AUTHORIZATION_COLUMNS } from './reads.js';

type Page = Parameters<WebRecord['listAuthorizations']>[1];

/** Rows of one institution, newest first; each part of the filter has its index, see 0020-api.sql. */
export function filteredAuthorizations(db: Database, institutionId: string, page: Page) {
  const { before, limit, ...filter }: Page & AuthorizationFilter = page;
  return db
    .selectFrom('authorizations as a')
    .select(AUTHORIZATION_COLUMNS.map((name) => `a.${name}` as const))
    .where('a.institutionId', '=', institutionId)
    .$if(filter.state !== undefined, (q) => q.where('a.state', '=', filter.state!))
    .$if(filter.businessReference !== undefined, (q) =>
      q.where('a.businessReference', '=', filter.businessReference!),
    )
    .$if(filter.letterNumber !== undefined, (q) =>
      q.where('a.letterNumber', '=', filter.letterNumber!),
    )
    .$if(filter.createdFrom !== undefined, (q) => q.where('a.createdAt', '>=', filter.createdFrom!))
    .$if(filter.createdTo !== undefined, (q) => q.where('a.createdAt', '<', filter.createdTo!))
    .$if(filter.template !== undefined, (q) =>
      q.where('a.templateId', 'in', (e) =>
        e
          .selectFrom('templates as t')
          .select('t.id')
          .where('t.institutionId', '=', institutionId)
          .where((w) =>
            w.or([w('t.id', '=', filter.template!), w('t.name', '=', filter.template!)]),
          ),
      ),
    )
    .$if(filter.searchKey !== undefined, (q) =>
      q.where('a.id', 'in', (e) =>
        e
          .selectFrom('subjectSearch as s')
          .select('s.authorizationId')
          .where('s.institutionId', '=', institutionId)
          .where('s.key', '=', filter.searchKey!),
      ),
    )
    .$if(before !== undefined, (q) => q.where('a.id', '<', before!))
    .orderBy('a.id', 'desc')
    .limit(limit);
}
