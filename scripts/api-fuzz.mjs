// `npm run test:api-fuzz -- [--count N] [--seed S]`: requests drawn from the API's own description against a real
// service. A 5xx, an answer that is not described, or anything told that is another's: a fault, exit 1.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { ROOT, run } from './steps.mjs';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
const [count, seed] = [values.count, values.seed].map((text) =>
  /^[1-9]\d{0,8}$/.test(text) ? Number(text) : NaN,
);
if (Number.isNaN(count + seed)) {
  console.error('usage: npm run test:api-fuzz -- [--count N] [--seed S]');
  process.exit(3);
}
await ensureBuilt();

const folder = mkdtempSync(join(tmpdir(), 'mandate-fuzz-'));
const file = join(folder, 'summary.json');
const started = performance.now();
const code = await run(
  process.execPath,
  [
    ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
    join(ROOT, 'node_modules/jest/bin/jest.js'),
    ...['test/integration/api/fuzz.test.ts', '--forceExit'],
  ],
  {
    env: {
      NODE_ENV: 'test',
      FUZZ_REQUESTS: String(count),
      FUZZ_SEED: String(seed),
      FUZZ_SUMMARY: file,
    },
  },
);
const seconds = (performance.now() - started) / 1000;

let summary;
try {
  summary = JSON.parse(readFileSync(file, 'utf8'));
} catch {
  console.error('the run ended before its summary');
} finally {
  rmSync(folder, { recursive: true });
}
if (!summary) process.exit(1);
const { counts, faults, operations } = summary;
const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
const of = (test) =>
  Object.entries(faults).reduce((sum, [what, n]) => (test(what) ? sum + n : sum), 0);
for (const [status, n] of Object.entries(counts))
  console.log(`${String(n).padStart(9)}  ${status}`);
for (const [what, n] of Object.entries(faults)) console.log(`${String(n).padStart(9)}  ${what}`);
console.log(
  `api fuzz: ${total} requests of ${operations} operations, seed ${seed}, ` +
    `${of((what) => what === 'a fault of ours')} 5xx, ${of((what) => what.startsWith('tells'))} leaks, ` +
    `${of(() => true)} faults in all, ${seconds.toFixed(0)} s`,
);
process.exit(code === 0 ? 0 : 1);
