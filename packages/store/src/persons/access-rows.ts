import { canonicalize, FIRST_PREVIOUS, kindDigestHex } from '@mandate/core';
import type { VaultRecord } from '@mandate/ceremony';
import type { Database, Tx } from '../connect.js';

/**
 * The next entry of the authorization's access register, a chain; its digest, or null when another one has just taken
 * its place. `more`: what an opening for a case names beside.
 */
export async function addAccess(
  db: Database | Tx,
  entry: Parameters<VaultRecord['recordAccess']>[0],
  more: Readonly<Record<string, string>> = {},
): Promise<string | null> {
  const last = await db
    .selectFrom('accessEntries')
    .select(['ordinal', 'digest'])
    .where('authorizationId', '=', entry.authorizationId)
    .orderBy('ordinal', 'desc')
    .executeTakeFirst();
  const body = {
    authorization: entry.authorizationId,
    id: entry.id,
    ordinal: (last?.ordinal ?? 0) + 1,
    purpose: entry.purpose,
    actor: entry.actor,
    at: entry.at.toISOString(),
    previous: last?.digest ?? FIRST_PREVIOUS,
    ...more,
  };
  const digest = kindDigestHex('access', body);
  const added = await db
    .insertInto('accessEntries')
    .values({
      authorizationId: entry.authorizationId,
      ordinal: body.ordinal,
      id: entry.id,
      body: canonicalize(body),
      digest,
    })
    .onConflict((c) => c.columns(['authorizationId', 'ordinal']).doNothing())
    .executeTakeFirst();
  return added.numInsertedOrUpdatedRows === 1n ? digest : null;
}
