import type { AuthorizationRows, RecordPage } from '@mandate/ceremony';
import type { Tx } from '../connect.js';
import { AUTHORIZATION_COLUMNS } from './reads.js';
import type { Tables } from '../tables.js';

/** Tables with an `authorization_id`, and the order in which their rows are read. */
const ORDER = {
  personalData: 'field',
  dataKeys: 'authorizationId',
  accessEntries: 'ordinal',
  challenges: 'ordinal',
  confirmations: 'trailVersion',
  attempts: 'createdAt',
  archives: 'generation',
  bundleGenerations: 'generation',
  scopes: 'authorizationId',
  redemptions: 'id',
  withdrawals: 'id',
  holds: 'id',
  ends: 'id',
  subjectReleases: 'id',
  restrictions: 'id',
  erasures: 'id',
  idImages: 'id',
  passkeys: 'id',
  subjectIndex: 'authorizationId',
  inclusionProofs: 'authorizationId',
} as const satisfies Record<Exclude<keyof AuthorizationRows, 'events'>, string>;

/** Tables with large boxes, of which everything else is read. */
const COLUMNS: Partial<Record<keyof AuthorizationRows, readonly string[]>> = {
  personalData: ['authorizationId', 'field'],
  idImages: [
    ...['id', 'authorizationId', 'by', 'reason', 'source', 'side', 'width', 'height', 'size'],
    ...['content', 'salt', 'keptAt', 'keepUntil', 'destroyedAt', 'destroyedWhy', 'destroyedBy'],
  ],
};

/** The next `limit` authorizations after `after`, by id, and all that hangs on them. */
export async function readRecordPage(tx: Tx, after: string, limit: number): Promise<RecordPage> {
  const authorizations = await tx
    .selectFrom('authorizations')
    .select(AUTHORIZATION_COLUMNS)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  const ids = authorizations.map(({ id }) => id);
  const tables = new Map<string, Map<string, object[]>>();
  if (ids.length > 0) {
    tables.set('events', await readTable(tx, 'events', 'stream', 'version', ids));
    for (const [table, order] of Object.entries(ORDER))
      tables.set(table, await readTable(tx, table as keyof Tables, 'authorizationId', order, ids));
  }
  const institutions = await readInstitutions(tx, authorizations);
  return {
    authorizations,
    institution: (id) => institutions.get(id),
    rows: (id) =>
      Object.fromEntries(
        [...tables].map(([table, byId]) => [table, byId.get(id) ?? []]),
      ) as unknown as AuthorizationRows,
  };
}

async function readInstitutions(tx: Tx, of: RecordPage['authorizations']) {
  const ids = [...new Set(of.map(({ institutionId }) => institutionId))];
  const rows =
    ids.length === 0
      ? []
      : await tx
          .selectFrom('institutions')
          .select(['id', 'name', 'creditCode', 'contact', 'complaints'])
          .where('id', 'in', ids)
          .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

async function readTable(
  tx: Tx,
  table: keyof Tables,
  key: 'stream' | 'authorizationId',
  order: string,
  ids: readonly string[],
): Promise<Map<string, object[]>> {
  // one statement for all of them: to the type checker it is always the same table
  const query = tx.selectFrom(table as 'personalData');
  const columns = COLUMNS[table as keyof AuthorizationRows] as readonly 'field'[] | undefined;
  const rows = (await (columns ? query.select(columns) : query.selectAll())
    .where(key as 'authorizationId', 'in', [...ids])
    .orderBy(key as 'authorizationId')
    .orderBy(order as 'field')
    .execute()) as unknown as Record<string, string>[];
  const grouped = new Map<string, object[]>();
  for (const row of rows) {
    const list = grouped.get(row[key]!);
    if (list) list.push(row);
    else grouped.set(row[key]!, [row]);
  }
  return grouped;
}
