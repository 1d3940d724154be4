// Only Node's own modules may be imported here: nothing else exists before the installation.
import { ensureBuilt } from './build.mjs';

await ensureBuilt();
const { runDemo } = await import('./demo-run.mjs');
process.exit(await runDemo(process.argv.slice(2)));
