import { createPublicKey, verify } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { utf8, type KeyStore } from '@mandate/core';

/** What every key store promises. The store holds `p256` with a certificate, `ed25519` without, secret `wrap`. */
export function keysContract(adapter: string, start: () => Promise<KeyStore>): void {
  describe(`keys: ${adapter}`, () => {
    let keys: KeyStore;
    beforeAll(async () => {
      keys = await start();
    });
    const messages = [utf8(''), utf8('letter'), new Uint8Array(100_000).fill(7)];

    test.each([
      ['p256', 'ecdsa-p256-sha256', 'sha256'],
      ['ed25519', 'ed25519', null],
    ] as const)('%s signs messages of every length in its suite', async (name, suite, hash) => {
      const key = await keys.signingKey(name);
      expect(key.suite).toBe(suite);
      const publicKey = createPublicKey({
        key: Buffer.from(key.publicKey),
        format: 'der',
        type: 'spki',
      });
      for (const message of messages) {
        const signature = await key.sign(message);
        expect(verify(hash, message, publicKey, signature)).toBe(true);
        expect(verify(hash, utf8('another message'), publicKey, signature)).toBe(false);
      }
    });

    test('certificates come with keys that have one', async () => {
      expect((await keys.signingKey('p256')).chain.length).toBeGreaterThan(0);
      expect((await keys.signingKey('ed25519')).chain).toEqual([]);
    });

    test('a secret is 32 bytes and stays the same', async () => {
      const secret = await keys.secret('wrap');
      expect(secret).toHaveLength(32);
      expect(await keys.secret('wrap')).toEqual(secret);
    });

    test.each(['absent', '', '../p256', 'P256', 'p256.p12'])(
      '%j is key-unavailable',
      async (name) => {
        await expect(keys.signingKey(name)).rejects.toMatchObject({ code: 'key-unavailable' });
        await expect(keys.secret(name)).rejects.toMatchObject({ code: 'key-unavailable' });
      },
    );

    test('a handle gives away nothing private', async () => {
      const key = await keys.signingKey('p256');
      expect(Object.keys(key).sort()).toEqual(['chain', 'publicKey', 'sign', 'suite']);
    });
  });
}
