import type { LetterFacts, LetterReads } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';

/** Role desk: what is known of letters without opening anything. */
export const letterReads = (db: Database): LetterReads => ({
  letterFacts: (ids) =>
    guarded(async () => {
      const { rows } = await sql<LetterFacts>`
        SELECT a.id, a.institution_id, i.name AS institution, a.letter_number, a.business_reference,
               a.template_id, a.template_version, a.state, a.created_at, a.end_at,
               w.at AS withdrawn_at, w.by AS withdrawn_by, h.opened_at AS frozen_at, h.reason AS frozen_why,
               e.at AS ended_at, x.at AS erased_at
        FROM unnest(${[...ids]}::text[]) AS asked (id)
        JOIN authorizations a ON a.id = asked.id
        JOIN institutions i ON i.id = a.institution_id
        LEFT JOIN withdrawals w ON w.authorization_id = a.id
        LEFT JOIN ends e ON e.authorization_id = a.id
        LEFT JOIN erasures x ON x.authorization_id = a.id
        LEFT JOIN LATERAL (
          SELECT opened_at, reason FROM holds
          WHERE authorization_id = a.id AND (resolved_at IS NULL OR outcome = 'upheld')
          ORDER BY opened_at DESC LIMIT 1) h ON true`.execute(db);
      return rows;
    }),

  usesOf: (authorizationId, { before, limit }) =>
    guarded(() =>
      db
        .selectFrom('redemptions')
        .select(['id', 'at', 'state', 'purpose', 'source', 'recipient', 'items'])
        .where('authorizationId', '=', authorizationId)
        .$if(before !== undefined, (query) => query.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),
    ),

  accessesOf: (authorizationId, { before, limit }) =>
    guarded(() =>
      db
        .selectFrom('accessEntries')
        .select(['ordinal', 'body'])
        .where('authorizationId', '=', authorizationId)
        .$if(before !== undefined, (query) => query.where('ordinal', '<', before!))
        .orderBy('ordinal', 'desc')
        .limit(limit)
        .execute(),
    ),

  archivedAt: (authorizationId) =>
    guarded(async () => {
      const rows = await db
        .selectFrom('archives')
        .select('madeAt')
        .where('authorizationId', '=', authorizationId)
        .orderBy('generation')
        .execute();
      return rows.map(({ madeAt }) => madeAt);
    }),

  freezes: (authorizationId) =>
    guarded(() =>
      db
        .selectFrom('holds')
        .select(['openedAt as from', 'reason'])
        .select(
          sql<Date | null>`CASE WHEN outcome = 'upheld' THEN NULL ELSE resolved_at END`.as('until'),
        )
        .where('authorizationId', '=', authorizationId)
        .orderBy('openedAt')
        .execute(),
    ),

  institutionNames: (id) =>
    guarded(() =>
      db
        .selectFrom('institutions')
        .select(['id', 'name'])
        .$if(id !== null, (q) => q.where('id', '=', id!))
        .orderBy('name')
        .execute(),
    ),

  partyNames: (creditCodes) =>
    guarded(async () => {
      const { rows } = await sql<{ creditCode: string; name: string }>`
        SELECT asked.code AS credit_code, coalesce(
          (SELECT name FROM institutions WHERE credit_code = asked.code LIMIT 1),
          (SELECT name FROM registry_entries WHERE credit_code = asked.code ORDER BY registered_at DESC LIMIT 1)) AS name
        FROM unnest(${[...creditCodes]}::text[]) AS asked (code)`.execute(db);
      return new Map(rows.flatMap(({ creditCode, name }) => (name ? [[creditCode, name]] : [])));
    }),
});
