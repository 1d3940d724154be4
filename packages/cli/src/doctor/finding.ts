import type { Clock, Random } from '@mandate/core';
import type { Config } from '@mandate/runtime';

/** `skipped`: could not be looked at from here, for the reason given. */
export type Level = 'ok' | 'warning' | 'fault' | 'skipped';

/** One thing looked at. */
export interface Finding {
  /** What was looked at, e.g. `database`. */
  readonly check: string;
  readonly level: Level;
  /** What was found, in a sentence; no secret, no personal data. */
  readonly says: string;
  /** What to do about it; there for every warning and fault. */
  readonly remedy?: string;
}

/** What a check may use. */
export interface Patient {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  /** The owner's URL of the database in use; null when it does not run. */
  readonly ownerUrl: string | null;
  /** Where the worker answers `/readyz`; null when it was not said. */
  readonly workerUrl: string | null;
}

export type Check = (patient: Patient) => Promise<readonly Finding[]>;

export const ok = (check: string, says: string): Finding => ({ check, level: 'ok', says });
export const skipped = (check: string, says: string): Finding => ({
  check,
  level: 'skipped',
  says,
});
export const warning = (check: string, says: string, remedy: string): Finding => ({
  ...{ check, level: 'warning', says, remedy },
});
export const fault = (check: string, says: string, remedy: string): Finding => ({
  ...{ check, level: 'fault', says, remedy },
});

/** A failure's own words, one line; never a URL, which may hold a password. */
export const reasonOf = (error: unknown): string => {
  const text = (error as { message?: unknown } | null)?.message;
  return (typeof text === 'string' && text ? text : 'no answer')
    .split('\n')[0]!
    .replaceAll(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '(address)')
    .slice(0, 200);
};
