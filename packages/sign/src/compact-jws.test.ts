import { createSign, generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { SigningKey } from '@mandate/core';
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { publicJwk } from '@mandate/pki';
import { compactJws } from './compact-jws.js';

function aKey(namedCurve = 'P-256'): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return {
    suite: 'ecdsa-p256-sha256',
    publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    chain: [],
    sign: async (message) => new Uint8Array(createSign('sha256').update(message).sign(privateKey)),
  };
}
const payload = { b: 1, a: '中文' };

test('jose reads the key, agrees on its thumbprint and believes the signature, a hundred times', async () => {
  const key = aKey();
  const jwk = publicJwk(key.publicKey);
  expect(jwk.kid).toBe(await calculateJwkThumbprint(jwk as never));
  const imported = await importJWK(jwk as never, 'ES256');
  // r and s lose leading zeros in DER now and then
  for (let i = 0; i < 100; i++) {
    const jws = await compactJws(key, { typ: 'mandate-receipt+jwt', payload: { ...payload, i } });
    const read = await compactVerify(jws, imported);
    expect(read.protectedHeader).toEqual({
      alg: 'ES256',
      kid: jwk.kid,
      typ: 'mandate-receipt+jwt',
    });
    expect(JSON.parse(new TextDecoder().decode(read.payload))).toEqual({ ...payload, i });
  }
});

test('another key, another payload, another header: refused', async () => {
  const key = aKey();
  const jws = await compactJws(key, { typ: 'x', payload });
  const own = await importJWK(publicJwk(key.publicKey) as never, 'ES256');
  const foreign = await importJWK(publicJwk(aKey().publicKey) as never, 'ES256');
  await expect(compactVerify(jws, foreign)).rejects.toThrow();
  const [head, body, signature] = jws.split('.');
  const encoded = (text: string) => Buffer.from(text).toString('base64url');
  await expect(compactVerify(`${head}.${encoded('{"b":2}')}.${signature}`, own)).rejects.toThrow();
  await expect(
    compactVerify(`${encoded('{"alg":"ES256"}')}.${body}.${signature}`, own),
  ).rejects.toThrow();
});

test('only P-256 keys sign receipts', async () => {
  const other = aKey('P-384');
  expect(() => publicJwk(other.publicKey)).toThrow(
    expect.objectContaining({ code: 'key-unavailable' }),
  );
  await expect(
    compactJws({ ...aKey(), suite: 'ed25519' }, { typ: 'x', payload }),
  ).rejects.toMatchObject({
    code: 'key-unavailable',
  });
});
