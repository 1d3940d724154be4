import { expect, test } from '@jest/globals';
import { setChallengeDigest, type CodeRecord, type PasskeyRecord, type Scene } from '@mandate/core';
import { findingText, verifyFile, type FindingId, type Verification } from '@mandate/verify';
import { makeAuthority } from '../kit/authority.js';
import { buildBundle, LATER, type Changes, type Step } from '../kit/build-bundle.js';

/** One letter of a signing set, alone with a verifier: its place in the sitting, and what was answered for all. */
const authority = makeAuthority();
const verify = (bytes: Uint8Array): Verification =>
  verifyFile(bytes, { anchors: authority.anchors, at: LATER });

function faults({ findings }: Verification): string[] {
  for (const finding of findings)
    for (const language of ['zh', 'en'] as const)
      expect(findingText(finding, language)).not.toContain(finding.id.split('/').at(-1)!);
  return findings
    .filter(({ status }) => status === 'failed' || status === 'indeterminate')
    .map(({ id, subIndication }) => `${id} ${subIndication}`);
}

const SECOND = { set: { position: 2, of: 3 } } as const;
const WITH_PASSKEY: Changes = { ...SECOND, measures: ['sms-code', 'passkey'] };
const OTHER = 'e'.repeat(64);

test.each<[string, Changes, number, number]>([
  ['the second of three', SECOND, 2, 3],
  ['the only one that was accepted', { set: { position: 1, of: 1 } }, 1, 1],
  ['the last of five, with a passkey', { ...WITH_PASSKEY, set: { position: 5, of: 5 } }, 5, 5],
  ['a passkey alone', { ...SECOND, measures: ['passkey'] }, 2, 3],
])('%s: sound', async (_name, changes, position, of) => {
  const result = verify((await buildBundle(authority, changes)).bundle);
  expect(faults(result)).toEqual([]);
  expect(result.verdict).toEqual({ indication: 'TOTAL-PASSED' });
  expect(result.facts.authorization!.set).toMatchObject({ position });
  expect(result.facts.authorization!.set!.letters).toHaveLength(of);
  const ids = result.findings.map(({ id }) => id);
  expect(ids).toContain('set-letters');
  expect(ids).toContain('set-challenge');
});

test('a letter by itself is told nothing of sets', async () => {
  const result = verify((await buildBundle(authority)).bundle);
  expect(result.facts.authorization!.set).toBeUndefined();
  expect(result.findings.map(({ id }) => id).filter((id) => id.startsWith('set-'))).toEqual([]);
});

type Fault = `${FindingId} ${string}`;
const sceneSet = (change: (letters: readonly string[], own: string) => readonly string[]) => ({
  scene: (it: Scene): Scene => ({
    ...it,
    set: { ...it.set!, letters: change(it.set!.letters, it.letterDigest) },
  }),
});
/** The list and what was answered change together, as somebody who rewrites history would do it. */
const rewritten =
  (change: (challenges: readonly string[]) => readonly string[]) =>
  <R extends CodeRecord | PasskeyRecord>(it: R): R => {
    const setChallenges = change(it.setChallenges!);
    return { ...it, setChallenges, challenge: setChallengeDigest(setChallenges) };
  };
/** The trail follows. */
const trailToo = (
  change: (challenges: readonly string[]) => readonly string[],
): Pick<Changes, 'codeRecord' | 'steps'> => {
  let answered = '';
  return {
    codeRecord: (it) => {
      const changed = rewritten(change)(it);
      answered = changed.challenge;
      return changed;
    },
    steps: (steps) =>
      steps.map((step): Step =>
        step[0] === 'challenged'
          ? [step[0], step[1], step[2], { ...step[3], set: answered }]
          : step,
      ),
  };
};

const cases: [string, Changes, ...Fault[]][] = [
  [
    'the scene names other letters only',
    { ...SECOND, ...sceneSet((letters, own) => letters.map((it) => (it === own ? OTHER : it))) },
    'set-letters HASH_FAILURE',
    'set-challenge HASH_FAILURE',
  ],
  [
    'the scene names this letter twice',
    { ...SECOND, ...sceneSet(([a, own]) => [a!, own!, own!]) },
    'set-letters HASH_FAILURE',
  ],
  [
    'the scene names one letter fewer',
    { ...SECOND, ...sceneSet(([a, own]) => [a!, own!]) },
    'set-challenge HASH_FAILURE',
  ],
  [
    'the scene names the letters in another order',
    { ...SECOND, ...sceneSet(([a, own, c]) => [own!, a!, c!]) },
    'set-challenge HASH_FAILURE',
  ],
  [
    'more letters than a sitting has',
    { ...SECOND, ...sceneSet((letters) => [...letters, OTHER, 'd'.repeat(64), 'c'.repeat(64)]) },
    'part-readable FORMAT_FAILURE',
  ],
  [
    'the code answered this letter’s challenge alone',
    {
      ...SECOND,
      codeRecord: ({ setChallenges, ...it }) => ({ ...it, challenge: setChallenges![1]! }),
    },
    'set-challenge HASH_FAILURE',
  ],
  [
    'one byte of another letter’s challenge',
    {
      ...SECOND,
      codeRecord: (it) => ({
        ...it,
        setChallenges: it.setChallenges!.map((each, i) => (i === 2 ? `f${each.slice(1)}` : each)),
      }),
    },
    'set-challenge HASH_FAILURE',
    'code-challenge HASH_FAILURE',
  ],
  [
    'the list and its digest rewritten, the trail not',
    { ...SECOND, codeRecord: rewritten(([a, own]) => [a!, own!, OTHER]) },
    'set-challenge HASH_FAILURE',
  ],
  [
    'list, digest and trail rewritten, this letter left out',
    { ...SECOND, ...trailToo(([a, , c]) => [a!, OTHER, c!]) },
    'set-challenge HASH_FAILURE',
  ],
  [
    'list, digest and trail rewritten, this letter in another place',
    { ...SECOND, ...trailToo(([a, own, c]) => [own!, a!, c!]) },
    'set-challenge HASH_FAILURE',
  ],
  [
    'list, digest and trail rewritten, this letter twice',
    { ...SECOND, ...trailToo(([, own, c]) => [own!, own!, c!]) },
    'set-challenge HASH_FAILURE',
  ],
  [
    'the trail knows of no sitting',
    {
      ...SECOND,
      steps: (steps) =>
        steps.map((step): Step => {
          if (step[0] !== 'challenged') return step;
          const { set: _, ...data } = step[3] as { set?: string };
          return [step[0], step[1], step[2], data];
        }),
    },
    'set-challenge HASH_FAILURE',
  ],
  [
    'the passkey answered other letters than the code',
    {
      ...WITH_PASSKEY,
      passkey: { record: rewritten(([a, own]) => [a!, own!, OTHER]) },
    },
    'set-challenge HASH_FAILURE',
    'passkey-challenge HASH_FAILURE',
  ],
  [
    'the passkey’s record names no letters',
    { ...WITH_PASSKEY, passkey: { record: ({ setChallenges: _, ...it }) => it } },
    'set-challenge HASH_FAILURE',
  ],
  [
    'a letter by itself whose code answered others as well',
    {
      codeRecord: (it) => ({
        ...it,
        setChallenges: [it.challenge, OTHER],
      }),
    },
    'set-challenge HASH_FAILURE',
  ],
];

test.each(cases)('%s', async (_name, changes, ...expected) => {
  const result = verify((await buildBundle(authority, changes)).bundle);
  expect(faults(result)).toEqual(expected);
  expect(result.verdict.indication).toBe('TOTAL-FAILED');
});
