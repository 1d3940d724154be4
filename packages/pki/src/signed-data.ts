import { sha256, type SignatureSuite } from '@mandate/core';
import { DomainError } from '@mandate/core/errors';
import {
  readAlgorithm,
  SHA256_IDENTIFIER,
  suiteIdentifier,
  type AlgorithmIdentifier,
} from './algorithms.js';
import { parseCertificate, type Certificate } from './certificate.js';
import { der, readDer, TAG, type DerBytes, type DerNode } from './der.js';
import { asFormat } from './format.js';
import { OID } from './oids.js';
import {
  attribute,
  encodeSignedAttributes,
  parseSignedAttributes,
  type SignedAttributes,
} from './signed-attributes.js';

/** Who signed: by issuer and serial, or by subject key identifier. */
export type SignerIdentifier =
  | { readonly kind: 'issuer-serial'; readonly issuerDer: DerBytes; readonly serialDer: DerBytes }
  | { readonly kind: 'key-id'; readonly keyId: Uint8Array };

export interface SignerInfo {
  readonly version: number;
  readonly sid: SignerIdentifier;
  readonly digestAlgorithm: AlgorithmIdentifier;
  readonly signedAttributes: SignedAttributes | null;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  /** The signature value; a signature timestamp's imprint is its digest. */
  readonly signature: Uint8Array;
  readonly unsignedTypes: readonly string[];
  /** id-aa-signatureTimeStampToken values, DER ContentInfo each. */
  readonly timestampTokens: readonly DerBytes[];
}

/** CMS SignedData (RFC 5652 §5) exactly as it stands; nothing in it has been checked. */
export interface SignedData {
  readonly der: DerBytes;
  readonly version: number;
  readonly digestAlgorithms: readonly AlgorithmIdentifier[];
  /** eContentType. */
  readonly contentType: string;
  /** eContent; null when detached. */
  readonly content: Uint8Array | null;
  readonly certificates: readonly Certificate[];
  readonly signers: readonly SignerInfo[];
}

/** Signed attributes for a signature by `signerCertificate`: the message to be signed (DER SET). */
export const signedAttributes = (p: {
  contentType: string;
  messageDigest: Uint8Array;
  signerCertificate: Certificate;
}): DerBytes =>
  encodeSignedAttributes({
    contentType: p.contentType,
    messageDigest: p.messageDigest,
    certificateDigest: sha256(p.signerCertificate.der),
    issuerDer: p.signerCertificate.issuerDer,
    serialDer: p.signerCertificate.serialDer,
  });

/**
 * ContentInfo with SignedData of one P-256 signer, SHA-256; detached unless `content` is given.
 * Throws `unsupported-algorithm` for Ed25519, which CMS binds to SHA-512 (RFC 8419 §3).
 */
export function assembleSignedData(p: {
  contentType: string;
  content?: Uint8Array;
  /** The bag: signer and intermediates, DER each. */
  certificates: readonly Uint8Array[];
  signer: Certificate;
  /** DER SET from `signedAttributes`. */
  signedAttributes: DerBytes;
  suite: SignatureSuite;
  signature: Uint8Array;
  unsignedTimestampToken?: DerBytes;
}): DerBytes {
  if (p.suite !== 'ecdsa-p256-sha256')
    throw new DomainError('unsupported-algorithm', 'CMS signatures are ECDSA on P-256');
  const signerInfo = der.sequence(
    der.integer(1),
    der.sequence(p.signer.issuerDer, p.signer.serialDer),
    SHA256_IDENTIFIER,
    der.implicit(0, p.signedAttributes),
    suiteIdentifier(p.suite),
    der.octets(p.signature),
    ...(p.unsignedTimestampToken
      ? [der.implicit(1, der.set(attribute(OID.signatureTimestampToken, p.unsignedTimestampToken)))]
      : []),
  );
  return contentInfo(
    der.sequence(
      // Version 3 as soon as the content is anything but id-data (§5.1).
      der.integer(p.contentType === OID.data ? 1 : 3),
      der.set(SHA256_IDENTIFIER),
      der.sequence(
        der.oid(p.contentType),
        ...(p.content ? [der.context(0, der.octets(p.content))] : []),
      ),
      der.implicit(0, der.set(...p.certificates)),
      der.set(signerInfo),
    ),
  );
}

