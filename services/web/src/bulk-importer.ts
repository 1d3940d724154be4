import { addSeconds, toHex } from '@mandate/core';
import { BULK_LIMITS, importBulk } from '@mandate/ceremony';
import { parseStrictJson, repeat, type Turn } from '@mandate/runtime';
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
  /** Failures by import: others that go well in between say nothing about this one. */
  const failed = new Map<string, number>();
  const work = async ({ stopped, went }: Turn): Promise<void> => {
    let at: string | null = null;
    const giveUp = (bulkId: string): boolean => {
      at = bulkId;
      return (failed.get(bulkId) ?? 0) >= PATIENCE;
    };
    try {
      const now = parts.clock.now();
      await parts.bulks.cancelAbandoned(addSeconds(now, -BULK_LIMITS.waits), now);
      while (!stopped() && (await importBulk(deps, { worker, stopped, giveUp }))) {
        if (at !== null) failed.delete(at);
        at = null;
        went();
      }
      if (!stopped()) failed.clear();
    } catch (err) {
      if (at !== null) failed.set(at, (failed.get(at) ?? 0) + 1);
      throw err;
    }
  };
  return repeat(work, { every: LOOK_EVERY, pauses: PAUSES, log: parts.log, what: 'imports' });
}
