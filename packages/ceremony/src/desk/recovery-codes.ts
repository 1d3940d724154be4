import { EYE_ALPHABET, sha256, utf8, type Random } from '@mandate/core';

const CODES = 10;

/** Ten codes of 80 bits, grouped for reading; told once, kept by their SHA-256. */
export const newRecoveryCodes = (random: Random): string[] =>
  Array.from({ length: CODES }, () =>
    [...random.bytes(16)]
      .map((byte) => EYE_ALPHABET[byte & 31])
      .join('')
      .match(/.{4}/g)!
      .join('-'),
  );

/** As typed by people: spaces, hyphens and small letters do not matter. */
export const recoveryDigest = (code: string): Uint8Array =>
  sha256(utf8(code.replace(/[\s-]/g, '').toUpperCase()));
