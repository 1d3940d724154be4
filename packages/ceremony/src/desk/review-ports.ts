import type { MOST_VALUES } from '@mandate/core';
import type { SampleRow } from '../samples/sample-ports.js';

/** A use with what lies under its data key, sealed. */
export interface SealedUse {
  readonly id: string;
  readonly authorizationId: string;
  readonly institutionId: string;
  /** Salted commitment, hex. */
  readonly operator: string;
  readonly box: Uint8Array;
  /** Null: destroyed. */
  readonly wrapped: Uint8Array | null;
  readonly restricted: boolean;
}

/** A value somebody compares with a letter's subject or a use's operator. */
export interface ComparedValue {
  readonly authorizationId: string;
  /** The authorization for its subject, the redemption for its operator. */
  readonly about: string;
  /** Keyed digest, hex, of its own for each `about`. */
  readonly value: string;
}

/** Role vault: what is compared without being opened to anybody. */
export interface ReviewRecord {
  sample(id: string): Promise<SampleRow | null>;
  /** Of this institution only. */
  sealedUses(institutionId: string, ids: readonly string[]): Promise<readonly SealedUse[]>;
  /** By authorization, of this institution only: keyed digest of the subject's document number. */
  subjectKeys(
    institutionId: string,
    authorizationIds: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array>>;
  /**
   * Which of them this person may compare, as `about value`: those of before, and new ones up to the limits. They are
   * kept, so that another log, another day or another process of the desk begins no new count.
   */
  admitValues(p: {
    staff: string;
    at: Date;
    values: readonly ComparedValue[];
    limits: typeof MOST_VALUES;
  }): Promise<ReadonlySet<string>>;
  /** What reconciliations compared and samples drew, where they ended long enough ago. Resolves to rows destroyed. */
  sweep(at: Date): Promise<number>;
}
