import type { KeptAgreement } from './desk/agreement-ports.js';
import type { CaseRecord, SealRow } from './desk/case-ports.js';
import type {
  AccessEntry,
  AccessPurpose,
  AttemptState,
  CodeChannel,
  DeskIndex,
  EventType,
  KeyOrigin,
  Scene,
  State,
  Topic,
} from '@mandate/core';
import type { ReportRecord } from './note-report.js';
import type { UseScope } from '@mandate/terms';
import type { OwnRecord, SubjectIndexRow } from './own-ports.js';
import type { GenerationReads, GenerationSchedule } from './generation-ports.js';
import type { ApiKeyRecord } from './key-ports.js';
import type { LogoReads } from './logo-ports.js';
import type { IdentityReads, IdentityRows } from './identity-ports.js';
import type { PasskeyRows } from './passkey-ports.js';
import type { IdImageRecord, IdImageSweepRecord } from './id-image-ports.js';
import type { ErasureRecord, ErasureSweepRecord, PrivacyRecord } from './privacy-ports.js';
import type { CodeDeliveries, SmsNotes, SmsReceiptNotes } from './sms-ports.js';
import type { RegistryReads, RelintRecord, TemplateRecord } from './template-ports.js';
import type { ReservationRecord, UseMessageRecord, UseRecord } from './use-ports.js';

/**
 * What the steps need of the record. `store` implements one record per database role, so that a
 * step can only do what its role is granted. Every method that changes something is one transaction.
 */

/** Who asserts that the visitor is the subject before personal data is shown. */
export type Gate = Scene['gate'];

export interface Institution {
  readonly id: string;
  readonly name: string;
  readonly creditCode: string;
  readonly contact: string;
  readonly complaints: string;
}

export interface TemplateVersion {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  /** Canonical JSON of the template body. */
  readonly body: string;
}

export interface AuthorizationRow {
  readonly id: string;
  readonly institutionId: string;
  readonly templateId: string;
  readonly templateVersion: number;
  readonly businessReference: string;
  readonly letterNumber: string;
  readonly language: string;
  readonly termsDigest: string;
  readonly letterDigest: string;
  readonly letterSize: number;
  readonly state: State;
  readonly version: number;
  /** Digest of the newest trail event. */
  readonly head: string;
  readonly endAt: Date;
  readonly signBy: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** One trail event on top of a known version; `version-conflict` when somebody else was first. */
export interface Step {
  readonly authorization: Pick<AuthorizationRow, 'id' | 'version' | 'head'>;
  /** The new state; absent when the event changes none. */
  readonly to?: State;
  readonly type: EventType;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
  readonly outbox?: readonly { topic: Topic; ref: string }[];
}

export interface ChallengeRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly ordinal: number;
  readonly digest: string;
  readonly scene: string;
  readonly sceneDigest: string;
  readonly serverNonce: string;
  /** Null: a passkey alone answers it. */
  readonly codeMac: Uint8Array | null;
  readonly withCode: boolean;
  readonly channel: CodeChannel;
  readonly sealedCode: Uint8Array | null;
  readonly madeAt: Date;
  readonly expiresAt: Date;
  readonly tries: number;
  readonly deadAt: Date | null;
  /**
   * In a signing set: the digests of all challenges that one code answers, in their order. Code, tries and
   * deliveries are the first one's. Null: it is answered by itself.
   */
  readonly setChallenges: readonly string[] | null;
  /** The how-manieth code this is: a message that goes through another gateway carries a new one. */
  readonly codeOrdinal: number;
  /** Through which the code went; null until it was fetched. */
  readonly codeGateway: string | null;
  /** Names the block of numbers it goes to in counters; null: nothing is sent. */
  readonly prefixKey: Uint8Array | null;
}
/** As it is made. */
export type NewChallenge = Omit<
  ChallengeRow,
  'tries' | 'deadAt' | 'withCode' | 'codeOrdinal' | 'codeGateway'
>;
/** What role web may see of a challenge: everything the page shows, nothing of the code. */
export type PublicChallenge = Omit<
  ChallengeRow,
  'scene' | 'codeMac' | 'sealedCode' | 'codeOrdinal' | 'codeGateway' | 'prefixKey'
>;

