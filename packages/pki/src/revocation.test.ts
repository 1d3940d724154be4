import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { concat, fromHex } from '@mandate/core';
import { codeOf } from '../test/refusal.js';
import {
  issue,
  minutes,
  newKey,
  newPki,
  NONCE,
  sceneExtensions,
  signWith,
  T0,
  type Holder,
  type TestKey,
} from '../test/throw-away-pki.js';
import { checkOcsp, OCSP_CHECKS, type OcspExpectation } from './check-ocsp.js';
import type { Check } from './check.js';
import { checkCrl, CRL_CHECKS } from './check-crl.js';
import { assembleCrl, crlTbs } from './crl.js';
import { der, readDer } from './der.js';
import * as ext from './extensions.js';
import { certIdOf, ocspRequest, parseOcspRequest } from './ocsp-request.js';
import {
  assembleOcspResponse,
  OCSP_ERRORS,
  ocspErrorResponse,
  ocspResponseData,
  parseOcspResponse,
  type OcspError,
  type SingleResponse,
} from './ocsp.js';
import { OID } from './oids.js';
import { parseCrl } from './parse-crl.js';

const it = newPki();
const { scene, sceneCa, responder } = it;
const failed = (checks: readonly Check[]): string[] =>
  checks.filter(({ ok }) => ok === false).map(({ id, subIndication }) => `${id} ${subIndication}`);

function answer(
  single: Partial<SingleResponse> = {},
  options: {
    by?: Holder;
    key?: TestKey;
    /** Said beside it, with the same defaults. */
    also?: Partial<SingleResponse>;
    bag?: Uint8Array[];
    producedAt?: Date;
    nonce?: Uint8Array;
  } = {},
): Uint8Array {
  const by = options.by ?? responder;
  const responseData = ocspResponseData({
    responder: by.certificate,
    producedAt: options.producedAt ?? T0,
    responses: [single, ...(options.also ? [options.also] : [])].map((said) => ({
      certId: certIdOf(scene.certificate, sceneCa.certificate),
      status: { kind: 'good' },
      thisUpdate: T0,
      nextUpdate: minutes(9),
      ...said,
    })),
    nonce: options.nonce ?? NONCE,
  });
  return assembleOcspResponse({
    responseData,
    suite: by.key.suite,
    signature: signWith(options.key ?? by.key, responseData),
    certificates: options.bag ?? [by.certificate.der],
  });
}

const ocspFaults = (response: Uint8Array, overrides: Partial<OcspExpectation> = {}): string[] => {
  const checks = checkOcsp({
    response,
    certificate: scene.certificate,
    issuer: sceneCa.certificate,
    at: T0,
    nonce: NONCE,
    now: minutes(1),
    ...overrides,
  });
  expect(checks.map(({ id }) => id)).toEqual([...OCSP_CHECKS]);
  return failed(checks);
};

test('good answers of a delegate and of the issuer', () => {
  expect(ocspFaults(answer())).toEqual([]);
  expect(ocspFaults(answer({}, { by: sceneCa, bag: [] }))).toEqual([]);
});

test('a certificate named twice must have one status', () => {
  const certId = certIdOf(scene.certificate, sceneCa.certificate, 'sha1');
  const faults = (also: Partial<SingleResponse>): string[] =>
    ocspFaults(answer({}, { also: { certId, ...also } }));
  const contradiction = ['ocsp-certificate CERTIFICATE_CHAIN_GENERAL_FAILURE'];
  expect(faults({})).toEqual([]);
  expect(faults({ status: { kind: 'revoked', at: minutes(-1) } })).toEqual(contradiction);
  expect(faults({ status: { kind: 'unknown' } })).toEqual(contradiction);
  expect(faults({ nextUpdate: minutes(8) })).toEqual(contradiction);
  // about something else it may say what it likes
  const other = certIdOf(responder.certificate, sceneCa.certificate);
  expect(faults({ certId: other, status: { kind: 'unknown' } })).toEqual([]);
});

test('a responder named by its key', () => {
  const byKey = (keyDigest: Uint8Array): Uint8Array => {
    const parts = parseOcspResponse(answer({}, { by: sceneCa, bag: [] }));
    const members = readDer(parts.responseData).children.map(({ bytes }) => bytes);
    members[0] = der.context(2, der.octets(keyDigest));
    const responseData = der.sequence(...members);
    const signature = signWith(sceneCa.key, responseData);
    return assembleOcspResponse({ responseData, suite: sceneCa.key.suite, signature });
  };
  const sha1 = createHash('sha1').update(ext.publicKeyBits(sceneCa.key.spki)).digest();
  expect(ocspFaults(byKey(sha1))).toEqual([]);
  expect(ocspFaults(byKey(new Uint8Array(20)))).toEqual([
    'ocsp-responder CERTIFICATE_CHAIN_GENERAL_FAILURE',
  ]);
});

