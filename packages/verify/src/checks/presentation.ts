import { canonicalize, kindDigestHex, sha256Hex } from '@mandate/core';
import { isChoiceOf } from '@mandate/terms';
import { check } from '../finding.js';
import type { AuthorizationMaterial } from '../material/authorization-material.js';
import type { Finding } from '../verification.js';

/**
 * What was shown and chosen: the record is the one that trail and scene name, it is about this letter, every key
 * clause was acknowledged, and the choices in the scene are those of the record and offered by the letter. Times
 * and measures in the record are what the page said, and nothing is concluded from them.
 */
export function checkPresentation(material: AuthorizationMaterial, letter: Uint8Array): Finding[] {
  const { terms, scene, presentation } = material;
  const acknowledged = presentation.clauses.map(({ id }) => id);
  return [
    checkRecord(material),
    check('presentation-letter', presentation.letterDigest === sha256Hex(letter), 'HASH_FAILURE'),
    check(
      'presentation-clauses',
      canonicalize(acknowledged) === canonicalize(terms.clauses.map(({ id }) => id)),
      'SIG_CONSTRAINTS_FAILURE',
      { clauses: `${acknowledged.length}/${terms.clauses.length}` },
    ),
    check('presentation-page', scene.pageBuild === presentation.pageBuild, 'HASH_FAILURE'),
    check(
      'choices-shown',
      canonicalize(scene.choices) === canonicalize(presentation.choices),
      'HASH_FAILURE',
    ),
    check('choices-offered', isChoiceOf(terms, scene.choices), 'FORMAT_FAILURE'),
  ];
}

/** The last presentation before the challenge of this scene, no older one and none of another letter. */
function checkRecord({ scene, sceneDigest, presentation, trail }: AuthorizationMaterial): Finding {
  const digest = kindDigestHex('presentation', presentation);
  const asked = trail.findLastIndex(
    ({ type, data }) => type === 'challenged' && data['scene'] === sceneDigest,
  );
  const presented = trail.slice(0, Math.max(asked, 0)).findLast(({ type }) => type === 'presented');
  return check(
    'presentation-record',
    scene.presentation === digest && presented?.data['presentation'] === digest,
    'HASH_FAILURE',
  );
}
