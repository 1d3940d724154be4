import {
  canonicalBytes,
  concat,
  decrypt,
  encrypt,
  fromUtf8,
  hmacSha256,
  isDomainError,
  toHex,
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
    key(secret, 'id', text.normalize('NFKC').replaceAll(/[\s-]/gu, '').toUpperCase()),
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
  const keys = {
    idKey: deskKeys.idNumber(secret, letter.idNumber),
    phoneKey: deskKeys.phone(secret, letter.phone),
    lookupKey: deskKeys.lookupCode(secret, letter.lookupCode),
  };
  return {
    ...keys,
    masks: encrypt(
      key(secret, 'masks'),
      canonicalBytes({ ...masks }),
      context(letter.authorizationId, keys),
      random,
    ),
  };
}

/** Null where the row is not as it was made: masks and keys belong to one letter and to each other. */
export function openMasks(
  secret: Uint8Array,
  authorizationId: string,
  index: DeskIndex,
): SubjectMasks | null {
  try {
    const masks = decrypt(key(secret, 'masks'), index.masks, context(authorizationId, index));
    return JSON.parse(fromUtf8(masks)) as SubjectMasks;
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return null;
  }
}

/**
 * What was searched for, so that two searches for the same can be told to be that, and none what it was for. Field
 * ends cannot be shifted.
 */
export const searchedValue = (secret: Uint8Array, ...values: readonly string[]): Uint8Array =>
  hmacSha256(
    key(secret, 'searched'),
    concat(...values.flatMap((value) => [utf8(value), Uint8Array.of(0)])),
  );

const context = (
  authorizationId: string,
  { idKey, phoneKey, lookupKey }: Omit<DeskIndex, 'masks'>,
): string => ['desk_index', authorizationId, ...[idKey, phoneKey, lookupKey].map(toHex)].join('/');
