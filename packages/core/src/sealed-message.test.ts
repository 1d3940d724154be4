import { expect, test } from '@jest/globals';
import { calculateJwkThumbprint, compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import {
  fromUtf8,
  jwkThumbprint,
  parseRecipientJwk,
  sealMessage,
  systemRandom,
  utf8,
} from './index.js';

const pair = async () => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { extractable: true });
  return { jwk: await exportJWK(publicKey), secret: await exportJWK(privateKey), privateKey };
};

test.each([
  ['nothing', undefined],
  ['another curve', { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA' }],
  ['a key of RSA', { kty: 'RSA', n: 'AA', e: 'AQAB' }],
  ['coordinates too short', { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }],
  ['no base64url', { kty: 'EC', crv: 'P-256', x: '+/+/', y: 'AA==' }],
  // an invalid-curve attack: such a point would tell bits of the sender's key
  [
    'a point beside the curve',
    { kty: 'EC', crv: 'P-256', x: `${'A'.repeat(42)}E`, y: `${'A'.repeat(42)}E` },
  ],
])('%s is refused as a recipient’s key', (_name, value) => {
  expect(() => parseRecipientJwk(value)).toThrow(
    expect.objectContaining({ code: 'invalid-request' }),
  );
});

test('a private key is refused, and never repeated in the refusal', async () => {
  const { secret } = await pair();
  try {
    parseRecipientJwk(secret);
    throw new Error('accepted');
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid-request' });
    expect(String(error)).not.toContain(secret.d);
  }
});

test('jose, an implementation of others, opens it with the recipient’s key; another key does not', async () => {
  const { jwk, privateKey } = await pair();
  const key = parseRecipientJwk({ ...jwk, use: 'enc', kid: 'theirs' });
  expect(Object.keys(key)).toEqual(['kty', 'crv', 'x', 'y']);
  expect(jwkThumbprint(key)).toBe(await calculateJwkThumbprint(jwk));
  const text = '王䶮'.repeat(300);
  const sealed = sealMessage(key, utf8(text), { typ: 'x+jwe', alg: 'none' }, systemRandom);
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, privateKey);
  expect(fromUtf8(plaintext)).toBe(text);
  // what a caller adds does not take the place of what the message is
  expect(protectedHeader).toMatchObject({ alg: 'ECDH-ES', enc: 'A256GCM', typ: 'x+jwe' });
  await expect(compactDecrypt(sealed, (await pair()).privateKey)).rejects.toThrow();
});

test('every part is bound: one changed character anywhere and it does not open', async () => {
  const { jwk, privateKey } = await pair();
  const sealed = sealMessage(parseRecipientJwk(jwk), utf8('x'), { typ: 'a' }, systemRandom);
  const [head, , ...rest] = sealed.split('.');
  const renamed = Buffer.from(
    Buffer.from(head!, 'base64url').toString().replace('"typ":"a"', '"typ":"b"'),
  ).toString('base64url');
  await expect(compactDecrypt([renamed, '', ...rest].join('.'), privateKey)).rejects.toThrow();
  for (const part of [2, 3, 4]) {
    const parts = sealed.split('.');
    const bytes = Buffer.from(parts[part]!, 'base64url');
    bytes[0]! ^= 1;
    parts[part] = bytes.toString('base64url');
    await expect(compactDecrypt(parts.join('.'), privateKey)).rejects.toThrow();
  }
});

test('two messages share nothing that could be compared', async () => {
  const { jwk } = await pair();
  const seal = () => sealMessage(parseRecipientJwk(jwk), utf8('x'), {}, systemRandom).split('.');
  const [a, b] = [seal(), seal()];
  for (const part of [0, 2, 3, 4]) expect(a[part]).not.toBe(b[part]);
});
