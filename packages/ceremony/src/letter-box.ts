import {
  decrypt,
  DomainError,
  encrypt,
  fromUtf8,
  sha256Hex,
  utf8,
  canonicalize,
  kindDigestHex,
  parseCanonical,
  type Objects,
  type PresentationRecord,
  type Random,
} from '@mandate/core';
import { parseTerms, termsText, type Terms } from '@mandate/terms';
import type { AuthorizationRow, PresentationRow } from './ports.js';

/** Where and under which context letters and terms are kept; digests are always over plaintext. */
const letterName = (id: string): string => `letters/${id}/shown`;
const termsContext = (id: string): string => `personal_data/terms/${id}`;
const presentationContext = (id: string, version: number): string =>
  `personal_data/presentation/${id}/${version}`;
const letterContext = (id: string): string => `letters/${id}`;

export const sealTerms = (key: Uint8Array, id: string, terms: Terms, random: Random): Uint8Array =>
  encrypt(key, utf8(termsText(terms)), termsContext(id), random);

/** Throws `object-corrupt`. */
export const openTerms = (key: Uint8Array, id: string, box: Uint8Array): Terms =>
  parseTerms(fromUtf8(decrypt(key, box, termsContext(id))));

/** `version` is that of the `presented` event which names the record's digest. */
export const sealPresentation = (
  key: Uint8Array,
  id: string,
  version: number,
  record: PresentationRecord,
  random: Random,
): Uint8Array => encrypt(key, utf8(canonicalize(record)), presentationContext(id, version), random);

/** The record is exactly what its event says it is. Throws `object-corrupt`. */
export function openPresentation(
  key: Uint8Array,
  id: string,
  row: PresentationRow,
): PresentationRecord {
  const text = fromUtf8(decrypt(key, row.box, presentationContext(id, row.version)));
  // written by role web from a checked request; the digest in the trail is what binds it
  const record = parseCanonical(text) as unknown as PresentationRecord;
  if (kindDigestHex('presentation', record) !== row.digest)
    throw new DomainError('object-corrupt', 'the presentation record has another digest');
  return record;
}

export const storeLetter = (
  objects: Objects,
  key: Uint8Array,
  id: string,
  pdf: Uint8Array,
  random: Random,
): Promise<void> => objects.put(letterName(id), encrypt(key, pdf, letterContext(id), random));

/** The letter as shown; its digest is compared with the record's. Throws `object-corrupt`, `object-missing`. */
export async function loadLetter(
  objects: Objects,
  key: Uint8Array,
  authorization: Pick<AuthorizationRow, 'id' | 'letterDigest'>,
): Promise<Uint8Array> {
  const box = await objects.get(letterName(authorization.id));
  const letter = decrypt(key, box, letterContext(authorization.id));
  if (sha256Hex(letter) !== authorization.letterDigest)
    throw new DomainError('object-corrupt', 'the stored letter has another digest');
  return letter;
}
