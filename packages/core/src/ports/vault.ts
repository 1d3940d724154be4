import type { CallerName } from './callers.js';

/** Data keys; each release writes the access entry first, under the name of the process that called. */
export interface VaultRole {
  /** Makes and wraps the authorization's data key. */
  create(
    request: { authorizationId: string; actor: string },
    caller?: CallerName,
  ): Promise<{ dataKey: Uint8Array }>;
  /** Throws `erased`, `restricted`, `not-found`, `forbidden`. */
  unwrap(
    request: { authorizationId: string; purpose: AccessPurpose; actor: string },
    caller?: CallerName,
  ): Promise<{ dataKey: Uint8Array }>;
  /**
   * The key of one picture of an identity document: it takes the authorization's data key and a secret of the
   * picture's own, so either one's destruction ends it. `make`: a new picture's. Throws `erased` once the picture was
   * destroyed, `restricted`, `not-found`, `forbidden`.
   */
  imageKey(
    request: { authorizationId: string; imageId: string; actor: string; make?: boolean },
    caller?: CallerName,
  ): Promise<{ dataKey: Uint8Array }>;
  /**
   * Destroys the data key, once, where nothing forbids it any more; the access entry, the trail's event and the
   * ledger's entry commit with it. Erased already: as it is. Throws `retention-runs`, `on-hold`,
   * `illegal-transition`, `not-found`.
   */
  erase(request: { authorizationId: string }): Promise<{ erasure: string; at: string }>;
  /** Deletes keys older than a day whose authorization or import was never committed: nothing is under them. */
  sweepKeys(request: Record<string, never>): Promise<{ deleted: number }>;
  /** Enters what stands in the access registers into the ledger, some minutes old. Resolves to how many openings. */
  anchorRegister(request: Record<string, never>): Promise<{ anchored: number }>;
  /**
   * By what an institution finds its letters of a person: see `subject_search`. Opens nothing. With `letter`, a new
   * one: also by what the desk finds it.
   */
  searchKey(request: {
    institutionId: string;
    person: SearchedPerson;
    letter?: { authorizationId: string; phone: string; lookupCode: string };
  }): Promise<{ searchKey: Uint8Array; deskIndex?: DeskIndex }>;
  /**
   * The access register of one authorization, oldest first, as its subject and its bundle tell it: openings for a case
   * are the disputes desk's, of nobody by name; what a court has sealed is left out for its time.
   */
  accesses(
    request: { authorizationId: string },
    caller?: CallerName,
  ): Promise<{ entries: readonly AccessEntry[] }>;
}

/** How the desk finds a letter, and what it is shown of its subject, sealed; all by secrets of role vault. */
export interface DeskIndex {
  readonly idKey: Uint8Array;
  readonly phoneKey: Uint8Array;
  readonly lookupKey: Uint8Array;
  readonly masks: Uint8Array;
}

/** Whom an institution looks for: all three must be as in the letter. */
export interface SearchedPerson {
  readonly idType: string;
  readonly idNumber: string;
  readonly name: string;
}

/** Who opened the personal data of an authorization, when and what for. */
export interface AccessEntry {
  readonly ordinal: number;
  readonly at: string;
  readonly purpose: AccessPurpose;
  /** Calling process and whom it acted for, e.g. `web/institution:ins_…`. */
  readonly actor: string;
}

export const ACCESS_PURPOSES = [
  'request',
  'present',
  'challenge',
  'confirm',
  'send-code',
  'sign',
  'download',
  'verify',
  'report',
  'archive',
  'redeem',
  'uses',
  'tell-use',
  'tell-passkey',
  'note-pause',
  'identify',
  'own',
  'own-code',
  'own-link',
  'subject-data',
  'export',
  'erase',
  'case',
  'keep-id-image',
  'id-image',
] as const;
export type AccessPurpose = (typeof ACCESS_PURPOSES)[number];
