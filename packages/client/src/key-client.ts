import { pathOf, type ApiCalls, type Once } from './api-calls.js';
import type * as api from './types.js';

/** API keys, made, replaced and revoked by a key with the scope `keys`. */
export class KeyClient {
  constructor(private readonly calls: ApiCalls) {}

  /** Newest first, also those that are over. */
  list(page: { cursor?: string; limit?: number } = {}): Promise<api.Page<api.ApiKey>> {
    return this.calls.get('/v1/keys', page);
  }

  read(id: string): Promise<api.ApiKey> {
    return this.calls.get(pathOf('keys', id));
  }

  /** A key that may less than yours; its text is shown this once. */
  create(
    key: { name: string; scopes: readonly string[]; days?: number },
    once?: Once,
  ): Promise<api.ApiKeyWithText> {
    return this.calls.post('/v1/keys', key, once);
  }

  /** A new key beside the old one, which ends after `graceSeconds` (a day); its text is shown this once. */
  rotate(
    id: string,
    options: { graceSeconds?: number; days?: number } = {},
    once?: Once,
  ): Promise<api.ApiKeyWithText> {
    return this.calls.post(pathOf('keys', id, 'rotation'), options, once);
  }

  /** From now on and for good, with all keys it made. */
  revoke(id: string): Promise<void> {
    return this.calls.delete(pathOf('keys', id));
  }
}
