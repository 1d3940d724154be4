import { expect, test } from '@jest/globals';
import { concat, sha256, toHex, utf8 } from '@mandate/core';
import { codeOf } from '../test/refusal.js';
import { indefinite, operate } from '../test/surgery.js';
import {
  authority,
  issue,
  minutes,
  newKey,
  newPki,
  NONCE,
  POLICY,
  signWith,
  stamp,
  stampExtensions,
  T0,
} from '../test/throw-away-pki.js';
import {
  checkToken,
  parseToken,
  TOKEN_CHECKS,
  tokenHolds,
  type TokenExpectation,
} from './check-token.js';
import { der, readDer } from './der.js';
import * as ext from './extensions.js';
import { OID } from './oids.js';
import { attribute, encodeSignedAttributes } from './signed-attributes.js';
import {
  parseTimestampRequest,
  parseTimestampResponse,
  parseTstInfo,
  timestampRequest,
  timestampResponse,
  tstInfo,
} from './tsp.js';

const it = newPki();
const data = utf8('signature value');
const digest = sha256(data);
const request = parseTimestampRequest(timestampRequest({ digest, nonce: NONCE, policy: POLICY }));
const bag = [it.tsa.certificate.der, it.timeCa.certificate.der];
const good = stamp(it.tsa, digest, { cms: { certificates: bag } });

const expectation: TokenExpectation = {
  token: good,
  digest,
  status: 0,
  request,
  anchors: [it.timeRoot.certificate],
  certificates: [it.timeCa.certificate],
  at: minutes(1),
  scene: it.scene.certificate,
  policy: POLICY,
  ledgerTime: minutes(1),
};

/** Ids and sub-indications of what failed; a token that fails nothing must hold, and the reverse. */
function faults(token: Uint8Array, overrides: Partial<TokenExpectation> = {}): string[] {
  const checks = checkToken({ ...expectation, token, ...overrides });
  expect(checks.map(({ id }) => id)).toEqual([...TOKEN_CHECKS]);
  const failed = checks.filter(({ ok }) => ok === false);
  expect(tokenHolds(checks)).toBe(failed.length === 0);
  return failed.map(({ id, subIndication }) => `${id} ${subIndication}`);
}

test('a good token passes every line', () => {
  const checks = checkToken(expectation);
  expect(checks.filter(({ ok }) => ok !== true)).toEqual([]);
  expect(faults(good, { digest: undefined as never, data })).toEqual([]);
});

test('what was not given is not checked, and said so', () => {
  const checks = checkToken({
    token: good,
    digest,
    anchors: expectation.anchors,
    certificates: [],
  });
  expect(checks.filter(({ ok }) => ok === null).map(({ id }) => id)).toEqual([
    'token-status',
    'token-nonce',
    'token-policy',
    'token-gen-time',
    'token-not-future',
  ]);
  expect(tokenHolds(checks)).toBe(true);
  const nothingStamped = checkToken({ token: good, anchors: expectation.anchors });
  expect(tokenHolds(nothingStamped)).toBe(false);
});

// — strict DER, no trailing bytes
test.each<[string, Uint8Array]>([
  ['trailing bytes', concat(good, Uint8Array.of(0))],
  ['truncated', good.subarray(0, -1)],
  ['indefinite length', indefinite(good)],
  ['empty', new Uint8Array(0)],
  [
    'trailing bytes after TSTInfo',
    stamp(it.tsa, digest, { cms: { content: concat(tokenContent(), Uint8Array.of(0)) } }),
  ],
])('format: %s', (_, token) => {
  expect(faults(token)).toContain('token-format FORMAT_FAILURE');
  expect(codeOf(() => parseToken(token))).toMatch(/^format-(cms|timestamp)$/);
});

function tokenContent(): Uint8Array {
  return tstInfo({ policy: POLICY, digest, serial: Uint8Array.of(7), genTime: T0, nonce: NONCE });
}

// — status granted
test.each([1, 2, 3])('status %i is not granted', (status) => {
  expect(faults(good, { status })).toEqual(['token-status SIG_CONSTRAINTS_FAILURE']);
});

// — eContentType TSTInfo
test('content of another type', () => {
  const token = stamp(it.tsa, digest, { cms: { contentType: OID.data } });
  expect(faults(token)).toContain('token-content-type FORMAT_FAILURE');
  expect(codeOf(() => parseToken(token))).toBe('format-timestamp');
});

