import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@mandate/core';
import { parseCertificate, type Certificate } from '@mandate/pki';
import { berToDer } from './ber-to-der.js';
import { Existence } from './existence.js';
import { digestWith } from './foreign-algorithms.js';
import { verifyPdf, type PdfVerdict } from './verify-pdf.js';

const folder = mkdtempSync(join(tmpdir(), 'verify-pdf-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const openssl = (...args: string[]): Buffer =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });

let root: Certificate;
/** Within the certificates' one day; openssl takes the machine's clock. */
let at: Date;

beforeAll(() => {
  writeFileSync(
    path('conf'),
    [
      '[req]\ndistinguished_name=dn\n[dn]',
      '[root]\nbasicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign',
      '[leaf]\nbasicConstraints=CA:false\nkeyUsage=critical,nonRepudiation',
      '[tsa]\nbasicConstraints=CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping',
      '[service]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3\ndigests=sha256\ness_cert_id_alg=sha256',
      '[other]\nbasicConstraints=CA:false\nkeyUsage=critical,keyAgreement\n',
    ].join('\n'),
  );
  const request = (name: string, ...more: string[]): void => {
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
    const days = name === 'root' || name === 'tsa' ? '30' : '1';
    const common = ['-new', '-x509', '-config', 'conf', '-days', days, '-key', `${name}.key`];
    openssl('req', ...common, '-subj', `/CN=${name}`, ...more, '-out', `${name}.pem`);
  };
  request('root', '-extensions', 'root');
  for (const [name, kind] of [
    ['leaf', 'leaf'],
    ['second', 'leaf'],
    ['other', 'other'],
    ['tsa', 'tsa'],
  ] as const)
    request(name, '-extensions', kind, '-CA', 'root.pem', '-CAkey', 'root.key');
  root = parseCertificate(new Uint8Array(openssl('x509', '-in', 'root.pem', '-outform', 'DER')));
  at = new Date(root.notBefore.getTime() + 3_600_000);
});

const PLACEHOLDER = '[000000 000000 000000 000000]';
const SIZE = 4000;

/** A one-page PDF with one signature made by `openssl cms -sign` with the given options. */
function signedPdf(subFilter: string, ...options: string[]): Uint8Array {
  return shapedPdf((cms) => cms, subFilter, ...options);
}

function shapedPdf(
  shape: (cms: Buffer) => Buffer,
  subFilter: string,
  ...options: string[]
): Uint8Array {
  const objects = [
    '<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [4 0 R] /SigFlags 3>>>>',
    '<</Type /Pages /Kids [3 0 R] /Count 1>>',
    '<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Annots [4 0 R]>>',
    '<</Type /Annot /Subtype /Widget /FT /Sig /T (s) /Rect [0 0 0 0] /P 3 0 R /V 5 0 R>>',
    `<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /${subFilter} /ByteRange ${PLACEHOLDER} /Contents <${'0'.repeat(2 * SIZE)}>>>`,
  ];
  let text = '%PDF-1.7\n';
  const offsets = objects.map((body, i) => {
    const offset = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const xref = text.length;
  text += `xref\n0 6\n0000000000 65535 f \n${offsets.join('')}trailer\n<</Size 6 /Root 1 0 R>>\n`;
  text += `startxref\n${xref}\n%%EOF\n`;
  const start = text.indexOf('/Contents <') + '/Contents '.length;
  const end = start + 2 * SIZE + 2;
  const range = [0, start, end, text.length - end].map((n) => String(n).padStart(6, '0'));
  text = text.replace(PLACEHOLDER, `[${range.join(' ')}]`);
  writeFileSync(path('data'), text.slice(0, start) + text.slice(end), 'latin1');
  const sign = ['cms', '-sign', '-binary', '-in', 'data', '-outform', 'DER', '-out', 'cms'];
  const signer = options.includes('-signer') ? [] : ['-signer', 'leaf.pem', '-inkey', 'leaf.key'];
  openssl(...sign, ...signer, ...options);
  const hex = shape(readFileSync(path('cms')))
    .toString('hex')
    .padEnd(2 * SIZE, '0');
  return new Uint8Array(
    Buffer.from(text.slice(0, start + 1) + hex + text.slice(end - 1), 'latin1'),
  );
}

const verify = (bytes: Uint8Array, time = at, anchors = [root]): PdfVerdict =>
  verifyPdf(bytes, { trust: { signature: anchors, timestamp: anchors }, at: time });
const CADES = 'ETSI.CAdES.detached';
const years = (n: number): Date => new Date(at.getTime() + n * 31_557_600_000);

test('a signature by openssl passes with its root, and only with it', () => {
  const bytes = signedPdf(CADES, '-cades');
  expect(verify(bytes)).toMatchObject({
    indication: 'TOTAL-PASSED',
    integrity: 'sound',
    signatures: [{ field: 's', kind: 'signature', level: 'B-B', revision: 0, changes: [] }],
  });
  expect(verify(bytes, at, [])).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
    integrity: 'sound',
  });
});

test.each<[string, string, string[], string, string, 'sound' | 'broken']>([
  ['content inside', CADES, ['-cades', '-nodetach'], 'TOTAL-FAILED', 'FORMAT_FAILURE', 'broken'],
  [
    'two signers',
    CADES,
    ['-signer', 'leaf.pem', '-inkey', 'leaf.key', '-signer', 'second.pem', '-inkey', 'second.key'],
    'TOTAL-FAILED',
    'FORMAT_FAILURE',
    'broken',
  ],
  ['another sub-filter', 'ETSI.RFC3161', ['-cades'], 'TOTAL-FAILED', 'FORMAT_FAILURE', 'broken'],
  [
    'no certificate',
    CADES,
    ['-cades', '-nocerts'],
    'INDETERMINATE',
    'NO_SIGNING_CERTIFICATE_FOUND',
    'broken',
  ],
  [
    'no signed attributes',
    'adbe.pkcs7.detached',
    ['-noattr'],
    'INDETERMINATE',
    'SIG_CONSTRAINTS_FAILURE',
    'sound',
  ],
  [
    'no reference to the certificate',
    CADES,
    [],
    'INDETERMINATE',
    'SIG_CONSTRAINTS_FAILURE',
    'sound',
  ],
  [
    'a key that may not sign',
    CADES,
    ['-cades', '-signer', 'other.pem', '-inkey', 'other.key'],
    'INDETERMINATE',
    'CHAIN_CONSTRAINTS_FAILURE',
    'sound',
  ],
  [
    'SHA-1',
    'adbe.pkcs7.detached',
    ['-md', 'sha1'],
    'INDETERMINATE',
    'CRYPTO_CONSTRAINTS_FAILURE',
    'sound',
  ],
])('%s', (_, subFilter, options, indication, subIndication, integrity) => {
  expect(verify(signedPdf(subFilter, ...options))).toMatchObject({
    indication,
    subIndication,
    integrity,
  });
});

test('CMS in BER with indefinite lengths is read', () => {
  // SEQUENCE with a two-octet length → indefinite.
  const indefinite = (cms: Buffer): Buffer =>
    Buffer.concat([Buffer.from('3080', 'hex'), cms.subarray(4), Buffer.from('0000', 'hex')]);
  const bytes = shapedPdf(indefinite, CADES, '-cades');
  expect(verify(bytes)).toMatchObject({ indication: 'TOTAL-PASSED', integrity: 'sound' });
  // The same with content inside, in pieces.
  const attached = signedPdf('adbe.pkcs7.detached', '-stream', '-indef', '-nodetach');
  expect(verify(attached)).toMatchObject({ subIndication: 'FORMAT_FAILURE', integrity: 'broken' });
});

test('a signed byte, a byte of the signature, a dictionary entry', () => {
  const bytes = signedPdf(CADES, '-cades');
  const text = Buffer.from(bytes).toString('latin1');
  const changed = (from: string, to: string): PdfVerdict =>
    verify(new Uint8Array(Buffer.from(text.replace(from, to), 'latin1')));
  expect(changed('[0 0 99 99]', '[0 0 98 99]').signatures[0]).toMatchObject({
    indication: 'TOTAL-FAILED',
    subIndication: 'HASH_FAILURE',
    integrity: 'broken',
  });
  expect(changed('/Adobe.PPKLite', '/Adobe.PPKMS  ').subIndication).toBe('HASH_FAILURE');
  const end = text.search(/0+>>>/);
  const last = text[end - 1] === '1' ? '2' : '1';
  const broken = `${text.slice(0, end - 1)}${last}${text.slice(end)}`;
  expect(verify(new Uint8Array(Buffer.from(broken, 'latin1')))).toMatchObject({
    indication: 'TOTAL-FAILED',
    integrity: 'broken',
  });
});

test('time: too early is a failure, too late needs proof', () => {
  const bytes = signedPdf(CADES, '-cades');
  expect(verify(bytes, years(-1))).toMatchObject({ subIndication: 'NOT_YET_VALID' });
  expect(verify(bytes, years(1))).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'NO_POE',
    integrity: 'sound',
  });
});

