import {
  canonicalize,
  DomainError,
  fromBase64Url,
  isDomainError,
  sha256,
  toBase64Url,
  utf8,
  type PublicJwk,
} from '@mandate/core';
import { publicKey } from './suite.js';

/** SubjectPublicKeyInfo of a P-256 key (RFC 5480): this prefix, then the uncompressed point. */
const P256_SPKI = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
/** More keys than any operator has had; a set is an anchor, not a library. */
const MOST_KEYS = 100;

/**
 * SubjectPublicKeyInfo → JWK (RFC 7518 §6.2.1) with its RFC 7638 thumbprint as `kid`.
 * Throws `key-unavailable` for any other kind of key.
 */
export function publicJwk(spki: Uint8Array): PublicJwk {
  if (!P256_SPKI.equals(spki.subarray(0, 27)) || spki.length !== 91)
    throw new DomainError('key-unavailable', 'receipts are signed with a P-256 key');
  const point = {
    kty: 'EC' as const,
    crv: 'P-256' as const,
    x: toBase64Url(spki.subarray(27, 59)),
    y: toBase64Url(spki.subarray(59)),
  };
  return { ...point, alg: 'ES256', use: 'sig', kid: thumbprint(point) };
}

/** RFC 7638 §3: of the required members alone, which canonical JSON puts in their order. */
const thumbprint = ({ kty, crv, x, y }: Pick<PublicJwk, 'kty' | 'crv' | 'x' | 'y'>): string =>
  toBase64Url(sha256(utf8(canonicalize({ kty, crv, x, y }))));

/**
 * The SubjectPublicKeyInfo of a public P-256 key for signatures. Its `kid` must be its thumbprint, so that
 * no two keys answer to one name. Throws `format-json`.
 */
export function spkiOfJwk(jwk: unknown): Uint8Array {
  const members = Object(jwk) as Record<string, unknown>;
  const { kty, crv, x, y, kid } = members;
  if (kty !== 'EC' || crv !== 'P-256') throw bad('not a P-256 key');
  if ('d' in members) throw bad('a private key does not belong here');
  if ((members['alg'] ?? 'ES256') !== 'ES256' || (members['use'] ?? 'sig') !== 'sig')
    throw bad('not a key for ES256 signatures');
  const point = Buffer.concat([coordinate(x), coordinate(y)]);
  if (kid !== thumbprint({ kty, crv, x: String(x), y: String(y) }))
    throw bad('the key id is not the thumbprint of its key');
  const spki = new Uint8Array(Buffer.concat([P256_SPKI, point]));
  try {
    publicKey(spki);
  } catch (cause) {
    throw new DomainError('format-json', 'the key is no point of its curve', { cause });
  }
  return spki;
}

/** The keys of a JWK set (RFC 7517 §5). Throws `format-json`, for an empty set as well. */
export function parseJwkSet(text: string): PublicJwk[] {
  let keys: unknown;
  try {
    keys = (JSON.parse(text) as { keys?: unknown } | null)?.keys;
  } catch (cause) {
    throw new DomainError('format-json', 'not JSON', { cause });
  }
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MOST_KEYS)
    throw bad('not a set of keys');
  return keys.map((key) => publicJwk(spkiOfJwk(key)));
}

function coordinate(value: unknown): Uint8Array {
  try {
    const bytes = fromBase64Url(String(value));
    if (bytes.length === 32) return bytes;
  } catch (error) {
    if (!isDomainError(error)) throw error;
  }
  throw bad('a coordinate has 32 bytes, base64url');
}

const bad = (detail: string): DomainError => new DomainError('format-json', detail);
