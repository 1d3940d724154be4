import { toUtcSeconds, type LedgerRole } from '@mandate/core';
import { entryText } from '@mandate/ledger';
import type { LedgerDeps } from './integrate.js';

/**
 * Queues the digest of a build for the ledger before a scene names it: what was served to a
 * subject was published, and when. Once for each build; a build that comes back is not entered again.
 */
export async function recordDeploy(
  deps: Pick<LedgerDeps, 'clock' | 'record'>,
  { component, digest }: Parameters<LedgerRole['deploy']>[0],
): Promise<{ recorded: boolean }> {
  const entry = entryText({
    format: 'mandate-entry/v1',
    kind: 'deploy',
    at: toUtcSeconds(deps.clock.now()),
    component,
    digest,
  });
  return { recorded: await deps.record.queue(`deploy:${component}:${digest}`, entry) };
}
