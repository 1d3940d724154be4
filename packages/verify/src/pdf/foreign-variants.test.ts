import { expect, test } from '@jest/globals';
import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { concat, sha256 } from '@mandate/core';
import {
  assembleCertificate,
  attribute,
  basicConstraints,
  certificateTbs,
  crlTbs,
  assembleCrl,
  der,
  keyUsage,
  name,
  OID,
  parseCertificate,
  readDer,
  signedAttributes,
  assembleSignedData,
  type Certificate,
} from '@mandate/pki';
import {
  authority,
  issue,
  minutes,
  newKey,
  signCms,
  signWith,
  stamp,
  stampExtensions,
  T0,
  type Holder,
} from '../../../pki/test/throw-away-pki.js';
import { verifyPdf, type PdfVerdict } from './verify-pdf.js';

/** Variants of what published files show, each made here: one thing is odd about each. */
const leafExtensions = (): Uint8Array[] => [
  basicConstraints(false),
  keyUsage('digitalSignature', 'nonRepudiation'),
];
const root = authority('Variants Root');
const ca = authority('Variants CA', root);
const leaf = issue({ cn: 'Signer', issuer: ca, extensions: leafExtensions() });
const short = issue({
  cn: 'Short',
  issuer: ca,
  extensions: leafExtensions(),
  notAfter: minutes(10),
});
const timeRoot = authority('Variants Time');
const tsa = issue({ cn: 'TSA', issuer: timeRoot, extensions: stampExtensions() });
const BAG = [leaf.certificate.der, ca.certificate.der];

const SIZE = 8000;
const PLACEHOLDER = '[000000 000000 000000 000000]';

