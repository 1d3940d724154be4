import type { ComparedPart } from '@mandate/core';
import type { PurposeCode } from '@mandate/terms';
import type {
  LoggedQuery,
  QueryKind,
  QueryOutcome,
  UsedAuthorization,
  UseKind,
} from './match-queries.js';
import type { FaultyLine } from './query-log.js';

/**
 * `receiving`: the log arrives; `matching`: queries are compared with uses; `searching`: for uses without a query;
 * `refused`: the log could not be read, nothing of it is kept; `failed`: the work did not get on, `abandoned`: somebody
 * ended it; what had been found stays.
 */
export const RECONCILIATION_STATES = [
  'receiving',
  'matching',
  'searching',
  'done',
  'refused',
  'failed',
  'abandoned',
] as const;
export type ReconciliationState = (typeof RECONCILIATION_STATES)[number];

/** One log of one source, compared with the uses of one institution. */
export interface ReconciliationRow {
  readonly id: string;
  readonly institutionId: string;
  /** Unified social credit code of the source that wrote the log. */
  readonly source: string;
  /** Uses from then on, and before `to`, should stand in the log. */
  readonly from: Date;
  readonly to: Date;
  /** How long after a use its query may come. */
  readonly windowMinutes: number;
  readonly state: ReconciliationState;
  readonly madeBy: string;
  readonly madeAt: Date;
  /** Queries kept so far, and a digest over how they stand in the file: a restart goes on behind them. */
  readonly received: number;
  readonly chain: string;
  /** SHA-256 of the file, hex, and its size; null until it has arrived whole. */
  readonly digest: string | null;
  readonly bytes: number | null;
  /** Authorization, then redemption, up to which the work is done. */
  readonly reached: string;
  /** Why the log was refused. */
  readonly faults: readonly FaultyLine[];
  readonly endedAt: Date | null;
  /** What was compared was destroyed then; the figures stay. */
  readonly sweptAt: Date | null;
}

/** A query as it is kept: no operator, no subject, no reference. */
export interface KeptQuery {
  readonly line: number;
  readonly query: string;
  readonly at: Date;
  readonly purpose: PurposeCode;
  readonly authorizationId: string | null;
  /** Uses near it in time that its operator may have made. */
  readonly agreeing: readonly string[];
  readonly subjectDiffers: boolean;
  readonly withheld: readonly ComparedPart[];
  readonly kind: QueryKind | null;
}

/** An authorization that a line of the log may mean. */
export interface NamedAuthorization {
  readonly id: string;
  readonly letterNumber: string;
  readonly businessReference: string;
  readonly createdAt: Date;
  /** Null: never signed. */
  readonly purpose: string | null;
  readonly fromAt: Date | null;
  readonly endAt: Date | null;
}

export interface NearUse {
  readonly id: string;
  readonly authorizationId: string;
  readonly at: Date;
}

export interface ReconciliationFinding {
  readonly kind: QueryKind | UseKind;
  readonly line: number | null;
  readonly query: string | null;
  readonly at: Date;
  readonly authorizationId: string | null;
  readonly redemptionId: string | null;
}

export type ReconciliationCounts = Readonly<Partial<Record<QueryKind | UseKind, number>>>;

/** Role desk. Every step is one transaction that names what it began with: repeated, it does nothing. */
export interface ReconciliationRecord {
  /** Throws `not-found` for an unknown institution. */
  createRun(row: ReconciliationRow): Promise<void>;
  run(id: string): Promise<ReconciliationRow | null>;
  /** Newest first. */
  runs(p: {
    institutionId?: string | undefined;
    before?: string | undefined;
    limit: number;
  }): Promise<readonly ReconciliationRow[]>;

  namedAuthorizations(
    institutionId: string,
    names: Readonly<Record<'id' | 'letter' | 'reference', readonly string[]>>,
  ): Promise<readonly NamedAuthorization[]>;
  usesNear(
    authorizationIds: readonly string[],
    source: string,
    from: Date,
    to: Date,
  ): Promise<readonly NearUse[]>;
  /** All of them or none: another upload was faster, or these lines name a query that stands there already. */
  addQueries(p: {
    run: Pick<ReconciliationRow, 'id' | 'received'>;
    rows: readonly KeptQuery[];
    chain: string;
    at: Date;
  }): Promise<{ kept: boolean; repeated: readonly number[] }>;
  completeLog(p: {
    run: Pick<ReconciliationRow, 'id' | 'received'>;
    digest: string;
    bytes: number;
    at: Date;
  }): Promise<boolean>;
  /** The run is over, its queries are deleted. */
  refuseRun(id: string, faults: readonly FaultyLine[], at: Date): Promise<void>;

  /** False: it was over already. */
  abandonRun(id: string, at: Date): Promise<boolean>;

  /**
   * A run that waits for work, leased; null: none. Logs of one source and institution are worked off one after the
   * other, so that each sees what the others matched. Ends those that three leases did not move.
   */
  claimRun(p: { worker: string; at: Date; until: Date }): Promise<ReconciliationRow | null>;
  /** Authorizations of about `limit` next queries behind `after`, with what is needed to judge all of theirs. */
  nextAuthorizations(
    run: Pick<ReconciliationRow, 'id' | 'source'>,
    after: string,
    limit: number,
  ): Promise<readonly { id: string; known: UsedAuthorization; queries: readonly LoggedQuery[] }[]>;
  /** False: the lease has gone to somebody else. */
  nameQueries(p: {
    run: Pick<ReconciliationRow, 'id' | 'reached'>;
    worker: string;
    outcomes: readonly QueryOutcome[];
    /** Null: there were no more. */
    reached: string | null;
    at: Date;
    until: Date;
  }): Promise<boolean>;
  /**
   * Notes uses of the next redemptions that have no query, in this log or in one matched before: those of the period,
   * the last of it as late, and those an earlier log that ends where this one begins, or later, noted as late.
   */
  noteUnqueried(p: {
    run: ReconciliationRow;
    worker: string;
    limit: number;
    at: Date;
    until: Date;
  }): Promise<'moved' | 'done' | 'lost'>;
  leaveRun(id: string, worker: string): Promise<void>;

  counts(runId: string): Promise<ReconciliationCounts>;
  /** By line, then uses without a query; `matched` ones only where asked for. */
  findings(p: {
    runId: string;
    kind?: QueryKind | UseKind | undefined;
    after?: string | undefined;
    limit: number;
  }): Promise<{ items: readonly ReconciliationFinding[]; next: string | null }>;
}