test('revocation counts from its own instant', () => {
  const revoked = (at: Date) => answer({ status: { kind: 'revoked', at, reason: 4 } });
  expect(ocspFaults(revoked(minutes(-1)))).toEqual(['ocsp-status REVOKED']);
  expect(ocspFaults(revoked(T0))).toEqual(['ocsp-status REVOKED']);
  expect(ocspFaults(revoked(minutes(1)))).toEqual([]);
  expect(ocspFaults(answer({ status: { kind: 'unknown' } }))).toEqual(['ocsp-status TRY_LATER']);
});

test('freshness', () => {
  const stale = ['ocsp-fresh TRY_LATER'];
  const at = minutes(2);
  const now = minutes(20);
  expect(ocspFaults(answer({ nextUpdate: minutes(1) }), { at, now })).toEqual(stale);
  expect(ocspFaults(answer({ nextUpdate: minutes(2) }), { at, now })).toEqual([]);
  const open = { certId: certIdOf(scene.certificate, sceneCa.certificate) };
  const endless = (thisUpdate: Date) =>
    answer({ ...open, thisUpdate, nextUpdate: undefined as never }, { producedAt: thisUpdate });
  expect(ocspFaults(endless(T0), { at, now })).toEqual(stale);
  expect(ocspFaults(endless(minutes(3)), { at, now })).toEqual([]);
  // After the certificate's end a responder may have forgotten it.
  expect(ocspFaults(endless(minutes(10)), { at, now })).toEqual(stale);
  expect(ocspFaults(endless(minutes(3)), { at, now: minutes(2) })).toEqual(stale);
  expect(ocspFaults(answer({ nextUpdate: minutes(-1) }))).toEqual(stale);
  expect(ocspFaults(answer({}, { producedAt: minutes(-1) }))).toEqual(stale);
});

const delegate = (
  extensions: Uint8Array[],
  options: { issuer?: Holder; notAfter?: Date } = {},
): Holder => issue({ cn: 'Delegate', issuer: sceneCa, extensions, ...options });
const ocspSigning = [
  ext.keyUsage('digitalSignature'),
  ext.extendedKeyUsage([OID.ocspSigning]),
  ext.ocspNoCheck(),
];

test.each<[string, Uint8Array, string[]]>([
  ['another nonce', answer({}, { nonce: Uint8Array.of(1) }), ['ocsp-nonce']],
  ['another key', answer({}, { key: newKey() }), ['ocsp-signature']],
  ['no certificate of the delegate', answer({}, { bag: [] }), ['ocsp-responder']],
  [
    'a delegate of another authority',
    answer({}, { by: delegate(ocspSigning, { issuer: it.root }) }),
    ['ocsp-responder'],
  ],
  [
    'a delegate without the purpose',
    answer({}, { by: delegate(ocspSigning.toSpliced(1, 1)) }),
    ['ocsp-responder'],
  ],
  [
    'an expired delegate',
    answer({}, { by: delegate(ocspSigning, { notAfter: minutes(-1) }) }),
    ['ocsp-responder'],
  ],
  ['a scene certificate as delegate', answer({}, { by: scene }), ['ocsp-responder']],
  [
    'about another certificate',
    answer({ certId: certIdOf(responder.certificate, sceneCa.certificate) }),
    ['ocsp-certificate'],
  ],
  [
    'about the same serial of another issuer',
    answer({ certId: certIdOf(scene.certificate, it.root.certificate) }),
    ['ocsp-certificate'],
  ],
])('OCSP: %s', (_, response, ids) => {
  expect(ocspFaults(response).map((fault) => fault.split(' ')[0])).toEqual(ids);
});

test('malformed answers, error answers', () => {
  const good = answer();
  for (const bad of [concat(good, Uint8Array.of(0)), good.subarray(0, -1), new Uint8Array(0)]) {
    expect(codeOf(() => parseOcspResponse(bad))).toBe('format-revocation');
    expect(ocspFaults(bad)).toEqual(['ocsp-format FORMAT_FAILURE']);
  }
  for (const error of Object.keys(OCSP_ERRORS) as OcspError[]) {
    expect(codeOf(() => parseOcspResponse(ocspErrorResponse(error)))).toBe(
      'revocation-unavailable',
    );
    expect(ocspFaults(ocspErrorResponse(error))).toEqual(['ocsp-format TRY_LATER']);
  }
  expect(ocspErrorResponse('unauthorized')).toEqual(fromHex('30030a0106'));
});