export interface ConfirmationRow {
  readonly authorizationId: string;
  readonly challengeId: string;
  readonly visitId: string;
  readonly parts: string;
  readonly evidenceRoot: string;
  /** Canonical JSON of what each measure left; null when it was none. */
  readonly codeRecord: string | null;
  readonly passkey: string | null;
  /** Canonical JSON of what carriers had said of the code's message by then; null when nothing. */
  readonly delivery: string | null;
  readonly publicKey: Uint8Array;
  readonly proof: Uint8Array;
  /** Version of the `confirmed` event. */
  readonly trailVersion: number;
  readonly confirmedAt: Date;
  readonly goodUntil: Date;
}

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

/** One `presented` event with its record, which is ciphertext. */
export interface PresentationRow {
  /** Of the event. */
  readonly version: number;
  /** `kindDigest('presentation', record)`, hex, as the event names it. */
  readonly digest: string;
  readonly at: Date;
  readonly box: Uint8Array;
}

/** Up to five letters for one sitting. */
export interface SigningSet {
  readonly id: string;
  readonly institutionId: string;
  readonly createdAt: Date;
  /** In their order. */
  readonly members: readonly SetMember[];
}

export interface SetMember {
  readonly authorizationId: string;
  /** 1-based. */
  readonly position: number;
  /** As the institution says: it can go on without. */
  readonly optional: boolean;
  /** Refused, and not yet for good; null otherwise. */
  readonly refusedAt: Date | null;
}

export interface SetReads {
  set(id: string): Promise<SigningSet | null>;
  /** The set an authorization is a member of; null for most. */
  setOf(authorizationId: string): Promise<SigningSet | null>;
}

/** Reads every role with a ceremony step has. */
export interface CommonReads {
  /** Throws `not-found`. */
  authorization(id: string): Promise<AuthorizationRow>;
  /** Events 1..upTo as stored, canonical JSON with their digests. */
  trail(id: string, upTo?: number): Promise<readonly { body: string; digest: string }[]>;
  /** All presentations up to that version of the trail, oldest first. */
  presentations(id: string, upTo?: number): Promise<readonly PresentationRow[]>;
  template(id: string, version: number): Promise<TemplateVersion>;
  institution(id: string): Promise<Institution>;
}

/** One generation of a letter at level B-LTA; the newest counts, none is ever replaced. */
export interface ArchiveRow {
  readonly authorizationId: string;
  readonly generation: number;
  readonly level: 'B-LTA';
  readonly object: string;
  /** SHA-256 of the letter, hex. */
  readonly digest: string;
  readonly madeAt: Date;
  /** Renewal is due from then on. */
  readonly renewFrom: Date;
  /** Too late from then on. */
  readonly renewBy: Date;
}

export interface ArchiveReads {
  newestArchive(authorizationId: string): Promise<ArchiveRow | null>;
}

/** Role ra alone: what was counted so far. */
export interface Counted {
  /** Sum over the windows from `since` on. */
  counted(scope: string, key: string, since: Date): Promise<number>;
}

export interface Limited {
  /** Counts one more in the window; false when `max` is reached already. One conditional UPDATE. */
  count(limit: { scope: string; key: string; windowStart: Date; max: number }): Promise<boolean>;
}

/** Bounds of capacity, which processes share. */
export interface Quotas {
  /**
   * Takes a share of what is left in the window: `granted` may be less than asked for, also 0; `free` is left for
   * everybody afterwards. One conditional UPDATE.
   */
  lease(limit: {
    scope: string;
    key: string;
    windowStart: Date;
    max: number;
    share: number;
  }): Promise<{ granted: number; free: number }>;
}

/** A signing link or the widget's ticket. */
export interface LinkRow {
  readonly id: string;
  readonly authorizationId: string;
  readonly kind: 'link' | 'ticket';
  /** Whose pages may frame it; links have none. */
  readonly origins: readonly string[];
  readonly returnUrl: string | null;
  readonly returnState: string | null;
  /** The framed visit that made it, to go on as a full page. */
  readonly handedOverFrom: string | null;
  readonly expiresAt: Date;
}

export interface VisitRow {
  readonly id: string;
  readonly authorizationId: string;
  /** Null: it began with the letter's number. */
  readonly linkId: string | null;
  /** An earlier visit of the same reader. */
  readonly continues: string | null;
  readonly framed: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly identifiedAt: Date | null;
  readonly gate: Gate | null;
}