// — exactly one SignerInfo
test('two signers, none', () => {
  const two = operate(good, (parts) => parts.moreSigners.push(der.sequence(...parts.signer)));
  const none = operate(good, (parts) => (parts.signer = []));
  for (const token of [two, none])
    expect(faults(token)).toEqual(['token-one-signer FORMAT_FAILURE']);
});

// — signer found by sid, and that certificate used for every further check
test('no certificate of the signer', () => {
  const token = stamp(it.tsa, digest, { cms: { certificates: [it.timeCa.certificate.der] } });
  expect(faults(token)).toEqual(['token-signer NO_SIGNING_CERTIFICATE_FOUND']);
  expect(faults(token, { certificates: [it.tsa.certificate, it.timeCa.certificate] })).toEqual([]);
});

test('a token by a scene certificate fails, whatever decoys and anchors are around', () => {
  const forged = stamp(it.scene, digest, {
    cms: { certificates: [it.scene.certificate.der, it.sceneCa.certificate.der, ...bag] },
  });
  expect(faults(forged)).toEqual([
    'token-key-purpose CHAIN_CONSTRAINTS_FAILURE',
    'token-chain NO_CERTIFICATE_CHAIN_FOUND',
  ]);
  // Even if somebody pools the anchors of all purposes.
  expect(faults(forged, { anchors: [it.root.certificate, it.timeRoot.certificate] })).toEqual([
    'token-key-purpose CHAIN_CONSTRAINTS_FAILURE',
    'token-chain CHAIN_CONSTRAINTS_FAILURE',
  ]);
});

test('a decoy in the bag neither helps nor harms', () => {
  const decoys = [...bag, it.scene.certificate.der, it.root.certificate.der];
  expect(faults(stamp(it.tsa, digest, { cms: { certificates: decoys } }))).toEqual([]);
  // One that answers to the signer's identifier makes it ambiguous.
  const twin = issue({
    cn: 'twin',
    issuer: it.timeCa,
    extensions: stampExtensions(),
    serial: readDer(it.tsa.certificate.serialDer).unsigned(),
  });
  const ambiguous = stamp(it.tsa, digest, {
    cms: { certificates: [...bag, twin.certificate.der] },
  });
  expect(faults(ambiguous)).toEqual(['token-signer NO_SIGNING_CERTIFICATE_FOUND']);
});

// — ESSCertIDv2 matches it
const attributes = (p: Partial<Parameters<typeof encodeSignedAttributes>[0]>): Uint8Array =>
  encodeSignedAttributes({
    contentType: OID.tstInfo,
    messageDigest: sha256(parseToken(good).signedData.content!),
    certificateDigest: sha256(it.tsa.certificate.der),
    issuerDer: it.tsa.certificate.issuerDer,
    serialDer: it.tsa.certificate.serialDer,
    ...p,
  });
const withAttributes = (bytes: Uint8Array): Uint8Array =>
  stamp(it.tsa, digest, { cms: { attributes: bytes } });

test('the attribute builder of these tests makes a good token', () => {
  expect(faults(withAttributes(attributes({})))).toEqual([]);
});

test('ESS of another certificate, and none', () => {
  const wrong = attributes({ certificateDigest: sha256(it.scene.certificate.der) });
  expect(faults(withAttributes(wrong))).toEqual(['token-ess SIG_CONSTRAINTS_FAILURE']);
  const none = der.set(
    attribute(OID.contentType, der.oid(OID.tstInfo)),
    attribute(OID.messageDigest, der.octets(sha256(parseToken(good).signedData.content!))),
  );
  expect(faults(withAttributes(none))).toEqual(['token-ess SIG_CONSTRAINTS_FAILURE']);
});

// — EKU exactly timeStamping, critical
test.each<[string, Uint8Array[]]>([
  ['not critical', [ext.extendedKeyUsage([OID.timeStamping])]],
  ['a second purpose', [ext.extendedKeyUsage([OID.timeStamping, OID.documentSigning], true)]],
  ['another purpose', [ext.extendedKeyUsage([OID.ocspSigning], true)]],
  ['absent', []],
])('key purpose: %s', (_, purpose) => {
  const tsa = issue({
    cn: 'TSA',
    issuer: it.timeCa,
    extensions: [ext.keyUsage('digitalSignature'), ...purpose],
  });
  expect(faults(stamp(tsa, digest))).toEqual([
    'token-key-purpose CHAIN_CONSTRAINTS_FAILURE',
    'token-chain CHAIN_CONSTRAINTS_FAILURE',
  ]);
});

