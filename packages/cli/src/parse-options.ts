import { parseArgs } from 'node:util';
import { UsageError } from './command.js';

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
