import { bytesEqual, toHex } from '@mandate/core/encoding';
import { DomainError } from '@mandate/core/errors';
import { readAlgorithm, type AlgorithmIdentifier } from './algorithms.js';
import { readDer, TAG, type DerBytes, type DerNode } from './der.js';
import { asFormat } from './format.js';
import { SCENE_BINDING_OID } from './oids.js';
import type { Reading } from './reading.js';
import { readSceneBinding, type SceneBinding } from './scene-binding.js';

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** Content of extnValue: the DER of the extension's own type. */
  readonly value: Uint8Array;
}

/** The frame of a certificate: enough for a browser to know its own. `parseCertificate` reads the rest. */
export interface CertificateFields {
  readonly der: DerBytes;
  /** To-be-signed bytes. */
  readonly tbs: DerBytes;
  /** 3, and nothing else in the strict reading. */
  readonly version: number;
  /** Magnitude as lower-case hex, no leading zero octet; see `readSerial` for foreign ones. */
  readonly serial: string;
  /** The serial number as in DER, tag and length included. */
  readonly serialDer: DerBytes;
  readonly issuerDer: DerBytes;
  readonly subjectDer: DerBytes;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo. */
  readonly spki: DerBytes;
  readonly extensions: readonly Extension[];
  readonly sceneBinding: SceneBinding | null;
  readonly algorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
}

/** Reads an X.509 certificate's frame (RFC 5280 §4.1). Throws `format-certificate`, `budget-exceeded`. */
export function readCertificateFields(
  bytes: Uint8Array,
  reading: Reading = 'strict',
): CertificateFields {
  return asFormat('format-certificate', () => readFrame(bytes, reading));
}

function readFrame(bytes: Uint8Array, reading: Reading): CertificateFields {
  const foreign = reading === 'foreign';
  const root = readDer(bytes, { bytes: foreign ? 256 << 10 : 64 << 10, nodes: 4000 });
  const outer = root.fields();
  const tbs = outer.next(TAG.sequence);
  const algorithm = readAlgorithm(outer.next());
  const signature = readSignature(outer.next(), reading);
  outer.end();

  const fields = tbs.fields();
  const version = 1 + (fields.optional(0xa0)?.only(0xa0).smallInteger() ?? 0);
  if (foreign ? version > 3 : version !== 3)
    throw new DomainError('format-certificate', 'not a version 3 certificate');
  const serial = fields.next(TAG.integer);
  // The algorithm stands inside and outside the signature and must be the same (§4.1.1.2).
  if (!bytesEqual(fields.next().bytes, algorithm.der))
    throw new DomainError('format-certificate', 'two different signature algorithms');
  const issuer = fields.next(TAG.sequence);
  const validity = fields.next().fields();
  const notBefore = validity.next().time({ either: foreign });
  const notAfter = validity.next().time({ either: foreign });
  validity.end();
  const subject = fields.next(TAG.sequence);
  const spki = fields.next(TAG.sequence);
  fields.optional(0x81);
  fields.optional(0x82);
  const extensions = readExtensions(fields.optional(0xa3)?.only(0xa3), reading);
  fields.end();

  const binding = extensions.find(({ oid }) => oid === SCENE_BINDING_OID);
  return {
    der: root.bytes,
    tbs: tbs.bytes,
    version,
    serial: readSerial(serial, reading),
    serialDer: serial.bytes,
    issuerDer: issuer.bytes,
    subjectDer: subject.bytes,
    notBefore,
    notAfter,
    spki: spki.bytes,
    extensions,
    sceneBinding: binding ? readSceneBinding(binding.value) : null,
    algorithm,
    signature,
  };
}

/** A foreign signature of broken octets is no signature: empty, which verifies nothing. Throws `format-der`. */
export function readSignature(node: DerNode, reading: Reading): Uint8Array {
  const unused = node.expect(TAG.bits).content[0];
  return reading === 'foreign' && unused !== 0 ? new Uint8Array() : node.bits();
}

/**
 * A serial number as the key it is looked up by: magnitude in lower-case hex, at most 20 octets.
 * Foreign ones may be longer, and negative: `-` and the octets as they stand. Throws `format-der`.
 */
export function readSerial(node: DerNode, reading: Reading): string {
  const { content } = node.expect(TAG.integer);
  if (reading === 'foreign' && content[0]! & 0x80) return `-${toHex(content)}`;
  const magnitude = node.unsigned();
  if (reading === 'strict' && magnitude.length > 20)
    throw new DomainError('format-der', 'serial too long');
  return toHex(magnitude);
}

/** `Extensions`; empty if absent. Duplicates are refused. Also used for CRL and OCSP extensions. */
export function readExtensions(
  node: DerNode | undefined,
  reading: Reading = 'strict',
): Extension[] {
  if (!node) return [];
  const extensions = node.expect(TAG.sequence).children.map((child): Extension => {
    const fields = child.fields();
    const oid = fields.next(TAG.oid).oid();
    const critical = fields.optional(TAG.boolean)?.boolean();
    // DEFAULT FALSE is never written out in DER (X.690 §11.5).
    if (critical === false && reading === 'strict')
      throw new DomainError('format-der', 'default value encoded');
    const value = fields.next(TAG.octets).octets();
    fields.end();
    return { oid, critical: critical ?? false, value };
  });
  if (extensions.length === 0) throw new DomainError('format-der', 'empty extensions');
  if (new Set(extensions.map(({ oid }) => oid)).size !== extensions.length)
    throw new DomainError('format-der', 'an extension appears twice');
  return extensions;
}
