import { newId, sha256, toBase64Url, type Clock, type Random } from '@mandate/core';
import type { Administration } from './administration.js';

/** A new API key: the text is for the institution alone, the record keeps its SHA-256. */
export async function makeApiKey(
  deps: { administration: Administration; clock: Clock; random: Random },
  institutionId: string,
  name: string,
  /** Whose key it is; approvals count persons, not keys. */
  person: string = name,
): Promise<{ id: string; text: string }> {
  const { administration, clock, random } = deps;
  const secret = random.bytes(32);
  const id = newId('apiKey', clock, random);
  await administration.createApiKey({
    id,
    institutionId,
    digest: sha256(secret),
    name,
    person,
    at: clock.now(),
  });
  return { id, text: `mk_${toBase64Url(secret)}` };
}
