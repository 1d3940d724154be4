import type { Time } from './time.js';

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
  readonly from?: Time;
  readonly end:
    | { readonly kind: 'date'; readonly at: Time }
    | { readonly kind: 'event'; readonly event: 'loan-settled'; readonly latest: Time };
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
  readonly template: string;
  readonly templateVersion: number;
  readonly businessReference: string;
  readonly letterNumber: string;
  readonly language: string;
  /** SHA-256, hex. */
  readonly termsDigest: string;
  /** SHA-256, hex, of the letter as shown. */
  readonly letterDigest: string;
  /** From the letter's digest, for the eye. */
  readonly checkCode: string;
  readonly endAt: Time;
  readonly signBy: Time;
  readonly createdAt: Time;
  /** When one authorization is read, once released. */
  readonly archiveLevel?: 'B-T' | 'B-LTA';
  readonly archiveGeneration?: number;
  readonly renewBy?: Time;
  readonly renewalOverdue?: boolean;
}

/** What a list is narrowed to; everything given must hold. */
export interface AuthorizationFilter {
  readonly state?: AuthorizationState;
  /** Id or name. */
  readonly template?: string;
  readonly businessReference?: string;
  readonly letterNumber?: string;
  readonly createdFrom?: Time;
  /** Not included. */
  readonly createdTo?: Time;
  readonly cursor?: string;
  readonly limit?: number;
}

export type SearchedSubject = Omit<AuthorizationRequest['subject'], 'phone'>;

export interface IdentityAssertionRequest {
  /** Your own number of this assertion, never the same twice. */
  readonly reference: string;
  /** System or office; no personal data of the subject. */
  readonly vouchedBy: string;
  /** How they know; no personal data of the subject. */
  readonly how: string;
  /** When they saw it; minutes ago at most. */
  readonly at: Time;
}

export interface IdentityAssertion {
  readonly authorization: string;
  /** SHA-256, hex, as trail and scene name it. */
  readonly digest: string;
  readonly at: Time;
  /** After that it is named no more. */
  readonly freshUntil: Time;
}

export interface OwnLinkRequest {
  /** Who of your staff; visible ASCII characters, no personal data of the subject. */
  readonly vouchedBy: string;
  readonly how: 'in-person' | 'video-call' | 'call-back' | 'identity-check' | 'other';
}
