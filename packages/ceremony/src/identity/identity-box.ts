import {
  canonicalize,
  decrypt,
  DomainError,
  encrypt,
  fromUtf8,
  kindDigestHex,
  parseCanonical,
  utf8,
  type IdentityResult,
  type Random,
} from '@mandate/core';
import type { IdentityRow } from '../ports/identity.js';

const context = (authorizationId: string, digest: string): string =>
  `identity_results/${authorizationId}/${digest}`;

export const identityDigest = (result: IdentityResult): string =>
  kindDigestHex('identity-result', result);

/** Under the authorization's data key: a foreign receipt may hold personal data. */
export const sealIdentity = (
  key: Uint8Array,
  authorizationId: string,
  result: IdentityResult,
  random: Random,
): Uint8Array =>
  encrypt(
    key,
    utf8(canonicalize(result)),
    context(authorizationId, identityDigest(result)),
    random,
  );

/** The result is exactly what trail and scene say it is. Throws `object-corrupt`. */
export function openIdentity(
  key: Uint8Array,
  { authorizationId, digest, box }: Pick<IdentityRow, 'authorizationId' | 'digest' | 'box'>,
): IdentityResult {
  const text = fromUtf8(decrypt(key, box, context(authorizationId, digest)));
  // written by role ra; the digest in trail and scene is what binds it
  const result = parseCanonical(text) as unknown as IdentityResult;
  if (identityDigest(result) !== digest)
    throw new DomainError('object-corrupt', 'the result of a check has another digest');
  return result;
}
