import { canonicalize, fromBase64Url, toBase64Url, type PublicAnchors } from '@mandate/core';

/** Member that stands for bytes; nothing in anchors is named like this. */
const BYTES = '$bytes';

/** Trust anchors as canonical JSON, bytes in base64url: the same anchors are the same text. */
export const anchorsText = (anchors: PublicAnchors): string => canonicalize(encoded(anchors));

/** Back from `anchorsText`. */
export const anchorsOf = (text: string): PublicAnchors =>
  JSON.parse(text, (_, value: unknown) => {
    const held = (value as { [BYTES]?: unknown } | null)?.[BYTES];
    return typeof held === 'string' ? fromBase64Url(held) : value;
  }) as PublicAnchors;

function encoded(value: unknown): never {
  if (value instanceof Uint8Array) return { [BYTES]: toBase64Url(value) } as never;
  if (value instanceof Date) return value.toISOString() as never;
  if (Array.isArray(value)) return value.map(encoded) as never;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([name, member]) => [name, encoded(member)]),
    ) as never;
  return value as never;
}
