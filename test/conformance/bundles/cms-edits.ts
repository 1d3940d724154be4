import { fromHex } from '@mandate/core';
import {
  contentInfo,
  der,
  OID,
  parseSignedData,
  readDer,
  type DerBytes,
  type SignerInfo,
} from '@mandate/pki';
import type { TestKey } from '../../kit/authority.js';

/** What is put in place of parts of a CMS of one signer; the rest stays. */
export interface CmsEdits {
  readonly version?: number;
  readonly digests?: readonly DerBytes[];
  readonly contentType?: string;
  readonly content?: Uint8Array | null;
  readonly certificates?: readonly DerBytes[];
  readonly signerVersion?: number;
  readonly signerId?: DerBytes;
  /** Members of the signed set; a new signature by the key. */
  readonly signed?: { readonly attributes: readonly DerBytes[]; readonly key: TestKey } | null;
  readonly signature?: Uint8Array;
  /** Of the signature; default ECDSA with SHA-256. */
  readonly suite?: DerBytes;
  readonly unsigned?: readonly DerBytes[];
  /** How often the signer stands there. */
  readonly signers?: number;
}

/** The members of the signed attributes, DER each. */
export const signedMembers = (cms: Uint8Array): DerBytes[] =>
  readDer(signerOf(cms).signedAttributes!.der).children.map(({ bytes }) => bytes);

export const signerOf = (cms: Uint8Array): SignerInfo => parseSignedData(cms).signers[0]!;

const SHA256 = der.sequence(der.oid('2.16.840.1.101.3.4.2.1'));
const ECDSA = der.sequence(der.oid('1.2.840.10045.4.3.2'));

/** A CMS of ours rebuilt with these edits. */
export function editCms(bytes: Uint8Array, edits: CmsEdits): Uint8Array {
  const old = parseSignedData(bytes);
  const signer = signerOf(bytes);
  const sid = signer.sid.kind === 'issuer-serial' ? signer.sid : null;
  const attributes = edits.signed
    ? der.set(...edits.signed.attributes)
    : signer.signedAttributes!.der;
  const signature =
    edits.signature ?? (edits.signed ? edits.signed.key.sign(attributes) : signer.signature);
  const unsigned =
    edits.unsigned ??
    signer.timestampTokens.map((token) =>
      der.sequence(der.oid(OID.signatureTimestampToken), der.set(token)),
    );
  const info = der.sequence(
    der.integer(edits.signerVersion ?? 1),
    edits.signerId ?? der.sequence(sid!.issuerDer, sid!.serialDer),
    SHA256,
    ...(edits.signed === null ? [] : [der.implicit(0, attributes)]),
    edits.suite ?? ECDSA,
    der.octets(signature),
    ...(unsigned.length > 0 ? [der.implicit(1, der.set(...unsigned))] : []),
  );
  const content = edits.content === undefined ? old.content : edits.content;
  return contentInfo(
    der.sequence(
      der.integer(edits.version ?? old.version),
      der.set(...(edits.digests ?? [SHA256])),
      der.sequence(
        der.oid(edits.contentType ?? old.contentType),
        ...(content ? [der.context(0, der.octets(content))] : []),
      ),
      der.implicit(0, der.set(...(edits.certificates ?? old.certificates.map((it) => it.der)))),
      der.set(...Array<DerBytes>(edits.signers ?? 1).fill(info)),
    ),
  );
}

export const SIGNING_TIME = der.sequence(
  der.oid('1.2.840.113549.1.9.5'),
  der.set(der.time(new Date('2026-11-21T09:02:35Z'))),
);

/** A member of the signed set by the type that it begins with. */
export const isType = (type: string) => {
  const prefix = der.oid(type);
  return (member: DerBytes): boolean => readDer(member).children[0]!.bytes.join() === prefix.join();
};

export const RSA_SHA256 = der.sequence(der.oid('1.2.840.113549.1.1.11'), der.null());
/** SHA-512, for a list that does not name what was used. */
export const SHA512 = der.sequence(der.oid('2.16.840.1.101.3.4.2.3'));
export const NOTHING = fromHex('00'.repeat(32));