/** A one-page PDF with one signature over `data`; objects from 10 on stand beside it. */
function pdf(
  cmsOf: (data: Uint8Array) => Uint8Array,
  options: { subFilter?: string; dss?: string; streams?: readonly Uint8Array[] } = {},
): Uint8Array {
  const objects = [
    `<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [4 0 R] /SigFlags 3>> ${options.dss ?? ''}>>`,
    '<</Type /Pages /Kids [3 0 R] /Count 1>>',
    '<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Annots [4 0 R]>>',
    '<</Type /Annot /Subtype /Widget /FT /Sig /T (s) /Rect [0 0 0 0] /P 3 0 R /V 5 0 R>>',
    `<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /${options.subFilter ?? 'ETSI.CAdES.detached'} /ByteRange ${PLACEHOLDER} /Contents <${'0'.repeat(2 * SIZE)}>>>`,
    ...(options.streams ?? []).map(
      (bytes) =>
        `<</Length ${bytes.length}>>\nstream\n${Buffer.from(bytes).toString('latin1')}\nendstream`,
    ),
  ];
  let text = '%PDF-1.7\n';
  const offsets = objects.map((body, i) => {
    const offset = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const xref = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  text += `trailer\n<</Size ${objects.length + 1} /Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`;
  const start = text.indexOf('/Contents <') + '/Contents '.length;
  const end = start + 2 * SIZE + 2;
  const range = [0, start, end, text.length - end].map((n) => String(n).padStart(6, '0'));
  text = text.replace(PLACEHOLDER, `[${range.join(' ')}]`);
  const cms = cmsOf(new Uint8Array(Buffer.from(text.slice(0, start) + text.slice(end), 'latin1')));
  const hex = Buffer.from(cms)
    .toString('hex')
    .padEnd(2 * SIZE, '0');
  return new Uint8Array(
    Buffer.from(text.slice(0, start + 1) + hex + text.slice(end - 1), 'latin1'),
  );
}

const verify = (
  bytes: Uint8Array,
  p: { at?: Date; anchors?: readonly Certificate[]; requireRevocation?: boolean } = {},
): PdfVerdict =>
  verifyPdf(bytes, {
    trust: { signature: p.anchors ?? [root.certificate], timestamp: [timeRoot.certificate] },
    at: p.at ?? minutes(5),
    requireRevocation: p.requireRevocation ?? false,
  });

const signed = (data: Uint8Array, signer: Holder = leaf, more: object = {}): Uint8Array =>
  signCms({
    signer,
    content: data,
    certificates: [signer.certificate.der, ca.certificate.der],
    ...more,
  });

/** The CMS with its only SignerInfo made anew. */
function reshaped(cms: Uint8Array, change: (members: Uint8Array[]) => Uint8Array[]): Uint8Array {
  const [type, wrapped] = readDer(cms).children;
  const members = wrapped!.children[0]!.children.map(({ bytes }) => bytes);
  const signer = readDer(members.at(-1)!).children[0]!.children.map(({ bytes }) => bytes);
  members[members.length - 1] = der.set(der.sequence(...change(signer)));
  return der.sequence(type!.bytes, der.context(0, der.sequence(...members)));
}

/** Signed attributes with more among them. */
const withAttribute = (data: Uint8Array, signer: Holder, more: Uint8Array): Uint8Array => {
  const usual = signedAttributes({
    contentType: OID.data,
    messageDigest: sha256(data),
    signerCertificate: signer.certificate,
  });
  return der.set(...readDer(usual).children.map(({ bytes }) => bytes), more);
};
const CONTENT_STAMP = '1.2.840.113549.1.9.16.2.20';
const stampAt = (digest: Uint8Array, genTime: Date): Uint8Array =>
  stamp(tsa, digest, { info: { genTime } });

/** An authority's list, with a certificate revoked in the second minute if so wanted. */
function listOf(issuer: Holder, revoked?: Certificate): Uint8Array {
  const tbs = crlTbs({
    issuer: issuer.certificate.subjectDer,
    thisUpdate: minutes(4),
    nextUpdate: minutes(60),
    number: 1,
    entries: revoked ? [{ serial: revoked.serialDer.subarray(2), at: minutes(1), reason: 1 }] : [],
    authorityKeyId: issuer.certificate.subjectKeyId!,
    suite: issuer.key.suite,
  });
  return assembleCrl(tbs, issuer.key.suite, signWith(issuer.key, tbs));
}

test('the plain case', () => {
  expect(verify(pdf(signed))).toMatchObject({ indication: 'TOTAL-PASSED', integrity: 'sound' });
});

test('a detached signature that contains something: the file, other bytes, nothing', () => {
  const inside = (content: Uint8Array) => (data: Uint8Array) =>
    assembleSignedData({
      contentType: OID.data,
      content,
      certificates: BAG,
      signer: leaf.certificate,
      ...attributesOf(data),
    });
  const attributesOf = (data: Uint8Array) => {
    const attributes = withAttribute(data, leaf, attribute('1.2.3.4', der.null()));
    const suite = leaf.key.suite;
    return { signedAttributes: attributes, suite, signature: signWith(leaf.key, attributes) };
  };
  expect(verify(pdf((data) => inside(data)(data)))).toMatchObject({
    subIndication: 'FORMAT_FAILURE',
    integrity: 'broken',
  });
  for (const other of [Uint8Array.of(1, 2, 3), new Uint8Array()])
    expect(verify(pdf(inside(other)))).toMatchObject({
      subIndication: 'SIG_CRYPTO_FAILURE',
      integrity: 'broken',
    });
});

test('several signature timestamps, each an attribute of its own', () => {
  const twice = (data: Uint8Array): Uint8Array =>
    reshaped(signed(data), (members) => {
      const digest = sha256(readDer(members.at(-1)!).octets());
      const stamps = [1, 2].map((n) =>
        attribute(OID.signatureTimestampToken, stampAt(digest, minutes(n))),
      );
      return [...members, der.implicit(1, der.set(...stamps))];
    });
  expect(verify(pdf(twice))).toMatchObject({
    indication: 'TOTAL-PASSED',
    signatures: [{ time: '2026-11-21T09:31:00Z', tokens: [{ faults: [] }, { faults: [] }] }],
  });
});

test('a timestamp that does not hold takes its time away and nothing else', () => {
  const withToken = (token: (digest: Uint8Array) => Uint8Array) => (data: Uint8Array) =>
    reshaped(signed(data), (members) => [
      ...members,
      der.implicit(
        1,
        der.set(
          attribute(OID.signatureTimestampToken, token(sha256(readDer(members.at(-1)!).octets()))),
        ),
      ),
    ]);
  const other = authority('Other Time');
  const stranger = issue({ cn: 'Other', issuer: other, extensions: stampExtensions() });
  const noPurpose = issue({ cn: 'No purpose', issuer: timeRoot, extensions: leafExtensions() });
  for (const token of [
    () => stampAt(sha256(Uint8Array.of(1)), minutes(1)),
    (digest: Uint8Array) => stamp(stranger, digest),
    (digest: Uint8Array) => stamp(noPurpose, digest),
    (digest: Uint8Array) => stampAt(digest, minutes(60)),
    (digest: Uint8Array) => stampAt(digest, minutes(-60 * 48)),
    () => der.sequence(der.null()),
  ]) {
    const [signature] = verify(pdf(withToken(token))).signatures;
    expect(signature).toMatchObject({ indication: 'TOTAL-PASSED', level: 'B-B' });
    expect(signature!.time).toBeUndefined();
    expect(signature!.tokens?.[0]?.faults.length).toBeGreaterThan(0);
  }
  // and with it what only the time carried
  const stamped = (data: Uint8Array): Uint8Array => signed(data, short);
  expect(verify(pdf(stamped), { at: minutes(20) }).indication).toBe('INDETERMINATE');
});

test('what was stamped before it was signed: after the certificate’s end, after its revocation', () => {
  const about = (genTime: Date, stampedData?: Uint8Array) => (data: Uint8Array) => {
    const token = stampAt(sha256(stampedData ?? data), genTime);
    const attributes = withAttribute(data, short, attribute(CONTENT_STAMP, token));
    return signed(data, short, { attributes });
  };
  expect(verify(pdf(about(minutes(2)))).indication).toBe('TOTAL-PASSED');
  expect(verify(pdf(about(minutes(12))), { at: minutes(20) })).toMatchObject({
    indication: 'TOTAL-FAILED',
    subIndication: 'EXPIRED',
    integrity: 'sound',
  });
  // a content timestamp of something else proves nothing
  expect(verify(pdf(about(minutes(12), Uint8Array.of(1))), { at: minutes(20) }).indication).toBe(
    'INDETERMINATE',
  );

  const lists = [listOf(root), listOf(ca, short.certificate)];
  const kept = { dss: '/DSS <</CRLs [6 0 R 7 0 R]>>', streams: lists };
  expect(verify(pdf(about(minutes(2)), kept))).toMatchObject({
    indication: 'TOTAL-FAILED',
    subIndication: 'REVOKED',
  });
  expect(verify(pdf(about(minutes(0)), kept))).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'REVOKED_NO_POE',
  });
});

