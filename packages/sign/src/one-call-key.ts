import { generateKeyPairSync, sign } from 'node:crypto';

/**
 * A key that lives for one function call: the fallback where a browser cannot hold one and the
 * template's policy allows it. It is never stored and has no name; that it is gone afterwards
 * cannot be proven in software, and the evidence does not claim it.
 */
export async function withOneCallKey<T>(
  use: (key: { publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array }) => Promise<T>,
): Promise<T> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return use({
    publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    sign: (message) =>
      new Uint8Array(sign('sha256', message, { key: privateKey, dsaEncoding: 'der' })),
  });
}
