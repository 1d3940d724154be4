import { OID } from './oids.js';
import type { Certificate, KeyUsage } from './certificate.js';
import { isSelfIssued, type Fault } from './chain-checks.js';
import { readDer } from './der.js';
import { alternativeNamesOf } from './name-constraints.js';

/** Extensions that must never be critical (§4.2.1.1–2, §4.2.2), and those that must (§4.2.1.10–11, §4.2.1.14). */
const NEVER_CRITICAL: readonly string[] = [
  OID.authorityKeyIdentifier,
  OID.subjectKeyIdentifier,
  OID.authorityInfoAccess,
  OID.subjectInfoAccess,
  OID.freshestCrl,
];
const ALWAYS_CRITICAL: readonly string[] = [
  OID.nameConstraints,
  OID.policyConstraints,
  OID.inhibitAnyPolicy,
];
const AUTHORITIES_ONLY: readonly string[] = [...ALWAYS_CRITICAL, OID.policyMappings];

/**
 * What RFC 5280 §4 obliges issuers to, beyond what validators must check (§6): a chain may be valid
 * and yet contain certificates no conforming authority would issue. Leaf first, anchor last.
 * Throws `format-der`.
 */
export function issuanceFault(chain: readonly Certificate[]): Fault | undefined {
  for (const [i, certificate] of chain.entries()) {
    const what = oneFault(certificate, i);
    if (what) return ['CHAIN_CONSTRAINTS_FAILURE', `certificate ${i} ${what}`];
  }
  return undefined;
}

function oneFault(certificate: Certificate, position: number): string | undefined {
  const { extensions, serial, version } = certificate;
  const has = (oid: string): boolean => extensions.some((it) => it.oid === oid);
  const authority = certificate.basicConstraints?.ca ?? false;
  if (version !== 3) return 'is not of version 3';
  if (/^(?:-|0*$)/.test(serial) || serial.length > 40) return 'has no positive serial number';
  if (isEmpty(certificate.issuerDer)) return 'names no issuer';
  for (const { oid, critical } of extensions) {
    if (critical && NEVER_CRITICAL.includes(oid)) return `has ${oid} critical`;
    if (!critical && ALWAYS_CRITICAL.includes(oid)) return `has ${oid} not critical`;
    if (!authority && AUTHORITIES_ONLY.includes(oid)) return `has ${oid} and is no authority`;
  }
  // Self-signed certificates may leave it out (§4.2.1.1).
  if (!certificate.authorityKeyId && !isSelfIssued(certificate))
    return 'has no authority key identifier';
  return (
    keyUsageFault(certificate, authority) ??
    (position > 0 || authority
      ? authorityCertificateFault(certificate)
      : subjectFault(certificate, has(OID.subjectAltName)))
  );
}

function keyUsageFault(
  { keyUsage, basicConstraints }: Certificate,
  authority: boolean,
): string | undefined {
  if (!keyUsage) return undefined;
  const may = (usage: KeyUsage): boolean => keyUsage.includes(usage);
  if (keyUsage.length === 0) return 'has an empty key usage';
  if (may('keyCertSign') && !authority) return 'may sign certificates and is no authority';
  if (basicConstraints?.pathLength !== undefined && !may('keyCertSign'))
    return 'limits a path it may not sign';
  return undefined;
}

function authorityCertificateFault(certificate: Certificate): string | undefined {
  const constraints = certificate.extensions.find(({ oid }) => oid === OID.basicConstraints);
  if (!certificate.basicConstraints?.ca) return 'is no authority';
  if (!constraints?.critical) return 'has basicConstraints not critical';
  if (!certificate.subjectKeyId) return 'has no subject key identifier';
  if (isEmpty(certificate.subjectDer)) return 'has no name';
  return undefined;
}

/** Without a subject the alternative name is the name, and critical (§4.1.2.6). */
function subjectFault(certificate: Certificate, hasAlternative: boolean): string | undefined {
  if (hasAlternative) alternativeNamesOf(certificate);
  if (!isEmpty(certificate.subjectDer)) return undefined;
  const alternative = certificate.extensions.find(({ oid }) => oid === OID.subjectAltName);
  return alternative?.critical ? undefined : 'has no name';
}

const isEmpty = (name: Uint8Array): boolean => readDer(name).children.length === 0;
