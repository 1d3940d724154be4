import type { AccessEntry, CallerName, Clock, PasskeyCheck } from '@mandate/core';
import type { VaultRecord } from '../ports.js';
import { sealHolds, sealProven } from './case-decisions.js';
import type { RowMacs } from './row-macs.js';

/**
 * The register as it is told outside role vault. Who of the desk opened something is the operator's to know; what a
 * court has sealed is told once the seal is over. A seal that role vault did not write, or that nobody's authenticator agreed to,
 * hides nothing.
 */
export async function toldAccesses(
  deps: {
    readonly record: Pick<VaultRecord, 'accesses' | 'accessSeals'>;
    readonly clock: Clock;
    readonly macs: RowMacs;
    readonly passkeys: Pick<PasskeyCheck, 'assertion'>;
  },
  authorizationId: string,
  caller: CallerName,
): Promise<readonly AccessEntry[]> {
  const entries = await deps.record.accesses(authorizationId);
  const sealed = new Set<string>();
  for (const seal of await deps.record.accessSeals(authorizationId, deps.clock.now()))
    if (sealHolds(deps.macs, seal) && (await sealProven(deps, seal, seal.agreement)))
      sealed.add(seal.caseId);
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