/** Appends a revision with a classic table. */
function append(signed: Uint8Array, objects: readonly (readonly [number, string])[]): string {
  let text = Buffer.from(signed).toString('latin1');
  const previous = /startxref\n(\d+)\n%%EOF\n$/.exec(text)![1];
  const entries: string[] = [];
  for (const [number, body] of objects) {
    entries.push(`${number} 1\n${String(text.length).padStart(10, '0')} 00000 n \n`);
    text += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const xref = text.length;
  text += `xref\n${entries.join('')}trailer\n<</Size 20 /Root 1 0 R /Prev ${previous}>>\n`;
  return `${text}startxref\n${xref}\n%%EOF\n`;
}

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const catalogue = (fields: string, more = ''): string =>
  `<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [${fields}] /SigFlags 3>> ${more}>>`;

/** Appends a security store with the given lists of the root, DER each. */
function withLists(signed: Uint8Array, lists: readonly Buffer[], fields = '4 0 R'): Uint8Array {
  const references = lists.map((_, i) => `${10 + i} 0 R`).join(' ');
  const streams = lists.map((der, i): [number, string] => [
    10 + i,
    `<</Length ${der.length}>>\nstream\n${der.toString('latin1')}\nendstream`,
  ]);
  const root1 = catalogue(fields, `/DSS <</CRLs [${references}]>>`);
  return bytesOf(append(signed, [...streams, [1, root1]]));
}

/** Appends a document timestamp by openssl over everything so far. */
function stamped(signed: Uint8Array): Uint8Array {
  const value = `<</Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 /ByteRange ${PLACEHOLDER} /Contents <${'0'.repeat(2 * SIZE)}>>>`;
  const widget = '/Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R';
  let text = append(signed, [
    [1, catalogue('4 0 R 6 0 R')],
    [3, '<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Annots [4 0 R 6 0 R]>>'],
    [6, `<<${widget} /FT /Sig /T (t) /V 7 0 R>>`],
    [7, value],
  ]);
  const start = text.lastIndexOf('/Contents <') + '/Contents '.length;
  const end = start + 2 * SIZE + 2;
  const range = [0, start, end, text.length - end].map((n) => String(n).padStart(6, '0'));
  text = text.replace(PLACEHOLDER, `[${range.join(' ')}]`);
  writeFileSync(path('data'), text.slice(0, start) + text.slice(end), 'latin1');
  writeFileSync(path('serial'), '01\n');
  openssl('ts', '-query', '-data', 'data', '-sha256', '-cert', '-no_nonce', '-out', 'tsq');
  const service = ['-config', 'conf', '-section', 'service', '-queryfile', 'tsq'];
  const signer = ['-signer', 'tsa.pem', '-inkey', 'tsa.key'];
  openssl('ts', '-reply', ...service, ...signer, '-token_out', '-out', 'token');
  const hex = readFileSync(path('token'))
    .toString('hex')
    .padEnd(2 * SIZE, '0');
  return bytesOf(text.slice(0, start + 1) + hex + text.slice(end - 1));
}

/** The root's list for `hours` from now; with the leaf on it if so wanted. */
function list(revoked: boolean, hours: number): Buffer {
  const leaf = parseCertificate(
    new Uint8Array(openssl('x509', '-in', 'leaf.pem', '-outform', 'DER')),
  );
  const stamp = (time: Date): string => `${time.toISOString().replace(/\D/g, '').slice(2, 14)}Z`;
  const row = ['R', stamp(leaf.notAfter), stamp(leaf.notBefore), leaf.serial.toUpperCase()];
  writeFileSync(path('index'), revoked ? `${[...row, 'unknown', '/CN=leaf'].join('\t')}\n` : '');
  writeFileSync(path('number'), '01\n');
  writeFileSync(
    path('ca'),
    '[ca]\ndefault_ca=a\n[a]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\n',
  );
  const by = ['-config', 'ca', '-keyfile', 'root.key', '-cert', 'root.pem'];
  openssl('ca', '-gencrl', ...by, '-crlhours', String(hours), '-out', 'crl.pem');
  return openssl('crl', '-in', 'crl.pem', '-outform', 'DER');
}

test('revocation data in the file counts: good, revoked, stale, forged', () => {
  const signed = signedPdf(CADES, '-cades');
  const minutes = (n: number): Date => new Date(root.notBefore.getTime() + n * 60_000);
  expect(verify(withLists(signed, [list(false, 5)]), minutes(30))).toMatchObject({
    indication: 'TOTAL-PASSED',
    integrity: 'sound',
  });
  expect(verify(withLists(signed, [list(true, 5)]), minutes(30))).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'REVOKED_NO_POE',
    integrity: 'sound',
  });
  expect(verify(withLists(signed, [list(false, 1)]), minutes(300))).toMatchObject({
    subIndication: 'REVOCATION_OUT_OF_BOUNDS_NO_POE',
  });
  const forged = Buffer.from(list(false, 5));
  forged[forged.length - 1]! ^= 1;
  expect(verify(withLists(signed, [forged]), minutes(30)).indication).toBe('INDETERMINATE');
  // Without a word about it, the chain decides, unless the caller wants more.
  const trust = { signature: [root], timestamp: [root] };
  const strict = verifyPdf(signed, { trust, at: minutes(30), requireRevocation: true });
  expect(strict).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'TRY_LATER' });
});

