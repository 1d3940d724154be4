import { seeded } from '../../kit/seeded.js';
import { bundleCases } from './all-cases.js';
import { mustFail } from './bundle-case.js';
import { compare, type Comparison } from './compare.js';
import { flipPairs, type Flip } from './flips.js';
import { PythonVerifier } from './python-verifier.js';

export interface BundleRun {
  readonly cases: number;
  readonly mustFail: number;
  /** Cases where both said what had to be said. */
  readonly agreed: number;
  readonly comparisons: readonly Comparison[];
  /** Statements of the format that some case broke, by the second verifier's word. */
  readonly broken: ReadonlySet<string>;
  readonly flips: readonly Flip[];
  readonly seconds: number;
}

/**
 * Both verifiers on every case, or on `slice` of them drawn by the seed, and then on seeded changes of
 * single bits below a new seal.
 */
export async function runBundles(options: {
  readonly seed: number;
  readonly slice?: number;
  readonly flips: number;
  readonly only?: string;
  readonly told?: (comparison: Comparison) => void;
}): Promise<BundleRun> {
  const started = performance.now();
  const python = new PythonVerifier();
  try {
    const { authority, cases, usual } = await bundleCases();
    const named = cases.filter(({ name }) => name.includes(options.only ?? ''));
    const chosen = options.slice === undefined ? named : draw(named, options.slice, options.seed);
    const comparisons: Comparison[] = [];
    for (const each of chosen) {
      const comparison = await compare(each, python, usual);
      comparisons.push(comparison);
      options.told?.(comparison);
    }
    return {
      cases: chosen.length,
      mustFail: chosen.filter(mustFail).length,
      agreed: comparisons.filter(({ faults }) => faults.length === 0).length,
      comparisons,
      broken: new Set(comparisons.flatMap(({ second }) => Object.keys(second.rules))),
      flips: await flipPairs(authority, python, options.seed, options.flips),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await python.close();
  }
}

function draw<T>(list: readonly T[], count: number, seed: number): T[] {
  const random = seeded(seed);
  const left = [...list];
  return Array.from(
    { length: Math.min(count, left.length) },
    () => left.splice(random(left.length), 1)[0]!,
  );
}
