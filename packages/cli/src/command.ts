import type { Clock } from '@mandate/core';

/** What a command may touch of the world around it. */
export interface CommandIo {
  /** Writes one line to standard output. */
  readonly out: (line: string) => void;
  /** Writes one line to standard error. */
  readonly err: (line: string) => void;
  readonly clock: Clock;
}

/** A subcommand of `mandate`. */
export interface Command {
  /** First line of its usage, without `mandate`. */
  readonly usage: string;
  readonly summary: string;
  /** Runs with the arguments after its name; resolves to the exit code. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** Exit code for wrong usage and unreadable input, of every command. */
export const USAGE_ERROR = 3;

/** Exit code for a fault of ours (EX_SOFTWARE of sysexits), far from every verdict. */
export const INTERNAL_ERROR = 70;

/** Wrong usage; the message names what is wrong. */
export class UsageError extends Error {}
