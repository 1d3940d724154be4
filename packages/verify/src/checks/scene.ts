import { commitment, fromBase64Url, sha256Hex, toHex } from '@mandate/core';
import { termsDigest } from '@mandate/terms';
import { check } from '../finding.js';
import type { AuthorizationMaterial } from '../material/authorization-material.js';
import type { Finding } from '../verification.js';

/** The frozen scene is about these terms, this letter and these parties. */
export function checkScene({ terms, scene }: AuthorizationMaterial, letter: Uint8Array): Finding[] {
  const salt = fromBase64Url(terms.salt);
  const wrong = (['name', 'idNumber', 'phone'] as const).filter(
    (field) =>
      toHex(commitment(salt, `subject.${field}`, terms.subject[field])) !== scene.subject[field],
  );
  const { institution } = terms;
  return [
    check('scene-terms', scene.termsDigest === termsDigest(terms), 'HASH_FAILURE'),
    check('scene-letter', scene.letterDigest === sha256Hex(letter), 'HASH_FAILURE'),
    check(
      'scene-institution',
      scene.institution.name === institution.name &&
        scene.institution.creditCode === institution.creditCode,
      'HASH_FAILURE',
    ),
    check(
      'scene-subject',
      wrong.length === 0,
      'HASH_FAILURE',
      wrong.length ? { fields: wrong.join(', ') } : undefined,
    ),
  ];
}