// — chain to that authority's pinned root, valid at genTime, intermediates too
test('another authority’s root', () => {
  const anchors = [it.root.certificate];
  expect(faults(good, { anchors })).toEqual(['token-chain NO_CERTIFICATE_CHAIN_FOUND']);
  expect(faults(good, { anchors: [] })).toEqual(['token-chain NO_CERTIFICATE_CHAIN_FOUND']);
});

test('certificates are judged at genTime, not at verification time', () => {
  const short = issue({
    cn: 'Short',
    issuer: it.timeCa,
    extensions: stampExtensions(),
    notAfter: minutes(5),
  });
  expect(faults(stamp(short, digest), { at: minutes(60) })).toEqual([]);
  const early = issue({
    cn: 'Early',
    issuer: it.timeCa,
    extensions: stampExtensions(),
    notAfter: minutes(-1),
  });
  expect(faults(stamp(early, digest))).toEqual(['token-chain EXPIRED']);
  const late = issue({
    cn: 'Late',
    issuer: it.timeCa,
    extensions: stampExtensions(),
    notBefore: minutes(1),
  });
  expect(faults(stamp(late, digest))).toEqual(['token-chain NOT_YET_VALID']);
  const oldCa = authority('Old Time CA', it.timeRoot, { notAfter: minutes(-1) });
  const under = issue({ cn: 'Under', issuer: oldCa, extensions: stampExtensions() });
  expect(faults(stamp(under, digest), { certificates: [oldCa.certificate] })).toEqual([
    'token-chain EXPIRED',
  ]);
});

// — signedAttrs present, content-type right
test('no signed attributes, or with another content type', () => {
  const bare = operate(good, (parts) => {
    parts.signer.splice(3, 1);
    parts.signer[4] = der.octets(signWith(it.tsa.key, parseToken(good).signedData.content!));
  });
  expect(faults(bare)).toEqual([
    'token-ess SIG_CONSTRAINTS_FAILURE',
    'token-signed-attributes FORMAT_FAILURE',
    'token-message-digest FORMAT_FAILURE',
  ]);
  expect(faults(withAttributes(attributes({ contentType: OID.data })))).toEqual([
    'token-signed-attributes FORMAT_FAILURE',
  ]);
});

// — messageDigest = digest(eContent), and the signature over the attributes
test('content swapped under the signature', () => {
  const other = stamp(it.tsa, sha256(utf8('other')), { cms: { certificates: bag } });
  const content = parseToken(other).signedData.content!;
  const swapped = operate(good, (parts) => {
    parts.encapsulated = der.sequence(der.oid(OID.tstInfo), der.context(0, der.octets(content)));
  });
  expect(faults(swapped, { digest: sha256(utf8('other')) })).toEqual([
    'token-message-digest HASH_FAILURE',
    'token-nonce SIG_CONSTRAINTS_FAILURE',
  ]);
});

test('signature by another key', () => {
  const token = stamp({ ...it.tsa, key: newKey() }, digest);
  expect(faults(token)).toEqual(['token-signature SIG_CRYPTO_FAILURE']);
});

// — imprint = digest(our data), SHA-256 or better
test('stamps something else, or by SHA-1', () => {
  expect(faults(good, { digest: sha256(utf8('x')) })).toEqual(['token-imprint HASH_FAILURE']);
  const weak = readDer(tokenContent()).children.map(({ bytes }) => bytes);
  weak[2] = der.sequence(der.sequence(der.oid(OID.sha1)), der.octets(new Uint8Array(20)));
  const token = stamp(it.tsa, digest, { cms: { content: der.sequence(...weak) } });
  expect(faults(token)).toEqual(['token-imprint CRYPTO_CONSTRAINTS_FAILURE']);
});

// — nonce equal
test('answers another request, or none', () => {
  const nonce = Uint8Array.of(1);
  expect(faults(stamp(it.tsa, digest, { info: { nonce } }))).toEqual([
    'token-nonce SIG_CONSTRAINTS_FAILURE',
  ]);
  const silent = stamp(it.tsa, digest, { info: { nonce: undefined as never } });
  expect(faults(silent)).toEqual(['token-nonce SIG_CONSTRAINTS_FAILURE']);
});

// — policy allowed
test('another policy', () => {
  const token = stamp(it.tsa, digest, { info: { policy: '1.2.3' } });
  expect(faults(token)).toEqual(['token-policy SIG_CONSTRAINTS_FAILURE']);
  expect(faults(token, { policy: [POLICY, '1.2.3'] })).toEqual([]);
});

