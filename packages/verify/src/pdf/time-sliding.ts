import {
  OID,
  validateCertificationPath,
  type Certificate,
  type Crl,
  type OcspResponse,
} from '@mandate/pki';
import type { World } from './certificate-judgement.js';

/** Answers and lists weighed per certificate. */
const MAX_SOURCES = 60;

/** One piece of revocation data about one certificate. */
interface Word {
  readonly issued: Date;
  readonly until: Date | null;
  readonly revokedAt: Date | undefined;
}

/**
 * Validation time sliding (EN 319 102-1 §5.6.2.2): from the anchor down, each certificate's revocation
 * data must be proven to have existed at the time reached; data that is not fresh then, and revocation,
 * move the time into the past. Null when data is missing: no proof of existence helps then.
 */
export function slideTime(
  chain: readonly Certificate[],
  candidates: readonly Certificate[],
  world: World,
): Date | null {
  let control = world.existence.at;
  for (let i = chain.length - 2; i >= 0; i--) {
    const certificate = chain[i]!;
    const earliest = (time: Date): Date => (time < control ? time : control);
    if (isExempt(certificate)) {
      control = earliest(certificate.notAfter);
      continue;
    }
    const words = wordsAbout(chain.slice(i), candidates, world, control);
    if (words.length === 0) return null;
    const revoked = words.find(({ revokedAt }) => revokedAt);
    if (revoked) control = earliest(revoked.revokedAt!);
    else if (!words.some(({ until, issued }) => (until ?? issued) >= control))
      control = words.reduce((best, { issued }) => (issued > best ? issued : best), new Date(0));
  }
  return control;
}

/** Says of itself that nobody needs to ask (ETSI EN 319 412-1 §5.2.2, RFC 9608). */
const isExempt = ({ validityAssuredShortTerm, extensions }: Certificate): boolean =>
  validityAssuredShortTerm || extensions.some(({ oid }) => oid === OID.noRevAvail);

function wordsAbout(
  chain: readonly Certificate[],
  candidates: readonly Certificate[],
  { material, existence }: World,
  control: Date,
): Word[] {
  const [certificate] = chain as [Certificate];
  const words: Word[] = [];
  const ask = (
    source: { crls: Crl[]; ocsps: OcspResponse[] },
    issued: Date,
    until: Date | null,
  ): void => {
    const { revocation } = validateCertificationPath({
      leaf: certificate,
      candidates,
      anchors: [chain[chain.length - 1]!],
      // Judged for the moment it speaks of.
      at: issued,
      anchorsAs: 'key',
      algorithms: 'legacy',
      revocation: { ...source, required: 'leaf' },
    });
    const status = revocation[0];
    if (!status || (status.status !== 'good' && status.status !== 'revoked')) return;
    words.push({ issued, until, revokedAt: status.revokedAt });
  };
  let left = MAX_SOURCES;
  for (const { item, revision } of material.ocsps) {
    const single = item.responses.find(({ certId }) => certId.serial === certificate.serial);
    if (!single || existence.existedAt(revision) > control || single.thisUpdate > control) continue;
    if (left-- > 0) ask({ crls: [], ocsps: [item] }, single.thisUpdate, single.nextUpdate);
  }
  for (const { item, revision } of material.crls) {
    if (existence.existedAt(revision) > control || item.thisUpdate > control) continue;
    if (left-- > 0) ask({ crls: [item], ocsps: [] }, item.thisUpdate, item.nextUpdate);
  }
  return words;
}
