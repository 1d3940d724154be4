// Only Node's own modules may be imported here: nothing else exists before the installation.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ROOT, run } from './steps.mjs';

await ensureBuilt();

// Ctrl-C reaches the service by itself, a signal sent to this process alone does not: both are passed
// on (the service knows them for the same one), and its end is waited for.
let service;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => service?.kill(signal));

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
