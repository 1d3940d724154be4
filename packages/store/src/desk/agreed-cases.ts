import type { CaseRecord } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';

interface OfCase {
  readonly caseId: string | null;
  readonly caseNumber: string | null;
}

/** Role desk: where grants, disputes, seals and templates are looked at. */
export const agreedCases = (db: Database): Pick<CaseRecord, 'agreedAbout'> => ({
  agreedAbout: (subjects) =>
    guarded(async () => {
      if (subjects.length === 0) return new Map();
      const ids = sql`${[...subjects]}::text[]`;
      // a template with its version behind a slash
      const { rows } = await sql<{ subject: string; institutionId: string } & OfCase>`
        SELECT s.subject, c.institution_id, c.id AS case_id, c.number AS case_number FROM cases c JOIN (
          SELECT g.id AS subject, g.case_id FROM grants g WHERE g.id = ANY (${ids})
          UNION ALL SELECT a.id, a.case_id FROM access_seals a WHERE a.id = ANY (${ids})
          UNION ALL SELECT k.hold_id, k.id FROM cases k WHERE k.hold_id = ANY (${ids})) s ON s.case_id = c.id
        UNION ALL SELECT s.subject, t.institution_id, NULL, NULL FROM unnest(${ids}) AS s (subject)
        JOIN templates t ON t.id = split_part(s.subject, '/', 1)`.execute(db);
      return new Map(rows.map(({ subject, ...about }) => [subject, about]));
    }),
});
