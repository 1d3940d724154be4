import type { AccessEntry, CallerName, Clock, LedgerRole, PasskeyCheck } from '@mandate/core';
import type { VaultRecord } from '../ports.js';
import { sealHolds, sealProven } from './case-decisions.js';
import { liftFact } from './desk-facts.js';
import type { RowMacs } from './row-macs.js';

/**
 * The register as it is told outside role vault. Who of the desk opened something is the operator's to know; what a
 * court has sealed is told once the seal is over. A seal that role vault did not write, that nobody's authenticator agreed
 * to, or that the ledger has as lifted, hides nothing. Throws `ledger-behind`.
 */
export async function toldAccesses(
  deps: {
    readonly record: Pick<VaultRecord, 'accesses' | 'accessSeals'>;
    readonly clock: Clock;
    readonly macs: RowMacs;
    readonly passkeys: Pick<PasskeyCheck, 'assertion'>;
    readonly ledger: Pick<LedgerRole, 'holds'>;
  },
  authorizationId: string,
  caller: CallerName,
): Promise<readonly AccessEntry[]> {
  const entries = await deps.record.accesses(authorizationId);
  /** Cases, by the fact that would say that their seal was lifted. */
  const seals = new Map<string, string>();
  for (const seal of await deps.record.accessSeals(authorizationId, deps.clock.now()))
    if (sealHolds(deps.macs, seal) && (await sealProven(deps, seal, seal.agreement)))
      seals.set(liftFact(deps.macs, seal.id), seal.caseId);
  // Asked whether there is a seal or not: that the ledger is behind tells nobody that there is one.
  const { found } = await deps.ledger.holds({ facts: [...seals.keys()] });
  for (const lifted of found) seals.delete(lifted);
  const sealed = new Set(seals.values());
  const told = entries.map(({ caseId, ...entry }) => ({
    hidden: caseId !== undefined && sealed.has(caseId),
    entry: caseId === undefined ? entry : { ...entry, actor: 'desk/case' },
  }));
  const first = told.findIndex(({ hidden }) => hidden);
  if (first < 0) return told.map(({ entry }) => entry);
  // A bundle continues where it stopped: what comes after a sealed one waits with it.
  if (caller !== 'web') return told.slice(0, first).map(({ entry }) => entry);
  // Numbered anew, or the gap would tell.
  return told.filter(({ hidden }) => !hidden).map(({ entry }, i) => ({ ...entry, ordinal: i + 1 }));
}
