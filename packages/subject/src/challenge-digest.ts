import { canonicalBytes } from '@mandate/core/canonical';
import { concat, utf8 } from '@mandate/core/encoding';
import { sha256 } from './sha256.js';

/** What code, key and certificate are all bound to; digests in lower-case hex, nonce as received. */
export interface Challenge {
  readonly letterDigest: string;
  readonly sceneDigest: string;
  readonly serverNonce: string;
}

/** `SHA-256("mandate/challenge/v1\n" ‖ JCS{letterDigest, sceneDigest, serverNonce})`. */
export async function challengeDigest(challenge: Challenge): Promise<Uint8Array> {
  // Picked one by one: what else the server's answer holds is no part of the challenge.
  const { letterDigest, sceneDigest, serverNonce } = challenge;
  const canonical = canonicalBytes({ letterDigest, sceneDigest, serverNonce });
  return sha256(concat(utf8('mandate/challenge/v1\n'), canonical));
}
