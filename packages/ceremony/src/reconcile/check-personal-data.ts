import { FIRST_PREVIOUS, type AccessEntry, type AccessPurpose } from '@mandate/core';
import type { AuthorizationRow } from '../ports.js';
import { read } from './check-ceremony.js';
import type { AuthorizationRows } from './reconcile-ports.js';
import type { Found } from './record-problem.js';
import { recordedDigest } from './recorded-digest.js';

/** A data key is there until its erasure, and gone after it; and who opened it is one unbroken register. */
export function checkPersonalData(
  all: AuthorizationRows,
  { id }: AuthorizationRow,
  found: Found,
  /** Whether role vault's key opens it; null where that key is not at hand. */
  opens: ((id: string, wrapped: Uint8Array) => boolean) | null,
): void {
  const [key] = all.dataKeys;
  const [erasure] = all.erasures;
  if (!key || (!key.wrapped && !erasure)) found('data-key-missing', id);
  if (key?.wrapped && erasure) found('data-key-returned', id);
  if (key?.wrapped && opens && !opens(id, key.wrapped)) found('data-key-unopened', id);
  if (key && erasure && key.shreddedAt?.getTime() !== erasure.at.getTime())
    found('data-key-returned', id);

  const entries = all.accessEntries;
  let previous = FIRST_PREVIOUS;
  for (const [index, row] of entries.entries()) {
    const entry = read<RegisterBody>(row.body);
    if (
      !entry ||
      row.ordinal !== index + 1 ||
      entry.ordinal !== row.ordinal ||
      entry.previous !== previous ||
      entry.authorization !== id ||
      entry.id !== row.id ||
      recordedDigest('access', entry) !== row.digest
    )
      found('register-broken', `${id}/${row.ordinal}`);
    previous = row.digest;
  }
  // a generation of the bundle says how many openings it tells
  const told = Math.max(0, ...all.bundleGenerations.map(({ accesses }) => accesses));
  if (entries.length < told) found('register-short', `${id}: ${told} were told`);
  // what cannot have been done without opening the data must have left an entry, so a cut tail shows where it was
  const opened = entries.map(({ body }) => read<RegisterBody>(body)?.purpose);
  const least: Partial<Record<AccessPurpose, number>> = {
    request: key ? 1 : 0,
    challenge: all.challenges.length,
    sign: all.attempts.length,
    archive: all.archives.length,
    redeem: all.redemptions.length,
    erase: erasure ? 1 : 0,
  };
  for (const [purpose, count] of Object.entries(least))
    if (opened.filter((one) => one === purpose).length < count)
      found('register-short', `${id}: ${purpose}`);
}

type RegisterBody = AccessEntry & {
  readonly id: string;
  readonly authorization: string;
  readonly previous: string;
};
