import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** No tool of ours reports home, from anybody's machine. */
const QUIET = { DO_NOT_TRACK: '1', TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' };

/** An installed tool's command line: its own file run by this very Node, no shell, no npx. */
export const tool = (name) => join(ROOT, 'node_modules', '.bin', name);

/**
 * Runs a command in the root; resolves with its exit code (128 + signal when killed).
 * With `quiet`, what it prints is shown only when it fails.
 * @param {string} command @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, quiet?: boolean,
 *   onStart?: (child: import('node:child_process').ChildProcess) => void }} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return new Promise((done, refuse) => {
    const output = options.quiet ? 'pipe' : 'inherit';
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['inherit', output, output],
      env: { ...process.env, ...QUIET, ...options.env },
    });
    const said = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (part) => said.push(part));
    child.once('error', refuse);
    child.once('close', (code, signal) => {
      if (code !== 0) process.stderr.write(Buffer.concat(said));
      done(code ?? 128 + (SIGNALS[signal] ?? 0));
    });
    options.onStart?.(child);
  });
}
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Ends this process with a last line that says what failed. */
export function fail(what) {
  console.error(`failed: ${what}`);
  process.exit(1);
}

/** True for the file node was started with. */
export const isMain = (url) => process.argv[1] === fileURLToPath(url);
