import { isDomainError, kindDigestHex } from '@mandate/core';

/** The digest a recorded value should have; null where it is nothing that could have been recorded. */
export function recordedDigest(
  kind: Parameters<typeof kindDigestHex>[0],
  value: object,
): string | null {
  try {
    return kindDigestHex(kind, value);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return null;
  }
}
