import {
  algorithmsOf,
  findSigner,
  parseCertificate,
  reliableUntil,
  validatePath,
  type Certificate,
  type Sunset,
  type Token,
} from '@mandate/pki';
import type { ArchiveRow } from './ports.js';

const DAY = 86_400_000;
/** Renewal begins this long before the end, or in the last third of what there was, whichever is less. */
const LEAD = 180 * DAY;

/** The token's signer and its issuers up to one of the anchors, as valid when it stamped; or the signer alone. */
export function authorityPath(
  { signedData, info }: Token,
  anchors: readonly Uint8Array[],
): readonly Certificate[] {
  const leaf = findSigner(signedData, signedData.signers[0]!)!;
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
 * or the first of its algorithms ends. (ETSI EN 319 142-1 §5.4.3, TS 119 312.)
 */
export function renewalOf(
  token: Token,
  sunsets: readonly Sunset[],
  anchors: readonly Uint8Array[],
): Pick<ArchiveRow, 'renewFrom' | 'renewBy'> {
  const { signedData, info } = token;
  const signer = signedData.signers[0]!;
  const certificates = authorityPath(token, anchors);
  const imprint = { family: info.imprint.algorithm, bits: 0 };
  const ends = certificates.map(({ notAfter }) => notAfter.getTime());
  const algorithms = reliableUntil([imprint, ...algorithmsOf(signer, certificates)], sunsets);
  if (algorithms) ends.push(algorithms.getTime());
  const renewBy = Math.max(info.genTime.getTime(), Math.min(...ends));
  const lead = Math.min(LEAD, (renewBy - info.genTime.getTime()) / 3);
  return { renewFrom: new Date(renewBy - lead), renewBy: new Date(renewBy) };
}
