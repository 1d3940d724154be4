import type { AttemptState } from '@mandate/core';
import type { UseScope } from '@mandate/terms';
import type { ArchiveReads, ArchiveRow } from './archive.js';
import type { AttemptRow, JournalStep, Voiding } from './attempt.js';
import type { CommonReads, Step } from './authorization.js';
import type { ChallengeRow, ConfirmationRow } from './challenge.js';
import type { IdentityReads } from './identity.js';
import type { LedgerStandingReads } from './ledger.js';

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
