import type { PasskeyKind } from './passkeys.js';

/** What somebody says of themselves to see their own authorizations. */
export interface OwnPerson {
  readonly phone: string;
  readonly name: string;
  readonly idType: string;
  readonly idNumber: string;
}

/** Who says it from where. */
export interface OwnAsker extends OwnPerson {
  /** Keyed digest of the caller's address, by which tries are counted. */
  readonly address: string;
}

/** Bound to the browser that asked: the secret stays in its cookie. */
export interface OwnEntry {
  readonly secret: Uint8Array;
  readonly expiresAt: string;
}

export interface OwnPasskeyEntry extends OwnEntry {
  /** `PublicKeyCredentialRequestOptionsJSON`. */
  readonly request: Readonly<Record<string, unknown>>;
}

export const OWN_MEANS = ['code', 'passkey', 'own-link'] as const;

/** A visit to one's own authorizations; there is no other list of them. */
export interface OwnVisit {
  readonly visit: string;
  readonly means: (typeof OWN_MEANS)[number];
  /** Ids, newest first. */
  readonly authorizations: readonly string[];
  /** Newest first, removed ones too. */
  readonly passkeys: readonly OwnPasskey[];
  /** Who let the subject in, of an own link: the institution's word, kept in the access register. */
  readonly vouched: OwnVouching | null;
  /** Over then, unless it is used before; never after `endsAt`. RFC 3339. */
  readonly expiresAt: string;
  readonly endsAt: string;
}

export interface OwnPasskey {
  readonly id: string;
  /** Under whose ceremony it was registered. */
  readonly authorizationId: string;
  readonly kind: PasskeyKind;
  readonly registeredAt: string;
  readonly lastUsedAt: string | null;
  readonly removed: { readonly at: string; readonly why: PasskeyEnd } | null;
  /** The visit was entered by this one. */
  readonly here: boolean;
}

/** Why a passkey ended: its owner removed it, or a dispute over a letter of its was upheld. */
export type PasskeyEnd = 'subject' | 'dispute';

export interface OwnVouching {
  readonly institutionId: string;
  /** Who of its staff, as it says. */
  readonly by: string;
  readonly how: string;
}

export interface OpenedOwnVisit extends OwnVisit {
  readonly secret: Uint8Array;
}
