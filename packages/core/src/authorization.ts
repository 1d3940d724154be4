import { commitment, kindDigest, kindDigestHex } from './digest.js';
import { fromHex, toHex } from './encoding.js';
import {
  IDENTITY_FIELDS,
  type IdentityCheck,
  type IdentityField,
  type IdentityOutcome,
  type IdentityQuestion,
  type IdentityReceipt,
} from './ports/identity.js';

/** The life of an authorization (product design). Later facts (uses, withdrawal, hold) are not states. */
export const STATES = [
  'requested',
  'presented',
  'challenged',
  'confirmed',
  'signed',
  'released',
  'declined',
  'lapsed',
  'failed',
] as const;
export type State = (typeof STATES)[number];

/** Legal transitions and who may write each; the database enforces the same table by trigger and grant. */
export const TRANSITIONS: readonly (readonly [from: State, to: State, by: DatabaseRole])[] = [
  ['requested', 'presented', 'web'],
  ['requested', 'declined', 'web'],
  ['presented', 'declined', 'web'],
  ['challenged', 'declined', 'web'],
  // shown again with other choices: live codes die with the scene they were for
  ['presented', 'presented', 'web'],
  ['challenged', 'presented', 'web'],
  ['confirmed', 'declined', 'web'],
  ['presented', 'challenged', 'ra'],
  ['challenged', 'challenged', 'ra'],
  ['confirmed', 'challenged', 'ra'],
  ['challenged', 'confirmed', 'ra'],
  ['confirmed', 'signed', 'ca'],
  ['confirmed', 'failed', 'ca'],
  ['signed', 'released', 'ledger'],
  ['requested', 'lapsed', 'worker'],
  ['presented', 'lapsed', 'worker'],
  ['challenged', 'lapsed', 'worker'],
  ['confirmed', 'lapsed', 'worker'],
];

/** Database roles; each process or authority role connects as its own and has its own grants. */
export const DATABASE_ROLES = [
  'web',
  'ra',
  'ca',
  'tsa',
  'seal',
  'ledger',
  'vault',
  'worker',
  'desk',
] as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

export const AUTHORITY_ROLES = ['ra', 'ca', 'tsa', 'seal', 'ledger', 'vault'] as const;
export type AuthorityRole = (typeof AUTHORITY_ROLES)[number];

/** Kinds of trail events. `data` carries commitments and digests only, never personal data. */
export type EventType =
  | State
  | 'confirmation-refused'
  | 'identity-checked'
  | 'passkey-registered'
  | 'passkey-revoked'
  | 'attempt-issued'
  | 'attempt-voided'
  | 'report-made'
  | UseEventType;

/** Facts after release; none of them changes the state. */
export type UseEventType =
  | 'redeemed'
  | 'redemption-confirmed'
  | 'redemption-released'
  | 'withdrawn'
  | 'held'
  | 'hold-resolved'
  | 'ended'
  | PrivacyEventType;

/** What became of the personal data. */
export type PrivacyEventType =
  'data-released' | 'restricted' | 'erased' | 'id-image-kept' | 'id-image-destroyed';

/** One entry of the hash-linked trail. `digest = kindDigest('event', everything else)`. */
export interface TrailEvent {
  readonly stream: string;
  /** 1-based, dense. */
  readonly version: number;
  readonly type: EventType;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** The database role that wrote it. */
  readonly by: DatabaseRole;
  readonly data: Readonly<Record<string, unknown>>;
  /** Digest of the previous event, hex; 64 zeros for the first. */
  readonly previous: string;
}

export const FIRST_PREVIOUS = '0'.repeat(64);

/** Attempt states (architecture): before the subject's signature void, after it any worker may finish. */
export type AttemptState =
  'intended' | 'issued' | 'subject-signed' | 'stamped' | 'stored' | 'committed' | 'voided';

export type KeyOrigin = 'browser' | 'hsm' | 'software';
export type Measure = 'sms-code' | 'passkey';

/**
 * What the subject accepted beyond what the letter needs: codes of optional items and credit codes of
 * third-party recipients, each sorted. What is absent was refused: nothing is accepted by default.
 */
export interface Choices {
  readonly items: readonly string[];
  readonly recipients: readonly string[];
}

