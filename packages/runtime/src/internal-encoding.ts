import { DomainError, fromBase64Url, toBase64Url } from '@mandate/core';

/** JSON between our own processes, with bytes as `{"$bytes": base64url}`. */
export const encodeInternal = (value: unknown): string =>
  JSON.stringify({ value }, function (this: unknown, name: string, member: unknown) {
    // `toJSON` of a Buffer runs before the replacer: look at the member itself
    const raw = (this as Record<string, unknown>)[name];
    return raw instanceof Uint8Array ? { $bytes: toBase64Url(raw) } : member;
  });

/** Inverse of `encodeInternal`. Throws `invalid-request`. */
export function decodeInternal(text: string): unknown {
  let envelope: unknown;
  try {
    envelope = JSON.parse(text, (_name, member: unknown) => {
      if (typeof member !== 'object' || member === null || !('$bytes' in member)) return member;
      const encoded = (member as { $bytes: unknown }).$bytes;
      if (typeof encoded !== 'string' || Object.keys(member).length !== 1)
        throw new DomainError('invalid-request', 'malformed bytes');
      return fromBase64Url(encoded);
    });
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw new DomainError('invalid-request', 'not an internal message', { cause });
  }
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope))
    throw new DomainError('invalid-request', 'not an internal message');
  return (envelope as { value?: unknown }).value;
}