/** What `requested` writes. */
export interface NewAuthorization {
  readonly row: Omit<AuthorizationRow, 'state' | 'version' | 'head' | 'updatedAt'>;
  /** Of the event. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly termsBox: Uint8Array;
  /** By what its institution finds it when it knows the person. */
  readonly searchKey: Uint8Array;
  /** By what the disputes desk finds it. */
  readonly deskIndex?: DeskIndex;
}

/** What a list is narrowed to; everything given must hold. */
export interface AuthorizationFilter {
  readonly state?: State | undefined;
  /** Id or name. */
  readonly template?: string | undefined;
  readonly businessReference?: string | undefined;
  readonly letterNumber?: string | undefined;
  readonly createdFrom?: Date | undefined;
  /** Not included. */
  readonly createdTo?: Date | undefined;
  readonly searchKey?: Uint8Array | undefined;
}

export interface WebRecord
  extends
    Pick<CaseRecord, 'casesOf'>,
    ReportRecord,
    CommonReads,
    ArchiveReads,
    GenerationReads,
    SetReads,
    Limited,
    SmsReceiptNotes,
    UseRecord,
    PrivacyRecord,
    IdImageRecord,
    TemplateRecord,
    RegistryReads,
    ApiKeyRecord,
    LogoReads,
    Quotas {
  createAuthorization(
    made: NewAuthorization,
    /** Stored with the authorization: a repeated request gets this answer. */
    answer?: { key: string; status: number; body: unknown },
  ): Promise<AuthorizationRow>;
  /** The set with all its authorizations, or nothing. */
  createSet(
    set: Pick<SigningSet, 'id' | 'institutionId' | 'createdAt'>,
    members: readonly (NewAuthorization & { readonly optional: boolean })[],
    answer?: { key: string; status: number; body: unknown },
  ): Promise<void>;
  /** Refuses a letter of a set, or takes that back (`null`). Throws `guard-refused` once its code was asked for. */
  refuseMember(authorizationId: string, at: Date | null): Promise<void>;
  /** Several authorizations' steps in one transaction; the live codes of all of them die. */
  declineAll(steps: readonly Step[]): Promise<void>;
  findAuthorization(institutionId: string, id: string): Promise<AuthorizationRow | null>;
  listAuthorizations(
    institutionId: string,
    page: AuthorizationFilter & { before?: string | undefined; limit: number },
  ): Promise<readonly AuthorizationRow[]>;
  personalData(id: string, field: 'terms'): Promise<Uint8Array>;

  createLink(row: {
    id: string;
    authorizationId: string;
    kind: 'link' | 'ticket';
    tokenDigest: Uint8Array;
    origins: readonly string[];
    returnUrl: string | null;
    returnState: string | null;
    handedOverFrom: string | null;
    at: Date;
    expiresAt: Date;
  }): Promise<void>;
  linkByToken(tokenDigest: Uint8Array): Promise<LinkRow | null>;
  linkById(id: string): Promise<LinkRow | null>;
  /** What `mandate institution allow` says; empty lists when nothing was said. */
  waysInAllowed(institutionId: string): Promise<{ origins: string[]; schemes: string[] }>;
  /** First use of a ticket wins; false when it was used before. */
  useTicket(id: string, at: Date): Promise<boolean>;
  createVisit(row: {
    id: string;
    authorizationId: string;
    cookieDigest: Uint8Array;
    linkId: string | null;
    continues: string | null;
    framed: boolean;
    handOverDigest: Uint8Array | null;
    at: Date;
    expiresAt: Date;
  }): Promise<void>;
  visit(id: string): Promise<VisitRow | null>;
  visitByCookie(cookieDigest: Uint8Array): Promise<VisitRow | null>;
  visitByHandOver(handOverDigest: Uint8Array): Promise<VisitRow | null>;
  identifyVisit(id: string, at: Date, gate: Gate): Promise<void>;

  /** `presentation`: the sealed record of a `presented` step. */
  advance(
    step: Step,
    options?: { killChallenges?: boolean; presentation?: Uint8Array },
  ): Promise<void>;
  /** By the number that stands on the letter. */
  authorizationByLetterNumber(letterNumber: string): Promise<AuthorizationRow | null>;
  /** Stands for an address or another text in counters; keyed, so that it cannot be found by trying. */
  counterKey(text: string): Promise<string>;
  latestChallenge(id: string): Promise<PublicChallenge | null>;
  latestConfirmation(
    id: string,
  ): Promise<Pick<ConfirmationRow, 'challengeId' | 'visitId' | 'confirmedAt' | 'goodUntil'> | null>;
  latestAttempt(
    id: string,
  ): Promise<Pick<AttemptRow, 'id' | 'state' | 'keyOrigin' | 'notAfter'> | null>;
}

