import type { AnchorState, AuditReads, Conversion, Looks, SharedNumber } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';
import { firstId } from './register-reads.js';
import { registered } from './register-rows.js';

/** Rows of a page where all are read. */
const PAGE = 2000;

/** Role desk: what the auditor's view is made from. */
export const auditReads = (db: Database): AuditReads => ({
  ledgerState: () =>
    guarded(async () => {
      const size = await db.selectFrom('ledgerHead').select('size').executeTakeFirstOrThrow();
      const published = await db
        .selectFrom('ledgerPublished')
        .select('size')
        .executeTakeFirstOrThrow();
      const head = await db
        .selectFrom('ledgerCheckpoints')
        .select(['size', 'root', 'madeAt as at'])
        .orderBy('size', 'desc')
        .limit(1)
        .executeTakeFirst();
      const witnesses = await sql<{ name: string; size: number; at: Date }>`
        SELECT DISTINCT ON (witness) witness AS name, size, made_at AS at
        FROM ledger_cosignatures ORDER BY witness, size DESC`.execute(db);
      const stamped = await db
        .selectFrom('ledgerStamps')
        .select(['size', 'stampedAt as at'])
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      const waiting = await sql<{ n: number }>`
        SELECT count(*) AS n FROM ledger_queue WHERE leaf_index IS NULL`.execute(db);
      return {
        ...{ size: size.size, published: published.size, waiting: waiting.rows[0]!.n },
        ...{ head: head ?? null, witnesses: witnesses.rows, stamped: stamped ?? null },
      };
    }),

  registerAnchors: (limit) =>
    guarded(() =>
      db
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (tx) => {
          const { rows } = await sql<AnchorState & { untilId: string; after: string }>`
          SELECT r.number, r.openings, r.digest, r.made_at, r.until_id, l.entry,
                 coalesce((SELECT p.until_id FROM register_anchors p WHERE p.number = r.number - 1), '') AS after
          FROM register_anchors r
          LEFT JOIN ledger_queue q ON q.dedupe = 'register:' || r.number
          LEFT JOIN ledger_entries l ON l.leaf_index = q.leaf_index
          ORDER BY r.number DESC LIMIT ${limit}`.execute(tx);
          const anchors: AnchorState[] = [];
          for (const { untilId, after, ...anchor } of rows) {
            const covered = await registered(tx, after, untilId, anchor.openings + 1);
            anchors.push({ ...anchor, digests: covered.map(({ digest }) => digest) });
          }
          const kept = await sql<{ n: number }>`
          SELECT count(*) AS n FROM ledger_entries WHERE (entry::jsonb->>'kind') = 'register'`.execute(
            tx,
          );
          return { anchors, inLedger: kept.rows[0]!.n };
        }),
    ),

  unanchored: () =>
    guarded(async () => {
      const { rows } = await sql<{ entries: number; first: string | null; openings: number }>`
        WITH last AS (SELECT coalesce(max(until_id), '') AS id FROM register_anchors)
        SELECT (SELECT count(*) FROM access_entries, last WHERE access_entries.id > last.id)
             + (SELECT count(*) FROM desk_register, last WHERE desk_register.id > last.id) AS entries,
               least((SELECT min(access_entries.id) FROM access_entries, last WHERE access_entries.id > last.id),
                     (SELECT min(desk_register.id) FROM desk_register, last WHERE desk_register.id > last.id)) AS first,
               (SELECT count(*) FROM access_entries x
                WHERE (x.body::jsonb->>'purpose') = 'case' AND NOT EXISTS (
                  SELECT 1 FROM ledger_queue q WHERE q.dedupe = 'opening:' || x.id AND q.leaf_index IS NOT NULL)
               ) AS openings`.execute(db);
      return rows[0]!;
    }),

  deskRegister: async function* () {
    let after = { staff: '', ordinal: 0 };
    for (;;) {
      const { rows } = await guarded(() =>
        sql<{ staff: string; ordinal: number; id: string; body: string; digest: string }>`
          SELECT staff_id AS staff, ordinal, id, body, digest FROM desk_register
          WHERE (staff_id, ordinal) > (${after.staff}, ${after.ordinal})
          ORDER BY staff_id, ordinal LIMIT ${PAGE}`.execute(db),
      );
      yield* rows;
      if (rows.length < PAGE) return;
      after = rows.at(-1)!;
    }
  },

  sharedNumbers: ({ institutionId, from, until, least }) =>
    guarded(async () => {
      const { rows } = await sql<SharedNumber>`
        SELECT people, letters, institutions, some_letters FROM shared_numbers(
          ${institutionId}, ${firstId('authorization', from)}, ${firstId('authorization', until)}, ${least})`.execute(
        db,
      );
      return rows;
    }),

  conversions: ({ institutionId, from, until }) =>
    guarded(async () => {
      const { rows } = await sql<Conversion>`
        SELECT a.institution_id, count(DISTINCT h.authorization_id) AS challenged,
               count(DISTINCT c.authorization_id) AS confirmed
        FROM challenges h JOIN authorizations a ON a.id = h.authorization_id
        LEFT JOIN confirmations c ON c.challenge_id = h.id
        WHERE h.id >= ${firstId('challenge', from)} AND h.id < ${firstId('challenge', until)}
          AND (${institutionId}::text IS NULL OR a.institution_id = ${institutionId})
        GROUP BY a.institution_id ORDER BY a.institution_id`.execute(db);
      return rows;
    }),

  looks: ({ institutionId, from, until }) =>
    guarded(async () => {
      const [first, last] = [firstId('access', from), firstId('access', until)];
      const { rows } = await sql<Looks>`
        WITH looked AS (
          SELECT staff_id, kind, 1 AS n FROM desk_register WHERE id >= ${first} AND id < ${last}
          UNION ALL
          SELECT substr(body::jsonb->>'actor', 7), 'opening', 1 FROM access_entries
          WHERE (body::jsonb->>'purpose') = 'case' AND id >= ${first} AND id < ${last}
          UNION ALL
          SELECT substr(body::jsonb->>'by', 7), 'decision', 1 FROM case_events
          WHERE type = 'stepped' AND body::jsonb->>'by' LIKE 'staff:%'
            AND body::jsonb->>'step' IN ('certified', 'closed', 'rejected')
            AND (body::jsonb->>'at')::timestamptz >= ${from} AND (body::jsonb->>'at')::timestamptz < ${until})
        SELECT s.id AS staff_id,
               count(*) FILTER (WHERE l.kind = 'search') AS searches,
               count(*) FILTER (WHERE l.kind = 'opening') AS openings,
               count(*) FILTER (WHERE l.kind = 'refusal') AS refusals,
               count(*) FILTER (WHERE l.kind = 'decision') AS decisions
        FROM looked l JOIN staff s ON s.id = l.staff_id
        WHERE ${institutionId}::text IS NULL OR s.institution_id = ${institutionId}
        GROUP BY s.id ORDER BY s.id`.execute(db);
      return rows;
    }),
});
