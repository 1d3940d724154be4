import type { IdentityCheck, IdentityView } from './identity.js';
import type { OpenedOwnVisit, OwnAsker, OwnEntry, OwnPasskeyEntry, OwnVisit } from './own-visit.js';
import type { PasskeyAssertion, PasskeyOptions, PasskeyRegistration } from './passkeys.js';
import type { CodeChannel } from '../answer-records.js';

/** Registration: makes and checks codes, writes `confirmed`. */
export interface RaRole {
  /** Freezes the scene, makes a code, queues its delivery. Throws resend, pause and state refusals. */
  challenge(request: {
    authorizationId: string;
    gate: 'last-six' | 'institution';
    /** Default `sms`. */
    channel?: CodeChannel;
    /** A code although no measure asks for one: it proves the person who registers a passkey. */
    enrol?: boolean;
  }): Promise<ChallengeView>;
  /** Which checks of the person the letter's policy asks for, and how they stand. */
  identity(request: { authorizationId: string }): Promise<IdentityView>;
  /**
   * Asks a provider who the subject is. In a signing set one answer serves every accepted letter. Throws
   * `step-out-of-order`, `invalid-request`, `identity-failed` with `triesLeft`, `identity-exhausted`,
   * `identity-unavailable`.
   */
  identify(request: {
    authorizationId: string;
    check: IdentityCheck;
    /** What the check wants of the subject: a card number, or the provider's one-time text. */
    input?: string;
  }): Promise<IdentityView>;
  /** The institution's own word for its customer. Throws `step-out-of-order`, `not-found`. */
  assertIdentity(request: {
    authorizationId: string;
    institutionId: string;
    /** Where the institution keeps its proof: its own number of this assertion; no personal data. */
    reference: string;
    /** Who there vouches, and how they know; no personal data of the subject. */
    vouchedBy: string;
    how: string;
    /** When the institution saw it, RFC 3339. */
    at: string;
  }): Promise<{ digest: string; at: string; freshUntil: string }>;
  /** Checks what the scene's measures demand and the proof of possession; every try is counted. */
  confirm(request: {
    authorizationId: string;
    /** The browser's visit; the confirmation stays good in this one only. */
    visitId: string;
    code?: string;
    passkey?: PasskeyAssertion;
    publicKey: Uint8Array;
    proof: Uint8Array;
  }): Promise<ConfirmationView>;
  /**
   * The same for a signing set: one code for all letters that were accepted. Every letter is decided by then.
   * Throws also `not-found`.
   */
  challengeSet(request: {
    setId: string;
    gate: 'last-six' | 'institution';
    channel?: CodeChannel;
    enrol?: boolean;
  }): Promise<SetChallengeView>;
  /** One answer for all of them, one fresh key for each; all are confirmed or none. */
  confirmSet(request: {
    setId: string;
    visitId: string;
    code?: string;
    passkey?: PasskeyAssertion;
    keys: readonly {
      readonly authorizationId: string;
      readonly publicKey: Uint8Array;
      readonly proof: Uint8Array;
    }[];
  }): Promise<ConfirmationView>;
  /** What the browser needs to use or register a passkey. Throws `challenge-missing`. */
  passkeyOptions(request: { authorizationId: string; visitId: string }): Promise<PasskeyOptions>;
  /**
   * Registers a passkey for the subject: under the live challenge with its code (checked and counted, not used
   * up), or after a ceremony that this visit confirmed and that is done.
   */
  registerPasskey(request: {
    authorizationId: string;
    visitId: string;
    code?: string;
    registration: PasskeyRegistration;
  }): Promise<{ registeredAt: string }>;
  /**
   * The message for a live challenge, as it goes through this gateway: another gateway gets another code. Null when
   * there is nothing to send any more. For the worker alone.
   */
  message(request: { challengeId: string; gateway: string }): Promise<CodeMessage | null>;
  /** Notes that the subject stopped because somebody told them to sign. For the worker alone. */
  notePause(request: { authorizationId: string }): Promise<{ noted: true }>;
  /** What the subject is told of one use; null when there is nothing to tell. For the worker alone. */
  useMessage(request: { redemptionId: string }): Promise<CodeMessage | null>;
  /** What the subject is told of a dispute, or by its own id of its end; null when it was told. For the worker alone. */
  holdMessage(request: { factId: string }): Promise<CodeMessage | null>;
  /** What the proven number is told of a passkey's registration; null when it was told. For the worker alone. */
  passkeyMessage(request: { passkeyId: string }): Promise<CodeMessage | null>;
  /**
   * Ends the passkeys that an authorization's sitting registered or used, if a dispute over it was upheld: the
   * record is asked, not the caller. Idempotent. For the worker alone.
   */
  endPasskeys(request: { authorizationId: string }): Promise<{ ended: number }>;

