/**
 * Checks of who somebody is, made by a party outside the ceremony. What comes back is a result and a receipt,
 * never an image: pictures, cards and fingerprints stay with whoever made the check.
 */
export const IDENTITY_CHECKS = [
  /** Name and ID number belong together, by the police's authoritative source. */
  'police-id',
  /** National network identity (网号, 网证): the person answered in the national application. */
  'network-id',
  /** The phone number is registered to this person, by the carrier; tells the number's age. */
  'carrier-name',
  /** Name, ID number, phone and card number belong together, by a bank or its clearing house. */
  'bank-card',
  /** The provider compared a living face with an authoritative picture. */
  'face',
  /** The institution's own word for a customer it knows. */
  'institution',
] as const;
export type IdentityCheck = (typeof IDENTITY_CHECKS)[number];

/** One who can be asked who somebody is. */
export interface IdentityAddress {
  /** Names its secret (`identity-NAME` of role ra) and its public key (`TRUST_DIR/identity/NAME.pem`). */
  readonly name: string;
  readonly operator: string;
  readonly checks: readonly IdentityCheck[];
  /** `https://…`, or `simulated:`. */
  readonly url: string;
}

/** What a check compares. */
export const IDENTITY_FIELDS = ['name', 'idNumber', 'phone', 'card', 'credential'] as const;
export type IdentityField = (typeof IDENTITY_FIELDS)[number];

/**
 * What each check compares. `card` is typed by the subject; `credential` is what the provider's own application
 * gave the subject: a one-time text that names the session in which they answered there.
 */
export const CHECK_FIELDS: Readonly<Record<IdentityCheck, readonly IdentityField[]>> = {
  'police-id': ['name', 'idNumber'],
  'network-id': ['name', 'idNumber', 'credential'],
  'carrier-name': ['name', 'idNumber', 'phone'],
  'bank-card': ['name', 'idNumber', 'phone', 'card'],
  face: ['name', 'idNumber', 'credential'],
  institution: ['name', 'idNumber', 'phone'],
};

/** Checks in which the person took part; the others compare data that whoever has them can send. */
export const PRESENCE_CHECKS: readonly IdentityCheck[] = ['network-id', 'face'];

/** One question to a provider. The values go to it and nowhere else; nothing here is logged. */
export interface IdentityQuestion {
  readonly check: IdentityCheck;
  /** SHA-256 of the letters it is asked for, hex, sorted. */
  readonly letters: readonly string[];
  /** 32 random bytes, hex: fresh for each question. */
  readonly nonce: string;
  /** 32 random bytes, hex, kept by nobody: the salt of what is passed on and not kept. */
  readonly once: string;
  /** `identityBinding` of the three and of `identityCommitments`, hex: what the provider's answer is bound to. */
  readonly binding: string;
  readonly idType: string;
  readonly values: Readonly<Partial<Record<IdentityField, string>>>;
}

export type IdentityOutcome = 'match' | 'mismatch';

/** What a provider answered, checked: its signature holds, and it speaks of this very question. */
export interface IdentityAnswer {
  readonly outcome: IdentityOutcome;
  /** The provider's own number of the answer; never the same twice. */
  readonly reference: string;
  /** RFC 3339, UTC, seconds; by the provider's clock. */
  readonly at: string;
  /** Whole months the phone number has been in use; only of `carrier-name`, where the carrier tells. */
  readonly numberAgeMonths?: number;
  readonly receipt: IdentityReceipt;
}

/** The answer as received, so that anybody can check it again. Binary members are base64url. */
export interface IdentityReceipt {
  /** `none`: nobody signed it. */
  readonly suite: 'ecdsa-p256-sha256' | 'ed25519' | 'none';
  readonly body: string;
  readonly signature: string;
}

/** Somebody who vouches. A simulated one says so in every answer and is refused in production. */
export interface IdentityProvider {
  /** `[a-z0-9-]`; trust anchors name it by this. */
  readonly name: string;
  /** Who runs it, in words a subject reads. */
  readonly operator: string;
  readonly simulated: boolean;
  readonly checks: readonly IdentityCheck[];
  /**
   * Throws `identity-unavailable` for everything that is the provider's failure and not the person's: silence, an
   * answer about something else, a signature that does not hold.
   */
  ask(question: IdentityQuestion): Promise<IdentityAnswer>;
}

/** What is signed over: `"mandate/identity-answer/v1\n" ‖ body`. */
export const IDENTITY_ANSWER_PREFIX = 'mandate/identity-answer/v1\n';

/** A provider's answer on the wire, canonical JSON. */
export interface IdentityAnswerBody {
  readonly format: 'mandate-identity-answer/v1';
  readonly provider: string;
  readonly check: IdentityCheck;
  readonly binding: string;
  readonly outcome: IdentityOutcome;
  readonly reference: string;
  readonly at: string;
  readonly numberAgeMonths?: number;
  /** Present, and true, in every answer of a simulated provider. */
  readonly simulated?: true;
}

/** What the signing page shows of the checks a policy asks for. */
export interface IdentityView {
  readonly policy: string;
  /** Something is still missing before a code can be asked for. */
  readonly open: boolean;
  /** In the order of asking. */
  readonly steps: readonly {
    /** How many more of the options are needed. */
    readonly missing: number;
    readonly options: readonly IdentityOption[];
  }[];
}

export interface IdentityOption {
  readonly check: IdentityCheck;
  readonly state: 'open' | 'matched' | 'failed';
  /** Who would be asked first, or who answered; absent when nobody can be asked. */
  readonly provider?: {
    readonly name: string;
    readonly operator: string;
    readonly simulated: boolean;
  };
  /** What the subject adds. */
  readonly input: 'none' | 'card' | 'credential';
  /** False: no provider is wired for it. */
  readonly available: boolean;
}
