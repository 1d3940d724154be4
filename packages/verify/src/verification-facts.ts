import type { Build, IdentityCheck, Json, KeyOrigin, TrailEvent } from '@mandate/core';
import type { Terms } from '@mandate/terms';
import type { ArtefactFacts } from './artefacts/artefact-facts.js';
import type { FactKind } from './artefacts/fact-shapes.js';
import type { LaterAccess, LaterState } from './material/later-material.js';

/** What was read, for recomputation; a member is absent when the input does not hold it or it could not be read. */
export interface Facts extends ArtefactFacts {
  readonly letter?: {
    /** SHA-256 of the letter as shown (first revision), hex. */
    readonly digest: string;
    readonly size: number;
    readonly checkCode: string;
    /** SHA-256 of the signed file, hex. */
    readonly signedDigest: string;
    readonly signedSize: number;
  };
  readonly signature?: {
    readonly field: string;
    readonly subFilter: string;
    readonly byteRange: readonly number[];
    /** `/M` of the signature dictionary: a claim, never evidence of time. */
    readonly claimedAt?: string;
    /** SHA-256 of the signature value, hex; what the ledger records. */
    readonly valueDigest?: string;
    readonly messageDigest?: string;
  };
  readonly certificate?: CertificateFacts & {
    readonly keyOrigin?: KeyOrigin;
    readonly sceneDigest?: string;
    readonly letterDigest?: string;
    readonly evidenceRoot?: string;
    readonly ledgerOrigin?: string;
    /** SHA-256 of the to-be-signed bytes, hex; what the ledger's intent entry announces. */
    readonly tbsDigest?: string;
  };
  /** Chain found for the scene certificate, leaf first. */
  readonly chain?: readonly CertificateFacts[];
  readonly timestamp?: TimestampFacts;
  /** PAdES level (ETSI EN 319 142-1 §6) as judged: a document timestamp that does not hold adds nothing. */
  readonly level?: 'B-B' | 'B-T' | 'B-LT' | 'B-LTA';
  /** Oldest first. */
  readonly documentTimestamps?: readonly {
    readonly field: string;
    readonly genTime: string;
    /** It holds and was renewed in time: what it covers existed then. */
    readonly proves: boolean;
    readonly authority?: CertificateFacts;
  }[];
  readonly revocation?: {
    readonly status: string;
    readonly producedAt: string;
    readonly thisUpdate: string;
    readonly nextUpdate?: string;
  };
  /** The terms embedded in the letter. */
  readonly terms?: Terms;
  readonly termsDigest?: string;
  readonly authorization?: {
    readonly id: string;
    readonly institutionId: string;
    readonly measures: readonly string[];
    readonly gate: string;
    /** Only where the scene asked who the person is. */
    readonly identity?: IdentityFacts;
    readonly sceneFrozenAt: string;
    readonly sceneDigest: string;
    readonly challengeDigest: string;
    readonly evidenceRoot: string;
    readonly presentationDigest: string;
    /** Digest of the page build that showed the letter; absent when none was named. */
    readonly pageBuild?: string;
    /** Which builds made it, as the operator states. */
    readonly builds?: { readonly page: Build | null; readonly server: Build };
    readonly choices: ChoiceFacts;
    /** Signed in one sitting with others: the digests of all its letters, and the check code they had together. */
    readonly set?: {
      readonly id: string;
      /** 1-based, of this letter. */
      readonly position: number;
      readonly letters: readonly string[];
      readonly checkCode: string;
    };
    readonly confirmedAt?: string;
    readonly passkey?: {
      readonly rpId: string;
      /** SHA-256 of the credential id, hex. */
      readonly credential: string;
      readonly checkedAt: string;
      readonly registeredAt: string;
    };
    readonly code?: {
      readonly madeAt: string;
      readonly checkedAt: string;
      readonly digits: number;
      readonly tries: number;
      readonly channel: 'sms' | 'voice';
      /** What carriers had reported of its message by then, as the operator was told. */
      readonly reports?: readonly {
        readonly gateway: string;
        readonly status: 'delivered' | 'failed';
        readonly receivedAt: string;
      }[];
    };
  };
  readonly trail?: readonly (TrailEvent & { readonly digest: string })[];
  readonly ledger?: {
    readonly origin: string;
    readonly index: number;
    readonly size: number;
    readonly root: string;
    /** `at` of the letter entry. */
    readonly at: string;
    readonly signers: readonly string[];
    /** Distinct trusted witnesses that cosigned the proof's checkpoint, and when each did last. */
    readonly cosigners: readonly { readonly name: string; readonly at: string }[];
  };
  /** What a whole ledger that was given says about certificate and letter; absent when it cannot be relied on. */
  readonly ledgerCopy?: LedgerCopyFacts;
  readonly seal?: { readonly certificate: CertificateFacts; readonly timestamp?: TimestampFacts };
  /** Parts of the bundle with their actual digests. */
  readonly parts?: readonly {
    readonly name: string;
    readonly size: number;
    readonly digest: string;
  }[];
  /** Digest of the bundle as it was before ledger proofs were added. */
  readonly sealedBundleDigest?: string;
  /** What this copy tells single readers beyond itself; values only with the reader's key. */
  readonly disclosures?: readonly {
    /** RFC 7638 thumbprint of the reader's key. */
    readonly reader: string;
    readonly values?: readonly {
      /** Hex, as it stands in the bundle. */
      readonly commitment: string;
      readonly field: string;
      readonly value: string;
      /** Where the bundle commits to it: file and JSON pointer. */
      readonly places: readonly string[];
    }[];
  }[];
  /** What was added after signing; absent when nothing was, or it could not be read. */
  readonly later?: LaterFacts;
}

