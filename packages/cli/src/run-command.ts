import { isDomainError } from '@mandate/core';
import { INTERNAL_ERROR, UsageError, USAGE_ERROR, type Command, type World } from './command.js';

/** Loaded when asked for, so that `verify` needs no database driver. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  verify: async () => (await import('./commands/verify.js')).verifyCommand,
  disclose: async () => (await import('./commands/disclose.js')).discloseCommand,
  lint: async () => (await import('./commands/lint.js')).lintCommand,
  report: async () => (await import('./commands/report.js')).reportCommand,
  'sms-texts': async () => (await import('./commands/sms-texts.js')).smsTextsCommand,
  institution: async () => (await import('./commands/institution.js')).institutionCommand,
  key: async () => (await import('./commands/key.js')).keyCommand,
  ledger: async () => (await import('./commands/ledger.js')).ledgerCommand,
  witness: async () => (await import('./commands/witness.js')).witnessCommand,
  registry: async () => (await import('./commands/registry.js')).registryCommand,
  staff: async () => (await import('./commands/staff.js')).staffCommand,
  template: async () => (await import('./commands/template.js')).templateCommand,
  authorization: async () => (await import('./commands/authorization.js')).authorizationCommand,
  export: async () => (await import('./commands/export.js')).exportCommand,
  erase: async () => (await import('./commands/erase.js')).eraseCommand,
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand,
  'set-up': async () => (await import('./commands/set-up.js')).setUpCommand,
};

/**
 * `mandate ARGS`; resolves to the exit code. With `--json` at any place standard output holds one object; where nothing
 * could be answered (exit code 3 or 70) it stays empty, and standard error holds `{code, detail, exitCode}`.
 */
export async function runCommand(args: readonly string[], world: World): Promise<number> {
  const json = args.includes('--json');
  const name = args.find((arg) => arg !== '--json');
  if (name === '--help' || name === '-h' || name === 'help' || (name === undefined && !json)) {
    await printUsage(world.out);
    return name === undefined ? USAGE_ERROR : 0;
  }
  const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load) return runOne(await load(), args.toSpliced(args.indexOf(name!), 1), world);
  refuse(world, json, {
    ...{ exitCode: USAGE_ERROR, code: 'usage' },
    detail: name === undefined ? 'no command' : `no such command: ${name}`,
  });
  if (!json) await printUsage(world.err);
  return USAGE_ERROR;
}

/** One command with the arguments beside its name; whatever it throws becomes an exit code. */
export async function runOne(
  command: Command,
  args: readonly string[],
  world: World,
): Promise<number> {
  const json = args.includes('--json');
  // asked for at any place, before anything else is looked at
  if (args.some((arg) => arg === '--help' || arg === '-h')) {
    printCommand(command, world.out);
    return 0;
  }
  try {
    return await command.run(
      args.filter((arg) => arg !== '--json'),
      { ...world, json },
    );
  } catch (error) {
    const problem = problemOf(error, command, json);
    refuse(world, json, problem);
    return problem.exitCode;
  }
}

/** Why nothing was answered. */
interface Problem {
  /** `usage`, `internal` or one of docs/problems.md. */
  readonly code: string;
  readonly detail: string;
  readonly exitCode: number;
  readonly usage?: string;
}

function problemOf(error: unknown, { usage }: Command, json: boolean): Problem {
  if (error instanceof UsageError)
    return { code: 'usage', detail: error.message, exitCode: USAGE_ERROR, usage };
  if (isDomainError(error)) {
    const detail = json ? error.detail : error.message;
    return { code: error.code, detail, exitCode: USAGE_ERROR };
  }
  // Never Node's own exit code 1: that would read as a verdict.
  const what = error instanceof Error ? error.message : 'unknown';
  return { code: 'internal', detail: `unexpected failure: ${what}`, exitCode: INTERNAL_ERROR };
}

function refuse({ err }: World, json: boolean, problem: Problem): void {
  if (json) return err(JSON.stringify(problem));
  err(`mandate: ${problem.detail}`);
  if (problem.usage !== undefined) err(`usage: mandate ${problem.usage}`);
}

async function printUsage(print: (line: string) => void): Promise<void> {
  print('usage: mandate COMMAND …');
  for (const load of Object.values(COMMANDS)) printCommand(await load(), print);
}

/** One line for each form of the command, and what it does. */
function printCommand({ usage, summary }: Command, print: (line: string) => void): void {
  for (const form of usage.split(' | ')) print(`  mandate ${form} [--json]`);
  print(`      ${summary}`);
}
