import { FIRST_PREVIOUS } from '@mandate/core';
import { read } from './check-ceremony.js';
import type { DeskRegisterRow } from './reconcile-ports.js';
import type { Found } from './record-problem.js';
import { recordedDigest } from './recorded-digest.js';

/** Searches and refusals of each person of the desk are one unbroken chain. Resolves to how many. */
export async function checkDeskRegister(
  rows: AsyncIterable<DeskRegisterRow>,
  found: Found,
): Promise<number> {
  let count = 0;
  let last = { staff: '', ordinal: 0, digest: FIRST_PREVIOUS };
  for await (const row of rows) {
    count++;
    if (row.staff !== last.staff) last = { staff: row.staff, ordinal: 0, digest: FIRST_PREVIOUS };
    const entry = read<DeskRegisterRow & { readonly previous: string }>(row.body);
    if (
      !entry ||
      row.ordinal !== last.ordinal + 1 ||
      entry.ordinal !== row.ordinal ||
      entry.previous !== last.digest ||
      entry.staff !== row.staff ||
      entry.id !== row.id ||
      recordedDigest('desk-register', entry) !== row.digest
    )
      found('register-broken', `${row.staff}/${row.ordinal}`);
    last = row;
  }
  return count;
}
