import type { AgreementAct } from '@mandate/core';
import type { WithMac } from './coded-rows.js';
import type { StaffPasskeyRow } from './sign-in-ports.js';

/** One question to one person, and what their authenticator answered. */
export interface AgreementRow extends WithMac {
  readonly id: string;
  readonly act: AgreementAct;
  /** Id of what is agreed to. */
  readonly subject: string;
  /** Of all that it says, hex. */
  readonly digest: string;
  readonly staffId: string;
  readonly sessionId: string;
  readonly nonce: Uint8Array;
  readonly means: 'passkey' | 'oidc';
  readonly madeAt: Date;
  readonly endsAt: Date;
  readonly answeredAt: Date | null;
  /** Canonical JSON: `PasskeyProof` or `ProviderProof`. */
  readonly proof: string | null;
}

/** With the passkey it names, which may have ended since. */
export interface KeptAgreement {
  readonly row: AgreementRow;
  readonly passkey: StaffPasskeyRow | null;
}

/** Role vault: what somebody agreed to, and how that was proven. */
export interface AgreementRecord {
  /** What that person never answered and is over is cleared away with it. Throws `illegal-transition`. */
  beginAgreement(row: AgreementRow): Promise<void>;
  agreement(id: string): Promise<AgreementRow | null>;
  /** What that person answered since then, newest first, behind `before`. */
  answeredBy(p: {
    staffId: string;
    since: Date;
    before?: string | undefined;
    limit: number;
  }): Promise<readonly AgreementRow[]>;
  /**
   * `authTime`: of the provider's word, null for a passkey's. False: answered already, or that word is not a later one
   * than all that this person has used.
   */
  answerAgreement(
    row: Pick<AgreementRow, 'id' | 'answeredAt' | 'proof' | 'mac'> & { authTime: number | null },
  ): Promise<boolean>;
  /** The latest of the provider's words (`authTime`) by which that person came in or agreed; null: none. */
  lastAuthTime(staffId: string): Promise<number | null>;
  /** The one somebody has now. */
  passkeyOf(staffId: string): Promise<StaffPasskeyRow | null>;
  /** By their ids. */
  keptAgreements(ids: readonly string[]): Promise<ReadonlyMap<string, KeptAgreement>>;
}
