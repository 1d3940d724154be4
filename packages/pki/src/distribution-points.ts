import { OID } from './oids.js';
import type { Certificate } from './certificate.js';
import { nameId, nameKeys, rdnKey } from './compare-names.js';
import { bad } from './der-primitives.js';
import { TAG, type DerBytes, type DerNode } from './der.js';
import { readGeneralNames, type GeneralName } from './general-name.js';
import { typedExtension } from './typed-extension.js';

/** Reasons as a bit set: bit n is ReasonFlags' bit n (§4.2.1.13), keyCompromise(1) … aACompromise(8). */
export type ReasonSet = number;
export const ALL_REASONS: ReasonSet = 0b1_1111_1110;

/** Where a list is found: full names, or one part to be put after its issuer's name. */
export type DistributionPointName =
  | { readonly kind: 'full'; readonly names: readonly GeneralName[] }
  | { readonly kind: 'relative'; readonly key: string };

export interface DistributionPoint {
  readonly name: DistributionPointName | null;
  readonly reasons: ReasonSet;
  /** Who signs the list if not the certificate's issuer: directory names, DER. */
  readonly issuers: readonly DerBytes[] | null;
}

/** IssuingDistributionPoint of a list (§5.2.5): which certificates and reasons it is about. */
export interface CrlScope {
  readonly der: DerBytes;
  readonly name: DistributionPointName | null;
  readonly only: 'users' | 'authorities' | 'attributes' | null;
  readonly reasons: ReasonSet;
  readonly indirect: boolean;
}

/** cRLDistributionPoints of a certificate, empty if absent. Throws `format-der`. */
export const distributionPointsOf = (certificate: Certificate): readonly DistributionPoint[] =>
  typedExtension(certificate, OID.crlDistributionPoints, (node) =>
    node.expect(TAG.sequence).children.map(readPoint),
  ) ?? [];

function readPoint(node: DerNode): DistributionPoint {
  const fields = node.fields();
  const name = readPointName(fields.optional(0xa0));
  const reasons = readReasons(fields.optional(0x81));
  const issuers = fields.optional(0xa2);
  fields.end();
  if (!name && !issuers) bad('distribution point without a name');
  return { name, reasons, issuers: issuers ? directoryNames(readGeneralNames(issuers)) : null };
}

/** Throws `format-der`. */
export function readScope(node: DerNode): CrlScope {
  const fields = node.fields();
  const name = readPointName(fields.optional(0xa0));
  const flag = (tag: number): boolean => fields.optional(tag)?.as(TAG.boolean).boolean() ?? false;
  const users = flag(0x81);
  const authorities = flag(0x82);
  const reasons = readReasons(fields.optional(0x83));
  const indirect = flag(0x84);
  const attributes = flag(0x85);
  fields.end();
  if (Number(users) + Number(authorities) + Number(attributes) > 1) bad('contradictory scope');
  const only = users ? 'users' : authorities ? 'authorities' : attributes ? 'attributes' : null;
  return { der: node.bytes, name, only, reasons, indirect };
}

function readPointName(wrapped: DerNode | undefined): DistributionPointName | null {
  if (!wrapped) return null;
  const name = wrapped.only(0xa0);
  if (name.tag === 0xa0) return { kind: 'full', names: readGeneralNames(name) };
  return { kind: 'relative', key: rdnKey(name.as(TAG.set).expect(TAG.set)) };
}

const readReasons = (node: DerNode | undefined): ReasonSet =>
  node
    ? node
        .as(TAG.bits)
        .namedBits()
        .reduce((set, bit) => set | (1 << bit), 0) & ALL_REASONS
    : ALL_REASONS;

export const directoryNames = (names: readonly GeneralName[]): DerBytes[] =>
  names.flatMap((name) => (name.kind === 'directory' ? [name.name] : []));

/** The names of a point as strings that are equal when the names are; `relativeTo`: the list's issuer. */
function pointKeys(name: DistributionPointName, relativeTo: DerBytes): string[] {
  if (name.kind === 'relative')
    return [`directory ${[...nameKeys(relativeTo), name.key].join(',')}`];
  return name.names.flatMap((it) => {
    if (it.kind === 'directory') return [`directory ${nameId(it.name)}`];
    return it.kind === 'uri' ? [`uri ${it.value}`] : [];
  });
}

/**
 * True if a list of this scope, signed under `crlIssuer`, is one the point speaks of (§6.3.3 b 2 i).
 * A point of null is the implied one for lists no certificate points to: named like `issuer`.
 */
export function pointFits(
  scope: CrlScope,
  crlIssuer: DerBytes,
  point: DistributionPoint | null,
  issuer: DerBytes,
): boolean {
  if (!scope.name) return true;
  const own = new Set(pointKeys(scope.name, crlIssuer));
  const directory = (name: DerBytes): string => `directory ${nameId(name)}`;
  const asked = point
    ? point.name
      ? pointKeys(point.name, point.issuers?.[0] ?? issuer)
      : (point.issuers ?? []).map(directory)
    : [directory(issuer)];
  return asked.some((key) => own.has(key));
}
