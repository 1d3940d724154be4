import type { OwnVisit, OwnVouching } from '@mandate/core';
import type { Step } from './authorization.js';

/** What entering "my authorizations" needs of the record, role ra's alone. Each change is one transaction. */

export interface SubjectIndexRow {
  readonly authorizationId: string;
  /** Keyed digest of kind and number of the identity document and the name. */
  readonly personKey: Uint8Array;
  readonly phoneKey: Uint8Array;
  /** `passkeyOwner`: whose passkey one registered under it is. */
  readonly ownerKey: Uint8Array;
}

export interface OwnChallengeRow {
  readonly id: string;
  readonly kind: 'code' | 'passkey';
  readonly secretDigest: Uint8Array;
  /** Null: nobody is known by what was said; nothing is sent and no answer is right. */
  readonly authorizationId: string | null;
  readonly codeMac: Uint8Array | null;
  readonly sealedCode: Uint8Array | null;
  readonly challenge: Uint8Array | null;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly tries: number;
  readonly deadAt: Date | null;
  /** As in a signing challenge. */
  readonly codeOrdinal: number;
  readonly codeGateway: string | null;
}

export interface OwnLinkRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly institutionId: string;
  readonly vouchedBy: string;
  readonly how: string;
  readonly secretDigest: Uint8Array;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface OwnVisitRow {
  readonly id: string;
  readonly secretDigest: Uint8Array;
  readonly means: OwnVisit['means'];
  readonly personKey: Uint8Array;
  readonly phoneKey: Uint8Array | null;
  readonly credentialId: Uint8Array | null;
  readonly institutionId: string | null;
  readonly ownLinkId: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly endsAt: Date;
}

export interface OwnRecord {
  subjectIndex(authorizationId: string): Promise<SubjectIndexRow | null>;
  /** Terms never change, so the first row stays. */
  indexSubject(row: SubjectIndexRow): Promise<void>;
  /** The newest authorization of that person with that number; null when there is none. */
  findOwn(person: Pick<SubjectIndexRow, 'personKey' | 'phoneKey'>): Promise<string | null>;
  /** With its wake-up, so that a known and an unknown person leave the same traces. */
  createOwnChallenge(
    row: Omit<OwnChallengeRow, 'tries' | 'deadAt' | 'codeOrdinal' | 'codeGateway'>,
    wake: NonNullable<Step['outbox']>,
  ): Promise<void>;
  ownChallenge(by: { id: string } | { secretDigest: Uint8Array }): Promise<OwnChallengeRow | null>;
  /** Counts a try if the challenge is alive and tries are left; null otherwise. One conditional UPDATE. */
  countOwnTry(id: string, at: Date, maxTries: number): Promise<number | null>;
  countOwnSend(id: string, max: number): Promise<boolean>;
  killOwnChallenge(id: string, at: Date): Promise<void>;
  /**
   * Uses up what opens it and writes the visit, or neither; the passkey's counter moves with it. Throws
   * `challenge-dead`, `ticket-used`, `passkey-invalid`.
   */
  openOwnVisit(
    by: { challengeId: string; passkey?: { id: string; counter: number } } | { linkId: string },
    row: OwnVisitRow,
  ): Promise<void>;
  createOwnLink(row: OwnLinkRow): Promise<void>;
  ownLink(secretDigest: Uint8Array): Promise<OwnLinkRow | null>;
  /** Who vouched for whom that link lets in. */
  ownVouching(ownLinkId: string): Promise<OwnVouching>;
  /** Keeps a living visit open until `until`, at most to its end; null when it is over or unknown. */
  touchOwnVisit(secretDigest: Uint8Array, at: Date, until: Date): Promise<OwnVisitRow | null>;
  endOwnVisit(secretDigest: Uint8Array, at: Date): Promise<void>;
  /** Deletes what was kept long enough, by the times in the database; how many rows. */
  purgeEntries(at: Date): Promise<number>;
  /** What the visit may see, newest first. */
  ownAuthorizations(visitId: string): Promise<readonly string[]>;
}
