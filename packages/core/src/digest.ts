import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalBytes } from './canonical.js';
import { concat, toHex, utf8 } from './encoding.js';

/** Things whose canonical form is digested; each has its own prefix so that none can pass for another. */
export type DigestKind =
  | 'terms'
  | 'template'
  | 'template-record'
  | 'scene'
  | 'challenge'
  | 'set-letters'
  | 'set-challenge'
  | 'event'
  | 'access'
  | 'register'
  | 'desk-register'
  | 'sample'
  | 'case-event'
  | 'grant'
  | 'agreed'
  | 'agreement'
  | 'staff-change'
  | 'parts'
  | 'code-record'
  | 'delivery'
  | 'passkey'
  | 'identity-binding'
  | 'identity-result'
  | 'presentation'
  | 'page-build'
  | 'server-build'
  | 'receipt'
  | 'scope'
  | 'leaf'
  | 'report';

export const sha256 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(bytes).digest());

/** SHA-256 as lower-case hex. */
export const sha256Hex = (bytes: Uint8Array): string => toHex(sha256(bytes));

/** `SHA-256("mandate/<kind>/v1\n" ‖ JCS(value))`. */
export const kindDigest = (kind: DigestKind, value: unknown): Uint8Array =>
  sha256(concat(utf8(`mandate/${kind}/v1\n`), canonicalBytes(value)));

export const kindDigestHex = (kind: DigestKind, value: unknown): string =>
  toHex(kindDigest(kind, value));

export const hmacSha256 = (key: Uint8Array, message: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac('sha256', key).update(message).digest());

/** Salted commitment to one guessable value: `HMAC-SHA-256(salt32, field ‖ 0x00 ‖ value)`. */
export const commitment = (salt: Uint8Array, field: string, value: string): Uint8Array =>
  hmacSha256(salt, concat(utf8(field), Uint8Array.of(0), utf8(value)));

/** Constant-time comparison; lengths are public. */
export const secretsEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b);