/** ContentInfo of type signed-data. */
export const contentInfo = (signedData: DerBytes): DerBytes =>
  der.sequence(der.oid(OID.signedData), der.context(0, signedData));

/**
 * Reads a ContentInfo with SignedData, strict DER, nothing before, after or unread.
 * Attribute certificates and other exotic choices are refused. Throws `format-cms`, `budget-exceeded`.
 */
export function parseSignedData(bytes: Uint8Array): SignedData {
  return asFormat('format-cms', () => {
    const info = readDer(bytes, { bytes: 1 << 20, nodes: 50_000 }).fields();
    if (info.next().oid() !== OID.signedData)
      throw new DomainError('format-cms', 'not signed data');
    const fields = info.next().only(0xa0).fields();
    info.end();

    const version = fields.next().smallInteger();
    const digestAlgorithms = fields.next().expect(TAG.set).children.map(readAlgorithm);
    const encapsulated = fields.next().fields();
    const contentType = encapsulated.next(TAG.oid).oid();
    const content = encapsulated.optional(0xa0)?.only(0xa0).octets() ?? null;
    encapsulated.end();
    const bag = fields.optional(0xa0)?.children ?? [];
    fields.optional(0xa1); // CRLs: revocation data is taken from where it was frozen, never from here
    const signers = fields.next().expect(TAG.set).children.map(readSignerInfo);
    fields.end();
    // What no signature covers must at least follow from what one does (§5.1).
    const keyId = signers.some(({ sid }) => sid.kind === 'key-id');
    if (version !== (keyId || contentType !== OID.data ? 3 : 1))
      throw new DomainError('format-cms', 'version does not fit the content');
    const listed = new Set(digestAlgorithms.map(({ oid }) => oid));
    if (signers.some(({ digestAlgorithm }) => !listed.has(digestAlgorithm.oid)))
      throw new DomainError('format-cms', 'digest of a signer is not listed');
    return {
      der: bytes,
      version,
      digestAlgorithms,
      contentType,
      content,
      certificates: bag.map((node) => parseCertificate(node.expect(TAG.sequence).bytes)),
      signers,
    };
  });
}

function readSignerInfo(node: DerNode): SignerInfo {
  const fields = node.fields();
  const version = fields.next().smallInteger();
  const sid = readSigner(fields.next());
  if (version !== (sid.kind === 'key-id' ? 3 : 1))
    throw new DomainError('format-cms', 'signer version does not fit its identifier');
  const digestAlgorithm = readAlgorithm(fields.next());
  const signed = fields.optional(0xa0);
  const signatureAlgorithm = readAlgorithm(fields.next());
  const signature = fields.next().octets();
  const unsigned = fields.optional(0xa1);
  fields.end();

  const unsignedTypes: string[] = [];
  const timestampTokens: DerBytes[] = [];
  for (const member of unsigned?.children ?? []) {
    const parts = member.fields();
    const type = parts.next(TAG.oid).oid();
    const values = parts.next(TAG.set).children;
    parts.end();
    unsignedTypes.push(type);
    if (type === OID.signatureTimestampToken)
      timestampTokens.push(...values.map((value) => value.bytes));
  }
  return {
    version,
    sid,
    digestAlgorithm,
    signedAttributes: signed ? parseSignedAttributes(signed.as(TAG.set).bytes) : null,
    signatureAlgorithm,
    signature,
    unsignedTypes,
    timestampTokens,
  };
}

function readSigner(node: DerNode): SignerIdentifier {
  if (node.tag === 0x80) return { kind: 'key-id', keyId: node.content };
  const fields = node.fields();
  const issuerDer = fields.next(TAG.sequence).bytes;
  const serialDer = fields.next(TAG.integer).bytes;
  fields.end();
  return { kind: 'issuer-serial', issuerDer, serialDer };
}
