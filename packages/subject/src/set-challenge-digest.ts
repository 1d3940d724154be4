import { canonicalBytes } from '@mandate/core/canonical';
import { concat, toHex, utf8 } from '@mandate/core/encoding';
import { challengeDigest, type Challenge } from './challenge-digest.js';
import { sha256 } from './sha256.js';

/**
 * What one code or passkey answers for several letters: `SHA-256("mandate/set-challenge/v1\n" ‖ JCS{challenges})`,
 * `challenges` being their challenge digests in hex, in the order of the letters.
 */
export async function setChallengeDigest(challenges: readonly Challenge[]): Promise<Uint8Array> {
  const digests: string[] = [];
  for (const challenge of challenges) digests.push(toHex(await challengeDigest(challenge)));
  const canonical = canonicalBytes({ challenges: digests });
  return sha256(concat(utf8('mandate/set-challenge/v1\n'), canonical));
}
