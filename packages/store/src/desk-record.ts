import type {
  AuditReads,
  GenerationReads,
  HoldRecord,
  LetterReads,
  RegisterReads,
  ReportRecord,
} from '@mandate/ceremony';
import { auditReads } from './audit-reads.js';
import type { Database } from './connect.js';
import { generationReads } from './generation-rows.js';
import { holdRows } from './hold-rows.js';
import { letterReads } from './letter-reads.js';
import { commonReads } from './reads.js';
import { registerReads } from './register-reads.js';
import { reportRows } from './report-rows.js';

/** What role desk may: read authorizations, trails, inclusion proofs, what was added to bundles, resolve holds, and make reports. */
export interface DeskRecord
  extends HoldRecord, GenerationReads, ReportRecord, RegisterReads, AuditReads, LetterReads {}

export const deskRecord = (db: Database): DeskRecord => ({
  ...commonReads(db),
  ...holdRows(db),
  ...reportRows(db),
  ...generationReads(db),
  ...registerReads(db),
  ...auditReads(db),
  ...letterReads(db),
});
