import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { sha256, utf8 } from '@mandate/core';
import { signatureAlgorithm } from './algorithms.js';
import { parseCertificate, type Certificate } from './certificate.js';
import { checkToken, parseToken, tokenHolds } from './check-token.js';
import { verifySignature } from './suite.js';
import { parseTimestampRequest, parseTimestampResponse, timestampRequest } from './tsp.js';

const folder = mkdtempSync(join(tmpdir(), 'pki-foreign-'));
afterAll(() => rmSync(folder, { recursive: true }));
const openssl = (...args: string[]): Buffer =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });

const CONFIGURATION = `
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = email:tsa@example.org
[service]
serial = serial
signer_digest = DIGEST
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
accuracy = secs:0, millisecs:500, microsecs:100
ordering = yes
tsa_name = yes
ess_cert_id_chain = yes
ess_cert_id_alg = ESS
`;

/** A timestamp authority run by openssl with keys of the given kind; signs `digest`. */
function openSslToken(
  algorithm: string[],
  options: { digest: string; ess?: string; sign?: string[] },
): { token: Uint8Array; request: Uint8Array; root: Certificate; tsa: Certificate } {
  const configuration = CONFIGURATION.replace('DIGEST', options.digest);
  writeFileSync(join(folder, 'conf'), configuration.replace('ESS', options.ess ?? 'sha256'));
  writeFileSync(join(folder, 'serial'), '0A');
  for (const who of ['root', 'tsa']) openssl('genpkey', ...algorithm, '-out', `${who}.key`);
  const common = ['-config', 'conf', `-${options.digest}`, ...(options.sign ?? [])];
  const request = ['req', '-new', '-x509', ...common, '-days', '2'];
  openssl(
    ...request,
    '-key',
    'root.key',
    '-subj',
    '/CN=Root',
    '-extensions',
    'root',
    '-out',
    'root.pem',
  );
  const issue = ['-CA', 'root.pem', '-CAkey', 'root.key', '-key', 'tsa.key', '-subj', '/CN=TSA'];
  openssl(...request, ...issue, '-extensions', 'tsa', '-out', 'tsa.pem');
  const tsq = timestampRequest({ digest: sha256(utf8('data')), nonce: Uint8Array.of(0xfe, 1) });
  writeFileSync(join(folder, 'tsq'), tsq);
  const signer = ['-signer', 'tsa.pem', '-inkey', 'tsa.key', '-chain', 'root.pem'];
  const reply = ['ts', '-reply', '-config', 'conf', '-section', 'service', '-queryfile', 'tsq'];
  openssl(...reply, ...signer, '-out', 'tsr');
  const read = (name: string): Certificate =>
    parseCertificate(new Uint8Array(openssl('x509', '-in', name, '-outform', 'DER')));
  const { token } = parseTimestampResponse(new Uint8Array(readFileSync(join(folder, 'tsr'))));
  return { token: token!, request: tsq, root: read('root.pem'), tsa: read('tsa.pem') };
}

const RSA = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
const P384 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'];
const PSS = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:-1'];

test.each<[string, string[], Parameters<typeof openSslToken>[1], string]>([
  ['RSA with SHA-256', RSA, { digest: 'sha256' }, 'rsa-sha256'],
  ['RSA with SHA-512, ESS by SHA-512', RSA, { digest: 'sha512', ess: 'sha512' }, 'rsa-sha512'],
  ['certificates by RSA-PSS', RSA, { digest: 'sha256', sign: PSS }, 'rsa-pss-sha256'],
  ['P-384 with SHA-384', P384, { digest: 'sha384' }, 'ecdsa-sha384'],
])('a token by openssl holds: %s', (_, algorithm, options, certificateAlgorithm) => {
  const { token, request, root, tsa } = openSslToken(algorithm, options);
  expect(signatureAlgorithm(tsa.algorithm)).toBe(certificateAlgorithm);
  expect(
    verifySignature(signatureAlgorithm(tsa.algorithm), root.spki, tsa.tbs, tsa.signature),
  ).toBe(true);
  expect(tsa.subject.attributes).toContainEqual({ type: 'CN', value: 'TSA' });
  const { info, signedData } = parseToken(token);
  expect(info).toMatchObject({ policy: '1.2.3.4', accuracySeconds: 0.5001, ordering: true });
  expect(signedData.signers[0]!.signedAttributes!.signingTime).not.toBeNull();
  const expectation = {
    token,
    data: utf8('data'),
    status: 0,
    request: parseTimestampRequest(request),
    anchors: [root],
    policy: '1.2.3.4',
  };
  const checks = checkToken(expectation);
  expect(checks.filter(({ ok }) => ok === false)).toEqual([]);
  expect(tokenHolds(checks)).toBe(true);
  expect(tokenHolds(checkToken({ ...expectation, data: utf8('date') }))).toBe(false);
});

test('a token whose ESS reference is the old SHA-1 one does not count', () => {
  const { token, root } = openSslToken(P384, { digest: 'sha256', ess: 'sha1' });
  const checks = checkToken({ token, data: utf8('data'), anchors: [root] });
  expect(checks.filter(({ ok }) => ok === false)).toMatchObject([
    { id: 'token-ess', subIndication: 'SIG_CONSTRAINTS_FAILURE' },
  ]);
});
