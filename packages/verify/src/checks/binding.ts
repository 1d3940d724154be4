import {
  bytesEqual,
  commitment,
  fromBase64Url,
  fromHex,
  sha256,
  toHex,
  type Scene,
} from '@mandate/core';
import type { Certificate } from '@mandate/pki';
import type { Terms } from '@mandate/terms';
import { check, fail, pass } from '../finding.js';
import type { Finding } from '../verification.js';

/** The certificate is for this letter and no other. */
export function checkBinding(certificate: Certificate, letter: Uint8Array): Finding[] {
  const binding = certificate.sceneBinding;
  if (!binding) return [fail('binding-present', 'SIG_CONSTRAINTS_FAILURE')];
  return [
    pass('binding-present'),
    check('binding-letter', bytesEqual(binding.letterDigest, sha256(letter)), 'HASH_FAILURE'),
  ];
}

/** Characters of a commonName (RFC 5280 appendix A.1); longer names are cut. */
const NAME_LIMIT = 64;

/** … issued to the subject its terms name: by name, and by a commitment to the identity number. */
export function checkCertificateSubject(certificate: Certificate, terms: Terms | null): Finding {
  const mismatch = (reason: string): Finding =>
    fail('certificate-subject', 'SIG_CONSTRAINTS_FAILURE', { reason });
  if (!terms) return mismatch('no terms to compare with');
  const { name, idNumber } = terms.subject;
  const values = (wanted: string): string[] =>
    certificate.subject.attributes.flatMap(({ type, value }) => (type === wanted ? [value] : []));
  const is = (type: string, expected: string): boolean => {
    const [value, ...others] = values(type);
    return value === expected && others.length === 0;
  };
  if (!is('CN', [...name].slice(0, NAME_LIMIT).join(''))) return mismatch('name');
  const committed = commitment(fromBase64Url(terms.salt), 'subject.idNumber', idNumber);
  if (!is('SN', toHex(committed))) return mismatch('identity number');
  return pass('certificate-subject');
}

/** … and for this scene, the evidence that stood at confirmation, this ledger and kind of key. */
export function checkSceneBinding(
  certificate: Certificate,
  bundle: { readonly scene: Scene; readonly sceneDigest: string; readonly evidenceRoot: string },
): Finding[] {
  const binding = certificate.sceneBinding;
  if (!binding) return [];
  const { scene, sceneDigest, evidenceRoot } = bundle;
  const equals = (actual: Uint8Array, hex: string): boolean => bytesEqual(actual, fromHex(hex));
  return [
    check('binding-scene', equals(binding.sceneDigest, sceneDigest), 'HASH_FAILURE', {
      certificate: toHex(binding.sceneDigest),
    }),
    check('binding-evidence', equals(binding.evidenceRoot, evidenceRoot), 'HASH_FAILURE', {
      certificate: toHex(binding.evidenceRoot),
    }),
    check('binding-origin', binding.ledgerOrigin === scene.ledgerOrigin, 'HASH_FAILURE'),
    check('key-origin-allowed', scene.keyOrigins.includes(binding.keyOrigin), 'FORMAT_FAILURE', {
      keyOrigin: binding.keyOrigin,
    }),
  ];
}
