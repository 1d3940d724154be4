import type { IdentityCheck, IdentityOutcome, IdentityReceipt } from '@mandate/core';
import type { Step } from './authorization.js';

/** What checks of the person need of the record. */

/** One result of one letter. */
export interface IdentityRow {
  readonly authorizationId: string;
  readonly checkName: IdentityCheck;
  /** A provider's name, or the institution's credit code. */
  readonly provider: string;
  readonly operator: string;
  readonly simulated: boolean;
  readonly outcome: IdentityOutcome;
  readonly reference: string;
  /** Of the receipt's signature. */
  readonly suite: IdentityReceipt['suite'];
  /** Of the `IdentityResult`, hex, as trail and scene name it. */
  readonly digest: string;
  /** Role ra's keyed digest of the person. */
  readonly subjectKey: Uint8Array;
  readonly checkedAt: Date;
  readonly receivedAt: Date;
  readonly freshUntil: Date;
  /** The result with its receipt, encrypted. */
  readonly box: Uint8Array;
}

export interface IdentityReads {
  /** Oldest first. */
  identityResults(authorizationId: string): Promise<readonly IdentityRow[]>;
}

/** Role ra's alone. */
export interface IdentityRows extends IdentityReads {
  /**
   * One answer, for every letter it was asked for, each with its event; or nothing. Throws `version-conflict`,
   * and `identity-unavailable` when the provider has given this reference before.
   */
  addIdentityResults(
    members: readonly { readonly step: Step; readonly row: IdentityRow }[],
  ): Promise<void>;
}
