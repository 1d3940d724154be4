import type { SigningKey } from '@mandate/core';
import type { KnownKey } from '@mandate/ceremony';

/** A key with the certificate that says whose it is. */
export const certifiedKey = (
  purpose: KnownKey['purpose'],
  { publicKey, chain }: SigningKey,
): KnownKey => ({
  purpose,
  publicKey,
  record: chain[0]!,
});
