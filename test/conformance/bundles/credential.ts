import { canonicalize, commitment, fromBase64Url, toHex, type PasskeyRecord } from '@mandate/core';

/** What the ledger and the trail call a passkey. */
export function credentialOf({ credentialId, publicKey, registration }: PasskeyRecord): string {
  const salt = fromBase64Url(registration.salt);
  return toHex(commitment(salt, 'passkey', canonicalize({ credentialId, publicKey })));
}
