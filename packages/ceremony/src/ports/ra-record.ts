import type { CommonReads, Step } from './authorization.js';
import type { ChallengeRow, ConfirmationRow, NewChallenge } from './challenge.js';
import type { IdentityRows } from './identity.js';
import type { Counted, Limited } from './limits.js';
import type { OwnRecord, SubjectIndexRow } from './own.js';
import type { PasskeyRows } from './passkey.js';
import type { SetReads } from './signing-set.js';
import type { CodeDeliveries } from './sms.js';
import type { UseMessageRecord } from './use.js';

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
