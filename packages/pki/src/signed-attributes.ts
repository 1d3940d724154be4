import { DomainError } from '@mandate/core/errors';
import { readAlgorithm, SHA256_IDENTIFIER, type AlgorithmIdentifier } from './algorithms.js';
import { der, readDer, TAG, type DerBytes, type DerNode } from './der.js';
import { asFormat } from './format.js';
import { OID } from './oids.js';

/** ESSCertIDv2 (RFC 5035 §4): which certificate the signer says is its own. */
export interface SigningCertificateReference {
  /** SHA-256 when the field was left out. */
  readonly digestAlgorithm: AlgorithmIdentifier;
  readonly digest: Uint8Array;
  /** issuerSerial, if given. */
  readonly issuerDer: DerBytes | null;
  readonly serialDer: DerBytes | null;
}

export interface SignedAttributes {
  /** DER `SET OF Attribute`, tag 0x31: exactly the signed bytes. */
  readonly der: DerBytes;
  /** Attribute types in order of appearance. */
  readonly types: readonly string[];
  readonly contentType: string | null;
  readonly messageDigest: Uint8Array | null;
  readonly signingCertificate: SigningCertificateReference | null;
  readonly signingTime: Date | null;
}

/** Letter and seal signatures carry exactly these (evidence design): no signing time. */
export const LETTER_ATTRIBUTES: readonly string[] = [
  OID.contentType,
  OID.messageDigest,
  OID.signingCertificateV2,
];

/**
 * `SET OF` contentType, messageDigest, signing-certificate-v2 (SHA-256, with issuerSerial).
 * Deterministic: a browser can build it anew and compare bytes.
 */
export function encodeSignedAttributes(p: {
  contentType: string;
  messageDigest: Uint8Array;
  /** SHA-256 of the signer's certificate. */
  certificateDigest: Uint8Array;
  /** Issuer Name of that certificate, DER. */
  issuerDer: DerBytes;
  /** Its serial INTEGER, DER. */
  serialDer: DerBytes;
}): DerBytes {
  const issuerSerial = der.sequence(der.sequence(der.context(4, p.issuerDer)), p.serialDer);
  // hashAlgorithm DEFAULT sha256 is left out, as DER requires.
  const reference = der.sequence(der.octets(p.certificateDigest), issuerSerial);
  return der.set(
    attribute(OID.contentType, der.oid(p.contentType)),
    attribute(OID.messageDigest, der.octets(p.messageDigest)),
    attribute(OID.signingCertificateV2, der.sequence(der.sequence(reference))),
  );
}

/** `Attribute` with one value. */
export const attribute = (type: string, value: DerBytes): DerBytes =>
  der.sequence(der.oid(type), der.set(value));

/**
 * Reads signed attributes (RFC 5652 §5.3, §11): DER order, no type twice, one value each.
 * Missing ones are null; judging that is the caller's. Throws `format-cms`.
 */
export function parseSignedAttributes(bytes: Uint8Array): SignedAttributes {
  return asFormat('format-cms', () => {
    const members = readDer(bytes, { bytes: 64 << 10, nodes: 2000 }).sortedSet();
    if (members.length === 0) throw new DomainError('format-der', 'no signed attributes');
    const values = new Map<string, DerNode>();
    for (const member of members) {
      const fields = member.fields();
      const type = fields.next(TAG.oid).oid();
      const value = fields.next().only(TAG.set);
      fields.end();
      if (values.has(type)) throw new DomainError('format-der', 'an attribute appears twice');
      values.set(type, value);
    }
    const reference = values.get(OID.signingCertificateV2);
    return {
      der: bytes,
      types: [...values.keys()],
      contentType: values.get(OID.contentType)?.oid() ?? null,
      messageDigest: values.get(OID.messageDigest)?.octets() ?? null,
      signingCertificate: reference ? readReference(reference) : null,
      signingTime: values.get(OID.signingTime)?.time() ?? null,
    };
  });
}

/** SigningCertificateV2; the first ESSCertIDv2 is the signer's, later ones are its issuers'. */
function readReference(node: DerNode): SigningCertificateReference {
  const outer = node.fields();
  const [first] = outer.next(TAG.sequence).children;
  outer.optional(TAG.sequence);
  outer.end();
  if (!first) throw new DomainError('format-der', 'no certificate reference');
  const fields = first.fields();
  const algorithm = fields.optional(TAG.sequence);
  const digest = fields.next().octets();
  const issuerSerial = fields.optional(TAG.sequence)?.fields();
  fields.end();
  const issuerDer = issuerSerial?.next().only(TAG.sequence).only(0xa4).bytes ?? null;
  const serialDer = issuerSerial?.next(TAG.integer).bytes ?? null;
  issuerSerial?.end();
  // Foreign authorities do write the default out, so it is accepted here.
  const digestAlgorithm = readAlgorithm(algorithm ?? readDer(SHA256_IDENTIFIER));
  return { digestAlgorithm, digest, issuerDer, serialDer };
}
