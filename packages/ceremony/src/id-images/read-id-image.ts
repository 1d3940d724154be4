import { DomainError, type Clock, type VaultRole } from '@mandate/core';
import type { IdImageRecord, IdImageRow } from '../ports/id-image.js';
import { openIdImage } from './id-image-box.js';

/** What a picture is looked at for. */
export const ID_IMAGE_PURPOSES = [
  'identity-check',
  'source-demand',
  'dispute',
  'subject-request',
] as const;

/** One picture of an authorization. Throws `not-found`. */
export async function findIdImage(
  record: Pick<IdImageRecord, 'idImages'>,
  authorizationId: string,
  imageId: string,
): Promise<IdImageRow> {
  const found = (await record.idImages(authorizationId)).find(({ id }) => id === imageId);
  if (!found) throw new DomainError('not-found', 'no such picture');
  return found;
}

/**
 * Opens a picture; the reading stands in the access register before. Throws `not-found`, `restricted`, and `erased`
 * once its time is over, also before the sweep has come by.
 * @param actor who reads and what for, as it stands in the register
 */
export async function readIdImage(
  deps: {
    readonly clock: Clock;
    readonly record: IdImageRecord;
    readonly vault: Pick<VaultRole, 'imageKey'>;
  },
  input: { authorizationId: string; imageId: string; actor: string },
): Promise<{ row: IdImageRow; jpeg: Uint8Array }> {
  const { record, vault, clock } = deps;
  const { authorizationId, imageId, actor } = input;
  const row = await findIdImage(record, authorizationId, imageId);
  const gone = (): DomainError => new DomainError('erased', 'the picture was destroyed');
  if (row.destroyedAt || row.keepUntil <= clock.now()) throw gone();
  const { dataKey } = await vault.imageKey({ authorizationId, imageId, actor });
  // destroyed between the two: then there is nothing left to open
  const box = await record.idImageBox(imageId);
  if (!box) throw gone();
  return { row, jpeg: openIdImage(dataKey, row, box) };
}
