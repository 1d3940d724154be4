import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addSeconds } from '@mandate/core';
import { MANIFEST, PART, readZip, SEAL, toPem } from '@mandate/evidence';
import { readPdf, readSignatures, type PdfSignature } from '@mandate/pdf';
import { assembleCrl, crlTbs, type Certificate } from '@mandate/pki';
import { archivedLetter } from '../kit/archived-letter.js';
import { makeAuthority } from '../kit/authority.js';
import { LATER, SCENE_EXTENSIONS, START } from '../kit/build-bundle.js';
import { compileJava, missingForJava, type JavaOracle } from './java-oracles.js';

/**
 * Our own letter, archive and bundle in front of tools nobody here wrote. Each says yes to what we made
 * and no to the same with one bit changed; openssl, qpdf, pdfsig and mutool must be there.
 */
let folder: string;
let file: (name: string) => string;
const GEN_TIME = Math.floor(START.getTime() / 1000) + 160;
const YEAR = 366 * 86_400;
/** What is changed, and where; from the end when negative. */
const CHANGED = [
  ['signature.bytes', 5000],
  ['archive.bytes', -20],
  ['seal.bytes', -20],
  ['ocsp.der', -20],
  ['list.der', -20],
  ['signed.pdf', 2000],
] as const;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mandate-oracles-'));
  file = (name) => join(folder, name);
  const save = (name: string, bytes: Uint8Array | string): void => writeFileSync(file(name), bytes);
  const authority = makeAuthority();
  const { ca, root, seal, stamp, stampRoot } = authority;
  const { archived, bundle, certificate, letter, parts, signedLetter } =
    await archivedLetter(authority);

  save('letter.pdf', letter);
  save('signed.pdf', signedLetter);
  save('archived.pdf', archived);
  const [signature] = readSignatures(readPdf(signedLetter));
  saveSigned('signature', signedLetter, signature!);
  save('signature.tst', parts.get(PART.token)!);
  save('signature.tsq', parts.get(PART.tokenRequest)!);
  const stamps = readSignatures(readPdf(archived));
  saveSigned(
    'archive',
    archived,
    stamps.find((it) => it.coversWholeFile)!,
  );
  const members = new Map(readZip(bundle));
  save('bundle.asice', bundle);
  save('seal.der', members.get(SEAL)!);
  save('seal.bytes', members.get(MANIFEST)!);
  save('ocsp.der', parts.get(PART.ocsp)!);

  const revoked = authority.issueLeaf('Revoked', ca, SCENE_EXTENSIONS).certificate;
  const tbs = crlTbs({
    issuer: ca.certificate.subjectDer,
    thisUpdate: addSeconds(START, 60),
    nextUpdate: LATER,
    number: 1,
    entries: [{ serial: revoked.serialDer.subarray(2), at: addSeconds(START, 20), reason: 4 }],
    authorityKeyId: ca.certificate.subjectKeyId!,
    suite: 'ecdsa-p256-sha256',
  });
  const list = assembleCrl(tbs, 'ecdsa-p256-sha256', ca.sign(tbs));
  save('list.der', list);
  const certificates: Record<string, Certificate> = {
    scene: certificate,
    revoked,
    ca: ca.certificate,
    root: root.certificate,
    seal: seal.certificate,
    stamp: stamp.certificate,
    'stamp-root': stampRoot.certificate,
  };
  for (const [name, { der }] of Object.entries(certificates)) {
    save(`${name}.crt`, der);
    save(`${name}.pem`, toPem('CERTIFICATE', der));
  }

  // The same with one bit changed.
  for (const [name, at] of CHANGED) {
    const bytes = new Uint8Array(readFileSync(file(name)));
    bytes[at < 0 ? bytes.length + at : at]! ^= 1;
    save(`bad-${name}`, bytes);
  }

  function saveSigned(name: string, pdf: Uint8Array, signature: PdfSignature): void {
    const [start, length, resume, rest] = signature.byteRange;
    save(`${name}.der`, signature.contents);
    const spans = [pdf.subarray(start, start + length), pdf.subarray(resume, resume + rest)];
    save(`${name}.bytes`, Buffer.concat(spans));
  }
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command line; `@name` is a file of ours. */
function tool(line: string): { ok: boolean; text: string } {
  const [command, ...args] = line
    .split(' ')
    .map((it) => (it.startsWith('@') ? file(it.slice(1)) : it));
  const { status, stdout, stderr, error } = spawnSync(command!, args, { encoding: 'utf8' });
  if (error) throw error;
  return { ok: status === 0, text: stdout + stderr };
}

