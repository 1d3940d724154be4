import { parseArgs } from 'node:util';
import { isCreditCode } from '@mandate/terms';
import { UsageError } from './command.js';

interface Option {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
}
type Options = Readonly<Record<string, Option>>;

/** Options and positionals as Node's `parseArgs` has them. Throws `UsageError` for any other argument. */
export function parseCommandLine<const T extends Options>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'wrong arguments');
  }
}

/** `--name value` options, all of `required`, and `flags`. Throws `UsageError`. */
export function parseOptions(
  args: readonly string[],
  required: readonly string[],
  flags: readonly string[],
  optional: readonly string[] = [],
): Record<string, string | boolean | undefined> & Record<(typeof required)[number], string> {
  let values: Record<string, string | boolean | undefined>;
  try {
    values = parseArgs({
      args: [...args],
      options: Object.fromEntries([
        ...[...required, ...optional].map((name) => [name, { type: 'string' as const }]),
        ...flags.map((name) => [name, { type: 'boolean' as const }]),
      ]),
    }).values as typeof values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'wrong arguments');
  }
  const missing = required.find((name) => values[name] === undefined);
  if (missing) throw new UsageError(`--${missing} is missing`);
  return values as never;
}

/** Throws `UsageError`. */
export function creditCode(text: string): string {
  if (!isCreditCode(text)) throw new UsageError(`${text} is not a unified social credit code`);
  return text;
}

/** Midnight in Beijing. Throws `UsageError`. */
export function day(text: string): Date {
  const at = new Date(`${text}T00:00:00+08:00`);
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(at.getTime()))
    throw new UsageError(`${text} is not a day such as 2027-01-01`);
  return at;
}
