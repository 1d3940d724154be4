import type { ReaderJwk } from '@mandate/core';
import type { Indication, TrustAnchors } from '@mandate/verify';

/** One bundle with what both verifiers must say of it. */
export interface BundleCase {
  /** Group, colon, what is wrong with it or what it has. */
  readonly name: string;
  readonly make: () => Promise<Uint8Array>;
  readonly verdict: Indication;
  /** The statement of docs/evidence-format.md that does not hold, or several of which one must be named; none where all hold. */
  readonly rule?: string;
  /** Default: the anchors of the authority that made it. */
  readonly anchors?: TrustAnchors;
  /** Default: an hour after the ceremony. */
  readonly at?: Date;
  /** Whoever reads what is disclosed to them; default nobody. */
  readonly reader?: ReaderJwk;
}

export const mustFail = ({ verdict }: BundleCase): boolean => verdict !== 'TOTAL-PASSED';
