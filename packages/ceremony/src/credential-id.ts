import { DomainError, fromBase64Url, type PasskeyAssertion } from '@mandate/core';

/** The passkey that an answer names. Throws `passkey-invalid`. */
export function credentialIdOf({ id }: Pick<PasskeyAssertion, 'id'>): Uint8Array {
  try {
    return fromBase64Url(id);
  } catch (cause) {
    throw new DomainError('passkey-invalid', 'no credential id', { cause });
  }
}
