import type { ErrorCode } from '@mandate/core';
import type { Institution, NewAuthorization } from '../ports.js';

export const BULK_FORMATS = ['ndjson', 'csv'] as const;
export type BulkFormat = (typeof BULK_FORMATS)[number];
export const ROW_KEYS = ['row', 'business-reference'] as const;
export type RowKey = (typeof ROW_KEYS)[number];
export const BULK_STATES = ['receiving', 'running', 'done', 'cancelled'] as const;
export type BulkState = (typeof BULK_STATES)[number];

export const BULK_LIMITS = {
  rows: 100_000,
  /** Of the whole file. */
  bytes: 128 << 20,
  rowBytes: 16 << 10,
  /** What is encrypted and stored at once; an upload holds no more than this in memory. */
  pieceBytes: 1 << 20,
  /** Pieces of one file: uploads of a few bytes each make as many. */
  pieces: 4096,
  /** Imports of one institution that have not ended. */
  open: 4,
  /** A file that grew no more for so long is given up, seconds. */
  waits: 24 * 3600,
  /** While a completion reads the file no other does, and nothing is added; one that died is waited for so long, seconds. */
  completes: 120,
  /** One institution's work at a time, whichever is over first: rows, and seconds. Then others have theirs. */
  turn: { rows: 500, seconds: 15 },
} as const;

/** One import. Counts are of rows, `received` and `readTo` of bytes. */
export interface BulkRow {
  readonly id: string;
  readonly institutionId: string;
  readonly format: BulkFormat;
  readonly rowKey: RowKey;
  readonly state: BulkState;
  readonly received: number;
  readonly pieces: number;
  /** Of the whole file, hex; null until it is complete, like `rows`. */
  readonly digest: string | null;
  readonly rows: number | null;
  /** Names of a CSV file's columns. */
  readonly columns: readonly string[] | null;
  readonly readTo: number;
  readonly done: number;
  readonly created: number;
  readonly repeated: number;
  readonly refused: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly endedAt: Date | null;
}

/** What became of one row: an authorization, of this import or an earlier one, or a problem. */
export interface RowOutcome {
  /** From 1. */
  readonly row: number;
  readonly reference: string | null;
  readonly authorizationId: string | null;
  readonly repeated: boolean;
  readonly problem: ErrorCode | null;
  readonly detail: string | null;
}

/** A row worked off, as it is written. */
export interface WorkedRow extends RowOutcome {
  /** Digest of what makes it the same row in another import; null when nothing does. */
  readonly key: string | null;
  readonly requestDigest: string | null;
  /** To be created with the outcome. */
  readonly authorization?: NewAuthorization;
}

/** Imports, as role web keeps them. Every method that changes something is one transaction. */
export interface BulkRecord {
  /** Imports of an institution that have not ended. */
  openBulks(institutionId: string): Promise<number>;
  /** Throws `bulk-limit`. */
  createBulk(
    row: Pick<BulkRow, 'id' | 'institutionId' | 'format' | 'rowKey' | 'createdAt'>,
    answer: { key: string; status: number; body: unknown },
  ): Promise<void>;
  findBulk(institutionId: string, id: string): Promise<BulkRow | null>;
  listBulks(
    institutionId: string,
    page: { before?: string | undefined; limit: number },
  ): Promise<readonly BulkRow[]>;
  /**
   * The next piece; false unless the import is still received and ends at `start`, has room for a piece, and no
   * completion reads it.
   */
  addPiece(piece: {
    id: string;
    start: number;
    size: number;
    box: Uint8Array;
    at: Date;
  }): Promise<boolean>;
  /** The piece with the byte at `offset`. */
  pieceAfter(
    id: string,
    offset: number,
  ): Promise<{ start: number; size: number; box: Uint8Array } | null>;
  /** Lets one completion read what was received, until then: false when another does, or it is not received any more. */
  beginCompletion(p: { id: string; received: number; at: Date; until: Date }): Promise<boolean>;
  /** It could not be read through; another may begin. */
  leaveCompletion(id: string, until: Date): Promise<void>;
  /** The file is complete; false when it has grown, or is not received any more. */
  startBulk(p: {
    id: string;
    received: number;
    digest: string;
    rows: number;
    columns: readonly string[] | null;
    readTo: number;
    at: Date;
  }): Promise<boolean>;
  /** False when it has ended, or is not in the state `only`. */
  cancelBulk(id: string, at: Date, only?: BulkState): Promise<boolean>;
  /** Cancels what has been waiting for the rest of its file since before `before`. */
  cancelAbandoned(before: Date, at: Date): Promise<readonly string[]>;
  outcomes(id: string, page: { after: number; limit: number }): Promise<readonly RowOutcome[]>;

  /** The oldest import nobody works on, of the institution whose turn is longest ago, for `worker` until then. */
  claimBulk(p: {
    worker: string;
    at: Date;
    until: Date;
  }): Promise<{ bulk: BulkRow; institution: Institution } | null>;
  /** Another import's row under this key that made an authorization. */
  earlierRow(
    institutionId: string,
    key: string,
  ): Promise<{ authorizationId: string; requestDigest: string } | null>;
  /**
   * The rows after the cursor with all they create, and the cursor moved on: all or nothing, once. False when
   * the cursor stands elsewhere, the import was cancelled or another works on it. Throws `version-conflict` when
   * another import has just written a row with the same key.
   */
  commitRows(p: {
    bulk: Pick<BulkRow, 'id' | 'institutionId' | 'done'>;
    worker: string;
    rows: readonly WorkedRow[];
    readTo: number;
    at: Date;
    until: Date;
  }): Promise<boolean>;
  /** All rows are done; false when it is not so. */
  finishBulk(id: string, worker: string, at: Date): Promise<boolean>;
  /** Gives a claim back. */
  releaseBulk(id: string, worker: string): Promise<void>;
}
