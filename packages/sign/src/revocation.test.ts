import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import {
  addSeconds,
  fromHex,
  systemClock,
  systemRandom,
  toHex,
  type SigningKey,
} from '@mandate/core';
import { OID, parseCertificate, parseOcspResponse } from '@mandate/pki';
import { makeBuiltInAuthority, type MadeKey } from './built-in-authority.js';
import { ocspResponder } from './ocsp-responder.js';
import { revocationList } from './revocation-list.js';
import { sceneCertificates } from './scene-certificate.js';

const folder = mkdtempSync(join(tmpdir(), 'mandate-revocation-'));
const at = (name: string): string => join(folder, name);
const openssl = (...args: string[]): string =>
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }).toString();
const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END CERTIFICATE-----\n`;

let made: MadeKey[];
const keyNamed = (name: string): SigningKey => {
  const { pkcs8, publicKey, chain } = made.find((key) => key.name === name)!;
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return {
    suite: 'ecdsa-p256-sha256',
    publicKey,
    chain,
    sign: async (message) => new Uint8Array(sign('sha256', message, key)),
  };
};
const clock = systemClock;
/** What the record would say, by serial. */
const known = new Map<string, { notAfter: Date; revokedAt: Date | null }>();
let certificate: Uint8Array;
let responder: ReturnType<typeof ocspResponder>;
beforeAll(async () => {
  ({ keys: made } = await makeBuiltInAuthority({
    now: clock.now(),
    random: systemRandom,
    operator: 'T',
  }));
  const ca = keyNamed('scene-ca');
  const issuing = sceneCertificates(ca, 'http://localhost:8080');
  const spki = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    type: 'spki',
    format: 'der',
  });
  const serial = systemRandom.bytes(16);
  serial[0] = 0x41;
  certificate = await issuing.issue(
    issuing.toBeSigned({
      serial,
      publicKey: new Uint8Array(spki),
      // longer than X.520 allows, with characters of four bytes
      commonName: '𠮷'.repeat(80),
      serialNumber: 'ab'.repeat(32),
      notBefore: addSeconds(clock.now(), -60),
      notAfter: addSeconds(clock.now(), 540),
      sceneDigest: systemRandom.bytes(32),
      letterDigest: systemRandom.bytes(32),
      evidenceRoot: systemRandom.bytes(32),
      ledgerOrigin: 'test.example/ledger',
      keyOrigin: 'browser',
    }),
  );
  responder = ocspResponder({
    key: keyNamed('ocsp'),
    issuer: ca.chain[0]!,
    clock,
    status: async (bytes) => known.get(toHex(bytes)) ?? null,
  });
  writeFileSync(at('leaf.pem'), pem(certificate));
  writeFileSync(at('ca.pem'), pem(ca.chain[0]!));
  writeFileSync(at('root.pem'), pem(ca.chain.at(-1)!));
});

const serialHex = (): string => parseCertificate(certificate).serial;

test('openssl accepts a scene certificate, name cut to 64 characters', () => {
  expect(openssl('verify', '-CAfile', 'root.pem', '-untrusted', 'ca.pem', 'leaf.pem')).toContain(
    'OK',
  );
  const subject = openssl(
    'x509',
    '-in',
    'leaf.pem',
    '-noout',
    '-subject',
    '-nameopt',
    'utf8,-esc_msb',
  );
  expect([...subject.matchAll(/𠮷/gu)].length).toBe(64);
});

test('openssl asks for the status and believes good, revoked and unknown', async () => {
  const ask = async (): Promise<string> => {
    openssl(...'ocsp -no_nonce -issuer ca.pem -cert leaf.pem -reqout ask.der'.split(' '));
    writeFileSync(
      at('answer.der'),
      await responder.respond(new Uint8Array(readFileSync(at('ask.der')))),
    );
    return openssl(
      ...'ocsp -no_nonce -issuer ca.pem -cert leaf.pem -respin answer.der'.split(' '),
      ...'-CAfile root.pem -verify_other ca.pem'.split(' '),
    );
  };
  const notAfter = parseCertificate(certificate).notAfter;
  expect(await ask()).toContain('leaf.pem: unknown');
  await expect(responder.answerFor(certificate)).rejects.toMatchObject({
    code: 'revocation-unavailable',
  });
  known.set(serialHex(), { notAfter, revokedAt: null });
  expect(await ask()).toContain('leaf.pem: good');
  const answer = parseOcspResponse(await responder.answerFor(certificate));
  expect(answer.responses[0]!.nextUpdate!.getTime()).toBeLessThanOrEqual(notAfter.getTime());
  // one status under two names: by SHA-256, and by SHA-1 for those who know nothing else
  expect(answer.responses.map(({ certId }) => certId.digestAlgorithm)).toEqual([
    OID.sha256,
    OID.sha1,
  ]);
  const [said, again] = answer.responses.map(({ certId: _, ...rest }) => rest);
  expect(again).toEqual(said);
  writeFileSync(at('kept.der'), await responder.answerFor(certificate));
  for (const digest of ['-sha1', '-sha256'])
    expect(
      openssl(
        ...`ocsp ${digest} -no_nonce -issuer ca.pem -cert leaf.pem -respin kept.der`.split(' '),
        ...'-CAfile root.pem -verify_other ca.pem'.split(' '),
      ),
    ).toContain('leaf.pem: good');
  known.set(serialHex(), { notAfter, revokedAt: clock.now() });
  expect(await ask()).toMatch(/leaf\.pem: revoked[\s\S]*superseded/);
  await expect(responder.answerFor(certificate)).rejects.toMatchObject({
    code: 'revocation-unavailable',
  });
});

test('requests for another issuer, malformed ones and too many at once are refused by OCSP status', async () => {
  const refusal = async (bytes: Uint8Array): Promise<string> => {
    writeFileSync(at('refusal.der'), await responder.respond(bytes));
    // openssl ends with 1 after naming the responder's error
    const { stdout, stderr } = spawnSync('openssl', ['ocsp', '-respin', 'refusal.der'], {
      cwd: folder,
    });
    return `${stdout}${stderr}`;
  };
  openssl('ocsp', '-issuer', 'root.pem', '-cert', 'ca.pem', '-reqout', 'foreign.der');
  expect(await refusal(new Uint8Array(readFileSync(at('foreign.der'))))).toMatch(/unauthorized/i);
  expect(await refusal(new Uint8Array([1, 2, 3]))).toMatch(/malformedrequest/i);
  const many = Array.from({ length: 9 }, (_, i) => ['-serial', `${i + 1}`]).flat();
  openssl('ocsp', '-issuer', 'ca.pem', ...many, '-reqout', 'many.der');
  expect(await refusal(new Uint8Array(readFileSync(at('many.der'))))).toMatch(/malformedrequest/i);
});

test('openssl verifies the revocation list and finds the voided serial in it', async () => {
  const list = await revocationList({ ca: keyNamed('scene-ca'), clock }, [
    { serial: fromHex(serialHex()), voidedAt: clock.now() },
  ]);
  writeFileSync(at('scene.crl'), list);
  const read = openssl(
    'crl',
    '-inform',
    'DER',
    '-in',
    'scene.crl',
    '-CAfile',
    'ca.pem',
    '-noout',
    '-text',
  );
  expect(read.toLowerCase()).toContain(serialHex());
  expect(() =>
    openssl(
      ...['verify', '-CAfile', 'root.pem', '-untrusted', 'ca.pem', '-CRLfile', 'scene.crl'],
      ...['-crl_check', 'leaf.pem'],
    ),
  ).toThrow(/revoked/i);
});