export interface RaRecord
  extends
    CommonReads,
    SetReads,
    Limited,
    Counted,
    CodeDeliveries,
    UseMessageRecord,
    OwnRecord,
    PasskeyRows,
    IdentityRows {
  personalData(id: string, field: 'terms'): Promise<Uint8Array>;
  latestChallenge(authorizationId: string): Promise<ChallengeRow | null>;
  challenge(id: string): Promise<ChallengeRow | null>;
  /** Kills the older challenges of the authorization, and notes whose it is, in the same transaction. */
  createChallenge(
    step: Step,
    row: NewChallenge,
    index: Omit<SubjectIndexRow, 'authorizationId'>,
  ): Promise<void>;
  /** The same for all letters of a set, in the order of its challenges. */
  createSetChallenge(
    members: readonly {
      readonly step: Step;
      readonly row: NewChallenge;
      readonly index: Omit<SubjectIndexRow, 'authorizationId'>;
    }[],
  ): Promise<void>;
  challengeByDigest(digest: string): Promise<ChallengeRow | null>;
  /** Counts a try if the challenge is alive and tries are left; null otherwise. One conditional UPDATE. */
  countTry(id: string, at: Date, maxTries: number): Promise<number | null>;
  /** Counts one more delivery; false when `max` is reached or the challenge is dead. */
  countSend(id: string, max: number): Promise<boolean>;
  /** In a set: those of all its letters. */
  killChallenge(id: string, at: Date): Promise<void>;
  /** When somebody with that ID number said that they were being told to sign, with which number and where. */
  pausesOf(
    subjectKey: Uint8Array,
  ): Promise<readonly { ownerKey: Uint8Array; institutionId: string; at: Date }[]>;
  /** Once for each authorization. `ownerKey`: the person with the letter's telephone number. */
  notePause(row: {
    subjectKey: Uint8Array;
    ownerKey: Uint8Array;
    authorizationId: string;
    at: Date;
  }): Promise<void>;
  /**
   * Uses up the challenge (guard) and records the confirmation; the passkey's counter moves with it.
   * Throws `challenge-dead`, `passkey-invalid`.
   */
  confirm(
    step: Step,
    row: ConfirmationRow,
    passkey?: { readonly id: string; readonly counter: number },
  ): Promise<void>;
  /** All letters of a set or none, in the order of its challenges. */
  confirmSet(
    members: readonly { readonly step: Step; readonly row: ConfirmationRow }[],
    passkey?: { readonly id: string; readonly counter: number },
  ): Promise<void>;
  latestConfirmation(authorizationId: string): Promise<ConfirmationRow | null>;
}

