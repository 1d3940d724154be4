import type { RecordDestroyed } from './id-image.js';
import type { AuthorizationRow } from './authorization.js';
import type { Party } from './stop.js';
import type { Recorded } from './use.js';

/** What the steps about personal data after the signature need of the record. Each change is one transaction. */

/** A registered public key of a recipient. */
export interface RecipientKey {
  readonly id: string;
  readonly creditCode: string;
  /** Canonical JSON of a public JWK. */
  readonly jwk: string;
  /** RFC 7638, base64url. */
  readonly thumbprint: string;
  readonly registrar: string;
  readonly approver: string;
  readonly registeredAt: Date;
  readonly validUntil: Date;
  readonly revokedAt: Date | null;
}

/** Data of the subject, released for one use to the holder of one key. */
export interface ReleaseRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly redemptionId: string;
  /** Credit code. */
  readonly recipient: string;
  readonly keyId: string;
  /** Members of the subject, in the order of `SUBJECT_FIELDS`. */
  readonly fields: readonly string[];
  /** Salted commitment to what was released, hex. */
  readonly content: string;
  /** SHA-256 of the sealed message, hex. */
  readonly sealed: string;
  /** The sealed message and the commitment's salt, under the data key. */
  readonly box: Uint8Array;
  readonly at: Date;
}

export interface RestrictionRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly by: Party;
  readonly proofKind: string;
  readonly proofRef: string;
  /** Hex; keeps digests of the fact from being guessed. */
  readonly salt: string;
  readonly at: Date;
  /** Asked by the subject on their own pages, by code or passkey: this alone lets the data go sooner. */
  readonly own: boolean;
}

export interface ErasureRow {
  readonly id: string;
  readonly authorizationId: string;
  /** Article of the law by which the data were kept so long. */
  readonly basis: string;
  readonly keptUntil: Date;
  /** `sweep`, or the first of two people. */
  readonly askedBy: string;
  readonly approvedBy: string | null;
  readonly salt: string;
  readonly at: Date;
}

/** How long the data are kept; null before anything is over. */
export interface Retention {
  readonly runsFrom: Date;
  readonly keptUntil: Date;
  readonly basis: string;
  /** False: kept for questions only, and gone as soon as the subject asks. */
  readonly byLaw: boolean;
}

export interface PrivacyState {
  readonly retention: Retention | null;
  /** The first one. */
  readonly restriction: RestrictionRow | null;
  /** Whether the subject asked for it on their own pages, then or later. */
  readonly askedBySubject: boolean;
  readonly erasure: ErasureRow | null;
}

export interface PrivacyReads {
  privacy(authorizationId: string): Promise<PrivacyState>;
  /** Oldest first. */
  releases(authorizationId: string): Promise<readonly ReleaseRow[]>;
}

/** Role web. */
export interface PrivacyRecord extends PrivacyReads {
  /** The reference of an authorization's order, `fresh` the first time. */
  orderReference(authorizationId: string, fresh: string, at: Date): Promise<string>;
  authorizationByOrder(reference: string): Promise<AuthorizationRow | null>;
  /** The newest key of a recipient that is valid then; null: none. */
  recipientKey(creditCode: string, at: Date): Promise<RecipientKey | null>;
  release(redemptionId: string): Promise<ReleaseRow | null>;
  /** Asks whether anything may be released for a use. Throws the refusal. */
  checkRelease(redemptionId: string, at: Date): Promise<void>;
  /** Released already: as it was. Throws the refusal. */
  addRelease(
    row: Omit<ReleaseRow, 'at'>,
    at: Date,
    record: (authorization: AuthorizationRow, row: ReleaseRow) => Recorded,
  ): Promise<ReleaseRow>;
  /** Restricted already, and by the subject where the subject asks: as it is. Throws `illegal-transition` while the authorization may still be used. */
  restrict(
    row: Omit<RestrictionRow, 'at' | 'own'>,
    at: Date,
    record: (authorization: AuthorizationRow, row: RestrictionRow) => Recorded,
  ): Promise<RestrictionRow>;
}

/** Role vault. */
export interface ErasureRecord {
  /**
   * The one place where a data key is destroyed: the authorization is locked, the predicate asked; access entry, event
   * and ledger entry commit with it. Erased already: as it is. Throws `not-found`, `illegal-transition`, `on-hold`,
   * `retention-runs`, also before its notice is over.
   */
  erase(
    erasure: Pick<ErasureRow, 'id' | 'authorizationId' | 'salt'> & { readonly accessId: string },
    at: Date,
    record: (authorization: AuthorizationRow, row: ErasureRow) => Recorded,
    /** Pictures that are left go with the key, each with its own event and entry. */
    recordImage: RecordDestroyed,
  ): Promise<ErasureRow>;
}

/** Role worker. */
export interface ErasureSweepRecord {
  /**
   * Notes what may be erased from now on and was not noted yet. The act follows a week later, at once where the
   * subject asked for it on their own pages. Returns how many.
   */
  markErasures(p: { at: Date; limit: number }): Promise<number>;
  /** Noted ones whose time has come and that nothing keeps by now. */
  dueErasures(at: Date, limit: number): Promise<readonly string[]>;
}
