import { DomainError } from '@mandate/core';
import {
  algorithmsOf,
  findSigner,
  parseCertificate,
  reliableUntil,
  validatePath,
  type Certificate,
  type SignerInfo,
  type Sunset,
  type Token,
} from '@mandate/pki';
import type { ArchiveRow } from '../ports.js';

const DAY = 86_400_000;
/** Renewal begins this long before the end, or in the last third of what there was, whichever is less. */
const LEAD = 180 * DAY;

/**
 * The one signer of a token and its certificate. A token with none, with several, or without that certificate
 * was never accepted by us (RFC 3161 §2.4.2: exactly one), so nothing is made of it: `format-timestamp`.
 */
function onlySigner({ signedData }: Token): { signer: SignerInfo; certificate: Certificate } {
  const [signer, ...others] = signedData.signers;
  if (!signer || others.length > 0)
    throw new DomainError(
      'format-timestamp',
      `a token has one signer, not ${signedData.signers.length}`,
    );
  const certificate = findSigner(signedData, signer);
  if (!certificate)
    throw new DomainError('format-timestamp', 'the token does not hold its signer’s certificate');
  return { signer, certificate };
}

/**
 * The token's signer and its issuers up to one of the anchors, as valid when it stamped; or the signer alone.
 * Throws `format-timestamp`.
 */
export function authorityPath(
  token: Token,
  anchors: readonly Uint8Array[],
): readonly Certificate[] {
  const { signedData, info } = token;
  const leaf = onlySigner(token).certificate;
  const { chain } = validatePath({
    leaf,
    intermediates: signedData.certificates,
    anchors: anchors.map((der) => parseCertificate(der)),
    at: info.genTime,
    purpose: 'timestamp',
  });
  return chain ?? [leaf];
}

/**
 * When a letter's newest document timestamp must be renewed: before the first certificate of its authority
 * or the first of its algorithms ends. (ETSI EN 319 142-1 §5.4.3, TS 119 312.) Throws `format-timestamp`.
 */
export function renewalOf(
  token: Token,
  sunsets: readonly Sunset[],
  anchors: readonly Uint8Array[],
): Pick<ArchiveRow, 'renewFrom' | 'renewBy'> {
  const { info } = token;
  const { signer } = onlySigner(token);
  const certificates = authorityPath(token, anchors);
  const imprint = { family: info.imprint.algorithm, bits: 0 };
  const ends = certificates.map(({ notAfter }) => notAfter.getTime());
  const algorithms = reliableUntil([imprint, ...algorithmsOf(signer, certificates)], sunsets);
  if (algorithms) ends.push(algorithms.getTime());
  const renewBy = Math.max(info.genTime.getTime(), Math.min(...ends));
  const lead = Math.min(LEAD, (renewBy - info.genTime.getTime()) / 3);
  return { renewFrom: new Date(renewBy - lead), renewBy: new Date(renewBy) };
}
