import {
  canonicalBytes,
  concat,
  decrypt,
  encrypt,
  fromUtf8,
  hmacSha256,
  utf8,
  type DeskIndex,
  type Random,
  type SubjectMasks,
} from '@mandate/core';
import { maskIdNumber, maskName, maskPhone, normalizePhone } from '@mandate/terms';

/** What of a letter's terms the desk's index is made from. */
export interface IndexedLetter {
  readonly authorizationId: string;
  readonly name: string;
  readonly idNumber: string;
  readonly phone: string;
  readonly lookupCode: string;
}

const key = (secret: Uint8Array, use: string, text = ''): Uint8Array =>
  hmacSha256(hmacSha256(secret, utf8(`mandate/desk-${use}/v1`)), utf8(text));

/** Keyed digests, for exact matches; `secret`: role vault's. */
export const deskKeys = {
  idNumber: (secret: Uint8Array, text: string): Uint8Array =>
    key(secret, 'id', text.trim().toUpperCase()),
  phone: (secret: Uint8Array, text: string): Uint8Array =>
    key(secret, 'phone', normalizePhone(text.replaceAll(/[\s-]/gu, ''))),
  /** As people type it, with or without dashes. */
  lookupCode: (secret: Uint8Array, text: string): Uint8Array =>
    key(secret, 'lookup', text.toUpperCase().replaceAll(/[\s-]/gu, '')),
} as const;

/** Of a new letter. */
export function deskIndex(secret: Uint8Array, letter: IndexedLetter, random: Random): DeskIndex {
  const masks: SubjectMasks = {
    name: maskName(letter.name),
    idNumber: maskIdNumber(letter.idNumber),
    phone: maskPhone(letter.phone),
  };
  return {
    idKey: deskKeys.idNumber(secret, letter.idNumber),
    phoneKey: deskKeys.phone(secret, letter.phone),
    lookupKey: deskKeys.lookupCode(secret, letter.lookupCode),
    masks: encrypt(
      key(secret, 'masks'),
      canonicalBytes({ ...masks }),
      context(letter.authorizationId),
      random,
    ),
  };
}

/** Throws `object-corrupt`. */
export const openMasks = (
  secret: Uint8Array,
  authorizationId: string,
  box: Uint8Array,
): SubjectMasks =>
  JSON.parse(
    fromUtf8(decrypt(key(secret, 'masks'), box, context(authorizationId))),
  ) as SubjectMasks;

/**
 * What was searched for, so that two searches for the same can be told to be that, and none what it was for. Field
 * ends cannot be shifted.
 */
export const searchedValue = (secret: Uint8Array, ...values: readonly string[]): Uint8Array =>
  hmacSha256(
    key(secret, 'searched'),
    concat(...values.flatMap((value) => [utf8(value), Uint8Array.of(0)])),
  );

const context = (authorizationId: string): string => `desk_index/${authorizationId}`;
