import type { RecordProblem, RecordProblemCode } from '@mandate/ceremony';
import { sql, type RawBuilder } from 'kysely';
import type { Tx } from '../connect.js';

interface At {
  readonly at: string;
}

/** `kind`, `id` and `step` of the key under which an entry was queued. */
const KEY = sql`LATERAL (SELECT split_part(q.dedupe, ':', 1) AS kind, split_part(q.dedupe, ':', 2) AS id,
  split_part(q.dedupe, ':', 3) AS step,
  CASE WHEN split_part(q.dedupe, ':', 2) ~ '^([0-9a-f]{2})+$' THEN decode(split_part(q.dedupe, ':', 2), 'hex') END AS serial)`;

/** Rows that nothing explains: what is left when the other half of a fact was taken away. */
const STRAYS: readonly (readonly [RecordProblemCode, RawBuilder<At>])[] = [
  [
    'trail-orphan',
    sql<At>`SELECT e.stream AS at FROM events e
      WHERE e.version = 1 AND NOT EXISTS (SELECT 1 FROM authorizations a WHERE a.id = e.stream)`,
  ],
  [
    'trail-orphan',
    sql<At>`SELECT DISTINCT r.authorization_id AS at FROM (
        SELECT authorization_id FROM attempts UNION ALL SELECT authorization_id FROM redemptions
        UNION ALL SELECT authorization_id FROM withdrawals UNION ALL SELECT authorization_id FROM archives
        UNION ALL SELECT authorization_id FROM access_entries WHERE ordinal = 2) r
      WHERE r.authorization_id LIKE 'aut\\_%'
        AND NOT EXISTS (SELECT 1 FROM authorizations a WHERE a.id = r.authorization_id)`,
  ],
  [
    'template-changed',
    sql<At>`SELECT e.stream AS at FROM events e JOIN authorizations a ON a.id = e.stream
      JOIN template_versions t ON t.template_id = a.template_id AND t.version = a.template_version
      WHERE e.version = 1 AND t.digest IS DISTINCT FROM e.body::jsonb->'data'->>'templateDigest'`,
  ],
  [
    'receipt-orphan',
    sql<At>`SELECT r.fact_id AS at FROM receipts r WHERE NOT CASE split_part(r.fact_id, '_', 1)
      WHEN 'red' THEN EXISTS (SELECT 1 FROM redemptions f WHERE f.id = r.fact_id)
      WHEN 'wdr' THEN EXISTS (SELECT 1 FROM withdrawals f WHERE f.id = r.fact_id)
      WHEN 'hld' THEN EXISTS (SELECT 1 FROM holds f WHERE f.id = r.fact_id)
      WHEN 'hre' THEN EXISTS (SELECT 1 FROM holds f WHERE f.resolution_id = r.fact_id)
      WHEN 'end' THEN EXISTS (SELECT 1 FROM ends f WHERE f.id = r.fact_id)
      WHEN 'rel' THEN EXISTS (SELECT 1 FROM subject_releases f WHERE f.id = r.fact_id)
      WHEN 'rst' THEN EXISTS (SELECT 1 FROM restrictions f WHERE f.id = r.fact_id)
      WHEN 'era' THEN EXISTS (SELECT 1 FROM erasures f WHERE f.id = r.fact_id)
      WHEN 'img' THEN EXISTS (SELECT 1 FROM id_images f WHERE f.id = r.fact_id AND f.destroyed_at IS NOT NULL)
      ELSE false END`,
  ],
  [
    'data-key-returned',
    sql<At>`SELECT i.id AS at FROM id_images i JOIN data_keys k ON k.authorization_id = i.id
      WHERE i.destroyed_at IS NOT NULL AND k.wrapped IS NOT NULL`,
  ],
  [
    'passkey-changed',
    sql<At>`SELECT p.id AS at FROM passkeys p WHERE NOT EXISTS (
        SELECT 1 FROM events e WHERE e.stream = p.authorization_id AND e.type = 'passkey-registered'
          AND e.body::jsonb->'data'->>'passkey' = p.id)
      OR (p.revoked_at IS NOT NULL) <> EXISTS (
        SELECT 1 FROM events e WHERE e.stream = p.authorization_id AND e.type = 'passkey-revoked'
          AND e.body::jsonb->'data'->>'passkey' = p.id)`,
  ],
  [
    'passkey-changed',
    sql<At>`SELECT e.stream AS at FROM events e WHERE e.type = 'passkey-registered'
      AND NOT EXISTS (SELECT 1 FROM passkeys p WHERE p.id = e.body::jsonb->'data'->>'passkey')`,
  ],
  [
    'entry-moved',
    sql<At>`SELECT coalesce(q.dedupe, 'index ' || e.leaf_index) AS at
      FROM ledger_entries e FULL JOIN ledger_queue q ON q.id = e.queue_id
      WHERE (e.leaf_index IS NOT NULL OR q.leaf_index IS NOT NULL)
        AND (e.leaf_index IS DISTINCT FROM q.leaf_index OR e.entry IS DISTINCT FROM q.entry)`,
  ],
  // `deploy` entries are about builds and `key-event` ones about keys: they say all there is themselves.
  [
    'entry-unexplained',
    sql<At>`SELECT q.dedupe AS at FROM ledger_queue q, ${KEY} k WHERE NOT CASE k.kind
      WHEN 'intent' THEN EXISTS (SELECT 1 FROM attempts a WHERE a.serial = k.serial)
      WHEN 'void' THEN EXISTS (SELECT 1 FROM attempts a WHERE a.serial = k.serial AND a.state = 'voided')
      WHEN 'letter' THEN EXISTS (
        SELECT 1 FROM authorizations a WHERE a.id = k.id AND a.state IN ('signed', 'released'))
      WHEN 'renewal' THEN EXISTS (
        SELECT 1 FROM archives r WHERE r.authorization_id = k.id AND r.generation::text = k.step)
      WHEN 'credential' THEN EXISTS (SELECT 1 FROM passkeys p WHERE p.id = k.id)
      WHEN 'credential-end' THEN EXISTS (
        SELECT 1 FROM passkeys p WHERE p.id = k.id AND p.revoked_at IS NOT NULL)
      WHEN 'redemption' THEN EXISTS (
        SELECT 1 FROM redemptions r WHERE r.id = k.id AND k.step IN ('made', r.state))
      WHEN 'withdrawal' THEN EXISTS (SELECT 1 FROM withdrawals w WHERE w.id = k.id)
      WHEN 'hold' THEN EXISTS (
        SELECT 1 FROM holds h WHERE h.id = k.id AND (k.step = 'opened' OR h.resolved_at IS NOT NULL))
      WHEN 'end' THEN EXISTS (SELECT 1 FROM ends e WHERE e.id = k.id)
      WHEN 'access' THEN EXISTS (SELECT 1 FROM subject_releases r WHERE r.id = k.id)
      WHEN 'opening' THEN EXISTS (SELECT 1 FROM access_entries x
        WHERE x.id = k.id AND x.body::jsonb->>'purpose' = 'case')
      WHEN 'desk' THEN CASE k.id
        WHEN 'change' THEN EXISTS (SELECT 1 FROM staff_changes c WHERE c.number::text = k.step)
        WHEN 'revoked' THEN EXISTS (SELECT 1 FROM grants g WHERE g.id = k.step)
        WHEN 'ended' THEN EXISTS (SELECT 1 FROM cases c WHERE c.id = k.step)
        WHEN 'lifted' THEN EXISTS (SELECT 1 FROM access_seals s WHERE s.id = k.step)
        WHEN 'sample' THEN EXISTS (SELECT 1 FROM samples s WHERE s.id = k.step)
        ELSE false END
      WHEN 'shred' THEN EXISTS (SELECT 1 FROM restrictions r WHERE r.id = k.id)
        OR EXISTS (SELECT 1 FROM erasures e WHERE e.id = k.id)
        OR EXISTS (SELECT 1 FROM id_images i WHERE i.id = k.id AND i.destroyed_at IS NOT NULL)
      WHEN 'deploy' THEN q.entry::jsonb->>'kind' = 'deploy' AND k.id = q.entry::jsonb->>'component'
        AND k.step = q.entry::jsonb->>'digest'
      WHEN 'register' THEN EXISTS (SELECT 1 FROM register_anchors r WHERE r.number::text = k.id)
      WHEN 'report' THEN EXISTS (SELECT 1 FROM reports r WHERE r.id = k.id)
      WHEN 'key-event' THEN q.entry::jsonb->>'kind' = 'key-event'
      ELSE false END`,
  ],
];

/** At most `most` of each kind. */
export async function strayRows(tx: Tx, most: number): Promise<RecordProblem[]> {
  const problems: RecordProblem[] = [];
  for (const [code, statement] of STRAYS) {
    const { rows } = await sql<At>`SELECT s.at FROM (${statement}) s LIMIT ${most}`.execute(tx);
    problems.push(...rows.map(({ at }) => ({ code, at })));
  }
  return problems;
}
