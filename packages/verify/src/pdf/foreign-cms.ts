import { bytesEqual, DomainError, isDomainError } from '@mandate/core';
import {
  der,
  namesEqual,
  OID,
  parseCertificate,
  parseCrl,
  parseOcspResponse,
  readAlgorithm,
  readDer,
  TAG,
  type AlgorithmIdentifier,
  type Certificate,
  type Crl,
  type DerNode,
  type OcspResponse,
} from '@mandate/pki';
import { berToDer } from './ber-to-der.js';

/** Attribute types that only other people's signatures carry. */
export const FOREIGN_OID = {
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  algorithmProtection: '1.2.840.113549.1.9.52',
  revocationArchival: '1.2.840.113583.1.1.8',
  contentTimestamp: '1.2.840.113549.1.9.16.2.20',
} as const;

export interface ForeignSigner {
  readonly issuerDer: Uint8Array | null;
  readonly serialDer: Uint8Array | null;
  readonly keyId: Uint8Array | null;
  readonly digestAlgorithm: AlgorithmIdentifier;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** DER `SET OF Attribute` in DER order, which is what must have been signed (RFC 5652 §5.4); null when absent. */
  readonly signedDer: Uint8Array | null;
  /** The same as it stands. */
  readonly signedAsIs: Uint8Array | null;
  /** Values by type; a type that stands twice is a refusal. */
  readonly signed: ReadonlyMap<string, readonly DerNode[]>;
  /** id-aa-signatureTimeStampToken values. */
  readonly tokens: readonly Uint8Array[];
  /** id-aa-ets-contentTimestamp values: stamped before it was signed. */
  readonly contentTokens: readonly Uint8Array[];
}

/** Anybody's CMS SignedData (RFC 5652 §5), BER or DER; nothing in it has been checked. */
export interface ForeignSignedData {
  readonly contentType: string;
  /** eContent; null when detached. */
  readonly content: Uint8Array | null;
  readonly certificates: readonly Certificate[];
  readonly crls: readonly Crl[];
  readonly ocsps: readonly OcspResponse[];
  readonly signers: readonly ForeignSigner[];
  /** Octets of the BER value; the rest is padding. */
  readonly length: number;
}

/** Throws `format-cms`, `format-der`, `budget-exceeded`. What stands in the bags and cannot be read is left out. */
export function readForeignCms(bytes: Uint8Array): ForeignSignedData {
  const { der: contentInfo, end } = berToDer(bytes);
  const info = readDer(contentInfo, { bytes: 8 << 20, nodes: 100_000 }).fields();
  if (info.next().oid() !== OID.signedData) throw new DomainError('format-cms', 'not signed data');
  const fields = info.next().only(0xa0).fields();
  fields.next(TAG.integer);
  fields.next(TAG.set);
  const encapsulated = fields.next().fields();
  const contentType = encapsulated.next(TAG.oid).oid();
  const content = encapsulated.optional(0xa0)?.only(0xa0) ?? null;
  const bag = fields.optional(0xa0)?.children ?? [];
  const lists = fields.optional(0xa1)?.children ?? [];
  const signers = fields.next().expect(TAG.set).children.map(readSigner);
  fields.end();
  const archive = signers.flatMap(({ signed }) => signed.get(FOREIGN_OID.revocationArchival) ?? []);
  const archived = archive.map(readArchive);
  return {
    contentType,
    // Old versions wrap other types than OCTET STRING; their content octets are signed (§5.4).
    content: content && content.content,
    certificates: readable(
      bag.filter(({ tag }) => tag === TAG.sequence),
      (node) => parseCertificate(node.bytes, 'foreign'),
    ),
    crls: [
      ...readable(lists, (node) => parseCrl(node.bytes, 'foreign')),
      ...archived.flatMap(({ crls }) => crls),
    ],
    ocsps: archived.flatMap(({ ocsps }) => ocsps),
    signers,
    length: end,
  };
}

/** What can be read; the rest cannot help and must not hinder. */
export function readable<In, Out>(items: readonly In[], read: (item: In) => Out): Out[] {
  return items.flatMap((item) => {
    try {
      return [read(item)];
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return [];
    }
  });
}

function readSigner(node: DerNode): ForeignSigner {
  const fields = node.fields();
  fields.next(TAG.integer);
  const sid = fields.next();
  const digestAlgorithm = readAlgorithm(fields.next());
  const attributes = fields.optional(0xa0);
  const signatureAlgorithm = readAlgorithm(fields.next());
  const signature = fields.next().octets();
  const unsigned = readAttributes(fields.optional(0xa1), 'may repeat');
  fields.end();
  const named = sid.tag === 0x80 ? undefined : sid.fields();
  const signed = readAttributes(attributes);
  const valuesOf = (all: ReadonlyMap<string, readonly DerNode[]>, type: string): Uint8Array[] =>
    (all.get(type) ?? []).map(({ bytes }) => bytes);
  return {
    issuerDer: named?.next(TAG.sequence).bytes ?? null,
    serialDer: named?.next(TAG.integer).bytes ?? null,
    keyId: named ? null : sid.content,
    digestAlgorithm,
    signatureAlgorithm,
    signature,
    signedDer: attributes ? der.set(...attributes.children.map(({ bytes }) => bytes)) : null,
    signedAsIs: attributes ? attributes.as(TAG.set).bytes : null,
    signed,
    tokens: valuesOf(unsigned, OID.signatureTimestampToken),
    contentTokens: valuesOf(signed, FOREIGN_OID.contentTimestamp),
  };
}

/** What is signed has one meaning each; of unsigned attributes there may be several (EN 319 122-1 §5.3). */
function readAttributes(
  node: DerNode | undefined,
  repeated: 'refused' | 'may repeat' = 'refused',
): Map<string, readonly DerNode[]> {
  const attributes = new Map<string, readonly DerNode[]>();
  for (const member of node?.children ?? []) {
    const fields = member.fields();
    const type = fields.next(TAG.oid).oid();
    const values = fields.next(TAG.set).children;
    fields.end();
    const before = attributes.get(type);
    if (before && repeated === 'refused')
      throw new DomainError('format-cms', 'an attribute stands twice');
    attributes.set(type, [...(before ?? []), ...values]);
  }
  return attributes;
}

/** RevocationInfoArchival (ISO 32000-1 §12.8.3.3.2): lists under [0], answers under [1]. */
function readArchive(node: DerNode): { crls: Crl[]; ocsps: OcspResponse[] } {
  const part = (tag: number): readonly DerNode[] =>
    node.children.find((child) => child.tag === tag)?.children[0]?.children ?? [];
  return {
    crls: readable(part(0xa0), ({ bytes }) => parseCrl(bytes, 'foreign')),
    ocsps: readable(part(0xa1), ({ bytes }) => parseOcspResponse(bytes, 'foreign')),
  };
}

/** The certificate a signer names; undefined when there is none or two different ones answer to it. */
export function findForeignSigner(
  signer: ForeignSigner,
  certificates: readonly Certificate[],
): Certificate | undefined {
  const { issuerDer, serialDer, keyId } = signer;
  const matches = certificates.filter((candidate) =>
    keyId
      ? candidate.subjectKeyId !== null && bytesEqual(candidate.subjectKeyId, keyId)
      : bytesEqual(candidate.serialDer, serialDer!) && sameName(candidate.issuerDer, issuerDer!),
  );
  const [first] = matches;
  return first && matches.every((other) => bytesEqual(other.der, first.der)) ? first : undefined;
}

function sameName(a: Uint8Array, b: Uint8Array): boolean {
  try {
    return bytesEqual(a, b) || namesEqual(a, b);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return false;
  }
}
