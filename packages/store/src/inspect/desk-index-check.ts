import { openMasks, type RecordProblem } from '@mandate/ceremony';
import type { DeskIndex } from '@mandate/core';
import { sql } from 'kysely';
import type { Tx } from '../connect.js';
import { streamed } from '../streamed.js';

/** As many are named as of other rows that nothing explains. */
const MOST = 100;

/**
 * Letters that the desk's search would not find, or would find for somebody else: no row of the index although they are
 * newer than it and not erased, another institution's, or, with role vault's secret, keys that it did not make.
 */
export async function deskIndexProblems(
  tx: Tx,
  vaultSecret: Uint8Array | null,
): Promise<RecordProblem[]> {
  const problems: RecordProblem[] = [];
  const rows = streamed<{ id: string; ours: boolean } & (DeskIndex | { masks: null })>(
    tx,
    'letters',
    sql`SELECT a.id, coalesce(x.institution_id = a.institution_id, false) AS ours,
          x.id_key, x.phone_key, x.lookup_key, x.masks
        FROM authorizations a LEFT JOIN desk_index x ON x.authorization_id = a.id
        WHERE x.masks IS NOT NULL OR (
          a.created_at > (SELECT applied_at FROM migrations WHERE name = '0031-desk-search.sql')
          AND NOT EXISTS (SELECT 1 FROM erasures e WHERE e.authorization_id = a.id))`,
  );
  for await (const { id, ours, ...index } of rows) {
    const sound =
      ours && index.masks && (!vaultSecret || openMasks(vaultSecret, id, index) !== null);
    if (!sound) problems.push({ code: 'desk-index-changed', at: id });
    if (problems.length === MOST) break;
  }
  return problems;
}
