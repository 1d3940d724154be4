import {
  isDomainError,
  type Authority,
  type Clock,
  type Queue,
  type Random,
  type Sms,
} from '@mandate/core';
import { sweep, sweepArchives, type WorkerRecord } from '@mandate/ceremony';
import type { Log } from '@mandate/runtime';

export interface WorkerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly record: WorkerRecord;
  readonly queue: Queue;
  readonly sms: Sms;
  readonly authority: Pick<Authority, 'ra' | 'ca' | 'ledger'>;
}

/** Milliseconds between looks at the outbox, and between sweeps. */
const RELAY_EVERY = 200;
const SWEEP_EVERY = 5000;
const ARCHIVE_EVERY = 30_000;
const BATCH = 100;

/**
 * Drains the outbox and picks up what was left lying. It signs nothing and knows no secret but the
 * messages it sends. Handlers look at the trail first: a wake-up may come twice or not at all.
 */
export async function startWorker(parts: WorkerParts): Promise<{ close(): Promise<void> }> {
  const { queue, authority, record, clock, log } = parts;
  await queue.handle('send-code', async (challengeId) => {
    const message = await authority.ra.message({ challengeId });
    if (message) await parts.sms.send(message);
  });
  await queue.handle('finish-attempt', async (attemptId) => {
    await authority.ca.finish({ attemptId });
  });
  await queue.handle('integrate-ledger', async () => {
    await authority.ledger.integrate({});
  });

  await queue.handle('archive-letter', async (authorizationId) => {
    await authority.ca.archive({ authorizationId });
  });

  const relay = async (): Promise<void> => {
    const rows = await record.outbox(BATCH);
    for (const { topic, ref } of rows) await queue.wake(topic, ref);
    await record.relayed(
      rows.map(({ id }) => id),
      clock.now(),
    );
  };
  const sweepDeps = {
    ...parts,
    ca: authority.ca,
    ledger: authority.ledger,
    onProblem: (what: string, err: unknown) => log.warn({ what, err }, 'left for the next sweep'),
  };
  const relaying = repeat(RELAY_EVERY, relay, log, 'relay');
  const sweeping = repeat(SWEEP_EVERY, () => sweep(sweepDeps), log, 'sweep');
  const archive = async (): Promise<void> => {
    const { overdue } = await sweepArchives(sweepDeps);
    if (overdue > 0) log.error({ overdue }, 'renewals of archived letters are overdue');
  };
  const archiving = repeat(ARCHIVE_EVERY, archive, log, 'archive sweep');
  return {
    close: async () => {
      await Promise.all([relaying.stop(), sweeping.stop(), archiving.stop()]);
      await queue.close();
    },
  };
}

/** Runs `work` again and again with a pause in between; a failure is logged and tried again. */
function repeat(
  pauseMs: number,
  work: () => Promise<void>,
  log: Log,
  what: string,
): { stop(): Promise<void> } {
  let stopped = false;
  let wake: () => void = () => undefined;
  const loop = (async () => {
    while (!stopped) {
      try {
        await work();
      } catch (err) {
        const level = isDomainError(err, 'database-unavailable', 'queue-unavailable')
          ? 'warn'
          : 'error';
        log[level]({ what, err }, 'failed; trying again');
      }
      if (stopped) return;
      await new Promise<void>((done) => {
        const timer = setTimeout(done, pauseMs);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    }
  })();
  return {
    stop: () => {
      stopped = true;
      wake();
      return loop;
    },
  };
}
