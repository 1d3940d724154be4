import { createRedisBackend } from 'bullmq';
import { Redis, type RedisOptions } from 'ioredis';
import { queueUnavailable, type QueueBackend } from './queue-backend.js';

/** Two connections: one that fails fast for producers, one that waits for workers. Throws `queue-unavailable`. */
export async function connectRedis(
  url: string,
  log: (line: string) => void,
): Promise<QueueBackend> {
  const all = new Set<Redis>();
  const track = (redis: Redis): Redis => {
    all.add(redis);
    redis.on('error', (error: Error) => log(`queue: connection lost (${error.message})`));
    // BullMQ copies the consumer for its blocking reads and, in an outage, would not end the copy.
    redis.duplicate = (...args) => track(Redis.prototype.duplicate.apply(redis, args));
    return redis;
  };
  const connect = (options: RedisOptions): Redis =>
    track(new Redis(url, { lazyConnect: true, connectTimeout: 5000, ...options }));
  const producer = connect({
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 5000,
  });
  // BullMQ demands null here: its blocking reads outlive any number of reconnections.
  const consumer = connect({ maxRetriesPerRequest: null });
  const close = async (): Promise<void> => {
    for (const redis of all) redis.disconnect();
  };
  try {
    await Promise.all([producer.connect(), consumer.connect()]);
    await producer.ping();
  } catch (cause) {
    await close();
    throw queueUnavailable(cause);
  }
  return { producer, consumer, factory: createRedisBackend as QueueBackend['factory'], close };
}
