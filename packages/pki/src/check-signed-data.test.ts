import { expect, test } from '@jest/globals';
import { concat, sha256, utf8 } from '@mandate/core';
import { codeOf } from '../test/refusal.js';
import { indefinite, operate, type OpenCms } from '../test/surgery.js';
import {
  issue,
  newKey,
  newPki,
  sceneExtensions,
  signCms,
  signWith,
  stamp,
} from '../test/throw-away-pki.js';
import { checkSignedData, type SignedDataExpectation } from './check-signed-data.js';
import { der, readDer } from './der.js';
import { OID } from './oids.js';
import {
  attribute,
  encodeSignedAttributes,
  LETTER_ATTRIBUTES,
  parseSignedAttributes,
} from './signed-attributes.js';
import { assembleSignedData, parseSignedData, signedAttributes } from './signed-data.js';

const it = newPki();
const letter = utf8('letter');
const good = signCms({ signer: it.scene, content: letter });
const exact = { content: letter, contentType: OID.data, attributes: LETTER_ATTRIBUTES };

const faults = (cms: Uint8Array, expected: SignedDataExpectation = exact): string[] =>
  checkSignedData(parseSignedData(cms), expected)
    .filter(({ ok }) => ok === false)
    .map(({ id, subIndication }) => `${id} ${subIndication}`);

/** A letter signature with attributes of the test's own making, properly signed. */
const withAttributes = (attributes: Uint8Array): Uint8Array =>
  signCms({ signer: it.scene, content: letter, attributes });

const attributesOf = (overrides: Partial<Parameters<typeof encodeSignedAttributes>[0]>) =>
  encodeSignedAttributes({
    contentType: OID.data,
    messageDigest: sha256(letter),
    certificateDigest: sha256(it.scene.certificate.der),
    issuerDer: it.scene.certificate.issuerDer,
    serialDer: it.scene.certificate.serialDer,
    ...overrides,
  });

test('a letter signature holds, by content and by digest', () => {
  expect(faults(good)).toEqual([]);
  const byDigest = { ...exact, content: undefined, contentDigest: sha256(letter) };
  const { content: _, ...rest } = byDigest;
  expect(faults(good, rest)).toEqual([]);
  const all = checkSignedData(parseSignedData(good), exact);
  expect(all.map(({ ok }) => ok)).toEqual(Array(8).fill(true));
});

test('attributes are deterministic: a browser builds the same bytes', () => {
  const p = { contentType: OID.data, messageDigest: sha256(letter) };
  const once = signedAttributes({ ...p, signerCertificate: it.scene.certificate });
  expect(once).toEqual(attributesOf({}));
  const read = parseSignedAttributes(once);
  expect(read.contentType).toBe(OID.data);
  expect(read.messageDigest).toEqual(sha256(letter));
  expect(read.signingTime).toBeNull();
  expect([...read.types].sort()).toEqual([...LETTER_ATTRIBUTES].sort());
  expect(read.signingCertificate).toMatchObject({
    digest: sha256(it.scene.certificate.der),
    issuerDer: it.scene.certificate.issuerDer,
    serialDer: it.scene.certificate.serialDer,
  });
});

test('other content, no content', () => {
  const { content: _, ...bare } = exact;
  expect(faults(good, { ...exact, content: utf8('lettre') })).toEqual([
    'cms-message-digest HASH_FAILURE',
  ]);
  expect(faults(good, bare)).toEqual(['cms-message-digest SIGNED_DATA_NOT_FOUND']);
});

const other = issue({ cn: 'other', issuer: it.sceneCa, extensions: sceneExtensions() });

test.each<[string, Uint8Array, string[]]>([
  [
    'ESS names another certificate',
    withAttributes(attributesOf({ certificateDigest: sha256(other.certificate.der) })),
    ['cms-ess SIG_CONSTRAINTS_FAILURE'],
  ],
  [
    'ESS names another serial',
    withAttributes(attributesOf({ serialDer: other.certificate.serialDer })),
    ['cms-ess SIG_CONSTRAINTS_FAILURE'],
  ],
  [
    'ESS names another issuer',
    withAttributes(attributesOf({ issuerDer: it.root.certificate.subjectDer })),
    ['cms-ess SIG_CONSTRAINTS_FAILURE'],
  ],
  [
    'no ESS',
    withAttributes(
      der.set(
        attribute(OID.contentType, der.oid(OID.data)),
        attribute(OID.messageDigest, der.octets(sha256(letter))),
      ),
    ),
    ['cms-attributes SIG_CONSTRAINTS_FAILURE', 'cms-ess SIG_CONSTRAINTS_FAILURE'],
  ],
  [
    'a signing time',
    withAttributes(
      der.set(
        ...readDer(attributesOf({})).children.map(({ bytes }) => bytes),
        attribute(OID.signingTime, der.time(it.scene.certificate.notBefore)),
      ),
    ),
    ['cms-attributes SIG_CONSTRAINTS_FAILURE'],
  ],
  [
    'content-type attribute differs',
    withAttributes(attributesOf({ contentType: OID.tstInfo })),
    ['cms-content-type FORMAT_FAILURE'],
  ],
  [
    'message digest differs',
    withAttributes(attributesOf({ messageDigest: sha256(utf8('x')) })),
    ['cms-message-digest HASH_FAILURE'],
  ],
  [
    'signed by another key',
    signCms({ signer: { ...it.scene, key: newKey() }, content: letter }),
    ['cms-signature SIG_CRYPTO_FAILURE'],
  ],
  [
    'signer not in the bag',
    operate(good, (parts) => (parts.certificates = [other.certificate.der])),
    ['cms-signer NO_SIGNING_CERTIFICATE_FOUND'],
  ],
  [
    'two certificates answer to the identifier',
    operate(good, (parts) => {
      const decoy = issue({
        cn: 'decoy',
        issuer: it.sceneCa,
        extensions: sceneExtensions(),
        serial: readDer(it.scene.certificate.serialDer).unsigned(),
      });
      parts.certificates.push(decoy.certificate.der);
    }),
    ['cms-signer NO_SIGNING_CERTIFICATE_FOUND'],
  ],
  [
    'no signed attributes',
    operate(good, (parts) => {
      parts.signer.splice(3, 1);
      parts.signer[4] = der.octets(signWith(it.scene.key, letter));
    }),
    [
      'cms-signed-attributes FORMAT_FAILURE',
      'cms-content-type FORMAT_FAILURE',
      'cms-attributes SIG_CONSTRAINTS_FAILURE',
      'cms-ess SIG_CONSTRAINTS_FAILURE',
      'cms-message-digest FORMAT_FAILURE',
    ],
  ],
  ['no signer', operate(good, (parts) => (parts.signer = [])), ['cms-one-signer FORMAT_FAILURE']],
  [
    'two signers',
    operate(good, (parts) => parts.moreSigners.push(der.sequence(...parts.signer))),
    ['cms-one-signer FORMAT_FAILURE'],
  ],
  [
    'SHA-1 digest',
    operate(good, (parts) => {
      parts.signer[2] = der.sequence(der.oid(OID.sha1));
      parts.digests = der.set(parts.signer[2]);
    }),
    ['cms-message-digest CRYPTO_CONSTRAINTS_FAILURE', 'cms-signature CRYPTO_CONSTRAINTS_FAILURE'],
  ],
  [
    'signature digest differs from the signer’s',
    operate(good, (parts) => (parts.signer[4] = der.sequence(der.oid(OID.ecdsaWithSha384)))),
    ['cms-signature CRYPTO_CONSTRAINTS_FAILURE'],
  ],
])('%s', (_, cms, expected) => {
  expect(faults(cms)).toEqual(expected);
});

