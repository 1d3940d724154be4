import {
  DomainError,
  fromBase64Url,
  fromUtf8,
  isDomainError,
  utf8,
  type Json,
} from '@mandate/core';
import { ecdsaToDer, verifySignature } from '@mandate/pki';
import { check, fail, pass, skip } from '../finding.js';
import { anyObject, readJson, record, text } from '../material/json-shape.js';
import { refusal } from '../refusal.js';
import type { Trust } from '../trust.js';
import type { Finding } from '../verification.js';

/** A compact JWS (RFC 7515 §7.1) taken apart; nothing is believed yet. */
export interface SignedJson {
  readonly algorithm: string;
  /** Claimed key: RFC 7638 thumbprint. */
  readonly keyId: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, Json>>;
  /** The compact form, verbatim. */
  readonly jws: string;
  /** Bytes the signature covers. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** A status list of 32,768 receipts is some kilobytes; far less than this. */
const MAX_LENGTH = 256 * 1024;
/** P-256: r and s. */
const SIGNATURE_BYTES = 64;

const header = record<{ alg: string; kid: string; typ: string }>({
  alg: text(/^[!-~]{1,40}$/),
  kid: text(/^[!-~]{1,200}$/),
  typ: text(/^[!-~]{1,80}$/),
});

/**
 * Reads the compact serialization: three parts, base64url without padding, header and payload in canonical JSON
 * (which has no duplicate members) and exactly the header members `alg kid typ`: nothing in a header may choose a key
 * (`jwk`, `jku`, `x5c`) or change the rules (`crit`, `b64`). Throws `format-json`, `format-bundle`, `budget-exceeded`.
 */
export function parseSignedJson(bytes: Uint8Array): SignedJson {
  if (bytes.length > MAX_LENGTH) throw new DomainError('budget-exceeded', 'too long for a receipt');
  // one line break at the end, as editors and shells leave it
  const jws = fromUtf8(bytes).replace(/\r?\n$/, '');
  const [head, body, tail, ...more] = jws.split('.');
  if (!head || !body || !tail || more.length > 0)
    throw new DomainError('format-json', 'not three parts with points between them');
  const { alg, kid, typ } = readJson(fromBase64Url(head), header);
  return {
    algorithm: alg,
    keyId: kid,
    type: typ,
    payload: readJson(fromBase64Url(body), anyObject),
    jws,
    signed: utf8(`${head}.${body}`),
    signature: fromBase64Url(tail),
  };
}

/** Opens and checks what was signed with a receipt key; null with the finding that says why it cannot be read. */
export function checkSignedJson(
  bytes: Uint8Array,
  trust: Pick<Trust, 'receipt'>,
): { readonly material: SignedJson | null; readonly findings: readonly Finding[] } {
  let material: SignedJson;
  try {
    material = parseSignedJson(bytes);
  } catch (error) {
    return { material: null, findings: [refusal('receipt-readable', malformed(error), RULE)] };
  }
  const { algorithm, keyId, signed, signature } = material;
  const readable = pass('receipt-readable');
  // The header never chooses: one algorithm, and keys the caller named for this purpose.
  if (algorithm !== 'ES256')
    return {
      material,
      findings: [readable, fail('receipt-algorithm', 'FORMAT_FAILURE', { algorithm })],
    };
  const key = trust.receipt.get(keyId);
  return {
    material,
    findings: [
      readable,
      pass('receipt-algorithm'),
      check('receipt-key', key !== undefined, 'NO_SIGNING_CERTIFICATE_FOUND', { key: keyId }),
      key
        ? check('receipt-signature', holds(key, signed, signature), 'SIG_CRYPTO_FAILURE')
        : skip('receipt-signature'),
    ],
  };
}

const RULE = { unsupported: 'FORMAT_FAILURE', ownProfile: true } as const;

/** Encodings complain as requests do; here they are the file's fault. */
const malformed = (error: unknown): unknown =>
  isDomainError(error, 'invalid-request') ? new DomainError('format-json', error.detail) : error;

/** RFC 7518 §3.4: exactly 64 bytes. Throws nothing: zero or oversized values are a wrong signature. */
function holds(spki: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  return verifySignature('ecdsa-p256-sha256', spki, signed, ecdsaToDer(signature));
}
