import { kindDigest, kindDigestHex } from './digest.js';
import type { Measure } from './scene.js';

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
