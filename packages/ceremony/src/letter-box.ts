import {
  decrypt,
  DomainError,
  encrypt,
  fromUtf8,
  sha256Hex,
  utf8,
  type Objects,
  type Random,
} from '@mandate/core';
import { parseTerms, termsText, type Terms } from '@mandate/terms';
import type { AuthorizationRow } from './ports.js';

/** Where and under which context letters and terms are kept; digests are always over plaintext. */
const letterName = (id: string): string => `letters/${id}/shown`;
const termsContext = (id: string): string => `personal_data/terms/${id}`;
const letterContext = (id: string): string => `letters/${id}`;

export const sealTerms = (key: Uint8Array, id: string, terms: Terms, random: Random): Uint8Array =>
  encrypt(key, utf8(termsText(terms)), termsContext(id), random);

/** Throws `object-corrupt`. */
export const openTerms = (key: Uint8Array, id: string, box: Uint8Array): Terms =>
  parseTerms(fromUtf8(decrypt(key, box, termsContext(id))));

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
