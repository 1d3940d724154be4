import type { PasskeyAssertion } from './passkeys.js';

/** What takes a second person's word. */
export type AgreementAct = 'grant' | 'outcome' | 'seal' | 'template';

/** What somebody is about to agree to, as it was shown to them. */
export type AgreementAsked =
  | { readonly act: 'grant'; readonly grant: string }
  | {
      readonly act: 'outcome';
      readonly holdId: string;
      readonly outcome: 'upheld' | 'rejected' | 'retracted';
      /** Digest, 64 hex, of the proposal. */
      readonly proposal: string;
    }
  | { readonly act: 'seal'; readonly seal: string }
  | {
      readonly act: 'template';
      readonly institutionId: string;
      readonly template: string;
      readonly version: number;
      /** Of the text that was looked at. */
      readonly digest: string;
      readonly assessment?: string | undefined;
      readonly waivers: readonly {
        readonly rule: string;
        readonly path: string;
        readonly reason: string;
      }[];
    };

/** What the person's authenticator, or the organisation's sign-in, has to answer within five minutes, once. */
export interface AgreementChallenge {
  readonly agreement: string;
  readonly endsAt: string;
  /** `PublicKeyCredentialRequestOptionsJSON` for the one passkey of that person. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Instead, where the person came in by it: the identity provider's page, and the `state` it sends back. */
  readonly address?: string;
  readonly state?: string;
}

/** The fresh word of who agrees: the passkey's, or the query the identity provider sent the browser back with. */
export type AgreementProof =
  | { readonly agreement: string; readonly answer: PasskeyAssertion }
  | { readonly agreement: string; readonly query: string };

/**
 * An agreement is an act of its own, not a click in a session: each of `approveGrant`, `approveSeal`, … takes a proof
 * over exactly what is agreed to.
 */
export interface AgreementDoor {
  /**
   * Asks for that word. Throws `session-ended`, and as the act itself would: `not-found`, `own-request`,
   * `grant-refused`, `guard-refused`, `forbidden`, `agreement-refused`, `authority-unavailable`.
   */
  beginAgreement(request: {
    secret: Uint8Array;
    asked: AgreementAsked;
  }): Promise<AgreementChallenge>;
  /**
   * What the person of that session has agreed to in the last 90 days, newest first. `before`: behind that one; `next`:
   * null, there are no more. Throws `session-ended`.
   */
  ownAgreements(request: {
    secret: Uint8Array;
    before?: string | undefined;
    limit: number;
  }): Promise<{ readonly items: readonly OwnAgreement[]; readonly next: string | null }>;
}

/** One word somebody gave, as role vault keeps it. */
export interface OwnAgreement {
  readonly agreement: string;
  readonly act: AgreementAct;
  /** Id of what was agreed to; of a template with its version behind a slash. */
  readonly subject: string;
  readonly at: string;
  readonly means: 'passkey' | 'oidc';
  /** Role vault wrote it so. */
  readonly unaltered: boolean;
}

/**
 * `why` of `agreement-refused`: nobody's word, or one that was used or is over; something else is to be agreed to by
 * now; the authenticator is another person's, did not verify its user, or answered something else.
 */
export type AgreementRefusal = 'agreement-over' | 'agreement-changed' | 'agreement-unproven';
