import type { Measure, PasskeyEnd, PasskeyKind } from '@mandate/core';
import type { Step } from './authorization.js';
import type { Recorded } from './use.js';

/** What registering, using and ending passkeys needs of the record, role ra's alone. */

export interface PasskeyRow {
  readonly id: string;
  /** Role ra's keyed digest of the subject, the same for every institution. */
  readonly subjectKey: Uint8Array;
  readonly credentialId: Uint8Array;
  /** COSE_Key. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
  /** Opens the commitment in the ledger's entry. */
  readonly salt: Uint8Array;
  /** SHA-256 of that entry's bytes, hex. */
  readonly entryDigest: string;
  readonly authorizationId: string;
  /** The challenge whose answer had proven the person before. */
  readonly challengeDigest: string;
  readonly provenBy: readonly Measure[];
  readonly kind: PasskeyKind;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedWhy: PasskeyEnd | null;
}

export interface PasskeyRows {
  /** All of a subject, oldest first. */
  passkeysOf(subjectKey: Uint8Array): Promise<readonly PasskeyRow[]>;
  /** Those that the sittings over this letter registered, or used to confirm it. */
  passkeysIn(authorizationId: string): Promise<readonly PasskeyRow[]>;
  /** Those a visit sees, newest first. */
  ownPasskeys(visitId: string): Promise<readonly PasskeyRow[]>;
  /** The upheld dispute over an authorization, if there is one. */
  upheldHold(authorizationId: string): Promise<string | null>;
  passkey(credentialId: Uint8Array): Promise<PasskeyRow | null>;
  /** The event, the passkey and its ledger entry, or nothing. Throws `passkey-invalid` when it is known already. */
  registerPasskey(step: Step, row: PasskeyRow, ledgerEntry: string): Promise<void>;
  /**
   * Ends it with event and ledger entry, and the visits it opened but the one that asks. Once: false when it had
   * ended before.
   */
  endPasskey(
    end: {
      readonly passkey: PasskeyRow;
      readonly why: PasskeyEnd;
      readonly at: Date;
      readonly exceptVisit?: string;
    },
    record: (at: Date) => Recorded,
  ): Promise<boolean>;
  /** Counts one more delivery of the message about it; null when `max` is reached. */
  countPasskeyTell(
    id: string,
    max: number,
  ): Promise<Pick<PasskeyRow, 'authorizationId' | 'createdAt'> | null>;
}