test('past the certificate: a document timestamp before the revocation data carries it', () => {
  const signed = signedPdf(CADES, '-cades');
  const proven = stamped(signed);
  const later = new Date(at.getTime() + 2 * 86_400_000);
  const complete = withLists(proven, [list(false, 99)], '4 0 R 6 0 R');
  expect(verify(complete, later)).toMatchObject({
    indication: 'TOTAL-PASSED',
    integrity: 'sound',
    signatures: [
      { field: 's', level: 'B-LT' },
      { field: 't', kind: 'document-timestamp', indication: 'TOTAL-PASSED' },
    ],
  });
  // Without the timestamp, without the list, and revoked before it was stamped.
  expect(verify(withLists(signed, [list(false, 99)]), later).subIndication).toBe(
    'OUT_OF_BOUNDS_NO_POE',
  );
  expect(verify(proven, later).subIndication).toBe('NO_POE');
  expect(verify(withLists(proven, [list(true, 99)], '4 0 R 6 0 R'), later)).toMatchObject({
    indication: 'INDETERMINATE',
  });
  // A timestamp over something else proves nothing, and breaks nothing.
  const text = Buffer.from(complete).toString('latin1');
  const copied = bytesOf(text.replace('/T (t)', '/T (u)'));
  expect(verify(copied, later)).toMatchObject({
    subIndication: 'OUT_OF_BOUNDS_NO_POE',
    integrity: 'sound',
    signatures: [{ integrity: 'sound' }, { subIndication: 'HASH_FAILURE', integrity: 'broken' }],
  });
});

