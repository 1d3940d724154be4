import { systemClock } from '@mandate/core';
import { verifyCommand } from './commands/verify.js';
import { runOne } from './run-command.js';

/** Entry of the single file `mandate-verify.mjs`: `mandate verify` and nothing else of ours. */
const args = process.argv.slice(2);
// whoever copies a line of the manual may write the command's name as well
if (args[0] === 'verify') args.shift();
// whoever reads only the first lines (`| head -1`) still gets the exit code, and no stack
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await runOne(verifyCommand, args, {
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  clock: systemClock,
});
