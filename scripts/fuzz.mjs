// `npm run fuzz -- --kind pdf|cms|tst|cert|crl|ocsp [--count N] [--seed S] [--index I]`: seeded, structure-aware
// changes of good inputs. A changed input may pass only with the claims of the original; any other
// answer that is no refusal is a bug: printed with the command that repeats it, kept in out/fuzz, exit 1.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ensureBuilt } from './build.mjs';
import { ROOT } from './steps.mjs';

const KINDS = ['pdf', 'cms', 'tst', 'cert', 'crl', 'ocsp'];
/** Heap of the judging thread, MB: the budget of one input. */
const HEAP = 512;
/** Seconds of this process's own work on one input; waiting for a busy machine does not count. */
const HANGS_AFTER = 10;
const MAX_BUGS = 20;

const { values } = parseArgs({
  options: {
    kind: { type: 'string' },
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    index: { type: 'string' },
    'make-specimens': { type: 'boolean' },
  },
});
const whole = (text) => (/^\d{1,9}$/.test(text) ? Number(text) : NaN);
const [count, seed, index] = [values.count, values.seed, values.index ?? '0'].map(whole);
const known = KINDS.includes(values.kind) && !Number.isNaN(count + seed + index);
if (!known && !values['make-specimens']) {
  console.error(
    `usage: npm run fuzz -- --kind ${KINDS.join('|')} [--count N] [--seed S] [--index I]`,
  );
  process.exit(3);
}
await ensureBuilt();
if (values['make-specimens']) {
  const loader = new URL('typescript.mjs', import.meta.url).href;
  const args = ['--import', loader, join(ROOT, 'test/fuzz/write-specimens.ts')];
  process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1);
}
await import('./typescript.mjs');
const { fuzzer } = await import('../test/fuzz/run.ts');

const { kind } = values;
const counts = {};
let bugs = 0;
const report = (bug) => {
  bugs++;
  const kept = join(ROOT, 'out/fuzz', `${kind}-${seed}-${bug.index}.bin`);
  mkdirSync(join(ROOT, 'out/fuzz'), { recursive: true });
  writeFileSync(kept, fuzzer(kind, seed).input(bug.index));
  console.log(
    `BUG ${bug.what}: npm run fuzz -- --kind ${kind} --seed ${seed} --index ${bug.index}`,
  );
  console.log(bug.detail.slice(0, 2000).replace(/^/gm, '    '));
};

/** One worker from `from` on; resolves with the index to go on with. */
function judge(from, left) {
  const place = new SharedArrayBuffer(4);
  const at = new Int32Array(place);
  Atomics.store(at, 0, -1);
  return new Promise((done) => {
    const worker = new Worker(new URL('fuzz-worker.mjs', import.meta.url), {
      workerData: { kind, seed, from, count: left, place },
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
    });
    let fault;
    let finished = false;
    let seen = -1;
    let since = process.cpuUsage();
    const watch = setInterval(() => {
      const now = Atomics.load(at, 0);
      if (process.stderr.isTTY) process.stderr.write(`\r${now} `);
      if (now !== seen) [seen, since] = [now, process.cpuUsage()];
      const { user, system } = process.cpuUsage(since);
      if (now >= 0 && user + system > HANGS_AFTER * 1e6) {
        fault = { what: 'hang', detail: `no answer after ${HANGS_AFTER} s` };
        void worker.terminate();
      }
    }, 500);
    worker.on('message', ({ bug, counts: more, done: last }) => {
      finished ||= last === true;
      if (bug) report(bug);
      for (const [outcome, n] of Object.entries(more ?? {}))
        counts[outcome] = (counts[outcome] ?? 0) + n;
      if (bugs >= MAX_BUGS) void worker.terminate();
    });
    worker.on(
      'error',
      (error) => (fault ??= { what: 'crash', detail: error.stack ?? String(error) }),
    );
    worker.on('exit', (code) => {
      clearInterval(watch);
      if (!finished) fault ??= { what: 'crash', detail: `ended with ${code}` };
      const stopped = Atomics.load(at, 0);
      if (finished || bugs >= MAX_BUGS) return done(stopped + 1);
      if (stopped < 0) {
        console.error(fault.detail);
        process.exit(1);
      }
      report({ ...fault, index: stopped });
      done(stopped + 1);
    });
  });
}

const started = performance.now();
const first = index;
const end = values.index === undefined ? count : index + 1;
let at = first;
while (at < end && bugs < MAX_BUGS) at = await judge(at, end - at);

const seconds = (performance.now() - started) / 1000;
for (const [outcome, n] of Object.entries(counts))
  console.log(`${String(n).padStart(8)}  ${outcome}`);
console.log(
  `fuzz ${kind}: ${at - first} inputs, seed ${seed}, ${bugs} bugs, ${seconds.toFixed(0)} s` +
    (bugs >= MAX_BUGS ? ' (given up)' : ''),
);
process.exit(bugs > 0 ? 1 : 0);
