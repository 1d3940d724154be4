import { X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { concat, toHex } from '@mandate/core';
import {
  authority,
  BINDING,
  issue,
  minutes,
  newKey,
  newPki,
  sceneExtensions,
  signWith,
  T0,
} from '../test/throw-away-pki.js';
import { codeOf } from '../test/refusal.js';
import { readCertificateFields } from './certificate-fields.js';
import { assembleCertificate, certificateTbs } from './certificate-writer.js';
import { parseCertificate } from './certificate.js';
import { der, readDer } from './der.js';
import { extension } from './extensions.js';
import { name } from './name.js';
import { OID, SCENE_BINDING_OID } from './oids.js';
import { encodeSceneBinding, readSceneBinding } from './scene-binding.js';

const it = newPki();
const scene = it.scene.certificate;

test('reads back what was written, and node:crypto reads the same', () => {
  expect(scene.sceneBinding).toEqual(BINDING);
  expect(scene.validityAssuredShortTerm).toBe(true);
  expect(scene.ocspNoCheck).toBe(false);
  expect(scene.ocspUrls).toEqual(['http://pki.example/ocsp']);
  expect(scene.issuerUrls).toEqual(['http://pki.example/pki/scene-ca.crt']);
  expect(scene.keyUsage).toEqual(['digitalSignature', 'nonRepudiation']);
  expect(scene.extendedKeyUsage).toEqual({ purposes: [OID.documentSigning], critical: false });
  expect(scene.basicConstraints).toEqual({ ca: false });
  expect(it.sceneCa.certificate.basicConstraints).toEqual({ ca: true, pathLength: 0 });
  expect(scene.subject.attributes).toContainEqual({ type: 'CN', value: '䶮某' });
  expect([scene.notBefore, scene.notAfter]).toEqual([minutes(-1), minutes(9)]);
  expect(scene.spki).toEqual(it.scene.key.spki);

  const other = new X509Certificate(Buffer.from(scene.der));
  expect(other.serialNumber.toLowerCase()).toBe(scene.serial);
  expect(other.subject).toContain('CN=䶮某');
  expect(new Date(other.validTo)).toEqual(scene.notAfter);
  expect(other.ca).toBe(false);
  expect(other.checkIssued(new X509Certificate(Buffer.from(it.sceneCa.certificate.der)))).toBe(
    true,
  );
  const fields = readCertificateFields(scene.der);
  expect(fields.sceneBinding).toEqual(BINDING);
  expect(toHex(readDer(fields.serialDer).unsigned())).toBe(scene.serial);
});

const key = newKey();
const built = (extensions: Uint8Array[]): Uint8Array => {
  const subject = name([{ type: 'CN', value: 'x' }]);
  const tbs = certificateTbs({
    serial: Uint8Array.of(1),
    issuer: subject,
    subject,
    notBefore: T0,
    notAfter: minutes(1),
    spki: key.spki,
    extensions,
    suite: key.suite,
  });
  return assembleCertificate(tbs, key.suite, signWith(key, tbs));
};

const raw = (oid: string, value: Uint8Array): Uint8Array => extension(oid, false, value);

test.each<[string, Uint8Array]>([
  ['trailing bytes', concat(scene.der, Uint8Array.of(0))],
  ['an extension twice', built([...sceneExtensions(), ...sceneExtensions().slice(-1)])],
  [
    'critical FALSE written out',
    built([der.sequence(der.oid('2.5.29.15'), der.boolean(false), der.octets(der.null()))]),
  ],
  ['cA FALSE written out', built([raw(OID.basicConstraints, der.sequence(der.boolean(false)))])],
  ['path length without CA', built([raw(OID.basicConstraints, der.sequence(der.integer(0)))])],
  ['empty key purposes', built([raw(OID.extendedKeyUsage, der.sequence())])],
  ['short-term mark that is no NULL', built([raw(OID.validityAssuredShortTerm, der.sequence())])],
  ['trailing bytes in an extension', built([raw(OID.ocspNoCheck, concat(der.null(), der.null()))])],
  [
    'two different algorithms',
    der.sequence(
      readDer(scene.der).children[0]!.bytes,
      der.sequence(der.oid(OID.ed25519)),
      der.bits(scene.signature),
    ),
  ],
  ['SceneBinding of another version', built([raw(SCENE_BINDING_OID, otherVersion())])],
  ['SceneBinding with a short digest', built([raw(SCENE_BINDING_OID, shortDigest())])],
  ['SceneBinding with more members', built([raw(SCENE_BINDING_OID, more())])],
  ['no certificate at all', der.sequence()],
])('refused: %s', (_, bytes) => {
  expect(codeOf(() => parseCertificate(bytes))).toBe('format-certificate');
});

function bindingParts(): Uint8Array[] {
  return readDer(encodeSceneBinding(BINDING)).children.map(({ bytes }) => bytes);
}
function otherVersion(): Uint8Array {
  return der.sequence(der.integer(1), ...bindingParts().slice(1));
}
function shortDigest(): Uint8Array {
  const [version, , ...rest] = bindingParts();
  return der.sequence(version!, der.octets(new Uint8Array(31)), ...rest);
}
function more(): Uint8Array {
  return der.sequence(...bindingParts(), der.null());
}

test('SceneBinding has one encoding', () => {
  for (const keyOrigin of ['browser', 'hsm', 'software'] as const) {
    const binding = { ...BINDING, keyOrigin };
    expect(readSceneBinding(encodeSceneBinding(binding))).toEqual(binding);
  }
  const unknown = der.sequence(...bindingParts().slice(0, -1), der.enumerated(3));
  expect(codeOf(() => readSceneBinding(unknown))).toBe('format-certificate');
  for (const wrong of [
    { ...BINDING, evidenceRoot: new Uint8Array(33) },
    { ...BINDING, ledgerOrigin: '' },
    { ...BINDING, ledgerOrigin: 'x'.repeat(256) },
  ])
    expect(codeOf(() => encodeSceneBinding(wrong))).toBe('format-certificate');
});

test('names out of bounds and unfit serials are refused', () => {
  for (const [type, value] of [
    ['CN', ''],
    ['CN', '名'.repeat(65)],
    ['C', 'cn'],
    ['C', 'CHN'],
    ['SN', 'x'.repeat(65)],
  ] as const)
    expect(codeOf(() => name([{ type, value }]))).toBe('format-certificate');
  expect(codeOf(() => name([{ type: 'CN', value: '名'.repeat(64) }]))).toBe('accepted');
  expect(codeOf(() => issue({ cn: 'x', serial: new Uint8Array(16) }))).toBe('format-certificate');
  expect(codeOf(() => issue({ cn: 'x', serial: new Uint8Array(20).fill(0xff) }))).toBe(
    'format-certificate',
  );
  expect(codeOf(() => issue({ cn: 'x', serial: new Uint8Array(20).fill(0x7f) }))).toBe('accepted');
});

test('truncations are refused', () => {
  const { certificate } = authority('Small');
  for (let end = 0; end < certificate.der.length; end += 7)
    expect(codeOf(() => parseCertificate(certificate.der.subarray(0, end)))).toBe(
      'format-certificate',
    );
});
