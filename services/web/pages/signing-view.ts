/** What the server tells the page; members with `?` appear only once the step is reached. */
export interface SigningView {
  /** Named with every later call. */
  readonly visit: string;
  readonly step: 'gate' | 'read' | 'code' | 'sign' | 'wait' | 'done' | 'ended';
  readonly state: string;
  readonly language: 'zh' | 'en';
  readonly institution: {
    readonly name: string;
    readonly contact: string;
    readonly complaints: string;
  };
  readonly letterNumber?: string;
  readonly keyTerms?: readonly {
    readonly id: string;
    readonly label: string;
    readonly text: string;
  }[];
  readonly clauses?: readonly { readonly id: string; readonly text: string }[];
  readonly subject?: {
    readonly maskedName: string;
    readonly maskedPhone: string;
    readonly maskedIdNumber: string;
  };
  /** `digest`: lower-case hex SHA-256. */
  readonly letter?: { readonly digest: string; readonly checkCode: string; readonly size: number };
  readonly minimumReadingSeconds?: number;
  readonly triesLeft?: number;
  readonly challenge?: ChallengeView;
  /** While the step is `sign`: until when the confirmation is good, RFC 3339. */
  readonly confirmationGoodUntil?: string;
  /** While the signature waits for a timestamp: from then on it is void, RFC 3339. */
  readonly stampUntil?: string;
  readonly end?: string;
}

export interface ChallengeView {
  readonly letterDigest: string;
  readonly sceneDigest: string;
  readonly serverNonce: string;
  readonly checkCode: string;
  readonly maskedPhone: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  readonly resendAt: string;
}

/** Answer to an attempt; binary members are base64url. */
export interface MaterialView {
  readonly attemptId: string;
  readonly certificate: string;
  readonly issuer: string;
  readonly update: string;
  readonly signedAttributes: string;
  readonly notAfter: string;
}

export const DECLINE_REASONS = [
  'someone-is-telling-me',
  'refused',
  'details-wrong',
  'not-me',
] as const;
export type DeclineReason = (typeof DECLINE_REASONS)[number];
