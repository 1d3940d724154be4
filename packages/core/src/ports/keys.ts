/** Chosen from the certificate's key, never by configuration. Suites sign messages, not digests (SM2 needs that). */
export type SignatureSuite = 'ecdsa-p256-sha256' | 'ed25519';

/** A private key behind a handle: a file, an HSM slot, a licensed CA. */
export interface SigningKey {
  readonly suite: SignatureSuite;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** The key's certificate and its issuers up to the root, DER; empty for raw keys (ledger). */
  readonly chain: readonly Uint8Array[];
  /** ECDSA: DER `SEQUENCE { r, s }`. Ed25519: 64 bytes. Throws `key-unavailable`. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** The keys of one authority role. */
export interface KeyStore {
  /** Throws `key-unavailable` when the key is absent or its container does not open. */
  signingKey(name: string): Promise<SigningKey>;
  /** 32 secret bytes (data-key wrapping, code MAC). Throws `key-unavailable`. */
  secret(name: string): Promise<Uint8Array>;
}
