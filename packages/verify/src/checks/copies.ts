import { bytesEqual, isDomainError, sha256Hex } from '@mandate/core';
import { fromPem, PART, partOf, type Bundle } from '@mandate/evidence';
import { check, skip } from '../finding.js';
import type { LetterMaterial } from '../material/letter-material.js';
import type { Finding } from '../verification.js';

/** Manifest and content agree, both ways. */
export function checkManifest({ parts, manifestParts }: Bundle): Finding[] {
  const listed = new Set(manifestParts.map(({ name }) => name));
  const missing = [...parts.keys()].filter((name) => !listed.has(name));
  const absent = [...listed].filter((name) => !parts.has(name));
  const repeated = manifestParts.length !== listed.size;
  const odd = [...missing, ...absent].join(', ');
  const changed = manifestParts
    .filter(({ name, digest }) => {
      const bytes = parts.get(name);
      return bytes && sha256Hex(bytes) !== digest;
    })
    .map(({ name }) => name);
  return [
    check(
      'manifest-complete',
      odd === '' && !repeated,
      'FORMAT_FAILURE',
      odd === '' ? undefined : { parts: odd },
    ),
    check(
      'manifest-digests',
      changed.length === 0,
      'HASH_FAILURE',
      changed.length ? { parts: changed.join(', ') } : undefined,
    ),
  ];
}

/** What stands both in the signed letter and beside it must be the same bytes. */
export function checkCopies(bundle: Bundle, material: LetterMaterial): Finding[] {
  const { letter, certificate, token } = material;
  return [
    check('letter-copy', bytesEqual(partOf(bundle, PART.letter), letter), 'HASH_FAILURE'),
    check(
      'certificate-copy',
      pemHolds(partOf(bundle, PART.sceneCertificate), certificate.der),
      'HASH_FAILURE',
    ),
    token
      ? check('token-copy', bytesEqual(partOf(bundle, PART.token), token.der), 'HASH_FAILURE')
      : skip('token-copy'),
  ];
}

function pemHolds(pem: Uint8Array, der: Uint8Array): boolean {
  try {
    const found = fromPem('CERTIFICATE', new TextDecoder().decode(pem));
    return found.length === 1 && bytesEqual(found[0]!, der);
  } catch (error) {
    if (isDomainError(error)) return false;
    throw error;
  }
}
