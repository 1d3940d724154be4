// Only Node's own modules may be imported here: nothing else exists before the installation.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ROOT, run } from './steps.mjs';

await ensureBuilt();

// Ctrl-C reaches the whole process group; the service drains and stops, this process waits for it.
// A signal sent to this process alone is passed on.
let service;
const passOn = (signal) => {
  if (!process.stdin.isTTY) service?.kill(signal);
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, passOn);

const code = await run(
  process.execPath,
  ['--enable-source-maps', join(ROOT, 'services/all/dist/main.js'), ...process.argv.slice(2)],
  {
    env: { NODE_ENV: process.env.NODE_ENV || 'development' },
    onStart: (child) => {
      service = child;
    },
  },
);
process.exit(code);
