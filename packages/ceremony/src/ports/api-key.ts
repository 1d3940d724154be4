import type { ApiScope } from '@mandate/core';
import type { Institution } from './authorization.js';

/** An API key as its institution sees it; the text is shown once, when it is made. */
export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  /** Whose key it is; approvals count persons. */
  readonly person: string;
  readonly scopes: readonly ApiScope[];
  readonly createdAt: Date;
  /** From then on it is none; null: no end of its own. */
  readonly expiresAt: Date | null;
  /** `YYYY-MM-DD`, UTC; null: never used. */
  readonly lastUsedOn: string | null;
  readonly revokedAt: Date | null;
  /** The key that made it; null: the operator. */
  readonly madeBy: string | null;
  /** The key it takes the place of. */
  readonly replaces: string | null;
}

export type NewApiKey = Omit<ApiKeyRow, 'lastUsedOn' | 'revokedAt'> & {
  readonly institutionId: string;
  /** SHA-256 of the secret. */
  readonly digest: Uint8Array;
};

/** Who calls, by a key that is alive. */
export interface KeyHolder {
  readonly keyId: string;
  readonly person: string;
  readonly scopes: readonly ApiScope[];
  readonly lastUsedOn: string | null;
  /** Of all keys of the institution together; null: the installation's default. */
  readonly requestsPerMinute: number | null;
  readonly institution: Institution;
}

/** Role web: keys made, replaced and revoked by keys. The database refuses what gives more than the maker has. */
export interface ApiKeyRecord {
  /** Null for a key that is unknown, revoked or expired. */
  institutionByKey(keyDigest: Uint8Array, at: Date): Promise<KeyHolder | null>;
  /** Once a day is enough. */
  noteKeyUse(keyId: string, day: string): Promise<void>;
  /** Newest first. */
  listKeys(
    institutionId: string,
    page: { before?: string | undefined; limit: number },
  ): Promise<readonly ApiKeyRow[]>;
  findKey(institutionId: string, id: string): Promise<ApiKeyRow | null>;
  /** With `oldUntil` the key it replaces ends then, in the same transaction. Throws `illegal-transition`. */
  createKey(row: NewApiKey, oldUntil?: Date): Promise<void>;
  /** Ends it and all it made, and these made. False: there is no such key. Revoking it again changes nothing. */
  revokeKey(institutionId: string, id: string, at: Date): Promise<boolean>;
}
