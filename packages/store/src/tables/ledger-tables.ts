import type { Generated } from 'kysely';
import type { Fixed } from './fixed.js';

/** The ledger’s queue, tree and heads. */
export interface LedgerTables {
  ledgerQueue: {
    id: Generated<string>;
    dedupe: Fixed<string>;
    entry: Fixed<string>;
    authorizationId: Generated<string | null>;
    leafIndex: Generated<number | null>;
  };
  ledgerEntries: { leafIndex: Fixed<number>; entry: Fixed<string>; queueId: Fixed<string> };
  ledgerNodes: { level: Fixed<number>; index: Fixed<number>; hash: Fixed<Uint8Array> };
  ledgerCheckpoints: {
    size: Fixed<number>;
    root: Fixed<Uint8Array>;
    note: Fixed<string>;
    madeAt: Fixed<Date>;
  };
  ledgerCosignatures: {
    size: Fixed<number>;
    witness: Fixed<string>;
    line: Fixed<string>;
    madeAt: Fixed<Date>;
  };
  ledgerStamps: {
    number: Fixed<number>;
    size: Fixed<number>;
    token: Fixed<Uint8Array>;
    stampedAt: Fixed<Date>;
    published: boolean;
  };
  ledgerPublished: { one: Generated<boolean>; size: number };
  ledgerHead: { one: Generated<boolean>; size: number };
  inclusionProofs: { authorizationId: Fixed<string>; proof: Fixed<string> };
}
