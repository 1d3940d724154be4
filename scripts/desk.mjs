// Everything of the disputes desk in full: `npm run test:desk`. The door, cases, grants, search, reports and
// reconciliation against real parts, the organisation's sign-in against a real provider, the matrix of routes and roles,
// and the pages in Chromium; or some of it by name: `-- oidc desk-roles`. The last line counts paths driven, answers to roles compared, and what axe found.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run } from './steps.mjs';
import { linesOf, testResults } from './test-results.mjs';

const FOLDERS = ['test/integration/record', 'test/integration/api', 'test/browser'];
const OTHERS = ['test/contract/oidc.test.ts', 'test/integration/record/reconciliation.test.ts'];

const given = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'mandate-desk-'));
const results = join(folder, 'results.json');
const inspections = join(folder, 'inspections.jsonl');
const matrix = join(folder, 'matrix.jsonl');
const seed = process.env.TEST_SEED ?? String(Math.floor(Math.random() * 1e9));
console.log(`seed ${seed} (TEST_SEED repeats it)`);

const suites = [
  ...OTHERS,
  ...FOLDERS.flatMap((name) =>
    readdirSync(join(ROOT, name))
      .filter((file) => /^desk.*\.test\.ts$/.test(file))
      .map((file) => join(name, file)),
  ),
].filter((file) => given.length === 0 || given.some((name) => file.includes(name)));
// a service and a database for each file, in the browser's a browser too: one at a time is faster than several
const args = ['--maxWorkers=1', '--json', `--outputFile=${results}`, '--silent'];
const code = await run(
  process.execPath,
  [join(ROOT, 'scripts/test.mjs'), '--browser', ...suites, ...args],
  { env: { TEST_INSPECTIONS: inspections, TEST_MATRIX: matrix, TEST_SEED: seed } },
);

const { passed, failed } = testResults(results);
const looks = linesOf(inspections);
const [{ routes = 0, roles = 0, answers = 0 } = {}] = linesOf(matrix);
rmSync(folder, { recursive: true, force: true });
const violations = looks.reduce((sum, look) => sum + look.violations, 0);
console.log(
  `desk: paths ${passed}/${passed + failed} · roles ${roles} × routes ${routes} (${answers} answers compared) · ` +
    `pages ${looks.length}, axe violations ${violations}`,
);
const whole = code === 0 && failed === 0 && violations === 0;
const all = given.length > 0 || (answers > 0 && looks.length > 0);
process.exit(whole && passed > 0 && all ? 0 : 1);
