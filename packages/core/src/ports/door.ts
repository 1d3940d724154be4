import type { GrantRight, StaffSession } from '../desk.js';
import type { PasskeyAssertion, PasskeyRegistration } from './passkeys.js';

/**
 * How people of the desk come in and agree: a part of role vault, so that neither the desk's process nor its database
 * role can be somebody else or agree in somebody's place. `secret`: 32 bytes that the person's browser keeps in a
 * cookie; only its SHA-256 is stored.
 */
export interface StaffDoor {
  /** Begins a sign-in by passkey, or the registration of one by invitation. Throws `account-locked`. */
  beginSignIn(request: {
    secret: Uint8Array;
    means: 'passkey' | 'oidc' | 'enrolment';
    /** Secret of the invitation, for `enrolment`. */
    invitation?: Uint8Array;
  }): Promise<StaffChallenge>;
  /** Throws `passkey-invalid`, `account-locked`, `session-ended` when the try is over. */
  signInByPasskey(request: {
    secret: Uint8Array;
    answer: PasskeyAssertion;
  }): Promise<OpenedSession>;
  /** `query`: of the redirection back from the identity provider. Throws as by passkey. */
  signInByProvider(request: { secret: Uint8Array; query: string }): Promise<OpenedSession>;
  /** One of the ten, once; its owner then registers a new passkey by invitation. Throws as by passkey. */
  signInByRecoveryCode(request: { code: string }): Promise<OpenedSession>;
  /** Registers the passkey, signs in, and gives ten recovery codes, which are told once. */
  enrol(request: {
    secret: Uint8Array;
    invitation: Uint8Array;
    answer: PasskeyRegistration;
  }): Promise<OpenedSession & { readonly recoveryCodes: readonly string[] }>;
  /** The session as it is now; being asked keeps it from ending by idleness. Throws `session-ended`. */
  session(request: { secret: Uint8Array }): Promise<StaffSession>;
  endSession(request: { secret: Uint8Array }): Promise<{ ended: true }>;

  /** Throws `session-ended`, `forbidden`, `illegal-transition`. */
  requestGrant(request: { secret: Uint8Array; grant: NewGrant }): Promise<Grant>;
  /** One more agrees. Throws `session-ended`, `own-request`, `forbidden`, `not-found`. */
  approveGrant(request: { secret: Uint8Array; grant: string }): Promise<Grant>;
  /** By the requester, an approver, or a custodian: once. */
  revokeGrant(request: { secret: Uint8Array; grant: string }): Promise<Grant>;
  /**
   * The data key of the authorization a grant is for. Before it leaves, the opening stands in the access register and
   * in the ledger's tree. Throws `session-ended`, `grant-refused` with `why`, `erased`, `not-found`.
   */
  openForCase(request: {
    secret: Uint8Array;
    grant: string;
    right: GrantRight;
  }): Promise<{ dataKey: Uint8Array; authorizationId: string; access: string; at: string }>;
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

export interface NewGrant {
  readonly caseId: string;
  readonly legalBasis: string;
  readonly reason: string;
  readonly rights: readonly GrantRight[];
  /** 1 to 72. */
  readonly hours: number;
  readonly breakGlass: boolean;
}

export interface Grant extends NewGrant {
  readonly id: string;
  readonly authorizationId: string;
  readonly requester: string;
  readonly askedAt: string;
  readonly approvals: readonly { readonly staff: string; readonly at: string }[];
  /** Absent while somebody's approval is missing, and after it was revoked. */
  readonly good?: { readonly from: string; readonly until: string };
  readonly revokedAt?: string;
}

/** An organisation's own sign-in, by OpenID Connect; what it answers is bound to the challenge of one try. */
export interface SignInProvider {
  readonly issuer: string;
  /** Where the person's browser goes. Throws `authority-unavailable`. */
  address(challenge: Uint8Array): Promise<string>;
  /**
   * Who came back: the provider's `sub`. `query`: the redirection's, as it came. Throws `unauthenticated`,
   * `authority-unavailable`.
   */
  subject(query: string, challenge: Uint8Array): Promise<string>;
}
