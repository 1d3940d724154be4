/** The life of an authorization (product design). Later facts (uses, withdrawal, hold) are not states. */
export const STATES = [
  'requested',
  'presented',
  'challenged',
  'confirmed',
  'signed',
  'released',
  'declined',
  'lapsed',
  'failed',
] as const;
export type State = (typeof STATES)[number];

/** Legal transitions and who may write each; the database enforces the same table by trigger and grant. */
export const TRANSITIONS: readonly (readonly [from: State, to: State, by: DatabaseRole])[] = [
  ['requested', 'presented', 'web'],
  ['requested', 'declined', 'web'],
  ['presented', 'declined', 'web'],
  ['challenged', 'declined', 'web'],
  // shown again with other choices: live codes die with the scene they were for
  ['presented', 'presented', 'web'],
  ['challenged', 'presented', 'web'],
  ['confirmed', 'declined', 'web'],
  ['presented', 'challenged', 'ra'],
  ['challenged', 'challenged', 'ra'],
  ['confirmed', 'challenged', 'ra'],
  ['challenged', 'confirmed', 'ra'],
  ['confirmed', 'signed', 'ca'],
  ['confirmed', 'failed', 'ca'],
  ['signed', 'released', 'ledger'],
  ['requested', 'lapsed', 'worker'],
  ['presented', 'lapsed', 'worker'],
  ['challenged', 'lapsed', 'worker'],
  ['confirmed', 'lapsed', 'worker'],
];

/** Database roles; each process or authority role connects as its own and has its own grants. */
export const DATABASE_ROLES = [
  'web',
  'ra',
  'ca',
  'tsa',
  'seal',
  'ledger',
  'vault',
  'worker',
  'desk',
] as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

export const AUTHORITY_ROLES = ['ra', 'ca', 'tsa', 'seal', 'ledger', 'vault'] as const;
export type AuthorityRole = (typeof AUTHORITY_ROLES)[number];

/** Kinds of trail events. `data` carries commitments and digests only, never personal data. */
export type EventType =
  | State
  | 'confirmation-refused'
  | 'identity-checked'
  | 'passkey-registered'
  | 'passkey-revoked'
  | 'attempt-issued'
  | 'attempt-voided'
  | 'report-made'
  | UseEventType;

/** Facts after release; none of them changes the state. */
export type UseEventType =
  | 'redeemed'
  | 'redemption-confirmed'
  | 'redemption-released'
  | 'withdrawn'
  | 'held'
  | 'hold-resolved'
  | 'ended'
  | PrivacyEventType;

/** What became of the personal data. */
export type PrivacyEventType =
  'data-released' | 'restricted' | 'erased' | 'id-image-kept' | 'id-image-destroyed';

/** One entry of the hash-linked trail. `digest = kindDigest('event', everything else)`. */
export interface TrailEvent {
  readonly stream: string;
  /** 1-based, dense. */
  readonly version: number;
  readonly type: EventType;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** The database role that wrote it. */
  readonly by: DatabaseRole;
  readonly data: Readonly<Record<string, unknown>>;
  /** Digest of the previous event, hex; 64 zeros for the first. */
  readonly previous: string;
}

export const FIRST_PREVIOUS = '0'.repeat(64);

/** Attempt states (architecture): before the subject's signature void, after it any worker may finish. */
export type AttemptState =
  'intended' | 'issued' | 'subject-signed' | 'stamped' | 'stored' | 'committed' | 'voided';