test('malformed requests', () => {
  const request = ocspRequest({
    certificate: scene.certificate,
    issuer: sceneCa.certificate,
    nonce: NONCE,
  });
  expect(codeOf(() => parseOcspRequest(request))).toBe('accepted');
  const long = ocspRequest({
    certificate: scene.certificate,
    issuer: sceneCa.certificate,
    nonce: new Uint8Array(129),
  });
  for (const bad of [
    concat(request, request),
    request.subarray(0, -1),
    der.sequence(der.sequence(der.sequence())),
    long,
  ])
    expect(codeOf(() => parseOcspRequest(bad))).toBe('format-revocation');
});

test('a changed bit anywhere in an answer is refused or fails', () => {
  const good = answer({}, { by: sceneCa, bag: [] });
  for (let bit = 0; bit < good.length * 8; bit += 3) {
    const changed = good.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect([bit, ocspFaults(changed).length > 0]).toEqual([bit, true]);
  }
});

function list(
  entries: Parameters<typeof crlTbs>[0]['entries'],
  overrides: Partial<Parameters<typeof crlTbs>[0]> = {},
  key = sceneCa.key,
): Uint8Array {
  const tbs = crlTbs({
    issuer: sceneCa.certificate.subjectDer,
    thisUpdate: T0,
    nextUpdate: minutes(60),
    number: 1n,
    entries,
    authorityKeyId: sceneCa.certificate.subjectKeyId!,
    suite: 'ecdsa-p256-sha256',
    ...overrides,
  });
  return assembleCrl(tbs, 'ecdsa-p256-sha256', signWith(key, tbs));
}

const crlFaults = (crl: Uint8Array, overrides: Partial<Parameters<typeof checkCrl>[0]> = {}) => {
  const base = { certificate: scene.certificate, issuer: sceneCa.certificate, at: T0 };
  const checks = checkCrl({ crl, ...base, ...overrides });
  expect(checks.map(({ id }) => id)).toEqual([...CRL_CHECKS]);
  return failed(checks);
};

const sceneSerial = readDer(scene.certificate.serialDer).unsigned();

test('CRL: listed, not listed, listed later', () => {
  expect(crlFaults(list([]))).toEqual([]);
  expect(crlFaults(list([{ serial: Uint8Array.of(1), at: T0 }]))).toEqual([]);
  const entries = [{ serial: sceneSerial, at: T0, reason: 4 }];
  expect(crlFaults(list(entries))).toEqual(['crl-status REVOKED']);
  expect(crlFaults(list(entries), { at: minutes(-0.5) })).toEqual([]);
  expect(parseCrl(list(entries)).entries.get(scene.certificate.serial)).toEqual({
    at: T0,
    reason: 4,
  });
});

test('CRL: by another issuer, by another key, stale, malformed', () => {
  const chain = 'CERTIFICATE_CHAIN_GENERAL_FAILURE';
  expect(crlFaults(list([], { issuer: it.root.certificate.subjectDer }))).toEqual([
    `crl-issuer ${chain}`,
  ]);
  expect(crlFaults(list([], {}, newKey()))).toEqual([`crl-signature ${chain}`]);
  const stale = list([], { nextUpdate: minutes(1) });
  expect(crlFaults(stale, { at: minutes(2) })).toEqual(['crl-fresh TRY_LATER']);
  expect(crlFaults(list([]), { now: minutes(-1) })).toEqual(['crl-fresh TRY_LATER']);
  const good = list([]);
  expect(crlFaults(concat(good, Uint8Array.of(0)))).toEqual(['crl-format FORMAT_FAILURE']);
});

test('CRL: an authority without cRLSign makes no list; partial lists are refused', () => {
  const noSign = issue({
    cn: 'CA',
    issuer: it.root,
    extensions: [ext.basicConstraints(true), ext.keyUsage('keyCertSign')],
  });
  const leaf = issue({ cn: 'x', issuer: noSign, extensions: sceneExtensions() });
  const crl = list([], { issuer: noSign.certificate.subjectDer }, noSign.key);
  const expectation = { certificate: leaf.certificate, issuer: noSign.certificate };
  expect(crlFaults(crl, expectation)).toEqual(['crl-issuer CERTIFICATE_CHAIN_GENERAL_FAILURE']);

  const members = readDer(parseCrl(list([])).tbs).children.map(({ bytes }) => bytes);
  members[5] = der.context(
    0,
    der.sequence(ext.extension(OID.issuingDistributionPoint, true, der.sequence())),
  );
  const tbs = der.sequence(...members);
  const partial = assembleCrl(tbs, 'ecdsa-p256-sha256', signWith(sceneCa.key, tbs));
  expect(crlFaults(partial)).toEqual(['crl-format FORMAT_FAILURE']);
});
