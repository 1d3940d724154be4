import type { Probe } from '@mandate/ceremony';

/** Kills this process as `kill -9` would when the named point is reached; does nothing without a name. */
export const faultPoint =
  (name: string | undefined): Probe =>
  (point) => {
    if (point === name) process.kill(process.pid, 'SIGKILL');
  };
