import {
  reconcile,
  rowMacs,
  type NamedObject,
  type RecordCheck,
  type RecordReader,
} from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, openDatabase, type Tx } from '../connect.js';
import { readRecordPage } from './record-page.js';
import { registered } from '../desk/register-rows.js';
import { deskIndexProblems } from '../inspect/desk-index-check.js';
import { deskReader } from '../desk/desk-reader.js';
import { streamed } from '../streamed.js';
import { strayRows } from '../inspect/stray-rows.js';

/** Nonce and tag that encryption adds, bytes. */
const BOX_OVERHEAD = 28;

/**
 * Recomputes the record of the database at `url`, read with the owner's login as it stands at one moment, so that a
 * service that goes on working meanwhile disturbs nothing. `also` looks at the same moment. Throws
 * `database-unavailable`.
 */
export async function reconcileDatabase(
  url: string,
  p: Omit<Parameters<typeof reconcile>[0], 'reader' | 'macs'> & {
    /** Role vault's, for its codes over rows of the desk; null where it is not at hand. */
    readonly vaultSecret: Uint8Array | null;
    readonly also?: (reader: RecordReader) => Promise<RecordCheck['problems']>;
  },
): Promise<RecordCheck> {
  const owner = openDatabase(url, undefined, 1);
  try {
    return await guarded(() =>
      owner
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (tx) => {
          const reader = recordReader(tx);
          const macs = p.vaultSecret && rowMacs(p.vaultSecret);
          const { counts, problems } = await reconcile({ ...p, reader, macs });
          const index = await deskIndexProblems(tx, p.vaultSecret);
          const more = (await p.also?.(reader)) ?? [];
          return { counts, problems: [...problems, ...index, ...more] };
        }),
    );
  } finally {
    await owner.destroy();
  }
}

const recordReader = (tx: Tx): RecordReader => ({
  page: (after, limit) => readRecordPage(tx, after, limit),

  entries: (dedupes) =>
    tx
      .selectFrom('ledgerQueue as q')
      .leftJoin('ledgerEntries as e', 'e.queueId', 'q.id')
      .select(['q.dedupe', 'q.entry', 'e.entry as placed'])
      .where('q.dedupe', 'in', [...dedupes])
      .execute(),

  leaves: async (first, count) => {
    const rows = await tx
      .selectFrom('ledgerEntries')
      .select(['leafIndex', 'entry'])
      .where('leafIndex', '>=', first)
      .orderBy('leafIndex')
      .limit(count)
      .execute();
    return rows.map(({ leafIndex, entry }) => ({ index: Number(leafIndex), entry }));
  },

  heads: (after, until) =>
    tx
      .selectFrom('ledgerCheckpoints')
      .select(['size', 'root', 'note'])
      .where('size', '>', after)
      .where('size', '<=', until)
      .execute(),

  otherNodes: async (nodes) => {
    const { rows } = await sql<{ at: string }>`
      SELECT w.level || '/' || w.index AS at
      FROM unnest(${nodes.map(({ level }) => level)}::int[], ${nodes.map(({ index }) => index)}::bigint[],
        ${nodes.map(({ hash }) => Buffer.from(hash))}::bytea[]) AS w (level, index, hash)
      LEFT JOIN ledger_nodes n ON n.level = w.level AND n.index = w.index
      WHERE n.hash IS DISTINCT FROM w.hash`.execute(tx);
    return rows.map(({ at }) => at);
  },

  lengths: async () => {
    const { rows } = await sql<{ head: number; newest: number; published: number }>`
      SELECT coalesce((SELECT size FROM ledger_head), 0) AS head,
             coalesce((SELECT max(size) FROM ledger_checkpoints), 0) AS newest,
             coalesce((SELECT size FROM ledger_published), 0) AS published`.execute(tx);
    return rows[0]!;
  },

  places: async (ids) => {
    if (ids.length === 0) return [];
    const rows = await tx
      .selectFrom('ledgerQueue')
      .select(['authorizationId', 'entry', 'leafIndex'])
      .where('authorizationId', 'in', [...ids])
      .execute();
    return rows.map(({ authorizationId, entry, leafIndex }) => ({
      ...{ id: authorizationId!, entry },
      index: leafIndex === null ? null : Number(leafIndex),
    }));
  },

  receipts: async (factIds) =>
    factIds.length === 0
      ? []
      : tx
          .selectFrom('receipts')
          .selectAll()
          .where('factId', 'in', [...factIds])
          .execute(),

  templates: async () => {
    const rows = await tx
      .selectFrom('templateVersions')
      .select(['templateId', 'version', 'body', 'digest'])
      .where('status', 'in', ['published', 'retired'])
      .execute();
    return rows.map(({ templateId, version, ...row }) => ({
      ...row,
      name: `${templateId}/${version}`,
    }));
  },

  templateRecords: () => streamed(tx, 'records', sql`SELECT digest, body FROM template_records`),

  anchors: async function* () {
    let after = '';
    for await (const { until, ...anchor } of streamed<{
      number: number;
      openings: number;
      digest: string;
      madeAt: Date;
      until: string;
    }>(
      tx,
      'anchors',
      sql`SELECT number, openings, digest, made_at, until_id AS until FROM register_anchors ORDER BY number`,
    )) {
      const from = after;
      after = until;
      yield { ...anchor, digests: () => digestsBetween(tx, from, until, anchor.openings) };
    }
  },

  ...deskReader(tx),

  deskRegister: () =>
    streamed(
      tx,
      'desk',
      sql`SELECT staff_id AS staff, ordinal, id, body, digest FROM desk_register ORDER BY staff_id, ordinal`,
    ),

  strays: (most) => strayRows(tx, most),

  // in the order of bytes, which is the one a store lists its objects in
  objectNames: () =>
    streamed<NamedObject>(
      tx,
      'names',
      sql`SELECT o.name, o.size, o.digest FROM (
          SELECT 'letters/' || id || '/shown' AS name, letter_size + ${sql.lit(BOX_OVERHEAD)} AS size, NULL AS digest
          FROM authorizations
          UNION ALL SELECT object, NULL, NULL FROM archives
          UNION ALL SELECT object, NULL, NULL FROM bundle_generations
          UNION ALL SELECT body::jsonb->'data'->>'object', NULL, NULL FROM events WHERE type = 'signed'
          -- the bundle of a report is cut from the stored one and kept nowhere else
          UNION ALL SELECT 'reports/' || report_id || '/' || name, size + ${sql.lit(BOX_OVERHEAD)}, stored
          FROM report_files WHERE name <> 'bundle.asice'
        ) o WHERE o.name IS NOT NULL ORDER BY o.name COLLATE "C"`,
    ),
});

async function digestsBetween(
  tx: Tx,
  after: string,
  until: string,
  openings: number,
): Promise<readonly string[]> {
  const rows = await registered(tx, after, until, openings + 1);
  return rows.map(({ digest }) => digest);
}