export interface CaRecord extends CommonReads, ArchiveReads, IdentityReads, LedgerStandingReads {
  /** The generation and its ledger entry, or neither; false when that generation is there already. */
  addArchive(row: ArchiveRow, ledgerEntry: string): Promise<boolean>;
  personalData(id: string, field: 'terms'): Promise<Uint8Array>;
  /** Canonical JSON of the `TemplateEvidence` that a trail names by its digest. Throws `not-found`. */
  templateEvidence(digest: string): Promise<string>;
  latestConfirmation(authorizationId: string): Promise<ConfirmationRow | null>;
  confirmation(challengeId: string): Promise<ConfirmationRow>;
  challenge(
    id: string,
  ): Promise<Pick<ChallengeRow, 'digest' | 'scene' | 'sceneDigest' | 'serverNonce' | 'ordinal'>>;
  attempt(id: string): Promise<AttemptRow | null>;
  /** The attempt that signed the letter. Throws `not-found`. */
  committedAttempt(authorizationId: string): Promise<AttemptRow>;
  openAttempts(authorizationId?: string): Promise<readonly AttemptRow[]>;
  /**
   * Journals the intent with its ledger entry and voids the attempts it supersedes, all or nothing.
   * A key seen before throws `key-reused`; `step-out-of-order` when a superseded one has moved on.
   */
  intend(
    step: Step,
    row: Omit<AttemptRow, 'state' | 'voidedAt'>,
    box: Uint8Array,
    ledgerEntry: string,
    superseded: readonly Voiding[],
  ): Promise<void>;
  /**
   * Writes a journal step and moves the attempt to `to`; the first writer wins and everybody gets
   * the winning box. Throws `attempt-void` when the attempt was voided.
   */
  journal(
    attemptId: string,
    step: JournalStep,
    box: Uint8Array,
    at: Date,
    to?: AttemptState,
  ): Promise<Uint8Array>;
  /** The boxes of all steps written so far. */
  journaled(attemptId: string): Promise<ReadonlyMap<JournalStep, Uint8Array>>;
  /** False when it is no longer in the state it was seen in: a signature may just have arrived. */
  voidAttempt(voiding: Voiding): Promise<boolean>;
  /**
   * `failed`, and the attempt voided with its ledger entry, in one transaction. `step-out-of-order` when the
   * attempt has left the state it was seen in.
   */
  fail(step: Step, voiding: Voiding): Promise<void>;
  /**
   * `signed`: state, event, ledger row, attempt and the agreed scope in one transaction. `sealed`: the scope's digest
   * under the data key.
   */
  commit(
    step: Step,
    attemptId: string,
    ledgerEntry: string,
    scope: UseScope,
    sealed: Uint8Array,
  ): Promise<void>;
  bySerial(
    serial: Uint8Array,
  ): Promise<Pick<
    AttemptRow,
    'state' | 'notBefore' | 'notAfter' | 'voidedAt' | 'createdAt'
  > | null>;
  revoked(at: Date): Promise<readonly { serial: Uint8Array; voidedAt: Date }[]>;
}

export interface QueuedEntry {
  readonly queueId: string;
  readonly entry: string;
  readonly authorizationId: string | null;
}

/** One sequencing round, alone under the head's lock. */
export interface LetterInTree {
  readonly authorizationId: string;
  readonly index: number;
  readonly entry: string;
}

export interface LedgerRound {
  readonly size: number;
  queued(limit: number): Promise<readonly QueuedEntry[]>;
  node(level: number, index: number): Promise<Uint8Array>;
  save(integrated: {
    entries: readonly (QueuedEntry & { index: number })[];
    nodes: readonly { level: number; index: number; hash: Uint8Array }[];
    size: number;
    root: Uint8Array;
    note: string;
    at: Date;
  }): Promise<void>;
  /** Letters in the tree of `size` entries that are still `signed`, oldest first. */
  signedLetters(size: number, limit: number): Promise<readonly LetterInTree[]>;
  /** Records the proof and turns `signed` into `released`. */
  release(
    authorizationId: string,
    proof: string,
    data: Readonly<Record<string, unknown>>,
    at: Date,
  ): Promise<void>;
}

/** How far the ledger is, for whoever must not go on behind it. */
export interface LedgerStandingReads {
  /** Entries under the newest signed head, published or not. */
  signedSize(): Promise<number>;
  /** Number of entries whose files are in the object store. */
  publishedSize(): Promise<number>;
  /** Entries as they were hashed. Throws `ledger-behind` when one is missing. */
  entries(first: number, count: number): Promise<readonly string[]>;
}

/** Entries that stand for themselves, beside no other row. */
export interface EntryQueue {
  /** False when one stands under that key already. */
  queue(dedupe: string, entry: string): Promise<boolean>;
}

export interface LedgerRecord extends EntryQueue, LedgerStandingReads, StampRecord {
  round<T>(work: (round: LedgerRound) => Promise<T>): Promise<T>;
  /**
   * The newest published one with at least that many cosignatures, all it has under it; `any`: the newest of all,
   * published or not.
   */
  newestCheckpoint(quorum: number | 'any'): Promise<string | null>;
  /** The oldest that holds the entry and has at least that many cosignatures, all it has under it. */
  oldestCheckpoint(index: number, quorum: number): Promise<string | null>;
  /** Never lowers it. */
  markPublished(size: number): Promise<void>;
  /** A hash of the stored tree. Throws `ledger-behind` when it is missing. */
  node(level: number, index: number): Promise<Uint8Array>;
  /** `count` of them from `first` on. Throws `ledger-behind` when one is missing. */
  nodes(level: number, first: number, count: number): Promise<readonly Uint8Array[]>;
  /** Size of the newest checkpoint this witness cosigned; 0: none. */
  cosignedSize(witness: string): Promise<number>;
  /** Once for each checkpoint and witness; further ones change nothing. */
  keepCosignature(cosignature: {
    size: number;
    witness: string;
    line: string;
    at: Date;
  }): Promise<void>;
}

