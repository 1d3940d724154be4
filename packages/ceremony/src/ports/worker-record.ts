import type { Topic } from '@mandate/core';
import type { AuthorizationRow, Step } from './authorization.js';
import type { GenerationSchedule } from './generation.js';
import type { IdImageSweepRecord } from './id-image.js';
import type { ErasureSweepRecord } from './privacy.js';
import type { SmsNotes } from './sms.js';
import type { RelintRecord } from './template.js';
import type { ReservationRecord } from './use.js';

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
