import { createCipheriv, createDecipheriv, createECDH } from 'node:crypto';
import { canonicalBytes, canonicalize, parseCanonical } from './canonical.js';
import { sha256 } from './digest.js';
import { concat, fromBase64Url, fromUtf8, toBase64Url, utf8 } from './encoding.js';
import { DomainError } from './errors.js';
import type { Random } from './time.js';

/** A recipient's public key, RFC 7517 and RFC 7518 §6.2: P-256 alone, so that every JOSE library reads the message. */
export interface RecipientJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** Checks a key and leaves nothing but its public members. Throws `invalid-request`, also for a private key. */
export function parseRecipientJwk(value: unknown): RecipientJwk {
  const { kty, crv, x, y, d } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (d !== undefined)
    throw new DomainError('invalid-request', 'this is a private key: give the public one alone');
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string')
    throw new DomainError('invalid-request', 'a recipient’s key is a JWK of kty EC, crv P-256');
  const key = { kty, crv, x, y } as const;
  sharedSecret(key);
  return key;
}

/** RFC 7638 thumbprint (SHA-256), base64url: names the key in a message's header. */
export const jwkThumbprint = ({ crv, kty, x, y }: RecipientJwk): string =>
  toBase64Url(sha256(canonicalBytes({ crv, kty, x, y })));

/** The point of a key, and what a one-time key of ours shares with it. Throws `invalid-request` for no point. */
function sharedSecret({ x, y }: RecipientJwk): { ephemeral: Uint8Array; secret: Uint8Array } {
  try {
    const [px, py] = [fromBase64Url(x), fromBase64Url(y)];
    if (px.length !== 32 || py.length !== 32) throw new DomainError('invalid-request', 'length');
    // The sender's key lives in this call, for this one message; OpenSSL refuses what is not on the curve.
    const own = createECDH('prime256v1');
    own.generateKeys();
    const secret = own.computeSecret(concat(Uint8Array.of(4), px, py));
    return { ephemeral: new Uint8Array(own.getPublicKey()), secret: new Uint8Array(secret) };
  } catch (cause) {
    throw new DomainError('invalid-request', 'this is no point of P-256', { cause });
  }
}

/** Concat KDF of RFC 7518 §4.6.2 for direct key agreement: no party information, one round of SHA-256. */
function contentKey(secret: Uint8Array, encryption: 'A256GCM', bits: 256): Uint8Array {
  const number = (n: number): Uint8Array => new Uint8Array([0, 0, n >> 8, n & 0xff]);
  const name = utf8(encryption);
  const otherInfo = concat(number(name.length), name, number(0), number(0), number(bits));
  return sha256(concat(number(1), secret, otherInfo));
}

/**
 * Seals a message for one recipient: JWE compact serialization (RFC 7516), ECDH-ES on P-256 with A256GCM. Nobody
 * but the holder of the private key opens it, whoever sealed it included. `header` joins the protected header, which
 * the ciphertext is bound to; it is readable by all, so it holds ids only. Throws `invalid-request` for a bad key.
 */
export function sealMessage(
  recipient: RecipientJwk,
  plaintext: Uint8Array,
  header: Readonly<Record<string, string>>,
  random: Random,
): string {
  const { ephemeral, secret } = sharedSecret(recipient);
  const epk = {
    kty: 'EC',
    crv: 'P-256',
    x: toBase64Url(ephemeral.slice(1, 33)),
    y: toBase64Url(ephemeral.slice(33)),
  };
  const protectedHeader = toBase64Url(
    utf8(
      canonicalize({
        ...header,
        alg: 'ECDH-ES',
        enc: 'A256GCM',
        kid: jwkThumbprint(recipient),
        epk,
      }),
    ),
  );
  const nonce = random.bytes(12);
  const cipher = createCipheriv('aes-256-gcm', contentKey(secret, 'A256GCM', 256), nonce);
  cipher.setAAD(utf8(protectedHeader));
  const body = concat(cipher.update(plaintext), cipher.final());
  // direct agreement: the second part, an encrypted key, is empty
  return [
    protectedHeader,
    '',
    ...[nonce, body, cipher.getAuthTag()].map((part) => toBase64Url(new Uint8Array(part))),
  ].join('.');
}

