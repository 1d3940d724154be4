import { isDomainError, toHex } from '@mandate/core';
import { reconcileRun } from '@mandate/ceremony';
import type { DeskParts } from './desk-parts.js';

/** Milliseconds between looks, and after failures. */
const LOOK_EVERY = 1000;
const PAUSES = { first: 1000, most: 60_000 };

/**
 * Works reconciliations off. Every process of the desk does; a lease in the record keeps them apart, and one that dies
 * leaves its run, as far as it came, to the others.
 */
export function startReconciler(
  parts: Pick<DeskParts, 'clock' | 'random' | 'log' | 'reconciliations'>,
): { close(): Promise<void> } {
  const worker = toHex(parts.random.bytes(16));
  const deps = { clock: parts.clock, record: parts.reconciliations };
  let stopped = false;
  let wake: () => void = () => undefined;
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopped) {
      try {
        while (!stopped && (await reconcileRun(deps, { worker, stopped: () => stopped })));
        failures = 0;
      } catch (err) {
        // what was begun is taken up by the others, once its lease is over
        if (stopped) return;
        failures += 1;
        const level = isDomainError(err, 'database-unavailable') ? 'warn' : 'error';
        parts.log[level]({ err }, 'a reconciliation failed; trying again');
        if (!stopped) await pause(Math.min(PAUSES.first * 2 ** (failures - 1), PAUSES.most));
        continue;
      }
      if (!stopped) await pause(LOOK_EVERY);
    }
  };
  const running = run();
  return {
    close: () => {
      stopped = true;
      wake();
      return running;
    },
  };
}
