import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DomainError } from '@mandate/core';
import { writeOnce } from '../write-once.js';

/** An Ed25519 key used for nothing but cosignatures. */
export interface WitnessKey {
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** Makes the key (PKCS#8 PEM, readable by its owner alone) if there is none. False: there was one. */
export async function createWitnessKey(path: string): Promise<boolean> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return writeOnce(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600);
}

/** Throws `config-invalid` when there is no Ed25519 key in that file. */
export async function openWitnessKey(path: string): Promise<WitnessKey> {
  try {
    const key = createPrivateKey(await readFile(path));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('not an Ed25519 key');
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    return {
      publicKey: new Uint8Array(spki),
      sign: async (message) => new Uint8Array(sign(null, message, key)),
    };
  } catch (cause) {
    throw new DomainError('config-invalid', 'the witness key cannot be read', { cause });
  }
}
