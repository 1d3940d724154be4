import { createPublicKey, verify } from 'node:crypto';
import {
  concat,
  DomainError,
  fromBase64,
  isDomainError,
  sha256,
  toBase64,
  toHex,
  utf8,
} from '@mandate/core';

/** C2SP signed-note algorithm bytes: plain Ed25519 signatures, and Ed25519 cosignatures with their time. */
const ALGORITHMS = { signature: 0x01, cosignature: 0x04 } as const;
/** What a key's signature says: `signature`, this is my note; `cosignature`, it is consistent with all I saw. */
export type NoteKeyUse = keyof typeof ALGORITHMS;
/** SubjectPublicKeyInfo of Ed25519 up to the 32 key bytes (RFC 8410). */
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

const bad = (detail: string): never => {
  throw new DomainError('format-ledger', detail);
};

/** A ledger's public key as anchors carry it. */
export interface VerifierKey {
  readonly name: string;
  readonly use: NoteKeyUse;
  /** 4 bytes that tell keys of one name apart, lower-case hex. */
  readonly keyHash: string;
  /** 32 raw bytes. */
  readonly publicKey: Uint8Array;
}

/** One `— name base64` line; the signature may be of a kind we do not know. */
export interface NoteSignature {
  readonly name: string;
  readonly keyHash: string;
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** The signed text, its final newline included. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** 32 raw key bytes of an Ed25519 SubjectPublicKeyInfo. Throws `format-ledger`. */
function rawKey(spki: Uint8Array): Uint8Array {
  if (spki.length !== 44 || toHex(spki.subarray(0, 12)) !== toHex(SPKI_PREFIX))
    bad('not an Ed25519 SubjectPublicKeyInfo');
  return spki.subarray(12);
}

function checkName(name: string): void {
  if (name === '' || /[\s+\p{Cc}]/u.test(name)) bad('key name is empty or has spaces or a plus');
}

function keyHash(name: string, use: NoteKeyUse, key: Uint8Array): Uint8Array {
  return sha256(concat(utf8(`${name}\n`), Uint8Array.of(ALGORITHMS[use]), key)).subarray(0, 4);
}

/**
 * C2SP signed-note verifier key `name+hash+key` for an Ed25519 key given as SubjectPublicKeyInfo
 * (what `SigningKey.publicKey` is). A ledger's key has its origin as name. Throws `format-ledger`.
 */
export function vkey(name: string, publicKey: Uint8Array, use: NoteKeyUse = 'signature'): string {
  checkName(name);
  const key = rawKey(publicKey);
  const encoded = toBase64(concat(Uint8Array.of(ALGORITHMS[use]), key));
  return `${name}+${toHex(keyHash(name, use, key))}+${encoded}`;
}

/** Parses `name+hash+key`. Throws `format-ledger`, also when the hash is not the key's. */
export function parseVkey(text: string): VerifierKey {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  if (!match) return bad('not a verifier key');
  const [, name = '', hash = '', encoded = ''] = match;
  checkName(name);
  const bytes = base64(encoded);
  const use = (['signature', 'cosignature'] as const).find((u) => ALGORITHMS[u] === bytes[0]);
  if (bytes.length !== 33 || !use) return bad('not an Ed25519 verifier key');
  const publicKey = bytes.subarray(1);
  if (toHex(keyHash(name, use, publicKey)) !== hash) bad('the key does not match its hash');
  return { name, use, keyHash: hash, publicKey };
}

/** A verifier key's public key as SubjectPublicKeyInfo, DER. Throws `format-ledger`. */
export const vkeySpki = (text: string): Uint8Array =>
  concat(SPKI_PREFIX, parseVkey(text).publicKey);

/** The bytes an Ed25519 key signs for a note of this text. Throws `format-ledger`. */
export function noteToSign(text: string): Uint8Array {
  if (!text.endsWith('\n') || /[\p{Surrogate}]|(?!\n)\p{Cc}/u.test(text))
    bad('note text must end with a newline and hold no control characters');
  return utf8(text);
}

/** The full note; `publicKey` as SubjectPublicKeyInfo, `signature` 64 bytes over `noteToSign(text)`. */
export function assembleNote(
  text: string,
  signers: readonly { name: string; publicKey: Uint8Array; signature: Uint8Array }[],
): string {
  noteToSign(text);
  const lines = signers.map(({ name, publicKey, signature }) => {
    checkName(name);
    if (signature.length !== 64) bad('an Ed25519 signature has 64 bytes');
    const hash = keyHash(name, 'signature', rawKey(publicKey));
    return `— ${name} ${toBase64(concat(hash, signature))}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** Big-endian, as TLS structures have it (RFC 8446 §3.3). */
const timeBytes = (at: Date): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.floor(at.getTime() / 1000)));
  return bytes;
};

/** The bytes a witness signs for a checkpoint's text (C2SP tlog-cosignature). Throws `format-ledger`. */
export function cosignatureToSign(text: string, at: Date): Uint8Array {
  noteToSign(text);
  return utf8(`cosignature/v1\ntime ${Math.floor(at.getTime() / 1000)}\n${text}`);
}

/** A cosignature as the signature line it is in a note; `signature` over `cosignatureToSign`. */
export function cosignatureLine(cosigner: {
  name: string;
  /** Ed25519, SubjectPublicKeyInfo DER. */
  publicKey: Uint8Array;
  signature: Uint8Array;
  at: Date;
}): string {
  const { name, publicKey, signature, at } = cosigner;
  checkName(name);
  if (signature.length !== 64) bad('an Ed25519 signature has 64 bytes');
  const hash = keyHash(name, 'cosignature', rawKey(publicKey));
  return `— ${name} ${toBase64(concat(hash, timeBytes(at), signature))}\n`;
}

/** Splits a note into text and signature lines. Throws `format-ledger`. */
export function parseNote(note: string): SignedNote {
  if (note.length > 1_000_000) bad('note is too long');
  // The last blank line separates text from signatures; a text may hold blank lines itself.
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || !note.endsWith('\n')) return bad('note has no signature block');
  const text = note.slice(0, at + 1);
  noteToSign(text);
  const lines = note.slice(at + 2, -1).split('\n');
  if (lines.length > 100) bad('note has too many signatures');
  const signatures = lines.map((line): NoteSignature => {
    const match = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line);
    if (!match) return bad('malformed signature line');
    const bytes = base64(match[2]!);
    if (bytes.length < 5) bad('signature is too short');
    return {
      name: match[1]!,
      keyHash: toHex(bytes.subarray(0, 4)),
      signature: bytes.subarray(4),
    };
  });
  return { text, signatures };
}

/** Which keys vouch for a note. A negative result is data, not an exception. */
export interface NoteVerification {
  readonly text: string;
  /** Names whose known key made a valid signature, without repetition. */
  readonly signers: readonly string[];
  /**
   * Distinct witnesses among the known keys, with the newest time each cosigned at: neither two names of one key nor
   * two keys of one name are two witnesses, and a key that signs notes witnesses none.
   */
  readonly cosigners: readonly { readonly name: string; readonly at: Date }[];
  /** Names for which a known key's signature is wrong: such a note is not to be believed at all. */
  readonly failed: readonly string[];
}

/** Checks every signature of a known key; unknown ones are ignored, as the format demands. Throws `format-ledger`. */
export function verifyNote(note: string, vkeys: readonly string[]): NoteVerification {
  const { text, signatures } = parseNote(note);
  const keys = vkeys.map(parseVkey);
  const signing = new Set(keys.filter(({ use }) => use === 'signature').map(rawHex));
  const signers = new Set<string>();
  const cosigners: { key: string; name: string; at: Date }[] = [];
  const failed = new Set<string>();
  for (const { name, keyHash: hash, signature } of signatures) {
    const key = keys.find((k) => k.name === name && k.keyHash === hash);
    if (!key) continue;
    if (key.use === 'signature') {
      const good = verifyEd25519(key.publicKey, noteToSign(text), signature);
      (good ? signers : failed).add(name);
      continue;
    }
    const at = signature.length === 72 ? timeOf(signature) : null;
    if (!at || !verifyEd25519(key.publicKey, cosignatureToSign(text, at), signature.subarray(8)))
      failed.add(name);
    else if (!signing.has(rawHex(key))) {
      const known = cosigners.find((it) => it.name === name || it.key === rawHex(key));
      if (!known) cosigners.push({ key: rawHex(key), name, at });
      else if (known.at < at) known.at = at;
    }
  }
  return {
    text,
    signers: [...signers],
    cosigners: cosigners.map(({ name, at }) => ({ name, at })),
    failed: [...failed],
  };
}

const rawHex = ({ publicKey }: VerifierKey): string => toHex(publicKey);

/** Null: beyond what a date can be. */
function timeOf(timestamped: Uint8Array): Date | null {
  const seconds = new DataView(timestamped.buffer, timestamped.byteOffset).getBigUint64(0);
  return seconds > 8_640_000_000_000n ? null : new Date(Number(seconds) * 1000);
}

function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const spki = Buffer.from(concat(SPKI_PREFIX, key));
  return verify(
    null,
    message,
    createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    signature,
  );
}

function base64(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (error) {
    if (isDomainError(error)) return bad('not base64');
    throw error;
  }
}