// — genTime within the scene certificate's validity
test.each([
  ['before', new Date(minutes(-1).getTime() - 1), ['token-gen-time TIMESTAMP_ORDER_FAILURE']],
  ['at the beginning', minutes(-1), []],
  ['in the last second', new Date(minutes(9).getTime() + 999), []],
  ['after', new Date(minutes(9).getTime() + 1000), ['token-gen-time TIMESTAMP_ORDER_FAILURE']],
])('genTime %s', (_, genTime, expected) => {
  const late = { at: minutes(20), ledgerTime: minutes(20) };
  expect(faults(stamp(it.tsa, digest, { info: { genTime } }), late)).toEqual(expected);
});

// — accuracy ≤ 1 s, absent: the pinned value
test('accuracy', () => {
  const fault = ['token-accuracy SIG_CONSTRAINTS_FAILURE'];
  const of = (accuracySeconds: number) => stamp(it.tsa, digest, { info: { accuracySeconds } });
  expect(faults(of(1.001))).toEqual(fault);
  expect(faults(of(0.25))).toEqual([]);
  expect(faults(of(2), { maxAccuracySeconds: 2 })).toEqual([]);
  // What the token states is not mended by what was agreed.
  expect(faults(of(2), { pinnedAccuracySeconds: 1 })).toEqual(fault);
  const silent = stamp(it.tsa, digest, { silentAccuracy: true });
  expect(faults(silent)).toEqual(fault);
  expect(faults(silent, { pinnedAccuracySeconds: 1 })).toEqual([]);
  expect(faults(silent, { pinnedAccuracySeconds: 5 })).toEqual(fault);
});

// — not in the future of ledger time
test('from the future of the ledger, of the verification', () => {
  const fault = ['token-not-future TIMESTAMP_ORDER_FAILURE'];
  const genTime = minutes(5);
  const token = stamp(it.tsa, digest, { info: { genTime } });
  expect(faults(token, { at: minutes(6) })).toEqual(fault);
  expect(faults(token, { ledgerTime: minutes(6) })).toEqual(fault);
  expect(faults(token, { at: minutes(6), ledgerTime: minutes(6) })).toEqual([]);
});

test('a changed bit anywhere in a token is refused or fails', () => {
  for (let bit = 1; bit < good.length * 8; bit += 13) {
    const changed = good.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    // The second certificate of the bag is only a help on the way to the anchor.
    const checks = checkToken({ ...expectation, token: changed, certificates: [] });
    expect([bit, tokenHolds(checks)]).toEqual([bit, false]);
  }
});

test('requests and responses that contradict themselves are refused', () => {
  const token = good;
  const response = parseTimestampResponse(timestampResponse({ token }));
  expect(response).toEqual({ status: 0, text: '', failures: [], token });
  const rejected = parseTimestampResponse(timestampResponse({ failure: 'timeNotAvailable' }));
  expect(rejected).toMatchObject({ status: 2, failures: ['timeNotAvailable'], token: null });
  const status = (n: number): Uint8Array => der.sequence(der.integer(n));
  for (const bad of [
    der.sequence(status(2), token),
    der.sequence(status(0)),
    concat(timestampResponse({ token }), Uint8Array.of(0)),
    der.sequence(),
  ])
    expect(codeOf(() => parseTimestampResponse(bad))).toBe('format-timestamp');

  const parts = readDer(timestampRequest({ digest })).children.map(({ bytes }) => bytes);
  const sha256Identifier = readDer(parts[1]!).children[0]!.bytes;
  for (const bad of [
    der.sequence(der.integer(2), ...parts.slice(1)),
    der.sequence(parts[0]!, parts[1]!, der.boolean(false)),
    der.sequence(parts[0]!, der.sequence(sha256Identifier, der.octets(new Uint8Array(31)))),
    der.sequence(...parts, der.null()),
    utf8('GET / HTTP/1.1'),
  ])
    expect(codeOf(() => parseTimestampRequest(bad))).toBe('format-timestamp');
});

test('TSTInfo round trip with fractions of a second and a nonce above the sign bit', () => {
  const genTime = new Date('2026-11-21T09:30:00.120Z');
  const info = parseTstInfo(
    tstInfo({
      policy: POLICY,
      digest,
      serial: Uint8Array.of(0xff),
      genTime,
      accuracySeconds: 1.5,
      nonce: NONCE,
    }),
  );
  expect(info).toEqual({
    policy: POLICY,
    imprint: { algorithm: 'sha256', digest },
    serial: Uint8Array.of(0xff),
    genTime,
    accuracySeconds: 1.5,
    ordering: false,
    nonce: NONCE,
  });
  expect(toHex(info.nonce!)).toBe('9a02030405060708');
});