  /**
   * Somebody wants to see their own authorizations. The answer and the work are the same whoever asks; a code is
   * on its way only where phone, name and identity document belong together. Throws `rate-limited`.
   */
  enterOwn(request: OwnAsker): Promise<OwnEntry>;
  /** The same by a passkey: what the browser is to ask the device. Throws `rate-limited`. */
  ownPasskeyOptions(request: Record<string, never>): Promise<OwnPasskeyEntry>;
  /** Answers an entry, by its code or passkey; every try is counted. */
  confirmOwn(request: {
    secret: Uint8Array;
    code?: string;
    passkey?: PasskeyAssertion;
  }): Promise<OpenedOwnVisit>;
  /** A link for a subject whose number is lost, on an institution's word. It opens that institution's alone. */
  ownLink(request: {
    authorizationId: string;
    institutionId: string;
    /** Who at the institution vouches, and how they know; no personal data of the subject. */
    vouchedBy: string;
    how: string;
  }): Promise<{ secret: Uint8Array; expiresAt: string }>;
  /** Trades such a link for a visit, once. Throws `link-invalid`, `link-expired`, `ticket-used`. */
  openOwnLink(request: { secret: Uint8Array }): Promise<OpenedOwnVisit>;
  /** The visit, kept open by being used, and what it may see. Throws `visit-invalid`. */
  ownVisit(request: { secret: Uint8Array }): Promise<OwnVisit>;
  /** The subject removes one of the passkeys the visit sees; again is fine. Throws `visit-invalid`, `not-found`. */
  removePasskey(request: { secret: Uint8Array; passkeyId: string }): Promise<OwnVisit>;
  /** Ends it. */
  leaveOwn(request: { secret: Uint8Array }): Promise<{ left: true }>;
  /** Deletes entries, visits and links that are long over, and old counters. For the worker alone. */
  purgeEntries(request: Record<string, never>): Promise<{ purged: number }>;
  /** The message of an entry; null when there is nothing to send. For the worker alone. */
  ownMessage(request: { ownChallengeId: string; gateway: string }): Promise<CodeMessage | null>;
}

export interface ChallengeView {
  readonly challengeId: string;
  readonly letterDigest: string;
  readonly sceneDigest: string;
  readonly serverNonce: string;
  readonly challengeDigest: string;
  readonly checkCode: string;
  readonly maskedPhone: string;
  readonly channel: CodeChannel;
  /** False: nothing was sent, a passkey alone answers it. */
  readonly withCode: boolean;
  readonly expiresAt: string;
  readonly resendAt: string;
}

/** One challenge for the accepted letters of a signing set. */
export interface SetChallengeView extends Omit<
  ChallengeView,
  'letterDigest' | 'sceneDigest' | 'serverNonce'
> {
  /** In the order of the letters; `challengeDigest` above is their `setChallengeDigest`. */
  readonly members: readonly (Pick<
    ChallengeView,
    'letterDigest' | 'sceneDigest' | 'serverNonce' | 'challengeDigest'
  > & { readonly authorization: string })[];
}

export interface ConfirmationView {
  readonly confirmedAt: string;
  /** Until then the same browser may sign again with a new key. */
  readonly goodUntil: string;
}

export interface CodeMessage {
  readonly phone: string;
  readonly templateId: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly text: string;
  readonly channel: CodeChannel;
  readonly reference: string;
}
