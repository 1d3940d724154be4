import { fromUtf8, toHex, toUtcSeconds } from '@mandate/core';
import { entryBytes } from '@mandate/ledger';
import type { RowMacs } from './row-macs.js';

/**
 * What is done at the desk that nobody may take back unseen: the ledger has an entry of each (kind `desk`), made in the
 * same transaction. `change`: of an account, by its number; `revoked`: a grant; `ended`: a case; `lifted`: a court's seal;
 * `sample`: fixed.
 */
export type DeskFactKind = 'change' | 'revoked' | 'ended' | 'lifted' | 'sample';

/** An entry for the ledger's queue. */
export interface DeskFact {
  /** `deskFactKey`. */
  readonly dedupe: string;
  /** Canonical JSON. */
  readonly entry: string;
}

/** The key it is queued under, and found by. */
export const deskFactKey = (kind: DeskFactKind, id: string | number): string =>
  `desk:${kind}:${id}`;

/** `fact`: 64 hex. */
export const deskFact = (
  kind: DeskFactKind,
  id: string | number,
  { fact, at }: { fact: string; at: Date },
): DeskFact => ({
  dedupe: deskFactKey(kind, id),
  entry: fromUtf8(
    entryBytes({ format: 'mandate-entry/v1', kind: 'desk', at: toUtcSeconds(at), fact }),
  ),
});

// Keyed: the ledger is public, and names, ids and moments could be tried.

/** `digest`: of the register's entry, which is over all entries before it too. */
export const changeFact = (macs: RowMacs, row: { number: number; digest: string }): string =>
  toHex(macs.of('desk_facts', { change: row.number, digest: row.digest }));

// These are of the id alone: whoever has the key asks for them, whatever the rows say by then.

export const revocationFact = (macs: RowMacs, grantId: string): string =>
  toHex(macs.of('desk_facts', { revoked: grantId }));

export const caseEndFact = (macs: RowMacs, caseId: string): string =>
  toHex(macs.of('desk_facts', { ended: caseId }));

export const liftFact = (macs: RowMacs, sealId: string): string =>
  toHex(macs.of('desk_facts', { lifted: sealId }));
