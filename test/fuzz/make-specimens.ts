import { addSeconds, concat, sha256 } from '@mandate/core';
import { PART } from '@mandate/evidence';
import {
  assembleCrl,
  assembleSignedData,
  basicConstraints,
  crlTbs,
  extendedKeyUsage,
  keyIdentifier,
  keyUsage,
  OID,
  signedAttributes,
} from '@mandate/pki';
import {
  closeSignature,
  readPdf,
  readSignatures,
  signatureUpdate,
  signedRanges,
} from '@mandate/pdf';
import { archivedLetter, stampLetter, withMaterial } from '../kit/archived-letter.js';
import {
  makeAuthority,
  newSerial,
  type TestAuthority,
  type TestIdentity,
} from '../kit/authority.js';
import { buildBundle, LATER, makeToken, START } from '../kit/build-bundle.js';
import type { WrittenTrust } from './specimens.js';

/** Good inputs by file name, with keys and signatures of their own. */
export async function makeSpecimens(): Promise<Map<string, Uint8Array>> {
  const made = new Map<string, Uint8Array>();
  const save = (name: string, bytes: Uint8Array): unknown => made.set(name, new Uint8Array(bytes));
  const authority = makeAuthority();
  const { ca, root, anchors } = authority;
  const archived = await archivedLetter(authority);
  const { signedLetter, certificate } = archived;
  const signature = readSignatures(readPdf(signedLetter))[0]!;

  save('letter.pdf', signedLetter);
  save('archived.pdf', archived.archived);
  save('cms.der', signature.contents);
  save('tst.der', archived.parts.get(PART.token)!);
  save('ocsp.der', archived.parts.get(PART.ocsp)!);
  save('cert.der', certificate.der);
  save('ca.der', ca.certificate.der);

  // Another letter of the same authority, about something else: what attackers swap in.
  save('other-letter.pdf', (await buildBundle(authority, {}, 'en')).signedLetter);

  // A PDF that claims nothing of ours: the same drawing under another field name, an ordinary certificate.
  const signer = authority.issueLeaf('Somebody Else', root, [
    basicConstraints(false),
    keyUsage('digitalSignature', 'nonRepudiation'),
    extendedKeyUsage([OID.documentSigning]),
  ]);
  save('foreign.pdf', signedBySomebody(authority, signer, renamed(archived.letter)));
  save('small.pdf', signedBySomebody(authority, signer, smallDocument()));

  // A list with the usual contents; the certificate of `cert.der` is not on it, `revoked` is.
  const revoked = authority.issueLeaf('Revoked', ca, [
    basicConstraints(false),
    keyUsage('digitalSignature', 'nonRepudiation'),
    extendedKeyUsage([OID.documentSigning]),
  ]);
  const tbs = crlTbs({
    issuer: ca.certificate.subjectDer,
    thisUpdate: addSeconds(START, 161),
    nextUpdate: addSeconds(LATER, 3600),
    number: 17,
    entries: [
      { serial: newSerial(), at: addSeconds(START, 10) },
      { serial: revoked.certificate.serialDer.subarray(2), at: addSeconds(START, 20), reason: 4 },
      { serial: newSerial(), at: addSeconds(START, 30), reason: 1 },
    ],
    authorityKeyId: ca.certificate.subjectKeyId ?? keyIdentifier(ca.spki),
    suite: 'ecdsa-p256-sha256',
  });
  save('crl.der', assembleCrl(tbs, 'ecdsa-p256-sha256', ca.sign(tbs)));
  save('revoked.der', revoked.certificate.der);

  const base64 = (list: readonly Uint8Array[]): string[] =>
    list.map((der) => Buffer.from(der).toString('base64'));
  const written: WrittenTrust = {
    at: LATER.toISOString(),
    scene: base64(anchors.scene),
    seal: base64(anchors.seal),
    timestamp: base64(anchors.timestamp),
    ledger: anchors.ledger.join('\n'),
  };
  save('anchors.json', Buffer.from(`${JSON.stringify(written, null, 2)}\n`));
  return made;
}

function signedBySomebody(
  authority: TestAuthority,
  signer: TestIdentity,
  drawn: Uint8Array,
): Uint8Array {
  const update = signatureUpdate(drawn, {
    field: 'ForeignSubject',
    date: addSeconds(START, 155),
    contentsBytes: 12_288,
  });
  const attributes = signedAttributes({
    contentType: OID.data,
    messageDigest: sha256(concat(...signedRanges(drawn, update))),
    signerCertificate: signer.certificate,
  });
  const value = signer.sign(attributes);
  const cms = assembleSignedData({
    contentType: OID.data,
    certificates: [signer.certificate.der],
    signer: signer.certificate,
    signedAttributes: attributes,
    suite: 'ecdsa-p256-sha256',
    signature: value,
    unsignedTimestampToken: makeToken(authority.stamp, sha256(value), 160).token,
  });
  const material = { certificates: [signer.certificate.der], ocsps: [], crls: [] };
  const complete = withMaterial(closeSignature(drawn, update, cms), material);
  return stampLetter(complete, authority.stamp, 220);
}

/** One page, one line, one empty signature field: nothing that takes time to read. */
function smallDocument(): Uint8Array {
  const content = 'BT /F1 12 Tf 50 700 Td (I agree.) Tj ET';
  const bodies = [
    '<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [7 0 R] ' +
      '/Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    '<< /Fields [7 0 R] >>',
    '<< /Type /Annot /Subtype /Widget /FT /Sig /T (ForeignSubject) /Rect [0 0 0 0] /F 132 /P 3 0 R >>',
  ];
  let text = '%PDF-1.7\n';
  const entries = bodies.map((body, i) => {
    const offset = String(text.length).padStart(10, '0');
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return `${offset} 00000 n \n`;
  });
  const start = text.length;
  const size = bodies.length + 1;
  text += `xref\n0 ${size}\n0000000000 65535 f \n${entries.join('')}`;
  text += `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function renamed(letter: Uint8Array): Uint8Array {
  const text = Buffer.from(letter)
    .toString('latin1')
    .replaceAll('MandateSubject', 'ForeignSubject');
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
