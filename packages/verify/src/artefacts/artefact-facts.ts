import type { FactKind } from './fact-shapes.js';
import type { Indication } from '../verification.js';

/** What was read of something that is neither letter nor bundle. */
export interface ArtefactFacts {
  readonly receipt?: ReceiptFacts;
  /** A list of which receipts may still be acted on. */
  readonly statusList?: {
    readonly issuer: string;
    readonly uri: string;
    readonly issuedAt: string;
    readonly expiresAt: string;
    /** So many receipts have a place in it. */
    readonly places: number;
  };
  /** A ledger's head, of a checkpoint or of the one in a proof. */
  readonly checkpoint?: {
    readonly origin: string;
    readonly size: number;
    readonly root: string;
    readonly signers: readonly string[];
    readonly cosigners: readonly { readonly name: string; readonly at: string }[];
    /** Names on signature lines no trusted key stands for; they prove nothing. */
    readonly unknownSignatures: readonly string[];
  };
  /** The entry a proof is about. */
  readonly entry?: {
    readonly index: number;
    /** SHA-256 of its bytes, hex. */
    readonly digest: string;
    readonly entry: Readonly<Record<string, unknown>>;
  };
  readonly report?: {
    readonly id: string;
    readonly madeAt: string;
    readonly publicUrl: string;
    /** What it is about. */
    readonly input: { readonly kind: string; readonly digest: string };
    readonly judgedAt: string;
    readonly indication: Indication;
  };
  /** Several reports under lists of evidence. */
  readonly filing?: {
    readonly files: number;
    /** Authorizations on which no report could be made. */
    readonly missing: number;
    readonly lists: readonly {
      readonly language: string;
      readonly digest: string;
      /** By the timestamp of its seal, whoever made it. */
      readonly sealedAt?: string;
    }[];
  };
  /** What was given to compare it with. */
  readonly beside?: readonly { readonly kind: string; readonly digest: string }[];
}

/** A fact of an authorization's later life, as its receipt tells it. */
export interface ReceiptFacts {
  readonly kind: FactKind;
  readonly id: string;
  readonly issuer: string;
  readonly institution: { readonly name: string; readonly creditCode: string };
  readonly authorization: string;
  readonly letterNumber: string;
  /** SHA-256 of the letter as shown, hex. */
  readonly letter: string;
  readonly at: string;
  readonly factDigest: string;
  /** SHA-256 of the ledger entry, hex. */
  readonly ledgerEntry: string;
  /** A source may act on it until then; as evidence it does not end. */
  readonly actableUntil?: string;
  readonly statusList?: { readonly uri: string; readonly index: number };
  /** As a status list given with it says. */
  readonly status?: 'valid' | 'invalid' | 'suspended';
  /** As a timestamp token given with it proves. */
  readonly stampedAt?: string;
  readonly fact: Readonly<Record<string, unknown>>;
}
