import { newId, sha256, toBase64Url, type ApiScope, type Clock, type Random } from '@mandate/core';
import type { Administration } from './administration.js';

export interface KeyToMake {
  readonly institutionId: string;
  readonly name: string;
  /** Whose key it is; approvals count persons, not keys. Default: the name. */
  readonly person?: string | undefined;
  readonly scopes: readonly ApiScope[];
  readonly expiresAt?: Date | null | undefined;
}

/** The secret of a new key and what the record keeps of it. */
export function newKeySecret(random: Random): { text: string; digest: Uint8Array } {
  const secret = random.bytes(32);
  return { text: `mk_${toBase64Url(secret)}`, digest: sha256(secret) };
}

/**
 * A new API key, made by the operator: the text is for the institution alone, the record keeps its SHA-256.
 * Throws `not-found` for an unknown institution.
 */
export async function makeApiKey(
  deps: { administration: Administration; clock: Clock; random: Random },
  { institutionId, name, person = name, scopes, expiresAt = null }: KeyToMake,
): Promise<{ id: string; text: string }> {
  const { administration, clock, random } = deps;
  const { text, digest } = newKeySecret(random);
  const id = newId('apiKey', clock, random);
  await administration.createApiKey({
    ...{ id, institutionId, digest, name, person, scopes, expiresAt },
    at: clock.now(),
  });
  return { id, text };
}
