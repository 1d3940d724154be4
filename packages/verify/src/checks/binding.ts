import { bytesEqual, fromHex, sha256, toHex, type Scene } from '@mandate/core';
import type { Certificate } from '@mandate/pki';
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
