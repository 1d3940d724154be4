import { isDomainError, type Queue } from '@mandate/core';
import type { ReportDeps } from './report-deps.js';
import { runJob } from './run-job.js';

/** Milliseconds between looks for jobs whose wake-up was lost or whose worker was killed. */
const LOOK_EVERY = 5000;
/** Jobs at a time. */
const JOBS = 2;

export interface ReportWorker {
  /** Finishes the reports that are being made and leaves the rest to others. */
  close(): Promise<void>;
}

/**
 * Makes the reports that were ordered, as role desk. The record says what is to be done; a wake-up is a job's id,
 * and may come twice or not at all.
 */
export async function startReportWorker(
  deps: ReportDeps & { readonly queue: Queue },
): Promise<ReportWorker> {
  const { queue, jobs, clock, log } = deps;
  let stopped = false;
  let running = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const atWork = new Set<string>();
  const work = async (jobId: string): Promise<void> => {
    // Woken twice it takes no second place from others.
    if (atWork.has(jobId)) return;
    atWork.add(jobId);
    let more = false;
    try {
      more = await runJob(deps, jobId, { stopped: () => stopped });
    } finally {
      atWork.delete(jobId);
    }
    if (more) await queue.wake('make-reports', jobId);
  };
  await queue.handle('make-reports', work, { concurrency: JOBS });
  const look = async (): Promise<void> => {
    try {
      await jobs.endStopped(clock.now());
      for (const id of await jobs.unheldJobs(clock.now(), 20)) await queue.wake('make-reports', id);
    } catch (err) {
      const level = isDomainError(err, 'database-unavailable', 'queue-unavailable')
        ? 'warn'
        : 'error';
      log[level]({ err }, 'jobs that wait could not be woken; trying again');
    }
    if (!stopped) timer = setTimeout(() => void (running = look()), LOOK_EVERY);
  };
  running = look();
  return {
    close: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
      await queue.close();
      deps.drawer.close();
    },
  };
}
