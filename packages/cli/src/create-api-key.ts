import { newId, sha256, toBase64Url } from '@mandate/core';
import type { Installation } from './installation.js';

/** A new API key: the text is for the institution alone, the record keeps its SHA-256. */
export async function createApiKey(
  { administration, clock, random }: Pick<Installation, 'administration' | 'clock' | 'random'>,
  institutionId: string,
  name: string,
): Promise<{ id: string; text: string }> {
  const secret = random.bytes(32);
  const id = newId('apiKey', clock, random);
  await administration.createApiKey({
    id,
    institutionId,
    digest: sha256(secret),
    name,
    at: clock.now(),
  });
  return { id, text: `mk_${toBase64Url(secret)}` };
}
