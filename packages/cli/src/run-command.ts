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
  institution: async () => (await import('./commands/institution.js')).institutionCommand,
  key: async () => (await import('./commands/key.js')).keyCommand,
  ledger: async () => (await import('./commands/ledger.js')).ledgerCommand,
  witness: async () => (await import('./commands/witness.js')).witnessCommand,
  registry: async () => (await import('./commands/registry.js')).registryCommand,
  'set-up': async () => (await import('./commands/set-up.js')).setUpCommand,
};

/** `mandate ARGS`; resolves to the exit code. */
export async function runCommand(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
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
  for (const load of Object.values(COMMANDS)) {
    const { usage, summary } = await load();
    print(`  mandate ${usage}`);
    print(`      ${summary}`);
  }
}
