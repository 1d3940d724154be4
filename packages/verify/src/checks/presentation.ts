import { canonicalize, kindDigestHex, sha256Hex } from '@mandate/core';
import { isChoiceOf } from '@mandate/terms';
import { check, pass, skip } from '../finding.js';
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
    ...checkProvenance(material),
    checkVisit(material),
    check(
      'choices-shown',
      canonicalize(scene.choices) === canonicalize(presentation.choices),
      'HASH_FAILURE',
    ),
    check('choices-offered', isChoiceOf(terms, scene.choices), 'FORMAT_FAILURE'),
  ];
}

/** Where the builds are named, that of the page is the one the scene names. */
function checkProvenance({ scene, provenance }: AuthorizationMaterial): Finding[] {
  if (!provenance?.page) return [];
  const { digest, commit } = provenance.page;
  return [check('provenance-page', digest === scene.pageBuild, 'HASH_FAILURE', { commit })];
}

function checkRecord(material: AuthorizationMaterial): Finding {
  const { scene, presentation } = material;
  const digest = kindDigestHex('presentation', presentation);
  return check(
    'presentation-record',
    scene.presentation === digest && presentedFor(material)?.data['presentation'] === digest,
    'HASH_FAILURE',
  );
}

/**
 * Read and confirmed in one visit. Otherwise nothing is wrong: a page may be closed and opened again. That it was
 * the same browser only the operator can know, so both visits are named and the question stays open.
 */
function checkVisit(material: AuthorizationMaterial): Finding {
  const { evidenceRoot, trail } = material;
  const read = presentedFor(material)?.data['visit'];
  const confirmed = trail.findLast(
    ({ type, data }) => type === 'confirmed' && data['evidenceRoot'] === evidenceRoot,
  )?.data['visit'];
  if (typeof read !== 'string' || typeof confirmed !== 'string') return skip('presentation-visit');
  if (read === confirmed) return pass('presentation-visit');
  return skip('presentation-visit', { read, confirmed });
}

/** The last presentation before the challenge of this scene, no older one and none of another letter. */
function presentedFor({ sceneDigest, trail }: AuthorizationMaterial) {
  const asked = trail.findLastIndex(
    ({ type, data }) => type === 'challenged' && data['scene'] === sceneDigest,
  );
  return trail.slice(0, Math.max(asked, 0)).findLast(({ type }) => type === 'presented');
}
