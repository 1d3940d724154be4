import type { Clock } from '@mandate/core';

/** What `mandate` may touch of the world around it. */
export interface World {
  /** Writes one line to standard output. */
  readonly out: (line: string) => void;
  /** Writes one line to standard error. */
  readonly err: (line: string) => void;
  readonly clock: Clock;
}

export interface CommandIo extends World {
  /** `--json` was given: one object on standard output, or a problem on standard error. */
  readonly json: boolean;
}

/**
 * What a command has to say: the object with `--json`, else the lines. Once in a run: a list is an object with
 * `items`, a negative answer one that says so.
 */
export function tell({ json, out }: CommandIo, value: object, lines: readonly string[]): void {
  if (json) out(JSON.stringify(value));
  else lines.forEach(out);
}

/** A subcommand of `mandate`. */
export interface Command {
  /** Its forms, without `mandate` and `--json`, which all of them take; between them ` | `. */
  readonly usage: string;
  readonly summary: string;
  /** Runs with the arguments after its name, `--json` taken out; resolves to the exit code. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** Exit code for wrong usage and unreadable input, of every command. */
export const USAGE_ERROR = 3;

/** Exit code for a fault of ours (EX_SOFTWARE of sysexits), far from every verdict. */
export const INTERNAL_ERROR = 70;

/** Wrong usage; the message names what is wrong. */
export class UsageError extends Error {}