test('issued by a certificate that is no authority’s', () => {
  const fake = issue({ cn: 'Fake', issuer: leaf, extensions: leafExtensions() });
  const bytes = pdf((data) => signed(data, fake, { certificates: [fake.certificate.der, ...BAG] }));
  expect(verify(bytes, { anchors: [] })).toMatchObject({
    subIndication: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
    integrity: 'sound',
  });
  expect(verify(bytes).indication).toBe('INDETERMINATE');
});

test('two certificates that answer to the signer', () => {
  const decoyKey = newKey();
  const tbs = certificateTbs({
    serial: leaf.certificate.serialDer.subarray(2),
    issuer: leaf.certificate.issuerDer,
    subject: leaf.certificate.subjectDer,
    notBefore: T0,
    notAfter: minutes(99),
    spki: decoyKey.spki,
    extensions: leafExtensions(),
    suite: decoyKey.suite,
  });
  const decoy = assembleCertificate(tbs, decoyKey.suite, signWith(decoyKey, tbs));
  const bytes = pdf((data) => signed(data, leaf, { certificates: [decoy, ...BAG] }));
  expect(verify(bytes)).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'NO_SIGNING_CERTIFICATE_FOUND',
  });
});

test('required revocation data must speak of every certificate below the anchor', () => {
  const required = (...lists: Uint8Array[]): PdfVerdict =>
    verify(
      pdf(signed, {
        dss: `/DSS <</CRLs [${lists.map((_, i) => `${6 + i} 0 R`).join(' ')}]>>`,
        streams: lists,
      }),
      { requireRevocation: true },
    );
  expect(required(listOf(ca), listOf(root)).indication).toBe('TOTAL-PASSED');
  for (const lists of [[], [listOf(ca)], [listOf(root)]])
    expect(required(...lists)).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'TRY_LATER',
    });
});

