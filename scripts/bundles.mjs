// `npm run test:bundles [-- --seed S] [--flips N] [--only TEXT] [--differences]`: our verifier and a second one,
// written in Python from docs/evidence-format.md, on every named bundle and on seeded changes of single bytes
// below a new seal. Exit 1 when they disagree, or agree on something else than the case says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { ROOT } from './steps.mjs';
import { ensureTools } from './test-services.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '20261122' },
    flips: { type: 'string', default: '300' },
    only: { type: 'string' },
    differences: { type: 'boolean', default: false },
  },
});
const [seed, flips] = [values.seed, values.flips].map(Number);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(flips)) {
  console.error(
    'usage: npm run test:bundles [-- --seed S] [--flips N] [--only TEXT] [--differences]',
  );
  process.exit(3);
}
await ensureBuilt();
await ensureTools();
await import('./typescript.mjs');
const { runBundles } = await import('../test/conformance/bundles/run.ts');

let differing = 0;
const run = await runBundles({
  seed,
  flips,
  ...(values.only === undefined ? {} : { only: values.only }),
  told: ({ name, faults, differences }) => {
    for (const fault of faults) console.log(`WRONG ${name}: ${fault}`);
    if (differences.length > 0) differing++;
    if (values.differences || faults.length > 0)
      for (const difference of differences) console.log(`    ${name}: ${difference}`);
  },
});
const flipped = run.flips.filter(({ faults }) => faults.length > 0);
for (const { index, part, at, faults } of flipped)
  console.log(`WRONG flip ${index}, ${part} byte ${at}: ${faults.join('; ')}`);

const whole = values.only === undefined;
const statements = checkable();
const unbroken = statements.filter((number) => !run.broken.has(number));
if (whole && unbroken.length > 0) console.log(`no case breaks ${unbroken.join(' ')}`);
console.log(
  `bundles: ${run.cases} cases, ${run.mustFail} must fail, ${run.agreed} agreed` +
    ` (${differing} for partly other reasons) · ${statements.length - unbroken.length} of ${statements.length} statements broken` +
    ` · ${run.flips.length} resealed changes, ${run.flips.length - flipped.length} agreed · seed ${seed} · ${run.seconds.toFixed(0)} s`,
);
const enough = !whole || (run.cases >= 150 && run.mustFail >= 110 && unbroken.length === 0);
process.exit(run.agreed === run.cases && flipped.length === 0 && enough ? 0 : 1);

/** Numbers of the format's statements that a bundle can break; the others say what things mean. */
function checkable() {
  const text = readFileSync(join(ROOT, 'docs/evidence-format.md'), 'utf8');
  const meaning = readFileSync(join(ROOT, 'test/conformance/bundles/meaning.txt'), 'utf8');
  const numbers = [...text.matchAll(/^- \[([A-Z]-\d+)\]/gm)].map((match) => match[1]);
  const excused = [...meaning.matchAll(/^([A-Z]-\d+) /gm)].map((match) => match[1]);
  return numbers.filter((number) => !excused.includes(number));
}
