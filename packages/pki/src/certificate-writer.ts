import type { SignatureSuite } from '@mandate/core';
import { DomainError } from '@mandate/core/errors';
import { suiteIdentifier } from './algorithms.js';
import { der, type DerBytes } from './der.js';

export interface CertificateParameters {
  /** Magnitude, big-endian; 1 to 20 octets as encoded (RFC 5280 §4.1.2.2). */
  readonly serial: Uint8Array;
  /** Name, DER. */
  readonly issuer: DerBytes;
  /** Name, DER. */
  readonly subject: DerBytes;
  /** Sub-seconds are cut. */
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: DerBytes;
  /** In this order. */
  readonly extensions: readonly DerBytes[];
  /** The issuer's suite. */
  readonly suite: SignatureSuite;
}

/** To-be-signed bytes of an X.509 v3 certificate. Throws `format-certificate` on an unfit serial. */
export function certificateTbs(p: CertificateParameters): DerBytes {
  const serial = der.integer(p.serial);
  // Tag and length take two octets; a zero serial is not positive.
  if (serial.length > 22 || p.serial.every((octet) => octet === 0))
    throw new DomainError('format-certificate', 'serial number out of bounds');
  return der.sequence(
    der.context(0, der.integer(2)),
    serial,
    suiteIdentifier(p.suite),
    p.issuer,
    der.sequence(der.time(p.notBefore), der.time(p.notAfter)),
    p.subject,
    p.spki,
    der.context(3, der.sequence(...p.extensions)),
  );
}

/** Certificate from its to-be-signed bytes and the issuer's signature over exactly them. */
export const assembleCertificate = (
  tbs: DerBytes,
  suite: SignatureSuite,
  signature: Uint8Array,
): DerBytes => der.sequence(tbs, suiteIdentifier(suite), der.bits(signature));
