import { scopeDigest, type UseScope } from '@mandate/terms';
import type { Tx } from '../connect.js';

/** What was agreed, for the predicate; written once, with the signature it belongs to. */
export async function addScope(
  tx: Tx,
  authorizationId: string,
  scope: UseScope,
  sealed: Uint8Array,
): Promise<void> {
  await tx
    .insertInto('scopes')
    .values({
      authorizationId,
      digest: scopeDigest(scope),
      purpose: scope.purpose,
      items: [...scope.items],
      sources: [...scope.sources],
      recipients: [...scope.recipients],
      fromAt: new Date(scope.from),
      endAt: new Date(scope.end),
      endEvent: scope.endEvent,
      maxUses: scope.maxUses,
      per: scope.per,
      sealed,
    })
    .execute();
}
