import { concat, hmacSha256, utf8 } from '@mandate/core';
import { normalizePhone, type Terms } from '@mandate/terms';
import { passkeyOwner } from '../confirm/code.js';
import type { SubjectIndexRow } from '../ports/own.js';

/** Who somebody says they are, or a letter says its subject is. */
export type IndexedPerson = Pick<Terms['subject'], 'name' | 'idNumber' | 'phone'> & {
  readonly idType: string;
};

/**
 * The name as people type it: composed, without outer spaces, one kind of inner space and of the dot in
 * transliterated names (迪丽热巴·买买提), Latin letters in one case.
 */
export const nameKeyText = (name: string): string =>
  name
    .normalize('NFC')
    .trim()
    .replace(/\s+/gu, ' ')
    .replace(/[\u2022\u2027\u22c5\u30fb\uff65.．]/gu, '·')
    .toUpperCase();

/** Keyed digests by which role ra alone finds a person's authorizations; field ends cannot be shifted. */
export function subjectIndex(
  secret: Uint8Array,
  person: IndexedPerson,
): Omit<SubjectIndexRow, 'authorizationId'> {
  const key = (use: string, ...fields: string[]): Uint8Array =>
    hmacSha256(
      hmacSha256(secret, utf8(`mandate/${use}/v1`)),
      concat(...fields.flatMap((field) => [utf8(field), Uint8Array.of(0)])),
    );
  return {
    personKey: key(
      'own-person',
      person.idType,
      person.idNumber.trim().toUpperCase(),
      nameKeyText(person.name),
    ),
    phoneKey: key('own-phone', normalizePhone(person.phone.trim())),
    ownerKey: passkeyOwner(secret, person),
  };
}
