import type { Time } from './time.js';

export interface Person {
  readonly id: string;
  readonly name?: string;
}

export interface Party {
  /** Unified social credit code. */
  readonly creditCode: string;
}

export interface RedemptionRequest {
  readonly purpose:
    | 'loan-approval'
    | 'credit-card-approval'
    | 'guarantee-review'
    | 'post-loan-management'
    | 'credit-reporting'
    | 'income-verification'
    | 'identity-verification'
    | 'fraud-prevention';
  readonly source: Party;
  /** Default: the institution itself. */
  readonly recipient?: Party;
  /** Codes of the data items asked for. */
  readonly items: readonly string[];
  /** Who asks, at your side. */
  readonly operator: Person;
  readonly approver?: Person;
  readonly businessReference?: string;
  /** Reserve for ten minutes only; confirm or release when the source has answered or not. */
  readonly hold?: boolean;
}

/** One use. */
export interface Redemption {
  readonly redemption: string;
  readonly authorization: string;
  readonly state: 'reserved' | 'confirmed' | 'released';
  readonly purpose: string;
  readonly source: Party;
  readonly recipient: Party;
  readonly items: readonly string[];
  /** Which use it is. */
  readonly number: number;
  /** Of how many, in each period where uses recur. */
  readonly of: number;
  /** Beijing calendar: `2026-11`, `2026-Q4` or `2026`. */
  readonly period?: string;
  readonly at: Time;
  /** Unless confirmed before, the use comes back. */
  readonly reservedUntil?: Time;
  readonly settledAt?: Time;
  readonly timedOut?: boolean;
}

export interface MadeRedemption extends Redemption {
  /** Compact JWS; hand it to the data source. */
  readonly receipt: string;
  /** RFC 3161 token over the receipt's bytes, base64url; null until it is stamped. */
  readonly timestamp: string | null;
  readonly usesLeft: number;
}

export interface ListedRedemption extends Redemption {
  readonly operator: Person;
  readonly approver?: Person;
  readonly businessReference?: string;
  readonly receipt: string | null;
  readonly timestamp: string | null;
  /** What the receipt's `operator` was made of: HMAC-SHA-256 under the salt (base64url) of field, a zero byte and value. */
  readonly operatorCommitment?: {
    readonly commitment: string;
    readonly field: string;
    readonly salt: string;
    readonly value: string;
  };
}

export interface UseFilter {
  readonly state?: Redemption['state'];
  readonly source?: string;
  readonly from?: Time;
  /** Not included. */
  readonly to?: Time;
  readonly cursor?: string;
  readonly limit?: number;
}

/** Whether and how often an authorization can still be used, as of now. */
export interface Condition {
  readonly authorization: string;
  readonly redeemable: boolean;
  readonly usesLeft: number;
  readonly withdrawnAt: Time | null;
  readonly onHoldSince: Time | null;
  readonly endedAt: Time | null;
  readonly withdrawalReceipt: string | null;
  readonly withdrawalTimestamp: string | null;
}

export interface OrderReference {
  readonly reference: string;
  readonly url: string;
  /** SVG of the address. */
  readonly qr: string;
}

export interface Order {
  readonly reference: string;
  readonly state: 'not-signed' | 'signed' | 'not-granted' | 'over';
}
