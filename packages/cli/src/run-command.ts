import { isDomainError } from '@mandate/core';
import {
  INTERNAL_ERROR,
  UsageError,
  USAGE_ERROR,
  type Command,
  type CommandIo,
} from './command.js';

/** Loaded when asked for, so that `verify` needs no database driver. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  verify: async () => (await import('./commands/verify.js')).verifyCommand,
  lint: async () => (await import('./commands/lint.js')).lintCommand,
  'sms-texts': async () => (await import('./commands/sms-texts.js')).smsTextsCommand,
  institution: async () => (await import('./commands/institution.js')).institutionCommand,
  key: async () => (await import('./commands/key.js')).keyCommand,
  ledger: async () => (await import('./commands/ledger.js')).ledgerCommand,
  witness: async () => (await import('./commands/witness.js')).witnessCommand,
  registry: async () => (await import('./commands/registry.js')).registryCommand,
  template: async () => (await import('./commands/template.js')).templateCommand,
  authorization: async () => (await import('./commands/authorization.js')).authorizationCommand,
  export: async () => (await import('./commands/export.js')).exportCommand,
  erase: async () => (await import('./commands/erase.js')).eraseCommand,
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand,
  'set-up': async () => (await import('./commands/set-up.js')).setUpCommand,
};

/** `mandate ARGS`; resolves to the exit code. */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    await printUsage(io.out);
    return name === undefined ? USAGE_ERROR : 0;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    io.err(`mandate: no such command: ${name}`);
    await printUsage(io.err);
    return USAGE_ERROR;
  }
  const command = await load();
  // asked for at any place, before anything else is looked at
  if (rest.some((arg) => arg === '--help' || arg === '-h')) {
    printCommand(command, io.out);
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`mandate: ${error.message}`);
      io.err(`usage: mandate ${command.usage}`);
      return USAGE_ERROR;
    }
    if (isDomainError(error)) {
      io.err(`mandate: ${error.message}`);
      return USAGE_ERROR;
    }
    // Never Node's own exit code 1: that would read as a verdict.
    io.err(`mandate: unexpected failure: ${error instanceof Error ? error.message : 'unknown'}`);
    return INTERNAL_ERROR;
  }
}

async function printUsage(print: (line: string) => void): Promise<void> {
  print('usage: mandate COMMAND …');
  for (const load of Object.values(COMMANDS)) printCommand(await load(), print);
}

/** One line for each form of the command, and what it does. */
function printCommand({ usage, summary }: Command, print: (line: string) => void): void {
  for (const form of usage.split(' | ')) print(`  mandate ${form}`);
  print(`      ${summary}`);
}
