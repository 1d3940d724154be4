import {
  decrypt,
  encrypt,
  hmacSha256,
  concat,
  fromHex,
  fromUtf8,
  utf8,
  type Random,
} from '@mandate/core';

/**
 * Codes: made from a strong random source, kept as a keyed digest over the challenge digest for
 * checking, and sealed in a row for delivery that is emptied when the challenge dies.
 */
export const CODE_DIGITS = 6;

/** Uniform: values that would favour low codes are drawn again. */
export function newCode(random: Random): string {
  const range = 10 ** CODE_DIGITS;
  const limit = Math.floor(2 ** 32 / range) * range;
  for (;;) {
    const bytes = random.bytes(4);
    const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    if (value < limit) return String(value % range).padStart(CODE_DIGITS, '0');
  }
}

const subkey = (secret: Uint8Array, use: string): Uint8Array =>
  hmacSha256(secret, utf8(`mandate/${use}/v1`));

export const codeMac = (secret: Uint8Array, challengeDigest: string, code: string): Uint8Array =>
  hmacSha256(subkey(secret, 'code-mac'), concat(fromHex(challengeDigest), utf8(code)));

export const sealCode = (
  secret: Uint8Array,
  challengeId: string,
  code: string,
  random: Random,
): Uint8Array =>
  encrypt(subkey(secret, 'code-seal'), utf8(code), `challenges/${challengeId}`, random);

export const openCode = (secret: Uint8Array, challengeId: string, box: Uint8Array): string =>
  fromUtf8(decrypt(subkey(secret, 'code-seal'), box, `challenges/${challengeId}`));

/** Names a phone number in a counter without holding it. */
export const phoneKey = (secret: Uint8Array, phone: string): Uint8Array =>
  hmacSha256(subkey(secret, 'phone-limit'), utf8(phone));

/** Names a block of numbers in a counter: all of the number but its last four digits. */
export const prefixKey = (secret: Uint8Array, phone: string): Uint8Array =>
  hmacSha256(subkey(secret, 'phone-prefix-limit'), utf8(phone.replace(/^\+86/, '').slice(0, -4)));

/** Names a person across institutions without naming anybody: kind and number of the identity document. */
export const subjectKey = (
  secret: Uint8Array,
  { idType, idNumber }: { readonly idType: string; readonly idNumber: string },
): Uint8Array =>
  hmacSha256(
    subkey(secret, 'subject'),
    concat(utf8(idType), Uint8Array.of(0), utf8(idNumber.toUpperCase())),
  );

/**
 * Whose passkey it is, across institutions: the person and the number whose code stood by its registration. An ID
 * number is only what an institution typed; without the number a letter made out in somebody's name, with another
 * phone, would give that phone's owner a passkey for all of that person's letters.
 */
export const passkeyOwner = (
  secret: Uint8Array,
  subject: { readonly idType: string; readonly idNumber: string; readonly phone: string },
): Uint8Array =>
  hmacSha256(
    subkey(secret, 'passkey-owner'),
    concat(subjectKey(secret, subject), utf8(subject.phone)),
  );
