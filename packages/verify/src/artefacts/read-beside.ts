import { isDomainError, sha256Hex } from '@mandate/core';
import {
  earlierBundles,
  newestArchivedLetter,
  PART,
  partOf,
  readBundle,
  type Bundle,
} from '@mandate/evidence';
import { readPdf } from '@mandate/pdf';
import { credentialCommitment } from '../checks/passkey.js';
import { inflate } from '../inflate.js';
import { gatherAuthorization } from '../material/authorization-material.js';
import type { Artefact } from './artefact.js';

/**
 * SHA-256 of a letter as it was signed and after each of its renewals, by a letter or a bundle: each revision's end
 * ends a letter of its time, and a bundle need not hold all of them as files. Empty: it cannot be read.
 */
export function letterRevisions({ kind, bytes }: Artefact): readonly string[] {
  try {
    const letter = kind === 'bundle' ? newestLetter(readBundle(bytes)) : bytes;
    const { revisions } = readPdf(letter, { inflate });
    return revisions.slice(1).map(({ end }) => sha256Hex(letter.subarray(0, end)));
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return [];
  }
}

const newestLetter = (bundle: Bundle): Uint8Array =>
  newestArchivedLetter(bundle.later)?.bytes ?? partOf(bundle, PART.signedLetter);

/** What the ledger calls the passkey of a bundle; null: none was used, undefined: the file does not tell. */
export function passkeyIn({ kind, bytes }: Artefact): string | null | undefined {
  if (kind !== 'bundle') return undefined;
  try {
    const gathered = gatherAuthorization(readBundle(bytes));
    if ('unreadable' in gathered) return undefined;
    const { passkey } = gathered.material;
    return passkey ? credentialCommitment(passkey) : null;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return undefined;
  }
}

/** Bytes put together in search of one container; ninety-nine generations of an ordinary letter are far fewer. */
const MOST_BYTES = 256 * 1024 * 1024;

/** What a bundle was before it grew, the longest first, as far as the budget goes. Nothing when it cannot be read. */
export function* earlierContainers(bytes: Uint8Array): Generator<Uint8Array> {
  let bundle: Bundle;
  try {
    bundle = readBundle(bytes);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return;
  }
  let left = MOST_BYTES;
  for (const earlier of earlierBundles(bundle)) {
    left -= earlier.length;
    if (left < 0) return;
    yield earlier;
  }
}
