import { expect, test } from '@jest/globals';
import { runBundles } from './bundles/run.js';

/** A seeded slice of `npm run test:bundles`; the cases that fail are named. */
const seed = 20261122;

test(`two verifiers say the same of bundles, seed ${seed}`, async () => {
  const run = await runBundles({ seed, slice: 25, flips: 5 });
  const faults = [
    ...run.comparisons,
    ...run.flips.map((it) => ({ ...it, name: `flip ${it.index}` })),
  ]
    .filter((it) => it.faults.length > 0)
    .map((it) => [it.name, it.faults]);
  expect(faults).toEqual([]);
  expect(run.agreed).toBe(25);
});
