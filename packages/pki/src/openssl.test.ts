import { expect, test } from '@jest/globals';
import { sha256, utf8 } from '@mandate/core';
import { attime, openssl, pem } from '../test/openssl.js';
import {
  minutes,
  newKey,
  newPki,
  NONCE,
  POLICY,
  signCms,
  signWith,
  stamp,
  T0,
  type Holder,
} from '../test/throw-away-pki.js';
import { codeOf } from '../test/refusal.js';
import * as pki from './index.js';

const it = newPki();
const letter = utf8('letter bytes');
const at = ['-attime', attime(T0)];

const judge = async (
  args: string[],
  files: Record<string, Uint8Array | string>,
): Promise<string> => {
  const { ok, output } = await openssl(args, files);
  if (!ok) throw new Error(`openssl ${args.join(' ')}\n${output}`);
  return output;
};

test('openssl verify accepts the scene chain and shows its extensions', async () => {
  const files = {
    'root.pem': pem(it.root.certificate),
    'ca.pem': pem(it.sceneCa.certificate),
    'scene.pem': pem(it.scene.certificate),
  };
  const chain = ['-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'ca.pem', 'scene.pem'];
  await judge(['verify', ...at, ...chain], files);
  const text = await judge(['x509', '-in', 'scene.pem', '-noout', '-text'], files);
  expect(text).toContain(pki.SCENE_BINDING_OID);
  expect(text).toContain('OCSP - URI:http://pki.example/ocsp');
  expect(text).toMatch(/Key Usage: critical\s+Digital Signature, Non Repudiation/);
  // Nine minutes are nine minutes for openssl too.
  expect((await openssl(['verify', '-attime', attime(minutes(10)), ...chain], files)).ok).toBe(
    false,
  );
});

test('openssl cms -cades accepts the letter signature, detached, with its timestamp', async () => {
  const certificates = [it.scene.certificate.der, it.sceneCa.certificate.der];
  const plain = signCms({ signer: it.scene, content: letter });
  const { signature } = pki.parseSignedData(plain).signers[0]!;
  const token = stamp(it.tsa, sha256(signature), {
    cms: { certificates: [it.tsa.certificate.der, it.timeCa.certificate.der] },
  });
  const cms = signCms({ signer: it.scene, content: letter, token, certificates });
  const files = {
    'cms.der': cms,
    letter,
    'root.pem': pem(it.root.certificate),
  };
  const verify = ['cms', '-verify', '-cades', '-purpose', 'any', '-binary', '-inform', 'DER'];
  const args = [...verify, '-in', 'cms.der', '-content', 'letter', '-CAfile', 'root.pem'];
  const rest = ['-out', 'out', ...at];
  await judge([...args, ...rest], files);
  const changed = { ...files, letter: utf8('letter bytez') };
  expect((await openssl([...args, ...rest], changed)).ok).toBe(false);
});

test('openssl ts accepts request, response and token', async () => {
  const digest = sha256(letter);
  const request = pki.timestampRequest({ digest, nonce: NONCE, policy: POLICY });
  const token = stamp(it.tsa, digest, {
    cms: { certificates: [it.tsa.certificate.der, it.timeCa.certificate.der] },
  });
  const files = {
    letter,
    'request.tsq': request,
    'response.tsr': pki.timestampResponse({ token }),
    'token.der': token,
    'rejection.tsr': pki.timestampResponse({ failure: 'badAlg', text: 'no' }),
    'root.pem': pem(it.timeRoot.certificate),
  };
  const trust = ['-CAfile', 'root.pem', ...at];
  await judge(
    ['ts', '-verify', '-token_in', '-in', 'token.der', '-data', 'letter', ...trust],
    files,
  );
  await judge(
    ['ts', '-verify', '-in', 'response.tsr', '-queryfile', 'request.tsq', ...trust],
    files,
  );
  const text = await judge(['ts', '-reply', '-in', 'response.tsr', '-text'], files);
  expect(text).toContain('Nov 21 09:30:01.5 2026 GMT');
  expect(text).toMatch(/Accuracy: 0x01 seconds/);
  const no = await judge(['ts', '-reply', '-in', 'rejection.tsr', '-text'], files);
  expect(no).toMatch(/unrecognized or unsupported algorithm/);
  expect(await judge(['ts', '-query', '-in', 'request.tsq', '-text'], files)).toContain(POLICY);
});

test('openssl ts makes requests we read', async () => {
  const args = ['ts', '-query', '-data', 'letter', '-sha256', '-cert', '-out', 'out'];
  const { made } = await openssl(args, { letter });
  const request = pki.parseTimestampRequest(made!);
  expect(request.imprint).toEqual({ algorithm: 'sha256', digest: sha256(letter) });
  expect(request.certReq).toBe(true);
  expect(request.nonce).not.toBeNull();
  const weak = await openssl(['ts', '-query', '-data', 'letter', '-sha1', '-out', 'out'], {
    letter,
  });
  expect(codeOf(() => pki.parseTimestampRequest(weak.made!))).toBe('unsupported-algorithm');
});

const ocspOf = (responder: Holder, certificates: Uint8Array[], status: pki.CertStatus) => {
  const responseData = pki.ocspResponseData({
    responder: responder.certificate,
    producedAt: T0,
    responses: [
      {
        certId: pki.certIdOf(it.scene.certificate, it.sceneCa.certificate),
        status,
        thisUpdate: T0,
        nextUpdate: minutes(9),
      },
    ],
    nonce: NONCE,
  });
  return pki.assembleOcspResponse({
    responseData,
    suite: responder.key.suite,
    signature: signWith(responder.key, responseData),
    certificates,
  });
};

test.each([
  ['the authority itself', it.sceneCa, false],
  ['a delegated responder', it.responder, true],
] as const)('openssl ocsp accepts the response of %s', async (_, responder, delegated) => {
  const bag = delegated ? [responder.certificate.der] : [];
  const files = {
    'good.der': ocspOf(responder, bag, { kind: 'good' }),
    'revoked.der': ocspOf(responder, bag, { kind: 'revoked', at: minutes(-1), reason: 4 }),
    'root.pem': pem(it.root.certificate),
    'ca.pem': pem(it.sceneCa.certificate),
    'scene.pem': pem(it.scene.certificate),
  };
  const args = (name: string): string[] => [
    ...['ocsp', '-respin', name, '-sha256', '-issuer', 'ca.pem', '-cert', 'scene.pem', '-no_nonce'],
    ...['-CAfile', 'root.pem', '-verify_other', 'ca.pem', ...at],
    // The clock of the machine is not the test's: the window is judged by our own check.
    ...['-validity_period', '999999999'],
  ];
  expect(await judge(args('good.der'), files)).toMatch(/scene.pem: good[\s\S]*Response verify OK/);
  expect(await judge(args('revoked.der'), files)).toMatch(/scene.pem: revoked/);
});

test('openssl ocsp makes requests we read, with SHA-1 and SHA-256', async () => {
  const files = {
    'ca.pem': pem(it.sceneCa.certificate),
    'scene.pem': pem(it.scene.certificate),
  };
  for (const digest of ['-sha1', '-sha256']) {
    const args = ['ocsp', digest, '-issuer', 'ca.pem', '-cert', 'scene.pem', '-reqout', 'out'];
    const { made } = await openssl(args, files);
    const { certIds, nonce } = pki.parseOcspRequest(made!);
    expect(certIds.map(({ serial }) => serial)).toEqual([it.scene.certificate.serial]);
    expect(pki.certIdNames(certIds[0]!, it.sceneCa.certificate)).toBe(true);
    expect(nonce).not.toBeNull();
  }
  const ours = pki.ocspRequest({
    certificate: it.scene.certificate,
    issuer: it.sceneCa.certificate,
    nonce: NONCE,
  });
  const text = await judge(['ocsp', '-reqin', 'req.der', '-req_text'], { 'req.der': ours });
  expect(text.toLowerCase()).toContain(it.scene.certificate.serial);
  const parsed = pki.parseOcspRequest(ours);
  expect(pki.certIdNames(parsed.certIds[0]!, it.sceneCa.certificate)).toBe(true);
  expect(pki.certIdNames(parsed.certIds[0]!, it.root.certificate)).toBe(false);
  expect(parsed.nonce).toEqual(NONCE);
});

test('openssl crl accepts empty and filled lists', async () => {
  for (const entries of [[], [{ serial: Uint8Array.of(0x80, 1), at: T0, reason: 4 }]]) {
    const tbs = pki.crlTbs({
      issuer: it.sceneCa.certificate.subjectDer,
      thisUpdate: T0,
      nextUpdate: minutes(60),
      number: 300,
      entries,
      authorityKeyId: it.sceneCa.certificate.subjectKeyId!,
      suite: 'ecdsa-p256-sha256',
    });
    const crl = pki.assembleCrl(tbs, 'ecdsa-p256-sha256', signWith(it.sceneCa.key, tbs));
    const files = { 'crl.der': crl, 'ca.pem': pem(it.root.certificate, it.sceneCa.certificate) };
    const args = ['crl', '-inform', 'DER', '-in', 'crl.der', '-noout', '-CAfile', 'ca.pem'];
    expect(await judge([...args, '-text'], files)).toContain('verify OK');
    expect(await judge([...args, '-crlnumber'], files)).toContain('0x012C');
  }
});

test('openssl accepts an Ed25519 root', async () => {
  const key = newKey('ed25519');
  const { authority } = await import('../test/throw-away-pki.js');
  const root = authority('Ed Root', undefined, { key });
  const files = { 'root.pem': pem(root.certificate) };
  await judge(['verify', '-x509_strict', ...at, '-CAfile', 'root.pem', 'root.pem'], files);
});
