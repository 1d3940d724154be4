import {
  canonicalize,
  DomainError,
  sha256,
  toBase64Url,
  utf8,
  type PublicJwk,
  type SigningKey,
} from '@mandate/core';
import { ecdsaFromDer } from '@mandate/pki';

/** SubjectPublicKeyInfo of a P-256 key (RFC 5480): this prefix, then the uncompressed point. */
const P256_SPKI = '3059301306072a8648ce3d020106082a8648ce3d03010703420004';

/**
 * SubjectPublicKeyInfo → JWK (RFC 7518 §6.2.1) with its RFC 7638 thumbprint as `kid`.
 * Throws `key-unavailable` for any other kind of key.
 */
export function publicJwk(spki: Uint8Array): PublicJwk {
  const prefix = Buffer.from(spki.subarray(0, 27)).toString('hex');
  if (prefix !== P256_SPKI || spki.length !== 91)
    throw new DomainError('key-unavailable', 'receipts are signed with a P-256 key');
  const point = {
    kty: 'EC' as const,
    crv: 'P-256' as const,
    x: toBase64Url(spki.subarray(27, 59)),
    y: toBase64Url(spki.subarray(59)),
  };
  const kid = toBase64Url(sha256(utf8(canonicalize(point))));
  return { ...point, alg: 'ES256', use: 'sig', kid };
}

/** Compact JWS (RFC 7515 §7.1), ES256, with the key's thumbprint as `kid`. Canonical JSON throughout. */
export async function compactJws(
  key: SigningKey,
  p: { typ: string; payload: Readonly<Record<string, unknown>> },
): Promise<string> {
  if (key.suite !== 'ecdsa-p256-sha256')
    throw new DomainError('key-unavailable', 'the receipt key has the wrong suite');
  const header = { alg: 'ES256', kid: publicJwk(key.publicKey).kid, typ: p.typ };
  const part = (value: unknown): string => toBase64Url(utf8(canonicalize(value)));
  const input = `${part(header)}.${part(p.payload)}`;
  // RFC 7518 §3.4: r and s, not DER
  return `${input}.${toBase64Url(ecdsaFromDer(await key.sign(utf8(input))))}`;
}
