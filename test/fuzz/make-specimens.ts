/**
 * Makes the fixed inputs of the fuzz tests anew: `npm run fuzz -- --make-specimens`. They are committed,
 * because keys and signatures are random and a seed is only worth something with the bytes it was used on.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
import { makeAuthority, newSerial } from '../kit/authority.js';
import { buildBundle, LATER, makeToken, START } from '../kit/build-bundle.js';
import type { Anchors } from './specimens.js';

const save = (name: string, bytes: Uint8Array | string): void =>
  writeFileSync(join(fileURLToPath(new URL('specimens/', import.meta.url)), name), bytes);

const authority = makeAuthority();
const { ca, root, anchors } = authority;
const archived = await archivedLetter(authority);
const { signedLetter, certificate } = archived;
const signature = readSignatures(readPdf(signedLetter))[0]!;

save('letter.pdf', signedLetter);
save('archived.pdf', archived.archived);
save('bundle.asice', archived.bundle);
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
const drawn = renamed(archived.letter);
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
save('foreign.pdf', stampLetter(complete, authority.stamp, 220));

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
const written: Anchors = {
  at: LATER.toISOString(),
  scene: base64(anchors.scene),
  seal: base64(anchors.seal),
  timestamp: base64(anchors.timestamp),
  ledger: anchors.ledger.join('\n'),
};
save('anchors.json', `${JSON.stringify(written, null, 2)}\n`);

function renamed(letter: Uint8Array): Uint8Array {
  const text = Buffer.from(letter)
    .toString('latin1')
    .replaceAll('MandateSubject', 'ForeignSubject');
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
