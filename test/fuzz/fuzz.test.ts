import { beforeAll, expect, test } from '@jest/globals';
import { DomainError } from '@mandate/core';
import { fuzzer, isBug, judgeInput, KINDS, type Bug, type Outcome } from './run.js';
import { makeSpecimens } from './make-specimens.js';
import { specimensFrom, type Specimens } from './specimens.js';
import type { Judged, Target } from './target.js';

/**
 * A slice of `npm run fuzz`: the same changes every time, of specimens made by the code as it is, so that
 * a changed profile of letters needs no new ones. What is found here is looked for with the command.
 */
const SLICE: Readonly<Record<string, number>> = { pdf: 200 };
const SEED = 20261121;

let specimens: Specimens;
beforeAll(async () => {
  const made = await makeSpecimens();
  specimens = specimensFrom((name) => made.get(name)!);
}, 60_000);

test.each(KINDS)(
  '%s: changed inputs are refused, or pass with the claims of the original',
  (kind) => {
    const { run } = fuzzer(kind, SEED, specimens);
    const results = Array.from({ length: SLICE[kind] ?? 500 }, (_, index) => run(index));
    expect(results.filter(isBug)).toEqual([]);
    // A slice in which nothing is refused, or nothing else than that can happen, tests nothing.
    expect(results.filter((it) => it === 'refused').length).toBeGreaterThan(results.length / 2);
  },
  60_000,
);

const original: Judged = { accepted: true, claims: { name: '张三', level: 'B-LTA' } };
const judgedAs = (judge: () => Judged): Outcome | Bug['what'] => {
  const target: Target = {
    specimens: new Map(),
    make: () => ({ specimen: 'it', bytes: new Uint8Array() }),
    judge,
    isLess: (name) => name === 'level',
  };
  const result = judgeInput(target, {
    index: 0,
    specimen: 'it',
    bytes: new Uint8Array(),
    original,
  });
  return isBug(result) ? result.what : result;
};
const thrown = (error: Error) => (): never => {
  throw error;
};

test.each<[string, () => Judged, Outcome | Bug['what']]>([
  ['the same claims', () => original, 'passed with the same claims'],
  [
    'another name',
    () => ({ ...original, claims: { ...original.claims, name: '李四' } }),
    'different claims',
  ],
  ['no name', () => ({ ...original, claims: { level: 'B-LTA' } }), 'different claims'],
  [
    'one claim more',
    () => ({ ...original, claims: { ...original.claims, more: 'x' } }),
    'different claims',
  ],
  [
    'a lower level',
    () => ({ ...original, claims: { name: '张三', level: 'B-T' } }),
    'passed with less',
  ],
  ['refused', () => ({ accepted: false, claims: { name: '李四' } }), 'refused'],
  ['refused by a typed error', thrown(new DomainError('format-der')), 'refused'],
  ['a foreign error', thrown(new TypeError('x')), 'untyped exception'],
  [
    'a foreign error caught on the way',
    () => ({ ...original, untyped: 'TypeError' }),
    'untyped exception',
  ],
])('the oracle: %s', (_, judge, due) => {
  expect(judgedAs(judge)).toBe(due);
});