/** Exit code 0, which for some tools means no more than that they have an answer, and these words. */
type Case = readonly [line: string, says: RegExp];
const answers = (cases: readonly Case[]): void =>
  test.each(cases)('%s', (line, says) => {
    const { ok, text } = tool(line);
    expect([ok, text]).toEqual([true, expect.stringMatching(says)]);
  });
const refuses = (cases: readonly Case[]): void =>
  test.each(cases)('refuses: %s', (line, says) => {
    const { ok, text } = tool(line);
    expect([ok, text]).toEqual([false, expect.stringMatching(says)]);
  });

const CMS = 'openssl cms -verify -cades -purpose any -inform DER -binary -out /dev/null';
const SIGNED = `${CMS} -in @signature.der -content @signature.bytes -CAfile @root.pem`;
const CHAIN = 'openssl verify -x509_strict -purpose any -untrusted @ca.pem -CAfile @root.pem';
const STAMPED = 'openssl ts -verify -CAfile @stamp-root.pem -token_in';
const OCSP = 'openssl ocsp -no_nonce -issuer @ca.pem -cert @scene.pem -CAfile @root.pem';

describe('openssl', () => {
  answers([
    [`${SIGNED} -attime ${GEN_TIME}`, /CAdES Verification successful/],
    // long after the certificate's end, for the moment the timestamp proves
    [`${SIGNED} -no_check_time`, /CAdES Verification successful/],
    [
      `${CMS} -in @seal.der -content @seal.bytes -CAfile @root.pem -attime ${GEN_TIME}`,
      /CAdES Verification successful/,
    ],
    [
      `${STAMPED} -attime ${GEN_TIME} -in @signature.tst -queryfile @signature.tsq`,
      /Verification: OK/,
    ],
    [`${STAMPED} -attime ${GEN_TIME} -in @archive.der -data @archive.bytes`, /Verification: OK/],
    [
      `${STAMPED} -attime ${GEN_TIME + 2 * YEAR} -in @archive.der -data @archive.bytes`,
      /Verification: OK/,
    ],
    ...['-sha1', '-sha256'].map((digest): Case => [
      `${OCSP} -respin @ocsp.der -attime ${GEN_TIME} -validity_period 999999999`.replace(
        ' -no_nonce',
        ` ${digest} -no_nonce`,
      ),
      /Response verify OK[^]*: good|: good[^]*Response verify OK/,
    ]),
    ['openssl crl -verify -inform DER -in @list.der -CAfile @ca.pem -noout', /verify OK/],
    [`${CHAIN} -attime ${GEN_TIME} @scene.pem`, /OK/],
    [`${CHAIN} -attime ${GEN_TIME} -crl_check -CRLfile @list.der @scene.pem`, /OK/],
    [`openssl verify -x509_strict -attime ${GEN_TIME} -CAfile @root.pem @seal.pem`, /OK/],
    [
      `openssl verify -x509_strict -purpose timestampsign -attime ${GEN_TIME} -CAfile @stamp-root.pem @stamp.pem`,
      /OK/,
    ],
  ]);
  refuses([
    [`${SIGNED} -attime ${GEN_TIME + 86_400}`, /certificate has expired/],
    [
      `${CMS} -in @signature.der -content @bad-signature.bytes -CAfile @root.pem -attime ${GEN_TIME}`,
      /digest failure|verification failure/i,
    ],
    [
      `${CMS} -in @seal.der -content @bad-seal.bytes -CAfile @root.pem -attime ${GEN_TIME}`,
      /verification failure/i,
    ],
    [
      `${CMS} -in @signature.der -content @signature.bytes -CAfile @stamp-root.pem -attime ${GEN_TIME}`,
      /unable to get/,
    ],
    [
      `${STAMPED} -attime ${GEN_TIME} -in @archive.der -data @bad-archive.bytes`,
      /message imprint mismatch/,
    ],
    [`${STAMPED} -attime ${GEN_TIME + 30 * YEAR} -in @archive.der -data @archive.bytes`, /expired/],
    [
      `${CHAIN} -attime ${GEN_TIME + 60} -crl_check -CRLfile @list.der @revoked.pem`,
      /certificate revoked/,
    ],
    [
      `${OCSP} -respin @bad-ocsp.der -attime ${GEN_TIME} -validity_period 999999999`,
      /Response Verify Failure/,
    ],
  ]);
  // ends with 0 whatever it says
  answers([
    ['openssl crl -verify -inform DER -in @bad-list.der -CAfile @ca.pem -noout', /verify failure/],
  ]);
});

