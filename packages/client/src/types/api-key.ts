import type { Time } from './time.js';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly person: string;
  readonly scopes: readonly string[];
  readonly state: 'live' | 'expired' | 'revoked';
  readonly createdAt: Time;
  readonly expiresAt: Time | null;
  /** Day, UTC. */
  readonly lastUsedOn: string | null;
  readonly revokedAt: Time | null;
  /** The key that made it; null: the operator. */
  readonly madeBy: string | null;
  readonly replaces: string | null;
}

export interface ApiKeyWithText extends ApiKey {
  /** `mk_…`, shown this once. */
  readonly text: string | null;
}
