import { concat, hmacSha256, utf8, type SearchedPerson } from '@mandate/core';
import { nameKeyText } from '../own/subject-index.js';

/**
 * By what one institution finds its letters of a person it knows: keyed for each institution, so that the rows of two
 * have nothing in common, and with a secret outside the database, so that nobody finds a person by trying numbers.
 * Kind, number and name must all be right; field ends cannot be shifted.
 */
export function searchKey(
  secret: Uint8Array,
  institutionId: string,
  { idType, idNumber, name }: SearchedPerson,
): Uint8Array {
  const fields = [institutionId, idType, idNumber.trim().toUpperCase(), nameKeyText(name)];
  return hmacSha256(
    hmacSha256(secret, utf8('mandate/subject-search/v1')),
    concat(...fields.flatMap((field) => [utf8(field), Uint8Array.of(0)])),
  );
}
