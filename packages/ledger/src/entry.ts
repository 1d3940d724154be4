import {
  canonicalBytes,
  canonicalize,
  DomainError,
  fromUtf8,
  parseCanonical,
  type Json,
} from '@mandate/core';

/** Everything the ledger records. Entries hold digests and salted commitments, no personal data. */
export type EntryKind =
  | 'intent'
  | 'letter'
  | 'void'
  | 'redemption'
  | 'withdrawal'
  | 'hold'
  | 'end'
  | 'access'
  | 'credential'
  | 'credential-end'
  | 'key-event'
  | 'deploy'
  | 'report'
  | 'shred'
  | 'renewal'
  | 'register'
  | 'opening'
  | 'desk';

interface EntryHead<K extends EntryKind> {
  readonly format: 'mandate-entry/v1';
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

/**
 * One generation of an archived letter (PAdES B-LTA): when it was made is then no longer the word of whoever
 * keeps the archive, and none can be exchanged or left out unseen.
 */
export interface RenewalEntry extends EntryHead<'renewal'> {
  /** The scene certificate under which the letter was signed. */
  readonly serial: string;
  /** 1 for the first archived letter, one more with every renewal. */
  readonly generation: number;
  /** SHA-256 of this generation's letter, hex. */
  readonly letter: string;
  /** SHA-256 of the generation before, of which this one is an extension, hex; for the first the signed letter. */
  readonly previous: string;
}

/** What a key is for. */
export const KEY_PURPOSES = [
  'scene-root',
  'seal-root',
  'timestamp-root',
  'scene-ca',
  'ocsp',
  'seal',
  'report-seal',
  'receipt',
  'timestamp',
  'ledger',
  'witness',
] as const;
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

/** A key of the operator, of an authority or of a witness: used from here on, made in a ceremony, or at its end. */
export interface KeyEventEntry extends EntryHead<'key-event'> {
  readonly event: 'in-use' | 'ceremony' | 'ended';
  readonly purpose: KeyPurpose;
  /** SHA-256 of the SubjectPublicKeyInfo, hex. */
  readonly key: string;
  /** SHA-256 of what tells more, hex: the certificate or, for a raw key, its published form; minutes of an act. */
  readonly record: string;
}

/** A report was made about a letter. */
export interface ReportEntry extends EntryHead<'report'> {
  /** SHA-256 of the letter as shown, hex. */
  readonly letter: string;
  /** SHA-256 of the report's canonical JSON, hex; its random number keeps it from being guessed. */
  readonly report: string;
}

/**
 * Openings of personal data since the anchor before, and searches, refusals and reviews of the disputes desk: who
 * opened or looked for what and why stands in the access registers, and can no longer be taken out of them or changed
 * unseen.
 */
export interface RegisterEntry extends EntryHead<'register'> {
  /** 1, 2, 3 … */
  readonly number: number;
  /** How many of all of them. */
  readonly openings: number;
  /** `kindDigest('register', …)` of the digests of these entries in the order of their ids, hex. */
  readonly digest: string;
}

/** A build that is served from now on; scenes name the build of the page that showed them. */
export interface DeployEntry extends EntryHead<'deploy'> {
  readonly component: string;
  /** `kindDigest('page-build', …)` or `kindDigest('server-build', …)` of its list of files, hex. */
  readonly digest: string;
}

/** A passkey was registered. Whose it is, only the holder of the salt can show. */
export interface CredentialEntry extends EntryHead<'credential'> {
  /** `commitment(salt, 'passkey', canonical JSON of the PasskeyCredential)`, hex. */
  readonly credential: string;
}

/** A passkey ended: whoever can open the commitment of its registration finds the end by it. */
export interface CredentialEndEntry extends EntryHead<'credential-end'> {
  /** The commitment of the registration's entry. */
  readonly credential: string;
}

/** Use, withdrawal, hold, end: a fact about one letter. What exactly, whoever has its receipt can show. */
interface FactEntry<K extends EntryKind> extends EntryHead<K> {
  /** SHA-256 of the letter as shown, hex: whoever has the letter can count what was recorded about it. */
  readonly letter: string;
  /** `kindDigest('receipt', fact)`, hex; facts are salted. */
  readonly fact: string;
}
export interface RedemptionEntry extends FactEntry<'redemption'> {
  readonly step: 'reserved' | 'confirmed' | 'released';
}
export interface HoldEntry extends FactEntry<'hold'> {
  readonly step: 'opened' | 'upheld' | 'rejected' | 'retracted';
}
/** Data of the subject were released to a recipient. */
export type ReleaseEntry = FactEntry<'access'>;
/** The data key was about to be released for a case of the disputes desk; `fact`: digest of the access register's entry. */
export type OpeningEntry = FactEntry<'opening'>;
/**
 * Something was done at the disputes desk that nobody may take back unseen: an account was changed, a grant taken back, a
 * case ended, a court's seal lifted, a sample fixed. Which of them, and about whom, the entry does not tell.
 */
export interface DeskFactEntry extends EntryHead<'desk'> {
  /** Keyed or salted, hex: only the operator's record explains it. */
  readonly fact: string;
}
/** The personal data are kept without being read any more, a picture or the data key of all was destroyed. */
export interface ShredEntry extends FactEntry<'shred'> {
  readonly step: 'restricted' | 'id-image-destroyed' | 'erased';
}
export type WithdrawalEntry = FactEntry<'withdrawal'>;
export type EndEntry = FactEntry<'end'>;

export type LedgerEntry =
  | IntentEntry
  | LetterEntry
  | VoidEntry
  | RenewalEntry
  | RegisterEntry
  | CredentialEntry
  | CredentialEndEntry
  | DeployEntry
  | KeyEventEntry
  | ReportEntry
  | RedemptionEntry
  | HoldEntry
  | WithdrawalEntry
  | EndEntry
  | ReleaseEntry
  | OpeningEntry
  | DeskFactEntry
  | ShredEntry;

/** The bytes of a leaf: canonical JSON. Throws `format-json`. */
export const entryBytes = (entry: LedgerEntry): Uint8Array => canonicalBytes(entry);
/** The same as text. */
export const entryText = (entry: LedgerEntry): string => canonicalize(entry);

const DIGEST = /^[0-9a-f]{64}$/;
/** At most 20 octets (RFC 5280 §4.1.2.2). */
const SERIAL = /^(?:[0-9a-f]{2}){1,20}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const TEXT = /^[ -~]{1,200}$/;
/** The only kind of number there is: 1, 2, 3 … */
const COUNT = 'count';

type Member = RegExp | typeof COUNT;
const MEMBERS: Record<LedgerEntry['kind'], Readonly<Record<string, Member>>> = {
  credential: { credential: DIGEST },
  'credential-end': { credential: DIGEST },
  deploy: { component: /^(?:page|server)$/, digest: DIGEST },
  'key-event': {
    event: /^(?:in-use|ceremony|ended)$/,
    purpose: new RegExp(`^(?:${KEY_PURPOSES.join('|')})$`),
    key: DIGEST,
    record: DIGEST,
  },
  report: { letter: DIGEST, report: DIGEST },
  intent: { serial: SERIAL, tbs: DIGEST, profile: TEXT },
  letter: { serial: SERIAL, signature: DIGEST, letter: DIGEST, scene: DIGEST, bundle: DIGEST },
  void: { serial: SERIAL, reason: TEXT },
  redemption: { letter: DIGEST, fact: DIGEST, step: /^(?:reserved|confirmed|released)$/ },
  hold: { letter: DIGEST, fact: DIGEST, step: /^(?:opened|upheld|rejected|retracted)$/ },
  withdrawal: { letter: DIGEST, fact: DIGEST },
  end: { letter: DIGEST, fact: DIGEST },
  access: { letter: DIGEST, fact: DIGEST },
  shred: { letter: DIGEST, fact: DIGEST, step: /^(?:restricted|id-image-destroyed|erased)$/ },
  renewal: { serial: SERIAL, generation: COUNT, letter: DIGEST, previous: DIGEST },
  register: { number: COUNT, openings: COUNT, digest: DIGEST },
  opening: { letter: DIGEST, fact: DIGEST },
  desk: { fact: DIGEST },
};

const holds = (member: Json | undefined, rule: Member): boolean =>
  rule === COUNT
    ? Number.isSafeInteger(member) && (member as number) > 0
    : typeof member === 'string' && rule.test(member);

const isKnown = (kind: Json | undefined): kind is LedgerEntry['kind'] =>
  typeof kind === 'string' && Object.hasOwn(MEMBERS, kind);

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
  if (entry['format'] !== 'mandate-entry/v1' || !isKnown(kind))
    throw new DomainError('format-ledger', 'unknown kind of entry');
  const expected: Readonly<Record<string, Member>> = { ...MEMBERS[kind], at: TIME };
  for (const [name, rule] of Object.entries(expected)) {
    if (!holds(entry[name], rule))
      throw new DomainError('format-ledger', `entry member ${name} is missing or malformed`);
  }
  if (Object.keys(entry).length !== Object.keys(expected).length + 2)
    throw new DomainError('format-ledger', 'entry has unknown members');
  return entry as unknown as LedgerEntry;
}
