import type {
  Institution,
  ReconciliationRecord,
  SampleRecord,
  TemplateRecord,
} from '@mandate/ceremony';
import type { Database } from '../connect.js';
import { commonReads } from '../authorizations/reads.js';
import { reconciliationRows } from '../desk/reconciliation-rows.js';
import { sampleRows } from '../desk/sample-rows.js';
import { templateRows } from '../institutions/template-rows.js';

/** Role desk: what is done with many authorizations, or before there is one. */
export interface DeskReviewRecord {
  readonly reconciliations: ReconciliationRecord;
  readonly samples: SampleRecord;
  readonly templates: TemplateRecord;
  readonly institutions: {
    /** Throws `not-found`. */
    read(id: string): Promise<Institution>;
  };
}

export const deskReviewRecord = (db: Database): DeskReviewRecord => ({
  reconciliations: reconciliationRows(db),
  samples: sampleRows(db),
  templates: templateRows(db),
  institutions: {
    read: (id) => commonReads(db).institution(id),
  },
});
