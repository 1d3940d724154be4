// Conformance suites against cases nobody here made: `npm run test:conformance`, or some of them by
// name: `-- pkits limbo`. The corpus is the folder named by CONFORMANCE_CORPUS; without it our own
// cases still run, the others are counted as not run, and the command fails.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ROOT, run } from './steps.mjs';
import { ensureTools, installJava } from './test-services.mjs';

/** Suites for tools that not every machine can have: told when not run, but nothing fails for it. */
const WHERE_IT_CAN = ['pyhanko'];

const given = process.argv.slice(2);
const corpus = process.env.CONFORMANCE_CORPUS;
const folder = mkdtempSync(join(tmpdir(), 'mandate-conformance-'));
const results = join(folder, 'results.json');

await ensureBuilt();
await ensureTools();
await installJava();
const NODE_ARGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
const suites =
  given.length > 0 ? given.map((name) => `test/conformance/${name}`) : ['test/conformance'];
const code = await run(
  process.execPath,
  [...NODE_ARGS, jest, ...suites, '--json', `--outputFile=${results}`],
  {
    env: {
      NODE_ENV: 'test',
      ...(corpus ? { CONFORMANCE_CORPUS: resolve(corpus) } : {}),
    },
    // `--json` prints the whole result again; what failed is told below
    quiet: true,
  },
);

let files;
try {
  files = JSON.parse(readFileSync(results, 'utf8')).testResults;
} catch {
  files = [];
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const counts = files
  .map(({ name, status, assertionResults }) => {
    const of = (...wanted) => assertionResults.filter((it) => wanted.includes(it.status)).length;
    return {
      suite: basename(name, '.test.ts'),
      passed: of('passed'),
      // a suite that could not even be loaded has no results, and failed
      failed: of('failed') + (status === 'failed' && assertionResults.length === 0 ? 1 : 0),
      notRun: of('todo', 'pending', 'skipped'),
    };
  })
  .sort((a, b) => (a.suite < b.suite ? -1 : 1));

for (const { name, assertionResults } of files)
  for (const { status, fullName } of assertionResults)
    if (status !== 'passed')
      console.log(
        `${status === 'failed' ? 'FAILED ' : 'not run'} ${basename(name, '.test.ts')}: ${fullName}`,
      );

const line = counts.map(({ suite, passed, failed, notRun }) => {
  const total = passed + failed;
  return total === 0
    ? `${suite} not run`
    : `${suite} ${passed}/${total}${notRun ? ` (${notRun} not run)` : ''}`;
});
const whole =
  counts.some((it) => it.passed > 0) &&
  counts.every(
    (it) =>
      it.failed === 0 && (WHERE_IT_CAN.includes(it.suite) || (it.notRun === 0 && it.passed > 0)),
  );
console.log(`conformance: ${line.join(' · ') || 'nothing ran'}`);
process.exit(code === 0 && whole ? 0 : 1);
