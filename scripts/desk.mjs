// Everything of the disputes desk in full: `npm run test:desk`. The door, cases, grants, search, reports and
// reconciliation against real parts, the organisation's sign-in against a real provider, the matrix of routes and roles,
// the pages in Chromium, and at last 10,000 random sequences of asking, agreeing and opening; or some of it by name:
// `-- oidc desk-roles`. Says how long each file took; the last line counts paths driven, answers to roles compared,
// sequences, and what axe found.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ROOT, run } from './steps.mjs';
import { filesOf, linesOf, testResults } from './test-results.mjs';

const FOLDERS = ['test/integration/record', 'test/integration/api', 'test/browser'];
const OTHERS = ['test/contract/oidc.test.ts', 'test/integration/record/reconciliation.test.ts'];
/** In shards side by side: each is one process that waits for its database half of the time. */
const SEQUENCES = 'test/integration/record/desk-openings.test.ts';
const SHARDS = Math.min(4, availableParallelism());

const given = process.argv.slice(2);
// Before any part: two of them must not build at once.
await ensureBuilt();
const folder = mkdtempSync(join(tmpdir(), 'mandate-desk-'));
const inspections = join(folder, 'inspections.jsonl');
const matrix = join(folder, 'matrix.jsonl');
const sequences = join(folder, 'sequences.jsonl');
const seed = process.env.TEST_SEED ?? String(Math.floor(Math.random() * 1e6));
console.log(`seed ${seed} (TEST_SEED repeats it)`);

const suites = [
  ...OTHERS,
  ...FOLDERS.flatMap((name) =>
    readdirSync(join(ROOT, name))
      .filter((file) => /^desk.*\.test\.ts$/.test(file))
      .map((file) => join(name, file)),
  ),
].filter((file) => given.length === 0 || given.some((name) => file.includes(name)));

/** Each part's results, and whether all of it passed. */
const parts = [];
async function runPart(name, files, env) {
  const results = join(folder, `${name}.json`);
  // a service and a database for each file, in the browser's a browser too: one at a time is faster than several
  const args = ['--maxWorkers=1', '--json', `--outputFile=${results}`, '--silent'];
  const code = await run(
    process.execPath,
    [join(ROOT, 'scripts/test.mjs'), '--browser', ...files, ...args],
    {
      env: {
        ...{ TEST_INSPECTIONS: inspections, TEST_MATRIX: matrix, TEST_SEQUENCES: sequences },
        ...{ TEST_SEED: seed, DESK_SEED: seed, ...env },
      },
    },
  );
  parts.push({ code, results });
}

const others = suites.filter((file) => file !== SEQUENCES);
if (others.length > 0) await runPart('suites', others, {});
if (suites.includes(SEQUENCES))
  await Promise.all(
    Array.from({ length: SHARDS }, (_, i) =>
      runPart(`sequences-${i + 1}`, [SEQUENCES], { DESK_SHARD: `${i + 1}/${SHARDS}` }),
    ),
  );

const counted = parts.map(({ results }) => testResults(results));
const [passed, failed] = [total(counted, 'passed'), total(counted, 'failed')];
for (const { name, seconds, tests } of parts.flatMap(({ results }) => filesOf(results)))
  console.log(`${String(seconds).padStart(5)} s  ${basename(name)} (${tests})`);
const looks = linesOf(inspections);
const [{ routes = 0, roles = 0, places = 0, answers = 0 } = {}] = linesOf(matrix);
const drawn = linesOf(sequences);
rmSync(folder, { recursive: true, force: true });
const violations = total(looks, 'violations');
console.log(
  `desk: paths ${passed}/${passed + failed} · role matrix ${routes} routes × ${roles} roles × ${places} places, ` +
    `${answers} answers as tabled · property sequences ${total(drawn, 'sequences')} ` +
    `(${total(drawn, 'released')} keys released, as many entries) · axe ${violations} over ${looks.length} pages`,
);
const whole = parts.every(({ code }) => code === 0) && failed === 0 && violations === 0;
const all = given.length > 0 || (answers > 0 && looks.length > 0 && drawn.length === SHARDS);
process.exit(whole && passed > 0 && all ? 0 : 1);

function total(list, member) {
  return list.reduce((sum, it) => sum + it[member], 0);
}
