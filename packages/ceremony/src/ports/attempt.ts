import type { AttemptState, KeyOrigin } from '@mandate/core';

export interface AttemptRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly challengeId: string;
  readonly state: AttemptState;
  readonly keyOrigin: KeyOrigin;
  readonly profile: string;
  readonly serial: Uint8Array;
  readonly keyDigest: Uint8Array;
  readonly tbsDigest: Uint8Array;
  /** Version of this attempt's `attempt-issued` event: the trail as it stands in the bundle. */
  readonly trailVersion: number;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly createdAt: Date;
  readonly voidedAt: Date | null;
}

/** The end of an attempt, in the state it was seen in, with its ledger entry. */
export interface Voiding {
  readonly attempt: Pick<AttemptRow, 'id' | 'state'>;
  readonly reason: string;
  readonly at: Date;
  readonly ledgerEntry: string;
}

/** Steps that leave something in the encrypted journal. */
export type JournalStep =
  'intent' | 'certificate' | 'signature' | 'token' | 'validation' | 'seal' | 'bundle';
