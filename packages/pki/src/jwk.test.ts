import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { parseJwkSet, publicJwk, spkiOfJwk } from './jwk.js';

const spkiOf = (namedCurve: string): Uint8Array =>
  new Uint8Array(
    generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'der' }),
  );
const spki = spkiOf('P-256');
const jwk = publicJwk(spki);
const other = publicJwk(spkiOf('P-256'));

test.each([
  ['none at all', null],
  ['another curve', { ...jwk, crv: 'P-384' }],
  ['RSA', { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'x' }],
  ['a symmetric key', { kty: 'oct', k: jwk.x, kid: jwk.kid }],
  ['a private key', { ...jwk, d: jwk.x }],
  ['for another algorithm', { ...jwk, alg: 'HS256' }],
  ['for encryption', { ...jwk, use: 'enc' }],
  ['named as another key', { ...jwk, kid: other.kid }],
  ['without a name', { ...jwk, kid: undefined }],
  ['off its curve', { ...jwk, y: other.y }],
  ['a short coordinate', { ...jwk, x: jwk.x.slice(0, -4) }],
  ['a padded coordinate', { ...jwk, x: `${jwk.x}=` }],
])('no key for receipts: %s', (_what, key) => {
  expect(() => spkiOfJwk(key)).toThrow(expect.objectContaining({ code: 'format-json' }));
});

test.each(['', '{', 'null', '[]', '{}', '{"keys":[]}', '{"keys":{}}', '{"keys":[null]}'])(
  'no set of keys: %s',
  (text) => {
    expect(() => parseJwkSet(text)).toThrow(expect.objectContaining({ code: 'format-json' }));
  },
);

test('only P-256 keys become one', () => {
  expect(() => publicJwk(spkiOf('P-384'))).toThrow(
    expect.objectContaining({ code: 'key-unavailable' }),
  );
});

test('there and back', () => {
  expect(spkiOfJwk(jwk)).toEqual(spki);
  expect(spkiOfJwk({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, kid: jwk.kid })).toEqual(spki);
  expect(parseJwkSet(JSON.stringify({ keys: [other, jwk] }))).toEqual([other, jwk]);
});
