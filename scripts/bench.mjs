// Only Node's own modules may be imported here: nothing else exists before the installation.
import { ensureBuilt } from './build.mjs';

const BENCHES = {
  signing: './bench-signing.mjs',
  verify: './bench-verify.mjs',
  redeem: './bench-redeem.mjs',
  ledger: './bench-ledger.mjs',
  bulk: './bench-bulk.mjs',
  page: './bench-page.mjs',
  reconcile: './bench-reconcile.mjs',
  report: './bench-report.mjs',
};

const [name, ...args] = process.argv.slice(2);
if (!Object.hasOwn(BENCHES, name ?? '')) {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--json]`);
  process.exit(3);
}
const json = args.includes('--json');
await ensureBuilt();
const { bench } = await import(BENCHES[name]);
const say = (line) => (json ? process.stderr : process.stdout).write(`${line}\n`);
const ratios = await bench({ args, say });
if (json) console.log(JSON.stringify({ ratios }));
else for (const [ratio, value] of Object.entries(ratios)) console.log(`ratio ${ratio} ${value}`);
process.exit(0);
