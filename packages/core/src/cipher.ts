import { createCipheriv, createDecipheriv } from 'node:crypto';
import { concat, utf8 } from './encoding.js';
import { DomainError } from './errors.js';
import type { Random } from './time.js';

/**
 * AES-256-GCM with a random 96-bit nonce: `nonce ‖ ciphertext ‖ tag`.
 * `context` names table, field and row, so that a ciphertext moved elsewhere does not open.
 */
export function encrypt(
  key: Uint8Array,
  plaintext: Uint8Array,
  context: string,
  random: Random,
): Uint8Array {
  const nonce = random.bytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(utf8(context));
  const body = cipher.update(plaintext);
  return concat(nonce, body, cipher.final(), cipher.getAuthTag());
}

/** Opens what `encrypt` made. Throws `object-corrupt` on any change of key, context or bytes. */
export function decrypt(key: Uint8Array, box: Uint8Array, context: string): Uint8Array {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12), {
      authTagLength: 16,
    });
    decipher.setAAD(utf8(context));
    decipher.setAuthTag(box.subarray(-16));
    const body = decipher.update(box.subarray(12, -16));
    return concat(body, decipher.final());
  } catch (cause) {
    throw new DomainError('object-corrupt', 'encrypted data does not open', { cause });
  }
}