describe('qpdf, pdfsig and mutool', () => {
  answers([
    ['qpdf --check @letter.pdf', /No syntax or stream encoding errors/],
    ['qpdf --check @signed.pdf', /No syntax or stream encoding errors/],
    ['qpdf --check @archived.pdf', /No syntax or stream encoding errors/],
    ['pdfsig -nocert @signed.pdf', /Total document signed[^]*Signature is Valid\./],
    ['pdfsig -nocert @archived.pdf', /Signature is Valid\./],
    ['pdfsig -nocert @bad-signed.pdf', /Digest Mismatch/],
    // 'Certificate error': it is given no trust anchors
    ['mutool sign -v @signed.pdf', /The document is unchanged since signing\./],
    [
      'mutool sign -v @archived.pdf',
      /The signature is valid but there have been edits since signing\./,
    ],
    ['mutool sign -v @bad-signed.pdf', /Digest error: Signature invalidated/],
    ['unzip -t @bundle.asice', /No errors detected/],
  ]);
});

const missing = missingForJava();
if (missing.length > 0)
  test.todo(`OpenJDK and BouncyCastle: not run, missing: ${missing.join(', ')}`);
else
  describe('OpenJDK and BouncyCastle', () => {
    let java: JavaOracle;
    beforeAll(() => {
      java = compileJava();
    }, 120_000);
    const at = (seconds: number): string => addSeconds(START, seconds).toISOString();
    const run = (program: 'Pkix' | 'Bouncy', args: readonly string[]) =>
      java(program, ...args.map((it) => (it.startsWith('@') ? file(it.slice(1)) : it)));
    const LETTER = ['@root.crt', '@scene.crt', '@ca.crt'];

    test.each<[string, string[], string]>([
      ['scene certificate', [at(160), 'none', '-', ...LETTER], 'valid'],
      ['with the status we keep', [at(165), 'ocsp', '@ocsp.der', ...LETTER], 'valid'],
      ['scene certificate with the list', [at(165), 'crl', '@list.der', ...LETTER], 'valid'],
      ['seal', [at(160), 'none', '-', '@root.crt', '@seal.crt'], 'valid'],
      ['timestamp authority', [at(160), 'none', '-', '@stamp-root.crt', '@stamp.crt'], 'valid'],
      ['the day after', [at(86_400), 'none', '-', ...LETTER], 'EXPIRED 0'],
      [
        'revoked',
        [at(165), 'crl', '@list.der', '@root.crt', '@revoked.crt', '@ca.crt'],
        'REVOKED 0',
      ],
      [
        'another root',
        [at(160), 'none', '-', '@stamp-root.crt', '@scene.crt', '@ca.crt'],
        'NO_TRUST_ANCHOR -1',
      ],
      ['a changed status', [at(165), 'ocsp', '@bad-ocsp.der', ...LETTER], 'UNSPECIFIED 0'],
    ])('PKIX: %s', (_, args, said) => {
      expect(run('Pkix', args)).toEqual({ ok: true, text: `${said}\n` });
    });

    test.each<[string, string[], string]>([
      [
        'signature and its timestamp',
        ['cms', '@signature.der', '@signature.bytes'],
        'token valid 2026-11-21T09:02:40.250Z\nsignature valid\n',
      ],
      [
        'signature timestamp',
        ['token', '@archive.der', '@archive.bytes'],
        'token valid 2026-11-21T09:03:40Z\n',
      ],
      ['status response', ['ocsp', '@ocsp.der', '@scene.crt', '@ca.crt'], 'status good\n'],
      ['list', ['crl', '@list.der', '@scene.crt', '@ca.crt'], 'status good\n'],
      [
        'list with the certificate',
        ['crl', '@list.der', '@revoked.crt', '@ca.crt'],
        'status revoked\n',
      ],
    ])('BouncyCastle accepts: %s', (_, args, said) => {
      expect(run('Bouncy', args)).toEqual({ ok: true, text: said });
    });

    test.each<[string, string[], RegExp]>([
      [
        'signature of other bytes',
        ['cms', '@signature.der', '@bad-signature.bytes'],
        /message-digest attribute value does not match/,
      ],
      ['timestamp of other bytes', ['token', '@archive.der', '@bad-archive.bytes'], /imprint/],
      ['changed status response', ['ocsp', '@bad-ocsp.der', '@scene.crt', '@ca.crt'], /signature/],
      ['changed list', ['crl', '@bad-list.der', '@scene.crt', '@ca.crt'], /signature/],
    ])('BouncyCastle refuses: %s', (_, args, said) => {
      const { ok, text } = run('Bouncy', args);
      expect([ok, text]).toEqual([false, expect.stringMatching(said)]);
    });
  });
