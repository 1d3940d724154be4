/** The API's shapes as its OpenAPI description gives them; members may be added, none removed. */

export interface AuthorizationRequest {
  /** Id or name of a published template. */
  readonly template: string;
  readonly version?: number;
  /** Your own reference for the one thing this is about. */
  readonly businessReference: string;
  readonly language?: 'zh' | 'en';
  readonly subject: {
    readonly name: string;
    readonly idType: 'cn-resident-id' | 'passport' | 'hk-macau-permit' | 'taiwan-permit';
    readonly idNumber: string;
    readonly phone: string;
  };
  /** RFC 3339. */
  readonly from?: string;
  readonly end:
    | { readonly kind: 'date'; readonly at: string }
    | { readonly kind: 'event'; readonly event: 'loan-settled'; readonly latest: string };
  readonly uses?:
    | { readonly kind: 'count'; readonly count: number }
    | {
        readonly kind: 'recurring';
        readonly atMost: number;
        readonly per: 'month' | 'quarter' | 'year';
      };
}

export type AuthorizationState =
  | 'requested'
  | 'presented'
  | 'challenged'
  | 'confirmed'
  | 'signed'
  | 'released'
  | 'declined'
  | 'lapsed'
  | 'failed';

export interface Authorization {
  readonly id: string;
  readonly state: AuthorizationState;
  readonly businessReference: string;
  readonly letterNumber: string;
  readonly letterDigest: string;
  readonly termsDigest: string;
  readonly checkCode: string;
  readonly endAt: string;
  readonly signBy: string;
  readonly createdAt: string;
  readonly [member: string]: unknown;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Null at the end. */
  readonly nextCursor: string | null;
}

export interface RedemptionRequest {
  readonly purpose: string;
  readonly source: { readonly creditCode: string };
  /** Codes of the data items asked for. */
  readonly items: readonly string[];
  /** Who asks, at your side. */
  readonly operator: { readonly id: string; readonly name?: string };
  readonly businessReference?: string;
  readonly [member: string]: unknown;
}

export interface Redemption {
  readonly redemption: string;
  readonly state: string;
  /** Compact JWS; hand it to the data source. */
  readonly receipt: string;
  readonly [member: string]: unknown;
}
