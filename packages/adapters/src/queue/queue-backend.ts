import { DomainError } from '@mandate/core';
import type { BackendFactory, IQueueBackend } from 'bullmq';

/** What differs between PostgreSQL and Redis below the one BullMQ. */
export interface QueueBackend {
  /** For `add`: fails fast when the other side is away. */
  readonly producer: unknown;
  /** For workers: waits for the other side to come back. */
  readonly consumer: unknown;
  /** BullMQ's storage; the types of its two backends have no common connection type. */
  readonly factory: BackendFactory<IQueueBackend, unknown>;
  close(): Promise<void>;
}

export const queueUnavailable = (cause: unknown): DomainError =>
  new DomainError('queue-unavailable', 'the queue does not answer', { cause });
