import type {
  AuditReads,
  GenerationReads,
  HoldRecord,
  LedgerStandingReads,
  LetterReads,
  RegisterReads,
  ReportRecord,
} from '@mandate/ceremony';
import { auditReads } from '../desk/audit-reads.js';
import type { Database } from '../connect.js';
import { generationReads } from '../authorizations/generation-rows.js';
import { holdRows } from '../authorizations/hold-rows.js';
import { letterReads } from '../desk/letter-reads.js';
import { commonReads } from '../authorizations/reads.js';
import { ledgerStandingReads } from '../inspect/inspect-ledger.js';
import { registerReads } from '../desk/register-reads.js';
import { reportRows } from '../authorizations/report-rows.js';

/** What role desk may: read authorizations, trails, inclusion proofs, what was added to bundles, resolve holds, and make reports. */
export interface DeskRecord
  extends HoldRecord, GenerationReads, ReportRecord, RegisterReads, AuditReads, LetterReads {
  readonly publishedSize: LedgerStandingReads['publishedSize'];
}

export const deskRecord = (db: Database): DeskRecord => ({
  ...commonReads(db),
  ...holdRows(db),
  ...reportRows(db),
  ...generationReads(db),
  ...registerReads(db),
  ...auditReads(db),
  ...letterReads(db),
  publishedSize: ledgerStandingReads(db).publishedSize,
});
