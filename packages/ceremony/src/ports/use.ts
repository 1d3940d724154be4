import type { UseScope } from '@mandate/terms';
import type { AuthorizationRow } from './authorization.js';
import type { ReceiptRow } from './receipt.js';
import type { EndRow, HoldRow, ProposeResolution, ToldHold, WithdrawalRow } from './stop.js';

export type RedemptionState = 'reserved' | 'confirmed' | 'released';

/** The particulars of a use, as the predicate compares them with the scope. */
export interface UseParticulars {
  readonly purpose: string;
  /** Credit code of the source that is asked. */
  readonly source: string;
  /** Credit code of who receives the data. */
  readonly recipient: string;
  /** Item codes, sorted. */
  readonly items: readonly string[];
}

export interface RedemptionRow extends UseParticulars {
  readonly id: string;
  readonly authorizationId: string;
  readonly state: RedemptionState;
  /** '' where uses are counted over the whole life, else `2026`, `2026-Q4`, `2026-11` (Beijing). */
  readonly period: string;
  /** Which of the uses of that period; a released one's number is given again. */
  readonly number: number;
  /** Salted commitment to the operator, hex. */
  readonly operator: string;
  /** Who made it and what for, encrypted. */
  readonly box: Uint8Array;
  /** `kindDigest('receipt', fact)`, hex. */
  readonly digest: string;
  /** SHA-256 of the ledger entry's bytes, hex. */
  readonly ledgerEntry: string;
  /** Digest of the Idempotency-Key, and of the request keyed with it. */
  readonly requestKey: string;
  readonly requestDigest: string;
  /** Place in the status list. */
  readonly statusIndex: number;
  readonly at: Date;
  readonly reservedUntil: Date | null;
  readonly settledAt: Date | null;
  readonly settledBy: 'institution' | 'time-out' | null;
}

/** What the register is narrowed to; everything given must hold. */
export interface RedemptionFilter {
  readonly state?: RedemptionState | undefined;
  /** Credit code. */
  readonly source?: string | undefined;
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
}

/** Which use it will be, known once the authorization is locked. */
export interface UseSlot {
  readonly authorization: AuthorizationRow;
  readonly period: string;
  readonly number: number;
  readonly scope: ScopeRow;
  /** Never before the newest event of the trail. */
  readonly at: Date;
  readonly reservedUntil: Date | null;
}

export interface ScopeRow {
  readonly digest: string;
  readonly maxUses: number;
  readonly per: UseScope['per'];
  readonly fromAt: Date;
  readonly endAt: Date;
  readonly endEvent: string | null;
}

/** What a fact leaves beside its row: event data and ledger entry. */
export interface Recorded {
  readonly data: Readonly<Record<string, unknown>>;
  /** Canonical JSON. */
  readonly ledgerEntry: string;
}

/** The condition of an authorization after release, at one moment. */
export interface UseCondition {
  readonly scope: ScopeRow | null;
  /** Uses left in the period of that moment, whatever else forbids them. */
  readonly usesLeft: number;
  readonly withdrawal: WithdrawalRow | null;
  /** Open, or upheld: either forbids use. */
  readonly hold: HoldRow | null;
  readonly end: EndRow | null;
}

export interface UseReads {
  condition(authorizationId: string, at: Date): Promise<UseCondition>;
  /** Throws `not-found`; another authorization's redemption is as unknown as none. */
  redemption(authorizationId: string, id: string): Promise<RedemptionRow>;
  redemptionByKey(authorizationId: string, requestKey: string): Promise<RedemptionRow | null>;
  /** Newest first. */
  redemptions(
    authorizationId: string,
    page: RedemptionFilter & { before?: string | undefined; limit: number },
  ): Promise<readonly RedemptionRow[]>;
  holds(authorizationId: string): Promise<readonly HoldRow[]>;
  receipt(factId: string): Promise<ReceiptRow | null>;
}

