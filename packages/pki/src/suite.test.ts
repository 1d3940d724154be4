import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { fromHex, utf8 } from '@mandate/core';
import { newKey, signWith } from '../test/throw-away-pki.js';
import { codeOf } from '../test/refusal.js';
import { readAlgorithm, signatureAlgorithm, suiteOf } from './algorithms.js';
import { der, readDer } from './der.js';
import { ecdsaFromDer, ecdsaToDer } from './ecdsa.js';
import { OID } from './oids.js';
import { verifySignature } from './suite.js';

const message = utf8('message');
const spkiOf = (key: KeyObject): Uint8Array =>
  new Uint8Array(key.export({ type: 'spki', format: 'der' }));

test('verifies every supported algorithm, and no other key or message', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const ed = generateKeyPairSync('ed25519');
  const p256 = newKey();
  const pss = {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  const cases = [
    ['ecdsa-p256-sha256', p256.spki, signWith(p256, message)],
    ['ecdsa-sha256', p256.spki, signWith(p256, message)],
    ['ecdsa-sha384', spkiOf(p384.publicKey), sign('sha384', message, p384.privateKey)],
    ['ed25519', spkiOf(ed.publicKey), sign(null, message, ed.privateKey)],
    ['rsa-sha256', spkiOf(rsa.publicKey), sign('sha256', message, rsa.privateKey)],
    ['rsa-sha512', spkiOf(rsa.publicKey), sign('sha512', message, rsa.privateKey)],
    [
      'rsa-pss-sha384',
      spkiOf(rsa.publicKey),
      sign('sha384', message, { key: rsa.privateKey, ...pss }),
    ],
  ] as const;
  for (const [algorithm, spki, signature] of cases) {
    expect([algorithm, verifySignature(algorithm, spki, message, signature)]).toEqual([
      algorithm,
      true,
    ]);
    expect(verifySignature(algorithm, spki, utf8('massage'), signature)).toBe(false);
    for (const [other, otherKey] of cases)
      if (otherKey !== spki) expect(verifySignature(other, spki, message, signature)).toBe(false);
  }
  // A curve that fits the family but not the suite.
  const [, , [, spki, signature]] = cases;
  expect(verifySignature('ecdsa-p256-sha256', spki, message, signature)).toBe(false);
});

test('weak or broken keys verify nothing', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const signature = sign('sha256', message, small.privateKey);
  expect(verifySignature('rsa-sha256', spkiOf(small.publicKey), message, signature)).toBe(false);
  expect(verifySignature('rsa-sha256', new Uint8Array(10), message, signature)).toBe(false);
  const k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  const foreign = sign('sha256', message, k1.privateKey);
  expect(verifySignature('ecdsa-sha256', spkiOf(k1.publicKey), message, foreign)).toBe(false);
  // A point that is not on the curve.
  const off = newKey().spki.slice();
  off[off.length - 1]! ^= 1;
  expect(suiteOf(off)).toBe('ecdsa-p256-sha256');
  expect(verifySignature('ecdsa-p256-sha256', off, message, foreign)).toBe(false);
});

test('ECDSA signatures with padding or trailing bytes do not verify', () => {
  const key = newKey();
  const signature = signWith(key, message);
  const [r, s] = [ecdsaFromDer(signature).subarray(0, 32), ecdsaFromDer(signature).subarray(32)];
  const padded = (value: Uint8Array): Uint8Array => {
    const bytes = der.octets(new Uint8Array([0, 0, ...value]));
    bytes[0] = 2;
    return bytes;
  };
  expect(verifySignature('ecdsa-p256-sha256', key.spki, message, signature)).toBe(true);
  for (const bad of [
    new Uint8Array([...signature, 0]),
    der.sequence(padded(r), padded(s)),
    new Uint8Array([...r, ...s]),
    der.sequence(der.integer(0), der.integer(0)),
  ])
    expect(verifySignature('ecdsa-p256-sha256', key.spki, message, bad)).toBe(false);
});

test('ECDSA forms convert both ways; oversized values are refused', () => {
  for (let i = 0; i < 20; i++) {
    const signature = signWith(newKey(), message);
    expect(ecdsaToDer(ecdsaFromDer(signature))).toEqual(signature);
  }
  const small = new Uint8Array(64);
  small[31] = 1;
  small[63] = 0x80;
  expect(ecdsaToDer(small)).toEqual(fromHex('300702010102020080'));
  expect(ecdsaFromDer(fromHex('300702010102020080'))).toEqual(small);
  expect(codeOf(() => ecdsaFromDer(ecdsaToDer(new Uint8Array(66).fill(1))))).toBe('format-der');
  expect(codeOf(() => ecdsaFromDer(fromHex('300602010102010100')))).toBe('format-der');
  expect(codeOf(() => ecdsaFromDer(fromHex('30060201ff020101')))).toBe('format-der');
  expect(codeOf(() => ecdsaToDer(new Uint8Array(63)))).toBe('format-der');
});

test('keys of other suites are unsupported', () => {
  expect(suiteOf(newKey('ed25519').spki)).toBe('ed25519');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  for (const { publicKey } of [rsa, p384])
    expect(codeOf(() => suiteOf(spkiOf(publicKey)))).toBe('unsupported-algorithm');
});

test.each<[string, Uint8Array]>([
  ['SHA-1 with RSA', der.sequence(der.oid('1.2.840.113549.1.1.5'), der.null())],
  ['ECDSA with parameters', der.sequence(der.oid(OID.ecdsaWithSha256), der.null())],
  ['Ed25519 with parameters', der.sequence(der.oid(OID.ed25519), der.null())],
  ['RSA without a digest', der.sequence(der.oid(OID.rsaEncryption), der.null())],
  ['PSS without parameters', der.sequence(der.oid(OID.rsassaPss))],
  ['PSS with default SHA-1', der.sequence(der.oid(OID.rsassaPss), der.sequence())],
])('unsupported: %s', (_, identifier) => {
  expect(codeOf(() => signatureAlgorithm(readAlgorithm(readDer(identifier))))).toBe(
    'unsupported-algorithm',
  );
});
