import { bytesEqual, isDomainError, utf8 } from '@mandate/core';
import {
  leafHash,
  parseCheckpoint,
  parseProof,
  verifyInclusion,
  verifyNote,
} from '@mandate/ledger';

/** Whose heads are believed. */
export interface LedgerPins {
  readonly origin: string;
  /** Verifier keys of the ledger and of its witnesses, as this process was given them. */
  readonly vkeys: readonly string[];
  /** Distinct witnesses that must have cosigned. */
  readonly quorum: number;
}

/**
 * Whether a proof says that the tree has exactly this entry, under a head that the ledger signed and enough witnesses
 * cosigned. What the database says of it counts nothing. False for whatever is no such proof.
 */
export const provesEntry =
  ({ origin, vkeys, quorum }: LedgerPins) =>
  (proof: string, entry: string): boolean => {
    try {
      const { index, hashes, checkpoint, extra } = parseProof(proof);
      const { text, signers, cosigners, failed } = verifyNote(checkpoint, vkeys);
      const head = parseCheckpoint(text);
      return (
        head.origin === origin &&
        signers.includes(origin) &&
        failed.length === 0 &&
        cosigners.length >= quorum &&
        extra !== undefined &&
        bytesEqual(extra, utf8(entry)) &&
        verifyInclusion({ index, size: head.size, leaf: leafHash(extra), hashes, root: head.root })
      );
    } catch (error) {
      if (!isDomainError(error, 'format-ledger')) throw error;
      return false;
    }
  };
