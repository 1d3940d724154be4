import { sha256 } from '@mandate/core';
import { KEY_USAGES, type KeyUsage } from './certificate.js';
import { der, readDer, TAG, type DerBytes } from './der.js';
import { OID, SCENE_BINDING_OID } from './oids.js';
import { encodeSceneBinding, type SceneBinding } from './scene-binding.js';

/** `Extension`; the value is the DER of the extension's own type. */
export const extension = (oid: string, critical: boolean, value: DerBytes): DerBytes =>
  critical
    ? der.sequence(der.oid(oid), der.boolean(true), der.octets(value))
    : der.sequence(der.oid(oid), der.octets(value));

/** Critical; `pathLength` only for a CA (RFC 5280 §4.2.1.9). */
export function basicConstraints(ca: boolean, pathLength?: number): DerBytes {
  const parts = ca ? [der.boolean(true)] : [];
  if (ca && pathLength !== undefined) parts.push(der.integer(pathLength));
  return extension(OID.basicConstraints, true, der.sequence(...parts));
}

/** Critical (§4.2.1.3). */
export const keyUsage = (...usages: KeyUsage[]): DerBytes =>
  extension(OID.keyUsage, true, der.namedBits(usages.map((usage) => KEY_USAGES.indexOf(usage))));

/** Purposes as OIDs; timeStamping must be alone and critical (RFC 3161 §2.3). */
export const extendedKeyUsage = (purposes: readonly string[], critical = false): DerBytes =>
  extension(OID.extendedKeyUsage, critical, der.sequence(...purposes.map((oid) => der.oid(oid))));

/** Leftmost 160 bits of SHA-256 of the key's bits (RFC 7093 §2, method 1). */
export function keyIdentifier(spki: Uint8Array): Uint8Array {
  return sha256(publicKeyBits(spki)).subarray(0, 20);
}

/** The BIT STRING's value of a SubjectPublicKeyInfo, which key identifiers are digests of. */
export function publicKeyBits(spki: Uint8Array): Uint8Array {
  const fields = readDer(spki).fields();
  fields.next(TAG.sequence);
  return fields.next().bits();
}

export const subjectKeyId = (keyId: Uint8Array): DerBytes =>
  extension(OID.subjectKeyIdentifier, false, der.octets(keyId));

export const authorityKeyId = (keyId: Uint8Array): DerBytes =>
  extension(OID.authorityKeyIdentifier, false, der.sequence(der.implicit(0, der.octets(keyId))));

const uri = (url: string): DerBytes => der.implicit(6, der.ia5(url));

/** OCSP responders and addresses of the issuer's certificate (§4.2.2.1). */
export const authorityInfoAccess = (at: {
  ocsp?: readonly string[];
  issuers?: readonly string[];
}): DerBytes =>
  extension(
    OID.authorityInfoAccess,
    false,
    der.sequence(
      ...(at.ocsp ?? []).map((url) => der.sequence(der.oid(OID.ocspAccess), uri(url))),
      ...(at.issuers ?? []).map((url) => der.sequence(der.oid(OID.caIssuers), uri(url))),
    ),
  );

/** One distribution point with all URLs as its full name (§4.2.1.13). */
export const crlDistributionPoints = (urls: readonly string[]): DerBytes =>
  extension(
    OID.crlDistributionPoints,
    false,
    der.sequence(der.sequence(der.context(0, der.context(0, ...urls.map(uri))))),
  );

/** For delegated OCSP responders: their own certificate is not asked about (RFC 6960 §4.2.2.2.1). */
export const ocspNoCheck = (): DerBytes => extension(OID.ocspNoCheck, false, der.null());

/** ETSI EN 319 412-1 §5.2: too short-lived to be revoked for ordinary reasons. */
export const validityAssuredShortTerm = (): DerBytes =>
  extension(OID.validityAssuredShortTerm, false, der.null());

/**
 * Not critical: OpenSSL rejects chains with critical extensions it does not know.
 * Our own path validation requires it in scene certificates all the same.
 */
export const sceneBinding = (binding: SceneBinding): DerBytes =>
  extension(SCENE_BINDING_OID, false, encodeSceneBinding(binding));