/** A signature by a key of another kind under a certificate of the same root. */
function byKey(kind: 'ed25519' | 'ed448' | 'dsa', digestOid: string, digest: string) {
  const { privateKey, publicKey } =
    kind === 'dsa'
      ? generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })
      : generateKeyPairSync(kind as 'ed25519');
  const tbs = certificateTbs({
    serial: Uint8Array.of(1, 2, 3),
    issuer: root.certificate.subjectDer,
    subject: name([{ type: 'CN', value: kind }]),
    notBefore: minutes(-10),
    notAfter: minutes(99),
    spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    extensions: leafExtensions(),
    suite: root.key.suite,
  });
  const certificate = parseCertificate(
    assembleCertificate(tbs, root.key.suite, signWith(root.key, tbs)),
    'foreign',
  );
  const hash = (data: Uint8Array): Uint8Array =>
    new Uint8Array(
      createHash(digest, digest === 'shake256' ? { outputLength: 64 } : {})
        .update(data)
        .digest(),
    );
  const oid = { ed25519: OID.ed25519, ed448: '1.3.101.113', dsa: '2.16.840.1.101.3.4.3.2' }[kind];
  return pdf((data) => {
    const attributes = signedAttributes({
      contentType: OID.data,
      messageDigest: hash(data),
      signerCertificate: certificate,
    });
    const key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const signature = new Uint8Array(sign(kind === 'dsa' ? digest : null, attributes, key));
    return reshaped(
      signCms({ signer: leaf, content: data, certificates: [certificate.der] }),
      ([version]) => [
        version!,
        der.sequence(certificate.issuerDer, certificate.serialDer),
        der.sequence(der.oid(digestOid)),
        der.implicit(0, attributes),
        der.sequence(der.oid(oid)),
        der.octets(signature),
      ],
    );
  });
}

test.each<['ed25519' | 'ed448' | 'dsa', string, string, string | undefined]>([
  ['ed25519', OID.sha512, 'sha512', undefined],
  ['ed25519', OID.sha256, 'sha256', 'CRYPTO_CONSTRAINTS_FAILURE'],
  ['ed448', '2.16.840.1.101.3.4.2.12', 'shake256', undefined],
  ['ed448', OID.sha512, 'sha512', 'CRYPTO_CONSTRAINTS_FAILURE'],
  // verifies, and is past its time
  ['dsa', OID.sha256, 'sha256', 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'],
])('%s over %s, %s', (kind, oid, digest, sub) => {
  const { integrity, subIndication } = verify(byKey(kind, oid, digest));
  expect([integrity, subIndication]).toEqual(['sound', sub]);
});

test('a revoked authority, and one revoked by a list of another', () => {
  const kept = (...lists: Uint8Array[]): PdfVerdict =>
    verify(
      pdf(signed, {
        dss: `/DSS <</CRLs [${lists.map((_, i) => `${6 + i} 0 R`).join(' ')}]>>`,
        streams: lists,
      }),
    );
  expect(kept(listOf(ca), listOf(root, ca.certificate))).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'REVOKED_CA_NO_POE',
  });
  // serials are the issuer's own
  expect(kept(listOf(ca), listOf(timeRoot, ca.certificate)).indication).toBe('TOTAL-PASSED');
});

test('what is appended without a revision of its own makes the file nobody’s', () => {
  const bytes = pdf(signed);
  for (const tail of ['x', '%comment\n', '\n%%EOF\n1'])
    expect(() => verify(concat(bytes, new Uint8Array(Buffer.from(tail))))).toThrow('format-pdf');
});
