import { canonicalize } from '@mandate/core';
import { check } from '../finding.js';
import type { AuthorizationMaterial } from '../material/authorization-material.js';
import type { Finding } from '../verification.js';

/**
 * In a signing set one code, or passkey, answered the challenges of all accepted letters together. This bundle
 * holds one of the letters: the scene names all of them in their order, the records all challenges in the same
 * order, and each list holds this letter's own at the same place, once. What the other digests stand for is told
 * by the other bundles. Nothing is said of a letter that was signed by itself.
 */
export function checkSet(material: AuthorizationMaterial): readonly Finding[] {
  const { scene, challengeDigest, answeredDigest, codeRecord, passkey, trail } = material;
  const lists = [codeRecord, passkey].flatMap((record) => (record ? [record.setChallenges] : []));
  if (!scene.set) {
    const alone = lists.every((list) => list === undefined);
    return alone ? [] : [check('set-challenge', false, 'HASH_FAILURE')];
  }
  const { letters } = scene.set;
  const at = letters.indexOf(scene.letterDigest);
  const challenged = trail.findLast(
    ({ type, data }) => type === 'challenged' && data['challenge'] === challengeDigest,
  );
  const agreed =
    lists.length > 0 &&
    lists.every(
      (list) =>
        list !== undefined &&
        canonicalize(list) === canonicalize(lists[0]) &&
        areDistinct(list) &&
        list.length === letters.length &&
        list[at] === challengeDigest,
    );
  return [
    check('set-letters', at >= 0 && areDistinct(letters), 'HASH_FAILURE', {
      position: String(at + 1),
      letters: String(letters.length),
    }),
    check('set-challenge', agreed && challenged?.data['set'] === answeredDigest, 'HASH_FAILURE'),
  ];
}

const areDistinct = (digests: readonly string[]): boolean =>
  new Set(digests).size === digests.length;
