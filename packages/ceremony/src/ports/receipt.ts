import type { AuthorizationRow, Institution } from './authorization.js';
import type { DestroyedIdImage } from './id-image.js';
import type { ErasureRow, ReleaseRow, RestrictionRow } from './privacy.js';
import type { EndRow, HoldRow, WithdrawalRow } from './stop.js';
import type { RedemptionRow, ScopeRow } from './use.js';

export interface ReceiptRow {
  readonly factId: string;
  readonly jws: string;
  readonly signedAt: Date;
  readonly token: Uint8Array | null;
  readonly operator: string | null;
}

/** A fact as role seal finds it in the record, with all that its receipt says. */
export type StoredFact = {
  readonly authorization: AuthorizationRow;
  readonly institution: Institution;
} & (
  | { readonly kind: 'redemption'; readonly row: RedemptionRow; readonly scope: ScopeRow }
  | { readonly kind: 'withdrawal'; readonly row: WithdrawalRow }
  | { readonly kind: 'hold'; readonly row: HoldRow }
  | { readonly kind: 'hold-resolution'; readonly row: HoldRow }
  | { readonly kind: 'end'; readonly row: EndRow }
  | { readonly kind: 'release'; readonly row: ReleaseRow }
  | { readonly kind: 'restriction'; readonly row: RestrictionRow }
  | { readonly kind: 'erasure'; readonly row: ErasureRow }
  | { readonly kind: 'id-image-destruction'; readonly row: DestroyedIdImage }
);

/** Role seal. */
export interface SealRecord {
  /** By the id's prefix. Throws `not-found`. */
  fact(id: string): Promise<StoredFact>;
  receipt(factId: string): Promise<ReceiptRow | null>;
  /** The first one written stays; resolves to the one that stands. */
  addReceipt(row: Pick<ReceiptRow, 'factId' | 'jws' | 'signedAt'>): Promise<ReceiptRow>;
  stampReceipt(factId: string, token: Uint8Array, operator: string): Promise<ReceiptRow>;
  /** Redemptions of indexes [from, to) that are not plainly good. */
  statuses(
    from: number,
    to: number,
    at: Date,
  ): Promise<readonly { index: number; status: 'invalid' | 'suspended' }[]>;
}
