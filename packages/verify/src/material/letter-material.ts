import { createHash } from 'node:crypto';
import { isDomainError } from '@mandate/core';
import { readPdf, readSignatures, type PdfFile, type PdfSignature } from '@mandate/pdf';
import {
  findSigner,
  parseSignedData,
  parseToken,
  type Certificate,
  type SignedData,
  type SignerInfo,
  type Token,
} from '@mandate/pki';
import { coveredBytes } from '../covered-bytes.js';
import { fail, pass } from '../finding.js';
import { inflate } from '../inflate.js';
import { findForeignSigner, readForeignCms } from '../pdf/foreign-cms.js';
import { refusal } from '../refusal.js';
import type { Finding } from '../verification.js';

/** Field name of the subject's signature; package `letter` draws it. */
export const LETTER_FIELD = 'MandateSubject';

/** Signatures whose CMS is opened to see whose certificate made them. */
const MAX_OPENED = 100;

/**
 * Whether a PDF claims to be a letter of ours; the claim alone binds it to the strict profile. It does
 * by a signature in our field or one by a scene certificate. Of a file that nobody can read only the
 * field's name is left to go by.
 */
export function claimsOwnProfile(bytes: Uint8Array): boolean {
  let signatures: PdfSignature[];
  try {
    signatures = readSignatures(readPdf(bytes, { inflate, tolerant: true }));
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(LETTER_FIELD);
  }
  return (
    signatures.some(({ field }) => field === LETTER_FIELD) ||
    signatures.slice(0, MAX_OPENED).some(isByScene)
  );
}

function isByScene({ paddedContents }: PdfSignature): boolean {
  try {
    const { signers, certificates } = readForeignCms(paddedContents);
    return signers.some((it) => findForeignSigner(it, certificates)?.sceneBinding);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return false;
  }
}

/** A signed letter, taken apart; nothing is judged yet. */
export interface LetterMaterial {
  /** The whole signed file. */
  readonly bytes: Uint8Array;
  readonly file: PdfFile;
  readonly signature: PdfSignature;
  /** First revision: the letter as shown. */
  readonly letter: Uint8Array;
  /** What was appended to sign it. */
  readonly update: Uint8Array;
  /** SHA-256 over the ByteRange. */
  readonly rangesDigest: Uint8Array;
  readonly signedData: SignedData;
  readonly signer: SignerInfo;
  /** The signer's certificate as found by its identifier. */
  readonly certificate: Certificate;
  /** The signature timestamp; null when there is none or it cannot be read. */
  readonly token: Token | null;
}

export interface Gathered {
  readonly material: LetterMaterial | null;
  readonly findings: readonly Finding[];
}

/** Reads PDF, signature dictionary, CMS and token. Whatever cannot be read becomes a finding. */
export function gatherLetter(bytes: Uint8Array): Gathered {
  const findings: Finding[] = [];
  const stop = (finding: Finding): Gathered => ({
    material: null,
    findings: [...findings, finding],
  });
  let file: PdfFile;
  let signatures: PdfSignature[];
  try {
    file = readPdf(bytes, { inflate });
    signatures = readSignatures(file);
    findings.push(pass('pdf-readable'));
  } catch (error) {
    return stop(
      refusal('pdf-readable', error, {
        unsupported: 'SIGNED_DATA_NOT_FOUND',
        ownProfile: claimsOwnProfile(bytes),
      }),
    );
  }
  const [signature, ...others] = signatures;
  if (!signature) return stop(fail('signature-present', 'FORMAT_FAILURE'));
  findings.push(pass('signature-present'));
  // v1 letters carry the subject's signature and nothing after it.
  if (others.length > 0 || !signature.coversWholeFile)
    return stop(fail('signature-covers-file', 'FORMAT_FAILURE'));
  findings.push(pass('signature-covers-file'));

  const rule = { unsupported: 'CRYPTO_CONSTRAINTS_FAILURE', ownProfile: false } as const;
  let signedData: SignedData;
  try {
    signedData = parseSignedData(signature.contents);
  } catch (error) {
    return stop(refusal('cms-readable', error, rule));
  }
  const signer = signedData.signers[0];
  if (!signer || signedData.signers.length > 1)
    return stop(fail('cms-readable', 'FORMAT_FAILURE', { reason: 'not exactly one signer' }));
  const certificate = findSigner(signedData, signer);
  if (!certificate)
    return stop(fail('cms-readable', 'FORMAT_FAILURE', { reason: 'no certificate of the signer' }));
  findings.push(pass('cms-readable'));

  const [tokenBytes, ...moreTokens] = signer.timestampTokens;
  let token: Token | null = null;
  if (!tokenBytes || moreTokens.length > 0 || signer.unsignedTypes.length !== 1)
    findings.push(fail('timestamp-present', tokenBytes ? 'FORMAT_FAILURE' : 'NO_POE'));
  else {
    findings.push(pass('timestamp-present'));
    try {
      token = parseToken(tokenBytes);
      findings.push(pass('timestamp-readable'));
    } catch (error) {
      findings.push(refusal('timestamp-readable', error, rule));
    }
  }
  return {
    material: { ...takeApart(bytes, file, signature), signedData, signer, certificate, token },
    findings,
  };
}

function takeApart(
  bytes: Uint8Array,
  file: PdfFile,
  signature: PdfSignature,
): Pick<LetterMaterial, 'bytes' | 'file' | 'signature' | 'letter' | 'update' | 'rangesDigest'> {
  const ranges = createHash('sha256');
  for (const part of coveredBytes(bytes, signature)) ranges.update(part);
  return {
    bytes,
    file,
    signature,
    letter: bytes.subarray(0, signature.letterLength),
    update: bytes.subarray(signature.letterLength),
    rangesDigest: new Uint8Array(ranges.digest()),
  };
}
