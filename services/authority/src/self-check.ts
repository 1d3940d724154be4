import { DomainError, type PublicAnchors } from '@mandate/core';
import type { ArchiveDeps, ExtendDeps, SelfCheck } from '@mandate/ceremony';
import type { Log } from '@mandate/runtime';
import { verifyFile, type Finding } from '@mandate/verify';

/**
 * Our own verifier before anything is stored: every finding must pass. Only the ledger's are still
 * open then, because the entry is made of the finished bundle. A refusal ends the authorization and points at
 * a fault of ours, so it is logged as one. A simulated check of the person is no fault, but says itself what it is;
 * production wires none.
 */
export const selfCheck =
  (anchors: PublicAnchors, log: Log): SelfCheck =>
  (bundle, at) => {
    const { findings } = verifyFile(bundle, { anchors, at });
    const bad = findings.find(
      ({ id, status, block }) =>
        status === 'failed' ||
        (status === 'indeterminate' && block !== 'ledger' && id !== 'identity-simulated'),
    );
    if (!bad) return;
    log.error({ finding: bad.id, subIndication: bad.subIndication }, 'our own verification fails');
    throw new DomainError('verification-failed', `our own verification fails: ${bad.id}`);
  };

/** The archived letter alone must pass as a stranger would judge it, at the level it claims. */
export const selfCheckArchive =
  (anchors: PublicAnchors): ArchiveDeps['selfCheckArchive'] =>
  (letter, at) => {
    const { verdict, facts, findings } = verifyFile(letter, { anchors, at });
    if (verdict.indication === 'TOTAL-PASSED' && facts.level === 'B-LTA') return;
    const bad = findings.find(({ status }) => status === 'failed' || status === 'indeterminate');
    throw new DomainError(
      'verification-failed',
      `our own verification of the archived letter fails: ${bad?.id ?? facts.level}`,
    );
  };

/**
 * Everything that was added to a bundle must hold; what was sealed before was checked then. A stamp of an older
 * generation may since have outlived its authority: that is told by every verification, and mended by refusing nothing.
 */
export const selfCheckLater =
  (anchors: () => Promise<PublicAnchors>): ExtendDeps['selfCheckLater'] =>
  async (bundle, generation, at) => {
    const { findings } = verifyFile(bundle, { anchors: await anchors(), at });
    const bad = findings.find(
      (finding) =>
        (finding.id === 'bundle-readable' || finding.id.startsWith('later-')) &&
        (finding.status === 'failed' || finding.status === 'indeterminate') &&
        !agedBefore(finding, generation),
    );
    if (bad)
      throw new DomainError(
        'verification-failed',
        `our own verification of what was added fails: ${bad.id}`,
      );
  };

const STAMPS: readonly string[] = ['later-seal', 'later-receipt-time'];
const AGED: readonly string[] = [
  'NO_POE',
  'OUT_OF_BOUNDS_NO_POE',
  'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
];

/** A stamp of a generation before, of which only is unknown that it existed while it could be trusted. */
const agedBefore = ({ id, status, subIndication, params }: Finding, generation: number): boolean =>
  STAMPS.includes(id) &&
  status === 'indeterminate' &&
  subIndication !== undefined &&
  AGED.includes(subIndication) &&
  Number(params?.['generation']) < generation;
