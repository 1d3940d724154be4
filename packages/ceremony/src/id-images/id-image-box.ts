import {
  commitment,
  concat,
  decrypt,
  DomainError,
  encrypt,
  sha256Hex,
  toHex,
  type Random,
} from '@mandate/core';
import type { IdImageRow } from '../ports/id-image.js';

const SALT_BYTES = 32;

type Named = Pick<IdImageRow, 'id' | 'authorizationId'>;

const context = ({ id, authorizationId }: Named): string => `id_images/${authorizationId}/${id}`;

const contentOf = (salt: Uint8Array, jpeg: Uint8Array): string =>
  toHex(commitment(salt, 'id-image', sha256Hex(jpeg)));

/** The picture with its commitment's salt, encrypted, and the commitment. */
export function sealIdImage(
  key: Uint8Array,
  image: Named,
  jpeg: Uint8Array,
  random: Random,
): { box: Uint8Array; content: string } {
  const salt = random.bytes(SALT_BYTES);
  return {
    box: encrypt(key, concat(salt, jpeg), context(image), random),
    content: contentOf(salt, jpeg),
  };
}

/** The picture is the one whose commitment stands in the trail. Throws `object-corrupt`. */
export function openIdImage(
  key: Uint8Array,
  image: Named & Pick<IdImageRow, 'content'>,
  box: Uint8Array,
): Uint8Array {
  const bytes = decrypt(key, box, context(image));
  const jpeg = bytes.subarray(SALT_BYTES);
  if (contentOf(bytes.subarray(0, SALT_BYTES), jpeg) !== image.content)
    throw new DomainError('object-corrupt', 'the picture is not the one that was kept');
  return jpeg;
}
