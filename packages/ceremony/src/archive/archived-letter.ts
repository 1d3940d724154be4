import {
  decrypt,
  DomainError,
  sha256Hex,
  toUtcSeconds,
  type AccessPurpose,
  type Objects,
} from '@mandate/core';
import type { DataDeps, StepDeps } from '../deps.js';
import type { ArchiveReads, ArchiveRow, AuthorizationRow } from '../ports.js';

/** Under which context an archived letter is encrypted. */
export const archiveContext = (authorizationId: string, generation: number): string =>
  `archives/${authorizationId}/${generation}`;

/** One generation's letter; its digest is compared with the record's. Throws `object-corrupt`, `object-missing`. */
export async function readArchive(
  objects: Objects,
  dataKey: Uint8Array,
  row: ArchiveRow,
): Promise<Uint8Array> {
  const context = archiveContext(row.authorizationId, row.generation);
  const letter = decrypt(dataKey, await objects.get(row.object), context);
  if (sha256Hex(letter) !== row.digest)
    throw new DomainError('object-corrupt', 'the archived letter has another digest');
  return letter;
}

/** What an institution sees of its letter's level. */
export interface ArchiveState {
  readonly archiveLevel: 'B-T' | 'B-LTA';
  readonly archiveGeneration?: number;
  readonly renewBy?: string;
  /** Half of the time between due and too late is gone. */
  readonly renewalOverdue?: boolean;
}

/** Null before `released`. */
export async function archiveState(
  deps: StepDeps & { readonly record: ArchiveReads },
  { id, state }: AuthorizationRow,
): Promise<ArchiveState | null> {
  if (state !== 'released') return null;
  const row = await deps.record.newestArchive(id);
  if (!row) return { archiveLevel: 'B-T' };
  const alarm = (row.renewFrom.getTime() + row.renewBy.getTime()) / 2;
  return {
    archiveLevel: row.level,
    archiveGeneration: row.generation,
    renewBy: toUtcSeconds(row.renewBy),
    renewalOverdue: deps.clock.now().getTime() >= alarm,
  };
}

/** The newest archived letter. `illegal-transition` until there is one. */
export async function archivedLetter(
  deps: DataDeps & { readonly record: ArchiveReads },
  authorization: AuthorizationRow,
  access: { purpose: AccessPurpose; actor: string },
): Promise<Uint8Array> {
  const row = await deps.record.newestArchive(authorization.id);
  if (!row)
    throw new DomainError('illegal-transition', 'the letter has not reached level B-LTA yet');
  const { dataKey } = await deps.vault.unwrap({ authorizationId: authorization.id, ...access });
  return readArchive(deps.objects, dataKey, row);
}
