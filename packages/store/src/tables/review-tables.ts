import type { ComparedValue, KeptQuery, ReconciliationRow, SampleRow } from '@mandate/ceremony';
import type { ColumnType } from 'kysely';
import type { Fixed } from './fixed.js';

/** Reconciliations and samples. */
export interface ReviewTables {
  reconciliations: {
    [K in Exclude<keyof ReconciliationRow, 'faults'>]: ReconciliationRow[K];
  } & {
    faults: ColumnType<ReconciliationRow['faults'], string, string>;
    sweptCounts: ColumnType<Record<string, number> | null, undefined, never>;
    updatedAt: Date;
    worker: ColumnType<string | null, undefined, string | null>;
    leasedUntil: ColumnType<Date | null, undefined, Date | null>;
    attempts: ColumnType<number, undefined, number>;
  };
  reconciliationQueries: {
    [K in Exclude<keyof KeptQuery, 'agreeing' | 'withheld'>]: KeptQuery[K];
  } & {
    runId: Fixed<string>;
    agreeing: Fixed<string[]>;
    withheld: Fixed<KeptQuery['withheld'][number][]>;
    redemptionId: string | null;
  };
  reconciliationUnqueried: {
    runId: Fixed<string>;
    redemptionId: Fixed<string>;
    late: Fixed<boolean>;
  };
  comparedValues: { [K in keyof ComparedValue]: Fixed<ComparedValue[K]> } & {
    staffId: Fixed<string>;
    at: Fixed<Date>;
  };
  samples: { [K in keyof SampleRow]: SampleRow[K] };
  sampleItems: {
    sampleId: Fixed<string>;
    ordinal: Fixed<number>;
    itemId: Fixed<string>;
    authorizationId: Fixed<string>;
  };
  sampleFindings: {
    sampleId: Fixed<string>;
    ordinal: Fixed<number>;
    number: Fixed<number>;
    finding: Fixed<string>;
    note: Fixed<string>;
    staffId: Fixed<string>;
    at: Fixed<Date>;
  };
}
