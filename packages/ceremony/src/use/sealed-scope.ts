import { decrypt, encrypt, fromUtf8, utf8, type Random } from '@mandate/core';

const context = (authorizationId: string): string => `scopes/${authorizationId}`;

/** The digest of what was signed, under the data key; made by role ca with the signature. */
export const sealScope = (
  dataKey: Uint8Array,
  authorizationId: string,
  digest: string,
  random: Random,
): Uint8Array => encrypt(dataKey, utf8(digest), context(authorizationId), random);

/** Throws `object-corrupt` when it was not made for this authorization. */
export const openScope = (
  dataKey: Uint8Array,
  authorizationId: string,
  sealed: Uint8Array,
): string => fromUtf8(decrypt(dataKey, sealed, context(authorizationId)));
