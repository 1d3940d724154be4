import { createHash } from 'node:crypto';
import { bytesEqual, concat, DomainError, sha256, type PublicAnchors } from '@mandate/core';
import {
  closeTimestamp,
  readPdf,
  readSignatures,
  timestampedRanges,
  timestampUpdate,
  validationUpdate,
} from '@mandate/pdf';
import {
  findSigner,
  parseCertificate,
  parseSignedData,
  parseToken,
  validatePath,
  type Certificate,
  type SignedData,
  type Token,
} from '@mandate/pki';

/** Room for a document timestamp's token, bytes. */
const TOKEN_BYTES = 8_192;

export interface ReportArchive {
  /** Roots of seals and of timestamp authorities, and the lists they left of what they revoked. */
  readonly anchors: Pick<PublicAnchors, 'seal' | 'timestamp' | 'crls'>;
  /** A token over a SHA-256 digest, DER. Throws `timestamp-unavailable`. */
  readonly stamp: (digest: Uint8Array) => Promise<Uint8Array>;
}

/**
 * Brings a sealed report to PAdES B-LTA: certificates and revocation lists for its newest signature or timestamp, a
 * document timestamp over everything. Done again before that timestamp's authority ends, it renews the report: only
 * ever appended to, by anybody who holds it. Throws `format-pdf` when it is not sealed, `format-timestamp` when the
 * seal has no timestamp, and whatever `stamp` throws.
 */
export async function archiveReport(
  sealed: Uint8Array,
  { anchors, stamp }: ReportArchive,
): Promise<Uint8Array> {
  const complete = concat(
    sealed,
    validationUpdate(
      sealed,
      { certificates: certificatesOf(sealed, anchors), ocsps: [], crls: anchors.crls ?? [] },
      (bytes) => new Uint8Array(createHash('sha1').update(bytes).digest()),
    ),
  );
  const update = timestampUpdate(complete, { contentsBytes: TOKEN_BYTES });
  const token = await stamp(sha256(concat(...timestampedRanges(complete, update))));
  return closeTimestamp(complete, update, token);
}

/** Everything needed to judge the newest signature or timestamp, roots included: the store is complete by itself. */
function certificatesOf(pdf: Uint8Array, anchors: ReportArchive['anchors']): Uint8Array[] {
  const newest = readSignatures(readPdf(pdf)).find(({ coversWholeFile }) => coversWholeFile);
  if (!newest) throw new DomainError('format-pdf', 'the report is not sealed');
  if (newest.subFilter === 'ETSI.RFC3161')
    return ders(stampPath(parseToken(newest.contents), anchors.timestamp));
  const seal = parseSignedData(newest.contents);
  const [bytes] = seal.signers[0]?.timestampTokens ?? [];
  if (!bytes) throw new DomainError('format-timestamp', 'the seal has no timestamp');
  const token = parseToken(bytes);
  return ders([
    ...path(seal, anchors.seal, token.info.genTime, 'seal'),
    ...stampPath(token, anchors.timestamp),
  ]);
}

const stampPath = (token: Token, roots: readonly Uint8Array[]): readonly Certificate[] =>
  path(token.signedData, roots, token.info.genTime, 'timestamp');

/** The signer and its issuers up to one of the roots, or the signer alone. */
function path(
  signedData: SignedData,
  roots: readonly Uint8Array[],
  at: Date,
  purpose: 'seal' | 'timestamp',
): readonly Certificate[] {
  const [signer] = signedData.signers;
  const leaf = signer && findSigner(signedData, signer);
  if (!leaf) throw new DomainError('format-certificate', 'no certificate of the signer');
  const { chain } = validatePath({
    leaf,
    intermediates: signedData.certificates,
    anchors: roots.map((der) => parseCertificate(der)),
    at,
    purpose,
  });
  return chain ?? [leaf];
}

const ders = (certificates: readonly Certificate[]): Uint8Array[] =>
  certificates
    .map(({ der }) => der)
    .filter((der, i, all) => all.findIndex((it) => bytesEqual(it, der)) === i);
