import { systemClock } from '@mandate/core';
import { runCommand } from './run-command.js';

// whoever reads only the first lines (`| head -1`) still gets the exit code, and no stack
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await runCommand(process.argv.slice(2), {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  clock: systemClock,
});
