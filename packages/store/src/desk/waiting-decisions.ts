import type { CaseRecord, SealRow, WaitingOutcome } from '@mandate/ceremony';
import { sql } from 'kysely';
import { guarded, type Database } from '../connect.js';

/** Role desk: what waits for somebody to agree, beside grants. */
export const waitingDecisions = (
  db: Database,
): Pick<CaseRecord, 'waitingOutcomes' | 'waitingSeals'> => ({
  waitingOutcomes: ({ institutionId, limit }) =>
    guarded(async () => {
      const { rows } = await sql<WaitingOutcome>`
        SELECT h.id AS hold_id, c.id AS case_id, c.number AS case_number, c.institution_id, h.outcome,
               h.proposed_by, h.proposed_at
        FROM cases c JOIN holds h ON h.id = c.hold_id
        WHERE c.step NOT IN ('closed', 'rejected') AND h.resolved_at IS NULL AND h.proposed_at IS NOT NULL
          AND (${institutionId ?? null}::text IS NULL OR c.institution_id = ${institutionId ?? null})
        ORDER BY h.proposed_at, h.id LIMIT ${limit}`.execute(db);
      return rows;
    }),

  waitingSeals: ({ institutionId, at, limit }) =>
    guarded(async () => {
      const { rows } = await sql<SealRow & { caseNumber: string }>`
        SELECT s.id, s.case_id, s.legal_basis, s.until, s.asked_by, s.asked_at, s.approved_by, s.approved_session,
               s.approved_at, s.agreement_id, s.lifted_at, c.number AS case_number
        FROM access_seals s JOIN cases c ON c.id = s.case_id
        WHERE s.approved_by IS NULL AND s.lifted_at IS NULL AND s.until > ${at}
          AND s.asked_at > ${at}::timestamptz - interval '7 days' AND c.step NOT IN ('closed', 'rejected')
          AND (${institutionId ?? null}::text IS NULL OR c.institution_id = ${institutionId ?? null})
        ORDER BY s.asked_at, s.id LIMIT ${limit}`.execute(db);
      return rows;
    }),
});
