import { findSigner, type Certificate } from '@mandate/pki';
import { certificateFacts } from '../facts.js';
import { allPassed, check } from '../finding.js';
import type { ArchiveMaterial } from '../material/archive-material.js';
import type { Trust } from '../trust.js';
import type { Facts, Finding } from '../verification.js';
import { openStatus, type KeptStatus } from './authority-status.js';
import { checkTimestamp } from './timestamp.js';

export interface ArchiveJudgement {
  readonly findings: readonly Finding[];
  /** The earliest moment at which the signed letter is proven to have existed as it is; null: none. */
  readonly existedAt: Date | null;
  readonly level: 'B-T' | 'B-LT' | 'B-LTA';
  readonly facts: Facts;
  readonly kept: KeptStatus;
  /** Anchors of the timestamps that prove something. */
  readonly anchors: readonly Certificate[];
}

/**
 * Document timestamps from the newest to the oldest (EN 319 102-1 §5.6.3): the newest is judged for `at`,
 * each older one for the moment at which the next younger good one proves that it existed. One that does
 * not hold proves nothing: the older ones are then judged without it.
 */
export function checkArchive(archive: ArchiveMaterial, trust: Trust, at: Date): ArchiveJudgement {
  const findings: Finding[] = [];
  const kept = openStatus(archive);
  const facts: NonNullable<Facts['documentTimestamps']>[number][] = [];
  const anchors: Certificate[] = [];
  let existedAt: Date | null = null;
  for (const { field, token, covered } of archive.timestamps.toReversed()) {
    const { genTime } = token.info;
    const stamp = checkTimestamp('document-timestamp', {
      token,
      data: covered,
      anchors: trust.timestamp,
      at,
      knownAt: existedAt ?? at,
      sunsets: trust.sunsets,
      kept,
    });
    // The whole list for the newest; of the others what they prove, or why they do not.
    const newest = facts.length === 0;
    const own = stamp.findings
      .filter(({ id, status }) => newest || status !== 'passed' || !id.includes('/'))
      .map((finding) => ({ ...finding, params: { ...finding.params, field } }));
    const ordered = !existedAt || genTime <= existedAt;
    findings.push(...own, check('archive-order', ordered, 'TIMESTAMP_ORDER_FAILURE', { field }));
    const proves = stamp.existedAt !== null && ordered;
    if (proves) existedAt = genTime;
    if (proves && stamp.anchor) anchors.push(stamp.anchor);
    const [signer] = token.signedData.signers;
    const authority = signer && findSigner(token.signedData, signer);
    facts.unshift({
      field,
      genTime: genTime.toISOString(),
      proves,
      ...(authority ? { authority: certificateFacts(authority) } : {}),
    });
  }
  const complete =
    archive.endsStamped &&
    facts.length > 0 &&
    facts.every(({ proves }) => proves) &&
    allPassed(findings);
  const level = complete ? 'B-LTA' : archive.ocsps.length > 0 ? 'B-LT' : 'B-T';
  return {
    findings,
    existedAt,
    level,
    kept,
    anchors,
    facts: facts.length > 0 ? { documentTimestamps: facts } : {},
  };
}
