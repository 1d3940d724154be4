import { canonicalize, FIRST_PREVIOUS, kindDigestHex, type StaffAct } from '@mandate/core';
import { codeOf, type CodedRow, type WithMac } from './coded-rows.js';
import { changeFact, deskFact, type DeskFact } from './desk-facts.js';
import type { RowMacs } from './row-macs.js';

/** What was done to an account; `approver` where it takes two people. */
export interface StaffDeed {
  readonly act: StaffAct;
  readonly staffId: string;
  readonly by: string;
  readonly approver?: string;
  readonly at: Date;
  /** No personal data but names. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** An entry of the register of changes. */
export interface StaffChangeRow extends CodedRow<'staff_changes'>, WithMac {
  readonly number: number;
  readonly staffId: string;
  readonly act: StaffAct;
  /** Canonical: number, at, act, staff, by, approver, detail, previous. */
  readonly body: string;
  readonly digest: string;
}

export interface EnteredChange {
  readonly row: StaffChangeRow;
  readonly entered: DeskFact;
}

/** The entry after `last` (null: the first), and what the ledger gets to know of it. */
export function staffChange(
  macs: RowMacs,
  last: Pick<StaffChangeRow, 'number' | 'digest'> | null,
  { act, staffId, by, approver, at, detail = {} }: StaffDeed,
): EnteredChange {
  const number = (last?.number ?? 0) + 1;
  const said = {
    ...{ number, at: at.toISOString(), act, staff: staffId, by, approver: approver ?? null },
    ...{ detail, previous: last?.digest ?? FIRST_PREVIOUS },
  };
  const digest = kindDigestHex('staff-change', said);
  const mac = codeOf(macs, 'staff_changes', { number, digest });
  const row = { number, staffId, act, body: canonicalize(said), digest, mac };
  return { row, entered: deskFact('change', number, { fact: changeFact(macs, row), at }) };
}
