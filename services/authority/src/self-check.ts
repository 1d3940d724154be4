import { DomainError, type PublicAnchors } from '@mandate/core';
import type { SelfCheck } from '@mandate/ceremony';
import { verifyFile } from '@mandate/verify';

/**
 * Our own verifier before anything is stored: every finding must pass. Only the ledger's are still
 * open then, because the entry is made of the finished bundle.
 */
export const selfCheck =
  (anchors: PublicAnchors): SelfCheck =>
  (bundle, at) => {
    const { findings } = verifyFile(bundle, { anchors, at });
    const bad = findings.find(
      ({ status, block }) =>
        status === 'failed' || (status === 'indeterminate' && block !== 'ledger'),
    );
    if (bad) throw new DomainError('verification-failed', `our own verification fails: ${bad.id}`);
  };
