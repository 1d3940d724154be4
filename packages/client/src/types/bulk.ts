import type { Time } from './time.js';

export interface BulkRequest {
  readonly format: 'ndjson' | 'csv';
  /** What makes a row the same one in another file; your business reference unless said. */
  readonly rowKey?: 'row' | 'business-reference';
}

/** An import of many requests; counts are of rows, `received` of bytes. */
export interface Bulk {
  readonly id: string;
  readonly state: 'receiving' | 'running' | 'done' | 'cancelled';
  readonly format: 'ndjson' | 'csv';
  readonly rowKey: 'row' | 'business-reference';
  readonly received: number;
  /** Null until the file is complete, like `rows`. */
  readonly digest: string | null;
  readonly rows: number | null;
  readonly done: number;
  readonly created: number;
  /** Rows that an earlier file had, with its authorizations. */
  readonly repeated: number;
  readonly refused: number;
  readonly createdAt: Time;
  readonly endedAt: Time | null;
}

/** What became of one row. */
export type RowOutcome = { readonly row: number; readonly businessReference: string | null } & (
  | { readonly authorization: string; readonly repeated?: true }
  | { readonly problem: string; readonly detail: string }
);
