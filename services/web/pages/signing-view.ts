import type { Logo } from './ui/logo-image.js';

/** What the server tells the page; members with `?` appear only once the step is reached. */
export interface SigningView {
  /** Named with every later call. */
  readonly visit: string;
  readonly authorization: string;
  /** In a frame: whose pages may hold it; `topLevelOnly`: it must be handed over to a full page. */
  readonly framed?: { readonly origins: readonly string[]; readonly topLevelOnly: boolean };
  /** Where a full page leads back to; the outcome is added. */
  readonly returnUrl?: string;
  readonly step: 'gate' | 'read' | 'identity' | 'code' | 'sign' | 'wait' | 'done' | 'ended';
  readonly state: string;
  readonly language: 'zh' | 'en';
  readonly institution: {
    readonly name: string;
    /** Unified social credit code. */
    readonly creditCode?: string;
    readonly contact: string;
    readonly complaints: string;
    readonly logo?: Logo;
  };
  readonly letterNumber?: string;
  /** The letter's title, in its language. */
  readonly title?: string;
  readonly keyTerms?: readonly {
    readonly id: string;
    readonly label: string;
    readonly text: string;
  }[];
  /** `explain`: plain words of the template for the clause. */
  readonly clauses?: readonly {
    readonly id: string;
    readonly text: string;
    readonly explain?: string;
  }[];
  readonly items?: readonly DataItem[];
  readonly recipients?: readonly Recipient[];
  /** The letter's text, from the same terms and the same code that fed the PDF. */
  readonly letterSections?: readonly LetterSection[];
  readonly subject?: {
    readonly maskedName: string;
    readonly maskedPhone: string;
    readonly maskedIdNumber: string;
  };
  /** `digest`: lower-case hex SHA-256. */
  readonly letter?: { readonly digest: string; readonly checkCode: string; readonly size: number };
  readonly minimumReadingSeconds?: number;
  /** All of them are asked for. */
  readonly measures?: readonly ('sms-code' | 'passkey')[];
  /** Before this no code is sent: the template's policy wants a pause. RFC 3339. */
  readonly pauseUntil?: string;
  /** A code may be heard by telephone. */
  readonly voice?: boolean;
  /** In the step `identity`: what must still be shown of the person, in the order of asking. */
  readonly identity?: IdentityView;
  readonly triesLeft?: number;
  readonly challenge?: ChallengeView;
  /** Several letters in one sitting; the view shows one of them. */
  readonly set?: SetView;
  /** While the step is `sign`: until when the confirmation is good, RFC 3339. */
  readonly confirmationGoodUntil?: string;
  /** While the signature waits for a timestamp: from then on it is void, RFC 3339. */
  readonly stampUntil?: string;
  readonly end?: string;
}

export interface IdentityView {
  readonly steps: readonly {
    /** How many more of the options are needed. */
    readonly missing: number;
    readonly options: readonly IdentityOption[];
  }[];
}

export interface IdentityOption {
  readonly check:
    'police-id' | 'network-id' | 'carrier-name' | 'bank-card' | 'face' | 'institution';
  readonly state: 'open' | 'matched' | 'failed';
  readonly provider?: { readonly operator: string; readonly simulated: boolean };
  readonly input: 'none' | 'card' | 'credential';
  readonly available: boolean;
}

export interface SetView {
  readonly id: string;
  /** 1-based, of the letter this view shows. */
  readonly position: number;
  readonly letters: readonly SetLetterView[];
}

export interface SetLetterView {
  readonly authorization: string;
  readonly title: string;
  readonly letterNumber: string;
  /** The institution can go on without it. */
  readonly optional: boolean;
  readonly choice: 'open' | 'accepted' | 'refused';
  readonly state: string;
  /** Signed by the subject; its signature is being completed. */
  readonly waiting: boolean;
  /** Once the code was asked for: what this letter's key answers. */
  readonly challenge?: Pick<ChallengeView, 'letterDigest' | 'sceneDigest' | 'serverNonce'>;
}

export interface DataItem {
  readonly code: string;
  readonly name: string;
  readonly class: 'general' | 'sensitive';
  readonly necessary: boolean;
}

export interface Recipient {
  readonly creditCode: string;
  readonly name: string;
  readonly purpose: string;
  /** Not the institution itself: a consent of its own. */
  readonly thirdParty: boolean;
  /** Refusing it refuses the letter. */
  readonly necessary?: true;
}

export interface LetterSection {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly LetterBlock[];
}

export type LetterBlock =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'rows'; readonly rows: readonly { label: string; text: string }[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

export interface ChallengeView {
  readonly letterDigest: string;
  readonly sceneDigest: string;
  readonly serverNonce: string;
  readonly checkCode: string;
  readonly maskedPhone: string;
  /** False: nothing was sent, a passkey alone answers it. */
  readonly withCode: boolean;
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
