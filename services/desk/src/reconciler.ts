import { toHex } from '@mandate/core';
import { reconcileRun } from '@mandate/ceremony';
import { repeat } from '@mandate/runtime';
import type { DeskParts } from './desk-parts.js';

/** Milliseconds between looks, and after failures. */
const LOOK_EVERY = 1000;
const PAUSES = { first: 1000, most: 60_000 };

/**
 * Works reconciliations off. Every process of the desk does; a lease in the record keeps them apart, and one that dies
 * leaves its run, as far as it came, to the others.
 */
export function startReconciler({
  clock,
  random,
  log,
  reconciliations: record,
}: Pick<DeskParts, 'clock' | 'random' | 'log' | 'reconciliations'>): { close(): Promise<void> } {
  const worker = toHex(random.bytes(16));
  return repeat(
    async ({ stopped }) => {
      while (!stopped() && (await reconcileRun({ clock, record }, { worker, stopped })));
    },
    { every: LOOK_EVERY, pauses: PAUSES, log, what: 'reconciliations' },
  );
}
