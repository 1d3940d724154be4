import type { AccessEntry, AccessPurpose } from '@mandate/core';
import type { KeptAgreement } from '../desk/agreement-ports.js';
import type { SealRow } from '../desk/case-ports.js';
import type { ErasureRecord } from './privacy.js';

export interface VaultRecord extends ErasureRecord {
  createKey(authorizationId: string, wrapped: Uint8Array, at: Date): Promise<boolean>;
  /** Deletes keys a day old that nothing was committed under; each is looked at once. Returns how many. */
  sweepKeys(at: Date): Promise<number>;
  /** Null: no such key. `wrapped` null: erased. */
  key(authorizationId: string): Promise<{ wrapped: Uint8Array | null; restricted: boolean } | null>;
  /** Appends to the authorization's hash-linked access register. */
  recordAccess(entry: {
    id: string;
    authorizationId: string;
    purpose: AccessPurpose;
    actor: string;
    at: Date;
  }): Promise<void>;
  /** Oldest first. */
  accesses(authorizationId: string): Promise<readonly (AccessEntry & { caseId?: string })[]>;
  /** Seals over cases about it that somebody has agreed to and nobody has lifted, whose time is not over. */
  accessSeals(
    authorizationId: string,
    at: Date,
  ): Promise<readonly (SealRow & { mac: Uint8Array; agreement: KeptAgreement | undefined })[]>;
  /**
   * The next anchor: openings after the one before and up to that id, at most `limit`, and their entry for the ledger,
   * in one transaction. Resolves to how many; 0 when there are none, or somebody else was first.
   */
  anchorRegister(
    p: { readonly untilId: string; readonly limit: number; readonly at: Date },
    anchor: (number: number, digests: readonly string[]) => { digest: string; ledgerEntry: string },
  ): Promise<number>;
}
