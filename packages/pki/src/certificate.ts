import { DomainError } from '@mandate/core/errors';
import {
  readCertificateFields,
  type CertificateFields,
  type Extension,
} from './certificate-fields.js';
import { readDer, TAG, type DerNode } from './der.js';
import { asFormat } from './format.js';
import { readName, type DistinguishedName } from './name.js';
import { OID } from './oids.js';
import type { Reading } from './reading.js';

/** Names of the keyUsage bits, in bit order (RFC 5280 §4.2.1.3). */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** A certificate with its known extensions typed; absent ones are null or empty. */
export interface Certificate extends CertificateFields {
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength?: number } | null;
  readonly keyUsage: readonly KeyUsage[] | null;
  readonly extendedKeyUsage: {
    readonly purposes: readonly string[];
    readonly critical: boolean;
  } | null;
  readonly subjectKeyId: Uint8Array | null;
  /** keyIdentifier of the authority key identifier. */
  readonly authorityKeyId: Uint8Array | null;
  readonly ocspUrls: readonly string[];
  readonly issuerUrls: readonly string[];
  readonly crlUrls: readonly string[];
  readonly policies: readonly string[];
  readonly ocspNoCheck: boolean;
  readonly validityAssuredShortTerm: boolean;
}

/** Extensions this code acts upon; any other critical one makes path validation refuse. */
export const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  OID.basicConstraints,
  OID.keyUsage,
  OID.extendedKeyUsage,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
  OID.certificatePolicies,
]);

/** Reads a certificate (RFC 5280 §4.1–4.2). Throws `format-certificate`, `budget-exceeded`. */
export function parseCertificate(bytes: Uint8Array, reading: Reading = 'strict'): Certificate {
  const frame = readCertificateFields(bytes, reading);
  return asFormat('format-certificate', () => {
    const find = (oid: string): Extension | undefined =>
      frame.extensions.find((extension) => extension.oid === oid);
    const read = <T>(oid: string, reader: (node: DerNode) => T): T | null => {
      const extension = find(oid);
      return extension ? reader(readDer(extension.value)) : null;
    };
    const access = read(OID.authorityInfoAccess, readAccess) ?? [];
    const purposes = read(OID.extendedKeyUsage, (node) => oids(node));
    return {
      ...frame,
      issuer: readName(readDer(frame.issuerDer), reading),
      subject: readName(readDer(frame.subjectDer), reading),
      basicConstraints: read(OID.basicConstraints, (node) => readBasicConstraints(node, reading)),
      keyUsage: read(OID.keyUsage, readKeyUsage),
      extendedKeyUsage: purposes && {
        purposes,
        critical: find(OID.extendedKeyUsage)!.critical,
      },
      subjectKeyId: read(OID.subjectKeyIdentifier, (node) => node.octets()),
      authorityKeyId: read(OID.authorityKeyIdentifier, readAuthorityKeyId),
      ocspUrls: access.filter(({ method }) => method === OID.ocspAccess).map(({ url }) => url),
      issuerUrls: access.filter(({ method }) => method === OID.caIssuers).map(({ url }) => url),
      crlUrls: read(OID.crlDistributionPoints, readDistributionPoints) ?? [],
      policies:
        read(OID.certificatePolicies, (node) =>
          node.expect(TAG.sequence).children.map((policy) => policy.fields().next().oid()),
        ) ?? [],
      ocspNoCheck: read(OID.ocspNoCheck, readNull) ?? false,
      validityAssuredShortTerm: read(OID.validityAssuredShortTerm, readNull) ?? false,
    };
  });
}

function readBasicConstraints(
  node: DerNode,
  reading: Reading,
): { ca: boolean; pathLength?: number } {
  const fields = node.fields();
  const ca = fields.optional(TAG.boolean)?.boolean();
  if (ca === false && reading === 'strict')
    throw new DomainError('format-der', 'default value encoded');
  const pathLength = fields.optional(TAG.integer)?.smallInteger();
  fields.end();
  if (!ca && pathLength !== undefined)
    throw new DomainError('format-der', 'path length without a CA');
  return pathLength === undefined ? { ca: ca ?? false } : { ca: true, pathLength };
}

function readKeyUsage(node: DerNode): KeyUsage[] {
  return node.namedBits().map((bit) => {
    const usage = KEY_USAGES[bit];
    if (!usage) throw new DomainError('format-der', 'unknown key usage');
    return usage;
  });
}

function oids(node: DerNode): string[] {
  const list = node.expect(TAG.sequence).children.map((child) => child.oid());
  if (list.length === 0) throw new DomainError('format-der', 'no key purpose');
  return list;
}

function readAuthorityKeyId(node: DerNode): Uint8Array | null {
  const fields = node.fields();
  const keyId = fields.optional(0x80)?.content ?? null;
  fields.optional(0xa1);
  fields.optional(0x82);
  fields.end();
  return keyId;
}

/** `[6]` uniformResourceIdentifier of a GeneralName, or undefined for the other choices. */
const url = (node: DerNode): string | undefined =>
  node.tag === 0x86 ? node.as(TAG.ia5).text() : undefined;

function readAccess(node: DerNode): { method: string; url: string }[] {
  return node.expect(TAG.sequence).children.flatMap((child) => {
    const fields = child.fields();
    const method = fields.next().oid();
    const location = url(fields.next());
    fields.end();
    return location === undefined ? [] : [{ method, url: location }];
  });
}

/** fullName URLs of every point; points by relative name are left out. */
function readDistributionPoints(node: DerNode): string[] {
  return node.expect(TAG.sequence).children.flatMap((point) => {
    const fullName = point.fields().optional(0xa0)?.only(0xa0);
    if (fullName?.tag !== 0xa0) return [];
    return fullName.children.flatMap((child) => url(child) ?? []);
  });
}

function readNull(node: DerNode): true {
  node.expect(TAG.null);
  return true;
}