/** A sealed message taken apart; whether it opens only its reader can tell. */
export interface SealedMessage {
  /** Thumbprint of the reader's key. */
  readonly kid: string;
  readonly epk: RecipientJwk;
  /** As it stands, base64url: what the ciphertext is bound to. */
  readonly protectedHeader: string;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

/**
 * Reads what `sealMessage` writes with a header of `typ` alone: canonical JSON of exactly `alg enc epk kid typ`, so that
 * nothing in it chooses another algorithm. Throws `format-json`.
 */
export function parseSealedMessage(jwe: string, typ: string): SealedMessage {
  try {
    const [protectedHeader = '', key, ...parts] = jwe.split('.');
    const header = parseCanonical(fromUtf8(fromBase64Url(protectedHeader)));
    const { kid, epk } = header as { kid?: unknown; epk?: unknown };
    const own = parseRecipientJwk(epk);
    const due = canonicalize({ alg: 'ECDH-ES', enc: 'A256GCM', kid: String(kid), typ, epk: own });
    const [nonce, ciphertext, tag] = parts.map((part) => fromBase64Url(part));
    const fits =
      canonicalize(header) === due &&
      /^[A-Za-z0-9_-]{43}$/.test(String(kid)) &&
      key === '' &&
      parts.length === 3 &&
      nonce!.length === 12 &&
      tag!.length === 16;
    if (!fits) throw new DomainError('format-json', 'another header or other parts');
    return {
      ...{ kid: String(kid), epk: own, protectedHeader },
      ...{ nonce: nonce!, ciphertext: ciphertext!, tag: tag! },
    };
  } catch (cause) {
    throw new DomainError('format-json', 'not a sealed message', { cause });
  }
}

/** A reader's key pair, RFC 7518 §6.2.2; `d` is the private part. */
export interface ReaderJwk extends RecipientJwk {
  readonly d: string;
}

/** Throws `invalid-request` for anything but a key pair whose halves belong together. */
export function parseReaderJwk(value: unknown): ReaderJwk {
  const { d, ...rest } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const key = parseRecipientJwk(rest);
  if (typeof d !== 'string')
    throw new DomainError('invalid-request', 'this is no private key: it has no member d');
  const pair = { ...key, d };
  try {
    const point = readerOf(pair).getPublicKey();
    if (toBase64Url(new Uint8Array(point.subarray(1, 33))) === key.x) return pair;
  } catch (cause) {
    throw new DomainError('invalid-request', 'this is no private key of P-256', { cause });
  }
  throw new DomainError('invalid-request', 'the private key is another key’s');
}

function readerOf({ d }: ReaderJwk) {
  const own = createECDH('prime256v1');
  own.setPrivateKey(fromBase64Url(d));
  return own;
}

/** What was sealed for this reader. Throws `invalid-request` when it is for another, or was changed. */
export function openMessage(reader: ReaderJwk, message: SealedMessage): Uint8Array {
  try {
    const { epk, protectedHeader, nonce, ciphertext, tag } = message;
    const point = concat(Uint8Array.of(4), fromBase64Url(epk.x), fromBase64Url(epk.y));
    const secret = new Uint8Array(readerOf(reader).computeSecret(point));
    const decipher = createDecipheriv('aes-256-gcm', contentKey(secret, 'A256GCM', 256), nonce, {
      authTagLength: 16,
    });
    decipher.setAAD(utf8(protectedHeader));
    decipher.setAuthTag(tag);
    return new Uint8Array(concat(decipher.update(ciphertext), decipher.final()));
  } catch (cause) {
    throw new DomainError('invalid-request', 'the message does not open with this key', { cause });
  }
}
