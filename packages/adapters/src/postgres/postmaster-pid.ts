import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface Postmaster {
  readonly pid: number;
  /** As the server writes it: starting, ready, stopping, standby. */
  readonly status: string;
}

/** Reads `postmaster.pid` (line 1 pid, line 8 status); undefined when no such server lives. */
export async function livePostmaster(cluster: string): Promise<Postmaster | undefined> {
  const postmaster = await readPostmaster(cluster);
  const lives = postmaster && isAlive(postmaster.pid) && (await worksIn(cluster, postmaster.pid));
  return lives ? postmaster : undefined;
}

/**
 * A pid left by a crash and since reused by another program would stop PostgreSQL for ever
 * (likely in containers). A pid that is simply dead it deals with itself.
 */
export async function dropReusedPid(cluster: string): Promise<void> {
  const left = await readPostmaster(cluster);
  if (left && isAlive(left.pid) && !(await worksIn(cluster, left.pid)))
    await rm(join(cluster, 'postmaster.pid'), { force: true });
}

async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return pid > 1 ? { pid, status: (lines[7] ?? '').trim() } : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The server changes into its data folder; without /proc (macOS) a live pid has to count. */
async function worksIn(cluster: string, pid: number): Promise<boolean> {
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return cwd === undefined || cwd === (await realpath(cluster).catch(() => cluster));
}
