import type { BulkFormat, BulkState, RowKey } from '@mandate/ceremony';
import type { Generated } from 'kysely';
import type { Fixed } from './fixed.js';

/** Counters, settings, imports. */
export interface OperationTables {
  limits: { scope: string; key: string; windowStart: Date; count: number };
  quotas: { scope: string; key: string; windowStart: Date; count: number };
  settings: { name: string; value: string };
  bulks: {
    id: Fixed<string>;
    institutionId: Fixed<string>;
    format: Fixed<BulkFormat>;
    rowKey: Fixed<RowKey>;
    state: Generated<BulkState>;
    received: Generated<number>;
    pieces: Generated<number>;
    digest: Generated<string | null>;
    rows: Generated<number | null>;
    columns: Generated<string[] | null>;
    readTo: Generated<number>;
    done: Generated<number>;
    created: Generated<number>;
    repeated: Generated<number>;
    refused: Generated<number>;
    worker: Generated<string | null>;
    leasedUntil: Generated<Date | null>;
    servedAt: Generated<Date | null>;
    createdAt: Fixed<Date>;
    updatedAt: Date;
    endedAt: Generated<Date | null>;
  };
  bulkPieces: {
    bulkId: Fixed<string>;
    start: Fixed<number>;
    size: Fixed<number>;
    box: Fixed<Uint8Array>;
  };
  bulkOutcomes: {
    bulkId: Fixed<string>;
    row: Fixed<number>;
    institutionId: Fixed<string>;
    reference: Fixed<string | null>;
    key: Fixed<string | null>;
    requestDigest: Fixed<string | null>;
    authorizationId: Fixed<string | null>;
    repeated: Fixed<boolean>;
    problem: Fixed<string | null>;
    detail: Fixed<string | null>;
  };
}
