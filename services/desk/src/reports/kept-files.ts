import {
  decrypt,
  DomainError,
  encrypt,
  isDomainError,
  sha256Hex,
  type Objects,
  type Random,
} from '@mandate/core';
import type { ReportFileRow } from '@mandate/ceremony';
import { crc32 } from '@mandate/evidence';

/** The only file that is not kept: it follows from the stored bundle, whose generations stay as they are. */
export const BUNDLE_FILE = 'bundle.asice';

/** Where a report's file lies, and what its encryption is bound to. */
const nameOf = (reportId: string, file: string): string => `reports/${reportId}/${file}`;

/** `stored`: SHA-256 of what lies in the store, where it lies there. */
export const fileRow = (
  name: string,
  bytes: Uint8Array,
  {
    stored = null,
    pages = null,
  }: { stored?: string | null; pages?: number | undefined | null } = {},
): ReportFileRow => ({
  ...{ name, size: bytes.length, digest: sha256Hex(bytes), crc: crc32(bytes), pages, stored },
});

/**
 * A file of a report under the data key of its authorization, made once: what an earlier try has left there is taken.
 * Throws `object-corrupt` where that is not readable, and whatever `make` throws.
 */
export async function keepOnce(
  { objects, random }: { readonly objects: Objects; readonly random: Random },
  dataKey: Uint8Array,
  at: { readonly reportId: string; readonly file: string; readonly again: boolean },
  make: () => Promise<Uint8Array>,
): Promise<KeptBytes> {
  const name = nameOf(at.reportId, at.file);
  const there = async (): Promise<KeptBytes | null> => {
    try {
      const box = await objects.get(name);
      return { bytes: decrypt(dataKey, box, name), stored: sha256Hex(box) };
    } catch (error) {
      if (isDomainError(error, 'object-missing')) return null;
      throw error;
    }
  };
  const left = at.again ? await there() : null;
  if (left) return left;
  const bytes = await make();
  const box = encrypt(dataKey, bytes, name, random);
  try {
    await objects.put(name, box);
  } catch (error) {
    // Somebody was faster whose claim has run out: theirs is as good.
    if (!isDomainError(error, 'object-exists')) throw error;
    const theirs = await there();
    if (theirs) return theirs;
  }
  return { bytes, stored: sha256Hex(box) };
}

interface KeptBytes {
  readonly bytes: Uint8Array;
  /** SHA-256 of the ciphertext. */
  readonly stored: string;
}

/** A kept file, as it was made. Throws `object-missing`, `object-corrupt`. */
export async function keptFile(
  { objects }: { readonly objects: Objects },
  dataKey: Uint8Array,
  reportId: string,
  { name, digest }: Pick<ReportFileRow, 'name' | 'digest'>,
): Promise<Uint8Array> {
  const object = nameOf(reportId, name);
  const bytes = decrypt(dataKey, await objects.get(object), object);
  if (sha256Hex(bytes) !== digest)
    throw new DomainError('object-corrupt', 'a file of the report has another digest');
  return bytes;
}
