import type { StaffSession } from '../desk.js';
import type { AgreementDoor } from './agreements.js';
import type { CaseDoor, GrantDoor } from './case-door.js';
import type { DeskReview } from './desk-review.js';
import type { DeskSearch } from './desk-search.js';
import type { PasskeyAssertion, PasskeyRegistration } from './passkeys.js';
import type { TemplateDoor } from './template-door.js';

/**
 * How people of the desk come in and agree: a part of role vault, so that neither the desk's process nor its database
 * role can be somebody else or agree in somebody's place. `secret`: 32 bytes that the person's browser keeps in a
 * cookie; only its SHA-256 is stored.
 */
export interface StaffDoor
  extends DeskSearch, DeskReview, CaseDoor, GrantDoor, AgreementDoor, TemplateDoor {
  /**
   * Begins a sign-in, or the registration of a passkey. Throws `unauthenticated`; `account-locked` to
   * whoever holds an invitation or a session.
   */
  beginSignIn(request: {
    secret: Uint8Array;
    means: 'passkey' | 'oidc' | 'enrolment';
    /** Secret of the invitation, for `enrolment`. */
    invitation?: Uint8Array;
    /** Instead: of the session that a recovery code opened. */
    session?: Uint8Array;
  }): Promise<StaffChallenge>;
  /**
   * Throws `unauthenticated`, whatever was wrong; `account-locked` with `why` only where the passkey has proven itself.
   * Five failures of a passkey lock its account for a quarter of an hour, which looks the same.
   */
  signInByPasskey(request: {
    secret: Uint8Array;
    answer: PasskeyAssertion;
  }): Promise<OpenedSession>;
  /** `query`: of the redirection back from the identity provider. Throws as by passkey. */
  signInByProvider(request: { secret: Uint8Array; query: string }): Promise<OpenedSession>;
  /** One of the ten, once: a session in which nothing can be done but to `enrol` a new passkey. Throws as by passkey. */
  signInByRecoveryCode(request: { code: string }): Promise<OpenedSession>;
  /**
   * Registers the passkey, signs in, and gives ten recovery codes, which are told once. Older passkeys, codes and
   * sessions of the account are over. Throws `passkey-invalid`, and as `beginSignIn`.
   */
  enrol(request: {
    secret: Uint8Array;
    invitation?: Uint8Array;
    session?: Uint8Array;
    answer: PasskeyRegistration;
  }): Promise<OpenedSession & { readonly recoveryCodes: readonly string[] }>;
  /**
   * The session as it is now; being asked keeps it from ending by idleness, unless `quiet`: a page that looks by itself.
   * Throws `session-ended`.
   */
  session(request: { secret: Uint8Array; quiet?: boolean }): Promise<StaffSession>;
  endSession(request: { secret: Uint8Array }): Promise<{ ended: true }>;
}

export interface StaffChallenge {
  readonly id: string;
  /** 32 bytes: WebAuthn challenge, or nonce of an ID token. */
  readonly challenge: Uint8Array;
  readonly endsAt: string;
  /** `PublicKeyCredentialCreationOptionsJSON`, or its request's counterpart. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Of the identity provider's page, for `oidc`. */
  readonly address?: string;
}

export interface OpenedSession {
  /** Of the new session; the try's secret is over. */
  readonly secret: Uint8Array;
  readonly session: StaffSession;
  readonly endsAt: string;
}

/** An organisation's own sign-in, by OpenID Connect; what it answers is bound to the challenge of one try. */
export interface SignInProvider {
  readonly issuer: string;
  /**
   * Where the person's browser goes, to show once more who they are. `anew`: whenever it was that they last did, the
   * provider is told that it is too long ago. Throws `authority-unavailable`.
   */
  address(challenge: Uint8Array, anew?: boolean): Promise<string>;
  /**
   * Who came back. `query`: the redirection's, as it came. Throws `unauthenticated`, `authority-unavailable`.
   */
  signedIn(query: string, challenge: Uint8Array): Promise<ProviderWord>;
}

/** What the identity provider's ID token says, once its signature, issuer, audience, nonce and age were checked. */
export interface ProviderWord {
  /** The provider's `sub`. */
  readonly subject: string;
  readonly nonce: string;
  /** When the person showed who they are, epoch seconds. */
  readonly authTime: number;
  /** SHA-256 of the ID token, hex. */
  readonly token: string;
}
