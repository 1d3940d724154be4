/** What became of the authorization, as Mandate last said. */
export type Standing =
  'open' | 'released' | 'declined' | 'lapsed' | 'failed' | 'withdrawn' | 'held' | 'ended';

/** The one use of the authorization, and what the bureau made of its receipt. */
export interface Use {
  readonly redemption: string;
  readonly number: number;
  readonly of: number;
  /** RFC 3339. */
  readonly at: string;
  readonly usesLeft: number;
  /** Compact JWS. */
  readonly receipt: string;
  readonly answer: BureauAnswer;
}

export type BureauAnswer =
  | { readonly answered: true; readonly report: string }
  /** Why the bureau did not answer; the use was given back. */
  | { readonly answered: false; readonly reason: string };

/** A loan application. Real lenders keep the person elsewhere; this sample keeps no more than a masked name. */
export interface Application {
  readonly number: string;
  readonly language: 'zh' | 'en';
  /** RFC 3339. */
  readonly at: string;
  readonly applicant: string;
  readonly amount: number;
  readonly authorization: string;
  readonly letterNumber: string;
  readonly checkCode: string;
  readonly standing: Standing;
  readonly use?: Use;
  /** Code of the last refused use. */
  readonly refusal?: string;
  /** Verified webhooks about it, in the order they came. */
  readonly heard: readonly { readonly type: string; readonly at: string }[];
}
