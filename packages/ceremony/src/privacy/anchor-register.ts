import { addSeconds, fromUtf8, kindDigestHex, newId, toUtcSeconds } from '@mandate/core';
import { entryBytes } from '@mandate/ledger';
import type { StepDeps } from '../deps.js';
import type { VaultRecord } from '../ports.js';

/**
 * How old an opening is when it is anchored, seconds: longer than a statement may run and clocks may differ, so that
 * none comes to stand before an anchor afterwards.
 */
export const ANCHOR_AFTER = 300;
const MOST = 10_000;

/** What an anchor says of the openings it covers: their entries' digests in the order of their ids. */
export const registerDigest = (digests: readonly string[]): string =>
  kindDigestHex('register', { openings: digests });

/**
 * One entry of the ledger for all openings of personal data since the last one. After it nobody who owns the database
 * takes an opening out of a register, or changes who opened what and why, unseen.
 */
export async function anchorRegister(
  deps: StepDeps & { readonly record: Pick<VaultRecord, 'anchorRegister'> },
): Promise<number> {
  const at = deps.clock.now();
  const then = addSeconds(at, -ANCHOR_AFTER);
  // the last id there is of that millisecond
  const untilId = newId(
    'access',
    { now: () => then },
    { bytes: (length) => new Uint8Array(length).fill(0xff) },
  );
  return deps.record.anchorRegister({ untilId, limit: MOST, at }, (number, digests) => {
    const digest = registerDigest(digests);
    const entry = entryBytes({
      format: 'mandate-entry/v1',
      kind: 'register',
      at: toUtcSeconds(at),
      ...{ number, openings: digests.length, digest },
    });
    return { digest, ledgerEntry: fromUtf8(entry) };
  });
}
