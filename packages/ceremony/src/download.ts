import { DomainError, type AccessPurpose } from '@mandate/core';
import type { DataDeps } from './deps.js';
import type { GenerationReads } from './ports/generation.js';
import { storedBundle } from './generations/stored-bundle.js';
import type { AuthorizationRow, CommonReads } from './ports.js';

export interface DownloadDeps extends Omit<DataDeps, 'vault'> {
  readonly vault: Pick<DataDeps['vault'], 'unwrap'>;
  readonly record: CommonReads & GenerationReads;
}

/**
 * The newest evidence bundle. Nothing leaves before it is in the ledger:
 * `illegal-transition` until `released`.
 */
export async function evidenceBundle(
  deps: DownloadDeps,
  authorization: AuthorizationRow,
  access: { purpose: AccessPurpose; actor: string },
): Promise<Uint8Array> {
  const { id, state } = authorization;
  // Asked before the data are opened: a refusal is no opening.
  if (state !== 'released' || !(await deps.record.inclusionProof(id)))
    throw new DomainError(
      'illegal-transition',
      `the letter is not released; the authorization is ${state}`,
    );
  const { dataKey } = await deps.vault.unwrap({ authorizationId: id, ...access });
  return storedBundle(deps, id, dataKey);
}