const reordered = (parts: OpenCms): void => {
  const [first, ...rest] = readDer(attributesOf({})).children.map(({ bytes }) => bytes);
  parts.signer[3] = der.context(0, ...rest, first!);
};

test.each<[string, Uint8Array]>([
  ['trailing bytes', concat(good, Uint8Array.of(0))],
  ['indefinite length', indefinite(good)],
  ['truncated', good.subarray(0, -1)],
  ['other content info', der.sequence(der.oid(OID.data), der.context(0, der.octets(letter)))],
  ['attributes out of order', operate(good, reordered)],
  [
    'an attribute twice',
    operate(good, (parts) => {
      const digest = attribute(OID.messageDigest, der.octets(sha256(letter)));
      parts.signer[3] = der.implicit(0, der.set(digest, digest));
    }),
  ],
  [
    'an attribute with two values',
    operate(good, (parts) => {
      const values = der.set(der.octets(sha256(letter)), der.octets(sha256(utf8('x'))));
      const twice = der.sequence(der.oid(OID.messageDigest), values);
      parts.signer[3] = der.implicit(0, der.set(twice));
    }),
  ],
  ['empty attributes', operate(good, (parts) => (parts.signer[3] = der.implicit(0, der.set())))],
  ['signer of a wrong version', operate(good, (parts) => (parts.signer[0] = der.integer(3)))],
  ['container of a wrong version', operate(good, (parts) => (parts.version = der.integer(3)))],
  ['digest not listed', operate(good, (parts) => (parts.digests = der.set()))],
  ['a further member', operate(good, (parts) => parts.signer.push(der.null()))],
])('refused: %s', (_, cms) => {
  expect(codeOf(() => parseSignedData(cms))).toBe('format-cms');
});

test('a signer found by key identifier', () => {
  const cms = operate(good, (parts) => {
    parts.version = der.integer(3);
    parts.signer[0] = der.integer(3);
    parts.signer[1] = der.implicit(0, der.octets(it.scene.certificate.subjectKeyId!));
  });
  expect(faults(cms)).toEqual([]);
  const wrong = operate(cms, (parts) => {
    parts.signer[1] = der.implicit(0, der.octets(other.certificate.subjectKeyId!));
  });
  expect(faults(wrong)).toEqual(['cms-signer NO_SIGNING_CERTIFICATE_FOUND']);
});

test('the timestamp rides unsigned and comes back byte for byte', () => {
  const token = stamp(it.tsa, sha256(letter));
  const cms = signCms({ signer: it.scene, content: letter, token });
  const [signer] = parseSignedData(cms).signers;
  expect(signer!.timestampTokens).toEqual([token]);
  expect(signer!.unsignedTypes).toEqual([OID.signatureTimestampToken]);
  expect(faults(cms)).toEqual([]);
});

test('Ed25519 is refused for CMS', () => {
  const p = { contentType: OID.data, certificates: [], signer: it.scene.certificate };
  const rest = { signedAttributes: attributesOf({}), signature: new Uint8Array(64) };
  expect(codeOf(() => assembleSignedData({ ...p, ...rest, suite: 'ed25519' }))).toBe(
    'unsupported-algorithm',
  );
});

test('a changed bit anywhere, signed or not, is refused or fails', () => {
  for (let bit = 3; bit < good.length * 8; bit += 5) {
    const changed = good.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    let held = false;
    try {
      held = faults(changed).length === 0;
    } catch (error) {
      expect(String(error)).toMatch(/format-|unsupported-algorithm|budget-exceeded/);
    }
    expect([bit, held]).toEqual([bit, false]);
  }
});
