import type { EndRow, HoldRow, ReceiptRow, RedemptionRow, WithdrawalRow } from '@mandate/ceremony';
import type { Generated } from 'kysely';
import type { Fixed } from './fixed.js';

/** What happens after release: uses, withdrawals, disputes, ends, and their receipts. */
export interface UseTables {
  redemptions: {
    [K in keyof RedemptionRow]: K extends 'state' | 'settledAt' | 'settledBy'
      ? RedemptionRow[K]
      : Fixed<RedemptionRow[K]>;
  } & { tells: Generated<number> };
  withdrawals: { [K in keyof WithdrawalRow]: Fixed<WithdrawalRow[K]> };
  holds: { [K in keyof HoldRow]: HoldRow[K] } & {
    tells: Generated<number>;
    resolutionTells: Generated<number>;
  };
  ends: { [K in keyof EndRow]: Fixed<EndRow[K]> };
  receipts: { [K in keyof ReceiptRow]: ReceiptRow[K] };
}