/** What was agreed, as record and trail hold it; digests in hex. */
export interface Agreement {
  readonly termsBox: Uint8Array;
  readonly authorizationTerms: string;
  /** By the trail's first event. */
  readonly requestedTerms: string;
  readonly scope: UseScope;
  readonly scopeRowDigest: string;
  /** By the event of the signature. */
  readonly signedScope: string;
  /** Digest of the scope under the data key, as it was signed. */
  readonly sealedScope: Uint8Array;
}

export interface UseRecord extends UseReads {
  /** Throws `not-found` before release. */
  agreement(authorizationId: string): Promise<Agreement>;
  /** The institution's word, before the desk's. Throws `guard-refused` when the hold is no longer open. */
  propose: ProposeResolution;
  /** Asks the predicate without a lock: a cheap no. Throws the refusal. */
  checkRedeemable(authorizationId: string, use: UseParticulars, at: Date): Promise<void>;
  /**
   * The one place where a use is decided: the authorization is locked, the predicate asked, row, event and
   * ledger entry written. A row with the same request key is returned as it is. Throws the refusal,
   * `idempotency-key-reused`.
   */
  redeem(
    use: UseParticulars &
      Pick<
        RedemptionRow,
        'id' | 'authorizationId' | 'operator' | 'box' | 'requestKey' | 'requestDigest'
      >,
    /** Seconds it stays reserved; null: confirmed at once. */
    holdSeconds: number | null,
    at: Date,
    record: (slot: UseSlot) => Recorded & { digest: string; ledgerDigest: string },
  ): Promise<RedemptionRow>;
  /**
   * A reservation is settled; settled so already: as it is. Throws `illegal-transition` when it was settled
   * otherwise or its time is over.
   */
  settle(
    redemption: Pick<RedemptionRow, 'id' | 'authorizationId'>,
    to: 'confirmed' | 'released',
    at: Date,
    record: (authorization: AuthorizationRow, row: RedemptionRow) => Recorded,
  ): Promise<RedemptionRow>;
  readonly withdraw: StateOnce<Omit<WithdrawalRow, 'at'>, WithdrawalRow>;
  readonly hold: StateOnce<
    Pick<HoldRow, 'id' | 'authorizationId' | 'by' | 'reason' | 'proofKind' | 'proofRef' | 'salt'>,
    HoldRow
  >;
  readonly end: StateOnce<Omit<EndRow, 'at'>, EndRow>;
}

/**
 * What stops a released authorization: row, event and ledger entry. Stated already (of a hold: and not over): as it
 * is. Throws `not-found`, `illegal-transition` before release.
 */
export type StateOnce<Asked, Row> = (
  asked: Asked,
  at: Date,
  record: (authorization: AuthorizationRow, row: Row) => Recorded,
) => Promise<Row>;

/** Role worker: reservations past their time. */
export interface ReservationRecord {
  overdueReservations(
    at: Date,
    limit: number,
  ): Promise<readonly Pick<RedemptionRow, 'id' | 'authorizationId' | 'digest'>[]>;
  /** False when it was settled meanwhile. */
  timeOut(
    redemption: Pick<RedemptionRow, 'id' | 'authorizationId'>,
    at: Date,
    record: (authorization: AuthorizationRow, at: Date) => Recorded,
  ): Promise<boolean>;
  /** Facts signed before `before` without a timestamp, or without a receipt. */
  unstamped(before: Date, limit: number): Promise<readonly string[]>;
}

/** Role ra: what the subject is told. */
export interface UseMessageRecord {
  /** Counts one more delivery; null when `max` is reached, or the redemption is not confirmed. */
  countTell(
    redemptionId: string,
    max: number,
  ): Promise<
    (Pick<RedemptionRow, 'authorizationId' | 'source' | 'number' | 'at'> & { of: number }) | null
  >;
  /** The same of a hold, or of a resolution by its own id. */
  countHoldTell(factId: string, max: number): Promise<ToldHold | null>;
}
