import { setChallengeDigest, type CodeRecord, type PasskeyRecord, type Scene } from '@mandate/core';
import type { FindingId } from '@mandate/verify';
import type { Changes, Step } from '../kit/build-bundle.js';

export const SECOND = { set: { position: 2, of: 3 } } as const;
export const WITH_PASSKEY: Changes = { ...SECOND, measures: ['sms-code', 'passkey'] };
const OTHER = 'e'.repeat(64);

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

/** Name, change, and every finding that must then stand in the way. */
export const setCases: [string, Changes, ...Fault[]][] = [
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
