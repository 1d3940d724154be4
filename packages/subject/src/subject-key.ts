import { concat, utf8 } from '@mandate/core/encoding';
import { DomainError } from '@mandate/core/errors';
import { ecdsaToDer } from '@mandate/pki/ecdsa';
import { sha256 } from './sha256.js';

/** The subject's one-time key: lives in this object, cannot be exported, signs one letter. */
export interface SubjectKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /**
   * Proof of possession for a challenge: DER ECDSA with SHA-256 over
   * `"mandate/pop/v1\n" ‖ challengeDigest ‖ SHA-256(publicKey)`. Throws `key-unavailable`.
   */
  prove(challengeDigest: Uint8Array): Promise<Uint8Array>;
  /** DER ECDSA with SHA-256 over the signed attributes; once. Throws `key-reused`, `key-unavailable`. */
  sign(signedAttributes: Uint8Array): Promise<Uint8Array>;
  /** Drops the private key; nothing can be signed any more. */
  forget(): void;
}

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const ECDSA_SHA256 = { name: 'ECDSA', hash: 'SHA-256' } as const;
const POP_PREFIX = utf8('mandate/pop/v1\n');

/** Makes a P-256 key by Web Crypto, not extractable (needs https or localhost). Throws `key-unavailable`. */
export async function createSubjectKey(): Promise<SubjectKey> {
  // Absent in pages that are neither https nor localhost; there is no fallback.
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) throw new DomainError('key-unavailable', 'this page has no Web Crypto');
  const pair = await subtle.generateKey(P256, false, ['sign', 'verify']);
  const publicKey = new Uint8Array(await subtle.exportKey('spki', pair.publicKey));
  let privateKey: typeof pair.privateKey | undefined = pair.privateKey;
  let signed = false;

  const signBytes = async (message: Uint8Array): Promise<Uint8Array> => {
    if (!privateKey) throw new DomainError('key-unavailable', 'the key has been forgotten');
    // A copy: nobody may change the bytes between the check and the signature.
    const signature = await subtle.sign(ECDSA_SHA256, privateKey, message.slice());
    return ecdsaToDer(new Uint8Array(signature));
  };
  return {
    publicKey,
    async prove(challengeDigest) {
      if (challengeDigest.length !== 32)
        throw new DomainError('invalid-request', 'a challenge digest has 32 bytes');
      return signBytes(concat(POP_PREFIX, challengeDigest, await sha256(publicKey)));
    },
    async sign(signedAttributes) {
      if (signed) throw new DomainError('key-reused', 'this key has signed already');
      signed = true;
      return signBytes(signedAttributes);
    },
    forget() {
      privateKey = undefined;
    },
  };
}
