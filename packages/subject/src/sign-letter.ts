import type { Challenge } from './challenge-digest.js';
import { checkMaterial, type Material } from './check-material.js';
import type { SubjectKey } from './subject-key.js';

/**
 * Checks the material and signs it: DER ECDSA signature over its signed attributes. The key is
 * forgotten either way, so a refused material is never signed later. `at` is the device's time.
 * Throws as `checkMaterial` and `SubjectKey.sign` do.
 */
export async function signLetter(
  letter: Uint8Array,
  challenge: Challenge,
  material: Material,
  key: SubjectKey,
  at: Date,
): Promise<Uint8Array> {
  try {
    // A copy: what is signed is what was checked, whatever happens to the caller's buffers meanwhile.
    const checked = {
      certificate: material.certificate.slice(),
      update: material.update.slice(),
      signedAttributes: material.signedAttributes.slice(),
    };
    const { publicKey } = key;
    await checkMaterial({ letter: letter.slice(), challenge, publicKey, material: checked, at });
    return await key.sign(checked.signedAttributes);
  } finally {
    key.forget();
  }
}
