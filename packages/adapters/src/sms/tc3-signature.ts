import { hmacSha256, sha256Hex, toHex, utf8 } from '@mandate/core';

/**
 * Tencent Cloud's request signature, TC3, for a POST to `/`. `headers`: those to be signed, lower-case names and
 * values. `at`: seconds since 1970. Returns the value of `Authorization`.
 */
export function signTc3(request: {
  readonly secretId: string;
  readonly secretKey: string;
  readonly service: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly at: number;
}): string {
  const headers = Object.entries(request.headers).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = headers.map(([name]) => name).join(';');
  const canonical = [
    'POST',
    '/',
    '',
    headers.map(([name, value]) => `${name}:${value.trim()}\n`).join(''),
    names,
    sha256Hex(request.body),
  ].join('\n');
  const day = new Date(request.at * 1000).toISOString().slice(0, 10);
  const scope = `${day}/${request.service}/tc3_request`;
  const toSign = `TC3-HMAC-SHA256\n${request.at}\n${scope}\n${sha256Hex(utf8(canonical))}`;
  const key = [day, request.service, 'tc3_request'].reduce(
    (secret, part) => hmacSha256(secret, utf8(part)),
    utf8(`TC3${request.secretKey}`),
  );
  const signature = toHex(hmacSha256(key, utf8(toSign)));
  return `TC3-HMAC-SHA256 Credential=${request.secretId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}
