import { DomainError, fromUtf8, sha256Hex, toUtcSeconds } from '@mandate/core';
import { entryBytes } from '@mandate/ledger';
import type { AuthorizationRow } from './ports.js';

export interface ReportRecord {
  /** The report's row and its ledger entry, or neither. False: that number stands there with another entry. */
  addReport(
    report: { readonly id: string; readonly authorizationId: string; readonly at: Date },
    ledgerEntry: string,
  ): Promise<boolean>;
}

/**
 * Enters that a report was made, before anybody gets it: none that we made can be denied, none that we did not make
 * can be passed off as ours. `json`: its canonical bytes. The same report again changes nothing.
 * Throws `version-conflict` when another one stands under its number: this one must not leave.
 */
export async function noteReport(
  record: ReportRecord,
  authorization: Pick<AuthorizationRow, 'id' | 'letterDigest'>,
  report: { readonly id: string; readonly at: Date; readonly json: Uint8Array },
): Promise<void> {
  const { id, at, json } = report;
  const entry = entryBytes({
    format: 'mandate-entry/v1',
    kind: 'report',
    at: toUtcSeconds(at),
    letter: authorization.letterDigest,
    report: sha256Hex(json),
  });
  const row = { id, authorizationId: authorization.id, at };
  if (!(await record.addReport(row, fromUtf8(entry))))
    throw new DomainError('version-conflict', 'another report stands under this number');
}