/** How the page was used, as the page says: an *indication*, never "understood". Kept encrypted. */
export interface PresentationRecord {
  readonly format: 'mandate-presentation/v1';
  readonly letterDigest: string;
  /** Of the page, which may differ from the letter's. */
  readonly language: 'zh' | 'en';
  /** Digest of the page build that showed it; null when it was not our page, or not its current build. */
  readonly pageBuild: string | null;
  /** RFC 3339, UTC, seconds; by the server's clock. */
  readonly openedAt: string;
  /** Seconds the letter was in front of somebody. */
  readonly secondsOpen: number;
  /** In the order of the letter. Milliseconds; `acknowledgedAfter…` counts from the opening. */
  readonly clauses: readonly {
    readonly id: string;
    readonly visibleMilliseconds: number;
    readonly acknowledgedAfterMilliseconds: number;
  }[];
  readonly reachedEnd: boolean;
  /** What was looked at: the PDF's pages, the letter as text, or both. */
  readonly alternative: 'pages' | 'text' | 'both';
  readonly readAloud: boolean;
  readonly largePrint: boolean;
  /** CSS pixels. */
  readonly viewport: { readonly width: number; readonly height: number };
  readonly choices: Choices;
  /** SHA-256 of the institution's logo (PNG) that was seen beside its name, hex; absent: none was. */
  readonly logo?: string;
}

/**
 * Who, what and which measures, for one signing act; frozen before the challenge.
 * Parties are salted commitments (salt of the terms), so the scene itself may be shown to anybody.
 */
export interface Scene {
  readonly format: 'mandate-scene/v1';
  readonly authorization: string;
  readonly institution: { readonly id: string; readonly name: string; readonly creditCode: string };
  /** Hex `commitment(salt, field, value)`. */
  readonly subject: {
    readonly name: string;
    readonly idNumber: string;
    readonly phone: string;
  };
  readonly termsDigest: string;
  readonly letterDigest: string;
  readonly measures: readonly Measure[];
  readonly keyOrigins: readonly KeyOrigin[];
  /** Who asserts that the visitor is the subject before personal data is shown. */
  readonly gate: 'last-six' | 'institution';
  readonly choices: Choices;
  /** `kindDigest('presentation', PresentationRecord)` of the presentation this scene follows. */
  readonly presentation: string;
  /** As in the presentation record. */
  readonly pageBuild: string | null;
  readonly ledgerOrigin: string;
  readonly frozenAt: string;
  /** Only in a signing set: digests of all letters accepted in this sitting, in their order, this one among them. */
  readonly set?: { readonly id: string; readonly letters: readonly string[] };
  /** Only where the template's policy asks who somebody is; frozen as it was at that moment. */
  readonly identity?: SceneIdentity;
}

/** So many of these; the measures that answer the challenge count among them. */
export interface IdentityRequirement {
  readonly need: number;
  /** In the order of asking. */
  readonly of: readonly (Measure | IdentityCheck)[];
}

/** What had to be shown of the person, and what showed it. */
export interface SceneIdentity {
  readonly policy: string;
  readonly requirements: readonly IdentityRequirement[];
  /** A result counts so many seconds from the provider's answer to the confirmation. */
  readonly freshSeconds: number;
  /** `digest`: `kindDigest('identity-result', IdentityResult)`, hex. */
  readonly results: readonly { readonly check: IdentityCheck; readonly digest: string }[];
}

/** What one check left: a result and a receipt, never an image. In the bundle; kept encrypted. */
export interface IdentityResult {
  readonly format: 'mandate-identity-result/v1';
  readonly check: IdentityCheck;
  /** Who vouches: a provider by its name, or the institution by its credit code. */
  readonly provider: string;
  readonly operator: string;
  readonly simulated: boolean;
  readonly outcome: IdentityOutcome;
  readonly reference: string;
  /** By the provider's clock, and by ours. RFC 3339, UTC, seconds. */
  readonly checkedAt: string;
  readonly receivedAt: string;
  readonly numberAgeMonths?: number;
  readonly letters: readonly string[];
  readonly nonce: string;
  /** `identityCommitments` to everything that was compared. */
  readonly compared: Readonly<Partial<Record<IdentityField, string>>>;
  readonly binding: string;
  readonly receipt: IdentityReceipt;
}

/** The bundle's part: the results that the scene names, in its order. */
export interface IdentityPart {
  readonly format: 'mandate-identity/v1';
  readonly results: readonly IdentityResult[];
}

/** What only the provider needs to know: nothing that is kept may let anybody find it by trying. */
const PASSED_ON: readonly IdentityField[] = ['card', 'credential'];

/**
 * Commitments to what is compared. The nonce, fresh and unguessable, is the salt; what is passed on and not kept has
 * another one, `once`, which is not kept either.
 */
export const identityCommitments = (
  { nonce, once }: Pick<IdentityQuestion, 'nonce' | 'once'>,
  values: IdentityQuestion['values'],
): IdentityResult['compared'] =>
  Object.fromEntries(
    IDENTITY_FIELDS.flatMap((field) => {
      const value = values[field];
      return value === undefined
        ? []
        : [
            [
              field,
              toHex(
                commitment(
                  fromHex(PASSED_ON.includes(field) ? once : nonce),
                  `identity.${field}`,
                  value,
                ),
              ),
            ],
          ];
    }),
  );

