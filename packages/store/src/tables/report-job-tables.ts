import type {
  FilingFileRow,
  ReportActRow,
  ReportFileRow,
  ReportItemRow,
  ReportJobRow,
  ReportOrder,
} from '@mandate/ceremony';
import type { ColumnType } from 'kysely';
import type { Fixed } from './fixed.js';

/** Reports made at the desk. */
export interface ReportJobTables {
  reportActs: { [K in keyof ReportActRow]: Fixed<ReportActRow[K]> };
  reportAnchors: { digest: Fixed<string>; body: Fixed<string> };
  reportJobs: {
    [K in keyof Omit<ReportJobRow, 'languages' | 'state' | 'why' | 'changedAt'>]: Fixed<
      ReportJobRow[K]
    >;
  } & {
    languages: Fixed<('zh' | 'en')[]>;
    state: ReportJobRow['state'];
    why: ColumnType<string | null, undefined, string | null>;
    changedAt: Date;
    worker: ColumnType<string | null, undefined, string>;
    leasedUntil: ColumnType<Date | null, undefined, Date | null>;
  };
  reportJobOrders: { [K in keyof ReportOrder]: Fixed<ReportOrder[K]> } & {
    request: Fixed<string | null>;
    jobId: Fixed<string>;
    nth: Fixed<number>;
  };
  reportItems: {
    jobId: Fixed<string>;
    ordinal: Fixed<number>;
    authorizationId: Fixed<string>;
    state: ReportItemRow['state'];
    why: ColumnType<string | null, undefined, string>;
    reportId: ColumnType<string | null, undefined, string | null>;
    madeAt: ColumnType<Date | null, undefined, Date | null>;
    facts: ColumnType<string | null, undefined, string | null>;
    tries: ColumnType<number, undefined, number>;
    worker: ColumnType<string | null, undefined, string>;
    leasedUntil: ColumnType<Date | null, undefined, Date | null>;
    indication: ColumnType<string | null, undefined, string>;
    subIndication: ColumnType<string | null, undefined, string | null>;
    endedAt: ColumnType<Date | null, undefined, Date>;
  };
  reportFiles: { [K in keyof ReportFileRow]: Fixed<ReportFileRow[K]> } & {
    reportId: Fixed<string>;
  };
  reportFilings: { [K in keyof FilingFileRow]: Fixed<FilingFileRow[K]> } & {
    jobId: Fixed<string>;
    madeAt: Fixed<Date>;
  };
}
