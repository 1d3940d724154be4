import { DomainError, type Queue } from '@mandate/core';
import { openBullQueue, type QueueOptions } from './bull-queue.js';
import { connectPostgres } from './postgres-backend.js';
import { connectRedis } from './redis-backend.js';

/**
 * Opens the queue on PostgreSQL (`postgres://`, schema `bullmq`, made when missing and permitted)
 * or Redis (`redis://`, `rediss://`; wants `noeviction` and AOF), the same BullMQ on both.
 * Throws `config-invalid` for other URLs, `queue-unavailable` when nobody answers.
 */
export async function openQueue(url: string, options: QueueOptions = {}): Promise<Queue> {
  const log = options.log ?? (() => {});
  if (/^postgres(ql)?:\/\//.test(url))
    return openBullQueue(await connectPostgres(url, log), options);
  if (/^rediss?:\/\//.test(url)) return openBullQueue(await connectRedis(url, log), options);
  throw new DomainError('config-invalid', 'the queue URL is neither postgres:// nor redis://');
}