/** Ties an answer to person, letters and question: change one and every answer is about something else. */
export const identityBinding = (
  asked: Pick<IdentityResult, 'check' | 'letters' | 'nonce' | 'compared'>,
): string => {
  const { check, letters, nonce, compared } = asked;
  return kindDigestHex('identity-binding', { check, letters, nonce, compared });
};

/** What a code or passkey answers: change one byte of letter or scene and every code for it is dead. */
export interface Challenge {
  readonly letterDigest: string;
  readonly sceneDigest: string;
  /** 32 random bytes, hex. */
  readonly serverNonce: string;
}

/** In a signing set one answer is given to all challenges together: what it answers is this digest, hex. */
export const setChallengeDigest = (challenges: readonly string[]): string =>
  kindDigestHex('set-challenge', { challenges });

/** What the check code of a signing set is made from: the accepted letters' digests in their order. */
export const setLettersDigest = (letters: readonly string[]): Uint8Array =>
  kindDigest('set-letters', { letters });

/** Digests of everything that stood at confirmation; its digest is the certificate's `evidenceRoot`. */
export interface ConfirmationParts {
  readonly format: 'mandate-parts/v1';
  readonly terms: string;
  readonly letter: string;
  readonly scene: string;
  readonly challenge: string;
  readonly presentation: string;
  /** Digest of the code record (never the code); present when a code was a measure. */
  readonly codeRecord?: string;
  /** Digest of the delivery record; present when a carrier had said something of the code by then. */
  readonly delivery?: string;
  /** Digest of the passkey record; present when a passkey was a measure. */
  readonly passkey?: string;
  /** SHA-256 of the confirmed key's SPKI, and of the proof-of-possession signature. */
  readonly publicKey: string;
  readonly proofOfPossession: string;
  /** Digest of the trail event before `confirmed`. */
  readonly trail: string;
}

/** How a code travels. */
export type CodeChannel = 'sms' | 'voice';

/** What is kept of a code check. No code, no phone. */
export interface CodeRecord {
  readonly format: 'mandate-code-record/v1';
  /** What the code answered. */
  readonly challenge: string;
  /** Only in a signing set: the members' challenge digests in their order; `challenge` is their `setChallengeDigest`. */
  readonly setChallenges?: readonly string[];
  readonly digits: number;
  readonly madeAt: string;
  readonly expiresAt: string;
  readonly checkedAt: string;
  readonly tries: number;
  /** Salted commitment to the number it was sent to. */
  readonly phone: string;
  readonly channel: CodeChannel;
}

/**
 * What carriers had said of the code's message when the code was checked. Nobody outside signed it: it is what the
 * operator was told, and when. No number, no text.
 */
export interface DeliveryRecord {
  readonly format: 'mandate-delivery/v1';
  /** What the code answered. */
  readonly challenge: string;
  readonly sends: readonly {
    /** The how-manieth code of this challenge; the last one counts. */
    readonly code: number;
    readonly gateway: string;
    readonly at: string;
    readonly receipts: readonly {
      /** The gateway's own id. */
      readonly message: string;
      readonly status: 'delivered' | 'failed';
      /** The carrier's own code. */
      readonly carrierCode: string;
      readonly receivedAt: string;
    }[];
  }[];
}

/** What is kept of a passkey's answer, so that anybody can check it again. Binary members are base64url. */
export interface PasskeyRecord {
  readonly format: 'mandate-passkey/v1';
  /** The challenge digest, hex: the WebAuthn challenge is exactly these 32 bytes. */
  readonly challenge: string;
  /** As in the code record. */
  readonly setChallenges?: readonly string[];
  readonly rpId: string;
  readonly origin: string;
  readonly credentialId: string;
  /** COSE_Key (RFC 9052 §7) as the authenticator gave it at registration. */
  readonly publicKey: string;
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  readonly signature: string;
  readonly checkedAt: string;
  readonly registration: {
    readonly at: string;
    /** What had shown before that the person is the subject; both, where a ceremony took both. */
    readonly provenBy: readonly Measure[];
    /** Opens the commitment in the ledger's `credential` entry; 32 bytes. */
    readonly salt: string;
    /** SHA-256 of the bytes of that entry, hex. */
    readonly entry: string;
  };
}

/** What the ledger's `credential` entry commits to, by `commitment(salt, 'passkey', canonical JSON of this)`. */
export interface PasskeyCredential {
  readonly credentialId: string;
  readonly publicKey: string;
}
