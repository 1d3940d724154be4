import { canonicalize, DomainError, toBase64Url, utf8, type SigningKey } from '@mandate/core';
import { ecdsaFromDer, publicJwk } from '@mandate/pki';

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