export interface LedgerCopyFacts {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  /** Entries under the certificate or about the letter, by kind or `kind:step`: all there are up to `size`. */
  readonly recorded: Readonly<Record<string, number>>;
  /** The first stamped head that holds the letter's entry: it stood in the ledger then. */
  readonly stamp?: { readonly size: number; readonly at: string; readonly authority: string };
}

/** What later generations of a bundle tell; none of it changes what is said of the signature. */
export interface LaterFacts {
  /** The newest one given. Whether it is the newest made only the ledger shows. */
  readonly generation: number;
  /** When the newest was sealed, by its seal's timestamp, RFC 3339; absent when it cannot be read. */
  readonly sealedAt?: string;
  /** As the operator stated it in the newest one. */
  readonly state: LaterState;
  /** In the order of the ledger. */
  readonly facts: readonly LaterFact[];
  /** The newest archived letter: in which generation of the bundle, and how often it was renewed. */
  readonly archived?: {
    readonly generation: number;
    readonly digest: string;
    readonly renewals: number;
  };
  /** Who opened the personal data, as the operator says; oldest first. */
  readonly accesses: readonly LaterAccess[];
  /** The registration of the passkey that answered, where the ledger's proof of it holds. */
  readonly registration?: {
    /** Place in the ledger. */
    readonly index: number;
    /** RFC 3339, as the entry says. */
    readonly at: string;
    /** Distinct trusted witnesses that cosigned a checkpoint with it, and when each did: it stood there by then. */
    readonly cosigners: readonly { readonly name: string; readonly at: string }[];
  };
}

/** A fact with a receipt. */
export interface LaterFact {
  readonly kind: FactKind | 'unknown';
  /** Of the bundle, in which it was added. */
  readonly generation: number;
  readonly id: string;
  /** RFC 3339, as the operator says. */
  readonly at: string;
  /** `kindDigest('receipt', fact)`, hex. */
  readonly digest: string;
  /** As its receipt tells it. */
  readonly fact: Readonly<Record<string, Json>>;
  /** Place of its entry in the ledger. */
  readonly index?: number;
  /** What later became of a use, by the ledger. */
  readonly steps?: readonly {
    readonly step: string;
    readonly at: string;
    readonly index: number;
  }[];
  /** Signed under a key of receipts that the caller trusts. */
  readonly receipt: 'verified' | 'not-checked';
  /** By the receipt's timestamp, where it has one. */
  readonly stampedAt?: string;
}

/** What was shown of the person, and by whom. */
export interface IdentityFacts {
  readonly policy: string;
  readonly checks: readonly {
    readonly check: IdentityCheck;
    readonly provider: string;
    readonly operator: string;
    readonly simulated: boolean;
    readonly outcome: 'match' | 'mismatch';
    readonly checkedAt: string;
    readonly reference: string;
    readonly numberAgeMonths?: number;
    /** Signed by the provider under a key the caller trusts; under one nobody named; by nobody, or not so that it holds. */
    readonly receipt: 'verified' | 'not-checked' | 'none';
    /** Of the institution's own word: who, and how they knew. */
    readonly vouchedBy?: string;
    readonly how?: string;
  }[];
}

/** What could be accepted or refused by itself, by name; nothing at all in most letters. */
export interface ChoiceFacts {
  readonly accepted: { readonly items: readonly string[]; readonly recipients: readonly string[] };
  readonly refused: { readonly items: readonly string[]; readonly recipients: readonly string[] };
}

export interface CertificateFacts {
  readonly serial: string;
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 of the DER, hex. */
  readonly digest: string;
}

export interface TimestampFacts {
  readonly genTime: string;
  readonly accuracySeconds?: number;
  readonly policy: string;
  readonly serial: string;
  readonly authority?: CertificateFacts;
}
