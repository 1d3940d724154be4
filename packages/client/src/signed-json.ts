import { MandateSignatureError } from './mandate-error.js';
import { verifyEs256 } from './verify-key.js';

/** What `/.well-known/mandate-keys.json` answers (RFC 7517). Keep a copy: checking needs no network. */
export interface KeySet {
  readonly keys: readonly PublicKey[];
}
export interface PublicKey {
  readonly kty: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly kid?: string;
}

/**
 * The payload of a compact JWS (RFC 7515) of one type, signed ES256 by one of `keys`. Nothing in its
 * header chooses how it is checked: algorithm and type are ours, the key is one the caller has.
 * Throws `MandateSignatureError`: `malformed`, `algorithm-refused`, `type-mismatch`, `key-unknown`,
 * `signature-mismatch`.
 */
export async function verifySignedJson(
  jws: string,
  type: string,
  keys: KeySet,
): Promise<Record<string, unknown>> {
  const [head = '', body = '', tail = '', ...more] = jws.split('.');
  const header = objectOf(head);
  const payload = objectOf(body);
  const signature = bytesOf(tail);
  if (!header || !payload || !signature || more.length > 0) refuse('malformed');
  if (header['alg'] !== 'ES256' || 'crit' in header) refuse('algorithm-refused');
  if (header['typ'] !== type) refuse('type-mismatch');
  const { kid } = header;
  const named = keys.keys.filter((key) => typeof kid === 'string' && key.kid === kid);
  const point = named.length === 1 ? pointOf(named[0]!) : undefined;
  if (!point) refuse('key-unknown');
  const signed = new TextEncoder().encode(`${head}.${body}`);
  if (!(await verifyEs256(point, signed, signature))) refuse('signature-mismatch');
  return payload;
}

export function refuse(reason: string): never {
  throw new MandateSignatureError(reason);
}

function pointOf({ kty, crv, x, y }: PublicKey): Uint8Array<ArrayBuffer> | undefined {
  if (kty !== 'EC' || crv !== 'P-256') return undefined;
  const [left, right] = [bytesOf(x ?? ''), bytesOf(y ?? '')];
  if (left?.length !== 32 || right?.length !== 32) return undefined;
  return Uint8Array.of(4, ...left, ...right);
}

function objectOf(base64Url: string): Record<string, unknown> | undefined {
  const bytes = bytesOf(base64Url);
  if (!bytes) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Base64url without padding → bytes; undefined when it is empty or none. */
export function bytesOf(base64Url: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(base64Url)) return undefined;
  try {
    const text = atob(base64Url.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
