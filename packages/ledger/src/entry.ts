import { canonicalBytes, DomainError, fromUtf8, parseCanonical, type Json } from '@mandate/core';

/** Everything the ledger records. Entries hold digests and salted commitments, no personal data. */
export const ENTRY_KINDS = [
  'intent',
  'letter',
  'void',
  'redemption',
  'withdrawal',
  'hold',
  'access',
  'credential',
  'key-event',
  'deploy',
  'report',
  'shred',
  'renewal',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

interface EntryHead<K extends EntryKind> {
  readonly format: 'mandate-entry/v0';
  readonly kind: K;
  /** RFC 3339, UTC, seconds. */
  readonly at: string;
}

/** Written before the CA signs a scene certificate. */
export interface IntentEntry extends EntryHead<'intent'> {
  /** Certificate serial, magnitude as lower-case hex without a leading zero octet. */
  readonly serial: string;
  /** SHA-256 of the exact to-be-signed certificate bytes, hex. */
  readonly tbs: string;
  readonly profile: string;
}

/** The one signature that counts under a serial (single-signature rule). */
export interface LetterEntry extends EntryHead<'letter'> {
  readonly serial: string;
  /** SHA-256 of the exact ECDSA signature, DER as in the CMS, hex: ECDSA is malleable, bytes are not. */
  readonly signature: string;
  /** SHA-256 of the letter as shown, hex. */
  readonly letter: string;
  /** Scene digest, hex. */
  readonly scene: string;
  /** SHA-256 of the generation-0 bundle (without proofs), hex. */
  readonly bundle: string;
}

/** A serial under which no signature will ever count. */
export interface VoidEntry extends EntryHead<'void'> {
  readonly serial: string;
  readonly reason: string;
}

export type LedgerEntry = IntentEntry | LetterEntry | VoidEntry;

/** The bytes of a leaf: canonical JSON. Throws `format-json`. */
export const entryBytes = (entry: LedgerEntry): Uint8Array => canonicalBytes(entry);

const DIGEST = /^[0-9a-f]{64}$/;
/** At most 20 octets (RFC 5280 §4.1.2.2). */
const SERIAL = /^(?:[0-9a-f]{2}){1,20}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const TEXT = /^[ -~]{1,200}$/;

const MEMBERS: Record<LedgerEntry['kind'], Readonly<Record<string, RegExp>>> = {
  intent: { serial: SERIAL, tbs: DIGEST, profile: TEXT },
  letter: { serial: SERIAL, signature: DIGEST, letter: DIGEST, scene: DIGEST, bundle: DIGEST },
  void: { serial: SERIAL, reason: TEXT },
};

/** Parses leaf bytes; unknown kinds and members are refused. Throws `format-ledger`. */
export function parseEntry(bytes: Uint8Array): LedgerEntry {
  let value: Json;
  try {
    value = parseCanonical(fromUtf8(bytes));
  } catch (cause) {
    throw new DomainError('format-ledger', 'entry is not canonical JSON', { cause });
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new DomainError('format-ledger', 'entry is not an object');
  const entry = value as Readonly<Record<string, Json>>;
  const kind = entry['kind'];
  const members = kind === 'intent' || kind === 'letter' || kind === 'void' ? MEMBERS[kind] : null;
  if (entry['format'] !== 'mandate-entry/v0' || !members)
    throw new DomainError('format-ledger', 'unknown kind of entry');
  const expected: Readonly<Record<string, RegExp>> = { ...members, at: TIME };
  for (const [name, pattern] of Object.entries(expected)) {
    const member = entry[name];
    if (typeof member !== 'string' || !pattern.test(member))
      throw new DomainError('format-ledger', `entry member ${name} is missing or malformed`);
  }
  if (Object.keys(entry).length !== Object.keys(expected).length + 2)
    throw new DomainError('format-ledger', 'entry has unknown members');
  return entry as unknown as LedgerEntry;
}
