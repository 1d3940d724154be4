import { hmacSha256, sha256Hex, toHex, utf8 } from '@mandate/core';

/** RFC 3986: everything but unreserved characters. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * Alibaba Cloud's request signature, version 3. `headers`: host, content-type and every `x-acs-*`, lower case.
 * Returns the query string that was signed and the value of `Authorization`.
 */
export function signAcs3(request: {
  readonly keyId: string;
  readonly secret: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}): { readonly query: string; readonly authorization: string } {
  const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);
  const query = Object.entries(request.query)
    .sort(byName)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&');
  const headers = Object.entries(request.headers).sort(byName);
  const names = headers.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    request.path,
    query,
    headers.map(([name, value]) => `${name}:${value.trim()}\n`).join(''),
    names,
    sha256Hex(request.body),
  ].join('\n');
  const toSign = `ACS3-HMAC-SHA256\n${sha256Hex(utf8(canonical))}`;
  const signature = toHex(hmacSha256(utf8(request.secret), utf8(toSign)));
  return {
    query,
    authorization: `ACS3-HMAC-SHA256 Credential=${request.keyId},SignedHeaders=${names},Signature=${signature}`,
  };
}