test('without a signature nothing is sound', () => {
  const text = Buffer.from(signedPdf(CADES, '-cades')).toString('latin1');
  const bare = text.replace('/V 5 0 R', '        ');
  expect(verify(new Uint8Array(Buffer.from(bare, 'latin1')))).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'SIGNED_DATA_NOT_FOUND',
    integrity: 'broken',
    signatures: [],
  });
});

test('BER becomes DER, DER stays', () => {
  const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
  const shown = (text: string): string => Buffer.from(berToDer(hex(text)).der).toString('hex');
  expect(shown('3003020101')).toBe('3003020101');
  expect(shown('30800201010000')).toBe('3003020101');
  expect(shown('3081030201010000')).toBe('3003020101');
  expect(shown('24800401aa0402bbcc0000')).toBe('0403aabbcc');
  expect(berToDer(hex('30030201010000')).end).toBe(5);
  for (const bad of ['30', '3005020101', '0480', '308002', '1f8101', '2480020101'])
    expect(() => berToDer(hex(bad))).toThrow(DomainError);
  expect(() => berToDer(hex('3080'.repeat(60)))).toThrow('budget-exceeded');
});

test('proofs of existence: the earliest that covers the revision', () => {
  const existence = new Existence(years(9));
  existence.add({ revision: 6, time: years(2) });
  existence.add({ revision: 3, time: years(1) });
  expect(existence.provenAt(3)).toEqual(years(1));
  expect(existence.provenAt(4)).toEqual(years(2));
  expect(existence.provenAt(7)).toBeNull();
  expect(existence.existedAt(7)).toEqual(years(9));
});

test('digests over pieces', () => {
  expect(digestWith('sha256', Uint8Array.of(1), Uint8Array.of(2))).toEqual(
    digestWith('sha256', Uint8Array.of(1, 2)),
  );
});
