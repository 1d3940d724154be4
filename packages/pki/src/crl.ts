import type { SignatureSuite } from '@mandate/core';
import { suiteIdentifier } from './algorithms.js';
import { der, type DerBytes } from './der.js';
import { authorityKeyId, extension } from './extensions.js';
import { OID } from './oids.js';

/** One revoked certificate. `reason`: CRLReason (RFC 5280 §5.3.1), left out when unspecified. */
export interface RevokedEntry {
  /** Magnitude, big-endian. */
  readonly serial: Uint8Array;
  readonly at: Date;
  readonly reason?: number;
}

/** To-be-signed bytes of a version 2 CRL (RFC 5280 §5). */
export const crlTbs = (p: {
  /** Name, DER. */
  issuer: DerBytes;
  thisUpdate: Date;
  nextUpdate: Date;
  /** CRL number, increasing. */
  number: number | bigint;
  entries: readonly RevokedEntry[];
  authorityKeyId: Uint8Array;
  suite: SignatureSuite;
}): DerBytes =>
  der.sequence(
    der.integer(1),
    suiteIdentifier(p.suite),
    p.issuer,
    der.time(p.thisUpdate),
    der.time(p.nextUpdate),
    // An empty list is left out, not written empty (§5.1.2.6).
    ...(p.entries.length > 0 ? [der.sequence(...p.entries.map(writeEntry))] : []),
    der.context(
      0,
      der.sequence(
        authorityKeyId(p.authorityKeyId),
        extension(OID.crlNumber, false, der.integer(p.number)),
      ),
    ),
  );

const writeEntry = ({ serial, at, reason }: RevokedEntry): DerBytes =>
  der.sequence(
    der.integer(serial),
    der.time(at),
    ...(reason === undefined
      ? []
      : [der.sequence(extension(OID.reasonCode, false, der.enumerated(reason)))]),
  );

/** CertificateList from its to-be-signed bytes and the issuer's signature. */
export const assembleCrl = (
  tbs: DerBytes,
  suite: SignatureSuite,
  signature: Uint8Array,
): DerBytes => der.sequence(tbs, suiteIdentifier(suite), der.bits(signature));
