// Every browser test in full: `npm run test:browser`, or some of them: `-- accessibility widget`. The last
// line counts pages looked at, paths driven and what axe found, and names the folder with the pictures.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run } from './steps.mjs';
import { linesOf, testResults } from './test-results.mjs';

const given = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'mandate-browser-'));
const results = join(folder, 'results.json');
const inspections = join(folder, 'inspections.jsonl');
const seed = process.env.TEST_SEED ?? String(Math.floor(Math.random() * 1e9));
console.log(`seed ${seed} (TEST_SEED repeats it)`);

const suites = given.length > 0 ? given.map((name) => `test/browser/${name}`) : ['test/browser'];
// a browser, a server and a database for each file: one file at a time is faster than several
const args = [...suites, '--maxWorkers=1', '--json', `--outputFile=${results}`, '--silent'];
const code = await run(process.execPath, [join(ROOT, 'scripts/test.mjs'), '--browser', ...args], {
  env: { TEST_INSPECTIONS: inspections, TEST_SEED: seed },
});

const { passed, failed } = testResults(results);
const looks = linesOf(inspections);
rmSync(folder, { recursive: true, force: true });

const violations = looks.reduce((sum, look) => sum + look.violations, 0);
const places = new Set(looks.map(({ step }) => step)).size;
console.log(
  `browser: pages ${looks.length} (${places} places × language × theme × size) · ` +
    `paths ${passed}/${passed + failed} · axe violations ${violations} · ` +
    `screenshots ${join(ROOT, 'out/screenshots')}`,
);
process.exit(code === 0 && failed === 0 && violations === 0 && passed > 0 ? 0 : 1);
