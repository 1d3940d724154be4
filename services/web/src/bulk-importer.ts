import { addSeconds, isDomainError, toHex } from '@mandate/core';
import { BULK_LIMITS, importBulk } from '@mandate/ceremony';
import { parseStrictJson } from '@mandate/runtime';
import { requestDeps, type WebParts } from './web-parts.js';

/** Milliseconds between looks for work, and after a failure (doubled with each, at most the second). */
const LOOK_EVERY = 500;
const PAUSES = { first: 500, most: 30_000 };
/** Failures at one import, in a row, before a row of it is refused as `internal`. */
const PATIENCE = 5;

/**
 * Works off imports, institutions in turn, as role web: only it may request authorizations. Every process of web does;
 * a claim in the record keeps them apart, and one that ends leaves its claim to the others.
 */
export function startBulkImporter(parts: WebParts): { close(): Promise<void> } {
  const worker = toHex(parts.random.bytes(16));
  const deps = { ...requestDeps(parts), bulks: parts.bulks, parseJson: parseStrictJson };
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
    /** By import: others that go well in between say nothing about this one. */
    const failed = new Map<string, number>();
    let at: string | null = null;
    const turn = {
      ...{ worker, stopped: () => stopped },
      giveUp: (bulkId: string) => {
        at = bulkId;
        return (failed.get(bulkId) ?? 0) >= PATIENCE;
      },
    };
    while (!stopped) {
      try {
        at = null;
        const now = parts.clock.now();
        await parts.bulks.cancelAbandoned(addSeconds(now, -BULK_LIMITS.waits), now);
        while (!stopped && (await importBulk(deps, turn))) {
          if (at !== null) failed.delete(at);
          at = null;
          failures = 0;
        }
        failures = 0;
        if (!stopped) failed.clear();
      } catch (err) {
        failures += 1;
        if (at !== null) failed.set(at, (failed.get(at) ?? 0) + 1);
        const level = isDomainError(err, 'database-unavailable', 'authority-unavailable')
          ? 'warn'
          : 'error';
        parts.log[level]({ err }, 'an import failed; trying again');
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
