import type {
  Institution,
  ReconciliationRecord,
  SampleRecord,
  TemplateRecord,
} from '@mandate/ceremony';
import { guarded, type Database } from './connect.js';
import { commonReads } from './reads.js';
import { reconciliationRows } from './reconciliation-rows.js';
import { sampleRows } from './sample-rows.js';
import { templateRows } from './template-rows.js';

/** Role desk: what is done with many authorizations, or before there is one. */
export interface DeskReviewRecord {
  readonly reconciliations: ReconciliationRecord;
  readonly samples: SampleRecord;
  readonly templates: TemplateRecord;
  readonly institutions: {
    /** Throws `not-found`. */
    read(id: string): Promise<Institution>;
    /** By name. */
    list(): Promise<readonly Pick<Institution, 'id' | 'name' | 'creditCode'>[]>;
  };
}

export const deskReviewRecord = (db: Database): DeskReviewRecord => ({
  reconciliations: reconciliationRows(db),
  samples: sampleRows(db),
  templates: templateRows(db),
  institutions: {
    read: (id) => commonReads(db).institution(id),
    list: () =>
      guarded(() =>
        db
          .selectFrom('institutions')
          .select(['id', 'name', 'creditCode'])
          .orderBy('name')
          .execute(),
      ),
  },
});
