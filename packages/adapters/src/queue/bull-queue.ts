import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, TOPICS, isDomainError, type Queue, type Topic } from '@mandate/core';
import { withBackend } from 'bullmq';
import { queueUnavailable, type QueueBackend } from './queue-backend.js';

export interface QueueOptions {
  /** Hears connection losses and failed handlers: topic, id and error code, nothing else. */
  readonly log?: (line: string) => void;
  /** First delay of the exponential back-off, 1000 ms unless told; ten tries in all. */
  readonly retryDelayMs?: number;
  /** A worker silent for so long has died and its wake-ups run again; 30,000 ms unless told. */
  readonly lockMs?: number;
}

const TRIES = 10;
/** Kept for the operator to look at; the sweeper finds their authorizations by the trail anyway. */
const FAILED_KEPT = 1000;
/** How long `close` waits for the other side once the handlers are done. */
const CLOSE_MS = 5000;

interface Closable {
  pause(): Promise<void>;
  close(force: boolean): Promise<void>;
}

/** The port on BullMQ; takes over the connections. One BullMQ queue per topic. */
export function openBullQueue(backend: QueueBackend, options: QueueOptions): Queue {
  const { log = () => {}, retryDelayMs = 1000, lockMs = 30_000 } = options;
  const { Queue: BullQueue, Worker } = withBackend(backend.factory);
  const shared = { prefix: 'mandate' };
  const queues = new Map<Topic, InstanceType<typeof BullQueue>>();
  const workers = new Map<Topic, Closable>();
  const running = new Set<Promise<void>>();
  let closing: Promise<void> | undefined;

  const queueOf = (topic: Topic): InstanceType<typeof BullQueue> => {
    let queue = queues.get(topic);
    if (!queue) {
      queue = new BullQueue(topic, { ...shared, connection: backend.producer });
      queue.on('error', () => log(`queue ${topic}: connection error`));
      queues.set(topic, queue);
    }
    return queue;
  };

  const close = async (): Promise<void> => {
    const paused = Promise.allSettled([...workers.values()].map((worker) => worker.pause()));
    await Promise.allSettled([...running]);
    // In an outage BullMQ would wait for the other side; what it held then runs again elsewhere.
    const force = !(await within(CLOSE_MS, paused));
    const closed = [...workers.values(), ...queues.values()].map((each) => each.close(force));
    await within(CLOSE_MS, Promise.allSettled(closed));
    await backend.close();
  };

  return {
    async wake(topic, id, { delayMs = 0 } = {}) {
      // Also keeps personal data out: nothing but an id looks like this.
      if (!TOPICS.includes(topic) || !/^[A-Za-z0-9_.-]{1,100}$/.test(id))
        throw new DomainError('invalid-request', 'a wake-up is a known topic and an id');
      if (closing) throw queueUnavailable(new Error('closed'));
      try {
        // No jobId: a second wake-up that arrives while the first runs must not be swallowed.
        await queueOf(topic).add(
          topic,
          { id },
          {
            delay: delayMs,
            attempts: TRIES,
            backoff: { type: 'exponential', delay: retryDelayMs },
            removeOnComplete: true,
            removeOnFail: FAILED_KEPT,
            stackTraceLimit: 0,
          },
        );
      } catch (cause) {
        throw queueUnavailable(cause);
      }
    },

    async handle(topic, handler, { concurrency = 1 } = {}) {
      if (closing) throw queueUnavailable(new Error('closed'));
      if (workers.has(topic)) throw new DomainError('internal', `${topic} already has a handler`);
      const worker = new Worker(
        topic,
        async ({ data }) => {
          const { id } = data as { id: string };
          const run = handler(id);
          const settled = run.catch(() => {}).finally(() => running.delete(settled));
          running.add(settled);
          await run.catch((error: unknown) => {
            const code = isDomainError(error) ? error.code : 'internal';
            log(`queue ${topic}: ${id} failed (${code})`);
            // BullMQ stores the message: it must not carry what an error may quote.
            throw new Error(code);
          });
        },
        {
          ...shared,
          connection: backend.consumer,
          concurrency,
          lockDuration: lockMs,
          stalledInterval: lockMs,
          // A restart loop must not use up an authorization's only chance.
          maxStalledCount: TRIES,
          runRetryDelay: 1000,
        },
      );
      worker.on('error', () => log(`queue ${topic}: connection error`));
      workers.set(topic, worker);
      try {
        await worker.waitUntilReady();
      } catch (cause) {
        throw queueUnavailable(cause);
      }
    },

    close: () => (closing ??= close()),
  };
}

/** Whether the work was done in time. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, false, { signal: timer.signal }).catch(() => false);
  const done = await Promise.race([work.then(() => true), late]);
  timer.abort();
  return done;
}
