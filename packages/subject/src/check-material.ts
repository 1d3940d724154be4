import { bytesEqual, concat, toHex } from '@mandate/core/encoding';
import { DomainError, isDomainError, type ErrorCode } from '@mandate/core/errors';
import { checkSignatureUpdate, layoutOfUpdate, signedRanges } from '@mandate/pdf';
import { readCertificateFields, type CertificateFields } from '@mandate/pki/certificate-fields';
import { OID } from '@mandate/pki/oids';
import { encodeSignedAttributes } from '@mandate/pki/signed-attributes';
import type { Challenge } from './challenge-digest.js';
import { sha256 } from './sha256.js';

/** What the server asks the subject's key to sign. */
export interface Material {
  /** Scene certificate, DER. */
  readonly certificate: Uint8Array;
  /** Incremental update with an empty `/Contents`. */
  readonly update: Uint8Array;
  /** DER `SET OF Attribute`. */
  readonly signedAttributes: Uint8Array;
}

/** A scene certificate lives ten minutes; more is no scene certificate. */
const MAX_LIFETIME_SECONDS = 15 * 60;
/** How wrong the device's clock may be. */
const CLOCK_TOLERANCE_SECONDS = 5 * 60;

/**
 * The subject's own check, before its key signs: everything is computed anew from the letter that was
 * shown, the challenge that was confirmed and the key made here; nothing the server says is taken on trust.
 * `at` is the device's time.
 * - `certificate-mismatch`: not a certificate for this key, letter and scene, or not valid now
 * - `update-mismatch`: the letter is not the challenged one, or the update is not the fixed template for it
 * - `signature-invalid`: the signed attributes are not exactly content type, message digest and signing certificate
 */
export async function checkMaterial(p: {
  letter: Uint8Array;
  challenge: Challenge;
  publicKey: Uint8Array;
  material: Material;
  at: Date;
}): Promise<void> {
  const { letter, challenge, material, at } = p;
  const letterDigest = toHex(await sha256(letter));
  if (letterDigest !== challenge.letterDigest)
    refuse('update-mismatch', 'the letter is not the one the challenge was made for');
  const certificate = readCertificate(material.certificate);
  checkCertificate(certificate, p.publicKey, challenge, at);
  checkUpdate(letter, material.update, certificate);

  const expected = encodeSignedAttributes({
    contentType: OID.data,
    messageDigest: await sha256(concat(...signedRanges(letter, material.update))),
    certificateDigest: await sha256(material.certificate),
    issuerDer: certificate.issuerDer,
    serialDer: certificate.serialDer,
  });
  if (!bytesEqual(expected, material.signedAttributes))
    refuse('signature-invalid', 'the attributes to be signed are not those of this letter');
}

function readCertificate(bytes: Uint8Array): CertificateFields {
  try {
    return readCertificateFields(bytes);
  } catch (cause) {
    if (!isDomainError(cause)) throw cause;
    throw new DomainError('certificate-mismatch', 'the certificate cannot be read', { cause });
  }
}

function checkCertificate(
  certificate: CertificateFields,
  publicKey: Uint8Array,
  challenge: Challenge,
  at: Date,
): void {
  const { sceneBinding: binding } = certificate;
  if (!bytesEqual(certificate.spki, publicKey))
    refuse('certificate-mismatch', 'the certificate is for another key');
  if (!binding) return refuse('certificate-mismatch', 'the certificate is for no scene');
  if (toHex(binding.letterDigest) !== challenge.letterDigest)
    refuse('certificate-mismatch', 'the certificate is for another letter');
  if (toHex(binding.sceneDigest) !== challenge.sceneDigest)
    refuse('certificate-mismatch', 'the certificate is for another scene');
  if (binding.keyOrigin !== 'browser')
    refuse('certificate-mismatch', 'the certificate says the key was made elsewhere');

  const [from, to] = [certificate.notBefore.getTime(), certificate.notAfter.getTime()];
  if (to - from > MAX_LIFETIME_SECONDS * 1000)
    refuse('certificate-mismatch', 'the certificate lives too long');
  const tolerance = CLOCK_TOLERANCE_SECONDS * 1000;
  if (at.getTime() < from - tolerance || at.getTime() > to + tolerance)
    refuse('certificate-mismatch', 'the certificate is not valid now');
}

function checkUpdate(
  letter: Uint8Array,
  update: Uint8Array,
  { notBefore, notAfter }: CertificateFields,
): void {
  const expected = { certify: true, unsigned: true };
  const [finding] = checkSignatureUpdate(letter, update, expected);
  if (finding) refuse('update-mismatch', `the update is not the template: ${finding.id}`);
  const { date } = layoutOfUpdate(letter.length, update);
  if (date < notBefore || date > notAfter)
    refuse('update-mismatch', 'the signing time lies outside the certificate’s validity');
}

function refuse(code: ErrorCode, detail: string): never {
  throw new DomainError(code, detail);
}