/** A signed head as it was stamped, and the token over its bytes. */
export interface CheckpointStamp {
  /** 0, 1, 2 … without gaps. */
  readonly number: number;
  readonly size: number;
  readonly note: string;
  /** RFC 3161, DER. */
  readonly token: Uint8Array;
}

export interface StampRecord {
  /** The newest published head and the last stamp, if there are any. */
  stampStanding(): Promise<{
    readonly newest: { readonly size: number; readonly note: string } | null;
    readonly last: { readonly number: number; readonly size: number; readonly at: Date } | null;
  }>;
  /** False when that number or size has one already. `at`: the token's own time. */
  addStamp(stamp: Omit<CheckpointStamp, 'note'> & { readonly at: Date }): Promise<boolean>;
  /** Stamps whose files are not known to be in the object store, in order. */
  unpublishedStamps(): Promise<readonly CheckpointStamp[]>;
  markStampPublished(number: number): Promise<void>;
}

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

export interface WorkerRecord
  extends
    GenerationSchedule,
    SmsNotes,
    ReservationRecord,
    ErasureSweepRecord,
    IdImageSweepRecord,
    RelintRecord {
  authorization(id: string): Promise<AuthorizationRow>;
  /** Oldest unrelayed outbox rows. */
  outbox(limit: number): Promise<readonly { id: string; topic: Topic; ref: string }[]>;
  relayed(ids: readonly string[], at: Date): Promise<void>;
  overdue(at: Date, limit: number): Promise<readonly AuthorizationRow[]>;
  /** Released before `releasedBefore` and not archived, or archived and, letter or last generation, due for renewal at `at`. */
  unarchived(p: { releasedBefore: Date; at: Date; limit: number }): Promise<readonly string[]>;
  /** How many were released before `releasedBefore` and are still not archived. */
  waitingArchives(releasedBefore: Date): Promise<number>;
  /** Newest archives, and last seals, with half of the time between `renewFrom` and `renewBy` gone. */
  overdueArchives(at: Date): Promise<number>;
  advance(step: Step): Promise<void>;
  unfinishedAttempts(): Promise<readonly string[]>;
  /** Live challenges made before `madeBefore` whose code nobody has fetched for delivery yet. */
  unsentChallenges(p: { madeBefore: Date; at: Date; limit: number }): Promise<readonly string[]>;
}

/** What a scene certificate says; `sign` turns it into DER and signs it. */
export interface SceneCertificateRequest {
  readonly serial: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly commonName: string;
  /** Hex commitment to the ID number. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly sceneDigest: Uint8Array;
  readonly letterDigest: Uint8Array;
  readonly evidenceRoot: Uint8Array;
  readonly ledgerOrigin: string;
  readonly keyOrigin: KeyOrigin;
}

/** The certification side of `sign`, injected so that acts do not import each other. */
export interface SceneIssuer {
  /** Name and version of the certificate profile. */
  readonly profile: string;
  /** Issuer first, root last, DER. */
  readonly chain: readonly Uint8Array[];
  toBeSigned(request: SceneCertificateRequest): Uint8Array;
  issue(toBeSigned: Uint8Array): Promise<Uint8Array>;
  /** A signed OCSP response for one of our certificates, DER. */
  ocsp(certificate: Uint8Array): Promise<Uint8Array>;
  /** The revocation list, not to be used beyond that certificate's own end, DER. */
  crl(certificate: Uint8Array): Promise<Uint8Array>;
}

/** Our own verifier, injected; throws `verification-failed` naming the first bad finding. */
export type SelfCheck = (bundle: Uint8Array, at: Date) => void;

/** Named points for fault tests; does nothing in production. */
export type Probe = (point: string) => void;
