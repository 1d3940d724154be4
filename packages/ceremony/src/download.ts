import {
  decrypt,
  DomainError,
  sha256Hex,
  utf8,
  type AccessPurpose,
  type TrailEvent,
} from '@mandate/core';
import { withLetterProof } from '@mandate/evidence';
import type { DataDeps } from './deps.js';
import type { AuthorizationRow, CommonReads } from './ports.js';

export interface DownloadDeps extends DataDeps {
  readonly record: CommonReads & { inclusionProof(id: string): Promise<string | null> };
}

/**
 * The evidence bundle with its inclusion proof. Nothing leaves before it is in the ledger:
 * `illegal-transition` until `released`.
 */
export async function evidenceBundle(
  deps: DownloadDeps,
  authorization: AuthorizationRow,
  access: { purpose: AccessPurpose; actor: string },
): Promise<Uint8Array> {
  const proof =
    authorization.state === 'released' ? await deps.record.inclusionProof(authorization.id) : null;
  if (!proof)
    throw new DomainError(
      'illegal-transition',
      `the letter is not released; the authorization is ${authorization.state}`,
    );
  const trail = await deps.record.trail(authorization.id);
  const signed = trail
    .map(({ body }) => JSON.parse(body) as TrailEvent)
    .find(({ type }) => type === 'signed')!;
  const data = signed.data as { attempt: string; object: string; bundle: string };
  const { dataKey } = await deps.vault.unwrap({ authorizationId: authorization.id, ...access });
  const bundle = decrypt(dataKey, await deps.objects.get(data.object), `bundles/${data.attempt}`);
  if (sha256Hex(bundle) !== data.bundle)
    throw new DomainError('object-corrupt', 'the stored bundle has another digest');
  return withLetterProof(bundle, utf8(proof));
}
